"""Reference data, public: statussen with their redenen, opleidingen, organisaties, gemeenten. Cursor pages."""

from __future__ import annotations

from datetime import date

import msgspec
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import Deelname, Gemeente, Organisatie, Vestiging
from accounts.rechten import Soort
from overstap.api import vraag
from overstap.api.basis import OpenbareView, json
from overstap.api.cursor import pagina
from overstap.api.problemen import veldprobleem
from overstap.api.schema import PAGINA, beschrijf, vraagveld
from statuses.eigen_redenen import per_regio
from statuses.models import Opleiding
from statuses.referentie.redenen import CORRECTIE, MARKERING, TEKSTVRAGEN, Reden, redenen
from statuses.status import OUDE_LABELS, Status

_REGIO = vraagveld("regio", "Code van een regio, zoals 21.")


class RedenKeuze(msgspec.Struct, rename="camel"):
    code: str
    label: str
    tekst_verplicht: bool


class OudLabel(msgspec.Struct):
    tot: date
    label: str


class StatusObject(msgspec.Struct, rename="camel"):
    """One of the fourteen. ``tekst`` is what a status asks for in words, next to or instead of a code."""

    nummer: int
    code: str
    label: str
    spoor: str | None
    eigenaar: str
    actie_door: str
    uitleg: str
    redenen: list[RedenKeuze]
    tekst: str | None
    eerdere_labels: list[OudLabel]


class StatusLijst(msgspec.Struct):
    """``markering``: the redenen to unmark; ``correctie``: that of a step back."""

    resultaten: list[StatusObject]
    volgende: str | None
    markering: list[RedenKeuze]
    correctie: list[RedenKeuze]


class OpleidingReferentie(msgspec.Struct):
    crebo: str
    naam: str
    niveau: int
    leerweg: str | None


class OpleidingLijst(msgspec.Struct):
    resultaten: list[OpleidingReferentie]
    volgende: str | None


class VestigingObject(msgspec.Struct):
    code: str
    naam: str
    gemeentecode: str


class OrganisatieObject(msgspec.Struct):
    code: str
    naam: str
    soort: str
    regios: list[str]
    gemeentecode: str | None
    vestigingen: list[VestigingObject]


class OrganisatieLijst(msgspec.Struct):
    resultaten: list[OrganisatieObject]
    volgende: str | None


class GemeenteObject(msgspec.Struct):
    code: str
    naam: str
    regio: str


class GemeenteLijst(msgspec.Struct):
    resultaten: list[GemeenteObject]
    volgende: str | None


def _keuzes(voor: str, extra: tuple[Reden, ...] = ()) -> list[RedenKeuze]:
    return [RedenKeuze(r.code, r.label, r.tekst_verplicht) for r in redenen(voor, extra)]


def _status(status: Status, extra: tuple[Reden, ...]) -> StatusObject:
    info = status.info
    return StatusObject(
        nummer=int(status),
        code=status.code,
        label=info.label,
        spoor=info.spoor.value if info.spoor else None,
        eigenaar=info.eigenaar.value,
        actie_door=info.actie_door.value,
        uitleg=info.uitleg,
        redenen=_keuzes(status.code, extra),
        tekst=TEKSTVRAGEN[status.code].label if status.code in TEKSTVRAGEN else None,
        eerdere_labels=[OudLabel(tot, label) for tot, label in OUDE_LABELS.get(status, ())],
    )


class Statussen(OpenbareView):
    """The fourteen statussen; with ``regio`` the redenen that it added as well."""

    @beschrijf("statussen", "De veertien statussen met hun redenen", StatusLijst, label="Referentie", vraag=[_REGIO])
    def get(self, request: HttpRequest) -> HttpResponse:
        vraag.controleer(self.scoped, vraag.PAGINA | {"regio"})
        regio = vraag.tekst(self.scoped, "regio")
        extra = per_regio([regio])[regio] if regio is not None else {}
        resultaten = [_status(status, extra.get(status.code, ())) for status in Status]
        return json(StatusLijst(resultaten, None, _keuzes(MARKERING), _keuzes(CORRECTIE)))


class Opleidingen(OpenbareView):
    @beschrijf(
        "opleidingen",
        "De mbo-opleidingen op crebo",
        OpleidingLijst,
        label="Referentie",
        vraag=[*PAGINA, vraagveld("crebo", "Vijf cijfers.")],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        vraag.controleer(self.scoped, vraag.PAGINA | {"crebo"})
        alle = Opleiding.objects.all()
        if (crebo := vraag.tekst(self.scoped, "crebo")) is not None:
            alle = alle.filter(crebo=crebo)
        rijen, volgende = pagina(self.scoped, alle, ("crebo",), (str,))
        return json(
            OpleidingLijst([OpleidingReferentie(o.crebo, o.naam, o.niveau, o.leerweg or None) for o in rijen], volgende)
        )


class Organisaties(OpenbareView):
    """Schools with their vestigingen, mbo's, gemeenten, samenwerkingsverbanden, beheerorganisaties."""

    @beschrijf(
        "organisaties",
        "Scholen, mbo-instellingen, gemeenten en de andere organisaties",
        OrganisatieLijst,
        label="Referentie",
        vraag=[
            *PAGINA,
            _REGIO,
            vraagveld("soort", "Soort organisatie.", keuzes=list(Soort)),
            vraagveld("code", "Code."),
        ],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        vraag.controleer(self.scoped, vraag.PAGINA | {"soort", "regio", "code"})
        rijen, volgende = pagina(self.scoped, self._alle(), ("code", "soort"), (str, str))
        return json(OrganisatieLijst([_organisatie(o) for o in rijen], volgende))

    def _alle(self) -> QuerySet[Organisatie]:
        alle = Organisatie.objects.prefetch_related(
            Prefetch("vestigingen", Vestiging.objects.order_by("code")),
            Prefetch("deelnames", Deelname.objects.order_by("regio_id")),
        )
        if (soort := vraag.tekst(self.scoped, "soort")) is not None:
            if soort not in set(Soort):
                raise veldprobleem("soort", "T001", f"Deze soort bestaat niet. Kies uit: {', '.join(Soort)}.")
            alle = alle.filter(soort=soort)
        if (code := vraag.tekst(self.scoped, "code")) is not None:
            alle = alle.filter(code=code)
        if (regio := vraag.tekst(self.scoped, "regio")) is not None:
            alle = alle.filter(pk__in=Deelname.objects.filter(regio_id=regio).values("organisatie_id"))
        return alle


def _organisatie(o: Organisatie) -> OrganisatieObject:
    gemeente = o.code if o.soort == Soort.GEMEENTE else o.gemeente_id
    return OrganisatieObject(
        code=o.code,
        naam=o.naam,
        soort=o.soort,
        regios=[d.regio_id for d in o.deelnames.all()],
        gemeentecode=gemeente,
        vestigingen=[VestigingObject(v.code, v.naam, v.gemeente_id) for v in o.vestigingen.all()],
    )


class Gemeenten(OpenbareView):
    @beschrijf("gemeenten", "De gemeenten met hun regio", GemeenteLijst, label="Referentie", vraag=[*PAGINA, _REGIO])
    def get(self, request: HttpRequest) -> HttpResponse:
        vraag.controleer(self.scoped, vraag.PAGINA | {"regio"})
        alle = Gemeente.objects.all()
        if (regio := vraag.tekst(self.scoped, "regio")) is not None:
            alle = alle.filter(regio_id=regio)
        rijen, volgende = pagina(self.scoped, alle, ("code",), (str,))
        return json(GemeenteLijst([GemeenteObject(g.code, g.naam, g.regio_id) for g in rijen], volgende))
