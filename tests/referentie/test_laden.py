"""`laad_referentie` on the database: what arrives, that a second time changes nothing, and what is refused."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Deelname, Gemeente, Organisatie, Regio, Subregio, Vestiging
from overstap.basis.rls import bereik
from statuses.models import Examenkandidaten, Opleiding
from statuses.referentie.postcode import gemeente_bij_postcode, gemeentecodes_bij_postcodes

pytestmark = pytest.mark.django_db

VESTIGINGEN = """vestigingscode,vestigingsnaam,gemeentenaam,gemeentecode,postcode,onderwijstypen,kandidaten_2023_2024_bb,\
kandidaten_2023_2024_bb_lwt,kandidaten_2023_2024_tl,aantal_cellen_kleiner_dan_5
99ZX00,Lyceum Proef,AMSTERDAM,0363,1011 AB,BB;BB_LWT;TL;HAVO,10,2,30,0
99ZX01,Lyceum Proef West,ALMERE,0034,,TL,0,0,12,3
99ZY00,Weg,BEEMSTER,0370,,TL,0,0,12,0
"""


def laad(*args: str) -> dict[str, Any]:
    uit = StringIO()
    call_command("laad_referentie", *args, "--json", stdout=uit)
    verslag: dict[str, Any] = json.loads(uit.getvalue())
    return verslag


def aantallen(verslag: dict[str, Any], soort: str) -> tuple[int, int, int, int]:
    t = verslag["soorten"][soort]
    return t["nieuw"], t["gewijzigd"], t["ongewijzigd"], t["geweigerd"]


@pytest.fixture
def map_met_school(tmp_path: Path) -> Path:
    (tmp_path / "vo_vestigingen_proef.csv").write_text(VESTIGINGEN, encoding="utf-8")
    return tmp_path


def test_de_eigen_bestanden() -> None:
    verslag = laad()

    assert verslag["geweigerd"] == []
    assert aantallen(verslag, "regios") == (40, 0, 0, 0)
    assert aantallen(verslag, "gemeenten") == (342, 0, 0, 0)
    assert aantallen(verslag, "opleidingen") == (470, 0, 0, 0)
    assert (Regio.objects.count(), Gemeente.objects.count(), Opleiding.objects.count()) == (40, 342, 470)
    zaanstad = Gemeente.objects.select_related("subregio").get(code="0479")
    assert zaanstad.subregio is not None
    assert (zaanstad.regio_id, zaanstad.subregio.naam) == ("21", "Zaanstreek")
    assert Subregio.objects.filter(regio="21").count() == 4


def test_elke_gemeente_en_regio_is_een_organisatie_die_meedoet() -> None:
    laad()

    regios_van: dict[tuple[str, str], set[str]] = {}
    for soort, code, regio in Deelname.objects.values_list("organisatie__soort", "organisatie__code", "regio_id"):
        regios_van.setdefault((soort, code), set()).add(regio)
    gemeenten = dict(Gemeente.objects.values_list("code", "regio_id"))
    assert {code: {regio} for code, regio in gemeenten.items()} == {
        code: regios for (soort, code), regios in regios_van.items() if soort == "gemeente"
    }
    assert regios_van["beheerorganisatie", "RMC21"] == {"21"}
    assert sum(soort == "beheerorganisatie" for soort, _ in regios_van) == 40
    assert regios_van["mbo", "25PZ"] == {"20", "21"}
    amsterdam = Organisatie.objects.get(code="0363", soort="gemeente")
    assert (amsterdam.naam, amsterdam.gemeente_id) == ("Gemeente Amsterdam", "0363")


def test_een_tweede_keer_verandert_niets(map_met_school: Path) -> None:
    eerste = laad("--map", str(map_met_school))
    with CaptureQueriesContext(
        connection,
    ) as vragen:
        tweede = laad("--map", str(map_met_school))

    for soort, telling in tweede["soorten"].items():
        assert (telling["nieuw"], telling["gewijzigd"]) == (0, 0), soort
        assert telling["ongewijzigd"] == eerste["soorten"][soort]["nieuw"], soort
    assert tweede["geweigerd"] == eerste["geweigerd"]
    geschreven = [v["sql"] for v in vragen if v["sql"].startswith("INSERT") and "logregel" not in v["sql"]]
    assert geschreven == []
    # Per kind, never per row.
    assert len(vragen) < 50


def test_wat_mensen_instelden_blijft_en_wat_de_bron_wijzigt_telt(map_met_school: Path) -> None:
    laad("--map", str(map_met_school))
    with bereik(["21"]):
        Organisatie.objects.filter(code="0363").update(aangesloten=False, naam="Oude naam", oin="00000001")
        Vestiging.objects.filter(code="99ZX00").update(naam="Oude naam", deelt_namen=True)
    pad = map_met_school / "vo_vestigingen_proef.csv"
    pad.write_text(VESTIGINGEN.replace("1011 AB", ""), encoding="utf-8")
    verslag = laad("--map", str(map_met_school))

    assert aantallen(verslag, "gemeente_organisaties") == (0, 1, 341, 0)
    assert aantallen(verslag, "vestigingen") == (0, 1, 1, 1)
    amsterdam = Organisatie.objects.get(code="0363")
    assert (amsterdam.naam, amsterdam.aangesloten, amsterdam.oin) == ("Gemeente Amsterdam", False, "00000001")
    school = Vestiging.objects.get(code="99ZX00")
    # The file has no postcode any more: the one that was known stays.
    assert (school.naam, school.deelt_namen, school.postcode) == ("Lyceum Proef", True, "1011AB")


def test_vestigingen_met_hun_school_regio_en_kandidaten(map_met_school: Path) -> None:
    verslag = laad("--map", str(map_met_school))

    school = Vestiging.objects.select_related("organisatie").get(code="99ZX00")
    assert (school.regio_id, school.gemeente_id, school.organisatie.code) == ("21", "0363", "99ZX")
    assert (school.onderwijssoorten, school.leerwegen) == (["vmbo", "havo"], ["bb", "tl"])
    assert set(school.organisatie.deelnames.values_list("regio_id", flat=True)) == {"18", "21"}
    kandidaten = Examenkandidaten.objects.order_by("vestiging__code", "leerweg")
    assert list(kandidaten.values_list("vestiging__code", "schooljaar", "leerweg", "aantal", "ondergrens")) == [
        ("99ZX00", "2023-2024", "bb", 12, False),
        ("99ZX00", "2023-2024", "tl", 30, False),
        ("99ZX01", "2023-2024", "tl", 12, True),
    ]
    geweigerd = [(w["bestand"], w["rij"], w["kolom"], w["melding"]) for w in verslag["geweigerd"]]
    bestand = "vo_vestigingen_proef.csv"
    assert geweigerd == [
        (bestand, 4, "gemeentecode", "Gemeente 0370 (BEEMSTER) is er nu niet."),
        (bestand, 4, "vestigingscode", "Vestiging 99ZY00 is er niet, dus haar kandidaten zijn niet geladen."),
    ]


def test_een_vestiging_verhuist_niet_naar_een_andere_regio(map_met_school: Path) -> None:
    laad("--map", str(map_met_school))
    pad = map_met_school / "vo_vestigingen_proef.csv"
    pad.write_text(VESTIGINGEN.replace("AMSTERDAM,0363", "ALMERE,0034"), encoding="utf-8")
    verslag = laad("--map", str(map_met_school))

    assert verslag["geweigerd"][0]["code"] == "andere_regio"
    assert Vestiging.objects.get(code="99ZX00").regio_id == "21"


def test_een_gemeente_die_van_regio_wisselt_neemt_haar_organisatie_mee(tmp_path: Path) -> None:
    laad()
    eigen = (Path(__file__).parents[2] / "statuses/referentie/data/gemeenten.csv").read_text(encoding="utf-8")
    assert "21,0384,Diemen" in eigen
    (tmp_path / "gemeenten_proef.csv").write_text(eigen.replace("21,0384,Diemen", "20,0384,Diemen"), encoding="utf-8")
    (tmp_path / "rmc_regio_21_gemeenten_subregios.csv").write_text("gemeentecode,subregio\n0363,Amsterdam-Diemen\n")
    verslag = laad("--map", str(tmp_path))

    assert aantallen(verslag, "gemeenten") == (0, 1, 341, 0)
    diemen = Gemeente.objects.get(code="0384")
    assert (diemen.regio_id, diemen.subregio_id) == ("20", None)
    assert list(Deelname.objects.filter(organisatie__code="0384").values_list("regio_id", flat=True)) == ["20"]


@pytest.mark.parametrize(
    ("bestand", "inhoud", "zin"),
    [
        ("gemeenten_x.csv", b"", "gemeenten_x.csv is leeg"),
        ("crebo_x.csv", b"crebo,naam\n25001,A\n", "ontbreekt de kolom niveau, leerweg"),
        ("mbo_instellingen_x.csv", b"brin,naam\nfout,A\n", "Geen enkele rij van mbo_instellingen_x.csv"),
        ("vo_vestigingen_x.csv", b"PK\x03\x04\x00", "geen csv-bestand"),
        ("iets_anders.csv", b"a,b\n", "geen bekend bestand"),
    ],
)
def test_een_onbruikbaar_bestand_laadt_niets(tmp_path: Path, bestand: str, inhoud: bytes, zin: str) -> None:
    (tmp_path / bestand).write_bytes(inhoud)

    with pytest.raises(CommandError, match=zin) as fout:
        laad("--map", str(tmp_path))
    assert str(fout.value).endswith("Er is niets geladen.")
    assert not Regio.objects.exists()


def test_een_map_die_er_niet_is(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is er niet, of is geen map"):
        laad("--map", str(tmp_path / "weg"))


def test_het_verslag_voor_mensen_noemt_elke_geweigerde_rij(map_met_school: Path) -> None:
    uit = StringIO()
    call_command("laad_referentie", "--map", str(map_met_school), stdout=uit)

    assert "vo_vestigingen_proef.csv, rij 4, gemeentecode: Gemeente 0370 (BEEMSTER) is er nu niet." in uit.getvalue()
    assert "1 vestigingen zonder postcode" in uit.getvalue()


def test_de_gemeente_bij_een_postcode() -> None:
    laad()

    gemeente = gemeente_bij_postcode("1506 ab")
    assert gemeente is not None
    assert gemeente.naam == "Zaanstad"
    assert gemeente_bij_postcode("9999") is None
    assert gemeente_bij_postcode("geen postcode") is None
    with CaptureQueriesContext(connection) as vragen:
        codes = gemeentecodes_bij_postcodes(["1011AB", "1011 ab", "1506", "9999ZZ", ""])
    assert codes == {"1011AB": "0363", "1011 ab": "0363", "1506": "0479"}
    assert len(vragen) == 1
