"""Excel and paper of a list: what is shown, all pages of the filter, with the columns as this role sees them.

The file is made by a task (rapportages): a list can hold thousands of rows. The page that asks hands over the question as an
address would; a name that was searched for goes along encrypted, so that it stands readable in no table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.rechten import Recht, Rol
from overstap.basis.rls import bereik
from overstap.basis.xlsx import Kolom as ExcelKolom
from overstap.basis.xlsx import Waarde
from overstap.schermen.blad import Rangschikking, Selectie
from overstap.schermen.cellen import Cel, Kolom
from overstap.schermen.lijst import Lijst, Vraag, lees_vraag
from overstap.schermen.lijst_views import log_blik, maak_rij
from overstap.schermen.omgeving import Omgeving, OnjuisteVraag, maak_omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.zoekterm import ontcijfer, vercijfer, zoekterm
from rapportages import actions
from rapportages.exports import Opdracht, TabelExport, Wie
from statuses.access import vereis

PER_KEER = 500
OP_PAPIER = 1000  # rows on one print; more than that nobody reads


class LijstExport(TabelExport):
    """The list in which a role works, as a file. ``lijsten``: which one that is, per role."""

    code: ClassVar[str] = "leerlingenlijst"
    naam: ClassVar[str] = "Leerlingenlijst"
    recht: ClassVar[Recht] = Recht.EXPORTEREN
    op_naam: ClassVar[bool] = False

    def __init__(self, lijsten: dict[Rol, Lijst]) -> None:
        self.lijsten = lijsten

    def kolommen(self, o: Opdracht) -> Sequence[ExcelKolom]:
        lijst, omgeving, _ = self._lees(o)
        return [ExcelKolom(k.naam, *_vorm(k)) for k in lijst.zichtbare_kolommen(omgeving)]

    def rijen(self, o: Opdracht) -> Iterator[tuple[Wie, Sequence[Waarde]]]:
        lijst, omgeving, vraag = self._lees(o)
        kolommen = lijst.zichtbare_kolommen(omgeving)
        # The page shows all regio's of who works in more than one; so does its file.
        with bereik(o.actor.regios):
            for rij in alle_rijen(lijst, omgeving, vraag):
                overstap = lijst.overstap(rij)
                yield (overstap.regio_id, overstap.leerling_id), [waarde(k.cel(rij, omgeving), k) for k in kolommen]

    def definities(self, o: Opdracht) -> Sequence[tuple[str, str]]:
        return (("Namen", "Zoals u ze op het scherm ziet. Een burgerservicenummer staat er niet in."),)

    def _lees(self, o: Opdracht) -> tuple[Lijst, Omgeving, Vraag]:
        lijst = self.lijsten[o.actor.rol]
        deel = QueryDict(str(o.parameters.get("vraag", "")))
        omgeving = maak_omgeving(o.actor, deel)
        return lijst, omgeving, lees_vraag(lijst, omgeving, deel, ontcijfer(o.actor, o.parameters.get("zoek") or ""))


def _vorm(k: Kolom) -> tuple[float, Any]:
    if k.getal:
        return 10, "getal"
    return {"naam": 28, "aanmelding": 40, "opleiding": 34, "waarom": 44, "school": 28}.get(k.sleutel, 18), "tekst"


def waarde(cel: Cel, k: Kolom) -> Waarde:
    """What stands on the screen, as one value."""
    tekst = cel.status.label if cel.status else "; ".join(cel.regels) or cel.tekst
    if k.getal:
        return int(tekst) if tekst.isdigit() else None
    return f"{tekst} ({cel.klein})".replace("\u00a0", " ") if cel.klein else tekst.replace("\u00a0", " ")


def alle_rijen(lijst: Lijst, o: Omgeving, vraag: Vraag) -> Iterator[Any]:
    """Every row of the filter in the order of the list, in chunks: two queries for each, one without extras."""
    rang = Rangschikking(lijst, o, vraag)
    rijen = Selectie(lijst, o, vraag).rijen().annotate(**rang.annotaties, **lijst.annotaties(o)).order_by(*rang.orde())
    stroom = rijen.iterator(chunk_size=PER_KEER)
    while stuk := list(islice(stroom, PER_KEER)):
        lijst.verrijk(stuk, o)
        yield from stuk


def excel_van(lijst: Lijst) -> View:
    """Ask for the file, and go to the page that waits for it."""

    @alleen("POST")
    def vraag_aan(request: HttpRequest) -> HttpResponse:
        actor = vereis(request, Recht.EXPORTEREN)  # type: ignore[arg-type]
        gestuurd = QueryDict(request.POST.get("vraag", "")[:2000])
        o = maak_omgeving(actor, gestuurd)
        term = zoekterm(request, actor)
        vraag = lees_vraag(lijst, o, gestuurd, term)
        parameters: dict[str, Any] = {"vraag": _zonder_naam(vraag), "filters": lijst.in_woorden(vraag)}
        if "zoek" in vraag.tekst:
            parameters["zoek"] = vercijfer(actor, term if vraag.tekst["zoek"] == "ja" else vraag.tekst["zoek"])
        export = actions.vraag_aan(actor, LijstExport.code, overstapjaar=o.jaar, parameters=parameters)
        return HttpResponseRedirect(reverse("export", args=[export.pk]))

    return vraag_aan


def _zonder_naam(vraag: Vraag) -> str:
    return vraag.url_deel(zoek="ja") if "zoek" in vraag.tekst else vraag.url_deel()


def papier_van(lijst: Lijst) -> View:
    """All rows of the filter on one page to print, without menu or buttons."""

    @alleen("GET")
    def toon(request: HttpRequest) -> HttpResponse:
        actor = vereis(request, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
        o = maak_omgeving(actor, request.GET)
        vraag = lees_vraag(lijst, o, request.GET, zoekterm(request, actor))
        rang = Rangschikking(lijst, o, vraag)
        rijen = Selectie(lijst, o, vraag).rijen().annotate(**rang.annotaties, **lijst.annotaties(o))
        rijen = list(rijen.order_by(*rang.orde())[: OP_PAPIER + 1])
        if len(rijen) > OP_PAPIER:
            raise OnjuisteVraag(
                f"Op papier passen hoogstens {OP_PAPIER} rijen. Maak het filter smaller, of vraag Excel."
            )
        lijst.verrijk(rijen, o)
        log_blik(lijst, o, vraag, rijen, hoe="afdruk")
        kolommen = lijst.zichtbare_kolommen(o)
        deel = vraag.url_deel()
        context = {
            "o": o,
            "titel": lijst.titel,
            "filters": lijst.in_woorden(vraag),
            "bijschrift": f"{intcomma(len(rijen))} {lijst.eenheid[0] if len(rijen) == 1 else lijst.eenheid[1]}",
            "kolommen": [{"naam": k.naam, "getal": k.getal} for k in kolommen],
            "rijen": [maak_rij(lijst, o, rij, kolommen, "", {}) for rij in rijen],
            "terug": f"{reverse(lijst.pagina)}?{deel}" if deel else reverse(lijst.pagina),
            "actor": actor,
        }
        return render(request, "schermen/papier.html", context)

    return toon
