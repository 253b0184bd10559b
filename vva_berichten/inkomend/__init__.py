"""In: receive (store and answer), then process. Called by the API and by overstap/subscriptions.py."""

from vva_berichten.inkomend.lezen import los
from vva_berichten.inkomend.ontvangen import VERWERK, ontvang_aanmeldstatussen, ontvang_mbo_gangers
from vva_berichten.inkomend.verwerken import verwerk_inkomend

__all__ = ["VERWERK", "los", "ontvang_aanmeldstatussen", "ontvang_mbo_gangers", "verwerk_inkomend"]
