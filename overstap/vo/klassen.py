"""A whole class at once, in the lists where that is how people work: who is not marked yet, and who was not spoken to yet.

One button per klas above the list; it sends the filter, and the count and the mark of which rows the person saw.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from overstap.schermen.blad import Selectie, afdruk
from overstap.schermen.lijst import Lijst, Vraag
from overstap.schermen.omgeving import Omgeving
from statuses.werklijsten import PER_ID

PER_KLAS = ("aanvinken", "geinformeerd")
HOOGSTENS = 40  # classes; a school with more chooses one in the form


def kop(lijst: Lijst, o: Omgeving, vraag: Vraag) -> tuple[str, dict[str, Any]] | None:
    """The buttons of the step that this list is about; None in every other list, and once a klas is chosen. One query."""
    stap = PER_ID.get(vraag.tekst.get("stap", ""))
    if stap is None or stap.daad not in PER_KLAS or "klas" in vraag.tekst:
        return None
    actie = next((a for a in lijst.acties if a.code == stap.daad), None)
    if actie is None or not actie.kan_ooit(o):
        return None
    rijen = Selectie(lijst, o, vraag).rijen().order_by().exclude(klas="")
    per_klas = rijen.values("klas").annotate(aantal=Count("pk"), afdruk=afdruk()).order_by("klas")
    klassen = [
        {**rij, "vraag": vraag.url_deel(klas=rij["klas"]), "tekst": f"{rij['klas']}: {actie.bevestig.lower()}"}
        for rij in per_klas[:HOOGSTENS]
    ]
    return ("vo/_klassen.html", {"actie": actie, "klassen": klassen}) if klassen else None
