"""Which role gets which view behind an address that several roles share: one table, page -> {role: view}.

A room adds its own line here. Pages of one room only stand in that room's urls.py.
"""

from __future__ import annotations

from collections.abc import Callable

from django.urls import path

from accounts.rechten import Rol
from overstap.aanjager.kaart import vraag_aan_school
from overstap.aanjager.tables import LEERLINGEN as AJ_LEERLINGEN
from overstap.gesprekken import blokken
from overstap.leerplicht import contact as leerplicht_contact
from overstap.leerplicht.tables import LEERLINGEN as LP_LEERLINGEN
from overstap.mbo import niet_verwerkt as mbo_niet_verwerkt
from overstap.mbo.tables import AANMELDINGEN
from overstap.schermen.actie_views import actie_van
from overstap.schermen.blokken import BLOKKEN
from overstap.schermen.bulk import bulk_van
from overstap.schermen.excel import LijstExport, excel_van, papier_van
from overstap.schermen.leerling_views import leerling_van, pgn_van
from overstap.schermen.lijst import Lijst
from overstap.schermen.lijst_views import lijst_van, zoek
from overstap.schermen.paginas import View, per_rol
from overstap.schermen.vandaag import vandaag_van
from overstap.vo import vragen as vo_vragen
from overstap.vo.tables import LEERLINGEN as VO_LEERLINGEN
from rapportages.exports import registreer

# The list that a role works in; its pages, acts and the leerling page all come from it.
LIJSTEN: dict[Rol, Lijst] = {
    Rol.DECAAN: VO_LEERLINGEN,
    Rol.MANAGER_VO: VO_LEERLINGEN,
    Rol.MBO_MEDEWERKER: AANMELDINGEN,
    Rol.MBO_MANAGER: AANMELDINGEN,
    Rol.LEERPLICHT: LP_LEERLINGEN,
    Rol.AANJAGER: AJ_LEERLINGEN,
}

registreer(LijstExport(LIJSTEN))
# Parts of the leerling page of apps below the schermen, in their order on the page.
BLOKKEN += [blokken.drie_vragen, blokken.gesprekken, leerplicht_contact.blok]


def _per_lijst(maak: Callable[[Lijst], View]) -> dict[Rol, View]:
    return {rol: maak(lijst) for rol, lijst in LIJSTEN.items()}


PAGINAS: dict[str, dict[Rol, View]] = {
    "vandaag": {
        **dict.fromkeys(Rol, vandaag_van()),
        Rol.DECAAN: vandaag_van(kaarten=(vo_vragen.kaart, vraag_aan_school)),
    },
    "leerlingen": _per_lijst(lijst_van),
    "leerlingen-actie": _per_lijst(bulk_van),
    "leerlingen-zoek": dict.fromkeys((rol for rol in LIJSTEN if rol != Rol.AANJAGER), zoek),
    "leerlingen-excel": _per_lijst(excel_van),
    "leerlingen-afdruk": _per_lijst(papier_van),
    "leerling": _per_lijst(leerling_van),
    "leerling-actie": _per_lijst(actie_van),
    "niet-verwerkt": {
        Rol.DECAAN: vo_vragen.toon,
        Rol.MBO_MEDEWERKER: mbo_niet_verwerkt.toon,
        Rol.MBO_MANAGER: mbo_niet_verwerkt.toon,
    },
    "leerling-pgn": {Rol.DECAAN: pgn_van(VO_LEERLINGEN)},
}

_ADRESSEN = (
    ("vandaag", "vandaag"),
    ("niet-verwerkt", "niet-verwerkt"),
    ("leerlingen", "leerlingen"),
    ("leerlingen/actie", "leerlingen-actie"),
    ("leerlingen/zoek", "leerlingen-zoek"),
    ("leerlingen/excel", "leerlingen-excel"),
    ("leerlingen/afdruk", "leerlingen-afdruk"),
    ("leerlingen/<uuid:pk>", "leerling"),
    ("leerlingen/<uuid:pk>/nummer", "leerling-pgn"),
    ("leerlingen/<uuid:pk>/<slug:code>", "leerling-actie"),
)

urlpatterns = [path(adres, per_rol(PAGINAS[naam], naam), name=naam) for adres, naam in _ADRESSEN]
