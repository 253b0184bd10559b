"""Reading files as others publish them: separators, character sets, and every kind of row that cannot be read."""

import itertools
from pathlib import Path

import pytest

from statuses.referentie import duo, lezers
from statuses.referentie.bestand import BestandFout, lees_tabel
from statuses.referentie.namen import GemeenteNamen, OnbekendeGemeente

EIGEN = Path(lezers.__file__).parent / "data"
MBO = "brin;naam;postcode\r\n25PZ;Zuiderzoom Súd;1234 ab\r\n"


def schrijf(pad: Path, inhoud: str, codering: str = "utf-8") -> Path:
    pad.write_bytes(inhoud.encode(codering))
    return pad


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("scheiding", [";", ","])
def test_elke_vorm_van_csv_geeft_dezelfde_rij(tmp_path: Path, codering: str, scheiding: str) -> None:
    gelezen = lezers.lees_mbo_instellingen(schrijf(tmp_path / "mbo.csv", MBO.replace(";", scheiding), codering))

    assert not gelezen.geweigerd
    ((nummer, rij),) = gelezen.rijen
    assert (nummer, rij.brin, rij.naam, rij.postcode) == (2, "25PZ", "Zuiderzoom Súd", "1234AB")


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (b"", "is leeg"),
        (b"  \r\n \r\n", "is leeg"),
        (b"PK\x03\x04\x00\x00", "geen csv-bestand"),
        (b"\x81\xff;\xfe", "onbekende tekenset"),
        (b"a;b\r\n1;2\r\n", "ontbreekt de kolom brin, naam"),
        (b"brin;naam;brin\r\n25PZ;x;25PZ\r\n", "meer dan"),
    ],
)
def test_een_verkeerd_bestand_geeft_een_zin(tmp_path: Path, inhoud: bytes, zin: str) -> None:
    pad = tmp_path / "mbo.csv"
    pad.write_bytes(inhoud)

    with pytest.raises(BestandFout, match=zin) as fout:
        lees_tabel(pad, ("brin", "naam"))
    assert "mbo.csv" in str(fout.value)


def test_een_bestand_dat_er_niet_is(tmp_path: Path) -> None:
    with pytest.raises(BestandFout, match="niet te openen"):
        lees_tabel(tmp_path / "weg.csv", ())


@pytest.mark.parametrize(
    ("rij", "kolom", "code"),
    [
        ("2XPZ;Naam;", "brin", "brin"),
        ("25PZ00;Naam;", "brin", "brin"),
        (";Naam;", "brin", "leeg"),
        ("25PZ;;", "naam", "leeg"),
        (f"25PZ;{'x' * 161};", "naam", "te_lang"),
        ("25PZ;Naam;0123AB", "postcode", "vorm"),
        ("25PZ;Naam", "", "aantal_velden"),
        ("25AA;Naam;", "", "dubbel"),
    ],
)
def test_een_slechte_rij_wordt_genoemd_en_de_rest_telt(tmp_path: Path, rij: str, kolom: str, code: str) -> None:
    pad = schrijf(tmp_path / "mbo.csv", f"brin;naam;postcode\n25AA;Goed;\n\n{rij}\n25BB;Ook goed;\n")
    gelezen = lezers.lees_mbo_instellingen(pad)

    assert [gelezen_rij.brin for _, gelezen_rij in gelezen.rijen] == ["25AA", "25BB"]
    (weigering,) = gelezen.geweigerd
    # Row 3 is empty: numbers are those of the spreadsheet.
    assert (weigering.bestand, weigering.rij, weigering.kolom, weigering.code) == ("mbo.csv", 4, kolom, code)
    assert weigering.melding.endswith(".")


def test_opleiding_en_postcode_met_onbekende_waarden(tmp_path: Path) -> None:
    opleidingen = lezers.lees_opleidingen(
        schrijf(
            tmp_path / "c.csv",
            "crebo,naam,niveau,leerweg\n25001,A,5,BOL\n2500,B,2,BOL\n25003,C,2,avond\n25004,D,2,bbl\n",
        )
    )
    assert [rij.crebo for _, rij in opleidingen.rijen] == ["25004"]
    assert [w.kolom for w in opleidingen.geweigerd] == ["niveau", "crebo", "leerweg"]

    postcodes = lezers.lees_postcodes(
        schrijf(tmp_path / "p.csv", "van,tot,gemeentecode\n1020,1010,0363\n1011,1019,0363\n")
    )
    assert [(rij.van, rij.tot) for _, rij in postcodes.rijen] == [(1011, 1019)]
    assert [w.code for w in postcodes.geweigerd] == ["volgorde"]


def test_duo_telt_kleiner_dan_vijf_als_ondergrens(tmp_path: Path) -> None:
    kop = (
        '"INSTELLINGSCODE";"VESTIGINGSCODE";"INSTELLINGSNAAM VESTIGING";"GEMEENTENAAM";"OPLEIDINGSNAAM";'
        '"EXAMENKANDIDATEN SCHOOLJAAR 2022-2023 - TOTAAL";"EXAMENKANDIDATEN SCHOOLJAAR 2023-2024 - TOTAAL"'
    )
    rijen = [
        ("VMBO B - Groen", "9", "12"),
        ("VMBO LWT - Groen", "9", "<5"),
        ("VMBO K - Groen", "9", "20"),
        ("VMBO T", "9", "0"),
        ("HAVO - N&T", "9", "<5"),
        ("MBO - Groen", "9", "3"),
        ("VWO - N&T", "9", "-"),
    ]
    tekst = "\r\n".join([kop, *(f'"00AA";"00AA00";"School";"BERGEN (NH.)";"{o}";"{a}";"{b}"' for o, a, b in rijen)])
    bestand = duo.lees_examens(schrijf(tmp_path / "duo.csv", tekst))

    assert bestand.schooljaar == "2023-2024"
    assert {rij.leerweg: (rij.aantal, rij.ondergrens) for _, rij in duo.kandidaten(bestand)} == {
        "bb": (12, True),
        "kb": (20, False),
        "havo": (0, True),
    }
    assert [(w.rij, w.kolom) for w in bestand.gelezen.geweigerd] == [
        (7, "opleidingsnaam"),
        (8, "examenkandidaten_schooljaar_2023_2024_totaal"),
    ]
    ((_, vestiging),) = duo.vestigingen(bestand).rijen
    assert vestiging.onderwijssoorten == ("vmbo", "havo")
    assert vestiging.leerwegen == ("bb", "kb", "tl")


def test_gemeentenamen_zoals_anderen_ze_schrijven() -> None:
    gemeenten = lezers.lees_gemeenten(EIGEN / "gemeenten.csv").rijen
    namen = GemeenteNamen((rij.code, rij.naam) for _, rij in gemeenten)

    assert namen.code("BERGEN (NH.)") == "0373"
    assert namen.code("Bergen (L)") == "0893"
    assert namen.code("LAREN") == "0417"
    assert namen.code("NUENEN C.A.") == "0820"
    assert namen.code("SUDWEST FRYSLAN") == "1900"
    assert namen.code("Den Haag") == "0518"
    with pytest.raises(OnbekendeGemeente, match=r"Bergen \(L\.\) of Bergen \(NH\.\)"):
        namen.code("BERGEN")
    with pytest.raises(OnbekendeGemeente, match="geen gemeente met de naam 'Beemster'"):
        namen.code("Beemster")


def test_de_eigen_bestanden_zijn_heel_en_hangen_samen() -> None:
    regios = {rij.code for _, rij in lezers.lees_regios(EIGEN / "regios.csv").rijen}
    gemeenten = {rij.code: rij for _, rij in lezers.lees_gemeenten(EIGEN / "gemeenten.csv").rijen}
    subregios = lezers.lees_subregios(EIGEN / "subregios.csv")
    mbo = lezers.lees_mbo_instellingen(EIGEN / "mbo_instellingen.csv")
    opleidingen = lezers.lees_opleidingen(EIGEN / "opleidingen.csv")
    postcodes = lezers.lees_postcodes(EIGEN / "postcodes_regio_21.csv")

    assert not any(deel.geweigerd for deel in (subregios, mbo, opleidingen, postcodes))
    assert regios == {f"{nummer:02}" for nummer in range(1, 41)} == {rij.regio for rij in gemeenten.values()}
    assert (len(gemeenten), len(opleidingen.rijen)) == (342, 470)
    van_21 = {code for code, rij in gemeenten.items() if rij.regio == "21"}
    assert van_21 == {rij.gemeente for _, rij in subregios.rijen} == {rij.gemeente for _, rij in postcodes.rijen}
    assert len({rij.naam for _, rij in subregios.rijen}) == 4
    assert all(rij.regios and set(rij.regios) <= regios for _, rij in mbo.rijen)
    grenzen = sorted((rij.van, rij.tot) for _, rij in postcodes.rijen)
    assert all(eerder[1] < later[0] for eerder, later in itertools.pairwise(grenzen))
