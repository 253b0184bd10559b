#!/usr/bin/env python
"""manage.py: finds the running embedded services, starts them for its own duration when they do not run, then is Django's."""

import os
import signal
import sys
from types import FrameType


def _stop(signum: int, _frame: FrameType | None) -> None:
    # As an exception, so that the embedded services are stopped in order.
    raise SystemExit(128 + signum)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overstap.settings")
    from django.core.exceptions import ImproperlyConfigured

    from overstap.basis.embedded.opdracht import omgeving_voor, volledig
    from overstap.basis.embedded.postgres import DienstFout

    signal.signal(signal.SIGTERM, _stop)
    try:
        with omgeving_voor(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(volledig(sys.argv))
    except (DienstFout, ImproperlyConfigured) as fout:
        sys.exit(f"manage.py: {fout}")


if __name__ == "__main__":
    main()
