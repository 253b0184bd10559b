"""One leerling from a school's xlsx to the gemeente's bulkmelding, the ambities and the aanjager's Excel.

Over HTTP and tasks alone, on the real server, worker and relay. Beside her a second one who applies in time and so is
rightly not in the bulk, and a second regio that sees nothing.
"""

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
import requests

from accounts.models import Deelname, Gemeente, Organisatie, Regio, Vestiging
from overstap.basis.rls import bereik
from tests.ketens.huis import Huis, wacht_tot
from tests.statuses.conftest import maak_klein

pytestmark = [pytest.mark.keten, pytest.mark.django_db(transaction=True)]

NOOR, SEM = "999900018", "999900031"
WACHTWOORD = "een-lang-wachtwoord-voor-de-keten"
SCOPES = {
    "las": ("99AA", "vo", "leerlingen:schrijven overstappen:lezen gebeurtenissen:schrijven rapportages:lezen"),
    "sis": ("98AA", "mbo", "aanmeldingen:schrijven overstappen:lezen"),
    "gemeente": ("0363", "gemeente", "overstappen:lezen gebeurtenissen:schrijven vva.postbus:lezen"),
    "leeg": ("0384", "gemeente", "vva.postbus:lezen"),
    "rmc": ("RMC21", "beheerorganisatie", "rapportages:lezen"),
    "buren": ("97AA", "vo", "leerlingen:schrijven overstappen:lezen rapportages:lezen"),
}


def _zaai() -> None:
    """Two regio's with their organisaties; no leerlingen: those come over HTTP."""
    Regio.objects.bulk_create(
        [Regio(code="21", naam="Agglomeratie Amsterdam"), Regio(code="22", naam="West-Friesland")]
    )
    with bereik(["21", "22"]):
        maak_klein()
        Gemeente.objects.create(code="0384", naam="Diemen", regio_id="21")
        Gemeente.objects.create(code="0405", naam="Hoorn", regio_id="22")
        rest = (
            ("0384", "gemeente", "Diemen", "21"),
            ("RMC21", "beheerorganisatie", "RMC 21", "21"),
            ("0405", "gemeente", "Hoorn", "22"),
        )
        for code, soort, naam, regio in (*rest, ("97AA", "vo", "De Zeeweg", "22")):
            organisatie = Organisatie.objects.create(code=code, soort=soort, naam=naam)
            Deelname.objects.create(organisatie=organisatie, regio_id=regio)
        Vestiging.objects.create(
            organisatie=organisatie, regio_id="22", code="97AA00", naam="De Zeeweg", gemeente_id="0405"
        )


class Keten:
    """The parties, each with its own token; a token lasts ten minutes of real time."""

    def __init__(self, het_huis: Huis) -> None:
        self.huis = het_huis
        self.geheim = {
            wie: json.loads(
                het_huis.beheer("maak_systeem", "--organisatie", code, "--soort", soort, "--scope", scope, "--json")
            )
            for wie, (code, soort, scope) in SCOPES.items()
        }
        self.tokens: dict[str, str] = {}

    def roep(self, wie: str, methode: str, pad: str, inhoud: Any = None, **koppen: str) -> requests.Response:
        if wie not in self.tokens:
            client = self.geheim[wie]
            antwoord = requests.post(
                f"{self.huis.adres}/oauth/token",
                data={"grant_type": "client_credentials", "scope": SCOPES[wie][2]},
                auth=(client["client_id"], client["client_secret"]),
                timeout=20,
            )
            assert antwoord.status_code == 200, antwoord.text
            self.tokens[wie] = antwoord.json()["access_token"]
        return requests.request(
            methode,
            f"{self.huis.adres}/api/v1/{pad}",
            json=inhoud,
            headers={
                "Authorization": f"Bearer {self.tokens[wie]}",
                **{k.replace("_", "-"): v for k, v in koppen.items()},
            },
            timeout=60,
        )

    def overstap(self, wie: str, pk: str) -> dict[str, Any]:
        antwoord = self.roep(wie, "GET", f"overstappen/{pk}")
        assert antwoord.status_code == 200, antwoord.text
        rij: dict[str, Any] = antwoord.json()
        rij["etag"] = antwoord.headers["ETag"]
        return rij

    def gebeurtenis(self, wie: str, pk: str, **inhoud: Any) -> requests.Response:
        return self.roep(
            wie, "POST", f"overstappen/{pk}/gebeurtenissen", inhoud, If_Match=self.overstap(wie, pk)["etag"]
        )

    def postbus(self, wie: str) -> list[dict[str, Any]]:
        antwoord = self.roep(wie, "GET", "vva/postbus?limiet=1000")
        assert antwoord.status_code == 200, antwoord.text
        berichten: list[dict[str, Any]] = antwoord.json()["berichten"]
        return berichten

    def aanmelding(self, status: str, dag: str, volgnummer: int, bsn: str = NOOR, **rest: Any) -> None:
        regel = {
            "aanmeldId": f"A-{bsn[-2:]}",
            "pgn": {"burgerservicenummer": bsn},
            "overstapjaar": "2025-2026",
            "opleiding": {"crebo": "25491", "naam": "Verzorgende IG", "niveau": 3, "leerweg": "bol"},
            "status": status,
            "statusDatum": dag,
            "volgnummer": volgnummer,
            **rest,
        }
        antwoord = self.roep("sis", "POST", "aanmeldingen", {"aanmeldingen": [regel]})
        assert antwoord.status_code == 200, antwoord.text
        assert antwoord.json()["resultaten"][0]["uitkomst"] == "verwerkt", antwoord.text


def _xlsx() -> bytes:
    boek = openpyxl.Workbook()
    blad = boek.active
    assert blad is not None
    blad.append(
        [
            "BSN",
            "Voornaam",
            "Tussenvoegsel",
            "Achternaam",
            "Geboortedatum",
            "Gemeentecode",
            "Klas",
            "Onderwijssoort",
            "Leerweg",
            "Overstapper",
        ]
    )
    blad.append([NOOR, "Noor", "de", "Wit", date(2009, 5, 1), "0363", "4B", "vmbo", "kb", "ja"])
    blad.append([SEM, "Sem", "", "Bakker", date(2009, 6, 2), "0363", "4B", "vmbo", "bb", "ja"])
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def _lever_aan(het_huis: Huis, map_: Any) -> None:
    """The decaan uploads the file on the page, sees what it will do, and applies it: no JavaScript anywhere."""
    from tests.ketens.pagina import Bezoeker

    decaan = Bezoeker(het_huis.adres)
    decaan.log_in("decaan@overstap.example", WACHTWOORD)
    proef = decaan.formulier("/import", bestanden={"bestand": ("overstappers.xlsx", _xlsx())})
    assert "2" in proef.tekst
    klaar = decaan.verzend(proef, knop="oepassen")
    assert "Toegevoegd 2" in klaar.tekst
    dag = decaan.lees("/leerlingen?klas=4B")
    assert "Wit, Noor de" in dag.tekst


def test_van_xlsx_tot_bulkmelding_en_excel(het_huis: Huis, tmp_path: Any) -> None:
    _zaai()
    het_huis.beheer(
        "maak_gebruiker",
        "--email",
        "decaan@overstap.example",
        "--rol",
        "decaan",
        "--organisatie",
        "99AA",
        "--wachtwoord",
        WACHTWOORD,
    )
    keten = Keten(het_huis)

    # 3 October: the school's file; both are overstapper, and the gemeente is told at once.
    het_huis.op(date(2025, 10, 3))
    _lever_aan(het_huis, tmp_path)
    rijen = keten.roep("las", "GET", "overstappen?overstapjaar=2025-2026").json()["resultaten"]
    per_naam = {rij["leerling"]["achternaam"]: rij["id"] for rij in rijen}
    noor, sem = per_naam["Wit"], per_naam["Bakker"]
    assert {rij["leidendeStatus"] for rij in rijen} == {"zonder_aanmelding"}
    wacht_tot(lambda: len(keten.postbus("gemeente")) == 2, "twee mbo-gangerberichten bij de gemeente")
    gangers = [b["potentieleMboGanger"] for b in keten.postbus("gemeente")]
    assert {g["pgn"]["burgerservicenummer"] for g in gangers} == {NOOR, SEM}
    assert all(g["isPotentieleMboGanger"] and g["gemeentecode"] == "0363" for g in gangers)
    assert "Wit" not in json.dumps(keten.postbus("gemeente"))

    # January, February: the mbo. Sem is aangemeld in time; Noor is afgewezen with a reason.
    het_huis.op(date(2026, 2, 20))
    keten.aanmelding("aangemeld", "2026-01-12", 1)
    keten.aanmelding("intake", "2026-02-02", 2)
    keten.aanmelding("intake", "2026-02-02", 1, bsn=SEM, aanmeldDatum="2026-01-15")
    keten.aanmelding("afgewezen", "2026-02-18", 3, reden={"code": "niet_verschenen", "tekst": ""})
    gezien = keten.overstap("las", noor)
    assert gezien["leidendeStatus"] == "afgewezen"
    assert gezien["aanmeldingen"][0]["reden"]["code"] == "niet_verschenen"
    assert gezien["aanZet"] == "vo"

    # The school calls in leerplicht, leerplicht takes her up.
    ingeschakeld = keten.gebeurtenis(
        "las", noor, naar="lp_ingeschakeld", reden={"code": None, "tekst": "Komt niet opdagen."}
    )
    assert ingeschakeld.status_code == 201, ingeschakeld.text
    assert keten.gebeurtenis("las", noor, naar="lp_in_behandeling").status_code == 403
    behandeling = keten.gebeurtenis("gemeente", noor, naar="lp_in_behandeling")
    assert behandeling.status_code == 201, behandeling.text
    gemeente_ziet = keten.overstap("gemeente", noor)
    assert gemeente_ziet["leidendeStatus"] == "lp_in_behandeling"
    assert "Verzorgende" not in json.dumps(gemeente_ziet)

    # 1 March: the bulk, made by the daily task on the worker; once, however often it runs. Noor in it, Sem rightly not.
    het_huis.op(date(2026, 3, 1))
    for _ in range(2):
        het_huis.stuur_taak("vva_berichten.tasks.dagelijks")
        wacht_tot(lambda: any(b["berichtType"] == "SIGNAAL" for b in keten.postbus("leeg")), "een lege bulk bij Diemen")
    bulk = [b["signalen"] for b in keten.postbus("gemeente") if b["berichtType"] == "SIGNAAL"]
    leeg = [b["signalen"] for b in keten.postbus("leeg") if b["berichtType"] == "SIGNAAL"]
    assert [(b["kop"]["levering"], b["kop"]["aantal"]) for b in bulk] == [("BULK_0301", 1)]
    assert [s["pgn"]["burgerservicenummer"] for s in bulk[0]["signalen"]] == [NOOR]
    assert [(b["kop"]["aantal"], b["signalen"]) for b in leeg] == [(0, [])]

    # 1 April: the ambities, and the aanjager's Excel made by the worker.
    het_huis.op(date(2026, 4, 1))
    ambities = keten.roep(
        "las", "GET", "ambities?regio=21&overstapjaar=2025-2026&peildatum=2026-04-01&per=school"
    ).json()
    eerste = next(a for a in ambities["ambities"] if a["code"] == "1-april")
    assert [(g["groep"], g["teller"], g["noemer"], g["percentage"]) for g in eerste["groepen"]] == [
        ("99AA", 1, 2, 50.0)
    ]
    _excel(het_huis, tmp_path)

    # The neighbours in the same database see none of it.
    assert keten.roep("buren", "GET", f"overstappen/{noor}").status_code == 404
    assert keten.roep("buren", "GET", "overstappen?overstapjaar=2025-2026").json()["resultaten"] == []
    assert sem != noor

    # And no person is in any log.
    logs = het_huis.logs()
    assert not [woord for woord in (NOOR, SEM, "Bakker", "de Wit") if woord in logs]


def _excel(het_huis: Huis, map_: Any) -> None:
    """The aanjager presses the button, waits for the worker, and opens the file."""
    from tests.ketens.pagina import Bezoeker

    het_huis.beheer(
        "maak_gebruiker",
        "--email",
        "aanjager@overstap.example",
        "--rol",
        "aanjager",
        "--organisatie",
        "RMC21",
        "--wachtwoord",
        WACHTWOORD,
    )
    aanjager = Bezoeker(het_huis.adres)
    aanjager.log_in("aanjager@overstap.example", WACHTWOORD)
    inhoud = aanjager.excel("/scholen")
    boek = openpyxl.load_workbook(io.BytesIO(inhoud), read_only=True)
    assert boek.sheetnames == ["Scholen", "Leerlingen", "Verantwoording"]
    scholen = list(boek["Scholen"].iter_rows(values_only=True))
    kop = [str(cel) for cel in scholen[0]]
    rij = dict(zip(kop, next(r for r in scholen[1:] if r[0] == "99AA00"), strict=True))
    assert (rij["Overstappers"], rij["Aangemeld of verder"], rij["Bij leerplicht"]) == (2, 1, 1)
    leerlingen = json.dumps([[str(cel) for cel in r] for r in boek["Leerlingen"].iter_rows(values_only=True)])
    assert "Wit" not in leerlingen  # the school did not opt in: a short reference
    assert NOOR not in leerlingen
