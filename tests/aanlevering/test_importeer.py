"""`importeer`: what a school and an mbo deliver, and that every wrong input says where and why and leaves nothing half done."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import LogRegel
from overstap.basis.geheim import blinde_index, ontsleutel
from overstap.basis.outbox.models import OutboxRegel
from statuses.models import Aanmelding, Gebeurtenis, Leerling, NietVerwerkt, Overstap, Postcode4
from statuses.status import Status
from tests.aanlevering import bestanden
from tests.aanlevering.bestanden import aanmelding, csv, leerling, xlsx
from tests.wereld import Wereld, bsn

pytestmark = pytest.mark.django_db


class Importeer:
    def __init__(self, wereld: Wereld, map_: Path) -> None:
        self.wereld, self.map = wereld, map_

    def __call__(
        self, inhoud: bytes, *opties: str, soort: str = "leerlingen", organisatie: str = "99AA"
    ) -> dict[str, Any]:
        pad = self.map / "bestand"
        pad.write_bytes(inhoud)
        uit = StringIO()
        call_command(
            "importeer", str(pad), "--soort", soort, "--organisatie", organisatie, "--json", *opties, stdout=uit
        )
        gelezen: dict[str, Any] = json.loads(uit.getvalue())
        return gelezen

    def aantallen(self) -> tuple[int, ...]:
        """Everything an import can write."""
        with self.wereld.bereik():
            modellen = (Leerling, Overstap, Aanmelding, Gebeurtenis, NietVerwerkt, OutboxRegel, LogRegel)
            return tuple(m.objects.count() for m in modellen)  # type: ignore[attr-defined]

    def overstap(self, nummer: int) -> Overstap:
        with self.wereld.bereik():
            return Overstap.objects.select_related("leerling", "vestiging").get(
                leerling__pgn_index=blinde_index("bsn", bsn(nummer))
            )


@pytest.fixture
def importeer(wereld: Wereld, tmp_path: Path) -> Importeer:
    return Importeer(wereld, tmp_path)


def telling(uit: dict[str, Any]) -> tuple[int, int, int, int]:
    return uit["nieuw"], uit["gewijzigd"], uit["ongewijzigd"], uit["geweigerd"]


# --- leerlingen: success -------------------------------------------------------------------------------------------------


def test_een_leerling_met_alles(importeer: Importeer) -> None:
    rij = leerling(geheim_adres="ja", overstapper_sinds="06-10-2025", uitstroomprofiel="", bestemming="Mbo")

    uit = importeer(xlsx(rij | {"bsn": int(rij["bsn"]), "geboortedatum": date(2009, 5, 1), "gemeentecode": 363}))

    assert telling(uit) == (1, 0, 0, 0)
    assert uit["regels"] == []
    o = importeer.overstap(1)
    persoon = o.leerling
    assert (persoon.volledige_naam, persoon.geboortedatum, persoon.gemeente_id) == (
        "Zoë de Wit",
        date(2009, 5, 1),
        "0363",
    )
    assert (persoon.geheim_adres, persoon.land) == (True, "NL")
    assert ontsleutel(persoon.pgn_versleuteld, persoon.id).decode() == bsn(1)
    assert (o.vestiging.code, o.klas, o.onderwijssoort, o.leerweg) == ("99AA00", "4B", "vmbo", "bb")
    assert (o.overstapjaar, o.examenkandidaat, o.bestemming) == (2025, True, "mbo")
    assert (o.gemarkeerd_sinds, o.status) == (date(2025, 10, 6), Status.ZONDER_AANMELDING)


def test_namen_van_een_leerlingsysteem_en_een_kolom_te_veel(importeer: Importeer) -> None:
    with importeer.wereld.bereik():
        Postcode4.objects.create(postcode4="1181", gemeente_id="0362")
    rij = {
        "Stamklas": "4T1", "Burgerservicenummer": bsn(2), "Roepnaam": "Elif", "Tussenvoegsel": "", "Achternaam": "Yılmaz",
        "Geb. datum": "1-5-2009", "Postcode": "1181 ab", "Schoolsoort": "mavo", "Geslacht": "V", "Vestigingscode": "99aa01",
    }  # fmt: skip

    uit = importeer(csv(rij))

    assert telling(uit) == (1, 0, 0, 0)
    assert uit["kolommen_onbekend"] == ["Geslacht"]
    o = importeer.overstap(2)
    assert (o.klas, o.onderwijssoort, o.leerweg, o.vestiging.code) == ("4T1", "vmbo", "tl", "99AA01")
    assert (o.leerling.gemeente_id, o.gemarkeerd_sinds, o.examenkandidaat) == ("0362", None, True)


@pytest.mark.parametrize("codering", ["utf-8-sig", "cp1252"])
def test_codering(importeer: Importeer, codering: str) -> None:
    importeer(csv(leerling(), codering=codering))

    assert importeer.overstap(1).leerling.voornaam == "Zoë"


def test_nog_een_keer_verandert_niets(importeer: Importeer) -> None:
    inhoud = csv(*(leerling(i) for i in range(1, 6)))
    assert telling(importeer(inhoud)) == (5, 0, 0, 0)
    voor = importeer.aantallen()[:6]

    assert telling(importeer(inhoud)) == (0, 0, 5, 0)
    assert importeer.aantallen()[:6] == voor


def test_proef_zegt_hetzelfde_en_verandert_niets(importeer: Importeer) -> None:
    importeer(csv(leerling(1)))
    inhoud = csv(leerling(1, klas="4C"), leerling(2), leerling(3, bsn="1"))
    voor = importeer.aantallen()

    proef = importeer(inhoud, "--proef")

    assert telling(proef) == (1, 1, 0, 1)
    assert importeer.aantallen() == voor
    assert importeer(inhoud) == proef


def test_wat_een_bestand_weglaat_blijft_staan(importeer: Importeer) -> None:
    importeer(csv(leerling(geheim_adres="ja", examenkandidaat="nee")))
    zonder = {k: v for k, v in leerling().items() if k not in ("klas", "examenkandidaat", "overstapper")}

    assert telling(importeer(csv(zonder))) == (0, 0, 1, 0)

    o = importeer.overstap(1)
    assert (o.leerling.geheim_adres, o.klas, o.examenkandidaat, o.gemarkeerd) == (True, "4B", False, True)


def test_nee_maakt_een_overstapper_niet_ongedaan_maar_staat_in_de_lijst(importeer: Importeer) -> None:
    importeer(csv(leerling()))

    uit = importeer(csv(leerling(overstapper="nee")))

    assert telling(uit) == (0, 0, 1, 0)
    assert [(r["rij"], r["code"]) for r in uit["regels"]] == [(2, "W303")]
    assert importeer.overstap(1).gemarkeerd


def test_de_vestiging_van_de_opdracht_geldt_voor_rijen_zonder(importeer: Importeer) -> None:
    zonder = {k: v for k, v in leerling().items() if k != "vestiging"}

    geweigerd = importeer(csv(zonder))
    uit = importeer(csv(zonder), organisatie="99AA01")

    assert [(r["rij"], r["kolom"], r["code"]) for r in geweigerd["regels"]] == [(2, "vestiging", "F103")]
    assert "99AA00, 99AA01" in geweigerd["regels"][0]["melding"]
    assert telling(uit) == (1, 0, 0, 0)
    assert importeer.overstap(1).vestiging.code == "99AA01"


def test_buitenland(importeer: Importeer) -> None:
    assert telling(importeer(csv(leerling(land="BE", gemeentecode="")))) == (1, 0, 0, 0)
    persoon = importeer.overstap(1).leerling
    assert (persoon.land, persoon.gemeente_id) == ("BE", None)


# --- leerlingen: refusals ------------------------------------------------------------------------------------------------

FOUTEN: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "bsn klopt niet": ({"bsn": "999900019"}, "bsn", "F101", "elfproef"),
    "onderwijsnummer als bsn": ({"bsn": "101222331"}, "bsn", "F101", "kolom onderwijsnummer"),
    "beide nummers": ({"onderwijsnummer": "101222331"}, "bsn", "F102", "twee nummers"),
    "geen nummer": ({"bsn": "", "onderwijsnummer": ""}, "bsn", "F102", "geen nummer"),
    "vestiging onbekend": ({"vestiging": "12ZZ00"}, "vestiging", "F103", "12ZZ00"),
    "vestiging van een andere school": ({"vestiging": "99AB00"}, "vestiging", "F103", "hoort niet bij Kompas College"),
    "vestiging in een andere regio": ({"vestiging": "99BA00"}, "vestiging", "F103", "hoort niet bij Kompas College"),
    "gemeente onbekend": ({"gemeentecode": "9999"}, "gemeentecode", "F106", "9999"),
    "geen woonplaats": ({"gemeentecode": ""}, "gemeentecode", "F106", "gemeentecode of een postcode"),
    "postcode onbekend": ({"gemeentecode": "", "postcode": "9999ZZ"}, "postcode", "F106", "9999"),
    "geen postcode": ({"gemeentecode": "", "postcode": "Dam 1"}, "postcode", "T001", "geen postcode"),
    "buitenland met gemeente": ({"land": "BE"}, "gemeentecode", "F106", "buitenland"),
    "geboren in de toekomst": ({"geboortedatum": "2030-01-01"}, "geboortedatum", "T001", "toekomst"),
    "datum bestaat niet": ({"geboortedatum": "31-02-2009"}, "geboortedatum", "T001", "31-02-2009"),
    "datum leeg": ({"geboortedatum": ""}, "geboortedatum", "T001", "leeg"),
    "overstapper in de toekomst": ({"overstapper_sinds": "2026-03-21"}, "overstapper_sinds", "T001", "toekomst"),
    "overstapper voor het jaar": ({"overstapper_sinds": "2025-08-31"}, "overstapper_sinds", "T001", "01-09-2025"),
    "jaar dat dicht is": ({"overstapjaar": "2023-2024"}, "overstapjaar", "T001", "2023-2024 is nu niet open"),
    "geen jaar": ({"overstapjaar": "2025"}, "overstapjaar", "T001", "2025-2026"),
    "onderwijssoort onbekend": ({"onderwijssoort": "mbo"}, "onderwijssoort", "T001", "vmbo, havo"),
    "vmbo zonder leerweg": ({"leerweg": ""}, "leerweg", "T001", "bb, kb, gl of tl"),
    "leerweg buiten vmbo": ({"onderwijssoort": "havo"}, "leerweg", "T001", "hoort geen leerweg"),
    "leerweg spreekt tegen": ({"onderwijssoort": "mavo"}, "leerweg", "T001", "gelijk"),
    "geen ja of nee": ({"overstapper": "misschien"}, "overstapper", "T001", "ja of nee"),
    "klas te lang": ({"klas": "x" * 21}, "klas", "T001", "20 tekens"),
    "naam leeg": ({"achternaam": ""}, "achternaam", "T001", "leeg"),
    "naam met een stuurteken": ({"voornaam": "Jan\x07"}, "voornaam", "T001", "niet te lezen"),
}  # fmt: skip


@pytest.mark.parametrize("naam", FOUTEN)
def test_een_foute_rij_zegt_waar_en_waarom_en_laat_de_andere_gaan(importeer: Importeer, naam: str) -> None:
    anders, kolom, code, woord = FOUTEN[naam]
    inhoud = csv(leerling(1), leerling(2, **anders), leerling(3))

    uit = importeer(inhoud)

    assert telling(uit) == (2, 0, 0, 1)
    [regel] = uit["regels"]
    assert (regel["rij"], regel["kolom"], regel["code"]) == (3, kolom, code)
    assert woord in regel["melding"]
    assert not any(pgn in json.dumps(uit) for pgn in (bsn(2), "999900019", "101222331"))


def test_alle_fouten_van_een_rij_staan_in_de_lijst_onder_de_naam_in_het_bestand(importeer: Importeer) -> None:
    rij = leerling(bsn="123") | {"klas": "x" * 30}
    rij["Geb. datum"] = rij.pop("geboortedatum").replace("2009", "09")

    uit = importeer(csv(rij))

    assert telling(uit) == (0, 0, 0, 1)
    assert {r["kolom"] for r in uit["regels"]} == {"bsn", "Geb. datum", "klas"}


def test_twee_keer_dezelfde_leerling(importeer: Importeer) -> None:
    uit = importeer(csv(leerling(), leerling(), leerling(klas="4C")))

    assert telling(uit) == (1, 0, 1, 1)
    assert [(r["rij"], r["code"]) for r in uit["regels"]] == [(3, "dubbel"), (4, "F202")]


def test_te_veel_cellen(importeer: Importeer) -> None:
    uit = importeer(csv(leerling(1)) + b"\r\n" + csv(leerling(2)).split(b"\r\n")[1] + b";extra;")

    assert telling(uit) == (1, 0, 0, 1)
    assert "meer cellen" in uit["regels"][0]["melding"]


@pytest.mark.parametrize(
    ("inhoud", "woord"),
    [
        (b"", "leeg"),
        (csv({"bsn": bsn(1), "naam": "x"}), "ontbreken de kolommen"),
        (b"x" * (40 * 1024 * 1024), "10 MB"),
        (bestanden.bom(), "uitgepakt"),
        (bestanden.ver_weg(), "geheugen"),
    ],
)
def test_een_bestand_dat_niet_kan_is_exit_1_met_een_zin(importeer: Importeer, inhoud: bytes, woord: str) -> None:
    voor = importeer.aantallen()

    with pytest.raises(CommandError, match=woord) as fout:
        importeer(inhoud)

    assert str(fout.value).endswith("Er is niets veranderd.")
    assert importeer.aantallen() == voor


@pytest.mark.parametrize(
    ("soort", "organisatie"),
    [
        ("leerlingen", "00XX"),
        ("leerlingen", "99MA"),
        ("aanmeldingen", "99AA"),
        ("leerlingen", "99ZZ00"),
        ("leerlingen", ""),
    ],
)
def test_een_onbekende_organisatie(importeer: Importeer, soort: str, organisatie: str) -> None:
    with pytest.raises(CommandError, match="Er is geen"):
        importeer(csv(leerling()), soort=soort, organisatie=organisatie)


def test_een_bestand_dat_er_niet_is(wereld: Wereld) -> None:
    with pytest.raises(CommandError, match="niet te openen"):
        call_command("importeer", "bestaat-niet.csv", "--soort", "leerlingen", "--organisatie", "99AA")


# --- aanmeldingen --------------------------------------------------------------------------------------------------------


def pgn(wereld: Wereld, naam: str) -> str:
    return wereld.pgn["21"][naam]


def test_aanmeldingen(importeer: Importeer) -> None:
    wereld = importeer.wereld
    rijen = [
        aanmelding(bsn=pgn(wereld, "zonder"), **{"Datum aanmelding": "15-01-2026"}),
        aanmelding(aanmeld_id="A-2", bsn=pgn(wereld, "ongemarkeerd")),
        aanmelding(aanmeld_id="A-3", bsn=bsn(900)),
        aanmelding(aanmeld_id="A-4", bsn=pgn(wereld, "vervolgkeuze"), status="afgewezen", reden_code=""),
    ]

    proef = importeer(xlsx(*rijen), "--proef", soort="aanmeldingen", organisatie="99MA")
    assert wereld.o("zonder").status == Status.ZONDER_AANMELDING
    uit = importeer(xlsx(*rijen), soort="aanmeldingen", organisatie="99MA")

    assert proef == uit
    assert telling(uit) == (2, 0, 2, 0)
    assert [(r["rij"], r["code"]) for r in uit["regels"]] == [(3, "W304"), (4, "W304"), (5, "reden_leeg")]
    assert wereld.o("zonder").status == Status.INTAKE
    a = wereld.a("zonder")
    assert (a.crebo, a.niveau, a.leerweg, a.aanmeld_datum) == ("25491", 3, "bol", date(2026, 1, 15))
    opnieuw = importeer(xlsx(*rijen), soort="aanmeldingen", organisatie="99MA")
    assert telling(opnieuw) == (0, 0, 4, 0)


@pytest.mark.parametrize(
    ("anders", "kolom", "code"),
    [
        ({"status": "lp_definitief"}, "status", "F201"),
        ({"status": ""}, "status", "T001"),
        ({"status_datum": "2026-03-21"}, "status_datum", "T001"),
        ({"volgnummer": "0"}, "volgnummer", "T001"),
        ({"volgnummer": "9" * 30}, "volgnummer", "T001"),
        ({"aanmeld_id": ""}, "aanmeld_id", "T001"),
        ({"aanmeld_id": "x" * 37}, "aanmeld_id", "T001"),
        ({"crebo": "", "opleiding": ""}, "opleiding", "T001"),
        ({"crebo": "1"}, "crebo", "T001"),
        ({"niveau": "5"}, "niveau", "T001"),
        ({"bsn": "999900019"}, "bsn", "F101"),
        ({"overstapjaar": "1999-2000"}, "overstapjaar", "T001"),
    ],
)
def test_een_foute_aanmelding(importeer: Importeer, anders: dict[str, Any], kolom: str, code: str) -> None:
    goed = aanmelding(bsn=pgn(importeer.wereld, "zonder"))

    uit = importeer(
        csv(aanmelding(aanmeld_id="A-0", bsn=bsn(901)) | anders, goed), soort="aanmeldingen", organisatie="99MA"
    )

    assert telling(uit) == (1, 0, 0, 1)
    assert [(r["rij"], r["kolom"], r["code"]) for r in uit["regels"]] == [(2, kolom, code)]
