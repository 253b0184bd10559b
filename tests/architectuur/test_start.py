"""The promises of a fresh machine: services shared and stopped, a wrong login refused, `make start` and its second start."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from overstap.basis import checks, rollen
from overstap.basis.embedded import diensten
from overstap.basis.embedded.paden import PROJECT
from overstap.basis.embedded.postgres import vrije_poort
from tests.databank import Databank


def _omgeving(data: Path, **extra: str) -> dict[str, str]:
    """A bare environment, as a cron job or a container has it; HOME empty on purpose."""
    return {"PATH": os.environ["PATH"], "HOME": "", "OVERSTAP_DATA": str(data), **extra}


def _manage(data: Path, *argumenten: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *argumenten],
        env=_omgeving(data, **extra),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def _antwoordt(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.keten
def test_services_are_shared_and_the_last_one_out_stops_them(tmp_path: Path) -> None:
    # Deeper than a unix socket path may be.
    data = tmp_path / ("lang" * 20) / ("pad" * 20)
    data.mkdir(parents=True)
    with diensten.gebruik(data) as eerste:
        with psycopg.connect(eerste["DATABASE_URL_EIGENAAR"]) as verbinding:
            verbinding.execute("CREATE TABLE proef (id int)")
        with diensten.gebruik(data) as tweede:
            assert tweede == eerste
        assert _antwoordt(eerste["DATABASE_URL"])
        opdracht = "from django.db import connection as c; k=c.cursor(); k.execute('SELECT current_user, count(*) FROM proef'); print(k.fetchone())"
        gevonden = _manage(data, "shell", "--no-imports", "--command", opdracht)
        assert gevonden.stdout.strip() == "('overstap_app', 0)", gevonden.stderr
        assert _antwoordt(eerste["DATABASE_URL"])
    assert not _antwoordt(eerste["DATABASE_URL"])
    assert diensten.lees_stand(data) == {}
    # Nothing runs: manage.py starts it for its own duration, with the same data.
    gevonden = _manage(data, "shell", "--no-imports", "--command", opdracht)
    assert gevonden.stdout.strip() == "('overstap_app', 0)", gevonden.stderr
    assert diensten.lees_stand(data) == {}


@pytest.mark.keten
def test_secrets_are_private_and_lasting(tmp_path: Path) -> None:
    with diensten.gebruik(tmp_path) as eerste:
        geheim = tmp_path / "geheimen.json"
        assert geheim.stat().st_mode & 0o077 == 0
        assert (tmp_path / diensten.STAND).stat().st_mode & 0o077 == 0
        with psycopg.connect(eerste["DATABASE_URL_SUPERUSER"]) as verbinding:
            rijen = verbinding.execute(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'overstap%' ORDER BY 1"
            ).fetchall()
    assert rijen == [(rollen.APP, False, False), (rollen.EIGENAAR, False, True), (rollen.TAKEN, False, False)]
    with diensten.gebruik(tmp_path) as tweede:
        for naam in ("OVERSTAP_SECRET_KEY", "OVERSTAP_PGN_SLEUTELS", "OVERSTAP_PGN_INDEX_SLEUTEL"):
            assert tweede[naam] == eerste[naam]


@pytest.mark.django_db(databases=["default", "eigenaar"])
def test_only_a_login_behind_the_walls_may_serve() -> None:
    checks.controleer_login(connections["default"])
    with pytest.raises(checks.Weigering, match="BYPASSRLS"):
        checks.controleer_login(connections["eigenaar"])


@pytest.mark.keten
@pytest.mark.parametrize("variabele", ["DATABASE_URL_SUPERUSER", "DATABASE_URL_EIGENAAR"])
@pytest.mark.parametrize(
    "opdracht",
    [
        ["-c", "import overstap.wsgi"],
        ["-m", "celery", "--quiet", "--app", "overstap", "worker", "--concurrency", "1"],
        ["-m", "celery", "--quiet", "--app", "overstap", "beat", "--schedule", "ROOSTER"],
    ],
    ids=["web", "worker", "beat"],
)
def test_web_worker_and_beat_refuse_a_login_that_sees_past_the_walls(
    bank: Databank, tmp_path: Path, opdracht: list[str], variabele: str
) -> None:
    omgeving = _omgeving(
        tmp_path,
        DATABASE_URL=bank.url(variabele),
        REDIS_URL=bank.omgeving["REDIS_URL"],
        DJANGO_SETTINGS_MODULE="overstap.settings",
    )
    uitkomst = subprocess.run(
        [sys.executable, *(str(tmp_path / deel) if deel == "ROOSTER" else deel for deel in opdracht)],
        env=omgeving,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert uitkomst.returncode == checks.WEIGERT, uitkomst.stderr
    assert "ziet daarmee over de muren tussen regio's heen" in uitkomst.stdout


def test_demo_and_production_do_not_go_together(tmp_path: Path) -> None:
    uitkomst = _manage(tmp_path, "check", OVERSTAP_DEMO="1", OVERSTAP_PRODUCTIE="1")
    assert uitkomst.returncode != 0
    assert "gaan niet samen" in uitkomst.stderr
    assert "Traceback" not in uitkomst.stderr


@pytest.mark.keten
def test_a_superuser_url_makes_the_roles_once(bank: Databank, tmp_path: Path) -> None:
    url = bank.url("DATABASE_URL_SUPERUSER")
    opdracht = (
        "from django.db import connection as c; k=c.cursor(); k.execute('SELECT current_user'); print(k.fetchone()[0])"
    )
    try:
        uitkomst = _manage(tmp_path, "shell", "--no-imports", "--command", opdracht, DATABASE_URL=url)
        assert uitkomst.stdout.strip() == "overstap_app", uitkomst.stderr
        assert not (tmp_path / "postgres").exists()
    finally:
        # The cluster of the tests has its own passwords; this command gave the roles those of its data folder.
        with bank.beheer() as verbinding:
            rollen.maak_rollen(verbinding, {rol: bank.wachtwoord(rol) for rol in rollen.ROLLEN})
    uitkomst = _manage(tmp_path, "shell", "--no-imports", "--command", opdracht, DATABASE_URL=bank.url("DATABASE_URL"))
    assert uitkomst.returncode != 0
    assert "DATABASE_URL_EIGENAAR" in uitkomst.stderr


class Demo:
    """`make start` without make, on a free port and a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.poort = vrije_poort()
        self.adres = f"http://127.0.0.1:{self.poort}"

    def start(self, seconden: float) -> None:
        """Start and wait until it says itself that it runs (the address may still be answered by one that is dying)."""
        eerder = self.lees().count("Overstap draait:") if self.data.with_suffix(".log").exists() else 0
        self.log = self.data.with_suffix(".log").open("a+")
        self.proces = subprocess.Popen(
            [sys.executable, "-m", "overstap.basis.embedded.starter"],
            env=_omgeving(self.data, PORT=str(self.poort), OVERSTAP_DEMO_LEERLINGEN="200"),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        begin = time.monotonic()
        while self.lees().count("Overstap draait:") == eerder:
            assert self.proces.poll() is None, self.lees()
            assert time.monotonic() - begin < seconden, self.lees()
            time.sleep(0.2)

    def lees(self) -> str:
        return self.data.with_suffix(".log").read_text()

    def gereed(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.adres}/gezondheid/gereed", timeout=5) as antwoord:
                return bool(json.load(antwoord)["status"] == "ok")
        except OSError:
            return False

    def wacht_gereed(self, seconden: float) -> None:
        begin = time.monotonic()
        while not self.gereed():
            assert self.proces.poll() is None, self.lees()
            assert time.monotonic() - begin < seconden, self.lees()
            time.sleep(0.2)

    def processen(self) -> dict[int, str]:
        """Everything that was started from this data folder: pid and command line."""
        gevonden: dict[int, str] = {}
        for pad in Path("/proc").iterdir():
            if pad.name.isdigit() and int(pad.name) != os.getpid():
                try:
                    omgeving, regel = (pad / "environ").read_bytes(), (pad / "cmdline").read_bytes()
                    waar = (pad / "cwd").resolve()
                except OSError:
                    continue
                if str(self.data).encode() in omgeving or self.data in [waar, *waar.parents]:
                    gevonden[int(pad.name)] = regel.replace(b"\0", b" ").decode(errors="replace")
        return gevonden

    def stop(self, teken: int = signal.SIGTERM) -> int:
        self.proces.send_signal(teken)
        return self.proces.wait(timeout=120)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    eigen = Demo(tmp_path / "data met spatie")
    eigen.data.mkdir()
    yield eigen
    if eigen.proces.poll() is None:
        eigen.stop()
    # After a failed test the services may still run; who enters and leaves last stops them.
    with diensten.gebruik(eigen.data):
        pass


@pytest.mark.storing
def test_start_survives_kills_stops_cleanly_and_starts_again(demo: Demo) -> None:
    demo.start(400)
    ander = subprocess.run(
        [sys.executable, "-m", "overstap.basis.embedded.starter"],
        env=_omgeving(demo.data, PORT=str(vrije_poort())),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ander.returncode == 1
    assert "Er draait al een make start" in ander.stdout

    # Each of them killed at once: it comes back by itself, with the same data.
    for wat in ("celery", "gunicorn"):
        pid = min(pid for pid, regel in demo.processen().items() if wat in regel)
        os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    demo.wacht_gereed(240)

    # The starter killed: its processes go with it, and the next start goes on.
    demo.proces.kill()
    demo.proces.wait()
    demo.start(240)

    assert demo.stop(signal.SIGINT) == 0, demo.lees()
    assert demo.processen() == {}
    with socket.socket() as proef:
        assert proef.connect_ex(("127.0.0.1", demo.poort)) != 0

    demo.start(240)
    assert "bijwerken" not in demo.lees().rpartition("Overstap is gestopt")[2]
    assert demo.stop() == 0
    assert demo.processen() == {}


@pytest.mark.keten
def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as bezet:
        bezet.bind(("127.0.0.1", 0))
        bezet.listen()
        poort = bezet.getsockname()[1]
        uitkomst = subprocess.run(
            [sys.executable, "-m", "overstap.basis.embedded.starter"],
            env=_omgeving(tmp_path, PORT=str(poort)),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert uitkomst.returncode == 1
    assert "Kies een andere poort" in uitkomst.stdout
    assert not (tmp_path / "postgres").exists()
