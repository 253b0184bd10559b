"""Asking for a file: POST, the task, waiting, fetching; who may not; what happens when it goes wrong; and the clean-up."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.rls import bereik
from rapportages import actions, tasks
from rapportages.events import EXPORT_GEVRAAGD
from rapportages.models import Export
from tests.rapportages.test_export_scholen import lees, volle_schijf
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
__all__ = ["volle_schijf"]


@pytest.fixture(autouse=True)
def bestanden(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "bestanden"
    return settings.MEDIA_ROOT


def vraag(client: Client, **velden: Any) -> Export:
    antwoord = client.post("/exports", {"soort": "scholen", **velden})
    assert antwoord.status_code == 302, antwoord.content.decode()[:2000]
    with bereik(["21", "22"]):
        return Export.objects.get(pk=antwoord["Location"].rsplit("/", 1)[1])


def opnieuw(export: Export) -> Export:
    with bereik(["21", "22"]):
        return Export.objects.get(pk=export.pk)


def test_ask_wait_fetch(wereld: Wereld) -> None:
    client = wereld.client(Rol.AANJAGER)
    export = vraag(client, welke="zonder", filters="Subregio Amsterdam", vestiging=["99AA00", "99AB00"])
    pagina = client.get(f"/exports/{export.pk}").content.decode()
    assert "Het bestand wordt gemaakt" in pagina
    assert '<noscript> <meta http-equiv="refresh"' in " ".join(pagina.split())
    assert client.get(f"/exports/{export.pk}/bestand").status_code == 302
    with bereik(["21"]):
        regel = OutboxRegel.objects.get(soort=EXPORT_GEVRAAGD)
        assert regel.inhoud == {"export": str(export.pk)}
    assert tasks.maak_export("21", str(export.pk)) is True
    assert "Het bestand is klaar" in client.get(f"/exports/{export.pk}").content.decode()
    stuk = client.get(f"/exports/{export.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in stuk
    assert "Download" in stuk
    antwoord = client.get(f"/exports/{export.pk}/bestand")
    assert antwoord["Content-Disposition"] == ('attachment; filename="scholen-regio-21-2025-2026-2026-03-20.xlsx"')
    assert "no-store" in antwoord["Cache-Control"]
    bladen = lees(io.BytesIO(b"".join(antwoord.streaming_content)))  # type: ignore[arg-type]
    assert {rij[5] for rij in bladen["Leerlingen"][1:]} == {"Zonder aanmelding"}
    assert ["Filters", "Alleen zonder aanmelding; Subregio Amsterdam"] in bladen["Verantwoording"]
    with bereik(["21"]):
        handelingen = list(
            LogRegel.objects.filter(handeling__startswith="export.")
            .order_by("tijdstip", "id")
            .values_list("handeling", flat=True)
        )
    assert handelingen == ["export.aanvragen", "export.maken", "export.downloaden"]


def test_made_once(wereld: Wereld, bestanden: Path) -> None:
    export = vraag(wereld.client(Rol.DECAAN))
    assert tasks.maak_export("21", str(export.pk))
    klaar = opnieuw(export)
    assert tasks.maak_export("21", str(export.pk))
    assert opnieuw(export).klaar_op == klaar.klaar_op
    assert [pad.name for pad in (bestanden / "exports" / "21").iterdir()] == [f"{export.pk}.xlsx"]


def test_per_school_is_a_zip(wereld: Wereld) -> None:
    export = vraag(wereld.client(Rol.AANJAGER), per_school="on")
    tasks.maak_export("21", str(export.pk))
    assert opnieuw(export).bestandsnaam == "scholen-regio-21-2025-2026-2026-03-20-per-school.zip"


def test_for_who_asked_alone(wereld: Wereld) -> None:
    export = vraag(wereld.client(Rol.AANJAGER))
    tasks.maak_export("21", str(export.pk))
    weg = wereld.client(Rol.AANJAGER).get("/exports/01900000-0000-7000-8000-000000000000")
    for rol, waar in ((Rol.DECAAN, "99AA"), (Rol.BEHEERORGANISATIE, "21"), (Rol.AANJAGER, "22")):
        for einde in ("", "/bestand"):
            antwoord = wereld.client(rol, waar).get(f"/exports/{export.pk}{einde}")
            assert antwoord.status_code == weg.status_code == 404
    assert wereld.client(Rol.SAMENWERKINGSVERBAND).get("/exports").status_code == 403
    assert "Scholen en hun overstappers" in wereld.client(Rol.AANJAGER).get("/exports").content.decode()
    assert "Nog geen bestanden" in wereld.client(Rol.DECAAN).get("/exports").content.decode()


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"soort": "alles"}, "Deze export bestaat niet"),
        ({"regio": "22"}, "Deze regio hoort niet bij uw rol"),
        ({"jaar": "2025"}, "twee opeenvolgende jaren"),
    ],
)
def test_wrong_input_is_a_sentence(velden: dict[str, str], zin: str, wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.AANJAGER).post("/exports", {"soort": "scholen", **velden})
    assert antwoord.status_code == 400
    assert zin in antwoord.content.decode()


def test_vestiging_of_another_regio_gives_nothing(wereld: Wereld) -> None:
    export = vraag(wereld.client(Rol.AANJAGER), vestiging=["99BA00"])
    tasks.maak_export("21", str(export.pk))
    boek = openpyxl.load_workbook(actions.pad_van(opnieuw(export)))
    assert boek["Scholen"].max_row == boek["Leerlingen"].max_row == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_full_disk_says_so_and_leaves_nothing(wereld: Wereld, bestanden: Path, volle_schijf: None) -> None:
    client = wereld.client(Rol.AANJAGER)
    export = vraag(client)
    assert tasks.maak_export("21", str(export.pk)) is False
    assert opnieuw(export).status == Export.MISLUKT
    assert "geen ruimte meer" in client.get(f"/exports/{export.pk}").content.decode()
    assert list((bestanden / "exports" / "21").iterdir()) == []
    # What was not delivered is not told as seen.
    with bereik(["21"]):
        assert not LogRegel.objects.filter(handeling="export.maken").exists()


def test_role_that_ended_gets_no_file(wereld: Wereld) -> None:
    export = vraag(wereld.client(Rol.AANJAGER))
    lid = wereld.lid(Rol.AANJAGER)
    lid.beeindigd_op = wereld.vandaag
    lid.save(update_fields=["beeindigd_op"])
    assert tasks.maak_export("21", str(export.pk)) is False
    assert opnieuw(export).fout == actions.ZIN_ROL


def test_lost_ones_are_found_again(wereld: Wereld) -> None:
    export = vraag(wereld.client(Rol.AANJAGER))
    with bereik(["21"]):
        assert actions.onafgemaakt("21") == []
        Export.objects.filter(pk=export.pk).update(gemaakt_op=klok.nu() - timedelta(minutes=2))
        assert actions.onafgemaakt("21") == [export.pk]
    tasks.maak_export("21", str(export.pk))
    with bereik(["21"]):
        assert actions.onafgemaakt("21") == []


def test_what_keeps_killing_its_worker_is_given_up(wereld: Wereld) -> None:
    export = vraag(wereld.client(Rol.AANJAGER))
    with bereik(["21"]):
        for _ in range(actions.MAX_POGINGEN):
            actions.begin_export("21", export.pk)
    assert tasks.maak_export("21", str(export.pk)) is False
    assert opnieuw(export).fout == actions.ZIN_FOUT


def test_gone_after_a_week(wereld: Wereld, bestanden: Path) -> None:
    client = wereld.client(Rol.AANJAGER)
    export = vraag(client)
    tasks.maak_export("21", str(export.pk))
    assert tasks.ruim_exports_op() == 0
    wereld.op(wereld.vandaag + timedelta(days=8))
    assert client.get(f"/exports/{export.pk}").status_code == 404
    assert tasks.ruim_exports_op() == 1
    assert list((bestanden / "exports" / "21").iterdir()) == []
