"""Give a mandaat and end it. The only writer of Mandaat; nothing is ever deleted, so who acted for whom can always be told."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.actor import Actor
from accounts.mandaten import dienst_label, is_afgelopen, soort_van
from accounts.models import ApiClient, Mandaat, Organisatie
from accounts.rechten import DIENSTEN, Recht, Scope, Soort
from overstap.basis import klok

# Further ahead is a typing error in the year.
_VOORUIT = timedelta(days=5 * 366)


class MandaatFout(ValueError):
    """A sentence for who asks; ``veld`` names the field of the form."""

    def __init__(self, zin: str, veld: str = "") -> None:
        super().__init__(zin)
        self.veld = veld


@transaction.atomic
def give_mandaat(
    client: ApiClient,
    gever: Organisatie,
    *,
    actor: Actor,
    diensten: Collection[Scope] = (),
    vanaf: date | None = None,
    tot: date | None = None,
) -> list[Mandaat]:
    """Let a system act for ``gever``: one mandaat per service, or one for all its services. From today unless said otherwise.

    Never from a day that is past: what was sent then was judged without it. Raises :class:`MandaatFout`.
    """
    _van_ons(actor, gever.pk)
    vanaf = vanaf or klok.vandaag()
    # Two people at once: the second waits here and then sees what the first gave.
    ApiClient.objects.select_for_update().get(pk=client.pk)
    gekozen = check_mandaat(client, gever, diensten=diensten, vanaf=vanaf, tot=tot)
    nieuw = [Mandaat(client=client, organisatie=gever, dienst=dienst, vanaf=vanaf, tot=tot) for dienst in gekozen]
    Mandaat.objects.bulk_create(nieuw)
    audit.log_regels(
        audit.regel(
            actor, "mandaat.geven", object_soort="mandaat", object_id=mandaat.pk,
            details={
                "systeem": str(client.pk), "organisatie": str(gever.pk), "dienst": mandaat.dienst or "alle",
                "vanaf": vanaf.isoformat(), "tot": tot.isoformat() if tot else "",
            },
        )
        for mandaat in nieuw
    )  # fmt: skip
    return nieuw


def check_mandaat(
    client: ApiClient, gever: Organisatie, *, diensten: Collection[Scope], vanaf: date, tot: date | None
) -> list[str]:
    """The services as they would be stored; raises :class:`MandaatFout` when it cannot be. For a page that asks first."""
    _past(client, gever, diensten)
    _dagen(vanaf, tot, klok.vandaag())
    gekozen = [dienst.value for dienst in sorted(set(diensten))] or [""]
    for dienst in gekozen:
        _niet_dubbel(client, gever, dienst, vanaf, tot)
    return gekozen


@transaction.atomic
def end_mandaat(mandaat_id: uuid.UUID, *, actor: Actor, laatste_dag: date | None = None) -> Mandaat:
    """Let a mandaat hold up to and with a day, or (None) end it now: the next call with any token is refused.

    An end that is still to come can be moved; one that is past stands. Raises :class:`MandaatFout`.
    """
    mandaat = Mandaat.objects.select_for_update().get(pk=mandaat_id)
    _van_ons(actor, mandaat.organisatie_id)
    vandaag = klok.vandaag()
    if is_afgelopen(mandaat, vandaag):
        raise MandaatFout("Dit mandaat is al afgelopen. Geef een nieuw mandaat als het systeem weer mag aanleveren.")
    gisteren = vandaag - timedelta(days=1)
    tot = max(gisteren, mandaat.vanaf - timedelta(days=1)) if laatste_dag is None else laatste_dag
    if laatste_dag is not None:
        _einde(mandaat, laatste_dag, vandaag)
    mandaat.tot = tot
    mandaat.save(update_fields=["tot"])
    audit.log(
        actor, "mandaat.beeindigen", object_soort="mandaat", object_id=mandaat.pk,
        details={"systeem": str(mandaat.client_id), "organisatie": str(mandaat.organisatie_id), "tot": tot.isoformat()},
    )  # fmt: skip
    return mandaat


def _van_ons(actor: Actor, organisatie_id: uuid.UUID) -> None:
    """Only for the own organisatie, or by the system itself (a command)."""
    if actor.soort != "intern" and not (actor.mag(Recht.MANDAAT_GEVEN) and actor.eigen_organisatie == organisatie_id):
        raise MandaatFout("U kunt alleen mandaten van uw eigen organisatie geven en beëindigen.")


def _past(client: ApiClient, gever: Organisatie, diensten: Collection[Scope]) -> None:
    """The system can do something for this organisatie at all, and each of these services."""
    mogelijk = diensten_voor(client, gever)
    if client.organisatie_id == gever.pk:
        raise MandaatFout("Dit systeem is van uw eigen organisatie. Daarvoor is geen mandaat nodig.", "systeem")
    if soort_van(client) != gever.soort or gever.soort not in DIENSTEN:
        raise MandaatFout(
            "Dit systeem is voor een andere soort organisatie. Vraag de leverancier om de code van het goede systeem.",
            "systeem",
        )
    if not mogelijk:
        raise MandaatFout("Dit systeem mag niets aanleveren. Een mandaat heeft dan geen zin.", "systeem")
    fout = sorted(set(diensten) - set(mogelijk))
    if fout:
        raise MandaatFout(f"Dit systeem mag dit niet: {', '.join(dienst_label(d) for d in fout)}.", "diensten")


def diensten_voor(client: ApiClient, gever: Organisatie) -> tuple[Scope, ...]:
    """The services that a mandaat of this organisatie can open for this system: those of its kind that the system has."""
    eigen = client.scopes.split()
    return tuple(scope for scope in DIENSTEN.get(Soort(gever.soort), ()) if scope.value in eigen)


def _dagen(vanaf: date, tot: date | None, vandaag: date) -> None:
    if vanaf < vandaag:
        raise MandaatFout("De eerste dag ligt in het verleden. Kies vandaag of een latere dag.", "vanaf")
    if vanaf > vandaag + _VOORUIT:
        raise MandaatFout("De eerste dag ligt meer dan vijf jaar vooruit. Controleer het jaartal.", "vanaf")
    if tot is not None and tot < vanaf:
        raise MandaatFout("De laatste dag ligt voor de eerste dag. Kies een latere dag.", "tot")


def _einde(mandaat: Mandaat, laatste_dag: date, vandaag: date) -> None:
    if laatste_dag < vandaag:
        raise MandaatFout(
            "De laatste dag ligt in het verleden. Kies vandaag of een latere dag, of laat het nu meteen stoppen.",
            "laatste_dag",
        )
    if laatste_dag < mandaat.vanaf:
        raise MandaatFout(
            "De laatste dag ligt voor de eerste dag. Kies een latere dag, of laat het mandaat nu meteen vervallen.",
            "laatste_dag",
        )


def _niet_dubbel(client: ApiClient, gever: Organisatie, dienst: str, vanaf: date, tot: date | None) -> None:
    """No second mandaat for the same service in the same days: ending one would then end nothing."""
    zelfde = Q() if dienst == "" else Q(dienst__in=["", dienst])
    samen = Q(tot=None) | Q(tot__gte=vanaf)
    if tot is not None:
        samen &= Q(vanaf__lte=tot)
    eerder = Mandaat.objects.filter(zelfde, samen, client=client, organisatie=gever).order_by("vanaf").first()
    if eerder is not None:
        tot_en_met = f"tot en met {eerder.tot:%d-%m-%Y}" if eerder.tot else "zonder einddatum"
        raise MandaatFout(
            f"Er is al een mandaat voor dit systeem ({dienst_label(eerder.dienst)}), vanaf {eerder.vanaf:%d-%m-%Y} {tot_en_met}. "
            "Beëindig dat eerst, of kies andere dagen.",
            "vanaf",
        )
