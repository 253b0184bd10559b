"""Ways around the front door: what a refusal, a list, a name or a repeated invitation gives away; and input from afar."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command

from accounts.actions import invite
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from statuses.actions import Wijziging, change_statuses, record_leerlingen
from statuses.actions.aanmeldingen import AanmeldingRij, record_aanmeldingen
from statuses.actions.bewaarde import apply_bewaarde
from statuses.beoordelen import Context, Geweigerd, beoordeel_aanwezigheid
from statuses.models import Aanmelding, Levering, Overstap
from statuses.status import Spoor, Status
from statuses.termijnen import kalender
from tests.wereld import Wereld


def test_een_botsing_zegt_een_mbo_niets_van_andere_sporen(wereld: Wereld) -> None:
    """An old versie on purpose: what changed meanwhile is told, of the own aanmeldingen alone."""
    overstap, aanmelding = wereld.o("lp_in_behandeling"), wereld.a("lp_in_behandeling")
    url = f"/leerlingen/{overstap.pk}/aangemeld?aanmelding={aanmelding.pk}"
    antwoord = wereld.client(Rol.MBO_MEDEWERKER, "99MA").post(url, {"versie": "0", "volgnr": "0"})
    assert antwoord.status_code == 409
    assert [z.split(": ")[1].split(" (")[0] for z in antwoord.context["intussen"]] == ["Aangemeld", "Afgemeld"]
    school = wereld.client(Rol.DECAAN).post(f"/leerlingen/{overstap.pk}/vervolgkeuze", {
        "versie": "0", "volgnr": "0", "reden": "havo", "zekerheid": "zeker",
    })  # fmt: skip
    assert any("LP in behandeling" in z for z in school.context["intussen"])


@pytest.mark.parametrize("rol", [Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER])
def test_wie_niet_meer_is_aangevinkt_ziet_alleen_de_eigen_school(wereld: Wereld, rol: Rol) -> None:
    overstap = wereld.o("afgewezen")
    client = wereld.client(rol, "99MA")
    assert overstap.pk in _overstappen(client.get("/leerlingen"))
    wereld.wijzig(overstap, Rol.MANAGER_VO, None, waar="99AA", spoor=Spoor.MARKERING, reden_code="vergissing")
    assert overstap.pk not in _overstappen(client.get("/leerlingen"))


def _overstappen(antwoord: Any) -> list[uuid.UUID]:
    """The overstappen behind the rows of a list of aanmeldingen."""
    with bereik(["21", "22"]):
        gekozen = Aanmelding.objects.filter(pk__in=[r.pk for r in antwoord.context["rijen"]])
        return list(gekozen.values_list("overstap_id", flat=True))


def test_een_naamgenoot_van_een_andere_school_wordt_niet_overgenomen(wereld: Wereld) -> None:
    """Only at the own school is the same name and birth date the same leerling with a bsn now."""
    met_own = wereld.rij("99AA00", pgn_soort="own", pgn="101222331", voornaam="Noor", achternaam="Wit")
    eerst = wereld.overstappen_van([met_own])[0]
    elders = dataclasses.replace(
        wereld.rij("99AB00", voornaam="Noor", achternaam="Wit"), geboortedatum=met_own.geboortedatum
    )
    with wereld.bereik("21"):
        (ander,) = record_leerlingen([elders], actor=wereld.actor(Rol.DECAAN, "99AB"), bron="import")
        assert ander.overstap_id != eerst.pk
        hier = dataclasses.replace(elders, pgn=wereld.rij().pgn, vestiging_id=wereld.vestigingen["99AA01"].id)
        (zelfde,) = record_leerlingen([hier], actor=wereld.actor(Rol.DECAAN, "99AA"), bron="import")
        assert zelfde.overstap_id == eerst.pk


def test_opnieuw_uitnodigen_maakt_een_rol_niet_ruimer(wereld: Wereld) -> None:
    lid = wereld.lid(Rol.DECAAN, "99AA")
    lid.vestigingen.set([wereld.vestigingen["99AA01"]])
    invite(lid.gebruiker.email, "", Rol.DECAAN, lid.organisatie, actor=wereld.actor(Rol.FUNCTIONEEL_BEHEERDER, "99AA"))
    assert [v.code for v in lid.vestigingen.all()] == ["99AA01"]


def test_aanvinken_is_geen_levering_van_het_mbo(wereld: Wereld) -> None:
    """What was kept (W304) is applied, and "laatst bijgewerkt" of the mbo stays the day on which it delivered."""
    overstap = wereld.o("ongemarkeerd")
    rij = AanmeldingRij(
        "B-1", "bsn", wereld.pgn["21"]["ongemarkeerd"], Status.AANGEMELD, date(2026, 2, 2), 1, 2025, opleiding="Kok"
    )
    with wereld.bereik("21"):
        actor = wereld.actor(Rol.MBO_MEDEWERKER, "99MA")
        record_aanmeldingen([rij], mbo=wereld.organisaties["99MA"], actor=actor, bron="sis")
        Levering.objects.filter(soort="aanmeldingen").update(aantal=77)
    wereld.wijzig(overstap, Rol.DECAAN, Status.ZONDER_AANMELDING)
    with wereld.bereik("21"):
        assert apply_bewaarde([overstap.pk], actor=actor) == 1
        assert [r.aantal for r in Levering.objects.filter(soort="aanmeldingen")] == [77]
        assert Overstap.objects.get(pk=overstap.pk).status == Status.AANGEMELD


def test_na_sluiting_van_het_jaar_verandert_ook_de_aanwezigheid_niet() -> None:
    tegen = beoordeel_aanwezigheid(Status.DEFINITIEF, "", "no_show", Context(date(2026, 10, 16), kalender(2025)))
    assert isinstance(tegen, Geweigerd)
    assert tegen.code == "jaar_gesloten"
    assert beoordeel_aanwezigheid(Status.DEFINITIEF, "", "no_show", Context(date(2026, 10, 15), kalender(2025))) is None


@pytest.mark.parametrize("jaar", ["0000-0001", "0001-0002", "9998-9999", "1999-2000"])
def test_een_jaar_van_ver_is_een_zin_en_geen_500(wereld: Wereld, jaar: str) -> None:
    for rol, pad in ((Rol.DECAAN, "/leerlingen"), (Rol.MBO_MEDEWERKER, "/vandaag"), (Rol.AANJAGER, "/scholen")):
        assert wereld.client(rol).get(pad, {"jaar": jaar}).status_code == 400, pad


def test_andere_invoer_van_ver_is_geen_500(wereld: Wereld) -> None:
    assert wereld.client(Rol.DECAAN).get("/rapportages", {"peildatum": "0001-01-01"}).status_code == 400
    vraag = wereld.client(Rol.AANJAGER).post("/exports", {"soort": "scholen", "vestiging": "99AA0\x00"})
    assert vraag.status_code == 302
    vanaf = f"2200-12-31T23:59:59-23:59_{wereld.o('zonder').pk}"
    assert wereld.client(Rol.BEHEERORGANISATIE).get("/beheer/logboek", {"vanaf": vanaf}).status_code == 200


@pytest.mark.parametrize("term", ["Yılmaz", "yilmaz", "YILMAZ"])
def test_een_naam_is_te_vinden_zoals_hij_geschreven_is(wereld: Wereld, term: str) -> None:
    overstap = wereld.overstap(achternaam="Yılmaz", voornaam="Elif")
    antwoord = wereld.client(Rol.DECAAN).post("/leerlingen/zoek", {"term": term}, follow=True)
    assert overstap.pk in [r.pk for r in antwoord.context["rijen"]]


@pytest.mark.parametrize("rol", [Rol.MBO_MEDEWERKER, Rol.LEERPLICHT])
def test_een_reden_is_nooit_een_vrije_tekst(wereld: Wereld, rol: Rol) -> None:
    """A code goes to roles that see no texts: what is no code is refused, also where no reden is asked."""
    naar = Status.INTAKE if rol == Rol.MBO_MEDEWERKER else Status.LP_IN_BEHANDELING
    naam = "aangemeld" if rol == Rol.MBO_MEDEWERKER else "lp_ingeschakeld"
    wat = wereld.a(naam).pk if rol == Rol.MBO_MEDEWERKER else None
    wens = msgspec.structs.replace(wereld.verzoek(rol, naar), reden_code="Jan is ziek")
    with wereld.bereik("21"):
        (uit,) = change_statuses(
            [Wijziging(wereld.o(naam).pk, wens, wat)], actor=wereld.actor(rol, "99MA" if wat else "0363")
        )
    assert isinstance(uit.uitkomst, Geweigerd)
    assert uit.uitkomst.code == "reden_onbekend"


@pytest.mark.parametrize(("dag", "woord"), [("0001-01-01", "te ver weg"), ("2015-03-01", "gesloten sinds")])
def test_geen_bulkmelding_van_een_gesloten_jaar(wereld: Wereld, dag: str, woord: str) -> None:
    """Every gemeente of the country would get an empty one."""
    with pytest.raises(CommandError, match=woord):
        call_command("bulkmelding", "--peildatum", dag, "--regio", "21")
