from django.apps import AppConfig


class GesprekkenConfig(AppConfig):
    name = "overstap.gesprekken"
    verbose_name = "Gesprekken"
