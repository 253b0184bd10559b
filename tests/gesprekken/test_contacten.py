"""/contacten: who sees and keeps what, gaps in words, the yearly confirmation (MB6), and asking who does what (BO2)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Deelname, LogRegel, Organisatie
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.gesprekken.models import Contactpersoon, Mail
from statuses import tellingen
from statuses.termijnen import kalender
from tests.gesprekken.conftest import tel_queries
from tests.wereld import JAAR, Wereld

pytestmark = pytest.mark.django_db


def contact(
    wereld: Wereld, code: str = "99AA", naam: str = "Kim de Graaf", regio: str = "21", **velden: Any
) -> Contactpersoon:
    standaard: dict[str, Any] = {
        "email": f"{naam.split()[0].lower()}@{code.lower()}.example", "bevestigd_op": wereld.vandaag - timedelta(days=30),
    }  # fmt: skip
    with wereld.bereik(regio):
        return Contactpersoon.objects.create(
            regio_id=regio, organisatie=wereld.organisaties[code], naam=naam, **(standaard | velden)
        )


def alles_belegd(wereld: Wereld, *codes: str) -> None:
    for code in codes:
        contact(wereld, code, "Vaste Hand", monitoren=True, aanjagen=True, signaleren=True)


def tekst(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def lees(wereld: Wereld, rol: Rol = Rol.DECAAN, vraag: str = "", waar: str = "21") -> str:
    antwoord = wereld.client(rol, waar).get(f"/contacten{vraag}")
    assert antwoord.status_code == 200, antwoord.content.decode()[:2000]
    return str(antwoord.content.decode())


VOL = {
    "naam": "Kim de Graaf",
    "functie": "Decaan",
    "email": "Kim@Kompas.example",
    "telefoon": "020 123 45 67",
    "monitoren": "on",
}


def test_everybody_of_the_regio_sees_whom_to_call_and_what_nobody_has(wereld: Wereld) -> None:
    contact(wereld, "99MA", "Joep Instroom", telefoon="085 000 01 01", functie="Hoofd instroom", monitoren=True)
    contact(wereld, "99BA", "Noord Iemand", regio="22")
    for rol in Rol:
        html = tekst(lees(wereld, rol))
        assert "Joep Instroom , Hoofd instroom" in html, rol
        assert "085 000 01 01" in html
        assert "Noord Iemand" not in html
    rij = tekst(lees(wereld, vraag="?zoek=poort"))
    assert "1 organisatie" in rij
    assert "Aanjagen: niemand belegd" in rij
    assert "Signaleren: niemand belegd" in rij
    assert "Monitoren: niemand belegd" not in rij


def test_search_by_name_and_code_and_kind(wereld: Wereld) -> None:
    assert "Mbo Het Anker" in lees(wereld, vraag="?zoek=anker")
    assert "Mbo De Poort" not in lees(wereld, vraag="?zoek=anker")
    assert "Mbo Het Anker" in lees(wereld, vraag="?zoek=99mb")
    assert "Lyceum De Brug" not in lees(wereld, vraag="?soort=mbo")
    assert "Lyceum De Brug" in lees(wereld, vraag="?soort=vo")
    assert "Niets gevonden" in lees(wereld, vraag="?zoek=bestaatniet")
    antwoord = wereld.client(Rol.DECAAN).get("/contacten?soort=onzin")
    assert antwoord.status_code == 400
    assert "Kies een van de knoppen" in antwoord.content.decode()
    assert wereld.client(Rol.DECAAN).get("/contacten?vanaf=onzin&zoek=%00").status_code in (200, 400)


def test_a_contact_of_the_own_organisatie_is_kept_and_mended(wereld: Wereld) -> None:
    client = wereld.client(Rol.DECAAN)
    assert client.post("/contacten/nieuw", VOL).status_code == 302
    with wereld.bereik("21"):
        rij = Contactpersoon.objects.get()
    assert (rij.email, rij.organisatie.code, rij.bevestigd_op) == ("kim@kompas.example", "99AA", wereld.vandaag)
    assert f"/contacten/{rij.pk}" in lees(wereld)
    assert f"/contacten/{rij.pk}" not in lees(wereld, waar="99AB")
    with wereld.bereik("21"):
        Contactpersoon.objects.update(gestuiterd_op=klok.wandklok(), bevestigd_op=date(2024, 1, 1))
    assert "Dit adres werkt niet: mail kwam terug op" in tekst(lees(wereld, Rol.BEHEERORGANISATIE))
    assert client.post(f"/contacten/{rij.pk}", VOL | {"email": "k@kompas.example"}).status_code == 302
    with wereld.bereik("21"):
        rij = Contactpersoon.objects.get()
    assert (rij.gestuiterd_op, rij.bevestigd_op, rij.email) == (None, wereld.vandaag, "k@kompas.example")
    assert "Weet u zeker dat u Kim de Graaf" in client.get(f"/contacten/{rij.pk}/verwijderen").content.decode()
    assert client.post(f"/contacten/{rij.pk}/verwijderen").status_code == 302
    with wereld.bereik("21"):
        assert not Contactpersoon.objects.exists()
        assert {"contact.maken", "contact.wijzigen", "contact.verwijderen"} <= set(
            LogRegel.objects.values_list("handeling", flat=True)
        )


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"email": "geen adres"}, "Dit is geen e-mailadres. Schrijf het zoals naam@school.nl."),
        ({"telefoon": "bel mij"}, "Dit is geen telefoonnummer. Schrijf het zoals 020 123 45 67."),
        ({"mailbox": "on"}, "Een mailbox kan niets op zich nemen. Leg dit bij een persoon."),
        (
            {"email": "al@kompas.example"},
            "Kompas College heeft al een contact met dit e-mailadres. Pas dat contact aan.",
        ),
        ({"naam": ""}, "Naam"),
    ],
)
def test_what_is_refused_is_said(wereld: Wereld, anders: dict[str, str], zin: str) -> None:
    contact(wereld, "99AA", "Al Daar", email="al@kompas.example")
    antwoord = wereld.client(Rol.DECAAN).post("/contacten/nieuw", VOL | anders)
    assert antwoord.status_code == 422
    assert zin in antwoord.content.decode()
    with wereld.bereik("21"):
        assert Contactpersoon.objects.count() == 1


def test_nobody_changes_the_contact_of_another_organisatie_but_the_beheerorganisatie(wereld: Wereld) -> None:
    ander, weg = contact(wereld, "99AB"), contact(wereld, "99BA", regio="22")
    client = wereld.client(Rol.DECAAN)
    assert client.post(f"/contacten/{ander.pk}", VOL).status_code == 403
    assert client.post(f"/contacten/{weg.pk}", VOL).status_code == 404
    assert client.get(f"/contacten/nieuw?organisatie={wereld.organisaties['99AB'].pk}").status_code == 404
    client.post("/contacten/bevestigen", {"kies": [str(ander.pk)]})
    with wereld.bereik("21"):
        assert Contactpersoon.objects.get().bevestigd_op == ander.bevestigd_op
    assert wereld.client(Rol.BEHEERORGANISATIE).post(f"/contacten/{ander.pk}", VOL).status_code == 302
    assert wereld.client(Rol.BEHEERORGANISATIE).post(f"/contacten/{weg.pk}", VOL).status_code == 404


def test_mb6_counts_what_its_page_shows_and_confirming_clears_it(wereld: Wereld) -> None:
    jaar_geleden = wereld.vandaag - timedelta(days=365)
    oud = [contact(wereld, "99MA", f"Oud{i} Adres", bevestigd_op=jaar_geleden) for i in range(3)]
    contact(wereld, "99MA", "Net Nieuw", bevestigd_op=jaar_geleden + timedelta(days=1))
    contact(wereld, "99MB", "Ander Mbo", bevestigd_op=jaar_geleden)

    def tel() -> int:
        with wereld.bereik("21"):
            rijen = tellingen.rijen("MB6", wereld.actor(Rol.MBO_MEDEWERKER), kalender(JAAR), wereld.vandaag)
            return int(rijen.count())

    client = wereld.client(Rol.MBO_MEDEWERKER)
    html = lees(wereld, Rol.MBO_MEDEWERKER, "?stap=MB6&jaar=2025-2026")
    assert tel() == html.count("Klopt nog") == 3
    assert "3 contacten van uw organisatie" in tekst(html)
    # One by its own button, whatever else is ticked; the others together.
    client.post("/contacten/bevestigen", {"een": str(oud[0].pk), "kies": [str(oud[1].pk)]})
    assert tel() == 2
    antwoord = client.post("/contacten/bevestigen", {"kies": [str(c.pk) for c in oud]}, follow=True)
    assert "Bevestigd: 3 contacten." in antwoord.content.decode()
    assert tel() == 0
    assert "Alle adressen zijn gecontroleerd" in antwoord.content.decode()
    assert "Kies eerst een of meer contacten" in client.post("/contacten/bevestigen", follow=True).content.decode()


def test_bo2_counts_what_its_page_shows_and_asks_once_a_day(wereld: Wereld) -> None:
    alles_belegd(wereld, "99MA", "99MB", "0363", "0362")
    half = contact(wereld, "99AB", "Half Werk", monitoren=True, aanjagen=True)

    def rijen() -> set[str]:
        with wereld.bereik("21"):
            uit = tellingen.rijen("BO2", wereld.actor(Rol.BEHEERORGANISATIE), kalender(JAAR), wereld.vandaag)
            return set(uit.values_list("code", flat=True))

    assert rijen() == {"99AA", "99AB"}
    client = wereld.client(Rol.BEHEERORGANISATIE)
    html = lees(wereld, Rol.BEHEERORGANISATIE, "?stap=BO2&jaar=2025-2026")
    assert html.count('value="Vraag erom"') + len(re.findall(r">\s*Vraag erom\b", html)) >= 2
    assert "2 organisaties waar nog een naam mist" in tekst(html)
    ids = [str(wereld.organisaties[c].pk) for c in ("99AA", "99AB", "99MA")]
    na = tekst(client.post("/contacten/vragen", {"kies": ids}, follow=True).content.decode())
    assert "Gevraagd aan Kompas College, Lyceum De Brug." in na
    assert "gevraagd op 20 maart 2026" in na
    assert "Vandaag al gevraagd aan Kompas College." in tekst(
        client.post("/contacten/vragen", {"een": ids[0]}, follow=True).content.decode()
    )
    with wereld.bereik("21"):
        mails = set(Mail.objects.values_list("soort", "gebruiker_id", "contact_id"))
        # The address of the only one to ask there does not work.
        Contactpersoon.objects.filter(pk=half.pk).update(gestuiterd_op=klok.nu())
    beheerder = wereld.gebruiker(Rol.FUNCTIONEEL_BEHEERDER, "99AA").pk
    assert mails == {("contact_gevraagd", beheerder, None), ("contact_gevraagd", None, half.pk)}
    nu = tekst(client.post("/contacten/vragen", {"een": ids[1]}, follow=True).content.decode())
    assert "Er is niemand om te vragen bij Lyceum De Brug. Bel deze organisatie of nodig iemand uit." in nu
    alles_belegd(wereld, "99AA")
    contact(wereld, "99AB", "Andere Helft", signaleren=True)
    assert rijen() == set()
    assert "Overal staat een naam" in lees(wereld, Rol.BEHEERORGANISATIE, "?stap=BO2")


def test_the_page_asks_as_much_for_many_as_for_few(wereld: Wereld) -> None:
    def meet() -> int:
        client = wereld.client(Rol.BEHEERORGANISATIE)
        return tel_queries(lambda: client.get("/contacten"))

    weinig = meet()
    with wereld.bereik("21"):
        nieuw = [Organisatie(code=f"88{i:02d}", soort="vo", naam=f"School {i:03d}") for i in range(90)]
        Organisatie.objects.bulk_create(nieuw)
        Deelname.objects.bulk_create(Deelname(organisatie=o, regio_id="21") for o in nieuw)
        Contactpersoon.objects.bulk_create(
            Contactpersoon(
                regio_id="21",
                organisatie=o,
                naam=f"Wie {j}",
                email=f"w{j}@{o.code}.example",
                bevestigd_op=wereld.vandaag,
            )
            for o in nieuw
            for j in range(2)
        )
    assert meet() == weinig <= 13  # one of them counts what stands in the menu
    # Two pages hold all of them, and none twice.
    een = lees(wereld, Rol.BEHEERORGANISATIE)
    volgende = re.search(r'href="([^"]+)"\s+rel="next"', een)
    assert volgende
    twee = lees(wereld, Rol.BEHEERORGANISATIE, volgende[1].replace("/contacten", "").replace("&amp;", "&"))
    namen = [re.findall(r"<th scope=\"row\">([^<]+)<", html) for html in (een, twee)]
    assert len(namen[0]) == 50
    assert len(set(namen[0]) | set(namen[1])) == len(namen[0]) + len(namen[1]) == 90 + 8
