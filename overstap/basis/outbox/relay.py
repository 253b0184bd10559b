"""Claim what is due in the outbox and hand it to the worker; the worker handles it and marks it in one transaction.

A claim is a lease: a worker that dies lets it run out, and the rows come again. Order: of rows with the same sleutel
only the first unfinished one can be claimed. A parked row (given up, visible to the operator) does not block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel

log = structlog.get_logger(__name__)

Afhandelaar = Callable[[str, list[dict[str, Any]]], None]
Abonnementen = Mapping[str, tuple[Afhandelaar, ...]]

LEASE = 60  # seconds
MAX_POGINGEN = 8
PER_KEER = 500

# Only the head of each sleutel; SKIP LOCKED lets two relays work side by side.
_CLAIM = """
UPDATE outbox_outboxregel SET geclaimd_tot = statement_timestamp() + make_interval(secs => %s)
WHERE id IN (
    SELECT o.id FROM outbox_outboxregel o
    WHERE o.afgehandeld_op IS NULL AND o.geparkeerd_op IS NULL
      AND o.opnieuw_na <= statement_timestamp() AND (o.geclaimd_tot IS NULL OR o.geclaimd_tot < statement_timestamp())
      AND NOT EXISTS (
          SELECT 1 FROM outbox_outboxregel e
          WHERE e.sleutel = o.sleutel AND e.id < o.id AND e.afgehandeld_op IS NULL AND e.geparkeerd_op IS NULL)
    ORDER BY o.id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING regio_id, id
"""


def claim(aantal: int = PER_KEER, lease: int = LEASE) -> dict[str, list[int]]:
    """Claim rows that are due, for ``lease`` seconds: ids per regio. Needs a bereik over all regio's.

    A claim is no try: who is killed with it in hand did not fail at it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [lease, aantal])
        per_regio: dict[str, list[int]] = defaultdict(list)
        for regio, pk in cursor.fetchall():
            per_regio[regio].append(pk)
    return per_regio


def handel_af(regio: str, ids: Sequence[int], abonnementen: Abonnementen) -> int:
    """Handle claimed rows of one regio, within its bereik. Returns how many were done.

    All of one soort go to their handlers together. When that fails each is tried alone, so that one that cannot be
    handled does not hold up the others; it comes again later, and is parked after the last try.
    """
    gedaan = 0
    regels = list(
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
            gedaan += sum(_probeer(regio, regel, abonnementen) for regel in groep)
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
