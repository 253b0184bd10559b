"""The components of the interface as template tags: `{% load overstap_tags %}`.

Each tag is presentation only: it takes what a view worked out and writes one template from templates/componenten/. Lists take
dicts as well as objects with attributes of the same name.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from overstap.schermen.svg import lees, maak_faselijn, maak_meter
from overstap.schermen.velden import Veld, maak_veld
from statuses.status import Status

register = template.Library()

MELDINGEN = {
    "info": ("info", "i", "Ter informatie"),
    "gelukt": ("ok", "✓", "Gelukt"),
    "waarschuwing": ("warning", "!", "Let op"),
    "fout": ("error", "✕", "Fout"),
    # names of django.contrib.messages
    "debug": ("info", "i", "Ter informatie"),
    "success": ("ok", "✓", "Gelukt"),
    "warning": ("warning", "!", "Let op"),
    "error": ("error", "✕", "Fout"),
}
KNOPPEN = {
    "eerst": "utrecht-button--primary-action",
    "gewoon": "utrecht-button--secondary-action",
    "gevaar": "utrecht-button--primary-action utrecht-button--danger",
    "stil": "utrecht-button--subtle",
}


@register.inclusion_tag("componenten/status.html", name="status")
def status_pil(status: Any, label: str = "", op: date | None = None, groot: bool = False) -> dict[str, Any]:
    """A status as sign, word and colour. Takes a Status, its number or code, or any object with label, teken and soort.

    `op` is the day of a status in a history, for its dated label; `label` overrides the word. None gives "geen status": an
    unmarked leerling has none.
    """
    if isinstance(status, int):
        status = Status(status)
    elif isinstance(status, str) and status:
        status = Status[status.upper()]
    if op and isinstance(status, Status):
        label = label or status.label_op(op)
    return {
        "leeg": status is None or status == "",
        "label": label or lees(status, "label", ""),
        "teken": lees(status, "teken", "") or "",
        "soort": lees(status, "soort", "geen") or "geen",
        "groot": groot,
    }


@register.inclusion_tag("componenten/knop.html")
def knop(
    tekst: str,
    url: str = "",
    soort: str = "gewoon",
    naam: str = "",
    waarde: str = "",
    formulier: str = "",
    extra: str = "",
) -> dict[str, Any]:
    """A link that looks like a button (with `url`), else a submit button. soort: eerst, gewoon, gevaar or stil.

    `formulier` is the id of a form elsewhere on the page; `extra` is read aloud after the text ("van Noor de Wit").
    """
    return {
        "tekst": tekst,
        "url": url,
        "klasse": KNOPPEN[soort],
        "naam": naam,
        "waarde": waarde,
        "formulier": formulier,
        "extra": extra,
    }


@register.inclusion_tag("componenten/faselijn.html")
def faselijn(
    fasen: Sequence[Any],
    vandaag: date | None = None,
    cijfer: str = "",
    cijfer_naam: str = "",
    cijfer_uitleg: str = "",
) -> dict[str, Any]:
    """The phase line with today on it, and at the right one number that counts in this phase."""
    lijn = maak_faselijn(fasen, vandaag)
    plaats, nu = next(((i, s) for i, s in enumerate(lijn.stukken) if s.nu), (None, None))
    # The procedure's own number: phase 1 closes a jaar and so stands last on the line.
    nummer = None if plaats is None else lees(fasen[plaats], "nummer") or plaats + 1
    return {
        "lijn": lijn,
        "nummer": nummer,
        "nu": nu,
        "cijfer": cijfer,
        "cijfer_naam": cijfer_naam,
        "cijfer_uitleg": cijfer_uitleg,
    }


@register.inclusion_tag("componenten/meter.html")
def meter(
    percentage: float | Decimal | None,
    norm: float | Decimal | None = None,
    label: str = "",
    label_rest: str = "",
    teller: int | str | None = None,
    noemer: int | str | None = None,
    populatie: str = "",
    uitleg: str = "",
    kaal: bool = False,
) -> dict[str, Any]:
    """A percentage with its norm; numerator, denominator and population stand below it. `kaal`: the bar alone, in a table cell."""
    return {
        "meter": maak_meter(percentage, norm),
        "label": label,
        "label_rest": label_rest,
        "teller": teller,
        "noemer": noemer,
        "populatie": populatie,
        "uitleg": uitleg,
        "kaal": kaal,
    }


@register.inclusion_tag("componenten/werklijst.html")
def werklijst(stappen: Iterable[Any]) -> dict[str, Any]:
    """Rows of (aantal, naam, toelichting, url, actie, eerst); aantal 0 shows as done with a check mark."""
    return {"stappen": stappen}


@register.inclusion_tag("componenten/chips.html")
def chips(chips: Iterable[Any], label: str = "Filters") -> dict[str, Any]:
    """Filters as links: (naam, url, aantal, actief)."""
    return {"chips": chips, "label": label}


@register.simple_block_tag
def tabel(
    content: str, bijschrift: str, kolommen: Sequence[Any], kiesbaar: bool = False, bijschrift_verborgen: bool = False
) -> SafeString:
    """A table around the `<tr>` rows of the page. kolommen: (naam, url, richting "op"/"af", getal, verborgen).

    With `kiesbaar` the first column is for {% kiescel %}. The region around it scrolls and can have keyboard focus.
    """
    return _block(
        "tabel",
        content,
        {
            "bijschrift": bijschrift,
            "kolommen": kolommen,
            "kiesbaar": kiesbaar,
            "bijschrift_verborgen": bijschrift_verborgen,
        },
    )


@register.inclusion_tag("componenten/kiescel.html")
def kiescel(waarde: Any, naam: str, gekozen: bool = False, veld: str = "kies") -> dict[str, Any]:
    """The first cell of a row that can be chosen; `naam` says of whom, for who cannot see the row."""
    return {"waarde": waarde, "naam": naam, "gekozen": gekozen, "veld": veld}


@register.inclusion_tag("componenten/bulkbalk.html")
def bulkbalk(knoppen: Iterable[Any], tekst: str = "Doe dit met de gekozen rijen") -> dict[str, Any]:
    """The bar below a table: submit buttons (naam, waarde, actie_url, soort) of the form around both."""
    return {
        "tekst": tekst,
        "knoppen": [
            {
                "naam": lees(k, "naam"),
                "waarde": lees(k, "waarde", ""),
                "actie_url": lees(k, "actie_url", ""),
                "klasse": KNOPPEN[lees(k, "soort", "gewoon") or "gewoon"],
            }
            for k in knoppen
        ],
    }


@register.inclusion_tag("componenten/paginering.html")
def paginering(
    vorige: str | None = None,
    volgende: str | None = None,
    tekst: str = "",
    groottes: Iterable[Any] = (),
    label: str = "Bladeren",
) -> dict[str, Any]:
    """Keyset paging: two links, a sentence ("1 tot 50 van 214") and the sizes (naam, url, actief)."""
    return {"vorige": vorige, "volgende": volgende, "tekst": tekst, "groottes": groottes, "label": label}


@register.inclusion_tag("componenten/lijst.html")
def lijst(paren: Iterable[Any]) -> dict[str, Any]:
    """Terms with their value: pairs, or objects with term and waarde. An empty value reads "onbekend"."""
    rij = [p if isinstance(p, tuple | list) else (lees(p, "term"), lees(p, "waarde")) for p in paren]
    return {"paren": rij}


@register.inclusion_tag("componenten/verloop.html")
def verloop(momenten: Iterable[Any]) -> dict[str, Any]:
    """The time line: (naam, wanneer, wie, toelichting, status), newest first as given."""
    return {"momenten": momenten}


@register.simple_block_tag
def melding(content: str, soort: str = "info", kop: str = "", live: bool = False) -> SafeString:
    """An alert with sign, word and colour. soort: info, gelukt, waarschuwing or fout; `live` gives it role=alert."""
    naam, teken, woord = MELDINGEN.get(soort, MELDINGEN["info"])
    return _block("melding", content, {"naam": naam, "teken": teken, "woord": woord, "kop": kop, "live": live})


@register.simple_block_tag
def kaart(content: str, kop: str = "", id: str = "") -> SafeString:
    """A white card with a heading."""
    return _block("kaart", content, {"kop": kop, "id": id})


@register.simple_block_tag
def leeg(content: str, kop: str = "Niets te doen") -> SafeString:
    """An empty list: says why it is empty and what could be done."""
    return _block("leeg", content, {"kop": kop})


@register.inclusion_tag("componenten/kruimels.html")
def kruimels(stappen: Sequence[Any]) -> dict[str, Any]:
    """The way back: (naam, url); the last one is this page and needs no url."""
    return {"stappen": stappen}


@register.inclusion_tag("componenten/formulier.html")
def formulier(form: BaseForm, samenvatting: bool = True) -> dict[str, Any]:
    """All fields of a form with the error summary above them. The `<form>`, the csrf_token and the button are the page's."""
    velden = [maak_veld(form[naam]) for naam in form.fields]
    return {
        "verborgen": [v for v in velden if v.soort == "verborgen"],
        "velden": [v for v in velden if v.soort != "verborgen"],
        **(_fouten(form, velden) if samenvatting else {}),
    }


@register.inclusion_tag("componenten/foutensamenvatting.html")
def foutensamenvatting(form: BaseForm) -> dict[str, Any]:
    """The summary alone, for a page that places its fields one by one with {% veld %}."""
    return _fouten(form, [maak_veld(form[naam]) for naam in form.fields])


@register.inclusion_tag("componenten/veld.html")
def veld(veld: BoundField) -> dict[str, Any]:
    """One field with label, help and its error."""
    return {"v": maak_veld(veld)}


@register.inclusion_tag("componenten/importuitslag.html")
def importuitslag(uitslag: Any) -> dict[str, Any]:
    """What a file gave: aangenomen, geweigerd, ongewijzigd, bestand, kolommen_onbekend, regels (rij, kolom, melding)."""
    return {"uitslag": uitslag}


@register.inclusion_tag("componenten/bulkuitslag.html")
def bulkuitslag(uitslag: Any) -> dict[str, Any]:
    """What a bulk act gave: gelukt and ongewijzigd (numbers), geweigerd (naam, url, reden)."""
    return {"uitslag": uitslag}


@register.filter
def qr_svg(svg: str) -> SafeString:
    """The QR code that allauth draws, without its XML declaration, to stand in the page itself: the CSP allows no data: image."""
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn by the library from our own text, holds paths only


def _fouten(form: BaseForm, velden: Iterable[Veld]) -> dict[str, Any]:
    per_veld = [(v, str(fout)) for v in velden for fout in v.veld.errors]
    return {"algemeen": list(form.non_field_errors()), "per_veld": per_veld}


def _block(naam: str, inhoud: str, context: Mapping[str, Any]) -> SafeString:
    # `inhoud` was rendered by the template engine with autoescape on; escaping it again would show tags as text.
    return render_to_string(f"componenten/{naam}.html", {**context, "inhoud": mark_safe(inhoud)})  # noqa: S308
