"""The Excel `scholen`: what is in it per role, that no text is a formula, and that a file is whole or not there."""

from __future__ import annotations

import io
import json
import resource
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import LogOnderwerp, LogRegel, Vestiging
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from rapportages.actions import opdracht_van, schrijf_bestand
from statuses.models import Leerling, Overstap
from statuses.status import Status
from statuses.verwijzing import verwijzing
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
S = Status
Blad = list[list[Any]]
KOP_SCHOLEN = [
    "Vestiging", "Naam", "Gemeente", "Subregio", "Overstappers", "Aangemeld of verder", "Percentage", "Zonder aanmelding",
    "Afgewezen of afgemeld", "Bij leerplicht", "Geplaatst", "Vervolgkeuze VO",
]  # fmt: skip
KOP_LEERLINGEN = [
    "Vestiging", "Leerling", "Klas", "Onderwijssoort", "Leerweg", "Status", "Sinds", "Mbo", "Opleiding", "Actie door", "Signalen",
]  # fmt: skip


def lees(bron: Path | io.BytesIO) -> dict[str, Blad]:
    boek = openpyxl.load_workbook(bron)
    return {blad.title: [list(rij) for rij in blad.iter_rows(values_only=True)] for blad in boek.worksheets}


def maak(wereld: Wereld, tmp_path: Path, rol: Rol, waar: str = "21", **parameters: Any) -> dict[str, Blad]:
    actor = wereld.actor(rol, waar)
    doel = tmp_path / "uit.xlsx"
    with bereik(["21"]):
        schrijf_bestand("scholen", opdracht_van(actor, "21", wereld.jaar, parameters), doel)
    return lees(doel)


def opdracht(tmp_path: Path, *woorden: str, naam: str = "uit.xlsx") -> Path:
    doel = tmp_path / naam
    call_command(
        "exporteer",
        "scholen",
        "--regio",
        "21",
        "--overstapjaar",
        "2025-2026",
        "--uit",
        str(doel),
        *woorden,
        stdout=StringIO(),
    )
    return doel


def test_command_writes_the_three_sheets(wereld: Wereld, tmp_path: Path) -> None:
    bladen = lees(opdracht(tmp_path))
    assert list(bladen) == ["Scholen", "Leerlingen", "Verantwoording"]
    assert bladen["Scholen"] == [
        KOP_SCHOLEN,
        # zonder, aangemeld, intake, afgewezen, definitief, vervolgkeuze, lp_ingeschakeld, lp_in_behandeling
        ["99AA00", "Kompas College, Haven", "Amsterdam", "Subregio Amsterdam", 8, 3, 37.5, 1, 1, 2, 1, 1],
        [
            "99AA01",
            "Kompas College, Plein",
            "Amstelveen",
            "Subregio Amstelveen",
            0,
            0,
            "geen leerlingen",
            0,
            0,
            0,
            0,
            0,
        ],
        ["99AB00", "Lyceum De Brug", "Amstelveen", "Subregio Amstelveen", 1, 0, 0, 1, 0, 0, 0, 0],
    ]
    assert bladen["Leerlingen"][0] == KOP_LEERLINGEN
    assert len(bladen["Leerlingen"]) == 1 + 9
    verantwoording = {rij[0]: rij[1] for rij in bladen["Verantwoording"]}
    assert verantwoording["Peildatum"].startswith("20-03-2026")
    assert verantwoording["Regels op blad Leerlingen"] == "9"


def test_rows_of_leerlingen(wereld: Wereld, tmp_path: Path) -> None:
    rijen = {rij[1]: rij for rij in maak(wereld, tmp_path, Rol.DECAAN, "99AA")["Leerlingen"][1:]}
    intake, afgewezen = wereld.o("intake"), wereld.o("afgewezen")
    assert rijen[intake.leerling.lijstnaam] == [
        "99AA00", intake.leerling.lijstnaam, "4B", "vmbo", "bb", "Intake", datetime(2026, 2, 2), "Mbo De Poort", "Verzorgende IG",
        "mbo", "stilstand",
    ]  # fmt: skip
    assert rijen[afgewezen.leerling.lijstnaam][5:10] == [
        "Afgewezen", datetime(2026, 2, 10), "Mbo De Poort", "Verzorgende IG", "vo",
    ]  # fmt: skip
    # A decaan sees the own school only, and nobody who is not marked.
    assert len(rijen) == 8


def test_aanjager_gets_a_reference_where_the_school_does_not_share_names(wereld: Wereld, tmp_path: Path) -> None:
    zonder, ander = wereld.o("zonder"), wereld.o("andere_school")
    with wereld.bereik():
        Vestiging.objects.filter(code="99AB00").update(deelt_namen=True)
    namen = [rij[1] for rij in maak(wereld, tmp_path, Rol.AANJAGER)["Leerlingen"][1:]]
    assert verwijzing(zonder.id) in namen
    assert ander.leerling.lijstnaam in namen
    with wereld.bereik():
        achternamen = set(Leerling.objects.exclude(pk=ander.leerling_id).values_list("achternaam", flat=True))
    assert not any(str(naam).split(",")[0] in achternamen - {ander.leerling.achternaam} for naam in namen)
    # The command writes what the aanjager sees.
    assert sorted(rij[1] for rij in lees(opdracht(tmp_path, naam="b.xlsx"))["Leerlingen"][1:]) == sorted(namen)


def test_each_role_its_own_part(wereld: Wereld, tmp_path: Path) -> None:
    amstelveen = maak(wereld, tmp_path, Rol.LEERPLICHT, "0362")
    assert [rij[0] for rij in amstelveen["Scholen"][1:]] == ["99AA00", "99AB00"]
    assert {(rij[7], rij[8]) for rij in amstelveen["Leerlingen"][1:]} == {("Mbo De Poort", None), (None, None)}
    mbo = maak(wereld, tmp_path, Rol.MBO_MEDEWERKER, "99MA")
    # Over its own aanmeldingen: 7, 8, 5, 12 and 4; that leerplicht is at work is not for the mbo.
    assert mbo["Scholen"][1][4:] == [5, 3, 60, 0, 2, 0, 1, 0]
    assert sorted(rij[5] for rij in mbo["Leerlingen"][1:]) == [
        "Aangemeld",
        "Afgemeld",
        "Afgewezen",
        "Definitief",
        "Intake",
    ]
    assert maak(wereld, tmp_path, Rol.MBO_MEDEWERKER, "99MB")["Leerlingen"] == [KOP_LEERLINGEN]


def test_beheer_gets_figures_without_small_numbers_and_no_rows(wereld: Wereld, tmp_path: Path) -> None:
    bladen = maak(wereld, tmp_path, Rol.BEHEERORGANISATIE)
    # Eight would tell the one of the other vestiging beside the ambities of the whole regio.
    assert bladen["Scholen"][1][4:] == ["verborgen", "<5", "verborgen", "<5", "<5", "<5", "<5", "<5"]
    assert bladen["Scholen"][3][4:] == ["<5", 0, "<5", "<5", 0, 0, 0, 0]
    assert bladen["Leerlingen"] == [KOP_LEERLINGEN]


def test_narrowed_by_vestiging_and_status(wereld: Wereld, tmp_path: Path) -> None:
    bladen = maak(
        wereld, tmp_path, Rol.AANJAGER, vestigingen=["99AA00"], statussen=["zonder_aanmelding"], filters="Zonder"
    )
    assert [rij[0] for rij in bladen["Scholen"][1:]] == ["99AA00"]
    assert [rij[5] for rij in bladen["Leerlingen"][1:]] == ["Zonder aanmelding"]
    assert ["Filters", "Zonder"] in bladen["Verantwoording"]


def test_who_left_is_not_in_it(wereld: Wereld, tmp_path: Path) -> None:
    with wereld.bereik("21"):
        Overstap.objects.filter(pk=wereld.o("zonder").pk).update(gesloten_op=date(2026, 3, 1))
    assert maak(wereld, tmp_path, Rol.AANJAGER)["Scholen"][1][4:8] == [7, 3, 42.9, 0]


@pytest.mark.parametrize(
    "boos", ["=1+1", "+31612", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "<b>&\"x'", "#REF!", "a\x07b"]
)
def test_no_text_becomes_a_formula(boos: str, wereld: Wereld, tmp_path: Path) -> None:
    with wereld.bereik("21"):
        Overstap.objects.filter(pk=wereld.o("zonder").pk).update(klas=boos.replace("\x00", "")[:20])
        Leerling.objects.filter(pk=wereld.o("zonder").leerling_id).update(achternaam=boos)
    maak(wereld, tmp_path, Rol.DECAAN, "99AA")
    blad = openpyxl.load_workbook(tmp_path / "uit.xlsx")["Leerlingen"]
    cellen = [cel for rij in blad.iter_rows(min_row=2, max_col=3) for cel in rij]
    assert {cel.data_type for cel in cellen} == {"s"}
    verwacht = boos.replace("\x07", "")
    assert any(str(cel.value).startswith(verwacht) for cel in cellen)
    if boos[0] in "=+-@\t":
        assert all(cel.quotePrefix for cel in cellen if str(cel.value).startswith(verwacht))


def test_no_pgn_anywhere(wereld: Wereld, tmp_path: Path) -> None:
    maak(wereld, tmp_path, Rol.DECAAN, "99AA")
    with zipfile.ZipFile(tmp_path / "uit.xlsx") as archief:
        alles = b"".join(archief.read(naam) for naam in archief.namelist())
    assert not [pgn for pgn in wereld.pgn["21"].values() if pgn.encode() in alles]


def test_zip_with_a_file_per_vestiging(wereld: Wereld, tmp_path: Path) -> None:
    with zipfile.ZipFile(opdracht(tmp_path, "--per-school", naam="uit.zip")) as archief:
        assert archief.namelist() == ["99AA00 Kompas College, Haven.xlsx", "99AB00 Lyceum De Brug.xlsx"]
        heel = lees(opdracht(tmp_path, naam="heel.xlsx"))
        delen = [lees(io.BytesIO(archief.read(naam))) for naam in archief.namelist()]
    assert [deel["Scholen"][1] for deel in delen] == [heel["Scholen"][1], heel["Scholen"][3]]
    assert [rij for deel in delen for rij in deel["Leerlingen"][1:]] == heel["Leerlingen"][1:]


def test_whose_rows_are_in_it_is_logged(wereld: Wereld, tmp_path: Path) -> None:
    maak(wereld, tmp_path, Rol.DECAAN, "99AA")
    with wereld.bereik("21"):
        regel = LogRegel.objects.get(handeling="export.maken")
        assert (regel.aantal, regel.rol, regel.doel) == (8, "decaan", "scholen")
        onderwerpen = set(LogOnderwerp.objects.filter(regel=regel).values_list("leerling_id", flat=True))
        assert wereld.o("zonder").leerling_id in onderwerpen
        assert len(onderwerpen) == 8


@pytest.fixture
def volle_schijf() -> Iterator[None]:
    """No file may grow beyond this: what a full disk does to a write, without filling one."""
    oud = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, oud[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, oud)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_full_disk_leaves_the_old_file_and_no_part_of_a_new_one(
    wereld: Wereld, tmp_path: Path, volle_schijf: None
) -> None:
    doel = tmp_path / "uit.xlsx"
    doel.write_bytes(b"van gisteren")
    with pytest.raises(CommandError, match="is niet geschreven"):
        opdracht(tmp_path)
    assert [pad.name for pad in tmp_path.iterdir()] == ["uit.xlsx"]
    assert doel.read_bytes() == b"van gisteren"


def test_command_refuses_with_a_sentence(wereld: Wereld, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="een map die bestaat"):
        opdracht(tmp_path, naam="nergens/uit.xlsx")
    with pytest.raises(CommandError, match="Regio '99'"):
        call_command("exporteer", "scholen", "--regio", "99", "--uit", str(tmp_path / "a.xlsx"))
    uit = StringIO()
    call_command("exporteer", "scholen", "--regio", "21", "--uit", str(tmp_path / "a.xlsx"), "--json", stdout=uit)
    assert json.loads(uit.getvalue())["leerlingen"] == 9


def test_constant_number_of_queries(wereld: Wereld, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(24):
        maak(wereld, tmp_path, Rol.AANJAGER)
    wereld.overstappen_van([wereld.rij("99AA01") for _ in range(300)])
    with django_assert_max_num_queries(24):
        bladen = maak(wereld, tmp_path, Rol.AANJAGER)
    assert len(bladen["Leerlingen"]) == 1 + 309
