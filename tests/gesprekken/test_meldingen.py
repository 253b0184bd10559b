"""Meldingen: who reports, what the beheerorganisatie sees of it, passing on, and the answer that comes back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.gesprekken.models import Mail, Melding
from statuses import tellingen
from statuses.termijnen import kalender
from statuses.verwijzing import verwijzing
from tests.gesprekken.conftest import tel_queries
from tests.wereld import JAAR, Wereld

pytestmark = pytest.mark.django_db

TEKST = "De aanmelding is vorige week ingetrokken; hier staat nog intake."


def tekst(antwoord: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", antwoord.content.decode()))


def meld(wereld: Wereld, naam: str = "intake", rol: Rol = Rol.DECAAN, waar: str = "21") -> Melding:
    antwoord = wereld.client(rol, waar).post(f"/meldingen/nieuw?overstap={wereld.o(naam).pk}", {"tekst": TEKST})
    assert antwoord.status_code == 302, tekst(antwoord)
    with wereld.bereik("21"):
        return Melding.objects.order_by("-op", "-pk")[0]


def bo1(wereld: Wereld) -> int:
    with wereld.bereik("21"):
        actor = wereld.actor(Rol.BEHEERORGANISATIE)
        return int(tellingen.rijen("BO1", actor, kalender(JAAR), wereld.vandaag).count())


def haal(wereld: Wereld, melding: Melding) -> Melding:
    with wereld.bereik("21"):
        return Melding.objects.get(pk=melding.pk)


@pytest.mark.parametrize(
    "rol", [Rol.DECAAN, Rol.MANAGER_VO, Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER, Rol.LEERPLICHT, Rol.AANJAGER]
)
def test_every_role_that_sees_the_leerling_can_report(wereld: Wereld, rol: Rol) -> None:
    melding = meld(wereld, "aangemeld", rol)
    assert (melding.soort, melding.stand, melding.rol) == ("status_klopt_niet", "nieuw", rol.value)
    assert bo1(wereld) == 1
    eigen = tekst(wereld.client(rol).get(f"/meldingen/{melding.pk}"))
    assert TEKST in eigen
    assert "ligt bij de beheerorganisatie" in eigen


def test_a_leerling_that_one_does_not_see_cannot_be_reported(wereld: Wereld) -> None:
    client = wereld.client(Rol.DECAAN)
    for pk in (wereld.o("andere_school").pk, wereld.o("intake", "22").pk, "onzin", ""):
        assert client.post(f"/meldingen/nieuw?overstap={pk}", {"tekst": TEKST}).status_code == 404, pk
    with wereld.bereik():
        assert not Melding.objects.exists()
    assert client.post(f"/meldingen/nieuw?overstap={wereld.o('intake').pk}", {"tekst": TEKST}).status_code == 302


def test_the_beheerorganisatie_sees_reference_school_and_status_and_no_person(wereld: Wereld) -> None:
    melding, overstap = meld(wereld), wereld.o("intake")
    client = wereld.client(Rol.BEHEERORGANISATIE)
    for pad in ("/meldingen", "/meldingen?stap=BO1", f"/meldingen/{melding.pk}"):
        html = tekst(client.get(pad))
        assert verwijzing(overstap.pk) in html
        assert "Kompas College, Haven" in html
        assert "Intake" in html
        for persoon in (
            overstap.leerling.voornaam,
            overstap.leerling.achternaam,
            wereld.pgn["21"]["intake"],
            "4B",
            "Mbo De Poort",
        ):
            assert persoon not in html, (pad, persoon)
    # Who reported it does see the name: the set-up would show it.
    assert overstap.leerling.voornaam in tekst(wereld.client(Rol.DECAAN).get(f"/meldingen/{melding.pk}"))


def test_the_name_and_the_number_of_the_leerling_are_refused_in_the_text(wereld: Wereld) -> None:
    overstap = wereld.o("intake")
    client, pad = wereld.client(Rol.DECAAN), f"/meldingen/nieuw?overstap={overstap.pk}"
    for fout, zin in (
        (f"Het gaat om {overstap.leerling.voornaam.upper()}.", "Laat de naam weg"),
        (f"Nummer {wereld.pgn['21']['intake']}", "Laat het nummer weg"),
        ("", "Schrijf in een paar woorden wat u bedoelt"),
    ):
        antwoord = client.post(pad, {"tekst": fout})
        assert antwoord.status_code == 422
        assert zin in tekst(antwoord)
        assert "decaan 99AA, decaan Kompas College" in tekst(antwoord), "who is logged in"
    with wereld.bereik("21"):
        assert not Melding.objects.exists()
    assert client.post(pad, {"tekst": TEKST}).status_code == 302


@pytest.mark.parametrize(
    ("naam", "partij", "rol", "code"),
    [
        ("intake", "mbo", Rol.MBO_MEDEWERKER, "99MA"),
        ("zonder", "vo", Rol.DECAAN, "99AA"),
        ("lp_in_behandeling", "leerplicht", Rol.LEERPLICHT, "0363"),
    ],
)
def test_passed_on_to_the_owner_who_answers_and_the_answer_comes_back(
    wereld: Wereld, naam: str, partij: str, rol: Rol, code: str
) -> None:
    melder = (Rol.AANJAGER, "21") if partij == "vo" else (Rol.DECAAN, "99AA")
    melding = meld(wereld, naam, *melder)
    beheer, eigenaar = wereld.client(Rol.BEHEERORGANISATIE), wereld.client(rol, code)
    assert eigenaar.get(f"/meldingen/{melding.pk}").status_code == 404
    # The owner of the status stands first and is chosen.
    gekozen = re.search(r'value="(\w+)"[^>]*checked', beheer.get(f"/meldingen/{melding.pk}").content.decode())
    assert gekozen
    assert gekozen[1] == partij
    assert beheer.post(f"/meldingen/{melding.pk}", {"actie": "doorzetten", "partij": partij}).status_code == 302
    assert bo1(wereld) == 0
    rij = haal(wereld, melding)
    assert (rij.stand, rij.doorgezet_naar_id) == ("doorgezet", wereld.organisaties[code].pk)
    wacht = tekst(eigenaar.get("/meldingen?wacht=ja"))
    assert "1 melding die op u wacht" in wacht
    assert wereld.o(naam).leerling.achternaam in wacht
    assert f"/leerlingen/{wereld.o(naam).pk}" in eigenaar.get(f"/meldingen/{melding.pk}").content.decode()
    assert eigenaar.post(f"/meldingen/{melding.pk}", {"actie": "antwoord", "tekst": "Aangepast."}).status_code == 302
    terug = tekst(wereld.client(*melder).get(f"/meldingen/{melding.pk}"))
    assert "Aangepast." in terug
    assert "✓ beantwoord op 20 maart 2026" in tekst(wereld.client(*melder).get("/meldingen"))
    with wereld.bereik("21"):
        mails = dict(Mail.objects.values_list("soort", "gebruiker_id"))
    assert mails == {
        "melding_doorgezet": wereld.gebruiker(rol, code).pk,
        "melding_beantwoord": wereld.gebruiker(*melder).pk,
    }
    # Answered is answered: a second answer changes nothing and says so.
    na = beheer.post(f"/meldingen/{melding.pk}", {"actie": "antwoord", "tekst": "Anders."}, follow=True)
    assert "wacht niet meer op u" in tekst(na)
    assert haal(wereld, melding).antwoord == "Aangepast."


def test_who_is_not_the_owner_neither_sees_nor_answers(wereld: Wereld) -> None:
    melding = meld(wereld)
    wereld.client(Rol.BEHEERORGANISATIE).post(f"/meldingen/{melding.pk}", {"actie": "doorzetten", "partij": "mbo"})
    for rol, waar in (
        (Rol.MBO_MEDEWERKER, "99MB"),
        (Rol.MBO_MANAGER, "99MA"),
        (Rol.DECAAN, "99AB"),
        (Rol.LEERPLICHT, "0362"),
        (Rol.MANAGER_VO, "99AA"),
        (Rol.BEHEERORGANISATIE, "22"),
    ):
        antwoord = wereld.client(rol, waar).post(f"/meldingen/{melding.pk}", {"tekst": "Van mij."})
        assert antwoord.status_code == 404, (rol, waar)
    assert haal(wereld, melding).antwoord == ""
    assert (
        wereld.client(Rol.MBO_MEDEWERKER, "99MA").post(f"/meldingen/{melding.pk}", {"tekst": "Klopt."}).status_code
        == 302
    )
    assert haal(wereld, melding).antwoord == "Klopt."


def test_a_party_without_a_status_gets_nothing(wereld: Wereld) -> None:
    melding = meld(wereld, "zonder")
    client = wereld.client(Rol.BEHEERORGANISATIE)
    antwoord = client.post(f"/meldingen/{melding.pk}", {"actie": "doorzetten", "partij": "mbo"})
    assert antwoord.status_code == 422
    assert haal(wereld, melding).stand == "nieuw"


def test_a_knelpunt_goes_to_the_beheerorganisatie_and_back(wereld: Wereld) -> None:
    for rol in Rol:
        antwoord = wereld.client(rol).post("/meldingen/nieuw", {"tekst": "De lijsten lopen achter."})
        assert antwoord.status_code == (403 if rol == Rol.BEHEERORGANISATIE else 302), rol
    assert bo1(wereld) == len(Rol) - 1
    with wereld.bereik("21"):
        melding = Melding.objects.get(rol=Rol.AANJAGER.value)
    client = wereld.client(Rol.BEHEERORGANISATIE)
    assert "Doorzetten" not in tekst(client.get(f"/meldingen/{melding.pk}"))
    client.post(f"/meldingen/{melding.pk}", {"actie": "antwoord", "tekst": "Wij bellen de leverancier."})
    assert "Wij bellen de leverancier." in tekst(wereld.client(Rol.AANJAGER).get(f"/meldingen/{melding.pk}"))
    assert wereld.client(Rol.DECAAN).get(f"/meldingen/{melding.pk}").status_code == 404


def test_a_form_sent_twice_is_one_melding(wereld: Wereld) -> None:
    decaan = wereld.client("decaan")
    for tekst in ("De lijst loopt vast.", "De lijst loopt vast.", "Iets anders."):
        assert decaan.post("/meldingen/nieuw", {"tekst": tekst}).status_code == 302
    with wereld.bereik("21"):
        assert sorted(Melding.objects.values_list("tekst", flat=True)) == ["De lijst loopt vast.", "Iets anders."]


def test_no_text_of_a_melding_stands_in_the_log(wereld: Wereld) -> None:
    melding = meld(wereld)
    wereld.client(Rol.BEHEERORGANISATIE).post(f"/meldingen/{melding.pk}", {"tekst": "Het antwoord zelf."})
    with wereld.bereik("21"):
        regels = [
            str(r) for r in LogRegel.objects.filter(object_soort="melding").values_list("handeling", "details", "doel")
        ]
    assert any("melding.maken" in r for r in regels)
    assert any("melding.beantwoorden" in r for r in regels)
    assert not [r for r in regels if "intake" in r or "antwoord zelf" in r]


def test_the_list_asks_as_much_for_many_as_for_few(wereld: Wereld) -> None:
    def meet(rol: Rol) -> int:
        client = wereld.client(rol)
        return tel_queries(lambda: client.get("/meldingen"))

    meld(wereld, "intake")
    weinig = {rol: meet(rol) for rol in (Rol.DECAAN, Rol.BEHEERORGANISATIE)}
    lid = wereld.lid(Rol.DECAAN)
    wie = {"melder": lid.gebruiker, "rol": lid.rol, "organisatie": lid.organisatie, "overstap": wereld.o("zonder")}
    with wereld.bereik("21"):
        Melding.objects.bulk_create(
            Melding(regio_id="21", soort="status_klopt_niet", tekst="x", op=klok.nu(), **wie) for _ in range(70)
        )
    for rol, aantal in weinig.items():
        assert meet(rol) == aantal <= 14


def test_what_waits_stands_in_the_menu_of_who_it_waits_for(wereld: Wereld) -> None:
    def teller(rol: Rol, waar: str = "21", pad: str = "/contacten") -> str:
        return "".join(re.findall(r"Meldingen (\d*) ?nieuw", tekst(wereld.client(rol, waar).get(pad))))

    melding = meld(wereld)
    assert [teller(Rol.BEHEERORGANISATIE, pad=pad) for pad in ("/contacten", "/vandaag")] == ["1", "1"]
    assert teller(Rol.MBO_MEDEWERKER, "99MA") == ""
    wereld.client(Rol.BEHEERORGANISATIE).post(f"/meldingen/{melding.pk}", {"actie": "doorzetten", "partij": "mbo"})
    assert teller(Rol.BEHEERORGANISATIE) == ""
    assert [teller(Rol.MBO_MEDEWERKER, "99MA", pad) for pad in ("/contacten", "/vandaag")] == ["1", "1"]
    assert teller(Rol.MBO_MEDEWERKER, "99MB") == ""
