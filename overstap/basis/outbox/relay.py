"""Claim what is due in the outbox and hand it to the worker; the worker handles it and marks it in one transaction.

A claim is a lease: a worker that dies lets it run out, and the rows come again. Order: of rows with the same sleutel
the first unfinished one is claimed, with those right behind it. A parked row (given up, visible to the operator) does not block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Min

from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel

log = structlog.get_logger(__name__)

Afhandelaar = Callable[[str, list[dict[str, Any]]], None]
Abonnementen = Mapping[str, tuple[Afhandelaar, ...]]

LEASE = 60  # seconds
MAX_POGINGEN = 8
PER_KEER = 500  # heads
ERACHTER = 50  # rows behind each head

# The head of each sleutel, and with it those behind it of the same soort: one task handles them together, in their order.
# SKIP LOCKED lets two relays work side by side; only who has the head gets the others. One pass over what waits, whatever the planner
# knows of the table: a backlog grows faster than its statistics.
_WACHT = "afgehandeld_op IS NULL AND geparkeerd_op IS NULL"
_AAN_DE_BEURT = "opnieuw_na <= statement_timestamp() AND (geclaimd_tot IS NULL OR geclaimd_tot < statement_timestamp())"
_CLAIM = f"""
WITH alle AS MATERIALIZED (
    SELECT id, first_value(id) OVER per_sleutel AS kop, row_number() OVER per_sleutel AS nr,
           {_AAN_DE_BEURT} AND soort = first_value(soort) OVER per_sleutel AS mee
    FROM outbox_outboxregel WHERE {_WACHT}
    WINDOW per_sleutel AS (PARTITION BY sleutel ORDER BY id)
), koppen AS MATERIALIZED (
    SELECT o.id FROM outbox_outboxregel o WHERE o.id = ANY (ARRAY(SELECT id FROM alle WHERE nr = 1 AND mee)) AND {_WACHT} AND {_AAN_DE_BEURT}
    ORDER BY o.id LIMIT %(aantal)s FOR UPDATE SKIP LOCKED
), rijen AS MATERIALIZED (
    SELECT id, bool_and(mee) OVER (PARTITION BY kop ORDER BY nr) AS mee FROM alle
    WHERE kop = ANY (ARRAY(SELECT id FROM koppen)) AND nr <= 1 + %(erachter)s
)
UPDATE outbox_outboxregel SET geclaimd_tot = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE id = ANY (ARRAY(SELECT id FROM rijen WHERE mee))
RETURNING regio_id, id
"""  # noqa: S608 - our own pieces; what varies is a parameter


def claim(aantal: int = PER_KEER, lease: int = LEASE) -> dict[str, list[int]]:
    """Claim rows that are due, for ``lease`` seconds: ids per regio. Needs a bereik over all regio's.

    A claim is no try: who is killed with it in hand did not fail at it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": lease, "aantal": aantal, "erachter": ERACHTER})
        per_regio: dict[str, list[int]] = defaultdict(list)
        for regio, pk in cursor.fetchall():
            per_regio[regio].append(pk)
    return per_regio


def handel_af(regio: str, ids: Sequence[int], abonnementen: Abonnementen) -> int:
    """Handle claimed rows of one regio, within its bereik. Returns how many were done.

    All of one soort go to their handlers together. When that fails each is tried alone, so that one that cannot be
    handled holds up only what is behind it in its sleutel; it comes again later, and is parked after the last try.
    """
    gedaan = 0
    regels = _op_volgorde(
        OutboxRegel.objects.filter(pk__in=list(ids), afgehandeld_op__isnull=True, geparkeerd_op__isnull=True)
        .select_for_update(skip_locked=True)
        .order_by("id")
    )
    per_soort: dict[str, list[OutboxRegel]] = defaultdict(list)
    for regel in regels:
        per_soort[regel.soort].append(regel)
    for soort, groep in per_soort.items():
        try:
            _roep(regio, groep, abonnementen.get(soort, ()))
            gedaan += len(groep)
        except Exception:
            if connection.connection is None or connection.connection.closed:
                raise  # the database is away: nothing was judged, and the rows come again when their lease is over
            log.warning("outbox.groep_mislukt", soort=soort, aantal=len(groep), exc_info=len(groep) == 1)
            gedaan += _een_voor_een(regio, groep, abonnementen)
    return gedaan


def _op_volgorde(gevonden: Iterable[OutboxRegel]) -> list[OutboxRegel]:
    """Without those that have an unfinished one before them which is not ours: a claim that was late meets its successor here."""
    regels = list(gevonden)
    anders = (
        OutboxRegel.objects.filter(
            sleutel__in={regel.sleutel for regel in regels}, afgehandeld_op__isnull=True, geparkeerd_op__isnull=True
        )
        .exclude(pk__in=[regel.pk for regel in regels])
        .values_list("sleutel")
        .annotate(eerste=Min("pk"))
    )
    eerste = dict(anders)
    return [regel for regel in regels if regel.sleutel not in eerste or regel.pk < eerste[regel.sleutel]]


def _een_voor_een(regio: str, groep: Sequence[OutboxRegel], abonnementen: Abonnementen) -> int:
    """Each alone; what stands behind one that failed waits with it."""
    gedaan, wacht = 0, []
    dicht: set[str] = set()
    for regel in groep:
        if regel.sleutel in dicht:
            wacht.append(regel.pk)
        elif _probeer(regio, regel, abonnementen):
            gedaan += 1
        elif regel.geparkeerd_op is None:
            dicht.add(regel.sleutel)
    OutboxRegel.objects.filter(pk__in=wacht).update(geclaimd_tot=None)
    return gedaan


def _roep(regio: str, groep: Sequence[OutboxRegel], afhandelaars: Sequence[Afhandelaar]) -> None:
    with transaction.atomic():
        for afhandelaar in afhandelaars:
            afhandelaar(regio, [regel.inhoud for regel in groep])
        OutboxRegel.objects.filter(pk__in=[regel.pk for regel in groep]).update(
            afgehandeld_op=klok.wandklok(), geclaimd_tot=None
        )


def _probeer(regio: str, regel: OutboxRegel, abonnementen: Abonnementen) -> int:
    try:
        _roep(regio, [regel], abonnementen.get(regel.soort, ()))
    except Exception as fout:
        regel.pogingen += 1
        # The class of the error only: its text could name a person.
        log.error(
            "outbox.regel_mislukt", regel=regel.pk, soort=regel.soort, fout=type(fout).__name__, pogingen=regel.pogingen
        )
        regel.fout = type(fout).__name__
        regel.geclaimd_tot = None
        if regel.pogingen >= MAX_POGINGEN:
            regel.geparkeerd_op = klok.wandklok()
        else:
            regel.opnieuw_na = klok.wandklok() + timedelta(seconds=2**regel.pogingen)
        regel.save(update_fields=["pogingen", "fout", "geclaimd_tot", "geparkeerd_op", "opnieuw_na"])
        return 0
    return 1
