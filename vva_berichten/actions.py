"""What a person decides about delivery: an endpoint, a test, and what must be sent again. The only writer of those choices."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Deelname, Organisatie
from accounts.rechten import Recht, Rol, Soort
from overstap.basis import handtekening, klok
from overstap.basis.wegsturen import OnveiligAdres, controleer, lees
from vva_berichten.models import Eindpunt, GeparkeerdePush, PostbusRegel
from vva_berichten.postbus import probeer, stand_van
from vva_berichten.uitgaand.leveren import bezorg_opnieuw, lever_geparkeerd
from vva_berichten.uitgaand.push_antwoorden import GEVRAAGD
from vva_berichten.uitgaand.push_stand import PROEF_WACHT, PUSH_WACHT, vraag

# Who has a postbus can have an endpoint.
SOORTEN = frozenset({Soort.GEMEENTE, Soort.VO})


class EindpuntFout(ValueError):
    """Why this endpoint cannot be; a sentence for the field ``url``."""


def mag_eindpunt(actor: Actor, *organisaties: Organisatie) -> bool:
    """The beheerorganisatie of their regio, and the functioneel beheerder of the organisatie itself. One query."""
    ids = {o.pk for o in organisaties if o.soort in SOORTEN}
    if len(ids) < len({o.pk for o in organisaties}):
        return False
    if actor.mag(Recht.BEHEREN):
        hier = Deelname.objects.filter(organisatie_id__in=ids, regio_id__in=actor.regios)
        return hier.values("organisatie_id").distinct().count() == len(ids)
    return actor.rol == Rol.FUNCTIONEEL_BEHEERDER and ids <= {actor.organisatie_id}


def _vereis(actor: Actor, *organisaties: Organisatie) -> None:
    if not mag_eindpunt(actor, *organisaties):
        raise PermissionError("U beheert het eindpunt van deze organisatie niet.")


@transaction.atomic
def save_eindpunt(organisatie: Organisatie, url: str, actief: bool, *, actor: Actor) -> Eindpunt:
    """Where this receiver wants its messages, or not for now. Raises :class:`EindpuntFout`, PermissionError.

    A first endpoint starts after what the receiver confirmed in its postbus; a later one goes on where the former was. What was
    waiting is tried at once, and a worker that sends to the former address loses its lease.
    """
    _vereis(actor, organisatie)
    if actief and not handtekening.kan():
        raise EindpuntFout(
            "Overstap heeft nog geen sleutel om berichten te ondertekenen. Vraag dit aan de technisch beheerder."
        )
    try:
        # One that is off is not looked up, but a password in it would stand in our log all the same.
        (controleer if actief else lees)(url)
    except OnveiligAdres as fout:
        raise EindpuntFout(str(fout)) from fout
    begin = {"url": url, "actief": actief, "gepusht_tot": stand_van(organisatie.pk).bevestigd}
    eindpunt, nieuw = Eindpunt.objects.get_or_create(organisatie=organisatie, defaults=begin)
    if not nieuw:
        Eindpunt.objects.filter(pk=organisatie.pk).update(
            url=url, actief=actief, claim=None, geclaimd_tot=None, **_opnieuw(), proef_op=None, proef_fout=""
        )
        eindpunt.refresh_from_db()
    audit.log(
        actor, "eindpunt.wijzigen", object_soort="organisatie", object_id=organisatie.pk, details={"url": url, "actief": actief}
    )  # fmt: skip
    if actief:
        vraag(actor.regio, PUSH_WACHT, [organisatie.pk])
    return eindpunt


def _opnieuw() -> dict[str, object]:
    return {
        "pogingen": 0, "weigeringen": 0, "geparkeerd_op_rij": 0, "wacht_sinds": None, "opnieuw_na": None, "gestopt_op": None, "fout": "",
    }  # fmt: skip


@transaction.atomic
def request_test(organisatie: Organisatie, *, actor: Actor) -> None:
    """Have a body without a message sent to the endpoint; how that went stands in ``proef_op`` and ``proef_fout``."""
    _vereis(actor, organisatie)
    Eindpunt.objects.filter(pk=organisatie.pk).update(proef_op=None, proef_fout=GEVRAAGD)
    audit.log(actor, "eindpunt.proef", object_soort="organisatie", object_id=organisatie.pk)
    vraag(actor.regio, PROEF_WACHT, [organisatie.pk])


@dataclass(frozen=True, slots=True)
class Opnieuw:
    """What goes out again."""

    eindpunten: int  # that waited or had stopped
    berichten: int  # that were parked
    geleverd: int  # messages and bulks that waited for a connection (F107)
    hersteld: int  # that could not be decrypted, and can be now
    onleesbaar: int  # that still can not


@transaction.atomic
def resend(organisaties: Iterable[Organisatie], *, actor: Actor) -> Opnieuw:
    """Send again at once what waits or was put aside for these receivers. Within the actor's bereik; a few statements.

    Raises PermissionError, for all of them, where one is not the actor's to keep.
    """
    rijen = list(organisaties)
    _vereis(actor, *rijen)
    ids = [o.pk for o in rijen]
    actief = Eindpunt.objects.filter(pk__in=ids, actief=True)
    wachtend = actief.exclude(wacht_sinds=None, opnieuw_na=None, gestopt_op=None).update(**_opnieuw())
    berichten = GeparkeerdePush.objects.filter(organisatie_id__in=actief.values("pk"), opnieuw_op__isnull=True).update(
        opnieuw_op=klok.wandklok()
    )
    vraag(actor.regio, PUSH_WACHT, sorted(actief.values_list("pk", flat=True)))
    geleverd = sum(lever_geparkeerd(regio, ids) for regio in sorted(actor.regios))
    hersteld, onleesbaar = _leesbaar_geworden(ids, actor.regios)
    uit = Opnieuw(wachtend, berichten, geleverd, hersteld, onleesbaar)
    audit.log(
        actor, "vva.opnieuw", object_soort="organisatie", object_id=ids[0] if len(ids) == 1 else "",
        aantal=len(ids), details={"eindpunten": wachtend, "berichten": berichten, "geleverd": geleverd, "hersteld": hersteld},
    )  # fmt: skip
    return uit


def _leesbaar_geworden(ids: Collection[uuid.UUID], regios: Iterable[str]) -> tuple[int, int]:
    """What was passed over and can be read again goes to the end of its postbus: how many, and how many still can not."""
    alle = 0
    hersteld = 0
    rijen = PostbusRegel.objects.filter(ontvanger_id__in=ids, onleesbaar_op__isnull=False)
    for regio in sorted(regios):
        regels = list(
            rijen.filter(regio_id=regio)
            .select_related("bericht", "bulk")
            .select_for_update(of=("self",))
            .order_by("ontvanger_id", "positie")
        )
        goed = [r for r, inhoud in zip(regels, probeer(regels), strict=True) if inhoud is not None]
        if goed:
            bezorg_opnieuw(regio, goed)
        alle, hersteld = alle + len(regels), hersteld + len(goed)
    return hersteld, alle - hersteld
