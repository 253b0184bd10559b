"""The processes of the demo under honcho's manager: one dies, it comes back; the manager dies, they go with it.

honcho stops everything when one process ends. Here a process that was killed is started again, as systemd or Kubernetes would;
one that keeps falling over at its start, or refuses (exit 78), still stops the whole.
"""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import IO, Any

from honcho.manager import Manager
from honcho.process import Process

WEIGERT = 78  # EX_CONFIG of sysexits: starting again would not help
KORT = 5.0  # seconds; a process that lives shorter than this did not start well
POGINGEN = 3
MERK = "OVERSTAP_PROCES"  # in the environment of each process: "<data folder>:<name>"
_PR_SET_PDEATHSIG = 1


def sterf_mee(teken: int) -> None:
    """Ask the kernel for this signal when our parent dies, also when it is killed (Linux)."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, teken)


def doe_weg(merk: str) -> None:
    """Kill what is left of processes that were started with this mark: the children of a worker or starter that was killed.

    They are found by their environment, which a process group or a parent does not outlive.
    """
    zoek = b"\0" + f"{MERK}={merk}".encode()
    for pad in Path("/proc").iterdir():
        if not pad.name.isdigit() or int(pad.name) == os.getpid():
            continue
        with suppress(OSError):
            if zoek in b"\0" + (pad / "environ").read_bytes():
                os.kill(int(pad.name), signal.SIGKILL)


class BlijvendProces(Process):
    """A process that is started again when it ends while nobody asked it to stop."""

    def __init__(self, cmd: Sequence[str], *, stopt: Event, **rest: Any) -> None:
        super().__init__(list(cmd), **rest)
        self.stopt = stopt

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Runs in a process of its own, forked by the manager."""
        self._events = events
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sterf_mee(signal.SIGKILL)
        kort_geleefd = 0
        while True:
            begin = time.monotonic()
            code = self._een_leven()
            kort_geleefd = kort_geleefd + 1 if time.monotonic() - begin < KORT else 0
            if self.stopt.is_set() or code == WEIGERT or kort_geleefd >= POGINGEN:
                break
            self._send_message(f"{self.name} eindigde (code {code}) en begint opnieuw\n")
            time.sleep(kort_geleefd)
        self._send_message({"returncode": code}, type="stop")

    def _een_leven(self) -> int:
        kind = subprocess.Popen(  # noqa: S603 - fixed arguments of our own
            self.cmd,
            env=self.env,
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the manager; it stops us in order
            preexec_fn=_als_kind,
        )
        # The manager signals the newest pid it was told.
        self._send_message({"pid": kind.pid}, type="start")
        lezer = threading.Thread(target=self._geef_door, args=(kind.stdout,), daemon=True)
        lezer.start()
        code = kind.wait()
        # A killed gunicorn or worker leaves its own children; the next life must not share its port or queue with them.
        with suppress(ProcessLookupError):
            os.killpg(kind.pid, signal.SIGKILL)
        doe_weg(self.env[MERK])
        lezer.join(timeout=2)
        return code

    def _geef_door(self, uitvoer: IO[bytes]) -> None:
        for regel in iter(uitvoer.readline, b""):
            self._send_message(regel)


def _als_kind() -> None:
    for teken in (signal.SIGINT, signal.SIGTERM):
        signal.signal(teken, signal.SIG_DFL)
    sterf_mee(signal.SIGTERM)


class Seiner:
    """How the manager signals: first the process itself, which stops its own children in order; at last the whole group.

    honcho signals the group at once, and that would break off the tasks which a worker is finishing.
    """

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


class Beheerder(Manager):
    """honcho's manager with processes that stay; calls `na_start` once they are under way."""

    def __init__(self, na_start: Callable[["Beheerder"], None], **rest: Any) -> None:
        super().__init__(**rest)
        self.stopt = multiprocessing.Event()
        self._procmgr = Seiner()
        self._na_start = na_start

    def voeg_toe(self, naam: str, opdracht: Sequence[str], omgeving: dict[str, str], map_: str) -> None:
        def maak(cmd: Sequence[str], **rest: Any) -> BlijvendProces:
            return BlijvendProces(cmd, stopt=self.stopt, **rest)

        self._process_ctor = maak
        self.add_process(naam, opdracht, env=omgeving, cwd=map_)

    def _start(self) -> None:
        super()._start()
        self._na_start(self)

    def terminate(self) -> None:
        self.stopt.set()
        super().terminate()

    def _system_print(self, data: str) -> None:
        """honcho tells every start and signal; only what a person needs is shown (see starter.py)."""
