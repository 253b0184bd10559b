"""Recompute what is stored from the gebeurtenissen and compare: one statement per regio, zero differences always."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from statuses.models import SPOOR_AANMELDING, SPOOR_LEERPLICHT, SPOOR_MARKERING, SPOOR_VO

# The stand of a spoor is its last registered gebeurtenis: the highest volgnr. The index gebeurtenis_stand_idx holds all of it.
_HERREKEN = f"""
WITH laatste AS MATERIALIZED (
    SELECT DISTINCT ON (overstapjaar, overstap_id, spoor) overstap_id, spoor, volgnr, naar, geldig_op
    FROM statuses_gebeurtenis WHERE regio_id = %(regio)s
    ORDER BY overstapjaar, overstap_id, spoor, volgnr DESC
), nieuw AS (
    SELECT overstap_id,
        max(geldig_op) FILTER (WHERE spoor = {SPOOR_MARKERING}) AS markering_sinds,
        max(geldig_op) FILTER (WHERE spoor = {SPOOR_MARKERING} AND naar IS NOT NULL) AS gemarkeerd_sinds,
        max(naar) FILTER (WHERE spoor = {SPOOR_VO}) AS spoor_vo,
        max(geldig_op) FILTER (WHERE spoor = {SPOOR_VO}) AS vo_sinds,
        max(naar) FILTER (WHERE spoor = {SPOOR_LEERPLICHT}) AS spoor_leerplicht,
        max(geldig_op) FILTER (WHERE spoor = {SPOOR_LEERPLICHT}) AS leerplicht_sinds,
        max(naar) AS hoogste,
        count(*) FILTER (WHERE spoor > {SPOOR_AANMELDING}) AS aantal_aanmeldingen,
        max(volgnr) AS volgnr
    FROM laatste GROUP BY overstap_id
)
SELECT o.id, 'overstap', o.overstapjaar,
    jsonb_build_array(o.gemarkeerd_sinds, o.markering_sinds, o.spoor_vo, o.vo_sinds, o.spoor_leerplicht, o.leerplicht_sinds,
                      o.leidende_status, o.aantal_aanmeldingen, o.volgnr),
    jsonb_build_array(n.gemarkeerd_sinds, n.markering_sinds, n.spoor_vo, n.vo_sinds, n.spoor_leerplicht, n.leerplicht_sinds,
                      CASE WHEN n.gemarkeerd_sinds IS NOT NULL THEN n.hoogste END, coalesce(n.aantal_aanmeldingen, 0),
                      coalesce(n.volgnr, 0))
FROM statuses_overstap o LEFT JOIN nieuw n ON n.overstap_id = o.id
WHERE o.regio_id = %(regio)s AND (
    o.gemarkeerd_sinds IS DISTINCT FROM n.gemarkeerd_sinds OR o.markering_sinds IS DISTINCT FROM n.markering_sinds
    OR o.spoor_vo IS DISTINCT FROM n.spoor_vo OR o.vo_sinds IS DISTINCT FROM n.vo_sinds
    OR o.spoor_leerplicht IS DISTINCT FROM n.spoor_leerplicht OR o.leerplicht_sinds IS DISTINCT FROM n.leerplicht_sinds
    OR o.leidende_status IS DISTINCT FROM CASE WHEN n.gemarkeerd_sinds IS NOT NULL THEN n.hoogste END
    OR o.aantal_aanmeldingen <> coalesce(n.aantal_aanmeldingen, 0) OR o.volgnr <> coalesce(n.volgnr, 0)
)
UNION ALL
SELECT a.id, 'aanmelding', a.overstapjaar, jsonb_build_array(a.status, a.status_datum), jsonb_build_array(l.naar, l.geldig_op)
FROM statuses_aanmelding a LEFT JOIN laatste l ON l.overstap_id = a.overstap_id AND l.spoor = {SPOOR_AANMELDING} + a.nr
WHERE a.regio_id = %(regio)s AND (a.status IS DISTINCT FROM l.naar OR a.status_datum IS DISTINCT FROM l.geldig_op)
"""  # noqa: S608 - constants only

_VELDEN = {
    "overstap": ("gemarkeerd_sinds", "markering_sinds", "spoor_vo", "vo_sinds", "spoor_leerplicht", "leerplicht_sinds", "leidende_status",
                 "aantal_aanmeldingen", "volgnr"),
    "aanmelding": ("status", "status_datum"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verschil:
    """One column that does not say what the gebeurtenissen say. Ids and codes only."""

    regio: str
    soort: str  # overstap or aanmelding
    id: str
    overstapjaar: int
    veld: str
    opgeslagen: Any
    herrekend: Any


def aantal_overstappen(regio: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM statuses_overstap WHERE regio_id = %s", [regio])
        return int(cursor.fetchone()[0])


def verschillen(regio: str) -> list[Verschil]:
    """Every difference in one regio, within its bereik: leidende status, the sporen, and the aanmeldingen."""
    with connection.cursor() as cursor:
        # Rows in the hundred thousands on both sides: without statistics (just loaded) the planner would loop over them.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_HERREKEN, {"regio": regio})
        rijen = cursor.fetchall()
        cursor.execute("SET LOCAL enable_nestloop = on")
    uit = []
    for pk, soort, jaar, oud, nieuw in rijen:
        for veld, is_, hoort in zip(_VELDEN[soort], _lijst(oud), _lijst(nieuw), strict=True):
            if is_ != hoort:
                uit.append(Verschil(regio, soort, str(pk), jaar, veld, is_, hoort))
    return uit


def _lijst(waarde: Any) -> list[Any]:
    """Django's cursor gives jsonb as text."""
    return list(json.loads(waarde)) if isinstance(waarde, str) else list(waarde)
