"""Read one message that came in: does it fit the contract, on its own? Pure; no database."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from vva_berichten import opstellen
from vva_berichten.codes import Code, melding_van, uitkomst_van
from vva_berichten.contract.aanmeldstatus import AanmeldstatusBericht, AanmeldstatusCode
from vva_berichten.contract.basis import Envelop, Resultaat, pgn_fout
from vva_berichten.contract.potentiele_mbo_ganger import MboGangerBericht

B = TypeVar("B", bound=Envelop)

_PAD = re.compile(r" - at `(\$[^`]*)`$")
_VELD = re.compile(r"^Object (missing required|contains unknown) field `([^`]*)`")
_NAAM = re.compile(r"[A-Za-z]{1,40}")


class _Herkenning(msgspec.Struct, rename="camel"):
    """Only enough to name a message that does not fit."""

    bericht_id: uuid.UUID


@dataclass(slots=True)
class Ontvangen(Generic[B]):
    """One message on its way in: what was read, and what is decided so far."""

    bericht_id: uuid.UUID | None
    bericht: B | None = None
    codes: list[str] = field(default_factory=list)
    extra: str = ""
    al_verwerkt: bool = False
    # Filled in while it is judged.
    ontvanger_id: uuid.UUID | None = None
    regio: str = ""
    jaar: int = 0
    sleutel: bytes = b""
    inhoud_hash: bytes = b""
    index: bytes = b""

    @property
    def open(self) -> bool:
        """Not refused and not a repeat."""
        return not self.al_verwerkt and uitkomst_van(self.codes) != "geweigerd"

    def weiger(self, code: Code, extra: str = "") -> None:
        self.codes, self.extra = [code.value], extra

    def resultaat(self) -> Resultaat:
        uitkomst = "alVerwerkt" if self.al_verwerkt else uitkomst_van(self.codes).value
        return Resultaat(
            bericht_id=self.bericht_id,
            uitkomst=uitkomst,
            codes=list(self.codes),
            melding=melding_van(self.codes, self.extra) if self.codes else "",
        )


def _wijzer(fout: str) -> str:
    """A JSON pointer to what does not fit. Names of fields only: a value could be a pgn."""
    gevonden = _PAD.search(fout)
    delen = re.findall(r"[A-Za-z]+|\[\d+\]", gevonden[1].removeprefix("$")) if gevonden else []
    veld = _VELD.search(fout)
    if veld:
        delen.append(veld[2] if _NAAM.fullmatch(veld[2]) else "(onbekend)")
    return "/" + "/".join(deel.strip("[]") for deel in delen)


def _reden(fout: str) -> str:
    if "missing required" in fout:
        return "ontbreekt"
    if "unknown field" in fout:
        return "bestaat niet in het contract"
    if "got `null`" in fout:
        return "mag niet leeg zijn"
    return "heeft niet de goede vorm"


def lees(ruw: msgspec.Raw, decoder: msgspec.json.Decoder[B]) -> Ontvangen[B]:
    """Decode one message; T001 with a JSON pointer when it does not fit."""
    try:
        bericht = decoder.decode(ruw)
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError, RecursionError) as fout:
        uit: Ontvangen[B] = Ontvangen(_bericht_id(ruw))
        uit.weiger(Code.T001, f"{_wijzer(str(fout))} {_reden(str(fout))}.")
        return uit
    return Ontvangen(bericht.bericht_id, bericht)


def _bericht_id(ruw: msgspec.Raw) -> uuid.UUID | None:
    try:
        return msgspec.json.decode(ruw, type=_Herkenning).bericht_id
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError, RecursionError):
        return None


MBO_GANGER: msgspec.json.Decoder[MboGangerBericht] = msgspec.json.Decoder(MboGangerBericht)
AANMELDSTATUS: msgspec.json.Decoder[AanmeldstatusBericht] = msgspec.json.Decoder(AanmeldstatusBericht)


def toets(o: Ontvangen[Any], body: Any, naam: str) -> None:
    """What the types cannot say: the pgn's own test, a studiejaar of two years in a row, a known status."""
    fout = pgn_fout(body.pgn)
    if fout:
        o.weiger(Code(fout))
        return
    try:
        o.jaar = opstellen.overstapjaar_van(body.studiejaar_instroom)
    except ValueError:
        o.weiger(Code.T001, f"/{naam}/studiejaarInstroom heeft niet de goede vorm.")
        return
    if naam == "aanmeldstatus" and body.status not in AanmeldstatusCode.__members__:
        o.weiger(Code.F201)
