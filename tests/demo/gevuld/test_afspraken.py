"""What the demo's regio agreed shows on its pages: somebody waits too long, and schools said something."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisatie
from overstap.basis.rls import bereik
from rapportages.doorlooptijden import TOTAAL, meet, normen_van
from statuses.models import SchoolContact
from statuses.status import Status
from tests.demo.hulp import VANDAAG


def test_agreements_that_are_kept_and_not_kept(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        alle = meet(normen_van(["21"]), 2025)[TOTAAL][Status.AANGEMELD]
    assert alle.met_norm
    assert 0 < (alle.over or 0) < alle.met_norm
    assert 0 < (alle.nu_over or 0) < (alle.loopt or 0)


def test_schools_said_something_before_today(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        contacten = list(SchoolContact.objects.all())
    assert {c.stap for c in contacten if c.overstapjaar == 2025} == {"AJ1", "AJ2"}  # 20 March: AJ3 is still to come
    assert all(c.op.date() < VANDAAG and c.door for c in contacten)


def test_samenwerkingsverbanden_share_the_schools_out(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        swvs = Organisatie.objects.filter(soort="samenwerkingsverband")
        scholen = [set(o.instellingen["scholen"]) for o in swvs]
    assert all(scholen)
    assert len(set.union(*scholen)) > max(map(len, scholen))
