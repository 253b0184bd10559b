"""Celery and the whole beat schedule, one readable table.

A task gets ids only and runs again when its worker dies; so each task must be safe to run twice. No task is called with a
countdown beyond a minute: what must happen later is a row that a daily job finds.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overstap.settings")

from django.conf import settings

HARDE_GRENS = 15 * 60  # seconds; then the task's process is killed
ZICHTBAARHEID = 20 * 60  # seconds; longer than the hard limit, or a running task would be given out twice

app = Celery("overstap")
app.conf.update(
    broker_url=settings.REDIS_URL,
    result_backend=None,
    task_ignore_result=True,
    task_always_eager=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=HARDE_GRENS,
    task_soft_time_limit=HARDE_GRENS - 60,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="overstap",
    task_publish_retry=True,
    task_publish_retry_policy={"max_retries": 3, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": ZICHTBAARHEID,
        # Looked at every few seconds: a killed worker's task is back as soon as its visibility timeout is over. The outbox does not wait
        # for that (its lease is shorter), and what is not in the outbox has a job below that asks for it again.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 15,
    },
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_send_task_events=False,
    timezone="Europe/Amsterdam",
    enable_utc=True,
)
app.autodiscover_tasks()
app.autodiscover_tasks(["overstap"], related_name="taken")


@dataclass(frozen=True)
class Taak:
    """One line of the schedule: the task's name, when, and what it is for."""

    taak: str
    wanneer: Any
    waarvoor: str


# Every job asks "what is due and not made yet?", so a missed or doubled run harms nothing. Times are Dutch times.
# fmt: off
ROOSTER: tuple[Taak, ...] = (
    Taak("vva_berichten.tasks.dagelijks", crontab(hour="5", minute="0"), "bulkmeldingen die op of voor vandaag moesten; mbo-gangers op 1 oktober"),
    Taak("vva_berichten.tasks.push_wat_wacht", crontab(), "berichten naar eindpunten die opnieuw aan de beurt zijn, of waarvan de taak verloren ging"),
    Taak("vva_berichten.tasks.hervat_bulkmeldingen", crontab(hour="5-23", minute="*/5"), "bulkmeldingen waarvan de taak verloren ging"),
    Taak("overstap.aanlevering.tasks.ruim_uploads_op", crontab(hour="4", minute="10"), "aangeleverde bestanden van meer dan zeven dagen oud weg"),
    Taak("rapportages.tasks.hervat_exports", crontab(minute="*/10"), "exports waarvan de taak verloren ging"),
    Taak("rapportages.tasks.ruim_exports_op", crontab(hour="3", minute="40"), "bestanden van exports ouder dan een week"),
    Taak("overstap.gesprekken.tasks.hervat_mails", crontab(minute="*/5"), "mails die opnieuw moeten, of waarvan de taak verloren ging"),
    Taak("overstap.gesprekken.tasks.mail_van_de_dag", crontab(hour="16-21", minute="0,30"), "wat iemand eens per dag wil horen; hoogstens een mail per dag"),
    Taak("overstap.gesprekken.tasks.stuur_nieuwsbrief", crontab(hour="7", minute="15"), "de nieuwsbrief per rol, bij elke fase en elke maand"),
    Taak("overstap.gesprekken.tasks.ruim_post_op", crontab(hour="3", minute="50"), "oude mails weg"),
    Taak("overstap.jaar.dagelijks", crontab(hour="4", minute="30"), "nieuw overstapjaar vanaf 1 september; niet aangevinkte leerlingen en niet verwerkte rijen weg"),
    Taak("overstap.tokens.ruim_op", crontab(hour="3", minute="20"), "verlopen tokens van systemen weg"),
)
# fmt: on


@signals.worker_init.connect  # type: ignore[untyped-decorator]
@signals.beat_init.connect  # type: ignore[untyped-decorator]
def _controleer(**_rest: Any) -> None:
    """Worker and beat refuse a login that sees past the walls, as the web does."""
    from overstap.basis import checks

    checks.weiger_of_ga_door()


@signals.beat_init.connect  # type: ignore[untyped-decorator]
@signals.beat_embedded_init.connect  # type: ignore[untyped-decorator]
def _haal_in(**_rest: Any) -> None:
    """A house that was dark at five in the morning makes at its start what was due; when the broker is away, tomorrow."""
    with suppress(OperationalError):
        for naam in ("overstap.jaar.dagelijks", "vva_berichten.tasks.dagelijks"):
            app.send_task(naam, ignore_result=True)


app.conf.beat_schedule = {regel.taak: {"task": regel.taak, "schedule": regel.wanneer} for regel in ROOSTER}

__all__ = ["ROOSTER", "Taak", "app", "crontab"]
