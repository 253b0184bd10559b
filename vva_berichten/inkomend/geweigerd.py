"""What a system sent for a school about a mbo-ganger and was refused: kept, so that school and aanjager see it, until one is accepted.

Only what names a school that gave this system its mandaat: nobody fills another school's page. No number, no text.
"""

from __future__ import annotations

from collections.abc import Sequence

from overstap.basis import geheim, klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks, voeg_toe
from vva_berichten import opstellen
from vva_berichten.codes import Code
from vva_berichten.contract.basis import pgn_fout
from vva_berichten.contract.potentiele_mbo_ganger import MboGangerBericht, PotentieleMboGanger
from vva_berichten.inkomend.lezen import Ontvangen
from vva_berichten.inkomend.omgeving import Mandaten, Namen, bekende_leerlingen
from vva_berichten.models import GeweigerdeMelding

# T001 names no leerling that can be trusted, T003 no school.
BEWAARD = frozenset({Code.F101, Code.F102, Code.F103, Code.F104, Code.F105, Code.F106, Code.F202})
_BOTSING = (
    "ON CONFLICT (regio_id, sleutel) DO UPDATE SET code = EXCLUDED.code, ontvangen_op = EXCLUDED.ontvangen_op, "
    "overstap_id = EXCLUDED.overstap_id, vestiging = EXCLUDED.vestiging"
)


def onthoud(alle: Sequence[Ontvangen[MboGangerBericht]], n: Namen, mandaten: Mandaten) -> None:
    """Keep the refusals of one call, and forget those whose message is accepted now. Three statements at the most."""
    goed = [o.sleutel for o in alle if o.open and o.sleutel]
    if goed:
        GeweigerdeMelding.objects.extra(where=["sleutel = ANY(%s::bytea[])"], params=[reeks(goed)]).delete()
    fout = [(o, o.bericht.potentiele_mbo_ganger) for o in alle if o.bericht is not None and _bewaar(o, n, mandaten)]
    indexen = {id(o): _index(body) for o, body in fout}
    hier = bekende_leerlingen([i for i in indexen.values() if i]) if any(indexen.values()) else {}
    rijen: dict[tuple[str, bytes], GeweigerdeMelding] = {}
    for o, body in fout:
        try:
            jaar = opstellen.overstapjaar_van(body.studiejaar_instroom)
        except ValueError:
            continue
        overstap = hier.get((jaar, body.pgn.soort, indexen[id(o)] or b""))
        if overstap is not None and overstap.vestiging[:4] != body.brin:
            overstap = None
        vestiging = n.vestigingen.get(body.vestiging or "")
        if vestiging is not None and vestiging.code[:4] != body.brin:
            vestiging = None
        regio = overstap.regio_id if overstap else vestiging.regio_id if vestiging else min(n.school_regios[body.brin])
        sleutel = o.sleutel or opstellen.merk(
            "geweigerd", body.pgn.burgerservicenummer, body.pgn.onderwijsnummer, body.brin, jaar
        )
        rijen[regio, sleutel] = GeweigerdeMelding(
            id=nieuwe_sleutel(),
            regio_id=regio,
            overstapjaar=jaar,
            brin=body.brin,
            vestiging=(overstap.vestiging if overstap else vestiging.code if vestiging else ""),
            overstap_id=overstap.id if overstap else None,
            sleutel=sleutel,
            code=o.codes[0],
            ontvangen_op=klok.nu(),
        )
    voeg_toe(GeweigerdeMelding, list(rijen.values()), botsing=_BOTSING)


def regios(alle: Sequence[Ontvangen[MboGangerBericht]], n: Namen, mandaten: Mandaten) -> set[str]:
    """Where the schools of these refusals are."""
    fout = [o.bericht.potentiele_mbo_ganger.brin for o in alle if o.bericht is not None and _bewaar(o, n, mandaten)]
    return {regio for brin in fout for regio in n.school_regios[brin]}


def _bewaar(o: Ontvangen[MboGangerBericht], n: Namen, mandaten: Mandaten) -> bool:
    if o.bericht is None or o.open or o.al_verwerkt or not o.codes or o.codes[0] not in BEWAARD:
        return False
    school = n.scholen.get(o.bericht.potentiele_mbo_ganger.brin)
    if school is None or not n.school_regios.get(school.code):
        return False
    return mandaten.mag(school, o.bericht.verzendende_instantie, o.bericht.namens)


def _index(body: PotentieleMboGanger) -> bytes | None:
    return None if pgn_fout(body.pgn) else geheim.blinde_index(body.pgn.soort, body.pgn.nummer)
