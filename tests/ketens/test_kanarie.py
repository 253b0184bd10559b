"""No pgn, name or address in any log, address, e-mail, error, metric or task argument (issue 4, "done when").

The outside world plays on the real processes, with names and numbers that stand out; beside it a decaan at work and people who do
wrong: bad forms, a pgn in an address, a database that refuses a row with a name in it. Then everything that could hold a person is
read. The same search must find a word that is put there on purpose.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import openpyxl
import pytest
import requests

from overstap.simulator.personen import nummers
from overstap.simulator.verloop import VREEMDE_NUMMERS
from tests.databank import Databank
from tests.ketens.huis import Huis, wacht_tot
from tests.ketens.kanarie import Afvoeren, Gezegd, Luisteraar, zoek
from tests.ketens.pagina import Bezoeker
from tests.ketens.streek import zaai

pytestmark = [pytest.mark.keten, pytest.mark.django_db(transaction=True)]

DAG = date(2026, 1, 20)
AANTAL = 24
WACHTWOORD = "een-lang-wachtwoord-voor-de-kanarie"
DECAAN = "zebravink@overstap.example"
# The words by which anybody would know them: those of this test, and those of the simulator.
NAMEN = ("Kwartelkoning", "Zilverplevier", "Struikelsteen", "Simulant", "Verzonnen-")
ACCOUNT = (DECAAN, "Zebravink")


def _bsn(vanaf: int) -> Iterator[str]:
    """Test bsn's that pass the eleven-test, from this number up."""
    for getal in range(vanaf, vanaf + 1000):
        if sum((9 - i if i < 8 else -1) * int(c) for i, c in enumerate(str(getal))) % 11 == 0:
            yield str(getal)


_EIGEN = _bsn(999_955_000)
NOOR, SEM, STRUIKEL, VREEMD = (next(_EIGEN) for _ in range(4))


def woorden() -> list[str]:
    """Every number of the run, also those of messages that were refused, and the names."""
    reeks = nummers(0, met_bsn=True)
    return [
        *NAMEN,
        NOOR,
        SEM,
        STRUIKEL,
        VREEMD,
        *(nr for _, nr in itertools.islice(reeks, AANTAL + VREEMDE_NUMMERS * 2)),
    ]


def _token(huis: Huis, organisatie: str, soort: str, scopes: str) -> dict[str, str]:
    """The headers of a new system."""
    client = json.loads(
        huis.beheer("maak_systeem", "--organisatie", organisatie, "--soort", soort, "--scope", scopes, "--json")
    )
    antwoord = requests.post(
        f"{huis.adres}/oauth/token",
        data={"grant_type": "client_credentials"}, auth=(client["client_id"], client["client_secret"]), timeout=60,
    )  # fmt: skip
    return {"Authorization": f"Bearer {antwoord.json()['access_token']}"}


class Rommelaar:
    """Somebody who does everything wrong, and keeps what the house says to it."""

    def __init__(self, huis: Huis, gezegd: Gezegd) -> None:
        self.huis, self.gezegd = huis, gezegd
        self.koppen = _token(
            huis, "99AA", "vo", "leerlingen:schrijven overstappen:lezen vva.mbo-gangers:schrijven vva.postbus:lezen"
        )

    def roep(self, methode: str, pad: str, **rest: Any) -> int:
        koppen = {**self.koppen, **rest.pop("headers", {})} if pad.startswith("/api") else rest.pop("headers", {})
        antwoord = requests.request(
            methode, self.huis.adres + pad, headers=koppen, timeout=60, allow_redirects=False, **rest
        )
        if antwoord.status_code >= 400:
            self.gezegd.fouten.append(antwoord.text)
        if VREEMD not in pad:  # else it leads back to the address that this visitor made up
            self.gezegd.adressen.append(antwoord.headers.get("Location", ""))
        return antwoord.status_code

    def doe_alles_fout(self) -> None:
        """Each of these is refused; none of the answers may repeat what was sent."""
        leerling = self.leerling(VREEMD, "Kwartelkoning")
        naar = "/api/v1/leerlingen"
        fout = [
            self.roep("GET", f"/leerlingen/{VREEMD}"),
            self.roep("GET", f"/api/v1/overstappen/{VREEMD}"),
            self.roep("GET", f"/api/v1/{VREEMD}-Kwartelkoning?zoek=Kwartelkoning&pgn={VREEMD}"),
            self.roep("GET", f"/api/v1/overstappen?pgn={VREEMD}&zoek=Kwartelkoning"),
            self.roep("GET", f"/api/v1/vva/postbus?na={VREEMD}&limiet=Kwartelkoning"),
            self.roep("GET", f"/api/v1/vva/schema/{VREEMD}"),
            self.roep("POST", naar, data=json.dumps(leerling).encode()[:-20]),
            self.roep("POST", naar, json={"vestiging": "99AA00", "overstapjaar": VREEMD, "leerlingen": [leerling]}),
            self.roep("POST", naar, json={"vestiging": "99AA00", "leerlingen": leerling, "roepnaam": VREEMD}),
            self.roep("POST", naar, json=leerling, headers={"Content-Type": "text/plain"}),
            self.roep("POST", naar, data=("[" * 20000 + f'"{VREEMD}"').encode(), headers={"Content-Type": "application/json"}),
            self.roep("POST", naar, data=f'{{"vestiging": "{VREEMD}\\u0000Kwartelkoning"}}', headers={"Content-Type": "application/json"}),
            self.roep("POST", "/api/v1/vva/potentiele-mbo-gangers", json={"berichten": leerling}),
            self.roep("POST", "/api/v1/vva/postbus/bevestigingen", json={"tot": VREEMD * 3}),
            self.roep("POST", "/oauth/token", data={"grant_type": "client_credentials", "client_id": VREEMD, "client_secret": "Kwartelkoning"}),
            self.roep("POST", "/oauth/token", data={"grant_type": "Kwartelkoning", "username": VREEMD}),
            self.roep("POST", "/leerlingen/zoek", data={"term": "Kwartelkoning"}),
            self.roep("POST", "/inloggen", data={"login": DECAAN, "password": "Kwartelkoning"}),
        ]  # fmt: skip
        assert all(300 <= status < 500 for status in fout), fout
        # Refused row by row: 200 with an outcome each.
        rijen = [{**leerling, **anders} for anders in (
            {"pgn": {"burgerservicenummer": "999900019"}}, {"voornaam": 7}, {"gemeentecode": VREEMD}, {"klas": "Kwartelkoning" * 9},
            {"geboortedatum": "Kwartelkoning"}, {"roepnaam": VREEMD}, {"land": "DE"}, {"leerweg": "Kwartelkoning"},
        )]  # fmt: skip
        antwoord = requests.post(
            self.huis.adres + naar, headers=self.koppen, timeout=60,
            json={"vestiging": "99AA00", "overstapjaar": "2025-2026", "leerlingen": rijen},
        )  # fmt: skip
        assert {r["uitkomst"] for r in antwoord.json()["resultaten"]} == {"geweigerd"}, antwoord.text
        self.gezegd.fouten.append(antwoord.text)

    @staticmethod
    def leerling(bsn: str, naam: str) -> dict[str, Any]:
        return {
            "pgn": {"burgerservicenummer": bsn}, "voornaam": naam, "achternaam": "Zilverplevier", "geboortedatum": "2009-05-01",
            "onderwijssoort": "vmbo", "leerweg": "tl", "gemeentecode": "0363", "klas": "4Z", "overstapper": True,
        }  # fmt: skip

    def breek(self, bank: Databank) -> None:
        """The database refuses a row, with a name in its explanation: in the web process, and in the worker."""
        with bank.beheer(bank.naam) as eigenaar:
            with _regel(eigenaar, "statuses_leerling", "voornaam <> 'Struikelsteen'"):
                leerling = self.leerling(STRUIKEL, "Struikelsteen")
                inhoud = {"vestiging": "99AA00", "overstapjaar": "2025-2026", "leerlingen": [leerling]}
                assert self.roep("POST", "/api/v1/leerlingen", json=inhoud) == 500
            with _regel(eigenaar, "vva_berichten_bericht", "richting <> 'uit'"):
                bericht = self.mbo_ganger(VREEMD)
                antwoord = requests.post(
                    f"{self.huis.adres}/api/v1/vva/potentiele-mbo-gangers", json={"berichten": [bericht]}, headers=self.koppen, timeout=60
                )  # fmt: skip
                assert antwoord.json()["resultaten"][0]["uitkomst"] == "verwerkt", antwoord.text
                wacht_tot(lambda: "outbox.regel_mislukt" in self.huis.logs(), "de worker meldt een rij die niet kan")

    @staticmethod
    def mbo_ganger(bsn: str) -> dict[str, Any]:
        return {
            "berichtId": str(uuid.uuid4()), "berichtType": "POTENTIELE_MBO_GANGER", "contractVersie": "1.0.0",
            "verzendendeInstantie": "0000000700099AA00000", "ontvangendeInstantie": "00000099000000363000",
            "datumTijd": "2026-01-20T09:00:00+01:00",
            "potentieleMboGanger": {
                "pgn": {"burgerservicenummer": bsn}, "brin": "99AA", "isPotentieleMboGanger": True, "studiejaarInstroom": "2026-2027",
                "gemeentecode": "0363", "wijzigingsdatum": "2026-01-20", "volgnummer": 1,
            },
        }  # fmt: skip


@contextmanager
def _regel(eigenaar: Any, tabel: str, eis: str) -> Iterator[None]:
    eigenaar.execute(f"ALTER TABLE {tabel} ADD CONSTRAINT kanarie CHECK ({eis}) NOT VALID")
    try:
        yield
    finally:
        eigenaar.execute(f"ALTER TABLE {tabel} DROP CONSTRAINT kanarie")


def _xlsx(*rijen: list[Any]) -> bytes:
    boek = openpyxl.Workbook()
    blad = boek.active
    assert blad is not None
    blad.append(["BSN", "Voornaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Gemeentecode", "Klas", "Onderwijssoort", "Leerweg", "Overstapper"])  # fmt: skip
    for rij in rijen:
        blad.append(rij)
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def _dag_van_een_decaan(huis: Huis, gezegd: Gezegd) -> None:
    """Logs in, delivers a file with good and bad rows, searches for a name, asks for the Excel of what was found."""
    bezoeker = Bezoeker(huis.adres)
    bezoeker.sessie.hooks["response"].append(
        lambda antwoord, *_, **__: gezegd.adressen.extend((antwoord.url, antwoord.headers.get("Location", "")))
    )
    bezoeker.log_in(DECAAN, WACHTWOORD)
    goed = [NOOR, "Kwartelkoning", "de", "Zilverplevier", date(2009, 5, 1), "0363", "4Z", "vmbo", "kb", "ja"]
    slecht = [
        "999900019",
        "Kwartelkoning",
        "",
        "Zilverplevier",
        date(2031, 5, 1),
        SEM,
        "4Z",
        "Kwartelkoning",
        "kb",
        "ja",
    ]
    proef = bezoeker.formulier("/import", bestanden={"bestand": ("Kwartelkoning.xlsx", _xlsx(goed, slecht))})
    bezoeker.verzend(proef, knop="oepassen")
    gevonden = bezoeker.verzend(bezoeker.lees("/leerlingen"), knop="zoek", term="Zilverplevier")
    assert "Kwartelkoning" in gevonden.tekst
    wacht = bezoeker.verzend(gevonden, knop="excel van")
    wacht_tot(
        lambda: any("download" in label.lower() for label, _ in bezoeker.lees(wacht.adres).links), "het bestand is er"
    )


def _een_leerling_valt_terug(huis: Huis, bank: Databank) -> None:
    """An mbo rejects the leerling of the file: the decaan hears of it by the mail of the day, and asks for a password as well."""
    sis = _token(huis, "98AA", "mbo", "aanmeldingen:schrijven")
    for nummer, (status, rest) in enumerate(
        (("aangemeld", {}), ("intake", {}), ("afgewezen", {"reden": {"code": "niet_verschenen", "tekst": "Kwartelkoning kwam niet."}})), 1
    ):  # fmt: skip
        regel = {
            "aanmeldId": "K-1", "pgn": {"burgerservicenummer": NOOR}, "overstapjaar": "2025-2026", "status": status, "statusDatum": "2026-01-15",
            "opleiding": {"crebo": "25491", "naam": "Verzorgende IG", "niveau": 3, "leerweg": "bol"}, "volgnummer": nummer, **rest,
        }  # fmt: skip
        antwoord = requests.post(
            f"{huis.adres}/api/v1/aanmeldingen", json={"aanmeldingen": [regel]}, headers=sis, timeout=60
        )
        assert antwoord.json()["resultaten"][0]["uitkomst"] == "verwerkt", antwoord.text
    with bank.beheer(bank.naam) as meter:
        wacht_tot(lambda: meter.execute("SELECT 1 FROM gesprekken_temelden").fetchone(), "er is iets te melden")
    huis.stuur_taak("overstap.gesprekken.tasks.mail_van_de_dag")
    bezoeker = Bezoeker(huis.adres)
    bezoeker.verzend(bezoeker.lees("/account/wachtwoord/vergeten"), knop="Link aanvragen", email=DECAAN)
    wacht_tot(lambda: len(list((huis.map / "mail").glob("*"))) >= 2, "twee mails")


def test_no_person_anywhere_but_where_persons_are_kept(het_huis: Huis, bank: Databank) -> None:
    zaai()
    gezegd = Gezegd()
    het_huis.beheer(
        "maak_gebruiker", "--email", DECAAN, "--naam", "Zebravink", "--rol", "decaan", "--organisatie", "99AA", "--wachtwoord", WACHTWOORD
    )  # fmt: skip
    with Luisteraar(het_huis.omgeving["REDIS_URL"]).aan() as luisteraar:
        afvoeren = Afvoeren(het_huis, bank, luisteraar, gezegd)
        het_huis.op(DAG, "beat")
        rommelaar = Rommelaar(het_huis, gezegd)
        rommelaar.doe_alles_fout()
        uit = het_huis.beheer(
            "simuleer_keten", "--adres", het_huis.adres, "--leerlingen", str(AANTAL), "--zaad", "3", "--bsn", "--vandaag", DAG.isoformat(), dag=DAG
        )  # fmt: skip
        (het_huis.map / "simuleer.log").write_text(uit)
        _dag_van_een_decaan(het_huis, gezegd)
        _een_leerling_valt_terug(het_huis, bank)
        rommelaar.breek(bank)

        personen = woorden()
        gezocht = {afvoer.naam: afvoer.lees() for afvoer in afvoeren.alle()}
        assert {naam: zoek(personen, tekst) for naam, tekst in gezocht.items() if zoek(personen, tekst)} == {}
        # Whose account it is stands in its own mails, in the form that comes back to it and (by allauth) in its own session.
        eigen = ("mails", "antwoorden op fouten", "django_session")
        elders = {n: t for n, t in gezocht.items() if n not in eigen}
        assert {naam: zoek(ACCOUNT, tekst) for naam, tekst in elders.items() if zoek(ACCOUNT, tekst)} == {}
        _het_zoeken_vindt(afvoeren, gezocht)


def _het_zoeken_vindt(afvoeren: Afvoeren, gezocht: dict[str, str]) -> None:
    """Each place was not empty, and gives back a word that is put in it the way that everything else gets there."""
    for afvoer in afvoeren.alle():
        assert gezocht[afvoer.naam].strip() or afvoer.naam == "log van Valkey", afvoer.naam
        woord = f"Controlekanarie{uuid.uuid4().hex[:8]}"
        afvoer.leg(woord)
        if afvoer.naam != "gezondheid":
            assert zoek([woord], afvoer.lees()) == [woord], afvoer.naam
    log = gezocht["logs van web, worker, relay, beat en commando's"]
    for sprekend in (
        "request_started",
        "IntegrityError",
        "outbox.regel_mislukt",
        "Not Found: /(onbekend adres)",
        "beat: Starting",
    ):
        assert sprekend in log, sprekend
    assert re.search(r"ERROR:.*kanarie", gezocht["log van PostgreSQL"]), "the refused rows stand in it, without the row"
