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


def nu() -> datetime:
    """Now, aware: the set day with the wall clock's time of day, or the true time when no day is set."""
    echt = timezone.localtime(wandklok())
    ingesteld: date | None = settings.OVERSTAP_VANDAAG
    if ingesteld is None:
        return echt
    # Through make_aware and not replace(): the offset belongs to the set day (summer time), not to the real one.
    return timezone.make_aware(datetime.combine(ingesteld, echt.time().replace(tzinfo=None)))


def vandaag() -> date:
    """Today in Amsterdam, or the day set by OVERSTAP_VANDAAG."""
    return nu().date()
