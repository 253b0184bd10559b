"""A form field as the component needs it: which NL Design System class and which ids belong to a widget.

The one place that knows Django's widgets; the template componenten/veld.html only writes it down.
"""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Veld:
    """`soort`: tekst, vink, groep (radio's, several boxes, split dates), bestand or verborgen."""

    veld: BoundField
    soort: str
    invoer: SafeString
    id: str
    anker: str
    uitleg_id: str
    fout_id: str


def maak_veld(veld: BoundField) -> Veld:
    """Renders the widget with its class, aria-describedby and aria-invalid. `anker` is where an error link jumps to."""
    widget = veld.field.widget
    soort = _soort(widget)
    basis = veld.auto_id or veld.html_name
    uitleg_id, fout_id = f"{basis}_uitleg", f"{basis}_fout"
    beschrijving = [fout_id] if veld.errors else []
    if veld.help_text:
        beschrijving.append(uitleg_id)
    attrs: dict[str, str | bool] = {}
    klasse = _klasse(widget, fout=bool(veld.errors))
    if klasse:
        attrs["class"] = " ".join(filter(None, [str(widget.attrs.get("class", "")), klasse]))
    if str(widget.attrs.get("placeholder", "")) == str(veld.label):
        attrs["placeholder"] = False  # a label said twice; it would be read aloud twice too
    if soort != "groep":
        if beschrijving:
            attrs["aria-describedby"] = " ".join(beschrijving)
        if veld.errors:
            attrs["aria-invalid"] = "true"
    anker = veld.id_for_label or (f"{basis}_0" if soort == "groep" else basis)
    return Veld(veld, soort, veld.as_widget(attrs=attrs), basis, anker, uitleg_id, fout_id)


def _soort(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "verborgen"
    if isinstance(
        widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget | forms.SelectDateWidget
    ):
        return "groep"
    if isinstance(widget, forms.CheckboxInput):
        return "vink"
    if isinstance(widget, forms.FileInput):
        return "bestand"
    return "tekst"


def _klasse(widget: forms.Widget, *, fout: bool) -> str:
    """Classes of @utrecht/component-library-css; radio's and boxes stay the browser's own, coloured by accent-color."""
    if _soort(widget) in ("verborgen", "groep"):
        return ""
    if isinstance(widget, forms.CheckboxInput):
        return "utrecht-form-field__input utrecht-checkbox utrecht-checkbox--html-input"
    if isinstance(widget, forms.FileInput):
        return "bestand"
    if isinstance(widget, forms.Textarea):
        naam, vorm = "utrecht-textarea", "utrecht-textarea--html-textarea"
    elif isinstance(widget, forms.Select):
        naam, vorm = "utrecht-select", "utrecht-select--html-select"
    else:
        naam, vorm = "utrecht-textbox", "utrecht-textbox--html-input"
    return f"utrecht-form-field__input {naam} {vorm}" + (f" {naam}--invalid" if fout else "")
