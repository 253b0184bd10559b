from django.apps import AppConfig


class StatusesConfig(AppConfig):
    name = "statuses"
    verbose_name = "Statussen"

    def ready(self) -> None:
        from overstap.basis.checks import register_startcheck
        from statuses.startcheck import vandaag_voor_de_geschiedenis

        register_startcheck(vandaag_voor_de_geschiedenis)
