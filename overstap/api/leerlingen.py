"""POST /api/v1/leerlingen: what a LAS delivers of one vestiging and overstapjaar, up to 5,000 leerlingen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta

from accounts.actor import Actor, actor_namens
from accounts.models import Gemeente, Organisatie, Vestiging
from accounts.rechten import Recht, Scope
from overstap.api.basis import ApiView, json
from overstap.api.problemen import Probleem, veldprobleem
from overstap.api.rijen import HOOGSTENS, Goed, Oin, PgnInvoer, RijFout, RijResultaten, antwoord, lees_rijen, pgn, tekst
from overstap.api.schema import beschrijf
from overstap.basis import klok
from overstap.basis.rls import bereik
from statuses.actions import record_leerlingen
from statuses.actions.rijen import LeerlingRij
from statuses.referentie.onderwijs import ONDERWIJSSOORTEN
from statuses.termijnen import jaar_naam, jaar_uit_naam, open_jaren

Landcode = Annotated[str, Meta(pattern=r"^[A-Z]{2}$", max_length=2)]


class LeerlingInvoer(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """One leerling; names, types and lengths as the table. What is left out keeps what is known."""

    pgn: PgnInvoer
    voornaam: Annotated[str, Meta(min_length=1, max_length=80)]
    achternaam: Annotated[str, Meta(min_length=1, max_length=120)]
    geboortedatum: date
    onderwijssoort: Literal["vmbo", "havo", "vwo", "pro", "vso", "vavo", "isk"]
    tussenvoegsel: Annotated[str, Meta(max_length=20)] | None = None
    gemeentecode: Annotated[str, Meta(pattern=r"^[0-9]{4}$", max_length=4)] | None = None
    land: Landcode | None = None
    geheim_adres: bool | None = None
    klas: Annotated[str, Meta(max_length=20)] | None = None
    leerweg: Literal["bb", "kb", "gl", "tl"] | None = None
    examenkandidaat: bool | None = None
    overstapper: bool | None = None
    overstapper_sinds: date | None = None
    geinformeerd: bool | None = None
    bezwaar: bool | None = None
    uitstroomprofiel: Literal["vervolgonderwijs", "arbeidsmarktgericht", "dagbesteding"] | None = None
    bestemming: Literal["mbo", "havo", "arbeid", "buitenland"] | None = None
    uitbesteed_aan: Annotated[str, Meta(pattern=r"^[0-9]{2}[A-Z]{2}$", max_length=4)] | None = None


class LeerlingenInvoer(msgspec.Struct, forbid_unknown_fields=True):
    """The call: one vestiging, one overstapjaar, and its leerlingen as raw rows."""

    vestiging: Annotated[str, Meta(pattern=r"^[0-9A-Z]{4,6}$", max_length=6)]
    overstapjaar: Annotated[str, Meta(max_length=9)]
    leerlingen: Annotated[
        list[msgspec.Raw],
        Meta(max_length=HOOGSTENS, extra_json_schema={"items": {"$ref": "#/components/schemas/LeerlingInvoer"}}),
    ]
    namens: Oin | None = None


def open_jaar(naam: str) -> int:
    """The first year of an overstapjaar that is open today; 400 for another one."""
    jaren = open_jaren(klok.vandaag())
    try:
        jaar = jaar_uit_naam(naam)
    except ValueError:
        jaar = 0
    if jaar not in jaren:
        open_ = " of ".join(jaar_naam(j) for j in jaren)
        raise veldprobleem("overstapjaar", "T001", f"Dit overstapjaar is niet open. Lever aan voor {open_}.")
    return jaar


@contextlib.contextmanager
def als(actor: Actor, organisatie: Organisatie) -> Iterator[Actor]:
    """The actor for this organisatie, with the bereik of its regio's open."""
    if organisatie.pk == actor.organisatie_id:
        yield actor
        return
    namens = actor_namens(actor, organisatie)
    with bereik(namens.regios):
        yield namens


def _woont(rij: LeerlingInvoer, gemeenten: frozenset[str]) -> tuple[str | None, str]:
    """(gemeentecode, land); abroad there is no gemeente."""
    land = rij.land or "NL"
    if land != "NL":
        if rij.gemeentecode is not None:
            raise RijFout(
                "F106", "gemeentecode", "Wie in het buitenland woont, heeft geen gemeentecode. Maak één leeg."
            )
        return None, land
    if rij.gemeentecode is None:
        raise RijFout("F106", "gemeentecode", "De gemeentecode ontbreekt. Stuur vier cijfers, zoals 0363.")
    if rij.gemeentecode not in gemeenten:
        raise RijFout("F106", "gemeentecode", "Deze gemeente bestaat niet. Stuur een gemeentecode van nu.")
    return rij.gemeentecode, land


def _leerweg(rij: LeerlingInvoer) -> str | None:
    met = ONDERWIJSSOORTEN[rij.onderwijssoort].met_leerweg
    if met and rij.leerweg is None:
        raise RijFout("T001", "leerweg", "Bij vmbo hoort een leerweg: bb, kb, gl of tl.")
    if not met and rij.leerweg is not None:
        raise RijFout("T001", "leerweg", f"Bij {rij.onderwijssoort} hoort geen leerweg. Stuur null.")
    return rij.leerweg


def _rij(invoer: LeerlingInvoer, vestiging: Vestiging, jaar: int, gemeenten: frozenset[str]) -> LeerlingRij:
    soort, nummer = pgn(invoer.pgn)
    gemeente, land = _woont(invoer, gemeenten)
    if invoer.geboortedatum.year < 1900:
        raise RijFout("T001", "geboortedatum", "Deze geboortedatum ligt voor 1900. Controleer het jaartal.")
    return LeerlingRij(
        pgn_soort=soort,
        pgn=nummer,
        voornaam=tekst("voornaam", invoer.voornaam, verplicht=True),
        achternaam=tekst("achternaam", invoer.achternaam, verplicht=True),
        tussenvoegsel=tekst("tussenvoegsel", invoer.tussenvoegsel or ""),
        geboortedatum=invoer.geboortedatum,
        vestiging_id=vestiging.pk,
        regio=vestiging.regio_id,
        overstapjaar=jaar,
        onderwijssoort=invoer.onderwijssoort,
        gemeente=gemeente,
        land=land,
        geheim_adres=invoer.geheim_adres,
        klas=None if invoer.klas is None else tekst("klas", invoer.klas),
        leerweg=_leerweg(invoer),
        examenkandidaat=invoer.examenkandidaat,
        overstapper=invoer.overstapper,
        overstapper_sinds=invoer.overstapper_sinds,
        geinformeerd=invoer.geinformeerd,
        bezwaar=invoer.bezwaar,
        uitstroomprofiel=invoer.uitstroomprofiel,
        bestemming=invoer.bestemming,
        uitbesteed_aan=invoer.uitbesteed_aan,
    )


class Leerlingen(ApiView):
    """200 with an outcome per leerling, in the order sent."""

    scope = Scope.LEERLINGEN_SCHRIJVEN
    recht = Recht.LEERLINGEN_AANLEVEREN

    @beschrijf(
        "leerlingenAanleveren",
        "Leerlingen aanleveren uit een LAS, tot 5.000 per keer",
        RijResultaten,
        label="Aanleveren",
        uitleg="Elke rij krijgt een eigen uitkomst, in de volgorde van de aanvraag; een foute rij houdt de andere niet tegen.",
        invoer=LeerlingenInvoer,
        ook=[LeerlingInvoer],
        fouten=(413, 415),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        invoer = self.lees(LeerlingenInvoer, nul_ok=True)
        vestiging = self._vestiging(invoer.vestiging)
        jaar = open_jaar(invoer.overstapjaar)
        gelezen = lees_rijen(invoer.leerlingen, LeerlingInvoer)
        self._record(gelezen, vestiging, jaar)
        return json(antwoord(gelezen.uitkomsten))

    def _vestiging(self, code: str) -> Vestiging:
        """A vestiging of the own school, or of one that gave a mandaat."""
        vestiging = Vestiging.objects.select_related("organisatie").filter(code=code).first()
        if vestiging is None:
            raise veldprobleem(
                "vestiging", "F103", "Deze vestiging bestaat niet. Stuur een code van zes tekens, zoals 00AA00."
            )
        if not self.actor.mag_namens(vestiging.organisatie_id, self.scope):
            raise Probleem(
                403, "U levert niet aan voor deze vestiging: er is geen mandaat van die school.", code="T003"
            )
        return vestiging

    def _record(self, gelezen: Goed[LeerlingInvoer], vestiging: Vestiging, jaar: int) -> None:
        gemeenten = frozenset(Gemeente.objects.values_list("code", flat=True))
        plekken: list[int] = []
        rijen: list[LeerlingRij] = []
        for plek, invoer in gelezen.rijen:
            try:
                rijen.append(_rij(invoer, vestiging, jaar, gemeenten))
                plekken.append(plek)
            except RijFout as fout:
                gelezen.weiger(plek, fout)
        with als(self.actor, vestiging.organisatie) as actor:
            gelezen.vul(plekken, record_leerlingen(rijen, actor=actor, bron="las"))
