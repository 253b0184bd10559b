from django.apps import AppConfig


class GesprekkenConfig(AppConfig):
    name = "overstap.gesprekken"
    verbose_name = "Gesprekken"

    def ready(self) -> None:
        """Say where the rows of the steps come from that this app keeps."""
        from overstap.gesprekken.contacten.lijst import niet_belegd, te_bevestigen
        from overstap.gesprekken.meldingen.lijst import nieuw
        from statuses.tellingen import registreer

        registreer("MB6", te_bevestigen)
        registreer("BO1", nieuw)
        registreer("BO2", niet_belegd)
