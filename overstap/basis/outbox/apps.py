from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "overstap.basis.outbox"
    label = "outbox"
    verbose_name = "Outbox"
