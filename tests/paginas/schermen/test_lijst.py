"""What every list has, for every role: sorting, the part that htmx asks, Excel and paper of what is shown, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogOnderwerp, LogRegel
from accounts.rechten import Rol
from overstap.paginas import LIJSTEN
from overstap.schermen import blad, excel
from rapportages import actions
from rapportages.models import Export
from statuses.status import Status
from statuses.werklijsten import stappen_van
from tests.wereld import Wereld

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

URL = "/leerlingen"
ROLLEN = list(LIJSTEN)
# Columns on which sorting means nothing, with why.
ONGESORTEERD = {(Rol.AANJAGER, "naam"): "on the name it would tell the alphabet of names that are not shown"}


@pytest.fixture
def bestanden(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def vragen(client: Client, url: str) -> int:
    """The queries of a page, without the statements that open and close its transaction."""
    with CaptureQueriesContext(connection) as vangst:
        assert client.get(url).status_code == 200, url
    return len([q for q in vangst if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))])


def veel(wereld: Wereld) -> None:
    """80 more of one school, more than a page of 50; some with an aanmelding at the mbo of the cast."""
    for overstap in wereld.overstappen_van([wereld.rij("99AA00") for _ in range(80)])[:10]:
        wereld.aanmelding(overstap, "99MA", Status.INTAKE)


@pytest.mark.parametrize("rol", ROLLEN)
def test_iedere_kolom_sorteert_heen_en_terug(wereld: Wereld, rol: Rol) -> None:
    client = wereld.client(rol)
    koppen = client.get(URL).context["kolommen"]
    kolommen = {k.naam: k for k in LIJSTEN[rol].kolommen}
    for kop in koppen:
        kolom = kolommen[kop["naam"]]
        assert bool(kop["url"]) != ((rol, kolom.sleutel) in ONGESORTEERD), kolom.sleutel
        if kop["url"]:
            heen = client.get(f"{URL}?sorteer={kolom.sleutel}").context["rijen"]
            terug = client.get(f"{URL}?sorteer=-{kolom.sleutel}").context["rijen"]
            assert {r.pk for r in heen} == {r.pk for r in terug}, kolom.sleutel


def test_sorteren_op_aanmelding_zet_wie_er_geen_heeft_vooraan(wereld: Wereld) -> None:
    rijen = wereld.client(Rol.DECAAN).get(f"{URL}?sorteer=aanmelding").context["rijen"]
    teksten = [r.cellen[3].tekst for r in rijen]
    geen = [t for t in teksten if t == "geen"]
    assert teksten[: len(geen)] == geen
    assert teksten[len(geen) :] == sorted(teksten[len(geen) :], key=str.casefold)


def test_leerplicht_sorteert_niet_op_de_opleiding_die_het_niet_ziet(wereld: Wereld) -> None:
    rijen = wereld.client(Rol.LEERPLICHT, "RMC21").get(f"{URL}?sorteer=aanmelding").context["rijen"]
    mbos = [c.tekst for r in rijen for c in r.cellen if c.tekst.startswith("Mbo ")]
    assert mbos == sorted(mbos)
    assert not any("Verzorgende" in c.tekst for r in rijen for c in r.cellen)


def test_wie_de_meeste_redenen_heeft_staat_bovenaan(wereld: Wereld) -> None:
    rijen = wereld.client(Rol.DECAAN).get(f"{URL}?sorteer=-waarom").context["rijen"]
    met = [bool(r.cellen[-1].regels) for r in rijen]
    assert met == sorted(met, reverse=True)
    assert met[0]


def test_htmx_krijgt_alleen_de_lijst_en_de_titel(wereld: Wereld) -> None:
    client = wereld.client(Rol.DECAAN)
    deel = client.get(f"{URL}?klas=4B", headers={"HX-Request": "true", "HX-Target": "lijst"})
    tekst = deel.content.decode()
    assert "<html" not in tekst
    assert "<title>Leerlingen - Overstap</title>" in tekst
    assert 'id="lijst"' in tekst
    assert "HX-Target" in deel["Vary"]
    heel = client.get(f"{URL}?klas=4B")
    assert "<html" in heel.content.decode()
    assert [r.pk for r in heel.context["rijen"]] == [r.pk for r in deel.context["rijen"]]
    # The back button asks the whole page.
    terug = {"HX-Request": "true", "HX-Target": "lijst", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(URL, headers=terug).content.decode()


@pytest.mark.parametrize("rol", ROLLEN)
def test_hoogstens_twaalf_vragen_en_even_veel_bij_meer_rijen(wereld: Wereld, rol: Rol) -> None:
    client = wereld.client(rol)
    stap = next((s.id for s in stappen_van(rol) if s.pagina == "leerlingen" and s.daad), "")
    paginas = [f"{URL}?per=50", f"{URL}/afdruk", *([f"{URL}?stap={stap}&per=50"] if stap else [])]
    client.get(URL)
    weinig = [vragen(client, url) for url in paginas]
    veel(wereld)
    assert [vragen(client, url) for url in paginas] == weinig
    assert max(weinig) <= 12, dict(zip(paginas, weinig, strict=True))


def _export(wereld: Wereld, client: Client, vraag: str) -> tuple[Export, list[list[Any]], list[list[Any]]]:
    """Ask for it, let the task make it, and read its rows and its Verantwoording."""
    antwoord = client.post(f"{URL}/excel", {"vraag": vraag})
    assert antwoord.status_code == 302
    with wereld.bereik("21"):
        export = Export.objects.get()
        assert antwoord["Location"] == f"/exports/{export.pk}"
        assert actions.make_export("21", export.pk), export.fout
        boek = openpyxl.load_workbook(actions.pad_van(Export.objects.get(pk=export.pk)))
    lijst, verantwoording = ([[c.value for c in rij] for rij in blad_.iter_rows()] for blad_ in boek.worksheets)
    return export, lijst, verantwoording


@pytest.mark.parametrize("rol", ROLLEN)
def test_excel_is_wat_de_rol_op_het_scherm_ziet(wereld: Wereld, bestanden: None, rol: Rol) -> None:
    client = wereld.client(rol)
    scherm = client.get(URL).context
    _, (koppen, *rijen), verantwoording = _export(wereld, client, "")
    assert koppen == [k["naam"] for k in scherm["kolommen"]]
    assert [r[0] for r in rijen] == [r.naam for r in scherm["rijen"]]
    assert ["Regels op blad Lijst", str(scherm["totaal"])] in verantwoording
    nummers = set(wereld.pgn["21"].values())
    assert not any(str(cel) in nummers for rij in rijen for cel in rij)
    with wereld.bereik("21"):
        regel = LogRegel.objects.get(handeling="export.maken")
        assert LogOnderwerp.objects.filter(regel=regel).count() == len({r.pk for r in scherm["rijen"]}) or rol in (
            Rol.MBO_MEDEWERKER,
            Rol.MBO_MANAGER,
        )


def test_excel_houdt_filter_en_volgorde_en_zegt_ze(wereld: Wereld, bestanden: None) -> None:
    client = wereld.client(Rol.DECAAN)
    scherm = client.get(f"{URL}?klas=4C&sorteer=-naam").context
    _, (_, *rijen), verantwoording = _export(wereld, client, "klas=4C&sorteer=-naam")
    assert [r[0] for r in rijen] == [r.naam for r in scherm["rijen"]]
    assert ["Filters", "Aangevinkt: ja; Klas: 4C"] in verantwoording


@pytest.mark.parametrize("direct", [True, False])
def test_een_gezochte_naam_staat_nergens_leesbaar(wereld: Wereld, bestanden: None, direct: bool) -> None:
    client = wereld.client(Rol.DECAAN)
    naam = wereld.o("zonder").leerling.achternaam
    if not direct:
        client.post(f"{URL}/zoek", {"term": naam})
    export, (_, *rijen), verantwoording = _export(wereld, client, f"zoek={naam}" if direct else "zoek=ja")
    assert [r[0] for r in rijen] == [wereld.o("zonder").leerling.lijstnaam]
    assert naam.lower() not in str(export.parameters).lower()
    assert naam.lower() not in str(verantwoording).lower()
    assert "er is op een naam gezocht" in str(verantwoording)


def test_excel_van_een_mbo_in_twee_regios_heeft_ze_allebei(wereld: Wereld, bestanden: None) -> None:
    wereld.aanmelding(wereld.o("zonder"), "99MB", Status.INTAKE)
    client = wereld.client(Rol.MBO_MEDEWERKER, "99MB")
    _, (_, *rijen), _ = _export(wereld, client, "")
    assert len(rijen) == client.get(URL).context["totaal"]
    with wereld.bereik("21", "22"):
        assert {o.regio_id for o in LogOnderwerp.objects.filter(regel__handeling="export.maken")} == {"21", "22"}


def test_een_onleesbaar_filter_krijgt_een_zin_en_geen_bestand(wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.DECAAN).post(f"{URL}/excel", {"vraag": "status=kwijt"})
    assert antwoord.status_code == 400
    assert "bestaat niet" in antwoord.content.decode()
    with wereld.bereik("21"):
        assert not Export.objects.exists()


@pytest.mark.parametrize("rol", ROLLEN)
def test_papier_toont_alle_rijen_zonder_menu_en_in_het_logboek(wereld: Wereld, rol: Rol) -> None:
    client = wereld.client(rol)
    scherm = client.get(URL).context
    antwoord = client.get(f"{URL}/afdruk")
    assert [r.naam for r in antwoord.context["rijen"]] == [r.naam for r in scherm["rijen"]]
    tekst = antwoord.content.decode()
    assert 'aria-label="Hoofdmenu"' not in tekst
    assert "<input" not in tekst
    with wereld.bereik("21"):
        assert LogRegel.objects.filter(handeling="lijst.zien", details__hoe="afdruk").count() == 1


def test_te_veel_voor_papier_zegt_wat_wel_kan(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "OP_PAPIER", 3)
    antwoord = wereld.client(Rol.DECAAN).get(f"{URL}/afdruk")
    assert antwoord.status_code == 400
    assert "hoogstens 3 rijen" in antwoord.content.decode()


def test_een_rij_van_een_stap_heeft_de_handeling_die_kan(wereld: Wereld) -> None:
    client = wereld.client(Rol.LEERPLICHT)
    for rij in client.get(f"{URL}?stap=LP1").context["rijen"]:
        assert rij.daad is not None
        pagina = client.get(rij.daad.url)
        assert pagina.status_code == 200
        assert "In behandeling nemen" in pagina.content.decode()
    assert client.get(URL).context["met_daad"] is False


def test_wie_uit_het_filter_viel_houdt_zijn_buren(wereld: Wereld) -> None:
    client = wereld.client(Rol.DECAAN)
    rijen = client.get(f"{URL}?klas=4B").context["rijen"]
    eerste, tweede = rijen[0], rijen[1]
    assert client.get(eerste.url).context["plek"] == blad.Plek(
        1, 3, None, client.get(eerste.url).context["plek"].volgende
    )
    verder = client.get(f"{URL}?klas=4B&status=intake,afgewezen").context
    weg = next(r for r in rijen if r.pk not in {v.pk for v in verder["rijen"]})
    plek = client.get(f"{URL}/{weg.pk}?klas=4B&status=intake,afgewezen").context["plek"]
    assert plek.nummer is None
    assert plek.totaal == 2
    assert plek.vorige or plek.volgende
    assert tweede.pk


def test_terug_van_een_leerling_op_dezelfde_bladzijde(wereld: Wereld) -> None:
    wereld.overstappen_van([wereld.rij("99AA00") for _ in range(112)])
    client = wereld.client(Rol.DECAAN)
    tweede = client.get(client.get(URL).context["volgende"])
    leerling = client.get(tweede.context["rijen"][7].url)
    terug = client.get(leerling.context["lijst_url"])
    assert [r.pk for r in terug.context["rijen"]] == [r.pk for r in tweede.context["rijen"]]
