"""/vandaag: every role has one, its counts are those of the lists behind it, and they come in one query."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogOnderwerp, LogRegel
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.rls import bereik
from statuses.models import Levering
from statuses.regiokalender import kalenders
from statuses.tellingen import geregistreerd, rijen, tel_stappen
from statuses.werklijsten import VAN_BOVEN, WERKLIJSTEN, Op, stappen_van
from tests.wereld import JAAR, Wereld

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


def test_op_20_september_staat_het_nieuwe_jaar_voorop_met_een_wissel(wereld: Wereld) -> None:
    wereld.op(date(2026, 9, 20))
    client = wereld.client(Rol.DECAAN)
    tekst = client.get(URL).content.decode()
    assert "overstapjaar 2026-2027" in tekst
    assert "?jaar=2025-2026" in tekst
    oud = client.get(URL, {"jaar": "2025-2026"}).content.decode()
    assert "Nog niet definitief geplaatst" in oud


def test_hoogstens_tien_vragen_aan_de_database(wereld: Wereld) -> None:
    wereld.op(date(2026, 2, 12))  # somebody fell back two days ago
    client = wereld.client(Rol.DECAAN)
    assert client.get(URL).context["terugval"]
    with CaptureQueriesContext(connection) as vangst:
        client.get(URL)
    echt = [q["sql"] for q in vangst if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(echt) <= 10, "\n".join(echt)


def test_wie_terugviel_staat_er_en_de_blik_in_het_logboek(wereld: Wereld) -> None:
    wereld.op(date(2026, 2, 12))
    antwoord = wereld.client(Rol.DECAAN).get(URL)
    wie = wereld.o("afgewezen")
    assert wie.leerling.volledige_naam in [t["naam"] for t in antwoord.context["terugval"]]
    with bereik(["21"]):
        regel = LogRegel.objects.get(handeling="lijst.zien", object_soort="vandaag")
        assert wie.leerling_id in {o.leerling_id for o in LogOnderwerp.objects.filter(regel=regel)}


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
    client = wereld.client(Rol.DECAAN)
    assert "in de laatste week" in client.get(URL).content.decode()
    wereld.op(date(2026, 3, 23))
    assert "sinds uw laatste bezoek" in client.get(URL).content.decode()
