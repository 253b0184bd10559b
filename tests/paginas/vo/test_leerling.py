"""/leerlingen/<uuid> for a school: what stands there, what can be done, and who may look."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogOnderwerp, LogRegel
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from statuses.status import Status
from tests.wereld import STAND, Wereld

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def url(wereld: Wereld, naam: str, *delen: str, regio: str = "21") -> str:
    return "/".join(["/leerlingen", str(wereld.o(naam, regio).pk), *delen])


def tekst(antwoord: Any) -> str:
    return str(antwoord.content.decode()).replace("&#x27;", "'")


@pytest.mark.parametrize("naam", [n for n in STAND if not n.startswith("andere")])
def test_iedere_stand_heeft_een_pagina(wereld: Wereld, decaan: Client, naam: str) -> None:
    antwoord = decaan.get(url(wereld, naam))
    assert antwoord.status_code == 200
    overstap = wereld.o(naam)
    assert overstap.leerling.volledige_naam in tekst(antwoord)
    assert ("Nu aan zet" in tekst(antwoord)) == (overstap.status is not None)
    assert wereld.pgn["21"][naam] not in tekst(antwoord)


def test_verloop_zegt_wat_wanneer_wie_en_waarom(wereld: Wereld, decaan: Client) -> None:
    pagina = tekst(decaan.get(url(wereld, "afgewezen")))
    for stuk in ("Afgewezen", "10 februari 2026", "Mbo De Poort", "de opleiding is vol", "Overstapper"):
        assert stuk in pagina


def test_leerplicht_inschakelen_en_intrekken(wereld: Wereld, decaan: Client) -> None:
    pad, pk = url(wereld, "zonder", "leerplicht"), wereld.o("zonder").pk
    velden = {"versie": wereld.o("zonder").versie, f"tekst_{pk}": "Al drie weken niet gezien."}
    antwoord = decaan.post(pad, velden, follow=True)
    assert "Leerplicht ingeschakeld." in tekst(antwoord)
    assert "Ongedaan maken" in tekst(antwoord)
    assert wereld.o("zonder").status == Status.LP_INGESCHAKELD
    assert "Al drie weken niet gezien." in tekst(antwoord)
    decaan.post(url(wereld, "zonder", "leerplicht_weg"), {"versie": wereld.o("zonder").versie})
    assert wereld.o("zonder").status == Status.ZONDER_AANMELDING


def test_twee_tegelijk_de_tweede_hoort_wat_er_veranderde(wereld: Wereld, decaan: Client) -> None:
    formulier = decaan.get(url(wereld, "zonder", "vervolgkeuze"))
    wereld.wijzig(wereld.o("zonder"), Rol.DECAAN, Status.LP_INGESCHAKELD)
    velden = {
        "versie": formulier.context["versie"], "volgnr": formulier.context["overstap"].volgnr,
        "reden": "havo", "zekerheid": "zeker",
    }  # fmt: skip
    antwoord = decaan.post(url(wereld, "zonder", "vervolgkeuze"), velden)
    assert antwoord.status_code == 409
    assert "Intussen gewijzigd" in tekst(antwoord)
    assert "LP ingeschakeld" in tekst(antwoord)
    assert wereld.o("zonder").spoor_vo is None
    # The form is there with what was filled in; the second time it holds.
    opnieuw = decaan.post(url(wereld, "zonder", "vervolgkeuze"), {**velden, "versie": antwoord.context["versie"]})
    assert opnieuw.status_code == 302


def test_particulier_vraagt_of_de_leerling_naar_een_mbo_gaat(wereld: Wereld, decaan: Client) -> None:
    def leg_vast(mbo: str, reden: str = "particulier") -> str:
        formulier = decaan.get(url(wereld, "zonder", "vervolgkeuze"))
        assert "Gaat de leerling naar een mbo?" in tekst(formulier)
        velden = {"versie": formulier.context["versie"], "reden": reden, "zekerheid": "zeker", "naar_mbo": mbo}
        return tekst(decaan.post(url(wereld, "zonder", "vervolgkeuze"), velden, follow=True))

    assert "Gaat naar een mbo: nog niet bekend" in leg_vast("")
    assert "Gaat naar een mbo: nee" in leg_vast("nee")
    assert wereld.o("zonder").vo_naar_mbo is False
    # Of another choice the answer speaks for itself.
    assert "Gaat naar een mbo" not in leg_vast("ja", "havo")
    assert wereld.o("zonder").vo_naar_mbo is None


@pytest.mark.parametrize("versie", ["", "abc", "-1", "99999999999999", "²"])
def test_een_rare_versie_is_geen_vrijbrief(wereld: Wereld, decaan: Client, versie: str) -> None:
    velden = {"versie": versie, "reden": "havo", "zekerheid": "zeker"}
    assert decaan.post(url(wereld, "zonder", "vervolgkeuze"), velden).status_code == 409
    assert wereld.o("zonder").spoor_vo is None


def test_bladeren_door_de_lijst_met_filters(wereld: Wereld, decaan: Client) -> None:
    lijst = decaan.get("/leerlingen?klas=4C")
    adressen = [r.url for r in lijst.context["rijen"]]
    eerste = decaan.get(adressen[0])
    assert f"1 van {len(adressen)}" in tekst(eerste)
    assert (
        eerste.context["volgende_url"] == adressen[1].replace("&jaar=2025-2026", "")
        or "klas=4C" in eerste.context["volgende_url"]
    )
    laatste = decaan.get(adressen[-1])
    assert f"{len(adressen)} van {len(adressen)}" in tekst(laatste)
    assert laatste.context["volgende_url"] == ""


def test_nummer_tonen_is_een_aparte_vastgelegde_handeling(wereld: Wereld, decaan: Client) -> None:
    assert decaan.get(url(wereld, "zonder", "nummer")).status_code == 405
    antwoord = decaan.post(url(wereld, "zonder", "nummer"))
    assert wereld.pgn["21"]["zonder"] in tekst(antwoord)
    assert "no-store" in antwoord["Cache-Control"]
    with bereik(["21"]):
        regel = LogRegel.objects.get(handeling="pgn.zien")
        assert LogOnderwerp.objects.filter(regel=regel, leerling_id=wereld.o("zonder").leerling_id).exists()
    assert wereld.client(Rol.MANAGER_VO).post(url(wereld, "zonder", "nummer")).status_code == 403


def test_kijken_wordt_vastgelegd(wereld: Wereld, decaan: Client) -> None:
    decaan.get(url(wereld, "zonder"))
    with bereik(["21"]):
        regel = LogRegel.objects.get(handeling="leerling.zien")
        assert [o.leerling_id for o in LogOnderwerp.objects.filter(regel=regel)] == [wereld.o("zonder").leerling_id]


@pytest.mark.parametrize("deel", [(), ("vervolgkeuze",), ("toveren",)])
def test_vreemd_en_afwezig_zijn_hetzelfde(wereld: Wereld, decaan: Client, deel: tuple[str, ...]) -> None:
    antwoorden = [
        decaan.get(url(wereld, "andere_school", *deel)),
        decaan.get(url(wereld, "zonder", *deel, regio="22")),
        decaan.get("/".join(["/leerlingen", str(uuid.uuid4()), *deel])),
    ]
    assert {a.status_code for a in antwoorden} == {404}
    zonder_csrf = {re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", tekst(a)) for a in antwoorden}
    assert len(zonder_csrf) == 1


def test_manager_ziet_geen_teksten_en_legt_niets_vast(wereld: Wereld) -> None:
    manager = wereld.client(Rol.MANAGER_VO)
    assert "Niet bereikbaar na drie pogingen." in tekst(wereld.client(Rol.DECAAN).get(url(wereld, "lp_ingeschakeld")))
    pagina = tekst(manager.get(url(wereld, "lp_ingeschakeld")))
    assert "Niet bereikbaar na drie pogingen." not in pagina
    assert manager.get(url(wereld, "zonder", "vervolgkeuze")).status_code == 403


def _vragen(client: Client, pad: str) -> int:
    """The queries of a page, without the statements that open and close its transaction."""
    with CaptureQueriesContext(connection) as vangst:
        assert client.get(pad).status_code == 200
    huishouding = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    return len([q for q in vangst if not q["sql"].startswith(huishouding)])


def test_even_veel_vragen_bij_een_en_bij_twaalf_aanmeldingen(wereld: Wereld, decaan: Client) -> None:
    overstap = wereld.overstap()
    wereld.aanmelding(overstap, "99MA", Status.INTAKE)
    pad = f"/leerlingen/{overstap.pk}"
    decaan.get(pad)
    weinig = _vragen(decaan, pad)
    for i in range(11):
        wereld.aanmelding(overstap, "99MB", Status.INTAKE, Status.AFGEMELD, opleiding=f"Opleiding {i}")
    assert _vragen(decaan, pad) == weinig <= 32
