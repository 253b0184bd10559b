"""What a row of reference data is, whatever file it came from. Frozen dataclasses, no models."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegioRij:
    code: str
    naam: str


@dataclass(frozen=True, slots=True)
class GemeenteRij:
    code: str
    naam: str
    provincie: str
    regio: str


@dataclass(frozen=True, slots=True)
class SubregioRij:
    """One gemeente in one subregio; the regio is the gemeente's. `opmerking` is what the file says about it."""

    gemeente: str
    gemeentenaam: str
    naam: str
    opmerking: str


@dataclass(frozen=True, slots=True)
class VestigingRij:
    """A vo-vestiging. `gemeente` is the code, or empty when the file only has `gemeentenaam`."""

    code: str
    naam: str
    gemeente: str
    gemeentenaam: str
    postcode: str
    onderwijssoorten: tuple[str, ...]
    leerwegen: tuple[str, ...]

    @property
    def brin(self) -> str:
        return self.code[:4]


@dataclass(frozen=True, slots=True)
class MboRij:
    """An mbo-instelling; `regios` only from files that say so (else they follow from its locaties)."""

    brin: str
    naam: str
    postcode: str
    regios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MboLocatieRij:
    brin: str
    gemeente: str


@dataclass(frozen=True, slots=True)
class OpleidingRij:
    crebo: str
    naam: str
    niveau: int
    leerweg: str


@dataclass(frozen=True, slots=True)
class PostcodeRij:
    """The postcode numbers `van` up to and including `tot` (four digits) lie in this gemeente."""

    van: int
    tot: int
    gemeente: str


@dataclass(frozen=True, slots=True)
class KandidatenRij:
    """Examen candidates of one vestiging in one schooljaar and leerweg (bb, kb, gl, tl; outside vmbo havo or vwo).

    `ondergrens`: some cells were published as "<5" and count as 0, so there were at least this many.
    """

    vestiging: str
    schooljaar: str
    leerweg: str
    aantal: int
    ondergrens: bool
