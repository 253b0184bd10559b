"""The sending systems: a LAS delivers leerlingen, LAS, SIS and koppelpunt send messages, until everything was answered."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from overstap.simulator.berichten import Bericht
from overstap.simulator.http import Antwoord, Onbereikbaar, Verloren
from overstap.simulator.partijen import Partij, Systeem
from overstap.simulator.personen import Leerling
from overstap.simulator.storing import Zending

# An answer says which rule and which field, never whom: no number of nine digits, no name of ours.
_PERSOON = re.compile(r"(?<!\d)\d{9}(?!\d)|Simulant|Verzonnen")
LEERLINGEN = "/api/v1/leerlingen"


@dataclass(slots=True)
class Logboek:
    """What was sent and what came back. ``onverwacht``: answers that the contract does not allow, without a person in them."""

    aanroepen: int = 0
    verzonden: Counter[str] = field(default_factory=Counter)
    uitkomsten: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    onverwacht: Counter[str] = field(default_factory=Counter)
    slot: threading.Lock = field(default_factory=threading.Lock)

    def schrijf(
        self,
        soort: str,
        bericht: Bericht | None,
        uitkomst: str,
        codes: list[str],
        melding: str = "",
        *,
        bewaard: str = "",
    ) -> None:
        """One answer. Without ``bericht`` it is a row of leerlingen, which is right when it is taken, or kept with this code."""
        if bericht:
            goed = bericht.klopt(uitkomst, codes)
        else:
            goed = (uitkomst, codes) == ("opgeslagen", [bewaard]) if bewaard else uitkomst in {"verwerkt", "alVerwerkt"}
        with self.slot:
            self.uitkomsten[uitkomst] += 1
            self.codes.update(codes)
            if _PERSOON.search(melding):
                self.onverwacht[f"{soort}: een persoon in de melding bij {' '.join(codes)}"] += 1
            if not goed:
                bedoeld = (bericht.moet if bericht else "") or "een goed bericht"
                self.onverwacht[f"{soort}: {bedoeld} kreeg {uitkomst} {' '.join(codes)}".rstrip()] += 1

    def even_niet(self, codes: Counter[str]) -> None:
        """The answers "not now": T004 and a line that is full (429) are of the contract, another is not."""
        with self.slot:
            self.codes.update({"T004": codes["T004"]} if codes["T004"] else {})
            for code, aantal in codes.items():
                if code not in {"T004", "429"}:
                    self.onverwacht[f"even niet beschikbaar zonder T004: {code}"] += aantal

    def tel(self, soort: str, aantal: int) -> None:
        with self.slot:
            self.aanroepen += 1
            self.verzonden[soort] += aantal


def lever_aan(
    systeem: Systeem,
    school: Partij,
    leerlingen: Sequence[Leerling],
    jaar: str,
    logboek: Logboek,
    *,
    toch_niet: bool = False,
) -> None:
    """POST /api/v1/leerlingen for one vestiging; sent twice, as a LAS does that was not sure.

    ``toch_niet``: they are no overstappers after all; that is kept and put in front of a person (W303).
    """
    inhoud: dict[str, Any] = {"vestiging": school.vestiging, "overstapjaar": jaar}
    anders: dict[str, Any] = {"overstapper": False} if toch_niet else {}
    inhoud["leerlingen"] = [leerling.als_levering() | anders for leerling in leerlingen]
    moet = "W303" if toch_niet else ""
    for _ in range(2):
        resultaten = _resultaten(systeem.lijn.vraag("POST", LEERLINGEN, inhoud), LEERLINGEN)
        logboek.tel("leerlingen", len(leerlingen))
        for resultaat in resultaten:
            logboek.schrijf(
                "leerlingen", None, resultaat["uitkomst"], resultaat["codes"], resultaat["melding"], bewaard=moet
            )


def zend(systeem: Systeem, zendingen: Sequence[Zending], logboek: Logboek, *, gelijktijdig: int = 1) -> None:
    """Send all calls, several at once; what got lost is sent again afterwards, the same message under the same berichtId."""
    with ThreadPoolExecutor(gelijktijdig) as draden:
        aangekomen = list(draden.map(lambda zending: _een_zending(systeem, zending, logboek), zendingen))
    for zending, goed in zip(zendingen, aangekomen, strict=True):
        if not goed:
            _een_zending(systeem, Zending(zending.berichten), logboek)


def _een_zending(systeem: Systeem, zending: Zending, logboek: Logboek) -> bool:
    """One call; False when the sender got no answer and so does not know."""
    if zending.verlies == "heen":
        return False
    soort = zending.berichten[0].soort
    pad = f"/api/v1/vva/{soort}"
    inhoud = {"berichten": [b.inhoud for b in zending.berichten]}
    logboek.tel(soort, len(zending.berichten))
    try:
        antwoord = systeem.lijn.vraag("POST", pad, inhoud, verlies_antwoord=zending.verlies == "terug")
    except Verloren:
        return False
    for bericht, resultaat in zip(zending.berichten, _resultaten(antwoord, pad), strict=True):
        logboek.schrijf(soort, bericht, resultaat["uitkomst"], resultaat["codes"], resultaat["melding"])
    return True


def _resultaten(antwoord: Antwoord, pad: str) -> list[dict[str, Any]]:
    if antwoord.status != 200:
        detail = antwoord.inhoud.get("detail", "") if isinstance(antwoord.inhoud, dict) else ""
        raise Onbereikbaar(f"{pad} antwoordt met {antwoord.status}. {detail}".strip())
    resultaten: list[dict[str, Any]] = antwoord.inhoud["resultaten"]
    return resultaten


def systeem_voor(systemen: Iterable[Systeem], partij: Partij) -> Systeem:
    """Who may send for this school or mbo."""
    return next(s for s in systemen if partij in s.voor)
