"""A table and for whom -> the outcome. The one import behind the page, the task and the command.

A trial does everything and takes it back, so that what it says is what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.db import DataError, IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Organisatie
from overstap.aanlevering.aanmeldingen import lees_aanmeldingen
from overstap.aanlevering.bestand import Blad
from overstap.aanlevering.leerlingen import School, lees_leerlingen
from overstap.aanlevering.rijen import Gelezen
from overstap.aanlevering.uitslag import BestandFout, Regel, Uitslag
from statuses.actions import AanmeldingRij, LeerlingRij, RijUitkomst, record_aanmeldingen, record_leerlingen
from statuses.status import TERUG

log = structlog.get_logger(__name__)

BRON = "import"
T = TypeVar("T")


class _Terug(Exception):
    """Leaves the transaction of a trial, or of an import that may not be half."""


def importeer_leerlingen(
    blad: Blad, school: School, *, actor: Actor, proef: bool, alleen_als_alles_goed: bool = False
) -> Uitslag:
    """Leerlingen of one school; raises :class:`BestandFout` when the file as a whole cannot be used."""
    gelezen = lees_leerlingen(blad, school)

    def schrijf(rijen: Sequence[LeerlingRij]) -> list[RijUitkomst]:
        return record_leerlingen(rijen, actor=actor, bron=BRON)

    return _doe(blad, gelezen, schrijf, proef, alleen_als_alles_goed)


def importeer_aanmeldingen(
    blad: Blad, mbo: Organisatie, *, actor: Actor, proef: bool, alleen_als_alles_goed: bool = False
) -> Uitslag:
    """Aanmeldingen of one mbo; raises :class:`BestandFout` when the file as a whole cannot be used."""
    gelezen = lees_aanmeldingen(blad)

    def schrijf(rijen: Sequence[AanmeldingRij]) -> list[RijUitkomst]:
        return record_aanmeldingen(rijen, mbo=mbo, actor=actor, bron=BRON)

    uitslag = _doe(blad, gelezen, schrijf, proef, alleen_als_alles_goed)
    _noem_zonder_reden(gelezen, uitslag)
    return uitslag


def _doe(
    blad: Blad,
    gelezen: Gelezen[T],
    schrijf: Callable[[Sequence[T]], list[RijUitkomst]],
    proef: bool,
    alleen_als_alles_goed: bool,
) -> Uitslag:
    uitslag = Uitslag(
        regels=list(gelezen.regels),
        kolommen_onbekend=gelezen.koppeling.onbekend,
        opmerkingen=list(blad.opmerkingen),
    )
    uitslag.rijen["geweigerd"] = list(gelezen.geweigerd)
    try:
        with transaction.atomic():
            uitkomsten = schrijf([rij for _, rij in gelezen.goed]) if gelezen.goed else []
            for (nummer, _), uitkomst in zip(gelezen.goed, uitkomsten, strict=True):
                _noteer(uitslag, nummer, uitkomst, gelezen.koppeling.naam)
            if proef or (alleen_als_alles_goed and uitslag.geweigerd):
                raise _Terug
            uitslag.toegepast = True
    except _Terug:
        pass
    except (DataError, IntegrityError) as fout:
        log.error("aanlevering.databank_weigert", fout=type(fout).__name__)
        raise BestandFout(
            "De databank kon dit bestand niet verwerken. Er is niets veranderd. Probeer het opnieuw, of vraag de beheerder."
        ) from fout
    uitslag.regels.sort(key=lambda r: r.rij)
    uitslag.rijen["geweigerd"].sort()
    return uitslag


def _noteer(uitslag: Uitslag, nummer: int, uitkomst: RijUitkomst, namen: dict[str, str]) -> None:
    uitslag.rijen[uitkomst.actie].append(nummer)
    if uitkomst.melding or uitkomst.codes:
        uitslag.regels.append(
            Regel(
                nummer,
                namen.get(uitkomst.veld, uitkomst.veld),
                uitkomst.codes[0] if uitkomst.codes else "dubbel",
                uitkomst.melding,
                "geweigerd" if uitkomst.actie == "geweigerd" else "let_op",
            )
        )


def _noem_zonder_reden(gelezen: Gelezen[AanmeldingRij], uitslag: Uitslag) -> None:
    """A feed may leave out why; the status counts, and the mbo sees which reasons are missing. Bron: raakvlakken.md."""
    verwerkt = {*uitslag.rijen["nieuw"], *uitslag.rijen["gewijzigd"]}
    for nummer, rij in gelezen.goed:
        if rij.status in TERUG and not rij.reden_code and nummer in verwerkt:
            kolom = gelezen.koppeling.naam.get("reden_code", "reden_code")
            melding = f"Bij {rij.status.label.lower()} hoort een reden. De status is verwerkt; vul de reden nog aan."
            uitslag.regels.append(Regel(nummer, kolom, "reden_leeg", melding, "let_op"))
    uitslag.regels.sort(key=lambda r: r.rij)
