"""The bulkmelding on its own day: have it made by the acts of the house, and what each gemeente's system must find in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accounts.models import Gemeente
from accounts.scope import systeem_bereik
from overstap.simulator.ontvangers import Kennis
from overstap.simulator.orakel import Orakel
from overstap.simulator.partijen import Partij
from vva_berichten.bulkmelding import (
    REGELS,
    BulkSoort,
    aan_de_beurt,
    correct_bulkmelding,
    make_bulkmelding,
    regio_kalender,
)
from vva_berichten.models import Bulk


def maak(gemeenten: Iterable[Partij], dag: date) -> dict[Partij, list[tuple[str, int]]]:
    """On a peildatum: per gemeente the bulks (kind, volgnummer) that say what is known now; nothing on another day.

    A first one; a correction where it was made already, by an earlier run or by the house itself.
    """
    per_regio: dict[str, list[Partij]] = {}
    codes = {g.code: g for g in gemeenten}
    for code, regio in Gemeente.objects.filter(pk__in=list(codes)).values_list("code", "regio_id"):
        per_regio.setdefault(regio, []).append(codes[code])
    uit: dict[Partij, list[tuple[str, int]]] = {}
    for regio, hier in sorted(per_regio.items()):
        for soort, jaar in aan_de_beurt(regio):
            if regio_kalender(regio, jaar)[REGELS[soort].datum] == dag:
                for gemeente, volgnummer in _maak(regio, soort, jaar, hier).items():
                    uit.setdefault(gemeente, []).append((soort.value, volgnummer))
    return uit


def _maak(regio: str, soort: BulkSoort, jaar: int, hier: Iterable[Partij]) -> dict[Partij, int]:
    with systeem_bereik(regio) as actor:
        er_was = {
            bulk.gemeente_id: bulk
            for bulk in Bulk.objects.filter(overstapjaar=jaar, soort=soort.value, regio=regio).order_by("volgnummer")
        }
        make_bulkmelding(regio, soort, jaar)
        return {g: correct_bulkmelding(er_was[g.code], actor=actor).volgnummer if g.code in er_was else 1 for g in hier}


def bulkfouten(van: Partij, kennis: Kennis, orakel: Orakel) -> list[str]:
    """What is wrong in the bulks of one gemeente, as sentences without a person."""
    uit = []
    if not van.aangesloten:
        return [f"{van.sleutel} kreeg een bulkmelding en is niet aangesloten"] if kennis.bulks else []
    for soort, volgnummer in orakel.bulks.get(van.sleutel, ()):
        naam = f"{van.sleutel}: bulkmelding {soort} nummer {volgnummer}"
        if (soort, volgnummer) not in kennis.bulks:
            uit.append(f"{naam} is er niet")
            continue
        rij = [pgn for pagina in kennis.bulks[soort, volgnummer].values() for pgn in pagina if pgn in orakel.pgns]
        moet = orakel.in_bulk(van, soort)
        weg, over, dubbel = len(moet - set(rij)), len(set(rij) - moet), len(rij) - len(set(rij))
        if weg or over or dubbel:
            uit.append(
                f"{naam} klopt niet: van deze loop horen er {len(moet)} leerlingen in; {weg} ontbreken, {over} staan er "
                f"ten onrechte in, {dubbel} staan er dubbel in"
            )
    return uit
