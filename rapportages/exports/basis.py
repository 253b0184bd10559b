"""What an export is: a name, a right, sheets with columns and rows. The base writes the file and says how it was made."""

from __future__ import annotations

import io
import uuid
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, ClassVar

from accounts.actor import Actor
from accounts.rechten import ROL_LABELS, Recht
from overstap.basis.xlsx import Kolom, Waarde, Werkmap
from rapportages.indicatoren import VERSIE
from statuses.status import Status
from statuses.termijnen import jaar_naam


@dataclass(frozen=True, slots=True)
class Opdracht:
    """For whom an export is made and what is in it; ``gezien`` collects whose rows were written, for the log."""

    actor: Actor
    regio: str
    regio_naam: str
    overstapjaar: int
    peildatum: date
    gemaakt_op: datetime
    vestigingen: frozenset[str] | None = None  # codes; None: all
    statussen: frozenset[Status] | None = None
    per_school: bool = False
    filters: str = ""  # what was chosen, in words
    # All that was asked, for a kind with questions of its own; codes and ids, never a person.
    parameters: Mapping[str, Any] = field(default_factory=dict)
    gezien: list[tuple[str, uuid.UUID]] = field(default_factory=list)  # regio, leerling


@dataclass(frozen=True, slots=True)
class BladInhoud:
    """One sheet. ``rijen`` is read once, row by row."""

    naam: str
    kolommen: Sequence[Kolom]
    rijen: Iterable[Sequence[Waarde]]


@dataclass(frozen=True, slots=True)
class Deel:
    """One file of a zip."""

    bestandsnaam: str
    bladen: Sequence[BladInhoud]


class ExportSoort(ABC):
    """One kind of export, listed in ``rapportages.exports.REGISTER`` (an upper app adds its own with ``registreer``)."""

    code: ClassVar[str]
    naam: ClassVar[str]
    recht: ClassVar[Recht]
    # Whether anybody can ask for it by its code (the form, the API, the command); else only the page that makes its question.
    op_naam: ClassVar[bool] = True

    @abstractmethod
    def bladen(self, o: Opdracht) -> Sequence[BladInhoud]:
        """The sheets of the one file, in their order."""

    def delen(self, o: Opdracht) -> Iterator[Deel]:
        """The files of the zip, for a kind that has one file per school; each is written before the next is asked for."""
        raise NotImplementedError(f"Export {self.code} heeft geen bestand per school.")

    def definities(self, o: Opdracht) -> Sequence[tuple[str, str]]:
        """What the columns mean, for the sheet Verantwoording."""
        return ()

    def bestandsnaam(self, o: Opdracht) -> str:
        slot = "per-school.zip" if o.per_school else f"{o.peildatum.isoformat()}.xlsx"
        midden = f"{self.code}-regio-{o.regio}-{jaar_naam(o.overstapjaar)}"
        return f"{midden}-{o.peildatum.isoformat()}-{slot}" if o.per_school else f"{midden}-{slot}"

    def schrijf(self, o: Opdracht, doel: Path) -> None:
        """Write the file; OSError when that cannot be done. ``doel`` is a temporary name."""
        if not o.per_school:
            with doel.open("wb") as bestand:
                self._werkmap(o, self.bladen(o), bestand)
            return
        with zipfile.ZipFile(doel, "w", zipfile.ZIP_STORED) as archief:  # a workbook is a zip already
            for deel in self.delen(o):
                inhoud = io.BytesIO()
                self._werkmap(o, deel.bladen, inhoud)
                archief.writestr(deel.bestandsnaam, inhoud.getbuffer())

    def _werkmap(self, o: Opdracht, bladen: Sequence[BladInhoud], doel: IO[bytes]) -> None:
        with Werkmap(f"{self.naam}, {o.regio_naam}, {jaar_naam(o.overstapjaar)}") as werkmap:
            aantallen = []
            for inhoud in bladen:
                aantal = werkmap.blad(inhoud.naam, inhoud.kolommen).voeg_alle_toe(inhoud.rijen)
                aantallen.append((f"Regels op blad {inhoud.naam}", str(aantal)))
            werkmap.blad("Verantwoording", VERANTWOORDING).voeg_alle_toe(
                [*self._herkomst(o), *aantallen, *self.definities(o)]
            )
            werkmap.bewaar(doel)

    def _herkomst(self, o: Opdracht) -> list[tuple[str, str]]:
        wie = o.actor
        namens = f" namens {wie.organisatie_naam}" if wie.organisatie_naam != wie.naam else ""
        return [
            ("Wat", self.naam),
            ("Gemaakt door", f"{wie.naam}, {ROL_LABELS[wie.rol]}{namens}"),
            ("Gemaakt op", f"{o.gemaakt_op:%d-%m-%Y %H:%M}"),
            ("Regio", f"{o.regio} {o.regio_naam}"),
            ("Overstapjaar", jaar_naam(o.overstapjaar)),
            ("Peildatum", f"{o.peildatum:%d-%m-%Y}, de stand van dat moment"),
            ("Filters", o.filters or "geen"),
            ("Versie van de definities", VERSIE),
        ]


Wie = uuid.UUID | tuple[str, uuid.UUID] | None


class TabelExport(ExportSoort):
    """One sheet: columns and a row iterator. What a list, a table of figures or a step needs, and no more.

    ``rijen`` yields (leerling or None, the values in the order of ``kolommen``); the leerlingen go into the log. Of a
    leerling in another regio than the one of the export (an mbo can work in several) it yields (regio, leerling).
    """

    blad: ClassVar[str] = "Lijst"

    @abstractmethod
    def kolommen(self, o: Opdracht) -> Sequence[Kolom]:
        """The columns, as the role of ``o.actor`` sees them."""

    @abstractmethod
    def rijen(self, o: Opdracht) -> Iterator[tuple[Wie, Sequence[Waarde]]]:
        """The rows, read in chunks."""

    def bladen(self, o: Opdracht) -> Sequence[BladInhoud]:
        return (BladInhoud(self.blad, self.kolommen(o), self._gezien(o)),)

    def _gezien(self, o: Opdracht) -> Iterator[Sequence[Waarde]]:
        for leerling, waarden in self.rijen(o):
            if leerling is not None:
                o.gezien.append(leerling if isinstance(leerling, tuple) else (o.regio, leerling))
            yield waarden


VERANTWOORDING = (Kolom("Onderwerp", 28), Kolom("Toelichting", 100, "lang"))

__all__ = ["BladInhoud", "Deel", "ExportSoort", "Opdracht", "TabelExport", "Wie"]
