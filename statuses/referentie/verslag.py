"""What a load did, per kind and per refused row, for a person and for a program."""

from dataclasses import asdict, dataclass, field
from typing import Any

from statuses.referentie.bestand import Weigering


@dataclass(slots=True)
class Telling:
    """Rows of one kind: written for the first time, written again, left as they were, and not written."""

    nieuw: int = 0
    gewijzigd: int = 0
    ongewijzigd: int = 0
    geweigerd: int = 0


@dataclass(frozen=True, slots=True)
class Opmerking:
    """Something that a person should know about rows that did load."""

    bestand: str
    aantal: int
    melding: str


@dataclass(slots=True)
class Verslag:
    """The result of one load."""

    soorten: dict[str, Telling] = field(default_factory=dict)
    geweigerd: list[Weigering] = field(default_factory=list)
    opmerkingen: list[Opmerking] = field(default_factory=list)

    def telling(self, soort: str) -> Telling:
        """The counts of one kind, made when they are not there yet."""
        return self.soorten.setdefault(soort, Telling())

    def weiger(self, soort: str, weigeringen: list[Weigering]) -> None:
        """List these rows as not loaded, under this kind."""
        self.telling(soort).geweigerd += len(weigeringen)
        self.geweigerd.extend(weigeringen)

    def merk_op(self, bestand: str, aantal: int, melding: str) -> None:
        """Add a remark about `aantal` rows, when there are any."""
        if aantal:
            self.opmerkingen.append(Opmerking(bestand, aantal, melding))

    def als_json(self) -> dict[str, Any]:
        """One document: counts per kind, refused rows (as `importeer` names them), remarks."""
        return asdict(self)

    def als_tekst(self) -> str:
        """The same in Dutch lines."""
        breedte = max((len(soort) for soort in self.soorten), default=0)
        regels = [
            f"{soort:<{breedte}}  {t.nieuw:>6} nieuw  {t.gewijzigd:>6} gewijzigd  {t.ongewijzigd:>6} ongewijzigd"
            f"  {t.geweigerd:>4} geweigerd"
            for soort, t in self.soorten.items()
        ]
        if self.geweigerd:
            regels += ["", "Niet geladen:"]
            regels += [
                f"  {w.bestand}, rij {w.rij}{f', {w.kolom}' if w.kolom else ''}: {w.melding}" for w in self.geweigerd
            ]
        if self.opmerkingen:
            regels += ["", "Let op:"]
            regels += [f"  {o.bestand}: {o.aantal} {o.melding}" for o in self.opmerkingen]
        return "\n".join(regels)
