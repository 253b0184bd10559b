"""POST /api/v1/aanmeldingen: what the SIS of an mbo delivers, up to 5,000 aanmeldingen."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta

from accounts.models import Organisatie
from accounts.rechten import Recht, Scope, Soort
from overstap.api.basis import ApiView, json
from overstap.api.leerlingen import als
from overstap.api.namens import organisatie_bij_oin
from overstap.api.rijen import HOOGSTENS, Goed, Oin, PgnInvoer, RijFout, RijResultaten, antwoord, lees_rijen, pgn, tekst
from overstap.api.schema import beschrijf
from statuses.actions import record_aanmeldingen
from statuses.actions.aanmeldingen import AanmeldingRij
from statuses.status import CODES, VAN_AANMELDING, Status
from statuses.termijnen import jaar_uit_naam


class OpleidingRij(msgspec.Struct, forbid_unknown_fields=True):
    naam: Annotated[str, Meta(max_length=200)] | None = None
    crebo: Annotated[str, Meta(pattern=r"^[0-9]{5}$", max_length=5)] | None = None
    niveau: Annotated[int, Meta(ge=1, le=4)] | None = None
    leerweg: Literal["bol", "bbl"] | None = None


class RedenRij(msgspec.Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(max_length=24)] | None = None
    tekst: Annotated[str, Meta(max_length=2000)] | None = None


class AanmeldingInvoer(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """One aanmelding. ``overstapjaar`` may be left out (raakvlakken.md, Files says which one it becomes)."""

    aanmeld_id: Annotated[str, Meta(min_length=1, max_length=36)]
    pgn: PgnInvoer
    status: Annotated[str, Meta(max_length=40)]
    status_datum: date
    volgnummer: Annotated[int, Meta(ge=1, le=999_999_999)]
    opleiding: OpleidingRij
    overstapjaar: Annotated[str, Meta(max_length=9)] | None = None
    reden: RedenRij | None = None
    aanwezigheid: Literal["show", "no_show"] | msgspec.UnsetType | None = msgspec.UNSET
    startkwalificatie: bool | None = None
    aanmeld_datum: Annotated[date | None, Meta(extra_json_schema={"format": "date"})] = None
    namens: Oin | None = None


class AanmeldingenInvoer(msgspec.Struct, forbid_unknown_fields=True):
    aanmeldingen: Annotated[
        list[msgspec.Raw],
        Meta(max_length=HOOGSTENS, extra_json_schema={"items": {"$ref": "#/components/schemas/AanmeldingInvoer"}}),
    ]
    namens: Oin | None = None


def _status(code: str) -> Status:
    status = CODES.get(code)
    if status is None or status not in VAN_AANMELDING:
        codes = ", ".join(s.code for s in sorted(VAN_AANMELDING))
        raise RijFout("F201", "status", f"Deze status bestaat niet voor een aanmelding. Kies uit: {codes}.")
    return status


def _jaar(naam: str | None) -> int | None:
    if naam is None:
        return None
    try:
        jaar = jaar_uit_naam(naam)
    except ValueError:
        jaar = 0
    if not 2000 <= jaar <= 2100:
        raise RijFout("T001", "overstapjaar", "Schrijf het overstapjaar als twee jaren na elkaar, zoals 2025-2026.")
    return jaar


def _sleutel(aanmeld_id: str) -> str:
    """Taken as it is: it is the sender's key."""
    if tekst("aanmeldId", aanmeld_id, verplicht=True) != aanmeld_id:
        raise RijFout("T001", "aanmeldId", "Een aanmeldId heeft geen spaties aan het begin, aan het eind of dubbel.")
    return aanmeld_id


def _rij(invoer: AanmeldingInvoer) -> AanmeldingRij:
    soort, nummer = pgn(invoer.pgn)
    reden = invoer.reden or RedenRij()
    opleiding = invoer.opleiding
    naam = tekst("opleiding.naam", opleiding.naam or "")
    if not naam and not opleiding.crebo:
        raise RijFout("T001", "opleiding", "De opleiding ontbreekt. Stuur een crebo of een naam.")
    if not 1900 <= invoer.status_datum.year <= 2200:
        raise RijFout("T001", "statusDatum", "Deze datum ligt te ver weg. Controleer het jaartal.")
    return AanmeldingRij(
        aanmeld_id=_sleutel(invoer.aanmeld_id),
        pgn_soort=soort,
        pgn=nummer,
        status=_status(invoer.status),
        status_datum=invoer.status_datum,
        volgnummer=invoer.volgnummer,
        overstapjaar=_jaar(invoer.overstapjaar),
        crebo=opleiding.crebo or "",
        opleiding=naam,
        niveau=opleiding.niveau,
        leerweg=opleiding.leerweg or "",
        reden_code=tekst("reden.code", reden.code or ""),
        reden_tekst="\n".join(tekst("reden.tekst", regel) for regel in (reden.tekst or "").strip().splitlines()),
        # Left out says nothing; null says: neither of the two.
        aanwezigheid=None if invoer.aanwezigheid is msgspec.UNSET else invoer.aanwezigheid or "",
        startkwalificatie=invoer.startkwalificatie,
        aanmeld_datum=invoer.aanmeld_datum,
    )


class Aanmeldingen(ApiView):
    """200 with an outcome per aanmelding, in the order sent."""

    scope = Scope.AANMELDINGEN_SCHRIJVEN
    recht = Recht.AANMELDINGEN_AANLEVEREN

    @beschrijf(
        "aanmeldingenAanleveren",
        "Aanmeldingen aanleveren uit een SIS, tot 5.000 per keer",
        RijResultaten,
        label="Aanleveren",
        uitleg="Elke rij krijgt een eigen uitkomst, in de volgorde van de aanvraag; een foute rij houdt de andere niet tegen.",
        invoer=AanmeldingenInvoer,
        ook=[AanmeldingInvoer],
        fouten=(413, 415),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        invoer = self.lees(AanmeldingenInvoer, nul_ok=True)
        gelezen = lees_rijen(invoer.aanmeldingen, AanmeldingInvoer)
        self._record(gelezen, invoer.namens)
        return json(antwoord(gelezen.uitkomsten))

    def _record(self, gelezen: Goed[AanmeldingInvoer], namens: str | None) -> None:
        """Per mbo for which rows were sent (one, unless a supplier has more mandaten) one call of the action."""
        mbos = self._mbos({rij.namens or namens for _, rij in gelezen.rijen})
        per_mbo: dict[Organisatie, list[tuple[int, AanmeldingRij]]] = defaultdict(list)
        for plek, invoer in gelezen.rijen:
            try:
                mbo = mbos[invoer.namens or namens]
                if mbo is None:
                    raise RijFout("T003", "namens", "Er is geen mandaat van deze instelling voor uw systeem.")
                per_mbo[mbo].append((plek, _rij(invoer)))
            except RijFout as fout:
                gelezen.weiger(plek, fout, invoer.aanmeld_id)
        for mbo, paren in per_mbo.items():
            with als(self.actor, mbo) as actor:
                uit = record_aanmeldingen([rij for _, rij in paren], mbo=mbo, actor=actor, bron="sis")
            gelezen.vul([plek for plek, _ in paren], uit)

    def _mbos(self, oins: set[str | None]) -> dict[str | None, Organisatie | None]:
        """The mbo for which each OIN stands (None: the own one); None where there is no mandaat."""
        uit: dict[str | None, Organisatie | None] = {}
        for oin in oins:
            mbo = (
                Organisatie.objects.filter(pk__in=[self.actor.organisatie_id]).first()
                if oin is None
                else organisatie_bij_oin(oin, Soort.MBO)
            )
            uit[oin] = mbo if mbo is not None and self.actor.mag_namens(mbo.pk, self.scope) else None
        return uit
