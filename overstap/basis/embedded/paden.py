"""Where the embedded services live, and the small file helpers that go with it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[3]


def datamap() -> Path:
    """`$OVERSTAP_DATA`, or `.overstap` in the project, as an absolute path."""
    ruw = os.environ.get("OVERSTAP_DATA", "").strip()
    return Path(ruw).expanduser().resolve() if ruw else PROJECT / ".overstap"


def maak_map(pad: Path) -> Path:
    """Make a private folder; as root others may pass through, because PostgreSQL then runs as another user."""
    pad.mkdir(parents=True, exist_ok=True)
    pad.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return pad


def schrijf_json(pad: Path, inhoud: Any) -> None:
    """Write a private file at once: a reader sees the old content or the new, never half."""
    tijdelijk = pad.with_name(f"{pad.name}.{os.getpid()}")
    with open(os.open(tijdelijk, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as bestand:
        json.dump(inhoud, bestand, indent=1)
    tijdelijk.replace(pad)


def lees_json(pad: Path) -> Any:
    """The content, or None when the file is not there or not whole."""
    try:
        return json.loads(pad.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


@contextmanager
def slot(pad: Path) -> Iterator[None]:
    """Exclusive between processes, for as long as the block runs."""
    with open(os.open(pad, os.O_RDWR | os.O_CREAT, 0o600)) as bestand:
        fcntl.flock(bestand, fcntl.LOCK_EX)
        yield
