"""What a manage.py command needs: embedded services or not, and which database login."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from overstap.basis.embedded import geheimen
from overstap.basis.embedded.diensten import gebruik
from overstap.basis.embedded.paden import datamap

# These look at code only; starting a database for them would be waste.
ZONDER_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "makemigrations",
    "spectacular", "start", "startapp", "version",
}  # fmt: skip

# Work over all regio's: logs in as overstap_taken unless it is told one regio. (relay and jobs; see architectuur, Settled 5)
OVER_REGIOS = {
    "relay", "bulkmelding", "anonimiseer", "controleer_statussen", "ambities", "demo", "genereer", "importeer", "exporteer",
    "laad_referentie", "maak_gebruiker", "maak_systeem",
}  # fmt: skip

# Django's commands that touch the schema run as the owner, whatever the caller forgot.
ALS_EIGENAAR = {"migrate", "showmigrations", "sqlmigrate", "flush", "createcachetable", "inspectdb", "sqlflush"}


def _opdracht(argv: Sequence[str]) -> str:
    return argv[1] if len(argv) > 1 else "help"


def volledig(argv: Sequence[str]) -> list[str]:
    """The arguments with `--database eigenaar` where a schema command names no database.

    On `default` such a command would record every migration as done and make nothing, because the router forbids it there.
    """
    if _opdracht(argv) in ALS_EIGENAAR and not any(deel.startswith("--database") for deel in argv):
        return [*argv, "--database", "eigenaar"]
    return list(argv)


def _heeft_regio(argv: Sequence[str]) -> bool:
    return any(deel == "--regio" or deel.startswith("--regio=") for deel in argv)


@contextmanager
def omgeving_voor(argv: Sequence[str]) -> Iterator[None]:
    """Set the environment for this command; the embedded services stay up for its length when nothing else is configured."""
    opdracht = _opdracht(argv)
    if opdracht in OVER_REGIOS and not _heeft_regio(argv):
        os.environ.setdefault("OVERSTAP_DBROL", "taken")
    eigen = "DATABASE_URL" in os.environ or os.environ.get("OVERSTAP_PRODUCTIE", "") not in {"", "0"}
    if eigen or opdracht in ZONDER_DATABASE or "--help" in argv or "-h" in argv:
        yield
        return
    with gebruik(datamap()) as gevonden:
        for naam, waarde in gevonden.items():
            os.environ.setdefault(naam, waarde)
        yield


def zorg_geheimen() -> None:
    """Secrets without services, for a process that has its own database."""
    for naam, waarde in geheimen.zorg(datamap()).items():
        if naam.startswith("OVERSTAP_"):
            os.environ.setdefault(naam, waarde)
