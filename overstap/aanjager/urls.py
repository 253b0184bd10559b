"""/scholen and /gedeeld"""

from django.urls import URLPattern, path

from accounts.rechten import Rol
from overstap.aanjager import gedeeld, meldingen, views
from overstap.schermen.paginas import per_rol

# A school sees and answers what is asked about itself.
_SCHOOL = (Rol.AANJAGER, Rol.MANAGER_VO, Rol.DECAAN)

_MELDINGEN = (Rol.AANJAGER, Rol.MANAGER_VO, Rol.BEHEERORGANISATIE)

urlpatterns: list[URLPattern] = [
    path("vva/scholen", per_rol(dict.fromkeys(_MELDINGEN, meldingen.toon), "vva-scholen"), name="vva-scholen"),
    path("gedeeld", per_rol({Rol.SAMENWERKINGSVERBAND: gedeeld.toon}, "gedeeld"), name="gedeeld"),
    path("scholen", views.scholen, name="scholen"),
    path("scholen/<slug:code>", per_rol(dict.fromkeys(_SCHOOL, views.school), "school"), name="school"),
    path(
        "scholen/<slug:code>/contact",
        per_rol(dict.fromkeys(_SCHOOL, views.school_contact), "school-contact"),
        name="school-contact",
    ),
]
