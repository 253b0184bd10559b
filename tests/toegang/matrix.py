"""Who may do what, as data: one entry per address and method. A new page or call is one new entry here.

``pagina(...)``: the roles that get it; every other role gets 403, who is not logged in goes to /inloggen.
``api(...)``: the kinds of system that get it (with every scope); other kinds get 403, without a token it is 401.
``van="overstap"`` says what its id is of: an own one gives ``goed``, a foreign and an absent one the same 404.
The key is the route as urls.py writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from accounts.rechten import Rol

Wat = Literal[
    "",
    "organisatie",
    "reden",
    "overstap",
    "lidmaatschap",
    "bulk",
    "export",
    "upload",
    "contact",
    "melding",
    "vestiging",
    "gesprek",
    "aanmelding",
    "systeem",
    "mandaat",
]


@dataclass(frozen=True, slots=True)
class Rij:
    """What is expected of one address with one method."""

    soort: Literal["pagina", "api", "open", "account"]
    methode: str = "GET"
    wie: frozenset[str] = frozenset()
    van: Wat = ""
    goed: frozenset[int] = frozenset({200})
    data: Mapping[str, Any] = field(default_factory=dict)
    koppen: Mapping[str, str] = field(default_factory=dict)
    vul: Mapping[str, str] = field(default_factory=dict)  # other parts of the route


def pagina(
    *rollen: Rol,
    van: Wat = "",
    methode: str = "GET",
    goed: Iterable[int] = (200,),
    vul: Mapping[str, str] | None = None,
) -> Rij:
    return Rij("pagina", methode, frozenset(rollen), van, frozenset(goed), vul=vul or {})


def api(
    *soorten: str,
    van: Wat = "",
    methode: str = "GET",
    goed: Iterable[int] = (200,),
    koppen: Mapping[str, str] | None = None,
) -> Rij:
    return Rij("api", methode, frozenset(soorten), van, frozenset(goed), koppen=koppen or {})


def open_voor_iedereen(*goed: int, methode: str = "GET", **vul: str) -> Rij:
    return Rij("open", methode, goed=frozenset(goed or (200,)), vul=vul)


def eigen_account(*goed: int, methode: str = "GET", **vul: str) -> Rij:
    """For everybody who is logged in, about their own account; 404 for a thing that they do not have."""
    return Rij("account", methode, goed=frozenset(goed or (200,)), vul=vul)


D, M, MM, MG = Rol.DECAAN, Rol.MANAGER_VO, Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER
L, A, S, F, B = Rol.LEERPLICHT, Rol.AANJAGER, Rol.SAMENWERKINGSVERBAND, Rol.FUNCTIONEEL_BEHEERDER, Rol.BEHEERORGANISATIE
ZIEN_LEERLINGEN = (D, M, MM, MG, L, A)
BEHEREN_CONTACTEN = tuple(rol for rol in Rol if rol != Rol.AANJAGER)
MELDEN = tuple(rol for rol in Rol if rol != Rol.BEHEERORGANISATIE)
EXPORTEERT = (*ZIEN_LEERLINGEN, B)
SOORTEN = ("vo", "mbo", "gemeente", "rmc", "samenwerkingsverband", "beheerorganisatie")

MATRIX: dict[str, tuple[Rij, ...]] = {
    # --- open to all
    "gezondheid": (open_voor_iedereen(),),
    "gezondheid/gereed": (open_voor_iedereen(200, 503),),
    "hulp": (open_voor_iedereen(),),
    ".well-known/jwks.json": (open_voor_iedereen(),),
    "privacy": (open_voor_iedereen(),),
    "toegankelijkheid": (open_voor_iedereen(),),
    "": (open_voor_iedereen(302),),
    "inloggen": (open_voor_iedereen(200, 302), open_voor_iedereen(200, 302, methode="POST")),
    "inloggen/demo": (open_voor_iedereen(405), open_voor_iedereen(404, methode="POST")),
    "inloggen/tweede-stap": (open_voor_iedereen(302), open_voor_iedereen(302, methode="POST")),
    "inloggen/passkey": (open_voor_iedereen(200, 302), open_voor_iedereen(200, 302, 400, methode="POST")),
    "inloggen/uit": (open_voor_iedereen(),),
    "uitloggen": (open_voor_iedereen(200, 302),),
    "account/wachtwoord/vergeten": (open_voor_iedereen(), open_voor_iedereen(200, methode="POST")),
    "account/wachtwoord/vergeten/verstuurd": (open_voor_iedereen(),),
    "account/wachtwoord/nieuw/klaar": (open_voor_iedereen(),),
    "^account/wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)$": (
        open_voor_iedereen(200, uidb36="1a", key="b-2"),
    ),
    # --- the own account
    "rol": (eigen_account(), eigen_account(302, methode="POST")),
    "account/bevestigen": (eigen_account(200, 302), eigen_account(200, 302, methode="POST")),
    "account/wachtwoord": (eigen_account(), eigen_account(200, methode="POST")),
    "account/wachtwoord/kiezen": (eigen_account(302), eigen_account(302, methode="POST")),
    "account/tweede-stap": (eigen_account(),),
    "account/tweede-stap/bevestigen": (eigen_account(200, 302), eigen_account(200, 302, methode="POST")),
    "account/tweede-stap/app": (eigen_account(200, 302), eigen_account(200, 302, methode="POST")),
    "account/tweede-stap/app/uit": (eigen_account(404), eigen_account(404, methode="POST")),
    "account/tweede-stap/herstelcodes": (eigen_account(302, 404),),
    "account/tweede-stap/herstelcodes/nieuw": (eigen_account(200, 302), eigen_account(200, 302, methode="POST")),
    "account/tweede-stap/herstelcodes/bestand": (eigen_account(302, 404),),
    "account/tweede-stap/passkeys": (eigen_account(200, 302),),
    "account/tweede-stap/passkeys/nieuw": (eigen_account(200, 302), eigen_account(200, 302, methode="POST")),
    "account/tweede-stap/passkeys/bevestigen": (eigen_account(200, 302), eigen_account(200, 302, methode="POST")),
    "account/tweede-stap/passkeys/<int:pk>/weg": (
        eigen_account(302, 404, pk="1"),
        eigen_account(302, 404, methode="POST", pk="1"),
    ),
    "account/tweede-stap/passkeys/<int:pk>": (
        eigen_account(302, 404, pk="1"),
        eigen_account(302, 404, methode="POST", pk="1"),
    ),
    # --- pages
    "vandaag": (pagina(*Rol),),
    "leerlingen": (pagina(*ZIEN_LEERLINGEN),),
    "leerlingen/actie": (
        pagina(*ZIEN_LEERLINGEN, goed=(302, 405)),
        pagina(*ZIEN_LEERLINGEN, methode="POST", goed=(302, 400, 403)),
    ),
    "leerlingen/zoek": (pagina(D, M, MM, MG, L, goed=(200, 302, 405)), pagina(D, M, MM, MG, L, methode="POST", goed=(200, 302, 400))),
    "leerlingen/excel": (
        pagina(*ZIEN_LEERLINGEN, goed=(405,)), pagina(*ZIEN_LEERLINGEN, methode="POST", goed=(302,)),
    ),
    "leerlingen/afdruk": (pagina(*ZIEN_LEERLINGEN),),
    "leerlingen/<uuid:pk>": (pagina(*ZIEN_LEERLINGEN, van="overstap"),),
    "leerlingen/<uuid:pk>/nummer": (
        pagina(D, van="overstap", methode="POST"),
        pagina(D, van="overstap", goed=(405, 302)),
    ),
    "leerlingen/<uuid:pk>/<slug:code>": (
        # Not every role has every action: 403 or 404 for a leerling that it does see, and only then.
        pagina(*ZIEN_LEERLINGEN, van="overstap", goed=(200, 403, 404), vul={"code": "vervolgkeuze"}),
        pagina(*ZIEN_LEERLINGEN, van="overstap", methode="POST", goed=(302, 403, 404, 422), vul={"code": "vervolgkeuze"}),
    ),
    "opleidingen": (pagina(MM, MG),),
    "aanmeldingen/nieuw": (pagina(MM), pagina(MM, methode="POST", goed=(422,))),
    "niet-verwerkt": (pagina(D, MM, MG), pagina(D, MM, methode="POST", goed=(302,))),
    "import": (pagina(D, MM), pagina(D, MM, methode="POST", goed=(400,))),
    "import/leerling": (pagina(D), pagina(D, methode="POST", goed=(400,))),
    "import/<uuid:pk>": (pagina(D, MM, van="upload"), pagina(D, MM, van="upload", methode="POST", goed=(200, 302, 400))),
    "exports": (pagina(*EXPORTEERT), pagina(*EXPORTEERT, methode="POST", goed=(200, 422))),
    "exports/<uuid:pk>": (pagina(*EXPORTEERT, van="export"),),
    "exports/<uuid:pk>/bestand": (pagina(*EXPORTEERT, van="export", goed=(302,)),),
    "rapportages": (pagina(D, M, MM, MG, L, A, S, B),),
    "doorlooptijden": (pagina(D, M, MM, MG, L, A, S, B), pagina(*EXPORTEERT, methode="POST", goed=(302,))),
    "voortgang": (pagina(D, M),),
    "gesprekken": (pagina(D, MM, L),),
    "gesprekken/<uuid:pk>": (
        pagina(D, MM, L, van="gesprek"),
        pagina(D, MM, L, van="gesprek", methode="POST", goed=(422,)),
    ),
    "gesprekken/<uuid:pk>/doorgeven": (pagina(D, MM, L, van="gesprek", methode="POST", goed=(302,)),),
    "gesprekken/nieuw/<uuid:pk>/<slug:soort>": (
        pagina(D, MM, van="aanmelding", vul={"soort": "vo_mbo"}, goed=(200, 302)),
        pagina(D, MM, van="aanmelding", vul={"soort": "vo_mbo"}, methode="POST", goed=(422,)),
        pagina(D, L, van="overstap", vul={"soort": "vo_lp"}, goed=(200, 302)),
    ),
    "drie-vragen/<uuid:pk>": (pagina(D, van="aanmelding", methode="POST", goed=(302,)),),
    "risico": (pagina(L),),
    "gedeeld": (pagina(S),),
    "scholen": (pagina(A, M),),
    "scholen/<slug:code>": (pagina(A, M, D, van="vestiging"),),
    "scholen/<slug:code>/contact": (pagina(A, M, D, van="vestiging", methode="POST", goed=(422,)), pagina(A, M, D, van="vestiging", goed=(405,))),
    "vva": (pagina(D, L, B, A, M, goed=(200, 302)),),
    "vva/scholen": (pagina(A, M, B),),
    "vva/melden": (pagina(D, methode="POST", goed=(302,)),),
    "vva/berichten": (pagina(D, L, B),),
    "vva/afstemming": (pagina(D, MM, B), pagina(MM, methode="POST", goed=(302,))),
    "vva/opnieuw/<uuid:pk>": (pagina(B, van="organisatie"), pagina(B, van="organisatie", methode="POST", goed=(302,))),
    "vva/bulk/<uuid:pk>": (pagina(L, van="bulk"),),
    "beheer": (pagina(B),),
    "beheer/regio/<slug:code>": (
        pagina(B, vul={"code": "kalender"}),
        pagina(B, methode="POST", goed=(422,), vul={"code": "kalender"}),
    ),
    "vva/bulk/<uuid:pk>/correctie": (pagina(B, van="bulk"), pagina(B, van="bulk", methode="POST", goed=(302,))),
    "beheer/redenen": (pagina(B), pagina(B, methode="POST", goed=(422,))),
    "beheer/redenen/<uuid:pk>/einde": (pagina(B, van="reden", methode="POST", goed=(302,)),),
    "beheer/eigen": (pagina(F, MG), pagina(F, MG, methode="POST", goed=(302, 409))),
    "beheer/eindpunt": (pagina(F), pagina(F, methode="POST", goed=(422,))),
    "beheer/organisaties": (pagina(B),),
    "beheer/organisaties/nieuw": (pagina(B), pagina(B, methode="POST", goed=(422,))),
    "beheer/organisaties/<uuid:pk>": (pagina(B, van="organisatie"),),
    "beheer/organisaties/<uuid:pk>/wijzigen": (
        pagina(B, van="organisatie"),
        pagina(B, van="organisatie", methode="POST", goed=(422,)),
    ),
    "beheer/organisaties/<uuid:pk>/afspraken": (
        pagina(B, van="organisatie"),
        pagina(B, van="organisatie", methode="POST", goed=(302, 409)),
    ),
    "beheer/organisaties/<uuid:pk>/eindpunt": (
        pagina(B, van="organisatie"), pagina(B, van="organisatie", methode="POST", goed=(422,)),
    ),
    "beheer/organisaties/<uuid:pk>/vestigingen/nieuw": (
        pagina(B, van="organisatie"),
        pagina(B, van="organisatie", methode="POST", goed=(422,)),
    ),
    "beheer/organisaties/<uuid:pk>/vestigingen/<slug:code>": (
        pagina(B, van="organisatie", vul={"code": "99AA00"}),
        pagina(B, van="organisatie", methode="POST", goed=(422,), vul={"code": "99AA00"}),
    ),
    "contacten": (pagina(*Rol),),
    "contacten/nieuw": (pagina(*BEHEREN_CONTACTEN), pagina(*BEHEREN_CONTACTEN, methode="POST", goed=(422,))),
    "contacten/bevestigen": (pagina(*BEHEREN_CONTACTEN, methode="POST", goed=(302,)),),
    "contacten/vragen": (pagina(B, methode="POST", goed=(302,)),),
    "contacten/<uuid:pk>": (
        pagina(*BEHEREN_CONTACTEN, van="contact"),
        pagina(*BEHEREN_CONTACTEN, van="contact", methode="POST", goed=(422,)),
    ),
    "contacten/<uuid:pk>/verwijderen": (
        pagina(*BEHEREN_CONTACTEN, van="contact"),
        pagina(*BEHEREN_CONTACTEN, van="contact", methode="POST", goed=(302,)),
    ),
    "meldingen": (pagina(*Rol),),
    "meldingen/nieuw": (pagina(*MELDEN), pagina(*MELDEN, methode="POST", goed=(422,))),
    "meldingen/<uuid:pk>": (
        pagina(*Rol, van="melding"),
        pagina(D, MM, L, B, van="melding", methode="POST", goed=(422,)),
    ),
    "voorkeuren": (pagina(*Rol), pagina(*Rol, methode="POST", goed=(302, 422))),
    "nieuwsbrief": (pagina(B),),
    "beheer/overstapjaar": (pagina(B), pagina(B, methode="POST", goed=(302,))),
    "beheer/systemen": (pagina(F, B),),
    "beheer/systemen/<uuid:pk>": (pagina(F, B, van="systeem"),),
    "beheer/systemen/<uuid:pk>/sleutels": (pagina(F, B, van="systeem", methode="POST", goed=(422,)),),
    "beheer/systemen/<uuid:pk>/sleutels/<uuid:sleutel>/intrekken": (
        pagina(F, B, van="systeem", methode="POST", goed=(404,), vul={"sleutel": "01890000-0000-7000-8000-000000000000"}),
    ),
    "beheer/mandaten/nieuw": (pagina(F), pagina(F, methode="POST", goed=(422,))),
    "beheer/mandaten/<uuid:pk>/einde": (
        pagina(F, van="mandaat"),
        pagina(F, van="mandaat", methode="POST", goed=(422,)),
    ),
    "beheer/logboek": (pagina(B),),
    "beheer/accounts": (pagina(F, B),),
    "beheer/accounts/uitnodigen": (pagina(F, B), pagina(F, B, methode="POST", goed=(422,))),
    "beheer/accounts/<uuid:pk>": (pagina(F, B, van="lidmaatschap"),),
    "beheer/accounts/<uuid:pk>/<slug:code>": (
        pagina(F, B, van="lidmaatschap", methode="POST", goed=(200, 302), vul={"code": "opnieuw"}),
    ),
    # --- API
    "oauth/token": (open_voor_iedereen(405), open_voor_iedereen(400, 401, methode="POST")),
    "api/v1/leerlingen": (api("vo", methode="POST", goed=(400,)),),
    "api/v1/aanmeldingen": (api("mbo", methode="POST", goed=(400,)),),
    "api/v1/overstappen": (api("vo", "mbo", "gemeente", "rmc"),),
    "api/v1/overstappen/<uuid:pk>": (api("vo", "mbo", "gemeente", "rmc", van="overstap"),),
    "api/v1/overstappen/<uuid:pk>/gebeurtenissen": (
        api("vo", "mbo", "gemeente", "rmc", van="overstap", methode="POST", goed=(428, 400)),
    ),
    "api/v1/ambities": (api("vo", "mbo", "gemeente", "rmc", "samenwerkingsverband", "beheerorganisatie", goed=(200, 400)),),
    "api/v1/exports": (api("vo", "mbo", "gemeente", "rmc", "beheerorganisatie", methode="POST", goed=(400,)),),
    "api/v1/exports/<uuid:pk>": (api("vo", "mbo", "gemeente", "rmc", "beheerorganisatie", van="export", goed=(200, 202, 404)),),
    "api/v1/exports/<uuid:pk>/bestand": (api("vo", "mbo", "gemeente", "rmc", "beheerorganisatie", van="export", goed=(200, 404)),),
    "api/v1/statussen": (open_voor_iedereen(),),
    "api/v1/opleidingen": (open_voor_iedereen(),),
    "api/v1/organisaties": (open_voor_iedereen(),),
    "api/v1/gemeenten": (open_voor_iedereen(),),
    "api/v1/openapi.json": (open_voor_iedereen(),),
    "api/v1/docs": (open_voor_iedereen(),),
    # who may speak for a school or an mbo is judged per message, by organisatie and mandaat
    "api/v1/vva/potentiele-mbo-gangers": (api(*SOORTEN, methode="POST", goed=(400,)),),
    "api/v1/vva/aanmeldstatussen": (api(*SOORTEN, methode="POST", goed=(400,)),),
    "api/v1/vva/postbus": (api("vo", "gemeente", "rmc"),),
    "api/v1/vva/postbus/bevestigingen": (api("vo", "gemeente", "rmc", methode="POST", goed=(400,)),),
    "api/v1/vva/schema/<str:naam>": (open_voor_iedereen(404, naam="bestaat-niet"),),
}  # fmt: skip
