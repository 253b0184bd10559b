"""/vandaag: every role has one, its counts are those of the lists behind it, and they come in one query."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import LogOnderwerp, LogRegel, Regio
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.rls import bereik
from statuses.models import Levering
from statuses.regiokalender import kalenders
from statuses.status import Status
from statuses.tellingen import geregistreerd, rijen, tel_stappen
from statuses.werklijsten import PER_ID, VAN_BOVEN, WERKLIJSTEN, Op, stappen_van
from tests.wereld import JAAR, Wereld

if TYPE_CHECKING:
    from django.test import Client

URL = "/vandaag"


@pytest.mark.parametrize("rol", list(Rol))
def test_iedere_rol_heeft_een_vandaag(wereld: Wereld, rol: Rol) -> None:
    antwoord = wereld.client(rol).get(URL)
    assert antwoord.status_code == 200
    assert "Nog 12 dagen tot 1 april" in antwoord.content.decode()


def test_wie_niet_is_ingelogd_gaat_naar_inloggen(wereld: Wereld, client) -> None:  # type: ignore[no-untyped-def]
    antwoord = client.get(URL)
    assert antwoord.status_code == 302
    assert antwoord.url.startswith("/inloggen")


def test_iets_sturen_naar_vandaag_kan_niet(wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.DECAAN).post(URL)
    assert antwoord.status_code == 405
    assert antwoord["Allow"] == "GET"


def test_een_onbekend_jaar_zegt_hoe_het_moet(wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.DECAAN).get(URL, {"jaar": "2025"})
    assert antwoord.status_code == 400
    assert "zoals 2025-2026" in antwoord.content.decode()


@pytest.mark.parametrize("rol", [Rol.DECAAN, Rol.MBO_MEDEWERKER, Rol.LEERPLICHT, Rol.AANJAGER])
@pytest.mark.parametrize("dag", [date(2025, 11, 3), date(2026, 3, 20), date(2026, 6, 20), date(2026, 10, 5)])
def test_tellingen_zijn_de_rijen_en_kosten_een_query(wereld: Wereld, rol: Rol, dag: date) -> None:
    wereld.op(dag)
    actor = wereld.actor(rol)
    k = kalenders(["21"], [JAAR])["21", JAAR]
    stappen = stappen_van(rol)
    with bereik(actor.regios):
        with CaptureQueriesContext(
            connection,
        ) as vangst:
            tel = tel_stappen(stappen, actor, k, dag)
        assert len(vangst) == 1
        for stap in stappen:
            if stap.telt and (stap.op not in VAN_BOVEN or stap.id in geregistreerd()):
                assert tel.get(stap.id, 0) == rijen(stap, actor, k, dag).count(), stap.id
    assert any(tel.values())


@pytest.mark.parametrize(
    "stap",
    [s for s in WERKLIJSTEN if s.pagina == "leerlingen" and s.op == Op.OVERSTAP and Rol.DECAAN in s.rollen],
    ids=lambda s: s.id,
)
def test_de_lijst_van_een_stap_toont_wat_vandaag_telt(wereld: Wereld, stap) -> None:  # type: ignore[no-untyped-def]
    actor = wereld.actor(Rol.DECAAN)
    k = kalenders(["21"], [JAAR])["21", JAAR]
    with bereik(actor.regios):
        tel = tel_stappen([stap], actor, k, wereld.vandaag).get(stap.id, 0)
    antwoord = wereld.client(Rol.DECAAN).get("/leerlingen", {"stap": stap.id})
    assert antwoord.status_code == 200
    assert antwoord.context["totaal"] == tel
    assert len(antwoord.context["rijen"]) == tel


def test_in_het_najaar_staan_beide_jaren_er_elk_met_een_faselijn(wereld: Wereld) -> None:
    wereld.op(date(2026, 9, 20))
    client = wereld.client(Rol.DECAAN)
    antwoord = client.get(URL)
    # The jaar that closes first: its dates come first.
    assert [b["naam"] for b in antwoord.context["blokken"]] == ["2025-2026", "2026-2027"]
    assert [b["fase"].nummer for b in antwoord.context["blokken"]] == [1, 2]
    tekst = antwoord.content.decode()
    assert tekst.count('aria-label="Fase van het overstapjaar"') == 2
    assert "Nog niet definitief geplaatst" in tekst
    assert "Leerlingen aanleveren" in tekst
    een = client.get(URL, {"jaar": "2025-2026"})
    assert [b["naam"] for b in een.context["blokken"]] == ["2025-2026"]
    assert "Leerlingen aanleveren" not in een.content.decode()


@pytest.mark.parametrize("dag", [date(2026, 8, 31), date(2026, 10, 16)])
def test_daarbuiten_staat_er_een_jaar(wereld: Wereld, dag: date) -> None:
    wereld.op(dag)
    assert len(wereld.client(Rol.DECAAN).get(URL).context["blokken"]) == 1


def _vragen(client: Client) -> list[str]:
    """The queries of a second look, without the statements that open and close its transaction."""
    client.get(URL)
    with CaptureQueriesContext(connection) as vangst:
        client.get(URL)
    return [q["sql"] for q in vangst if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]


@pytest.mark.parametrize("rol", list(Rol))
@pytest.mark.parametrize("dag", [date(2026, 2, 12), date(2026, 9, 20)])
def test_hoogstens_tien_vragen_aan_de_database(wereld: Wereld, rol: Rol, dag: date) -> None:
    wereld.op(dag)  # somebody fell back, which is logged; on 20 September two jaren are open
    wereld.aanmelding(wereld.o("zonder"), "99MA", Status.INTAKE, Status.AFGEMELD)
    vragen = _vragen(wereld.client(rol))
    assert len(vragen) <= 10, "\n".join(vragen)


def test_wie_terugviel_staat_er_en_de_blik_in_het_logboek(wereld: Wereld) -> None:
    wereld.op(date(2026, 2, 12))
    antwoord = wereld.client(Rol.DECAAN).get(URL)
    wie = wereld.o("afgewezen")
    (regel,) = [t for t in antwoord.context["terugval"]["rijen"] if t["naam"] == wie.leerling.volledige_naam]
    assert regel["toelichting"] == "was aangemeld · reden: de opleiding is vol"
    with bereik(["21"]):
        gezien = LogRegel.objects.get(handeling="lijst.zien", object_soort="vandaag")
        assert wie.leerling_id in {o.leerling_id for o in LogOnderwerp.objects.filter(regel=gezien)}


def test_een_mbo_dat_te_lang_niets_stuurde_valt_op(wereld: Wereld) -> None:
    with bereik(["21"]):
        for code, dagen in (("99MA", 0), ("99MB", 5)):
            mbo = wereld.organisaties[code]
            toen = klok.nu() - timedelta(days=dagen)
            Levering.objects.create(regio_id="21", organisatie=mbo, soort="aanmeldingen", ontvangen_op=toen)
    tekst = wereld.client(Rol.DECAAN).get(URL).content.decode()
    assert "Mbo Het Anker · 5 dagen geleden (afspraak: 3 keer per week)" in tekst
    assert "Mbo De Poort · vandaag" in tekst
    assert "Het Anker" not in wereld.client(Rol.MBO_MEDEWERKER, "99MA").get(URL).content.decode()


def test_sinds_het_vorige_bezoek(wereld: Wereld) -> None:
    """Who fell back before the last visit is not new; who did after it stands there, and in the list of the signaal."""
    client = wereld.client(Rol.DECAAN)
    eerste = client.get(URL)
    assert "in de laatste week" in eerste.content.decode()
    assert eerste.context["terugval"]["rijen"]
    wereld.op(date(2026, 3, 23))
    tweede = client.get(URL)
    assert "sinds uw laatste bezoek" in tweede.content.decode()
    assert tweede.context["terugval"]["rijen"] == []
    assert client.get("/leerlingen?signaal=terugval").context["totaal"] == 0
    wereld.aanmelding(wereld.o("zonder"), "99MA", Status.INTAKE, Status.AFGEMELD)
    derde = client.get(URL)
    assert [t["naam"] for t in derde.context["terugval"]["rijen"]] == [wereld.o("zonder").leerling.volledige_naam]
    assert client.get("/leerlingen?signaal=terugval").context["totaal"] == 1


def test_een_stap_om_te_lezen_heeft_geen_getal_en_is_nooit_klaar(wereld: Wereld) -> None:
    for rol, stap in (
        (Rol.MANAGER_VO, "MV1"),
        (Rol.MBO_MANAGER, "MB7"),
        (Rol.LEERPLICHT, "LP4"),
        (Rol.AANJAGER, "AJ5"),
    ):
        (blok,) = wereld.client(rol).get(URL).context["blokken"]
        assert PER_ID[stap].naam in [r["naam"] for r in blok["lezen"]]
        assert PER_ID[stap].naam not in [r["naam"] for r in (*blok["stappen"], *blok["klaar"])]


@pytest.mark.parametrize(
    ("dag", "kop"),
    [(date(2026, 3, 20), "Nog 12 dagen tot 1 april"), (date(2026, 3, 31), "Nog 1 dag tot 1 april"),
     (date(2026, 4, 1), "Vandaag is het 1 april"), (date(2026, 9, 14), "Nog 1 dag tot 15 september")],
)  # fmt: skip
def test_aftellen_naar_de_volgende_datum(wereld: Wereld, dag: date, kop: str) -> None:
    wereld.op(dag)
    assert wereld.client(Rol.DECAAN).get(URL).context["kop"] == kop


def test_aftellen_gaat_met_de_kalender_van_de_regio(wereld: Wereld) -> None:
    with bereik(["21"]):
        regio = Regio.objects.get(pk="21")
        regio.instellingen = {"kalender": {"aanmelden_voor": "03-25"}}
        regio.save(update_fields=["instellingen"])
    assert wereld.client(Rol.FUNCTIONEEL_BEHEERDER).get(URL).context["kop"] == "Nog 5 dagen tot 25 maart"


@pytest.mark.parametrize(
    ("rol", "paginas"),
    [
        (Rol.SAMENWERKINGSVERBAND, ["gedeeld", "rapportages", "contacten"]),
        (Rol.FUNCTIONEEL_BEHEERDER, ["beheer-uitnodigen", "beheer-accounts", "contacten"]),
    ],
)
def test_rol_zonder_stappen_ziet_waar_het_werk_is(wereld: Wereld, rol: Rol, paginas: list[str]) -> None:
    client = wereld.client(rol)
    [blok] = client.get(reverse("vandaag")).context["blokken"]
    assert [r["url"] for r in blok["lezen"]] == [reverse(p) for p in paginas]
    assert {client.get(r["url"]).status_code for r in blok["lezen"]} == {200}
