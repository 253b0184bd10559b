"""Receive: judge each message, store it, queue its processing, and answer. One short transaction, a constant number of queries.

What is answered is stored; what follows (routing, the stand, the overstap) is done by ``verwerken`` and can be repeated.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from accounts import audit
from accounts.actor import Actor
from accounts.models import Organisatie
from accounts.rechten import Scope
from overstap.basis import geheim, klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import nieuwe_rij, voeg_toe
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.regiokalender import kalenders
from statuses.termijnen import Kalender
from vva_berichten import geschikt, opstellen
from vva_berichten.codes import Code, uitkomst_van
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus, AanmeldstatusBericht
from vva_berichten.contract.basis import Resultaat
from vva_berichten.contract.potentiele_mbo_ganger import MboGangerBericht, PotentieleMboGanger
from vva_berichten.inkomend import geweigerd, lezen
from vva_berichten.inkomend.lezen import Ontvangen
from vva_berichten.inkomend.omgeving import Bekend, Hier, Mandaten, Namen, bekend, bekende_leerlingen, namen
from vva_berichten.inkomend.op_een_rij import op_een_rij
from vva_berichten.models import Bericht, Richting, Soort

VERWERK = "vva.verwerk_inkomend"  # inhoud: {"berichten": [uuid, ...]}
_PER_REGEL = 250


def ontvang_mbo_gangers(ruwe: Sequence[msgspec.Raw], *, actor: Actor) -> list[Resultaat]:
    """Bericht 1 from a LAS. Answers in the order sent; one bad message blocks no other."""
    alle = [lezen.lees(r, lezen.MBO_GANGER) for r in ruwe]
    for o in alle:
        if o.bericht is not None:
            lezen.toets(o, o.bericht.potentiele_mbo_ganger, "potentieleMboGanger")
    goed = [(o, o.bericht.potentiele_mbo_ganger) for o in alle if o.open and o.bericht is not None]
    gelezen = [o.bericht.potentiele_mbo_ganger for o in alle if o.bericht is not None]
    n = namen(
        {b.brin for b in gelezen}, {b.vestiging for b in gelezen if b.vestiging}, {b.gemeentecode for _, b in goed}, ()
    )
    mandaten = Mandaten(actor, Scope.VVA_MBO_GANGERS)
    for o, body in goed:
        _toets_mbo_ganger(o, body, n, mandaten)
    goed = [(o, b) for o, b in goed if o.open]
    regios = {o.regio for o, _ in goed} | {r for _, b in goed for r in n.school_regios.get(b.brin, ())}
    with bereik(regios | geweigerd.regios(alle, n, mandaten) | actor.regios):
        op_een_rij(_namens(actor, (n.scholen[body.brin] for _, body in goed)))
        kennis = bekend([o for o, _ in goed], actor.organisatie_id)
        hier = bekende_leerlingen([o.index for o, _ in goed])
        k = kalenders({o.regio for o, _ in goed}, {o.jaar for o, _ in goed})
        nu, rijen = klok.nu(), []
        for o, body in goed:
            _oordeel_mbo_ganger(o, body, kennis, hier.get((o.jaar, body.pgn.soort, o.index)), n, k[o.regio, o.jaar])
            if o.open:
                rijen.append(kennis.voeg_toe(_rij(o, body, Soort.MBO_GANGER, actor, nu)))
        _bewaar(rijen)
        geweigerd.onthoud(alle, n, mandaten)
        _log(alle, actor, Soort.MBO_GANGER)
    return [o.resultaat() for o in alle]


def _namens(actor: Actor, voor: Iterable[Organisatie]) -> set[uuid.UUID]:
    return {organisatie.id for organisatie in voor} | ({actor.organisatie_id} if actor.organisatie_id else set())


def _toets_mbo_ganger(o: Ontvangen[MboGangerBericht], body: PotentieleMboGanger, n: Namen, mandaten: Mandaten) -> None:
    """School, mandaat and gemeente exist and agree."""
    assert o.bericht is not None
    school, vestiging = n.scholen.get(body.brin), body.vestiging or ""
    if school is None or (vestiging and (vestiging[:4] != body.brin or vestiging not in n.vestigingen)):
        return o.weiger(Code.F103)
    if not mandaten.mag(school, o.bericht.verzendende_instantie, o.bericht.namens):
        return o.weiger(Code.T003)
    if body.gemeentecode not in n.gemeenten:
        return o.weiger(Code.F106)
    o.regio, gemeente = n.gemeenten[body.gemeentecode]
    o.ontvanger_id = gemeente.id
    o.index = geheim.blinde_index(body.pgn.soort, body.pgn.nummer)
    o.sleutel = opstellen.sleutel_mbo_ganger(body.pgn, body.brin, body.studiejaar_instroom)
    o.inhoud_hash = opstellen.merk(opstellen.codeer(body))
    return None


def _oordeel_mbo_ganger(
    o: Ontvangen[MboGangerBericht],
    body: PotentieleMboGanger,
    kennis: Bekend,
    hier: Hier | None,
    n: Namen,
    k: Kalender,
) -> None:
    """A repeat, a contradiction, out of scope, or news: in that order."""
    if _herhaling(o, kennis):
        return None
    if _buiten_bereik(body, hier, n):
        return o.weiger(Code.F105)
    eerder = kennis.per_sleutel.get(o.sleutel, [])
    zelfde = kennis.zelfde(o.sleutel, body.volgnummer)
    if zelfde:
        if any(_gelijk_mbo_ganger(b, o, body) for b in zelfde):
            o.al_verwerkt = True
        else:
            o.weiger(Code.F202)
        return None
    if not body.is_potentiele_mbo_ganger and body.volgnummer == 1 and not eerder:
        return o.weiger(Code.F104)
    if body.volgnummer < kennis.hoogste(o.sleutel):
        o.codes.append(Code.W302.value)
    elif not n.gemeenten[body.gemeentecode][1].aangesloten:
        o.codes.append(Code.F107.value)
    if body.is_potentiele_mbo_ganger and geschikt.te_laat(klok.vandaag(), k):
        o.codes.append(Code.W301.value)
    return None


def _gelijk_mbo_ganger(bericht: Bericht, o: Ontvangen[MboGangerBericht], body: PotentieleMboGanger) -> bool:
    if bytes(bericht.inhoud_hash) == o.inhoud_hash:
        return True
    # What we sent ourselves has our own date in it; what matters is whether it says the same.
    if bericht.richting != Richting.UIT:
        return False
    return bool(opstellen.lees(bericht).potentiele_mbo_ganger.is_potentiele_mbo_ganger == body.is_potentiele_mbo_ganger)


def _buiten_bereik(body: PotentieleMboGanger, hier: Hier | None, n: Namen) -> bool:
    """Havo, vwo or dagbesteding: by the leerling where known here, else by a vestiging that offers nothing else."""
    if hier is not None and hier.vestiging[:4] == body.brin:
        dagbesteding = hier.onderwijssoort == "vso" and hier.uitstroomprofiel == "dagbesteding"
        return hier.onderwijssoort in HAVO_VWO or dagbesteding
    vestiging = n.vestigingen.get(body.vestiging or "")
    soorten = set(vestiging.onderwijssoorten) if vestiging else set()
    return bool(soorten) and soorten <= HAVO_VWO


def _herhaling(o: Ontvangen[Any], kennis: Bekend) -> bool:
    """The same berichtId again: the same answer for the same content, F202 for another."""
    eerder = kennis.per_id.get(o.bericht_id) if o.bericht_id else None
    if eerder is None:
        return False
    if bytes(eerder.inhoud_hash) == o.inhoud_hash and bytes(eerder.sleutel) == o.sleutel:
        o.al_verwerkt, o.codes = True, eerder.codes.split()
    else:
        o.weiger(Code.F202)
    return True


def ontvang_aanmeldstatussen(ruwe: Sequence[msgspec.Raw], *, actor: Actor) -> list[Resultaat]:
    """Bericht 2 from a SIS or the koppelpunt. Answers in the order sent; one bad message blocks no other."""
    alle = [lezen.lees(r, lezen.AANMELDSTATUS) for r in ruwe]
    for o in alle:
        if o.bericht is not None:
            lezen.toets(o, o.bericht.aanmeldstatus, "aanmeldstatus")
    goed = [(o, o.bericht.aanmeldstatus) for o in alle if o.open and o.bericht is not None]
    scholen = {b.vo_school for _, b in goed if b.vo_school}
    n = namen(
        {s[:4] for s in scholen}, scholen, {b.gemeentecode for _, b in goed if b.gemeentecode},
        {b.mbo_instelling for _, b in goed},
    )  # fmt: skip
    mandaten = Mandaten(actor, Scope.VVA_AANMELDSTATUSSEN)
    for o, body in goed:
        _toets_aanmeldstatus(o, body, n, mandaten, actor)
    goed = [(o, b) for o, b in goed if o.open]
    with bereik(_regios(goed, n) | actor.regios):
        op_een_rij(_namens(actor, (n.mbos[body.mbo_instelling] for _, body in goed)))
        kennis = bekend([o for o, _ in goed], actor.organisatie_id)
        hier = bekende_leerlingen([o.index for o, _ in goed])
        nu, rijen = klok.nu(), []
        for o, body in goed:
            _oordeel_aanmeldstatus(o, body, kennis, hier.get((o.jaar, body.pgn.soort, o.index)), n)
            if o.open:
                rijen.append(kennis.voeg_toe(_rij(o, body, Soort.AANMELDSTATUS, actor, nu)))
        _bewaar(rijen)
        _log(alle, actor, Soort.AANMELDSTATUS)
    return [o.resultaat() for o in alle]


def _toets_aanmeldstatus(
    o: Ontvangen[AanmeldstatusBericht], body: Aanmeldstatus, n: Namen, mandaten: Mandaten, actor: Actor
) -> None:
    assert o.bericht is not None
    mbo, school = n.mbos.get(body.mbo_instelling), body.vo_school or ""
    if mbo is None or (school and (school[:4] not in n.scholen or (len(school) == 6 and school not in n.vestigingen))):
        return o.weiger(Code.F103)
    if not mandaten.mag(mbo, o.bericht.verzendende_instantie, o.bericht.namens):
        return o.weiger(Code.T003)
    gemeente = body.gemeentecode or ""
    if gemeente and gemeente not in n.gemeenten:
        return o.weiger(Code.F106)
    # The profile "overstapsysteem" is off: the opleiding is not kept.
    body.opleidingscode = msgspec.UNSET
    regios = n.school_regios.get(school[:4]) or n.mbo_regios.get(mbo.code) or actor.regios
    if not gemeente and not regios:
        return o.weiger(Code.F103, "Noem de gemeente of de school: deze mbo-instelling doet aan geen regio mee.")
    o.regio = n.gemeenten[gemeente][0] if gemeente else min(regios)
    o.ontvanger_id = n.gemeenten[gemeente][1].id if gemeente else n.scholen[school[:4]].id if school else None
    o.index = geheim.blinde_index(body.pgn.soort, body.pgn.nummer)
    o.sleutel = opstellen.sleutel_aanmeldstatus(mbo.code, body.aanmeld_id, body.studiejaar_instroom)
    o.inhoud_hash = opstellen.merk(body.pgn.nummer, body.status, body.status_datum, body.aanmeld_datum or "")
    return None


def _regios(goed: Sequence[tuple[Ontvangen[AanmeldstatusBericht], Aanmeldstatus]], n: Namen) -> set[str]:
    """Where the messages are kept, and where their leerlingen may be known."""
    uit = {o.regio for o, _ in goed}
    for mbo, school in {(body.mbo_instelling, (body.vo_school or "")[:4]) for _, body in goed}:
        uit |= n.mbo_regios.get(mbo, set()) | n.school_regios.get(school, set())
    return uit


def _oordeel_aanmeldstatus(
    o: Ontvangen[AanmeldstatusBericht], body: Aanmeldstatus, kennis: Bekend, hier: Hier | None, n: Namen
) -> None:
    if _herhaling(o, kennis):
        return None
    eerder = [b for b in kennis.per_sleutel.get(o.sleutel, []) if b.richting == Richting.IN]
    zelfde = [b for b in kennis.zelfde(o.sleutel, body.volgnummer) if b.richting == Richting.IN]
    if any(bytes(b.inhoud_hash) != o.inhoud_hash for b in zelfde):
        return o.weiger(Code.F202)
    # The same news to the other receiver is a message of its own.
    if any(b.ontvanger_id == o.ontvanger_id for b in zelfde):
        o.al_verwerkt = True
        return None
    if body.volgnummer < max((b.volgnummer for b in eerder), default=0):
        o.codes.append(Code.W302.value)
        return None
    gemarkeerd = hier if hier is not None and hier.gemarkeerd else None
    if _wacht_op_gemeente(body, gemarkeerd, n):
        o.codes.append(Code.F107.value)
    if gemarkeerd is None:
        o.codes.append(Code.W304.value)
    return None


def _wacht_op_gemeente(body: Aanmeldstatus, hier: Hier | None, n: Namen) -> bool:
    """It names a gemeente that is not connected. Not so when the leerling is known to live elsewhere: there it goes (rule 7)."""
    gemeente = body.gemeentecode or ""
    if not gemeente or (hier is not None and hier.gemeente != gemeente):
        return False
    return not n.gemeenten[gemeente][1].aangesloten


def _rij(
    o: Ontvangen[Any], body: PotentieleMboGanger | Aanmeldstatus, soort: Soort, actor: Actor, nu: datetime
) -> Bericht:
    """What is stored of a message that is not refused and no repeat."""
    pk = nieuwe_sleutel()
    return nieuwe_rij(
        Bericht,
        id=pk,
        regio_id=o.regio,
        bericht_id=o.bericht_id,
        richting=Richting.IN,
        soort=soort,
        overstapjaar=o.jaar,
        sleutel=o.sleutel,
        volgnummer=body.volgnummer,
        verzender_id=actor.organisatie_id,
        ontvanger_id=o.ontvanger_id,
        inhoud=geheim.versleutel(opstellen.codeer(o.bericht), pk),
        inhoud_hash=o.inhoud_hash,
        uitkomst=uitkomst_van(o.codes).value,
        codes=" ".join(sorted(o.codes)),
        gemaakt_op=nu,
    )


def _bewaar(rijen: Sequence[Bericht]) -> None:
    """Store what is new and queue its processing."""
    voeg_toe(Bericht, rijen, botsing="ON CONFLICT DO NOTHING")
    per_regio: dict[str, list[str]] = defaultdict(list)
    for rij in rijen:
        per_regio[rij.regio_id].append(str(rij.id))
    publiceer(
        [
            OutboxRegel(
                regio_id=regio, sleutel=f"vva-in:{regio}", soort=VERWERK, inhoud={"berichten": ids[i : i + _PER_REGEL]}
            )
            for regio, ids in sorted(per_regio.items())
            for i in range(0, len(ids), _PER_REGEL)
        ]
    )


def _log(alle: Sequence[Ontvangen[Any]], actor: Actor, soort: Soort) -> None:
    """One line per call: how many of each code, never whom."""
    tellingen: dict[str, int] = defaultdict(int)
    for o in alle:
        for code in o.codes or ["ok"]:
            tellingen[code] += 1
    audit.log(actor, "vva.ontvangen", object_soort=soort.value, aantal=len(alle), details=dict(tellingen))
