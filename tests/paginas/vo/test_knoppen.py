"""Never a button that will be refused: every button of every role at every stand leads to a form that can be posted."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.test import Client

from accounts.rechten import Rol
from statuses.models import Opleiding
from statuses.status import Status
from tests.wereld import STAND, Wereld

WIE: tuple[tuple[Rol, str], ...] = (
    (Rol.DECAAN, "99AA"), (Rol.MANAGER_VO, "99AA"), (Rol.MBO_MEDEWERKER, "99MA"), (Rol.MBO_MANAGER, "99MA"),
    (Rol.LEERPLICHT, "0363"), (Rol.LEERPLICHT, "RMC21"), (Rol.AANJAGER, "RMC21"),
)  # fmt: skip
LENTE, NAJAAR = date(2026, 3, 20), date(2026, 9, 20)  # in autumn the mbo has more to say: who started


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


class Terug(Exception):
    """Rolls back what one button did."""


def invullen(form: forms.Form, dag: date) -> dict[str, str]:
    """Some data for a form, as a person would fill it in: the last choice, today, a few words."""
    uit: dict[str, str] = {}
    for veld in form:
        if veld.field.widget.is_hidden:
            continue
        waarde = veld.initial
        if isinstance(veld.field, forms.ChoiceField):
            keuzes = [str(w) for w, _ in veld.field.choices if w]
            waarde = keuzes[-1]  # and not what stands there already
        elif isinstance(veld.field, forms.BooleanField):
            waarde = "on"
        elif isinstance(veld.field, forms.DateField):
            waarde = f"{waarde or dag:%Y-%m-%d}"
        elif veld.name.startswith(("tekst", "school", "notitie")):
            waarde = "Kort."
        elif veld.name == "opleiding":
            waarde = "25655"
        uit[veld.html_name] = str(waarde or "")
    return uit


def knoppen_van(pagina: Any) -> list[dict[str, Any]]:
    c = pagina.context
    rijen = [k for a in c["aanmeldingen"] for k in (*a["knoppen"], *a["correcties"])]
    return [*c["knoppen"], *c["gegevens_knoppen"], *rijen]


def probeer(client: Client, knop: dict[str, Any], dag: date) -> None:
    """With some data the form is accepted; where a reden decides, with one of those that it offers."""
    formulier = client.get(knop["url"])
    assert formulier.status_code == 200, knop
    form = formulier.context["form"]
    velden = invullen(form, dag)
    gezien = re.search(r'name="gezien"\s+value="([^"]*)"', formulier.content.decode())
    assert gezien, knop
    redenen = [str(w) for w, _ in form.fields["reden"].choices if w] if "reden" in form.fields else [""]
    weigeringen = []
    for reden in reversed(redenen):
        anders = {"reden": reden} if reden else {}
        antwoord = client.post(knop["url"], {**velden, **anders, "gezien": unescape(gezien[1])})
        if antwoord.status_code == 302:
            return
        weigeringen.append((antwoord.status_code, dict(antwoord.context["form"].errors), antwoord.context["fout"]))
    raise AssertionError(f"{knop}: {velden}: {weigeringen}")


@pytest.fixture(autouse=True)
def opleidingen(wereld: Wereld) -> None:
    Opleiding.objects.create(crebo="25655", naam="Mbo-Verpleegkundige", niveau=4)


@pytest.mark.parametrize("naam", [n for n in STAND if not n.startswith("andere")])
@pytest.mark.parametrize(("rol", "waar"), WIE)
def test_iedere_knop_wordt_aangenomen(wereld: Wereld, rol: Rol, waar: str, naam: str) -> None:
    pk = wereld.o(naam).pk
    gezien = False
    for dag in (LENTE, NAJAAR) if rol == Rol.MBO_MEDEWERKER else (LENTE,):
        wereld.op(dag)
        client = wereld.client(rol, waar)
        pagina = client.get(f"/leerlingen/{pk}")
        if pagina.status_code == 404:
            continue
        gezien = True
        for knop in knoppen_van(pagina):
            try:
                with transaction.atomic():
                    probeer(client, knop, dag)
                    raise Terug
            except Terug:
                pass
    with wereld.bereik("21"):
        bij_dit_mbo = wereld.o(naam).aanmeldingen.filter(mbo__code="99MA").exists()
    ziet = {"99AA": True, "99MA": bij_dit_mbo, "0363": naam not in ("ongemarkeerd", "intake")}
    assert gezien == ziet.get(waar, naam != "ongemarkeerd")


def test_wie_alleen_leest_heeft_geen_knoppen(wereld: Wereld) -> None:
    for rol, waar in ((Rol.MBO_MANAGER, "99MA"), (Rol.AANJAGER, "RMC21")):
        assert knoppen_van(wereld.client(rol, waar).get(f"/leerlingen/{wereld.o('intake').pk}")) == []


def test_bij_bezwaar_kan_leerplicht_toch_een_afspraak_vastleggen(wereld: Wereld) -> None:
    """The ground is about what a school tells; leerplicht writes in its own file."""
    overstap = wereld.overstap(gemeente="0363", bezwaar=True)
    wereld.wijzig(overstap, Rol.DECAAN, Status.LP_INGESCHAKELD, tekst="")
    client = wereld.client(Rol.LEERPLICHT, "0363")
    for _ in range(2):
        knoppen = {
            k["url"].split("/")[-1].split("?")[0]: k for k in knoppen_van(client.get(f"/leerlingen/{overstap.pk}"))
        }
        probeer(client, knoppen.get("in_behandeling") or knoppen["afspraak"], wereld.vandaag)
    with wereld.bereik("21"):
        overstap.refresh_from_db()
    assert overstap.spoor_leerplicht == Status.LP_DEFINITIEF
