"""A file that will not do ends in one Dutch sentence; one that will comes out the same in each of its formats."""

import pytest

from overstap.aanlevering import bestand
from overstap.aanlevering.bestand import lees_blad
from overstap.aanlevering.kolommen import LEERLINGEN, NODIG_LEERLINGEN, koppel
from overstap.aanlevering.uitslag import BestandFout
from tests.aanlevering import bestanden
from tests.aanlevering.bestanden import csv, leerling, xlsx

GEWEIGERD = {
    "leeg": (b"", "leeg"),
    "alleen witruimte": (b" \r\n\r\n", "leeg"),
    "alleen een kop": (b"bsn;voornaam\r\n", "geen rijen"),
    "alleen puntkomma's": (b";;;\r\n;;;\r\n", "leeg"),
    "xlsx zonder rijen": (xlsx(), "leeg"),
    "xlsx met alleen een kop": (xlsx({"bsn": ""}), "geen rijen"),
    "te groot": (b"a" * (40 * 1024 * 1024), "groter dan 10 MB"),
    "pdf": (b"%PDF-1.7 ...", "pdf"),
    "afbeelding": (b"\x89PNG\r\n\x1a\n...", "afbeelding"),
    "binair": (b"bsn;naam\x00\x01\x02\r\n1;2", "geen csv-bestand"),
    "niet te ontcijferen": (b"bsn;naam\r\n1;\x81\x8d", "tekens"),
    "open aanhalingsteken": (b'bsn;naam\r\n1;"Jan\r\n2;Piet\r\n', "Rij 2"),
    "oude xls": (bestanden.oude_xls(), ".xls"),
    "wachtwoord": (bestanden.met_wachtwoord(), "wachtwoord"),
    "kapotte xlsx": (xlsx(leerling())[:2000], "beschadigd"),
    "gewone zip": (b"PK\x05\x06" + b"\0" * 18, "geen Excel-bestand"),
    "zipbom": (bestanden.bom(), "uitgepakt groter dan 100 MB"),
    "zipbom die liegt": (bestanden.bom(eerlijk=False), "uitgepakt groter dan 100 MB"),
    "cel ver weg": (bestanden.ver_weg(), "te veel geheugen"),
}


@pytest.mark.parametrize("naam", GEWEIGERD)
def test_een_bestand_dat_niet_kan_geeft_een_zin(naam: str) -> None:
    inhoud, woord = GEWEIGERD[naam]

    with pytest.raises(BestandFout, match=woord) as fout:
        lees_blad(inhoud)

    assert str(fout.value).endswith(".")


def test_te_veel_rijen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bestand, "MAX_RIJEN", 3)
    rijen = [leerling(i) for i in range(1, 5)]

    for inhoud in (csv(*rijen), xlsx(*rijen)):
        with pytest.raises(BestandFout, match="meer dan 3 rijen"):
            lees_blad(inhoud)
    assert len(lees_blad(csv(*rijen[:3])).rijen) == 3


def test_te_veel_kolommen() -> None:
    breed = {f"k{i}": "x" for i in range(bestand.MAX_KOLOMMEN + 1)}

    for inhoud in (csv(breed), xlsx(breed)):
        with pytest.raises(BestandFout, match="meer dan 200 kolommen"):
            lees_blad(inhoud)


@pytest.mark.parametrize(
    "inhoud",
    [
        csv(leerling()),
        csv(leerling(), scheiding=","),
        csv(leerling(), scheiding="\t"),
        csv(leerling(), codering="utf-8-sig"),
        csv(leerling(), codering="cp1252"),
        csv(leerling(), codering="utf-16"),
        xlsx(leerling()),
    ],
)
def test_elke_vorm_geeft_dezelfde_tabel(inhoud: bytes) -> None:
    blad = lees_blad(inhoud)

    assert blad.kop == list(leerling())
    assert blad.rijen == [(2, [str(cel) for cel in leerling().values()])]


def test_rijnummers_zijn_die_van_het_rekenblad() -> None:
    zonder = leerling()
    leeg = dict.fromkeys(zonder, "")

    assert [n for n, _ in lees_blad(csv(zonder, leeg, zonder)).rijen] == [2, 4]
    assert [n for n, _ in lees_blad(xlsx(zonder, leeg, zonder, leeg_ervoor=2)).rijen] == [4, 6]


def test_een_ander_blad_wordt_genoemd() -> None:
    blad = lees_blad(xlsx(leerling(), bladen=("Leerlingen", "Toelichting")))

    assert len(blad.rijen) == 1
    assert "Leerlingen" in blad.opmerkingen[0]


class TestKop:
    def test_namen_zoals_systemen_ze_schrijven(self) -> None:
        kop = [
            "Stamklas",
            "Burgerservicenummer",
            "Roepnaam",
            "Tussenv.",
            "Achternaam",
            "Geb. datum",
            "PC",
            "Schoolsoort",
            "Geslacht",
        ]

        gekoppeld = koppel(kop, LEERLINGEN, NODIG_LEERLINGEN)

        assert {veld: kop[i] for veld, i in gekoppeld.plek.items()} == {
            "klas": "Stamklas", "bsn": "Burgerservicenummer", "voornaam": "Roepnaam", "tussenvoegsel": "Tussenv.",
            "achternaam": "Achternaam", "geboortedatum": "Geb. datum", "postcode": "PC", "onderwijssoort": "Schoolsoort",
        }  # fmt: skip
        assert gekoppeld.onbekend == ["Geslacht"]

    def test_de_eigen_naam_gaat_voor(self) -> None:
        kop = ["Roepnaam", "voornaam", "bsn", "achternaam", "geboortedatum", "gemeentecode", "onderwijssoort"]

        gekoppeld = koppel(kop, LEERLINGEN, NODIG_LEERLINGEN)

        assert gekoppeld.naam["voornaam"] == "voornaam"
        assert gekoppeld.onbekend == ["Roepnaam"]

    def test_wat_ontbreekt_wordt_genoemd_en_wat_er_staat_niet(self) -> None:
        with pytest.raises(BestandFout) as fout:
            koppel(["999900018", "Jansen"], LEERLINGEN, NODIG_LEERLINGEN)

        zin = str(fout.value)
        assert (
            "bsn of onderwijsnummer, voornaam, achternaam, geboortedatum, gemeentecode of postcode en onderwijssoort"
            in zin
        )
        assert "999900018" not in zin
        assert "Jansen" not in zin

    def test_twee_keer_dezelfde_kolom(self) -> None:
        with pytest.raises(BestandFout, match="'klas' staat 2 keer"):
            koppel([*leerling(), "Klas"], LEERLINGEN, NODIG_LEERLINGEN)
