"""What a manage.py command needs: embedded services or not, and which database login."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import psycopg

from overstap.basis import rollen
from overstap.basis.embedded import geheimen
from overstap.basis.embedded.diensten import gebruik
from overstap.basis.embedded.paden import datamap
from overstap.basis.embedded.postgres import DienstFout

# These look at code only; starting a database for them would be waste.
ZONDER_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "makemigrations",
    "spectacular", "startapp", "version",
}  # fmt: skip

# Work over all regio's: logs in as overstap_taken unless it is told one regio. (relay and jobs; see architectuur, Settled 5)
OVER_REGIOS = {
    "relay", "bulkmelding", "anonimiseer", "controleer_statussen", "ambities", "demo", "genereer", "importeer", "exporteer",
    "laad_referentie", "maak_gebruiker", "maak_systeem", "simuleer_keten",
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


def _productie() -> bool:
    return os.environ.get("OVERSTAP_PRODUCTIE", "").strip().lower() not in {"", "0", "nee", "false", "no", "off"}


@contextmanager
def omgeving_voor(argv: Sequence[str]) -> Iterator[None]:
    """Set the environment for this command; the embedded services stay up for its length when nothing else is configured."""
    opdracht = _opdracht(argv)
    if opdracht in OVER_REGIOS and not _heeft_regio(argv):
        os.environ.setdefault("OVERSTAP_DBROL", "taken")
    if _productie() or opdracht in ZONDER_DATABASE or "--help" in argv or "-h" in argv:
        yield
    elif os.environ.get("DATABASE_URL"):
        if opdracht != "maak_rollen":
            os.environ.update(eigen_database())
        yield
    else:
        with gebruik(datamap()) as gevonden:
            for naam, waarde in gevonden.items():
                os.environ.setdefault(naam, waarde)
            yield


def eigen_database() -> dict[str, str]:
    """The environment for a database of one's own: what is set, and the three roles made when DATABASE_URL is a superuser's.

    Outside production only: there the roles are made by `maak_rollen` and every URL is given. Raises DienstFout.
    """
    gevonden = {
        naam: os.environ.get(naam) or waarde
        for naam, waarde in geheimen.zorg(datamap()).items()
        if naam.startswith("OVERSTAP_")
    }
    if os.environ.get("DATABASE_URL_EIGENAAR") and os.environ.get("DATABASE_URL_TAKEN"):
        return gevonden
    url = os.environ["DATABASE_URL"]
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as verbinding:
            rij = verbinding.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            if not rij or not rij[0]:
                raise DienstFout(
                    "Naast DATABASE_URL zijn DATABASE_URL_EIGENAAR en DATABASE_URL_TAKEN nodig (of geef de URL van een "
                    "superuser; dan worden de drie rollen gemaakt)."
                )
            geheim = geheimen.lees(datamap())
            rollen.maak_rollen(verbinding, {rol: geheim[rol] for rol in rollen.ROLLEN})
            rollen.geef_rechten(verbinding)
    except psycopg.OperationalError as fout:
        raise DienstFout(f"De database van DATABASE_URL antwoordt niet: {fout}") from None
    return gevonden | {
        "DATABASE_URL_SUPERUSER": url,
        "DATABASE_URL": met_gebruiker(url, rollen.APP, geheim[rollen.APP]),
        "DATABASE_URL_EIGENAAR": met_gebruiker(url, rollen.EIGENAAR, geheim[rollen.EIGENAAR]),
        "DATABASE_URL_TAKEN": met_gebruiker(url, rollen.TAKEN, geheim[rollen.TAKEN]),
    }


def met_gebruiker(url: str, gebruiker: str, wachtwoord: str) -> str:
    """The same database with another login."""
    delen = urlsplit(url)
    adres = delen.netloc.rpartition("@")[2]
    return delen._replace(netloc=f"{quote(gebruiker)}:{quote(wachtwoord, safe='')}@{adres}").geturl()
