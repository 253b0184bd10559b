"""POST /api/v1/overstappen/<uuid>/gebeurtenissen: one status change, judged by the same table as pages and feeds."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta

from accounts import audit
from accounts.rechten import Recht, Scope
from overstap.api.basis import ApiView
from overstap.api.objecten import OVERSTAPPER, OverstapObject
from overstap.api.overstappen import toon
from overstap.api.problemen import Probleem, Veldfout, veldprobleem
from overstap.api.schema import beschrijf
from overstap.basis import klok
from statuses import overgangen
from statuses.access import get_overstap
from statuses.actions import AanmeldingVelden, Wijziging, change_status
from statuses.actions.schrijven import VersieGewijzigd
from statuses.beoordelen import Geweigerd, Verzoek
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via
from statuses.status import CODES, Spoor, Status

# A proxy that compresses makes the ETag weak, or puts the encoding behind it.
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})-[0-9a-f]{8}(?:-[a-z]{1,8})?"')


class RedenInvoer(msgspec.Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(max_length=24)] | None = None
    tekst: Annotated[str, Meta(max_length=2000)] | None = None


class OpleidingInvoer(msgspec.Struct, forbid_unknown_fields=True):
    """An opleiding; ``crebo`` or ``naam`` at least."""

    crebo: Annotated[str, Meta(pattern=r"^[0-9]{5}$", max_length=5)] | None = None
    naam: Annotated[str, Meta(max_length=200)] | None = None
    niveau: Annotated[int, Meta(ge=1, le=4)] | None = None
    leerweg: Annotated[str, Meta(pattern=r"^(bol|bbl)$", max_length=3)] | None = None


class GebeurtenisInvoer(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What raakvlakken.md asks for; ``opleiding`` for a new aanmelding, ``kansBevestigd`` to mark a havist,
    ``naarMbo`` at a vervolgkeuze that does not tell by itself whether the leerling goes to an mbo (particulier, anders)."""

    naar: Annotated[str, Meta(max_length=40)] | None
    spoor: Spoor | None = None
    reden: RedenInvoer | None = None
    zekerheid: Annotated[str, Meta(max_length=10)] | None = None
    naar_mbo: bool | None = None
    aanmeld_id: Annotated[str, Meta(min_length=1, max_length=36)] | None = None
    geldig_op: date | None = None
    correctie: bool = False
    invoegen: bool = False
    opleiding: OpleidingInvoer | None = None
    kans_bevestigd: bool = False


def doel(invoer: GebeurtenisInvoer) -> tuple[Spoor, Status | None]:
    """The spoor and the status that are asked for; 400 when the code does not exist or they do not go together."""
    if invoer.naar is None:
        if invoer.spoor is None:
            raise veldprobleem("spoor", "T001", "Zeg welk spoor leeg moet: markering, vo of leerplicht.")
        return invoer.spoor, None
    naar = Status.ZONDER_AANMELDING if invoer.naar == OVERSTAPPER else CODES.get(invoer.naar)
    if naar is None:
        codes = ", ".join([OVERSTAPPER, *CODES])
        raise veldprobleem("naar", "F201", f"Deze status bestaat niet. Kies uit: {codes}.")
    spoor = naar.info.spoor or Spoor.MARKERING
    if invoer.spoor not in (None, spoor):
        raise veldprobleem("spoor", "T001", f"Deze status hoort bij spoor '{spoor.value}'.")
    return spoor, naar


def verwachte_versie(kop: str) -> int | None:
    """The versie in If-Match; None for ``*``. 428 when it is not there, 412 for what is no ETag of ours."""
    if not kop:
        raise Probleem(428, "Stuur de ETag die u van deze leerling hebt mee als If-Match.", code="if_match")
    if kop.strip() == "*":
        return None
    if (gevonden := _ETAG.fullmatch(kop.strip())) is None:
        raise intussen_gewijzigd()
    return int(gevonden[1])


def intussen_gewijzigd() -> Probleem:
    return Probleem(
        412, "Deze leerling is intussen gewijzigd. Haal de nieuwe stand op en probeer het opnieuw.", code="gewijzigd"
    )


def weigering(fout: Geweigerd) -> Probleem:
    """How a refusal of the rules is told: 403 never by this kind, 400 a field, 409 a rule."""
    if fout.code == "onbekend":
        return Probleem(404, fout.detail)
    if fout.soort == "rol":
        return Probleem(403, fout.detail, code=fout.code)
    if fout.soort == "veld":
        return Probleem(400, fout.detail, code=fout.code, velden=[Veldfout(fout.veld, fout.code, fout.detail)])
    return Probleem(409, fout.detail, code=fout.code)


class Gebeurtenissen(ApiView):
    """201 with the new state, or the rule that stands in the way."""

    scope = Scope.GEBEURTENISSEN_SCHRIJVEN

    @beschrijf(
        "gebeurtenisVastleggen",
        "Een status wijzigen of terugnemen",
        OverstapObject,
        label="Overstappen",
        uitleg="409 noemt de regel die het tegenhoudt; 412 als de leerling intussen is gewijzigd.",
        invoer=GebeurtenisInvoer,
        status=201,
        fouten=(409, 412, 413, 415, 428),
        koppen={"If-Match": "De ETag van de stand die u hebt gezien."},
    )
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        overstap = get_overstap(self.scoped, pk, Recht.LEERLINGEN_ZIEN)
        versie = verwachte_versie(request.headers.get("If-Match", ""))
        invoer = self.lees(GebeurtenisInvoer)
        spoor, naar = doel(invoer)
        if versie is not None and versie != overstap.versie:
            raise intussen_gewijzigd()
        if not overgangen.zet_ooit(self.actor.rol, naar, spoor):
            self._log(pk, "rol_mag_niet")
            raise Probleem(403, "Deze soort organisatie zet deze status nooit.", code="rol_mag_niet")
        try:
            resultaat = change_status(self._wijziging(overstap, spoor, naar, invoer), actor=self.actor, versie=versie)
        except VersieGewijzigd:
            raise intussen_gewijzigd() from None
        if isinstance(resultaat.uitkomst, Geweigerd):
            self._log(pk, resultaat.uitkomst.code)
            raise weigering(resultaat.uitkomst)
        antwoord = toon(get_overstap(self.scoped, pk, Recht.LEERLINGEN_ZIEN), self, status=201)
        antwoord["Location"] = request.build_absolute_uri(request.path.removesuffix("/gebeurtenissen"))
        return antwoord

    def _log(self, pk: uuid.UUID, code: str) -> None:
        self.scoped.weigering = audit.Weigering("gebeurtenis.schrijven", "overstap", str(pk), code)

    def _wijziging(self, overstap: Overstap, spoor: Spoor, naar: Status | None, invoer: GebeurtenisInvoer) -> Wijziging:
        aanmelding = self._aanmelding(overstap, invoer, naar) if spoor == Spoor.AANMELDING else None
        reden = invoer.reden or RedenInvoer()
        opleiding = invoer.opleiding or OpleidingInvoer()
        zekerheid = (
            (invoer.zekerheid if invoer.zekerheid is not None else "zeker") if naar == Status.VERVOLGKEUZE_VO else ""
        )
        verzoek = Verzoek(
            spoor,
            naar,
            self.actor.rol,
            Via.API,
            invoer.geldig_op or klok.vandaag(),
            reden_code=reden.code or "",
            tekst=reden.tekst or "",
            zekerheid=zekerheid,
            naar_mbo=invoer.naar_mbo if naar == Status.VERVOLGKEUZE_VO else None,
            nr=aanmelding.nr if aanmelding else None,
            mbo_id=self.actor.organisatie_id if spoor == Spoor.AANMELDING else None,
            opleiding=opleiding.naam or opleiding.crebo or "",
            kans_bevestigd=invoer.kans_bevestigd,
            correctie=invoer.correctie,
            invoegen=invoer.invoegen,
        )
        nieuw = AanmeldingVelden(
            aanmeld_id=invoer.aanmeld_id or "",
            crebo=opleiding.crebo or "",
            opleiding=opleiding.naam or opleiding.crebo or "",
            niveau=opleiding.niveau,
            leerweg=opleiding.leerweg or "",
            volgnummer=1,
        )
        velden = nieuw if spoor == Spoor.AANMELDING and aanmelding is None else None
        return Wijziging(overstap.pk, verzoek, aanmelding.pk if aanmelding else None, velden)

    def _aanmelding(self, overstap: Overstap, invoer: GebeurtenisInvoer, naar: Status | None) -> Aanmelding | None:
        """The own aanmelding that is meant; None for a new one (aangemeld, with its opleiding)."""
        nieuw = naar == Status.AANGEMELD and invoer.opleiding is not None
        if invoer.aanmeld_id is None:
            if nieuw or naar == Status.AANGEMELD:
                return None  # without an opleiding the rules say so
            raise veldprobleem("aanmeldId", "T001", "Noem het aanmeldId van de aanmelding die verandert.")
        # Also of a leerling who was unmarked since: the aanmeldId stays taken.
        eigen: Any = Aanmelding.objects.filter(
            mbo_id=self.actor.organisatie_id, aanmeld_id=invoer.aanmeld_id, overstapjaar=overstap.overstapjaar
        )
        gevonden: Aanmelding | None = eigen.first()
        if gevonden is not None and gevonden.overstap_id == overstap.pk:
            return gevonden
        if gevonden is None and nieuw:
            return None
        raise veldprobleem("aanmeldId", "T001", "Dit aanmeldId hoort niet bij deze leerling.")
