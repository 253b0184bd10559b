"""Technical logs: one JSON object per line, without personal data.

Two nets: keys that could hold a person are blanked, and what looks like a pgn (nine digits) or an e-mail address is blanked in
every text. Query strings are cut off: a search for a name is in them.
"""

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

GEHEIM = re.compile(
    r"pgn|bsn|burgerservice|onderwijsnummer|naam|wachtwoord|password|secret|token|email|e_mail|adres|postcode|geboorte|toelichting|"
    r"authorization|cookie",
    re.IGNORECASE,
)
VRIJ = {"logger", "event", "task_name", "naam_van_taak"}
# A uuid stays whole, whatever stands in it; then nine digits together.
PGN = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<!\d)(?P<pgn>\d{9})(?!\d)")
EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.\w+")
VRAAGTEKEN = re.compile(r"\?\S*")
# PostgreSQL repeats the row that broke a rule: "Failing row contains (...)", "Key (achternaam)=(...)"; a text in it may have lines of
# its own, so it ends where Python goes on about another exception.
DATABASE_DETAIL = re.compile(r"(DETAIL|CONTEXT):.*?(?=\n\n(?:The above|During handling)|\Z)", re.DOTALL)


def _pgn(gevonden: re.Match[str]) -> str:
    return "[pgn]" if gevonden["pgn"] else gevonden[0]


def schoon(waarde: Any) -> Any:
    """A copy of the value without pgn's, addresses or query strings."""
    if isinstance(waarde, str):
        zonder_detail = DATABASE_DETAIL.sub(r"\1: [weggelaten]", waarde)
        return VRAAGTEKEN.sub("?...", EMAIL.sub("[e-mail]", PGN.sub(_pgn, zonder_detail)))
    if isinstance(waarde, dict):
        return {
            sleutel: "[weggelaten]" if GEHEIM.search(str(sleutel)) else schoon(deel) for sleutel, deel in waarde.items()
        }
    if isinstance(waarde, list | tuple):
        return [schoon(deel) for deel in waarde]
    if isinstance(waarde, int | float | bool) or waarde is None:
        return waarde
    return schoon(str(waarde))


def _zonder_pad(regel: MutableMapping[str, Any]) -> None:
    """Django's own lines ("Not Found: /path") carry the request, whose path may be made up."""
    verzoek = getattr(regel.get("_record"), "request", None)
    pad, event = getattr(verzoek, "path", ""), regel.get("event")
    if verzoek is not None and pad not in ("", "/") and isinstance(event, str):
        from overstap.basis.pad import veilig_pad  # URLs are not there yet when logging is set up

        regel["event"] = event.replace(pad, veilig_pad(verzoek))


def zonder_personen(_logger: Any, _methode: str, regel: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: blank what could name a person."""
    _zonder_pad(regel)
    for sleutel, waarde in list(regel.items()):
        if sleutel.startswith("_"):
            continue
        regel[sleutel] = "[weggelaten]" if sleutel not in VRIJ and GEHEIM.search(sleutel) else schoon(waarde)
    return regel


_GEDEELD: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def logging_instellingen(niveau: str) -> dict[str, Any]:
    """The LOGGING of Django: everything to standard error as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _GEDEELD,
                "processors": [
                    structlog.processors.format_exc_info,
                    zonder_personen,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"scherm": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["scherm"], "level": niveau},
        "loggers": {
            "django": {"handlers": [], "level": niveau, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "celery": {"level": niveau, "propagate": True},
            # While the database is away the pool says so every second; the requests that fail say it already.
            "psycopg.pool": {"level": "ERROR", "propagate": True},
        },
    }


def stel_in(instellingen: dict[str, Any]) -> None:
    """LOGGING_CONFIG: the standard library and structlog at once."""
    logging.config.dictConfig(instellingen)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_GEDEELD,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
