"""And then ...: which event leads to what. The only place that says so; a handler is a function of an upper app.

A handler gets the regio and the contents of all events of one soort that are due, within the bereik of that regio and
in one transaction with their being marked as handled. It may see an event twice.
"""

from __future__ import annotations

from typing import Any

from accounts import events as accounts_events
from accounts.actor import interne_actor
from accounts.rechten import Rol
from overstap.aanlevering import actions as aanlevering
from overstap.aanlevering import events as aanlevering_events
from overstap.basis.outbox.relay import Abonnementen
from overstap.gesprekken import events as gesprekken_events
from overstap.gesprekken.post import aanleiding as post
from overstap.gesprekken.post.actions import MAIL_WACHT
from overstap.gesprekken.tasks import mail_wacht
from rapportages.events import EXPORT_GEVRAAGD
from rapportages.tasks import stuur_exports
from statuses import events
from statuses.actions import apply_bewaarde, settle_niet_verwerkt
from vva_berichten import inkomend as vva_in
from vva_berichten import tasks as vva_taken
from vva_berichten import uitgaand as vva
from vva_berichten.uitgaand import push_stand


def _pas_bewaarde_aanmeldingen_toe(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """A leerling was marked: what an mbo delivered earlier (W304) counts from now on."""
    gemarkeerd = [inhoud["overstap"] for inhoud in inhouden if "markering" in inhoud["sporen"]]
    if gemarkeerd:
        apply_bewaarde(gemarkeerd, actor=interne_actor(frozenset([regio]), Rol.MBO_MEDEWERKER))


def _sluit_wat_is_opgelost(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """A kept row about this leerling may be settled by the change."""
    settle_niet_verwerkt(
        [inhoud["overstap"] for inhoud in inhouden], actor=interne_actor(frozenset([regio]), Rol.MBO_MEDEWERKER)
    )


ABONNEMENTEN: Abonnementen = {
    events.STATUS_GEWIJZIGD: (
        _pas_bewaarde_aanmeldingen_toe,
        _sluit_wat_is_opgelost,
        vva.status_gewijzigd,
        post.terugval,
    ),
    events.LEERLING_GEWIJZIGD: (vva.leerling_gewijzigd,),
    accounts_events.GEMEENTE_AANGESLOTEN: (vva.gemeente_aangesloten,),
    vva.LEVER_BERICHTEN: (vva.lever_berichten,),
    vva.LEVER_BULK: (vva.lever_bulk,),
    aanlevering_events.UPLOAD_WACHT: (aanlevering.handle_waiting,),
    events.DRIE_VRAGEN_BEANTWOORD: (post.drie_vragen,),
    gesprekken_events.BERICHT_GESCHREVEN: (post.bericht_geschreven,),
    gesprekken_events.GESPREK_DOORGEGEVEN: (post.gesprek_doorgegeven,),
    MAIL_WACHT: (mail_wacht,),
    EXPORT_GEVRAAGD: (stuur_exports,),
    vva_in.VERWERK: (vva_in.verwerk_inkomend,),
    push_stand.PUSH_WACHT: (vva_taken.push_wacht,),
    push_stand.PROEF_WACHT: (vva_taken.proef_wacht,),
}
