"""The only door from an address to an account, an organisatie, a system or a mandaat: the same 404 for one that is not there and one of elsewhere."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts import audit
from accounts.actions import mag_beheren
from accounts.actor import Actor
from accounts.models import ApiClient, Lidmaatschap, Mandaat, Organisatie
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest


def get_lidmaatschap(request: OverstapRequest, pk: uuid.UUID) -> Lidmaatschap:
    """A role that this actor keeps, with its person and organisatie; Http404."""
    actor = request.actor
    lid = Lidmaatschap.objects.filter(pk=pk).select_related("gebruiker", "organisatie").first()
    if actor is None or lid is None or not mag_beheren(actor, Rol(lid.rol), lid.organisatie_id):
        request.weigering = audit.Weigering("account.zien", "lidmaatschap", str(pk), "404")
        raise Http404("Dit account bestaat niet of hoort niet bij uw organisatie.")
    return lid


def get_organisatie(request: OverstapRequest, pk: uuid.UUID) -> Organisatie:
    """An organisatie that takes part in a regio of the actor; Http404."""
    regios = sorted(request.actor.regios) if request.actor else []
    gevonden = Organisatie.objects.filter(pk=pk, deelnames__regio_id__in=regios).select_related("gemeente").distinct()
    organisatie = gevonden.first()
    if organisatie is None:
        request.weigering = audit.Weigering("organisatie.zien", "organisatie", str(pk), "404")
        raise Http404("Deze organisatie bestaat niet of doet niet mee in uw regio.")
    return organisatie


def zichtbare_systemen(actor: Actor) -> Q:
    """Systems of the own organisatie and those that got a mandaat of it; for the beheerorganisatie of its whole regio."""
    if not actor.mag(Recht.SYSTEMEN_ZIEN):
        return Q(pk__in=[])
    wie = _organisaties(actor)
    return Q(organisatie__in=wie) | Q(pk__in=Mandaat.objects.filter(organisatie__in=wie).values("client_id"))


def zichtbare_mandaten(actor: Actor) -> Q:
    """Given by the own organisatie, or to a system of it; for the beheerorganisatie of its whole regio."""
    if not actor.mag(Recht.SYSTEMEN_ZIEN):
        return Q(pk__in=[])
    wie = _organisaties(actor)
    return Q(organisatie__in=wie) | Q(client__organisatie__in=wie)


def _organisaties(actor: Actor) -> QuerySet[Organisatie]:
    if actor.mag(Recht.BEHEREN):
        return Organisatie.objects.filter(deelnames__regio_id__in=sorted(actor.regios))
    return Organisatie.objects.filter(pk=actor.eigen_organisatie)


def get_systeem(request: OverstapRequest, pk: uuid.UUID, *, eigen: bool = False) -> ApiClient:
    """A system that this actor may see, or only one of the own organisatie; Http404."""
    actor = request.actor
    keuze = zichtbare_systemen(actor) if actor else Q(pk__in=[])
    systeem = ApiClient.objects.filter(keuze, pk=pk, organisatie__isnull=False).select_related("organisatie").first()
    if actor is None or systeem is None or (eigen and systeem.organisatie_id != actor.organisatie_id):
        request.weigering = audit.Weigering("systeem.zien", "systeem", str(pk), "404")
        raise Http404("Dit systeem bestaat niet of hoort niet bij uw organisatie.")
    gevonden: ApiClient = systeem
    return gevonden


def get_eigen_mandaat(request: OverstapRequest, pk: uuid.UUID) -> Mandaat:
    """A mandaat that the own organisatie gave; Http404."""
    actor = request.actor
    mandaat = Mandaat.objects.filter(pk=pk).select_related("client__organisatie", "organisatie").first()
    if actor is None or mandaat is None or mandaat.organisatie_id != actor.organisatie_id:
        request.weigering = audit.Weigering("mandaat.beeindigen", "mandaat", str(pk), "404")
        raise Http404("Dit mandaat bestaat niet of is niet van uw organisatie.")
    return mandaat
