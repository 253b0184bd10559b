"""The base of every list in Excel: columns, rows, who was seen, and the two ways to ask for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from accounts.models import LogOnderwerp
from accounts.rechten import Recht, Rol
from overstap.basis.xlsx import Kolom, Waarde
from rapportages.actions import opdracht_van, schrijf_bestand
from rapportages.exports import REGISTER, Opdracht, TabelExport, op_naam, registreer
from rapportages.scholen import zichtbare_overstappers
from tests.rapportages.test_export_scholen import lees
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


class Klassen(TabelExport):
    """As a room above would write one."""

    code, naam, recht, op_naam, blad = "proef", "Proef", Recht.EXPORTEREN, False, "Klassen"

    def kolommen(self, o: Opdracht) -> Sequence[Kolom]:
        return (Kolom("Klas"), Kolom("Vraag"))

    def rijen(self, o: Opdracht) -> Iterator[tuple[uuid.UUID | None, Sequence[Waarde]]]:
        for overstap in zichtbare_overstappers(o.actor, o.regio, o.overstapjaar).order_by("klas")[:2]:
            yield overstap.leerling_id, (overstap.klas, str(o.parameters["vraag"]))
        yield None, ("", "niemand")


@pytest.fixture
def proef() -> Iterator[None]:
    registreer(Klassen())
    yield
    del REGISTER["proef"]


def test_sheet_and_who_was_seen(wereld: Wereld, tmp_path: Path, proef: None) -> None:
    actor = wereld.actor(Rol.DECAAN, "99AA")
    with wereld.bereik("21"):
        o = opdracht_van(actor, "21", wereld.jaar, {"vraag": "status=zonder", "filters": "Zonder"})
        schrijf_bestand("proef", o, tmp_path / "proef.xlsx")
        gezien = set(LogOnderwerp.objects.filter(regel__handeling="export.maken").values_list("leerling_id", flat=True))
    bladen = lees(tmp_path / "proef.xlsx")
    assert bladen["Klassen"] == [["Klas", "Vraag"], ["4A", "status=zonder"], ["4B", "status=zonder"], [None, "niemand"]]
    assert ["Filters", "Zonder"] in bladen["Verantwoording"]
    assert ["Regels op blad Klassen", "3"] in bladen["Verantwoording"]
    assert len(gezien) == 2


def test_only_its_own_page_asks_for_it(wereld: Wereld, proef: None) -> None:
    assert "proef" not in op_naam()
    antwoord = wereld.client(Rol.DECAAN).post("/exports", {"soort": "proef"})
    assert (antwoord.status_code, "Deze export bestaat niet" in antwoord.content.decode()) == (400, True)


def test_a_code_is_given_once(proef: None) -> None:
    class Ander(Klassen):
        naam = "Een ander"

    registreer(Klassen())
    with pytest.raises(ValueError, match="bestaat al"):
        registreer(Ander())


def test_no_file_per_school_unless_it_makes_one(wereld: Wereld, tmp_path: Path, proef: None) -> None:
    actor: Any = wereld.actor(Rol.DECAAN, "99AA")
    with wereld.bereik("21"):
        o = opdracht_van(actor, "21", wereld.jaar, {"vraag": "", "per_school": True})
        with pytest.raises(NotImplementedError):
            schrijf_bestand("proef", o, tmp_path / "proef.zip")
