"""Reading mandaten: which hold on a day, and what to call how one stands. Written by accounts/actions/mandaten.py."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Q

from accounts.models import ApiClient, Mandaat, Organisatie
from accounts.rechten import ROL_VAN_SYSTEEM, SCOPE_LABELS, Scope, Soort

ALLE_DIENSTEN = "alles wat dit systeem mag aanleveren"


def loopt_op(dag: date) -> Q:
    """Mandaten that hold on this day: the first and the last day are days on which it holds."""
    return Q(vanaf__lte=dag) & (Q(tot=None) | Q(tot__gte=dag))


def gegeven_aan(client: ApiClient, dag: date) -> frozenset[tuple[uuid.UUID, str]]:
    """(organisatie, service) of what this system may do for others on this day; as in ``Actor.mandaten``."""
    rijen = Mandaat.objects.filter(loopt_op(dag), client=client)
    return frozenset(rijen.values_list("organisatie_id", "dienst"))


def dienst_label(dienst: str) -> str:
    """What a mandaat is for, in words."""
    return SCOPE_LABELS[Scope(dienst)] if dienst else ALLE_DIENSTEN


def hield_nooit(mandaat: Mandaat) -> bool:
    """Taken back before its first day."""
    return mandaat.tot is not None and mandaat.tot < mandaat.vanaf


def is_afgelopen(mandaat: Mandaat, vandaag: date) -> bool:
    """It holds no more and never will again."""
    return mandaat.tot is not None and mandaat.tot < vandaag


def loopt(mandaat: Mandaat, dag: date) -> bool:
    """``loopt_op`` for one that is read already."""
    return mandaat.vanaf <= dag and not is_afgelopen(mandaat, dag)


def gever_met(code: str, soort: Soort) -> Organisatie | None:
    """Who gives a mandaat: the organisatie of this kind, by its own code or by that of one of its vestigingen."""
    van_soort = Organisatie.objects.filter(soort=soort)
    return van_soort.filter(code=code).first() or van_soort.filter(vestigingen__code=code).first()


def soort_van(client: ApiClient) -> Soort:
    """The kind of organisatie for which a system can act: its own kind. The RMC-functie is the beheerorganisatie."""
    return Soort.BEHEERORGANISATIE if client.soort == "rmc" else Soort(client.soort)


assert set(ROL_VAN_SYSTEEM) == {*Soort, "rmc"}
