"""/aanmeldingen/nieuw: exactly one leerling, by POST only, logged and limited; absent and not visible are the same."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import LogOnderwerp, LogRegel
from accounts.rechten import Rol
from overstap.mbo import nieuw
from statuses.models import Aanmelding, Opleiding
from statuses.status import Status
from tests.wereld import Wereld, bsn

URL = "/aanmeldingen/nieuw"
S = Status


@pytest.fixture
def mbo(wereld: Wereld) -> Client:
    cache.clear()
    Opleiding.objects.create(crebo="25180", naam="Kok", niveau=2)
    Opleiding.objects.create(crebo="25182", naam="Gastheer", niveau=2)
    Opleiding.objects.create(crebo="25183", naam="Gastheer", niveau=3)
    return wereld.client(Rol.MBO_MEDEWERKER, "99MA")


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def bewijs(antwoord: Any) -> str:
    gevonden = re.search(r'name="leerling" value="([^"]+)"', antwoord.content.decode())
    assert gevonden, tekst(antwoord)
    return gevonden.group(1)


def aanmeldingen(wereld: Wereld, naam: str) -> list[Aanmelding]:
    with wereld.bereik():
        return list(Aanmelding.objects.filter(overstap=wereld.o(naam)).order_by("nr"))


def test_zoeken_op_nummer_en_aanmelden(wereld: Wereld, mbo: Client) -> None:
    o = wereld.o("zonder")
    gevonden = mbo.post(URL, {"nummer": wereld.pgn["21"]["zonder"]})
    assert o.leerling.achternaam in tekst(gevonden)
    assert wereld.pgn["21"]["zonder"] not in tekst(gevonden)
    klaar = mbo.post(
        URL, {"leerling": bewijs(gevonden), "opleiding": "25180 Kok, niveau 2", "vorm": "bbl", "datum": "2026-03-02"}
    )
    assert klaar.status_code == 302
    assert klaar.url == f"/leerlingen/{o.pk}"
    [a] = aanmeldingen(wereld, "zonder")
    assert (a.status, a.status_datum, a.aanmeld_datum) == (S.AANGEMELD, date(2026, 3, 2), date(2026, 3, 2))
    assert (a.crebo, a.opleiding, a.niveau, a.leerweg, a.bron) == ("25180", "Kok", 2, "bbl", "hand")
    assert wereld.o("zonder").leidende_status == S.AANGEMELD


def test_zoeken_op_naam_en_geboortedatum(wereld: Wereld, mbo: Client) -> None:
    leerling = wereld.o("zonder").leerling
    goed = {
        "voornaam": leerling.voornaam.upper(),
        "achternaam": leerling.achternaam,
        "geboortedatum": f"{leerling.geboortedatum:%d-%m-%Y}",
    }
    assert bewijs(mbo.post(URL, goed))
    anders = tekst(mbo.post(URL, {**goed, "geboortedatum": "01-01-2001"}))
    assert "Niet gevonden" in anders
    half = mbo.post(URL, {"voornaam": leerling.voornaam})
    assert half.status_code == 422
    assert "zoek met het nummer" in tekst(half)


def test_wie_er_niet_is_en_wie_niet_zichtbaar_is_krijgen_hetzelfde_antwoord(wereld: Wereld, mbo: Client) -> None:
    """Unmarked, of a regio where this mbo does not take part, and not there at all."""

    def antwoord(nummer: str) -> str:
        pagina = tekst(mbo.post(URL, {"nummer": nummer}))
        assert "Niet gevonden" in pagina
        return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", pagina)

    er_niet = antwoord(bsn(4321))
    assert antwoord(wereld.pgn["21"]["ongemarkeerd"]) == er_niet
    assert antwoord(wereld.pgn["22"]["zonder"]) == er_niet
    assert 'name="leerling"' in tekst(mbo.post(URL, {"nummer": wereld.pgn["21"]["zonder"]}))


def test_een_mbo_in_twee_regios_vindt_leerlingen_van_beide(wereld: Wereld, mbo: Client) -> None:
    beide = wereld.client(Rol.MBO_MEDEWERKER, "99MB")
    for regio in ("21", "22"):
        gevonden = beide.post(URL, {"nummer": wereld.pgn[regio]["zonder"]})
        assert beide.post(URL, {"leerling": bewijs(gevonden), "opleiding": "25180"}).status_code == 302
        with wereld.bereik(regio):
            assert Aanmelding.objects.get(overstap=wereld.o("zonder", regio)).regio_id == regio


def test_elke_zoekvraag_staat_in_het_logboek_zonder_persoon(wereld: Wereld, mbo: Client) -> None:
    mbo.post(URL, {"nummer": wereld.pgn["21"]["zonder"]})
    mbo.post(URL, {"nummer": bsn(4321)})
    with wereld.bereik():
        raak, mis = LogRegel.objects.filter(handeling="leerling.gezocht").order_by("tijdstip")
        assert (raak.uitkomst, mis.uitkomst) == ("gedaan", "niet_gevonden")
        assert LogOnderwerp.objects.get(regel=raak).leerling_id == wereld.o("zonder").leerling_id
        assert not LogOnderwerp.objects.filter(regel=mis).exists()
        assert mis.details == {"op": "nummer"}


def test_niet_te_vaak_zoeken(wereld: Wereld, mbo: Client) -> None:
    for _ in range(nieuw.HOOGSTENS):
        assert mbo.post(URL, {"nummer": bsn(4321)}).status_code == 200
    te_veel = mbo.post(URL, {"nummer": wereld.pgn["21"]["zonder"]})
    assert te_veel.status_code == 429
    assert wereld.o("zonder").leerling.achternaam not in tekst(te_veel)
    # of this person only
    collega = wereld.client(Rol.MBO_MEDEWERKER, "99MB")
    assert collega.post(URL, {"nummer": bsn(4321)}).status_code == 200


def test_een_verzonnen_leerling_kan_niet(wereld: Wereld, mbo: Client) -> None:
    """Only who was found a moment ago by this person: no id of one's own, no token of a colleague."""
    van_ander = bewijs(wereld.client(Rol.MBO_MEDEWERKER, "99MB").post(URL, {"nummer": wereld.pgn["21"]["zonder"]}))
    for leerling in (str(wereld.o("zonder").pk), van_ander, "x"):
        antwoord = mbo.post(URL, {"leerling": leerling, "opleiding": "25180"})
        assert antwoord.status_code == 422
        assert aanmeldingen(wereld, "zonder") == []


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"opleiding": ""}, "Kies een opleiding."),
        ({"opleiding": "Piloot"}, "niet gevonden"),
        ({"opleiding": "Gastheer"}, "Kies er een: 25182 Gastheer, niveau 2; 25183"),
        ({"opleiding": "25180", "datum": "2026-03-21"}, "in de toekomst"),
        ({"opleiding": "25180", "datum": "2025-08-01"}, "begin van dit overstapjaar"),
        ({"opleiding": "25180", "datum": "gisteren"}, "geen datum"),
    ],
)
def test_wat_er_mis_is_staat_erbij(wereld: Wereld, mbo: Client, velden: dict[str, str], zin: str) -> None:
    gevonden = mbo.post(URL, {"nummer": wereld.pgn["21"]["zonder"]})
    antwoord = mbo.post(URL, {"leerling": bewijs(gevonden), **velden})
    assert antwoord.status_code == 422
    assert zin in tekst(antwoord)
    assert aanmeldingen(wereld, "zonder") == []
    assert mbo.post(URL, {"leerling": bewijs(antwoord), "opleiding": "Kok"}).status_code == 302


def test_dezelfde_opleiding_of_hetzelfde_nummer_niet_nog_eens(wereld: Wereld, mbo: Client) -> None:
    gevonden = mbo.post(URL, {"nummer": wereld.pgn["21"]["aangemeld"]})
    assert "Al bij u aangemeld" in tekst(gevonden)
    token = bewijs(gevonden)
    assert mbo.post(URL, {"leerling": token, "opleiding": "25180", "aanmeld_id": "A-77"}).status_code == 302
    dubbel = mbo.post(URL, {"leerling": token, "opleiding": "25180"})
    assert (dubbel.status_code, "al aangemeld voor deze opleiding" in tekst(dubbel)) == (422, True)
    bezet = mbo.post(URL, {"leerling": token, "opleiding": "25182", "aanmeld_id": "A-77"})
    assert (bezet.status_code, "hoort al bij een andere aanmelding" in tekst(bezet)) == (422, True)
    assert len(aanmeldingen(wereld, "aangemeld")) == 2


@pytest.mark.parametrize("nummer", ["123", "999900019", "\x00"])
def test_een_nummer_dat_niet_klopt_is_een_zin(mbo: Client, nummer: str) -> None:
    antwoord = mbo.post(URL, {"nummer": nummer})
    assert antwoord.status_code == 422
