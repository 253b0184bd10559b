from django.apps import AppConfig


class AanleveringConfig(AppConfig):
    name = "overstap.aanlevering"
    label = "aanlevering"
    verbose_name = "Aanlevering"
