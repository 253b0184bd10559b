"""The project as an installed app: its ready() loads Celery's app and the one file that says "and then ..."."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

from overstap.basis import geheugen


class OverstapConfig(AppConfig):
    name = "overstap"
    verbose_name = "Overstap vo-mbo"

    def ready(self) -> None:
        # Every process that may hand out a task needs the configured app, not Celery's default one.
        import_module("overstap.celery")
        if find_spec("overstap.subscriptions"):
            import_module("overstap.subscriptions")
        # A worker has no urls, and needs what the pages register: the export of a list, the steps that upper apps count.
        import_module("overstap.paginas")
        geheugen.stel_in()
