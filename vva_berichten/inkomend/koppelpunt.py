"""An instelling whose source is the koppelpunt: its aanmeldstatussen map back one to one onto the sporen. Bron: domein.md 5.

They go the way of a feed (``record_aanmeldingen``): what the rules refuse is kept (W303) and stands on /niet-verwerkt of the
mbo, who is not marked yet waits (W304). A status that says what stands here already changes nothing: 8 and 9 are sent as
"aanmelding ontvangen" too, so such a message is never a step back to 7. VVA carries no opleiding: a new aanmelding says so
until the mbo fills it in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from accounts.actor import interne_actor
from accounts.instellingen import van_organisatie
from accounts.models import Organisatie
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.rls import bereik
from statuses.actions import AanmeldingRij, record_aanmeldingen
from statuses.models import Aanmelding
from statuses.regiokalender import kalenders
from statuses.status import Status
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus, AanmeldstatusCode
from vva_berichten.inkomend.omgeving import Namen
from vva_berichten.routering import KOPPELPUNT, TERUG_NAAR, aanmeldstatus_van

OPLEIDING = "Opleiding niet gemeld"


def is_koppelpunt(mbo: Organisatie) -> bool:
    """Whether this instelling takes its statussen from the koppelpunt and not from its own feed."""
    return van_organisatie(mbo).bron == KOPPELPUNT


def pas_toe(bodies: Sequence[tuple[int, Aanmeldstatus]], n: Namen) -> None:
    """Apply what came in for these instellingen; ``bodies`` with their overstapjaar. Safe to repeat."""
    per_mbo: dict[str, list[tuple[int, Aanmeldstatus]]] = defaultdict(list)
    for jaar, body in bodies:
        if body.mbo_instelling in n.mbos and is_koppelpunt(n.mbos[body.mbo_instelling]):
            per_mbo[body.mbo_instelling].append((jaar, body))
    for code, van_mbo in sorted(per_mbo.items()):
        regios = frozenset(n.mbo_regios.get(code, ()))
        if regios:
            with bereik(regios):
                _pas_toe(n.mbos[code], van_mbo, regios)


def _pas_toe(mbo: Organisatie, bodies: Sequence[tuple[int, Aanmeldstatus]], regios: frozenset[str]) -> None:
    ids = sorted({body.aanmeld_id for _, body in bodies})
    bekend = {(a.overstapjaar, a.aanmeld_id): a for a in Aanmelding.objects.filter(mbo=mbo, aanmeld_id__in=ids)}
    afwijkingen = van_organisatie(mbo).aanmeldstatus
    # Which volgnummer was applied, and what stands in words of VVA.
    nu: dict[tuple[int, str], tuple[int, str | None]] = {}
    for sleutel, a in bekend.items():
        toegepast = a.volgnummer if a.inhoud_hash is not None else 0
        nu[sleutel] = (toegepast, aanmeldstatus_van(Status(a.status), a.status_datum, afwijkingen))
    k = kalenders(regios, {jaar for jaar, _ in bodies})
    begin = {jaar: min(rij["begin"] for (_, van), rij in k.items() if van == jaar) for jaar, _ in bodies}
    rijen = []
    for jaar, body in sorted(bodies, key=lambda rij: rij[1].volgnummer):
        toegepast, staat_er = nu.get((jaar, body.aanmeld_id), (0, None))
        if body.volgnummer <= toegepast or body.status == staat_er:
            continue
        rijen.append(_rij(jaar, body, nieuw=(jaar, body.aanmeld_id) not in nu, begin=begin[jaar]))
        nu[(jaar, body.aanmeld_id)] = (body.volgnummer, body.status)
    if rijen:
        actor = interne_actor(regios, Rol.MBO_MEDEWERKER)
        record_aanmeldingen(rijen, mbo=mbo, actor=actor, bron=KOPPELPUNT, antwoord_gegeven=True)


def _rij(jaar: int, body: Aanmeldstatus, *, nieuw: bool, begin: date) -> AanmeldingRij:
    """A date outside the jaar is legal in VVA (who applied in the summer before): here it holds from the first day on."""
    vandaag = klok.vandaag()
    aangemeld = max(body.aanmeld_datum, begin) if body.aanmeld_datum else None
    return AanmeldingRij(
        aanmeld_id=body.aanmeld_id,
        pgn_soort=body.pgn.soort,
        pgn=body.pgn.nummer,
        status=TERUG_NAAR[AanmeldstatusCode(body.status)],
        status_datum=max(min(body.status_datum, vandaag), begin),
        volgnummer=body.volgnummer,
        overstapjaar=jaar,
        opleiding=OPLEIDING if nieuw else "",
        aanmeld_datum=aangemeld if aangemeld and aangemeld <= vandaag else None,
    )
