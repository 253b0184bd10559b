"""Whether texts and signals about a leerling may go to another party: one rule, for one row and as a filter.

The ground is missing when there is bezwaar, or when the regio requires toestemming for this purpose and it is not given. Then no drie
vragen, no gesprek, no toelichting at lp_ingeschakeld; the status itself and the legal messages go on. Bron: domein.md 7.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Q

from accounts.instellingen import RegioInstellingen
from statuses.models import Overstap
from statuses.regels import Regels

Doel = Literal["mbo", "leerplicht"]


def heeft_grond(overstap: Overstap, doel: Doel, regels: Regels | RegioInstellingen) -> bool:
    """Whether this may go to the mbo, or to leerplicht. ``regels``: ``Kalender.regels`` of the regio."""
    return not overstap.bezwaar and (doel not in regels.toestemming or overstap.toestemming is True)


def grond_q(doel: Doel, regels: Regels | RegioInstellingen, via: str = "") -> Q:
    """The same as a filter on Overstap; ``via`` leads there from another table (``overstap__``)."""
    nodig = {"bezwaar": False} | ({"toestemming": True} if doel in regels.toestemming else {})
    return Q(**{f"{via}{veld}": waarde for veld, waarde in nodig.items()})
