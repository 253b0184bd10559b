"""An AOC: vo and mbo under one BRIN are two organisaties, with walls between them; and an mbo in two regio's sees both."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.test import Client

from accounts.models import Deelname, Gebruiker, Lidmaatschap, Organisatie
from accounts.rechten import Rol, Soort
from overstap.basis.rls import bereik
from statuses.actions import AanmeldingRij, record_aanmeldingen
from statuses.status import Status
from tests.wereld import ORGANISATIES, Wereld


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def aoc(wereld: Wereld) -> Organisatie:
    """The mbo side of school 99AA, with a medewerker."""
    mbo = Organisatie.objects.create(code="99AA", soort=Soort.MBO, naam="Kompas Groen")
    with bereik(["21"]):
        Deelname.objects.create(organisatie=mbo, regio_id="21")
    gebruiker = Gebruiker.objects.create(
        email="mbo.99aa@overstap.example",
        naam="medewerker groen",
        is_demo=True,
        password=wereld.gebruiker(Rol.DECAAN).password,
    )
    wereld.organisaties["99AA-mbo"] = mbo
    wereld.leden[Rol.MBO_MEDEWERKER, "99AA-mbo"] = Lidmaatschap.objects.create(
        gebruiker=gebruiker, rol=Rol.MBO_MEDEWERKER.value, organisatie=mbo
    )
    return mbo


def test_een_aoc_ziet_als_mbo_alleen_wie_zich_daar_aanmeldt(wereld: Wereld, monkeypatch: Any) -> None:
    monkeypatch.setitem(ORGANISATIES, "99AA-mbo", (Soort.MBO, "Kompas Groen", ("21",)))
    mbo = aoc(wereld)
    a = wereld.aanmelding(
        wereld.overstap("99AB00", achternaam="Vanelders"), "99AA-mbo", opleiding="Bloemist", crebo="25445"
    )
    school, groen = wereld.client(Rol.DECAAN, "99AA"), wereld.client(Rol.MBO_MEDEWERKER, "99AA-mbo")
    lijst = tekst(groen.get("/leerlingen"))
    assert "Vanelders" in lijst
    assert wereld.o("zonder").leerling.achternaam not in lijst
    assert groen.get(f"/leerlingen/{wereld.o('intake').pk}").status_code == 404  # of the own BRIN, at another mbo
    assert school.get(f"/leerlingen/{a.overstap_id}").status_code == 404  # applied at the own BRIN, of another school
    assert school.get("/opleidingen").status_code == 403
    assert "Bloemist" in tekst(groen.get("/opleidingen"))
    # What the mbo side delivered and was kept, is not for the school side of the same BRIN.
    rij = AanmeldingRij(
        "GROEN-1",
        "bsn",
        wereld.pgn["21"]["andere_school_ongemarkeerd"],
        Status.AANGEMELD,
        wereld.vandaag,
        1,
        2025,
        opleiding="Bloemist",
    )
    with bereik(["21"]):
        record_aanmeldingen([rij], mbo=mbo, actor=wereld.actor(Rol.MBO_MEDEWERKER, "99AA-mbo"), bron="sis")
    assert "GROEN-1" in tekst(groen.get("/niet-verwerkt"))
    assert "Geen vragen" in tekst(school.get("/niet-verwerkt"))
    assert "GROEN-1" not in tekst(wereld.client(Rol.MBO_MEDEWERKER, "99MA").get("/niet-verwerkt"))


def test_een_mbo_in_twee_regios_werkt_in_een_lijst(wereld: Wereld) -> None:
    hier = wereld.aanmelding(wereld.overstap("99AA00", achternaam="Uiteen"), "99MB")
    daar = wereld.aanmelding(wereld.overstap("99BA00", achternaam="Uittwee"), "99MB")
    beide: Client = wereld.client(Rol.MBO_MEDEWERKER, "99MB")
    lijst = tekst(beide.get("/leerlingen"))
    assert "Uiteen" in lijst
    assert "Uittwee" in lijst
    klaar = beide.post(
        "/leerlingen/actie", {"actie": "intake", "bevestigd": "ja", **wereld.kies([str(hier.pk), str(daar.pk)])}
    )
    assert "2 gelukt" in tekst(klaar)
    een = tekst(wereld.client(Rol.MBO_MEDEWERKER, "99MA").get("/leerlingen"))
    assert "Uiteen" not in een
    assert "Uittwee" not in een
