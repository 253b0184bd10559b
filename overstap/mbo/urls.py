"""Pages of the mbo alone: instroom per opleiding, and a new aanmelding by hand."""

from django.urls import URLPattern, path

from accounts.rechten import Rol
from overstap.mbo import nieuw, opleidingen
from overstap.schermen.paginas import per_rol

_BEIDE = (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER)

urlpatterns: list[URLPattern] = [
    path("opleidingen", per_rol(dict.fromkeys(_BEIDE, opleidingen.toon), "opleidingen"), name="opleidingen"),
    path("aanmeldingen/nieuw", per_rol({Rol.MBO_MEDEWERKER: nieuw.toon}, "aanmelding-nieuw"), name="aanmelding-nieuw"),
]
