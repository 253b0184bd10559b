"""A leerling goes to another school: asked by the new one, confirmed by the old one, and all that stands on it comes along."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.rechten import Rol
from statuses.actions import (
    change_statuses,
    close_overstap,
    confirm_schoolwissel,
    move_overstap,
    record_leerlingen,
    reopen_overstap,
)
from statuses.actions.partij import Wijziging
from statuses.models import Overstap, Schoolwissel
from statuses.niet_verwerkt import nieuwe_school, vertrokken_van, vragen_van
from statuses.status import Status
from statuses.weergave import beelden
from tests.wereld import JAAR, Wereld


def _lever_elders(wereld: Wereld, naam: str = "intake") -> None:
    """The other school of the regio delivers a leerling of the first one."""
    rij = wereld.rij("99AB00", pgn=wereld.pgn["21"][naam], klas="5B", onderwijssoort="havo", leerweg=None)
    with wereld.bereik("21"):
        [uitkomst] = record_leerlingen([rij], actor=wereld.actor("decaan", "99AB"), bron="import")
    assert (uitkomst.uitkomst, uitkomst.codes) == ("opgeslagen", ["W303"])


def test_de_oude_school_bevestigt_en_de_overstap_gaat_mee(wereld: Wereld) -> None:
    oud, nieuw = wereld.actor("decaan", "99AA"), wereld.actor("decaan", "99AB")
    _lever_elders(wereld)
    _lever_elders(wereld)  # asked once
    voor = wereld.o("intake")
    with wereld.bereik("21"):
        [vraag] = vragen_van(oud)
        assert nieuwe_school([vraag])[vraag.pk].code == "99AB00"
        assert not Overstap.objects.zichtbaar_voor(nieuw).filter(pk=voor.pk).exists()
        assert confirm_schoolwissel(vraag, actor=oud).gelukt
        na = wereld.o("intake")
        assert (na.vestiging.code, na.klas, na.onderwijssoort, na.leerweg) == ("99AB00", "5B", "havo", None)
        assert (na.leidende_status, na.gemarkeerd_sinds) == (Status.INTAKE, voor.gemarkeerd_sinds)
        assert na.versie == voor.versie + 1
        assert Overstap.objects.zichtbaar_voor(nieuw).filter(pk=voor.pk).exists()
        # The old school keeps only that the leerling left.
        assert not Overstap.objects.zichtbaar_voor(oud).filter(pk=voor.pk).exists()
        assert [w.overstap_id for w in vertrokken_van(oud, JAAR)] == [voor.pk]
        assert not vertrokken_van(nieuw, JAAR).exists()
        assert not vragen_van(oud).exists()
        vraag.refresh_from_db()
        assert confirm_schoolwissel(vraag, actor=oud).geweigerd is not None


def test_na_een_wissel_kan_de_oude_school_het_weer_vragen(wereld: Wereld) -> None:
    oud, nieuw = wereld.actor("decaan", "99AA"), wereld.actor("decaan", "99AB")
    _lever_elders(wereld)
    with wereld.bereik("21"):
        confirm_schoolwissel(vragen_van(oud).get(), actor=oud)
        rij = wereld.rij("99AA00", pgn=wereld.pgn["21"]["intake"], klas="4B")
        record_leerlingen([rij], actor=oud, bron="import")
        assert confirm_schoolwissel(vragen_van(nieuw).get(), actor=nieuw).gelukt
        assert Schoolwissel.objects.filter(overstap=wereld.o("intake")).count() == 2
    assert wereld.o("intake").vestiging.code == "99AA00"


@pytest.mark.parametrize(
    ("school", "code"), [("99BA00", "school_onbekend"), ("99AA00", "geen_wijziging"), ("99AA01", "")]
)
def test_verplaatsen_kan_binnen_de_regio(wereld: Wereld, school: str, code: str) -> None:
    with wereld.bereik("21"):
        daad = move_overstap(wereld.o("zonder").pk, wereld.vestigingen[school].id, actor=wereld.actor("decaan"))
    assert (daad.geweigerd.code if daad.geweigerd else "") == code


def test_naar_een_andere_regio_sluit_de_overstap_tot_hij_terugkomt(wereld: Wereld) -> None:
    overstap, decaan = wereld.o("zonder"), wereld.actor("decaan")
    verzoek = wereld.verzoek(Rol.DECAAN, Status.VERVOLGKEUZE_VO)
    with wereld.bereik("21"):
        assert [d.gelukt for d in close_overstap([overstap.pk], actor=decaan)] == [True]
        assert wereld.o("zonder").gesloten_op == wereld.vandaag == date(2026, 3, 20)
        assert close_overstap([overstap.pk], actor=decaan)[0].melding
        [beeld] = beelden([wereld.o("zonder")], decaan, dag=date(2026, 5, 20))
        assert (beeld.risico, beeld.signalen) == (False, ())
        [dicht] = change_statuses([Wijziging(overstap.pk, verzoek)], actor=decaan)
        assert not dicht.gelukt
        assert [d.gelukt for d in reopen_overstap([overstap.pk], actor=decaan)] == [True]
        [weer] = change_statuses([Wijziging(overstap.pk, verzoek)], actor=decaan)
    assert weer.gelukt
