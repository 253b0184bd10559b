"""The table "Cases" of the contract (vva.md), row by row, and which test plays each of them over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])

# Given -> then, as the contract has them.
GEVALLEN: dict[str, str] = {
    "vmbo-tl, expected to mbo, 15 November, lives in gemeente 0363": "message `true` to 0363",
    '"mavo"': "as vmbo",
    "havo-4 to mbo": "no message; F105 when one comes in",
    "vmbo surely to havo; pro to work; leerwerkbedrijf; lives in Germany; surely to study in Belgium": "no message",
    "perhaps to havo, marked 20 January; havo certain on 3 June": "`true`, then `false`, both accepted",
    "`false` and never a `true`": "F104, nothing changes",
    "isk to entree; vso vervolgonderwijs; vso arbeidsmarktgericht; vavo-student of the vavo-instelling": "`true`",
    "vso dagbesteding": "out of scope",
    "vavo by Rutte, registered at 00AA": "sent by 00AA; aanmeldstatussen to 00AA",
    "geheim adres": "processed; no address anywhere",
    "moves from 0479 to 0363 after the message": "no new message; the next aanmeldstatus goes to 0363",
    "first `true` on 2 February": "W301, accepted",
    "same berichtId twice": "one record, same answer",
    "volgnummer 2 `false` before 1 `true`": "ends `false`; 1 kept with W302",
    "same key and volgnummer, other content": "F202",
    "bsn 999900019 (fails); onderwijsnummer as bsn": "F101",
    "both pgn kinds": "F102",
    "brin `0AAA`; brin 00AA with vestiging 00BB01": "T001; F103",
    "applicant 17, Dutch gemeente, no startkwalificatie, latende school known": "to vo and gemeente",
    "22 years and 364 days; on the 23rd birthday": "gemeente; not gemeente",
    "mbo-2 diploma": "not gemeente",
    "no latende school": "not vo",
    "age limit 27 from a date, applicant 25 on that date": "gemeente from that date on",
    "rejected at one mbo, open at another, 1 March": "not in the bulk",
    "15 June, open but not enrolled": "in the bulk",
    "15 June, enrolled outside the regio": "not in the bulk",
    "signalled 1 March, applies 9 March": "`STATUSWIJZIGING` to the gemeente, at once",
    "gemeente without anyone": "bulk with `aantal` 0",
    "gemeente not connected": "F107, parked, visible",
    "supplier without mandaat": "T003",
    "opleidingscode while the profile is off": "dropped before storage",
    "worker killed halfway through a bulk of 342 gemeenten, then restarted": "every gemeente exactly once",
}

# Needs real processes that are really killed.
ELDERS = {
    "worker killed halfway through a bulk of 342 gemeenten, then restarted": (
        "tests.storingen.test_klappen",
        "test_nothing_lost_and_nothing_double",
    ),
}

gespeeld: dict[str, str] = {}


def geval(gegeven: str) -> Callable[[T], T]:
    """This test plays the row that begins with ``gegeven``; each row has one test. The row becomes its docstring."""
    dan = GEVALLEN[gegeven]

    def zet(test: T) -> T:
        assert gegeven not in gespeeld, gegeven
        gespeeld[gegeven] = test.__name__
        test.__doc__ = f"{gegeven} -> {dan}."
        return test

    return zet
