"""Two people at the same leerling at once: the second hears what changed, loses nothing that was typed, and may confirm again."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from accounts.rechten import Rol
from statuses.actions import record_geinformeerd
from statuses.models import Gebeurtenis, Toelichting
from statuses.status import Status
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.test import Client


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def verborgen(antwoord: Any) -> dict[str, list[str]]:
    """The hidden fields of the last form on a page, as a browser would send them."""
    uit: dict[str, list[str]] = {}
    formulier = antwoord.content.decode().rsplit("<form", 1)[1]
    for veld in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", formulier):
        naam, waarde = re.search(r'name="([^"]*)"', veld), re.search(r'value="([^"]*)"', veld)
        if naam and waarde and naam[1] != "csrfmiddlewaretoken":
            uit.setdefault(naam[1], []).append(unescape(waarde[1]))
    return uit


def pad(wereld: Wereld, naam: str, code: str) -> str:
    return f"/leerlingen/{wereld.o(naam).pk}/{code}"


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def test_de_tweede_hoort_wie_wat_wanneer_en_kan_opnieuw_bevestigen(wereld: Wereld, decaan: Client) -> None:
    leerplicht = wereld.client(Rol.LEERPLICHT, "0363")
    open_bij_decaan = decaan.get(pad(wereld, "afgewezen", "leerplicht_weg"))
    assert open_bij_decaan.status_code == 302, "nothing to withdraw yet"
    veld = f"tekst_{wereld.o('afgewezen').pk}"
    van_decaan = verborgen(decaan.get(pad(wereld, "afgewezen", "vervolgkeuze")))
    bij_lp = leerplicht.get(pad(wereld, "afgewezen", "in_behandeling"))
    assert leerplicht.post(pad(wereld, "afgewezen", "in_behandeling"), verborgen(bij_lp)).status_code == 302

    keuze = {"reden": "anders", "zekerheid": "verwacht", "tekst": "Denkt na over een jaar werken."}
    tweede = decaan.post(pad(wereld, "afgewezen", "vervolgkeuze"), {**van_decaan, **keuze})
    assert tweede.status_code == 409
    for stuk in ("Intussen gewijzigd", "Gemeente Amsterdam", "LP in behandeling", "20 mrt", keuze["tekst"]):
        assert stuk in tekst(tweede), stuk
    assert wereld.o("afgewezen").spoor_vo is None
    opnieuw = decaan.post(pad(wereld, "afgewezen", "vervolgkeuze"), {**verborgen(tweede), **keuze})
    assert opnieuw.status_code == 302
    assert wereld.o("afgewezen").spoor_vo == Status.VERVOLGKEUZE_VO
    assert wereld.o("afgewezen").spoor_leerplicht == Status.LP_IN_BEHANDELING
    assert veld not in tekst(tweede)


def test_kan_het_niet_meer_dan_is_er_geen_knop_en_staat_de_tekst_er_nog(wereld: Wereld, decaan: Client) -> None:
    ander = wereld.client(Rol.DECAAN)
    veld = f"tekst_{wereld.o('zonder').pk}"
    mijn = verborgen(decaan.get(pad(wereld, "zonder", "leerplicht")))
    van_ander = verborgen(ander.get(pad(wereld, "zonder", "leerplicht")))
    assert ander.post(pad(wereld, "zonder", "leerplicht"), {**van_ander, veld: "De eerste."}).status_code == 302
    tweede = decaan.post(pad(wereld, "zonder", "leerplicht"), {**mijn, veld: "De tweede, met meer erin."})
    assert tweede.status_code == 409
    assert "Dit kan nu niet meer." in tekst(tweede)
    assert "De tweede, met meer erin." in tekst(tweede)
    assert "Schakel leerplicht in</button>" not in tekst(tweede)
    with wereld.bereik("21"):
        teksten = Toelichting.objects.filter(gebeurtenis__overstap=wereld.o("zonder")).values_list("tekst", flat=True)
        assert list(teksten) == ["De eerste."]


def test_een_fout_in_het_formulier_maakt_een_oude_blik_niet_nieuw(wereld: Wereld, decaan: Client) -> None:
    mijn = verborgen(decaan.get(pad(wereld, "zonder", "vervolgkeuze")))
    wereld.wijzig(wereld.o("zonder"), Rol.DECAAN, Status.LP_INGESCHAKELD)
    half = decaan.post(pad(wereld, "zonder", "vervolgkeuze"), {**mijn, "reden": "havo"})
    assert half.status_code == 422
    heel = {**verborgen(half), "reden": "havo", "zekerheid": "zeker"}
    assert decaan.post(pad(wereld, "zonder", "vervolgkeuze"), heel).status_code == 409
    assert wereld.o("zonder").spoor_vo is None


def test_wat_geen_status_is_wordt_ook_gezegd(wereld: Wereld, decaan: Client) -> None:
    mijn = verborgen(decaan.get(pad(wereld, "zonder", "vervolgkeuze")))
    with wereld.bereik("21"):
        record_geinformeerd([wereld.o("zonder").pk], None, actor=wereld.actor(Rol.DECAAN))
    keuze = {**mijn, "reden": "havo", "zekerheid": "zeker"}
    tweede = decaan.post(pad(wereld, "zonder", "vervolgkeuze"), keuze)
    assert tweede.status_code == 409
    assert "Gewijzigd: geïnformeerd, van ja naar onbekend" in tekst(tweede)


def test_een_mbo_wordt_niet_gestoord_door_wat_het_niet_ziet_en_hoort_het_ook_niet(wereld: Wereld) -> None:
    mbo = wereld.client(Rol.MBO_MEDEWERKER, "99MA")
    url = f"{pad(wereld, 'intake', 'voorlopig')}?aanmelding={wereld.a('intake').pk}"
    mijn = verborgen(mbo.get(url))
    wereld.wijzig(wereld.o("intake"), Rol.DECAAN, Status.VERVOLGKEUZE_VO, reden_code="havo", zekerheid="zeker")
    assert mbo.post(url, {**mijn, "datum": "2026-03-20"}).status_code == 302
    assert wereld.a("intake").status_nu == Status.VOORLOPIG


def test_gestart_of_niet_door_twee_mensen(wereld: Wereld) -> None:
    wereld.op(date(2026, 9, 10))
    een, twee = wereld.client(Rol.MBO_MEDEWERKER, "99MA"), wereld.client(Rol.MBO_MEDEWERKER, "99MA")
    deel = f"?aanmelding={wereld.a('definitief').pk}"
    wel, niet = pad(wereld, "definitief", "gestart") + deel, pad(wereld, "definitief", "niet_gestart") + deel
    van_een, van_twee = verborgen(een.get(wel)), verborgen(twee.get(niet))
    assert een.post(wel, van_een).status_code == 302
    tweede = twee.post(niet, van_twee)
    assert tweede.status_code == 409
    assert "Mbo De Poort: nu gestart" in tekst(tweede)
    assert wereld.a("definitief").aanwezigheid == "show"
    assert twee.post(niet, verborgen(tweede)).status_code == 302
    assert wereld.a("definitief").aanwezigheid == "no_show"


def test_in_een_bulk_gaat_de_rest_door_en_kan_de_ene_daarna(wereld: Wereld, decaan: Client) -> None:
    mbo = wereld.client(Rol.MBO_MEDEWERKER, "99MA")
    ids = {n: str(wereld.o(n).pk) for n in ("zonder", "aangemeld", "intake")}
    teksten = {f"tekst_{pk}": f"Tekst bij {naam}." for naam, pk in ids.items()}
    formulier = decaan.post("/leerlingen/actie", {"actie": "leerplicht", "kies": list(ids.values())})
    mijn = {**verborgen(formulier), **teksten}
    url = f"{pad(wereld, 'intake', 'definitief')}?aanmelding={wereld.a('intake').pk}"
    assert mbo.post(url, {**verborgen(mbo.get(url)), "datum": "2026-03-20"}).status_code == 302

    klaar = decaan.post("/leerlingen/actie", mijn)
    assert klaar.context["uitslag"]["gelukt"] == 2
    assert "Intussen gewijzigd: nu Definitief." in tekst(klaar)
    assert "Mbo De Poort" in tekst(klaar)
    assert "Tekst bij intake." in tekst(klaar)
    assert wereld.o("intake").spoor_leerplicht is None
    nog_eens = klaar.content.decode().split("Intussen gewijzigd</h2>")[1].split("</form>")[0]
    velden = {
        n: [unescape(w) for w in re.findall(rf'name="{n}"\s+value="([^"]*)"', nog_eens)]
        for n in ("actie", "bevestigd", "kies", "gezien", f"tekst_{ids['intake']}")
    }
    assert decaan.post("/leerlingen/actie", velden).context["uitslag"]["gelukt"] == 1
    assert wereld.o("intake").spoor_leerplicht == Status.LP_INGESCHAKELD
    with wereld.bereik("21"):
        assert Toelichting.objects.filter(tekst="Tekst bij intake.").exists()


def test_geknoei_met_wat_gezien_is_telt_als_gewijzigd(wereld: Wereld, decaan: Client) -> None:
    pk = wereld.o("zonder").pk
    for gezien in ("", "o=x", f"o={pk}&v=²&n=1", f"o={pk}&v=0&n=0&klas=9Z", "o" * 9000):
        velden = {"gezien": gezien, "reden": "havo", "zekerheid": "zeker"}
        assert decaan.post(pad(wereld, "zonder", "vervolgkeuze"), velden).status_code == 409
    assert wereld.o("zonder").spoor_vo is None


def test_een_bulk_zonder_wat_gezien_is_doet_niets(wereld: Wereld, decaan: Client) -> None:
    goed = {"actie": "vervolgkeuze", "bevestigd": "ja", "reden": "havo", "zekerheid": "zeker"}
    met = wereld.kies([wereld.o(n).pk for n in ("zonder", "aangemeld")])
    for gezien in ([], ["geknoei"], [g for g in met["gezien"] if str(wereld.o("aangemeld").pk) in g]):
        klaar = decaan.post("/leerlingen/actie", {**goed, **met, "kies": met["kies"][:1], "gezien": gezien})
        assert klaar.context["uitslag"]["gelukt"] == 0
        assert "Intussen gewijzigd" in tekst(klaar)
        assert wereld.o("zonder").spoor_vo is None
    klaar = decaan.post("/leerlingen/actie", {**goed, **met})
    assert klaar.context["uitslag"]["gelukt"] == 2
    assert wereld.o("zonder").spoor_vo == Status.VERVOLGKEUZE_VO


@pytest.mark.django_db(transaction=True)
def test_op_hetzelfde_moment_wint_er_een(wereld: Wereld) -> None:
    """Both forms are sent at once, over two connections: the lock puts one behind the other, and only one is written."""
    clients = [wereld.client(Rol.DECAAN) for _ in range(2)]
    url, start = pad(wereld, "zonder", "vervolgkeuze"), threading.Barrier(2)
    posts = [
        {**verborgen(client.get(url)), "reden": reden, "zekerheid": "zeker"}
        for client, reden in zip(clients, ("havo", "vavo"), strict=True)
    ]

    def stuur(nr: int) -> int:
        start.wait(timeout=20)
        try:
            return int(clients[nr].post(url, posts[nr]).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as samen:
        codes = list(samen.map(stuur, range(2)))
    assert sorted(codes) == [302, 409]
    with wereld.bereik("21"):
        keuzes = Gebeurtenis.objects.filter(overstap=wereld.o("zonder"), naar=Status.VERVOLGKEUZE_VO)
        assert [g.reden_code for g in keuzes] == [posts[codes.index(302)]["reden"]]
