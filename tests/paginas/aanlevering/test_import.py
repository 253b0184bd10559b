"""/import as a decaan and an mbo-medewerker use it: send, look, apply; and who may not."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.aanlevering import actions
from overstap.aanlevering.events import UPLOAD_WACHT
from overstap.aanlevering.models import Upload
from overstap.aanlevering.tasks import ruim_uploads_op
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.relay import handel_af
from overstap.subscriptions import ABONNEMENTEN
from statuses.models import Overstap
from statuses.status import Status
from tests.aanlevering import bestanden
from tests.aanlevering.bestanden import aanmelding, csv, leerling, xlsx
from tests.wereld import Wereld, bsn

pytestmark = pytest.mark.django_db


def stuur(client: Client, inhoud: bytes, naam: str = "export.xlsx", **velden: Any) -> Any:
    return client.post("/import", {"bestand": SimpleUploadedFile(naam, inhoud), **velden})


def tekst(antwoord: Any) -> str:
    """What is read on the page, white space folded."""
    html = re.sub(r"<(script|style).*?</\1>", "", antwoord.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def werk_af(regio: str = "21") -> None:
    """What the relay and the worker do with uploads that wait."""
    from overstap.basis.rls import bereik

    with bereik([regio]):
        ids = list(
            OutboxRegel.objects.filter(soort=UPLOAD_WACHT, afgehandeld_op__isnull=True).values_list("id", flat=True)
        )
        handel_af(regio, ids, ABONNEMENTEN)


def aantal(wereld: Wereld) -> int:
    with wereld.bereik():
        return Overstap.objects.count()


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def test_aanleveren_bekijken_toepassen(wereld: Wereld, decaan: Client) -> None:
    voor = aantal(wereld)
    inhoud = xlsx(leerling(1), leerling(2, bsn="999900019"), leerling(3) | {"Geslacht": "X"})

    proef = stuur(decaan, inhoud)
    pagina = decaan.get(proef["Location"])

    zin = tekst(pagina)
    assert "Dit is een proef" in zin
    assert "Wordt toegevoegd 2 rij 2 en 4" in zin
    assert "Wordt geweigerd 1 rij 3" in zin
    assert "Niet gebruikte kolommen: Geslacht" in zin
    assert re.search(r"Rij 3, bsn Geweigerd Dit is geen geldig burgerservicenummer", zin)
    assert "999900019" not in pagina.content.decode()
    assert aantal(wereld) == voor

    decaan.post(proef["Location"], {"actie": "goede"})

    assert "Toegepast, behalve de geweigerde rijen" in tekst(decaan.get(proef["Location"]))
    assert aantal(wereld) == voor + 2
    decaan.post(proef["Location"], {"actie": "goede"})
    assert aantal(wereld) == voor + 2


def test_alleen_als_alles_goed_is(wereld: Wereld, decaan: Client) -> None:
    voor = aantal(wereld)
    adres = stuur(decaan, csv(leerling(1), leerling(2, klas="x" * 30)))["Location"]

    antwoord = decaan.post(adres, {"actie": "alles"}, follow=True)

    assert "Er is niets veranderd" in tekst(antwoord)
    assert aantal(wereld) == voor


def test_nog_een_keer_hetzelfde_bestand(decaan: Client) -> None:
    inhoud = csv(leerling(1), leerling(2))
    decaan.post(stuur(decaan, inhoud)["Location"], {"actie": "alles"})

    assert "Alles ongewijzigd" in tekst(decaan.get(stuur(decaan, inhoud)["Location"]))


def test_veel_rijen_gaan_via_de_werker(wereld: Wereld, decaan: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "DIRECT", 2)
    voor = aantal(wereld)

    adres = stuur(decaan, csv(*(leerling(i) for i in range(1, 5))))["Location"]

    assert "Bezig" in tekst(decaan.get(adres))
    werk_af()
    assert "Wordt toegevoegd 4" in tekst(decaan.get(adres))
    assert aantal(wereld) == voor
    assert "Bezig" in tekst(decaan.post(adres, {"actie": "alles"}, follow=True))
    werk_af()
    werk_af()
    assert "Alle rijen zijn verwerkt" in tekst(decaan.get(adres))
    assert aantal(wereld) == voor + 4


def test_wie_intussen_geen_rol_meer_heeft(wereld: Wereld, decaan: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "DIRECT", 0)
    voor = aantal(wereld)
    adres = stuur(decaan, csv(leerling(1)))["Location"]
    werk_af()
    decaan.post(adres, {"actie": "alles"})
    lid = wereld.lid(Rol.DECAAN)
    lid.beeindigd_op = wereld.vandaag
    lid.save(update_fields=["beeindigd_op"])

    werk_af()

    with wereld.bereik():
        assert Upload.objects.get().stand == "mislukt"
    assert aantal(wereld) == voor


@pytest.mark.parametrize(
    ("inhoud", "woord"),
    [
        (b"", "leeg"),
        (b"bsn;voornaam\r\n", "geen rijen"),
        (csv({"bsn": bsn(1), "iets": "x"}), "ontbreken de kolommen"),
        (b"x" * (40 * 1024 * 1024), "groter dan 10 MB"),
        (bestanden.bom(), "uitgepakt groter dan 100 MB"),
        (bestanden.ver_weg(), "te veel geheugen"),
        (bestanden.met_wachtwoord(), "wachtwoord"),
        (bestanden.oude_xls(), ".xls"),
        (b"%PDF-1.4", "pdf"),
    ],
)
def test_een_bestand_dat_niet_kan_geeft_een_zin_bij_het_veld(
    wereld: Wereld, decaan: Client, inhoud: bytes, woord: str
) -> None:
    antwoord = stuur(decaan, inhoud)

    assert antwoord.status_code == 400
    assert woord in tekst(antwoord)
    assert 'aria-invalid="true"' in antwoord.content.decode()
    with wereld.bereik():
        assert not Upload.objects.exists()


def test_zonder_bestand(decaan: Client) -> None:
    for gegevens in ({}, {"bestand": "geen bestand"}):
        antwoord = decaan.post("/import", gegevens)
        assert antwoord.status_code == 400
        assert "Kies een bestand." in tekst(antwoord)


def test_vestiging_voor_rijen_zonder(wereld: Wereld, decaan: Client) -> None:
    zonder = {k: v for k, v in leerling().items() if k != "vestiging"}

    assert "Wordt geweigerd 1" in tekst(decaan.get(stuur(decaan, csv(zonder))["Location"]))
    assert "Wordt toegevoegd 1" in tekst(decaan.get(stuur(decaan, csv(zonder), vestiging="99AA01")["Location"]))
    assert stuur(decaan, csv(zonder), vestiging="99AB00").status_code == 400


def test_alleen_de_eigen_vestigingen_van_wie_er_een_paar_heeft(wereld: Wereld, decaan: Client) -> None:
    wereld.lid(Rol.DECAAN).vestigingen.add(wereld.vestigingen["99AA01"])

    zin = tekst(decaan.get(stuur(decaan, csv(leerling(1), leerling(2, vestiging="99AA01")))["Location"]))

    assert "Wordt toegevoegd 1 rij 3" in zin
    assert "Vestiging 99AA00 hoort niet bij" in zin


def test_twee_jaren_open(wereld: Wereld, decaan: Client) -> None:
    assert "Overstapjaar" not in tekst(decaan.get("/import")).split("Eén leerling")[0]
    wereld.op(wereld.vandaag.replace(month=9, day=15))

    adres = stuur(decaan, csv(leerling(1)), overstapjaar="2025")["Location"]
    decaan.post(adres, {"actie": "alles"})

    with wereld.bereik():
        assert (
            Overstap.objects.get(leerling__achternaam="Wit", leerling__voornaam="Zoë", klas="4B").overstapjaar == 2025
        )


def test_aanmeldingen_van_het_mbo(wereld: Wereld) -> None:
    client = wereld.client(Rol.MBO_MEDEWERKER)
    inhoud = csv(aanmelding(bsn=wereld.pgn["21"]["zonder"]), aanmelding(aanmeld_id="A-2", bsn=bsn(900)))

    adres = stuur(client, inhoud, "sis.csv")["Location"]
    zin = tekst(client.get(adres))
    assert "Wordt toegevoegd 1 rij 2" in zin
    assert "Let op" in zin
    assert wereld.o("zonder").status == Status.ZONDER_AANMELDING
    client.post(adres, {"actie": "alles"})

    assert wereld.o("zonder").status == Status.INTAKE


def test_weggooien(wereld: Wereld, decaan: Client) -> None:
    adres = stuur(decaan, csv(leerling()))["Location"]

    assert "weggegooid" in tekst(decaan.post(adres, {"actie": "weg"}, follow=True))
    assert decaan.get(adres).status_code == 404


def test_de_inhoud_staat_er_versleuteld_en_verdwijnt(wereld: Wereld, decaan: Client) -> None:
    adres = stuur(decaan, csv(leerling()))["Location"]
    with wereld.bereik():
        upload = Upload.objects.get()
        assert b"Zo" not in bytes(upload.inhoud) + bytes(upload.uitslag)
        assert len(upload.inhoud) > 50
    decaan.post(adres, {"actie": "alles"})
    with wereld.bereik():
        upload.refresh_from_db()
        assert bytes(upload.inhoud) == b""
        Upload.objects.update(aangemaakt_op=klok.wandklok() - timedelta(days=6))
    ruim_uploads_op()
    assert decaan.get(adres).status_code == 200
    with wereld.bereik():
        Upload.objects.update(aangemaakt_op=klok.wandklok() - timedelta(days=7, minutes=1))
    ruim_uploads_op()
    assert decaan.get(adres).status_code == 404


def test_elke_stap_staat_in_het_logboek(wereld: Wereld, decaan: Client) -> None:
    adres = stuur(decaan, csv(leerling()))["Location"]
    decaan.post(adres, {"actie": "alles"})

    with wereld.bereik("21"):
        gelogd = set(
            LogRegel.objects.filter(actor_id=wereld.gebruiker(Rol.DECAAN).id).values_list("handeling", flat=True)
        )
    assert {"upload.ontvangen", "upload.toegepast", "leerlingen.aangeleverd"} <= gelogd


# --- who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rol", sorted(set(Rol) - {Rol.DECAAN, Rol.MBO_MEDEWERKER}))
def test_een_andere_rol_mag_niet(wereld: Wereld, rol: Rol) -> None:
    client = wereld.client(rol)

    assert client.get("/import").status_code == 403
    assert client.get("/import/leerling").status_code == 403
    assert stuur(client, csv(leerling())).status_code == 403


def test_het_mbo_vult_geen_leerling_in(wereld: Wereld) -> None:
    assert wereld.client(Rol.MBO_MEDEWERKER).get("/import/leerling").status_code == 403


def test_wie_niet_is_ingelogd_gaat_naar_inloggen(client: Client) -> None:
    for adres in ("/import", "/import/leerling", f"/import/{uuid.uuid4()}"):
        antwoord = client.get(adres)
        assert antwoord.status_code == 302
        assert antwoord["Location"].startswith("/inloggen")


def test_het_bestand_van_een_ander_bestaat_niet(wereld: Wereld, decaan: Client) -> None:
    adres = stuur(decaan, csv(leerling()))["Location"]

    for rol, waar in (
        (Rol.DECAAN, "99AB"),
        (Rol.DECAAN, "99BA"),
        (Rol.MBO_MEDEWERKER, "99MA"),
        (Rol.AANJAGER, "RMC21"),
    ):
        ander = wereld.client(rol, waar)
        assert ander.get(adres).status_code == 404
        assert ander.post(adres, {"actie": "alles"}).status_code == 404
    assert decaan.get(reverse("import-bestand", kwargs={"pk": uuid.uuid4()})).status_code == 404


# --- one leerling by hand ---------------------------------------------------------------------------------------------------

MET_DE_HAND = {
    "bsn": bsn(5), "voornaam": "Noor", "achternaam": "Vos", "geboortedatum": "1-5-2009", "gemeentecode": "Amsterdam",
    "vestiging": "99AA00", "klas": "4B", "onderwijssoort": "vmbo", "leerweg": "kb", "examenkandidaat": "on", "overstapper": "on",
}  # fmt: skip


def test_een_leerling_met_de_hand(wereld: Wereld, decaan: Client) -> None:
    antwoord = decaan.post("/import/leerling", MET_DE_HAND)

    assert antwoord.status_code == 302
    with wereld.bereik():
        o = Overstap.objects.select_related("leerling").get(
            leerling__achternaam="Vos", leerling__voornaam="Noor", klas="4B", leerweg="kb"
        )
    assert (o.leerling.gemeente_id, o.gemarkeerd_sinds, o.examenkandidaat) == ("0363", wereld.vandaag, True)
    assert str(o.id) in antwoord["Location"] or antwoord["Location"] == "/import"


@pytest.mark.parametrize(
    ("anders", "veld", "woord"),
    [
        ({"bsn": "999900019"}, "bsn", "elfproef"),
        ({"bsn": ""}, "bsn", "precies één"),
        ({"geboortedatum": "1-5-2030"}, "geboortedatum", "toekomst"),
        ({"gemeentecode": "Nergenshuizen"}, "gemeentecode", "niet bekend"),
        ({"leerweg": ""}, "leerweg", "bb, kb, gl of tl"),
        ({"vestiging": "99AB00"}, "vestiging", "99AB00"),
        ({"achternaam": ""}, "achternaam", "Vul dit veld in"),
    ],
)
def test_met_de_hand_staat_de_zin_bij_het_veld(
    wereld: Wereld, decaan: Client, anders: dict[str, str], veld: str, woord: str
) -> None:
    voor = aantal(wereld)

    antwoord = decaan.post("/import/leerling", MET_DE_HAND | anders)

    assert antwoord.status_code == 400
    assert woord in " ".join(antwoord.context["form"].errors[veld])
    assert aantal(wereld) == voor
