"""The one clock. Domain dates come from here, so that "today" can be set and a test never sleeps.

`vandaag()` and `nu()` follow `settings.OVERSTAP_VANDAAG` (a date, or None for the real day). `wandklok()` never does: sessions,
tokens, one-time codes, backoff and audit lines need the true time.
"""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def wandklok() -> datetime:
    """The true time, aware. Only for sessions, tokens, backoff and LogRegel."""
    return timezone.now()


def op_dag(echt: datetime, dag: date | None) -> datetime:
    """The moment `echt` as Amsterdam reads it, moved to `dag` with its time of day kept; None moves nothing."""
    hier = timezone.localtime(echt)
    if dag is None:
        return hier
    # Through make_aware and not replace(): the offset belongs to the set day (summer time), not to the real one.
    return timezone.make_aware(datetime.combine(dag, hier.time()))


def nu() -> datetime:
    """Now, aware: the set day with the wall clock's time of day, or the true time when no day is set."""
    return op_dag(wandklok(), settings.OVERSTAP_VANDAAG)


def vandaag() -> date:
    """Today in Amsterdam, or the day set by OVERSTAP_VANDAAG."""
    return nu().date()
