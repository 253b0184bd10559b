"""Acts on chosen rows of /leerlingen: the form, the result per leerling, and everything that can be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from accounts.rechten import Rol
from statuses.models import Toelichting
from statuses.status import Status
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.test import Client

URL = "/leerlingen/actie"


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def kies(wereld: Wereld, *namen: str) -> list[str]:
    return [str(wereld.o(n).pk) for n in namen]


def alles_van(decaan: Client, vraag: str) -> dict[str, str]:
    """What the box "all of this filter" sends along from the page."""
    lijst = decaan.get(f"/leerlingen?{vraag}").context
    return {"alles": "ja", "vraag": lijst["plaats"], "aantal": str(lijst["totaal"]), "afdruk": lijst["afdruk"]}


def tekst(antwoord: Any) -> str:
    return str(antwoord.content.decode()).replace("&#x27;", "'")


def test_vervolgkeuze_voor_twee(wereld: Wereld, decaan: Client) -> None:
    ids = kies(wereld, "zonder", "aangemeld")
    vraag = decaan.post(URL, {"actie": "vervolgkeuze", "kies": ids})
    assert vraag.status_code == 200
    assert "Wat gaat de leerling doen?" in tekst(vraag)
    klaar = decaan.post(
        URL, {"actie": "vervolgkeuze", "bevestigd": "ja", **wereld.kies(ids), "reden": "havo", "zekerheid": "zeker"}
    )
    assert klaar.status_code == 200
    assert "2 gelukt" in tekst(klaar)
    assert wereld.o("zonder").status == Status.VERVOLGKEUZE_VO
    # An open aanmelding leads over the vervolgkeuze; the spoor itself is set.
    assert wereld.o("aangemeld").spoor_vo == Status.VERVOLGKEUZE_VO


def test_de_uitslag_kan_ongedaan(wereld: Wereld, decaan: Client) -> None:
    ids = kies(wereld, "zonder")
    klaar = decaan.post(
        URL, {"actie": "vervolgkeuze", "bevestigd": "ja", **wereld.kies(ids), "reden": "havo", "zekerheid": "zeker"}
    )
    assert "Ongedaan maken" in tekst(klaar)
    decaan.post(URL, {"actie": "vervolgkeuze_weg", "bevestigd": "ja", **wereld.kies(ids)})
    assert wereld.o("zonder").status == Status.ZONDER_AANMELDING


@pytest.mark.parametrize(
    ("velden", "zin"),
    [({}, "Kies wat de leerling gaat doen."), ({"reden": "havo"}, "Kies of dit zeker is of verwacht."),
     ({"reden": "anders", "zekerheid": "zeker"}, "Schrijf kort wat de leerling gaat doen."),
     ({"reden": "maan", "zekerheid": "zeker"}, "maan")],
)  # fmt: skip
def test_een_half_formulier_doet_niets(wereld: Wereld, decaan: Client, velden: dict[str, str], zin: str) -> None:
    ids = kies(wereld, "zonder")
    antwoord = decaan.post(URL, {"actie": "vervolgkeuze", "bevestigd": "ja", **wereld.kies(ids), **velden})
    assert antwoord.status_code == 422
    assert zin in tekst(antwoord)
    assert wereld.o("zonder").spoor_vo is None


def test_leerplicht_vraagt_een_tekst_per_leerling(wereld: Wereld, decaan: Client) -> None:
    een, twee = kies(wereld, "zonder", "afgewezen")
    vraag = decaan.post(URL, {"actie": "leerplicht", "kies": [een, twee]})
    assert f"tekst_{een}" in tekst(vraag)
    assert f"tekst_{twee}" in tekst(vraag)
    half = {
        "actie": "leerplicht",
        "bevestigd": "ja",
        **wereld.kies([een, twee]),
        f"tekst_{een}": "Komt niet op gesprek.",
    }
    assert decaan.post(URL, half).status_code == 422
    assert wereld.o("zonder").spoor_leerplicht is None
    klaar = decaan.post(URL, {**half, f"tekst_{twee}": "Reageert niet."})
    assert "2 gelukt" in tekst(klaar)
    assert wereld.o("afgewezen").status == Status.LP_INGESCHAKELD
    with wereld.bereik("21"):
        assert Toelichting.objects.filter(tekst="Reageert niet.", gebeurtenis__overstap_id=twee).exists()


def test_bij_bezwaar_gaat_geen_tekst_mee(wereld: Wereld, decaan: Client) -> None:
    pk = wereld.overstap(bezwaar=True).pk
    vraag = decaan.post(URL, {"actie": "leerplicht", "kies": [pk]})
    assert f"tekst_{pk}" not in tekst(vraag)
    decaan.post(URL, {"actie": "leerplicht", "bevestigd": "ja", **wereld.kies([pk])})
    with wereld.bereik("21"):
        from statuses.models import Overstap

        assert Overstap.objects.get(pk=pk).status == Status.LP_INGESCHAKELD


def test_een_hele_klas_aanvinken_met_bevestiging_voor_havo(wereld: Wereld, decaan: Client) -> None:
    from statuses.models import Overstap

    gewoon = wereld.overstap(gemarkeerd=False, klas="5H").pk
    havo = wereld.overstap(gemarkeerd=False, klas="5H", onderwijssoort="havo", leerweg=None).pk
    hele_klas = {"actie": "aanvinken", **alles_van(decaan, "gemarkeerd=nee&klas=5H")}
    vraag = decaan.post(URL, hele_klas)
    assert "kans is groot" in tekst(vraag)
    doe = {"actie": "aanvinken", "bevestigd": "ja", **wereld.kies([gewoon, havo])}
    assert decaan.post(URL, doe).status_code == 422
    assert "2 gelukt" in tekst(decaan.post(URL, {**doe, "kans": "on"}))
    with wereld.bereik("21"):
        assert Overstap.objects.filter(pk__in=[gewoon, havo], gemarkeerd_sinds=wereld.vandaag).count() == 2


def test_alles_van_het_filter_weigert_als_er_intussen_iemand_bij_kwam(wereld: Wereld, decaan: Client) -> None:
    alles = {"actie": "vervolgkeuze", **alles_van(decaan, "status=zonder_aanmelding")}
    assert decaan.post(URL, alles).status_code == 200
    wereld.overstap()
    antwoord = decaan.post(URL, alles)
    assert antwoord.status_code == 409
    assert "gaf eerst 1 leerlingen en nu 2" in tekst(antwoord)


def test_alles_van_het_filter_weigert_ook_evenveel_anderen(wereld: Wereld, decaan: Client) -> None:
    alles = {"actie": "vervolgkeuze", **alles_van(decaan, "status=zonder_aanmelding")}
    wereld.overstap()
    wereld.wijzig(wereld.o("zonder"), Rol.DECAAN, Status.LP_INGESCHAKELD, tekst="Komt niet.")
    antwoord = decaan.post(URL, alles)
    assert antwoord.status_code == 409
    assert "nog steeds 1 leerling, maar het zijn niet meer dezelfde" in tekst(antwoord)


def test_tussen_de_vraag_en_het_ja_wie_erbij_kwam_en_wie_eruit_ging(wereld: Wereld, decaan: Client) -> None:
    weg = wereld.o("zonder")
    vraag = decaan.post(URL, {"actie": "vervolgkeuze", **alles_van(decaan, "status=zonder_aanmelding")})
    ja = {
        "actie": "vervolgkeuze", "bevestigd": "ja", "alles": "ja", "vraag": "status=zonder_aanmelding",
        "kies": vraag.context["kies"], "niet": vraag.context["niet_ids"], "gezien": vraag.context["gezien"], "reden": "havo", "zekerheid": "zeker",
    }  # fmt: skip
    nieuw = wereld.overstap(achternaam="Nieuwkomer")
    wereld.wijzig(weg, Rol.DECAAN, Status.LP_INGESCHAKELD, tekst="Komt niet.")
    antwoord = decaan.post(URL, ja)
    assert antwoord.status_code == 409
    assert {kop: namen for kop, namen, _ in antwoord.context["groepen"]} == {
        "Erbij gekomen": [nieuw.leerling.lijstnaam],
        "Staat er niet meer in": [weg.leerling.lijstnaam],
    }
    assert "Er is niets gewijzigd" in tekst(antwoord)
    assert wereld.o("zonder").spoor_vo is None


def test_alles_van_het_filter_met_wie_het_niet_kan_gaat_door(wereld: Wereld, decaan: Client) -> None:
    vraag = decaan.post(URL, {"actie": "leerplicht", **alles_van(decaan, "klas=4C")})
    assert vraag.context["niet_ids"]
    kies = vraag.context["kies"]
    ja = {"actie": "leerplicht", "bevestigd": "ja", "alles": "ja", "vraag": "klas=4C", "kies": kies, "gezien": vraag.context["gezien"],
          "niet": vraag.context["niet_ids"], **{f"tekst_{pk}": "Hulp." for pk in kies.split(",")}}  # fmt: skip
    assert f"{len(kies.split(','))} gelukt" in tekst(decaan.post(URL, ja))


def test_wie_het_niet_kan_staat_erbij_met_de_regel(wereld: Wereld, decaan: Client) -> None:
    ids = kies(wereld, "zonder", "lp_in_behandeling")
    vraag = decaan.post(URL, {"actie": "leerplicht", "kies": ids})
    assert "Bij deze leerlingen kan het niet" in tekst(vraag)
    assert wereld.o("lp_in_behandeling").leerling.lijstnaam in tekst(vraag)
    # Sent all the same: the one is refused, the other done.
    klaar = decaan.post(
        URL, {"actie": "leerplicht", "bevestigd": "ja", **wereld.kies(ids), **{f"tekst_{i}": "Hulp." for i in ids}}
    )
    assert "1 gelukt, 1 niet" in tekst(klaar)
    assert wereld.o("lp_in_behandeling").status == Status.LP_IN_BEHANDELING


def test_niets_gekozen_gaat_terug_met_een_zin(decaan: Client) -> None:
    antwoord = decaan.post(URL, {"actie": "vervolgkeuze", "vraag": "klas=4A"}, follow=True)
    assert antwoord.redirect_chain == [("/leerlingen?klas=4A", 302)]
    assert "Kies eerst één of meer leerlingen" in tekst(antwoord)


@pytest.mark.parametrize("wie", ["andere_school", "andere_school_ongemarkeerd"])
def test_een_leerling_van_een_andere_school_is_er_niet(wereld: Wereld, decaan: Client, wie: str) -> None:
    velden = {"actie": "vervolgkeuze", "bevestigd": "ja", "reden": "havo", "zekerheid": "zeker"}
    assert decaan.post(URL, {**velden, **wereld.kies(kies(wereld, "zonder", wie))}).status_code == 404
    assert wereld.o("zonder").spoor_vo is None


@pytest.mark.parametrize(
    ("velden", "zin"),
    [({"actie": "toveren"}, "Kies onder de lijst"), ({"actie": "vervolgkeuze", "kies": "x"}, "bestaat niet")],
)
def test_onzin_krijgt_een_zin(decaan: Client, velden: dict[str, str], zin: str) -> None:
    antwoord = decaan.post(URL, velden)
    assert antwoord.status_code == 400
    assert zin in tekst(antwoord)


def test_een_manager_mag_geen_vervolgkeuze_vastleggen(wereld: Wereld) -> None:
    velden = {"actie": "vervolgkeuze", "kies": kies(wereld, "zonder")}
    assert wereld.client(Rol.MANAGER_VO).post(URL, velden).status_code == 403


def test_ophalen_kan_niet(decaan: Client) -> None:
    assert decaan.get(URL).status_code == 405


def test_zonder_csrf_gebeurt_er_niets(wereld: Wereld) -> None:
    client = wereld.client(Rol.DECAAN, enforce_csrf_checks=True)
    velden = {
        "actie": "vervolgkeuze",
        "bevestigd": "ja",
        **wereld.kies(kies(wereld, "zonder")),
        "reden": "havo",
        "zekerheid": "zeker",
    }
    assert client.post(URL, velden).status_code == 403
    assert wereld.o("zonder").spoor_vo is None
