"""Numbers that cannot belong to anybody: bsn's from 9999 on, onderwijsnummers from 10 on, each passing its own test."""

from __future__ import annotations

from collections.abc import Iterator

# In use as examples (the contract, the tests); never given to a leerling of the demo.
VOORBEELDEN = frozenset({"999900018", "999900031", "999900043"})


def _som(nummer: int) -> int:
    """The weighed sum without the last digit: 9 x first .. 2 x eighth."""
    cijfers = f"{nummer:08d}"
    return sum((9 - i) * int(c) for i, c in enumerate(cijfers))


def bsns(begin: int = 0) -> Iterator[str]:
    """Test bsn's, rising: 9999xxxxx with remainder 0 under the eleven-test. There are about nine thousand."""
    for voor in range(99990000 + begin, 100000000):
        laatste = _som(voor) % 11
        nummer = f"{voor}{laatste}"
        if laatste < 10 and nummer not in VOORBEELDEN:
            yield nummer


def onderwijsnummers(begin: int = 0) -> Iterator[str]:
    """Onderwijsnummers, rising from 10xxxxxxx: remainder 5 under the weights of the bsn. There are 900,000."""
    for voor in range(10000000 + begin, 11000000):
        laatste = (_som(voor) - 5) % 11
        if laatste < 10:
            yield f"{voor}{laatste}"
