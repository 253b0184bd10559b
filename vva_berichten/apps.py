from django.apps import AppConfig


class VvaBerichtenConfig(AppConfig):
    name = "vva_berichten"
    verbose_name = "VVA-berichten"
