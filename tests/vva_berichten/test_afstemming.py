"""Afstemming: what VVA says against the regio, per role; taking over; and an instelling whose source is the koppelpunt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisatie
from accounts.rechten import Rol
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.actions import Wijziging
from statuses.models import Aanmelding, NietVerwerkt, Overstap
from statuses.status import Status
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, aanmeldstatussen, draai
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten.afstemming import Afstemming, Rij, per_categorie
from vva_berichten.models import GemeldeAanmelding

S = Status
PAD = "/vva/afstemming"
ONTVANGEN, AANGEBODEN, NIET, INGETROKKEN, INGESCHREVEN = (
    "AANMELDING_ONTVANGEN", "OOK_AANGEBODEN", "LEIDT_NIET_TOT_INSCHRIJVING", "INGETROKKEN", "INGESCHREVEN",
)  # fmt: skip
OP = date(2026, 3, 1)
Paar = tuple[Overstap, Aanmelding]


def maak(
    wereld: Wereld, *statussen: Status, mbo: str = "99MA", naam: str = "Zwanenburg", school: str = "99AA00"
) -> Paar:
    """A leerling with an aanmelding, and what we sent of it delivered."""
    overstap = wereld.overstap(school, achternaam=naam)
    aanmelding = wereld.aanmelding(overstap, mbo, *statussen, op=OP)
    draai()
    return overstap, aanmelding


def vva_zegt(
    wereld: Wereld,
    overstap: Overstap,
    status: str,
    *,
    aanmeld_id: str,
    mbo: str = "99MA",
    op: date = OP,
    volgnummer: int = 9,
) -> None:
    """An aanmeldstatus that reached the regio."""
    with wereld.bereik():
        leerling = Overstap.objects.select_related("leerling").get(pk=overstap.pk).leerling
        GemeldeAanmelding.objects.create(
            id=nieuwe_sleutel(), regio_id=overstap.regio_id, overstapjaar=JAAR, pgn_soort=leerling.pgn_soort,
            pgn_index=leerling.pgn_index, mbo_code=mbo, aanmeld_id=aanmeld_id, volgnummer=volgnummer, status=status,
            status_datum=op,
        )  # fmt: skip


def rijen(wereld: Wereld, rol: Rol = Rol.MBO_MEDEWERKER, waar: str = "99MA") -> dict[str, Rij]:
    """Per aanmeldId what this role sees, those that agree included."""
    with wereld.bereik(*wereld.actor(rol, waar).regios):
        a = Afstemming(wereld.actor(rol, waar), JAAR)
        return {r.aanmeld_id: r for stand in ("", "eens") for r in a.blad(stand)[0]}


@pytest.mark.parametrize(
    ("regio", "vva", "op", "categorie"),
    [
        ((), ONTVANGEN, OP, "eens"),
        ((S.VOORLOPIG,), ONTVANGEN, date(2026, 2, 1), "eens"),
        ((), INGESCHREVEN, date(2026, 3, 9), "vva_voor"),
        ((), INGESCHREVEN, date(2026, 2, 1), "tegenspraak"),
        ((S.DEFINITIEF,), ONTVANGEN, date(2026, 2, 1), "regio_voor"),
        ((S.DEFINITIEF,), INGETROKKEN, date(2026, 3, 9), "tegenspraak"),
        ((S.OOK_AFGEDRUKT,), ONTVANGEN, date(2026, 3, 9), "tegenspraak"),
        ((S.AFGEWEZEN,), NIET, date(2026, 3, 9), "eens"),
    ],
)
def test_categories(wereld: Wereld, regio: tuple[Status, ...], vva: str, op: date, categorie: str) -> None:
    overstap, aanmelding = maak(wereld, *regio)
    vva_zegt(wereld, overstap, vva, aanmeld_id=aanmelding.aanmeld_id, op=op)
    rij = rijen(wereld)[aanmelding.aanmeld_id]
    assert rij.categorie == categorie
    assert (rij.vva_dagen, rij.regio_dagen) == ((date(2026, 3, 20) - op).days, 19)


def test_only_one_side(wereld: Wereld) -> None:
    overstap, aanmelding = maak(wereld)
    vva_zegt(wereld, overstap, ONTVANGEN, aanmeld_id="V-1")
    ongemarkeerd = wereld.overstap("99AA00", gemarkeerd=False)
    vva_zegt(wereld, ongemarkeerd, ONTVANGEN, aanmeld_id="V-2")
    with wereld.bereik():
        GemeldeAanmelding.objects.filter(aanmeld_id=aanmelding.aanmeld_id).delete()
    gezien = rijen(wereld)
    assert gezien["V-1"].categorie == "alleen_vva"
    assert "V-2" not in gezien  # waits on /niet-verwerkt
    assert gezien[aanmelding.aanmeld_id].categorie == "alleen_regio"


def test_what_we_sent_ourselves_makes_no_difference(wereld: Wereld) -> None:
    overstap, aanmelding = maak(wereld)
    vva_zegt(wereld, overstap, INGETROKKEN, aanmeld_id=aanmelding.aanmeld_id, volgnummer=0)
    assert rijen(wereld)[aanmelding.aanmeld_id].categorie == "eens"
    verzoek = wereld.verzoek(Rol.MBO_MEDEWERKER, S.DEFINITIEF, op=date(2026, 3, 10))
    wereld._doe(Rol.MBO_MEDEWERKER, "99MA", [Wijziging(overstap.id, verzoek, aanmelding.id)])
    assert rijen(wereld)[aanmelding.aanmeld_id].categorie == "regio_voor"
    draai()
    assert rijen(wereld)[aanmelding.aanmeld_id].categorie == "eens"


def test_mapping_as_the_instelling_adapted_it(wereld: Wereld) -> None:
    overstap, aanmelding = maak(wereld, S.VOORLOPIG)
    vva_zegt(wereld, overstap, AANGEBODEN, aanmeld_id=aanmelding.aanmeld_id, op=date(2026, 3, 9))
    assert rijen(wereld)[aanmelding.aanmeld_id].categorie == "vva_voor"
    code = S.VOORLOPIG.code
    Organisatie.objects.filter(code="99MA").update(instellingen={"aanmeldstatus": {code: AANGEBODEN}})
    assert rijen(wereld)[aanmelding.aanmeld_id].categorie == "eens"


class TestWieZietWat:
    @pytest.fixture
    def verschil(self, wereld: Wereld) -> Wereld:
        draai()
        for naam, mbo, school in (("Zwanenburg", "99MA", "99AA00"), ("Oosterling", "99MB", "99AB00")):
            overstap, aanmelding = maak(wereld, mbo=mbo, naam=naam, school=school)
            vva_zegt(
                wereld, overstap, INGESCHREVEN, aanmeld_id=aanmelding.aanmeld_id, mbo=mbo, op=date(2026, 3, 9)
            )  # fmt: skip
        return wereld

    @pytest.mark.parametrize(
        ("rol", "waar", "wel", "niet", "knop"),
        [
            (Rol.MBO_MEDEWERKER, "99MA", "Zwanenburg", "Oosterling", True),
            (Rol.MBO_MEDEWERKER, "99MB", "Oosterling", "Zwanenburg", True),
            (Rol.DECAAN, "99AA", "Zwanenburg", "Oosterling", False),
            (Rol.DECAAN, "99AB", "Oosterling", "Zwanenburg", False),
        ],
    )
    def test_own_leerlingen(self, verschil: Wereld, rol: Rol, waar: str, wel: str, niet: str, knop: bool) -> None:
        tekst = verschil.client(rol, waar).get(f"{PAD}?stand=vva_voor").content.decode()
        assert wel in tekst
        assert niet not in tekst
        assert ("Neem over van VVA" in tekst) is knop
        assert "11 dagen oud" in tekst

    def test_operator_sees_counts_and_no_leerling(self, verschil: Wereld) -> None:
        tekst = verschil.client(Rol.BEHEERORGANISATIE, "RMC21").get(PAD).content.decode()
        assert "Mbo De Poort" in tekst
        assert "Zwanenburg" not in tekst
        with verschil.bereik("21"):
            tel = Afstemming(verschil.actor(Rol.BEHEERORGANISATIE, "RMC21"), JAAR).tellingen()
        assert {code: rij["vva_voor"] for code, rij in tel.items()} == {"99MA": 1, "99MB": 1}

    @pytest.mark.parametrize(
        ("rol", "waar"), [(Rol.MBO_MANAGER, "99MA"), (Rol.LEERPLICHT, "0363"), (Rol.AANJAGER, "RMC21")]
    )
    def test_others_do_not(self, verschil: Wereld, rol: Rol, waar: str) -> None:
        assert verschil.client(rol, waar).get(PAD).status_code == 403

    def test_a_decaan_takes_nothing_over(self, verschil: Wereld) -> None:
        [rij] = [r for r in rijen(verschil).values() if r.categorie == "vva_voor"]
        assert verschil.client(Rol.DECAAN, "99AA").post(PAD, {"kies": rij.sleutel}).status_code == 403

    def test_pages_and_odd_addresses(self, verschil: Wereld) -> None:
        client = verschil.client(Rol.MBO_MEDEWERKER, "99MA")
        for vraag in ("?na=x", "?stand=x", "?jaar=1900", f"?na={nieuwe_sleutel()}"):
            assert client.get(PAD + vraag).status_code == 200
        with verschil.bereik("21"):
            a = Afstemming(verschil.actor(Rol.MBO_MEDEWERKER, "99MA"), JAAR)
            alles, volgende = a.blad("eens")
            assert volgende is None
            assert len(alles) == per_categorie(a.tellingen())["eens"] > 1
            assert a.blad("eens", alles[0].id)[0] == alles[1:]

    def test_as_many_queries_with_many(self, verschil: Wereld) -> None:
        client = verschil.client(Rol.MBO_MEDEWERKER, "99MA")
        client.get(PAD)  # the first look of a session writes more
        aantallen = []
        for nieuw in (1, 8):
            for overstap in verschil.overstappen_van([verschil.rij("99AA00") for _ in range(nieuw)]):
                aanmelding = verschil.aanmelding(overstap, "99MA", op=OP)
                vva_zegt(verschil, overstap, INGESCHREVEN, aanmeld_id=aanmelding.aanmeld_id)
            with CaptureQueriesContext(connection) as gevraagd:
                assert client.get(PAD).status_code == 200
            aantallen.append(len(gevraagd))
        assert aantallen[0] == aantallen[1]


class TestNeemOver:
    def test_in_bulk_with_a_result_per_leerling(self, wereld: Wereld) -> None:
        zegt = ((INGESCHREVEN, "Een"), (AANGEBODEN, "Twee"), (INGETROKKEN, "Drie"), (NIET, "Vier"))
        paren = {}
        for status, naam in zegt:
            overstap, aanmelding = maak(wereld, naam=f"Leerling{naam}")
            vva_zegt(wereld, overstap, status, aanmeld_id=aanmelding.aanmeld_id, op=date(2026, 3, 9))
            paren[status] = (overstap, aanmelding)
        gezien = rijen(wereld)
        kies = [gezien[a.aanmeld_id].sleutel for _, a in paren.values()]
        # No reden for "leidt niet tot inschrijving": that one is refused, and says why.
        antwoord = wereld.client(Rol.MBO_MEDEWERKER, "99MA").post(PAD, {"kies": kies, "reden_afgemeld": "werk"})
        tekst = antwoord.content.decode()
        assert "3 gelukt, 1 niet" in tekst
        assert "LeerlingVier" in tekst
        with wereld.bereik("21"):
            nu = {s: Aanmelding.objects.get(pk=a.pk) for s, (_, a) in paren.items()}
        assert {s: a.status for s, a in nu.items()} == {
            INGESCHREVEN: S.DEFINITIEF, AANGEBODEN: S.OOK_AFGEDRUKT, INGETROKKEN: S.AFGEMELD, NIET: S.AANGEMELD,
        }  # fmt: skip
        assert nu[INGETROKKEN].reden_code == "werk"
        assert nu[INGESCHREVEN].status_datum == date(2026, 3, 9)
        draai()
        assert rijen(wereld)[paren[INGESCHREVEN][1].aanmeld_id].categorie == "eens"

    def test_a_contradiction_as_correctie(self, wereld: Wereld) -> None:
        overstap, aanmelding = maak(wereld, S.DEFINITIEF)
        vva_zegt(wereld, overstap, AANGEBODEN, aanmeld_id=aanmelding.aanmeld_id, op=date(2026, 3, 9))
        sleutel = rijen(wereld)[aanmelding.aanmeld_id].sleutel
        wereld.client(Rol.MBO_MEDEWERKER, "99MA").post(PAD, {"kies": sleutel})
        with wereld.bereik("21"):
            assert Aanmelding.objects.get(pk=aanmelding.pk).status == S.OOK_AFGEDRUKT

    def test_what_changed_meanwhile_and_what_is_foreign_stays(self, wereld: Wereld) -> None:
        overstap, aanmelding = maak(wereld)
        vva_zegt(wereld, overstap, INGESCHREVEN, aanmeld_id=aanmelding.aanmeld_id, op=date(2026, 3, 9))
        sleutel = rijen(wereld)[aanmelding.aanmeld_id].sleutel
        wereld.client(Rol.MBO_MEDEWERKER, "99MB").post(PAD, {"kies": sleutel})
        vva_zegt(wereld, overstap, NIET, aanmeld_id=aanmelding.aanmeld_id, op=date(2026, 3, 10), volgnummer=10)
        client = wereld.client(Rol.MBO_MEDEWERKER, "99MA")
        tekst = client.post(PAD, {"kies": [sleutel, "x"]}).content.decode()
        assert "intussen gewijzigd" in tekst
        assert client.post(PAD, {}).status_code == 302
        with wereld.bereik("21"):
            assert Aanmelding.objects.get(pk=aanmelding.pk).status == S.AANGEMELD


class TestKoppelpunt:
    @pytest.fixture
    def mbo(self, wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
        Organisatie.objects.filter(code="99MA").update(instellingen={"bron": "koppelpunt"})
        wereld.op(date(2026, 3, 20))
        return systeem("99MA")

    def leerling(self, wereld: Wereld) -> tuple[Overstap, str]:
        wereld.op(NOVEMBER)
        overstap = wereld.overstap("99AA00", pgn=bsn(3001), gemeente="0362")
        draai()
        wereld.op(date(2026, 3, 20))
        return overstap, bsn(3001)

    def stuur(self, mbo: Systeem, nummer: str, status: str, volgnummer: int, **velden: Any) -> None:
        bericht = mbo.aanmeldstatus(
            nummer, aanmeldId="K-1", status=status, volgnummer=volgnummer, voSchool="99AA00", **velden
        )  # fmt: skip
        assert mbo.stuur("aanmeldstatussen", bericht)[0]["uitkomst"] in ("verwerkt", "opgeslagen")
        draai()

    def nu(self, wereld: Wereld) -> int | None:
        with wereld.bereik("21"):
            return Aanmelding.objects.filter(aanmeld_id="K-1").values_list("status", flat=True).first()

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            (ONTVANGEN, S.AANGEMELD),
            (AANGEBODEN, S.OOK_AFGEDRUKT),
            (NIET, S.AFGEWEZEN),
            (INGETROKKEN, S.AFGEMELD),
            (INGESCHREVEN, S.DEFINITIEF),
        ],
    )
    def test_maps_back_and_is_sent_on_once(self, wereld: Wereld, mbo: Systeem, code: str, status: Status) -> None:
        _, nummer = self.leerling(wereld)
        self.stuur(mbo, nummer, code, 1)
        assert self.nu(wereld) == status
        assert aanmeldstatussen(wereld, "99AA", nummer) == [code]
        assert aanmeldstatussen(wereld, "0362", nummer) == [code]

    def test_another_instelling_keeps_its_own_source(self, wereld: Wereld, systeem: Callable[..., Systeem]) -> None:
        _, nummer = self.leerling(wereld)
        self.stuur(systeem("99MA"), nummer, ONTVANGEN, 1)
        assert self.nu(wereld) is None

    def test_what_stands_already_is_no_step_back(self, wereld: Wereld, mbo: Systeem) -> None:
        overstap, nummer = self.leerling(wereld)
        self.stuur(mbo, nummer, ONTVANGEN, 1)
        with wereld.bereik("21"):
            pk = Aanmelding.objects.get(aanmeld_id="K-1").pk
        verzoek = wereld.verzoek(Rol.MBO_MEDEWERKER, S.VOORLOPIG)
        wereld._doe(Rol.MBO_MEDEWERKER, "99MA", [Wijziging(overstap.id, verzoek, pk)])
        self.stuur(mbo, nummer, ONTVANGEN, 2, statusDatum="2026-03-20")
        assert self.nu(wereld) == S.VOORLOPIG

    def test_refused_is_kept_and_shown(self, wereld: Wereld, mbo: Systeem) -> None:
        _, nummer = self.leerling(wereld)
        self.stuur(mbo, nummer, INGESCHREVEN, 1)
        self.stuur(mbo, nummer, AANGEBODEN, 2, statusDatum="2026-03-01")
        assert self.nu(wereld) == S.DEFINITIEF
        with wereld.bereik("21"):
            assert NietVerwerkt.objects.get(sleutel="K-1").code == "W303"
        tekst = wereld.client(Rol.MBO_MEDEWERKER, "99MA").get("/niet-verwerkt").content.decode()
        assert "K-1" in tekst

    def test_applied_as_soon_as_the_school_marks(self, wereld: Wereld, mbo: Systeem) -> None:
        overstap = wereld.overstap("99AA00", pgn=bsn(3001), gemeente="0362", gemarkeerd=False)
        draai()
        self.stuur(mbo, bsn(3001), ONTVANGEN, 1)
        assert self.nu(wereld) is None
        wereld.wijzig(overstap, Rol.DECAAN, S.ZONDER_AANMELDING)
        draai()
        assert self.nu(wereld) == S.AANGEMELD


def test_the_statement_names_its_regios_itself(wereld: Wereld) -> None:
    """A net of its own beside row level security: in a wider bereik an actor of one regio sees that regio."""
    actor = wereld.actor(Rol.BEHEERORGANISATIE, "RMC21")

    def tellingen(*regios: str) -> dict[str, dict[str, int]]:
        with wereld.bereik(*regios):
            return Afstemming(actor, JAAR).tellingen()

    assert any(n for per in tellingen("21").values() for n in per.values())
    assert tellingen("21", "22") == tellingen("21")
    assert not any(n for per in tellingen("22").values() for n in per.values())
