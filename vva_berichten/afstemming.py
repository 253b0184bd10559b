"""Afstemming: per aanmelding what VVA says against the status in the regio, and taking it over. Bron: domein.md 5; issue 4.

What VVA says is the GemeldeAanmelding with the highest volgnummer of this pgn, mbo and aanmeldId, over the regio's that the
actor works in. What we send ourselves is kept there too, under a volgnummer that rises with every change: so after an act
here the newest row is our own and both sides agree; an older message never makes a difference. What came in under a volgnummer of our own and says
something else (GelijkVolgnummer) goes before that own one, until the next act here. Only between the act and its
delivery by the relay (seconds) an aanmelding reads "regio voor". Both sides are compared as statussen of VVA, by the mapping
of the day of the regional status and as the instelling adapted it.

"Alleen VVA" is said of marked leerlingen of the regio alone: who is not known here waits on /niet-verwerkt (W304), or has the
aanmelding in the regio of another school.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.actor import Actor
from accounts.instellingen import van_organisatie
from accounts.models import Organisatie
from accounts.rechten import Recht, Rol
from accounts.scope import sleutel
from overstap.basis import klok
from statuses.actions import Wijziging, change_statuses
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via
from statuses.referentie.redenen import CORRECTIE
from statuses.status import GESTOPT, OPEN_OF_DEFINITIEF, TERUG, VAN_AANMELDING, Spoor, Status
from statuses.verzoek import Geweigerd, Verzoek
from vva_berichten import routering
from vva_berichten.contract.aanmeldstatus import AanmeldstatusCode as C

PER_PAGINA = 50
CATEGORIEEN: dict[str, str] = {
    "vva_voor": "VVA loopt voor",
    "tegenspraak": "Spreken elkaar tegen",
    "regio_voor": "Regio loopt voor",
    "alleen_vva": "Alleen in VVA",
    "alleen_regio": "Alleen in de regio",
    "eens": "Eens",
}
OVER_TE_NEMEN = frozenset({"vva_voor", "tegenspraak"})

_RIJEN = """
WITH personen AS MATERIALIZED (
  SELECT o.id, l.pgn_index, l.pgn_soort, o.gemarkeerd_sinds IS NOT NULL AS gemarkeerd
  FROM statuses_overstap o JOIN statuses_leerling l ON l.id = o.leerling_id
  WHERE o.regio_id = ANY(%s) AND o.overstapjaar = %s AND {zichtbaar}
), bekend AS (
  SELECT id, pgn_index, pgn_soort, overstapjaar, mbo_code, aanmeld_id, volgnummer, status, status_datum, 0 AS gelijk
  FROM vva_berichten_gemeldeaanmelding WHERE regio_id = ANY(%s)
  UNION ALL
  SELECT id, pgn_index, pgn_soort, overstapjaar, mbo_code, aanmeld_id, volgnummer, status, status_datum, 1 AS gelijk
  FROM vva_berichten_gelijkvolgnummer WHERE regio_id = ANY(%s)
), vva AS (
  SELECT DISTINCT ON (g.pgn_index, g.pgn_soort, g.mbo_code, g.aanmeld_id)
         g.id, g.pgn_index, g.pgn_soort, g.mbo_code, g.aanmeld_id, g.volgnummer, g.status, g.status_datum
  FROM bekend g
  WHERE g.overstapjaar = %s AND g.mbo_code = ANY(%s) AND g.pgn_index IN (SELECT pgn_index FROM personen)
  ORDER BY g.pgn_index, g.pgn_soort, g.mbo_code, g.aanmeld_id, g.volgnummer DESC, g.gelijk DESC
), regio AS (
  SELECT a.id, a.overstap_id, a.aanmeld_id, a.status, a.status_datum, k.mbo_code, k.code, p.pgn_index, p.pgn_soort
  FROM statuses_aanmelding a JOIN personen p ON p.id = a.overstap_id
  JOIN jsonb_to_recordset(%s::jsonb) AS k(mbo uuid, mbo_code text, status int, vanaf date, tot date, code text)
    ON k.mbo = a.mbo_id AND k.status = a.status AND a.status_datum >= k.vanaf AND a.status_datum < k.tot
), naast AS (
  SELECT COALESCE(r.id, v.id) AS id, r.id AS aanmelding_id, COALESCE(r.overstap_id, wie.id) AS overstap_id,
         COALESCE(r.mbo_code, v.mbo_code) AS mbo_code, COALESCE(r.aanmeld_id, v.aanmeld_id) AS aanmeld_id,
         r.status AS regio_status, r.code AS regio_code, r.status_datum AS regio_datum,
         v.status AS vva_status, v.status_datum AS vva_datum, v.volgnummer,
         CASE r.code WHEN 'AANMELDING_ONTVANGEN' THEN 1 WHEN 'OOK_AANGEBODEN' THEN 2 ELSE 3 END AS regio_rang,
         CASE v.status WHEN 'AANMELDING_ONTVANGEN' THEN 1 WHEN 'OOK_AANGEBODEN' THEN 2 ELSE 3 END AS vva_rang
  FROM vva v FULL JOIN regio r ON r.pgn_index = v.pgn_index AND r.pgn_soort = v.pgn_soort
    AND r.mbo_code = v.mbo_code AND r.aanmeld_id = v.aanmeld_id
  LEFT JOIN LATERAL (
    SELECT p.id FROM personen p WHERE r.id IS NULL AND p.gemarkeerd
      AND p.pgn_index = v.pgn_index AND p.pgn_soort = v.pgn_soort ORDER BY p.id LIMIT 1
  ) wie ON true
  WHERE r.id IS NOT NULL OR wie.id IS NOT NULL
), rijen AS (
  SELECT naast.*, CASE
    WHEN aanmelding_id IS NULL THEN 'alleen_vva'
    WHEN vva_status IS NULL THEN 'alleen_regio'
    WHEN vva_status = regio_code THEN 'eens'
    WHEN vva_rang > regio_rang AND vva_datum >= regio_datum THEN 'vva_voor'
    WHEN regio_rang > vva_rang AND regio_datum >= vva_datum THEN 'regio_voor'
    ELSE 'tegenspraak' END AS categorie
  FROM naast
)
"""


@dataclass(frozen=True, slots=True)
class Rij:
    """One aanmelding of both sides. ``sleutel`` says what the person saw: it is compared when taking over."""

    id: uuid.UUID
    aanmelding_id: uuid.UUID | None
    overstap_id: uuid.UUID
    mbo_code: str
    aanmeld_id: str
    regio_status: int | None
    regio_datum: date | None
    vva_status: str | None
    vva_datum: date | None
    volgnummer: int | None
    categorie: str

    @property
    def sleutel(self) -> str:
        return f"{self.aanmelding_id}.{self.volgnummer}.{self.regio_status}"

    @property
    def label(self) -> str:
        return CATEGORIEEN[self.categorie]

    @property
    def vva_label(self) -> str:
        return routering.label_op(self.vva_status, self.vva_datum or klok.vandaag()) if self.vva_status else ""

    @property
    def vva_dagen(self) -> int | None:
        return (klok.vandaag() - self.vva_datum).days if self.vva_datum else None

    @property
    def regio_dagen(self) -> int | None:
        return (klok.vandaag() - self.regio_datum).days if self.regio_datum else None


# The columns in the order of the fields of Rij.
_RIJ = """
SELECT id, aanmelding_id, overstap_id, mbo_code, aanmeld_id, regio_status, regio_datum, vva_status, vva_datum, volgnummer,
       categorie
FROM rijen
"""
_BLAD = "WHERE categorie = ANY(%s) AND (%s::uuid IS NULL OR id > %s::uuid) ORDER BY id LIMIT %s"


class Afstemming:
    """Both sides of one jaar, as far as this actor may see; each question is one statement."""

    def __init__(self, actor: Actor, jaar: int) -> None:
        mbos = Organisatie.objects.filter(soort="mbo", deelnames__regio_id__in=sorted(actor.regios)).distinct()
        if actor.rol == Rol.MBO_MEDEWERKER:
            mbos = mbos.filter(pk=actor.eigen_organisatie)
        self.mbos = {mbo.code[:4]: mbo for mbo in mbos}
        zichtbaar, params = "TRUE", ()
        if actor.rol == Rol.DECAAN:
            eigen = Overstap.objects.zichtbaar_voor(actor).order_by().values("pk")
            sql, params = eigen.query.sql_with_params()
            zichtbaar = f"o.id IN ({sql})"
        self._sql = _RIJEN.format(zichtbaar=zichtbaar)
        regios, afbeelding = sorted(actor.regios), json.dumps(_afbeelding(self.mbos.values()))
        self._params: list[Any] = [regios, jaar, *params, regios, regios, jaar, sorted(self.mbos), afbeelding]

    def _vraag(self, vraag: str, *params: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql + vraag, [*self._params, *params])
            rijen: list[tuple[Any, ...]] = cursor.fetchall()
        return rijen

    def tellingen(self) -> dict[str, dict[str, int]]:
        """Per mbo code how many of each category."""
        uit: dict[str, dict[str, int]] = {code: dict.fromkeys(CATEGORIEEN, 0) for code in sorted(self.mbos)}
        for code, categorie, aantal in self._vraag("SELECT mbo_code, categorie, count(*) FROM rijen GROUP BY 1, 2"):
            uit[code][categorie] = aantal
        return uit

    def blad(self, categorie: str = "", na: uuid.UUID | None = None) -> tuple[list[Rij], uuid.UUID | None]:
        """One page after ``na``, and where the next one begins. Without a category: all that do not agree."""
        gekozen = [categorie] if categorie else [c for c in CATEGORIEEN if c != "eens"]
        rijen = self._vraag(_RIJ + _BLAD, gekozen, na, na, PER_PAGINA + 1)
        blad = [Rij(*rij) for rij in rijen[:PER_PAGINA]]
        return blad, blad[-1].id if len(rijen) > PER_PAGINA else None

    def van(self, aanmeldingen: Collection[uuid.UUID]) -> dict[uuid.UUID, Rij]:
        """The rows of these aanmeldingen as they are now."""
        rijen = self._vraag(_RIJ + "WHERE aanmelding_id = ANY(%s)", list(aanmeldingen))
        return {rij[1]: Rij(*rij) for rij in rijen}


def _afbeelding(mbos: Collection[Organisatie]) -> list[dict[str, object]]:
    """The dated mapping of each instelling as rows: which status of ours is which one of VVA, from and until which day."""
    rijen: list[dict[str, object]] = []
    for mbo in mbos:
        afwijkingen = van_organisatie(mbo).aanmeldstatus
        dagen = sorted({vanaf for vanaf, _ in routering.AFBEELDING} | {a.vanaf for a in afwijkingen})
        for vanaf, tot in zip(dagen, [*dagen[1:], date.max], strict=True):
            for status in VAN_AANMELDING:
                code = routering.aanmeldstatus_van(status, vanaf, afwijkingen)
                rijen.append(
                    {
                        "mbo": str(mbo.id),
                        "mbo_code": mbo.code[:4],
                        "status": int(status),
                        "vanaf": vanaf.isoformat(),
                        "tot": tot.isoformat(),
                        "code": code.value if code else None,
                    }
                )
    return rijen


# --- taking over


@dataclass(frozen=True, slots=True)
class Overgenomen:
    """What came of one chosen row: ``fout`` is empty when it was taken over. ``overstap_id`` only of a visible one."""

    aanmeld_id: str
    overstap_id: uuid.UUID | None
    fout: str


_INTUSSEN = "Deze aanmelding is intussen gewijzigd. Bekijk de nieuwe stand en kies opnieuw."


def accept_aanmeldstatussen(
    gekozen: Sequence[str], redenen: Mapping[str, str], *, actor: Actor, jaar: int, tekst: str = ""
) -> list[Overgenomen]:
    """Take over what VVA says, per aanmelding by the rules of a page; a refusal leaves the others.

    ``gekozen``: ``Rij.sleutel`` as shown; what changed since is refused. ``redenen``: per status code ("afgemeld",
    "afgewezen") the reden. The caller has checked Recht.AANMELDING_WIJZIGEN; only own, visible aanmeldingen are touched.
    """
    assert actor.mag(Recht.AANMELDING_WIJZIGEN)
    per_id = {pk: gezien for gezien in gekozen if (pk := sleutel(gezien.partition(".")[0])) is not None}
    rijen = Afstemming(actor, jaar).van(per_id)
    eigen = Aanmelding.objects.zichtbaar_voor(actor).filter(pk__in=list(rijen), mbo_id=actor.eigen_organisatie)
    aanmeldingen = {a.pk: a for a in eigen}
    uit: list[Overgenomen] = []
    wijzigingen: list[Wijziging] = []
    for pk, gezien in per_id.items():
        rij, aanmelding = rijen.get(pk), aanmeldingen.get(pk)
        if rij is None or aanmelding is None:
            continue
        if rij.sleutel != gezien or rij.categorie not in OVER_TE_NEMEN:
            uit.append(Overgenomen(rij.aanmeld_id, rij.overstap_id, _INTUSSEN))
            continue
        wijzigingen.append(Wijziging(rij.overstap_id, _verzoek(rij, aanmelding, redenen, tekst, actor), pk))
    for wijziging, resultaat in zip(wijzigingen, change_statuses(wijzigingen, actor=actor), strict=True):
        assert wijziging.aanmelding_id is not None
        fout = resultaat.uitkomst.detail if isinstance(resultaat.uitkomst, Geweigerd) else ""
        uit.append(Overgenomen(rijen[wijziging.aanmelding_id].aanmeld_id, wijziging.overstap_id, fout))
    return uit


def _verzoek(rij: Rij, aanmelding: Aanmelding, redenen: Mapping[str, str], tekst: str, actor: Actor) -> Verzoek:
    naar, van = routering.TERUG_NAAR[C(str(rij.vva_status))], aanmelding.status_nu
    stopt = naar in TERUG and van in OPEN_OF_DEFINITIEF
    reden = redenen.get(naar.code, "") if stopt else ""
    heraanmelding = van in GESTOPT and naar == Status.AANGEMELD
    if not stopt and not heraanmelding and (van in GESTOPT or van == Status.DEFINITIEF or naar < van):
        reden = CORRECTIE
    vandaag = klok.vandaag()
    later = rij.vva_datum is not None and aanmelding.status_datum <= rij.vva_datum <= vandaag
    return Verzoek(
        Spoor.AANMELDING, naar, actor.rol, Via.PAGINA, rij.vva_datum if later and rij.vva_datum else vandaag, reden,
        tekst if stopt else "", nr=aanmelding.nr, mbo_id=aanmelding.mbo_id,
    )  # fmt: skip


def per_categorie(tellingen: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The counts of all instellingen together."""
    uit: dict[str, int] = defaultdict(int)
    for rij in tellingen.values():
        for categorie, aantal in rij.items():
            uit[categorie] += aantal
    return {c: uit[c] for c in CATEGORIEEN}
