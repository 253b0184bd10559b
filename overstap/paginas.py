"""Which role gets which view behind an address that several roles share: one table, page -> {role: view}.

A room adds its own line here. Pages of one room only stand in that room's urls.py.
"""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from accounts.rechten import Rol
from overstap.schermen.bulk import bulk_van
from overstap.schermen.leerling_views import actie_van, leerling_van, pgn_van
from overstap.schermen.lijst_views import lijst_van, zoek
from overstap.schermen.paginas import View, per_rol
from overstap.schermen.vandaag import vandaag_van
from overstap.vo.tables import LEERLINGEN as VO_LEERLINGEN

PAGINAS: dict[str, dict[Rol, View]] = {
    "vandaag": dict.fromkeys(Rol, vandaag_van()),
    "leerlingen": {Rol.DECAAN: lijst_van(VO_LEERLINGEN), Rol.MANAGER_VO: lijst_van(VO_LEERLINGEN)},
    "leerlingen-actie": {Rol.DECAAN: bulk_van(VO_LEERLINGEN), Rol.MANAGER_VO: bulk_van(VO_LEERLINGEN)},
    "leerlingen-zoek": dict.fromkeys((Rol.DECAAN, Rol.MANAGER_VO), zoek),
    "leerling": {Rol.DECAAN: leerling_van(VO_LEERLINGEN), Rol.MANAGER_VO: leerling_van(VO_LEERLINGEN)},
    "leerling-actie": {Rol.DECAAN: actie_van(VO_LEERLINGEN), Rol.MANAGER_VO: actie_van(VO_LEERLINGEN)},
    "leerling-pgn": {Rol.DECAAN: pgn_van(VO_LEERLINGEN)},
}

_ADRESSEN = (
    ("vandaag", "vandaag"),
    ("leerlingen", "leerlingen"),
    ("leerlingen/actie", "leerlingen-actie"),
    ("leerlingen/zoek", "leerlingen-zoek"),
    ("leerlingen/<uuid:pk>", "leerling"),
    ("leerlingen/<uuid:pk>/nummer", "leerling-pgn"),
    ("leerlingen/<uuid:pk>/<slug:code>", "leerling-actie"),
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="vandaag"), name="begin"),
    *(path(adres, per_rol(PAGINAS[naam], naam), name=naam) for adres, naam in _ADRESSEN),
]
