"""What this app keeps. Only the actions of this app write these rows."""

from overstap.gesprekken.models.gesprek import Bericht, BerichtTekst, Gelezen, Gesprek

__all__ = ["Bericht", "BerichtTekst", "Gelezen", "Gesprek"]
