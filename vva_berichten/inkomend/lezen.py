"""Read one message that came in: does it fit the contract, on its own? Pure; no database."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
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
    """A JSON pointer to what does not fit, "" for the whole message. Names of fields only: a value could be a pgn."""
    gevonden = _PAD.search(fout)
    delen = re.findall(r"[A-Za-z]+|\[\d+\]", gevonden[1].removeprefix("$")) if gevonden else []
    veld = _VELD.search(fout)
    if veld:
        delen.append(_naam(veld[2]))
    return "".join(f"/{deel.strip('[]')}" for deel in delen)


def _naam(veld: str) -> str:
    return veld if _NAAM.fullmatch(veld) else "(onbekend)"


# msgspec's words -> what is wrong, in ours; the first that fits.
_REDENEN = (
    ("missing required", "ontbreekt"),
    ("unknown field", "bestaat niet in het contract"),
    ("got `null`", "mag niet leeg zijn"),
    ("of length <=", "is te lang"),
    ("of length >=", "is te kort"),
)
_VORM = "heeft niet de goede vorm"
_TEKEN = "bevat een teken dat niet kan (een nul-teken of een half teken). Haal dat weg"


def _t001(wijzer: str, reden: str) -> str:
    return f"{wijzer or 'Het hele bericht'} {reden}."


def lees(ruw: msgspec.Raw, decoder: msgspec.json.Decoder[B]) -> Ontvangen[B]:
    """Decode one message; T001 with a JSON pointer when it does not fit."""
    try:
        bericht = decoder.decode(ruw)
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError, RecursionError) as fout:
        return _past_niet(ruw, str(fout))
    # A cheap look first: only what holds such an escape is read again to see whether it is one.
    if _NUL in bytes(ruw) and (plek := _kan_niet(json.loads(bytes(ruw)))) is not None:
        return _geweigerd(bericht.bericht_id, plek, _TEKEN)
    return Ontvangen(bericht.bericht_id, bericht)


_NUL = b"\\u0000"
_KAN_NIET = re.compile("[\x00\ud800-\udfff]")


def _past_niet(ruw: msgspec.Raw, fout: str) -> Ontvangen[Any]:
    try:
        gelezen = json.loads(bytes(ruw))
        plek = _kan_niet(gelezen)
    except (ValueError, RecursionError):
        return _geweigerd(None, "", _VORM)
    bericht_id = _als_uuid(gelezen.get("berichtId")) if isinstance(gelezen, dict) else None
    if plek is not None:
        return _geweigerd(bericht_id, plek, _TEKEN)
    return _geweigerd(bericht_id, _wijzer(fout), next((zin for deel, zin in _REDENEN if deel in fout), _VORM))


def _geweigerd(bericht_id: uuid.UUID | None, wijzer: str, reden: str) -> Ontvangen[Any]:
    uit: Ontvangen[Any] = Ontvangen(bericht_id)
    uit.weiger(Code.T001, _t001(wijzer, reden))
    return uit


def _als_uuid(waarde: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(waarde) if isinstance(waarde, str) else None
    except ValueError:
        return None


def _kan_niet(waarde: object) -> str | None:
    """Where a text (or the name of a field) holds what no database can: NUL, or half of a surrogate pair."""
    return next(_onmogelijk(waarde, ""), None)


def _onmogelijk(waarde: object, wijzer: str) -> Iterator[str]:
    if isinstance(waarde, str) and _KAN_NIET.search(waarde):
        yield wijzer
    elif isinstance(waarde, dict):
        for naam, kind in waarde.items():
            if _KAN_NIET.search(naam):
                yield f"{wijzer}/(onbekend)"
            yield from _onmogelijk(kind, f"{wijzer}/{_naam(naam)}")
    elif isinstance(waarde, list):
        for nr, kind in enumerate(waarde):
            yield from _onmogelijk(kind, f"{wijzer}/{nr}")


def los(inhoud: bytes) -> list[msgspec.Raw] | None:
    """The messages of a call that msgspec refuses as a whole for half a surrogate pair in one of them; None when it is no
    such call. That one is refused, the others go on."""
    try:
        gelezen = json.loads(inhoud, parse_constant=_geen_getal)
    except (ValueError, RecursionError):
        return None
    if not isinstance(gelezen, dict) or set(gelezen) != {"berichten"} or not isinstance(gelezen["berichten"], list):
        return None
    return [msgspec.Raw(json.dumps(bericht).encode()) for bericht in gelezen["berichten"]]


def _geen_getal(waarde: str) -> None:
    raise ValueError(waarde)


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
