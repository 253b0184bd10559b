"""What the gemeenten know of a history: the stand per mbo-ganger and per aanmelding, as if every message had been sent in time.

The same rules as the real ones (`vva_berichten.geschikt`, `.routering`), applied step by step. What was registered after
`tot` is left to the worker: it finds events for those, and sends real messages.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from overstap.basis import geheim
from overstap.demo.verloop import Stap
from statuses.models import SPOOR_AANMELDING, SPOOR_MARKERING, SPOOR_VO
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.status import Status
from statuses.termijnen import Kalender
from vva_berichten import geschikt, routering
from vva_berichten.models import (
    GemeldAanGemeente,
    GemeldeAanmelding,
    MboGanger,
    MboGangerMelding,
    VerzondenAanmeldstatus,
)

if TYPE_CHECKING:
    from overstap.demo.rijen import Bronnen, Persoon, Rijen

KOLOMMEN: Final[dict[type[Any], tuple[str, ...]]] = {
    MboGanger: ("id", "regio_id", "overstapjaar", "pgn_soort", "pgn_index", "pgn_versleuteld", "brin", "vestiging", "gemeente_id",
                "is_mbo_ganger", "volgnummer", "wijzigingsdatum", "overstap_id"),
    MboGangerMelding: ("id", "regio_id", "mbo_ganger_id", "volgnummer", "is_mbo_ganger", "wijzigingsdatum"),
    GemeldAanGemeente: ("id", "regio_id", "overstap_id", "gemeente_id"),
    GemeldeAanmelding: ("id", "regio_id", "overstapjaar", "pgn_soort", "pgn_index", "mbo_code", "aanmeld_id", "volgnummer", "status",
                        "status_datum"),
    VerzondenAanmeldstatus: ("id", "regio_id", "aanmelding_id", "status", "volgnummer", "gelezen_tot"),
}  # fmt: skip
_DAG: Final = 1440
# The mapping of vva.md, as it holds for every jaar that is made here.
_CODE: Final = {int(s): routering.aanmeldstatus_van(s, date(2021, 1, 1)) for s in Status}


@dataclass(frozen=True, slots=True)
class Melding:
    """One message "mbo-ganger yes or no": when it went out, what it says, and from which day that holds."""

    dag: int
    waar: bool
    sinds: int
    volgnummer: int


@dataclass(frozen=True, slots=True)
class Melder:
    """The dates of one jaar, and up to which minute messages count as sent. `geheugen`: keep what the sender remembers."""

    vanaf: int
    schooljaar: int
    tot: int
    regio_van: Mapping[str, str]
    mbo_codes: Sequence[str]
    geheugen: bool = True
    bewaar: bool = False  # keep each melding, to make a message of it

    @classmethod
    def van(cls, k: Kalender, tot: int, bronnen: Bronnen, *, geheugen: bool = True, bewaar: bool = False) -> Melder:
        vanaf, schooljaar = k["mbo_gangers_vanaf"].toordinal(), k["einde_schooljaar"].toordinal()
        return cls(vanaf, schooljaar, tot, bronnen.regio_van, bronnen.mbo_codes, geheugen, bewaar)

    def mbo_ganger(self, p: Persoon, stappen: Sequence[Stap], gesloten: date | None) -> list[Melding]:
        """The messages about this leerling, in their order."""
        if p.onderwijssoort in HAVO_VWO or p.land != "NL" or not p.gemeente:
            return []
        uit: list[Melding] = []
        feiten = {"gemarkeerd": False, "vervolgkeuze": False, "vo_reden": "", "vo_zekerheid": "", "gesloten": False}
        sinds, wacht = 0, False

        def meld(dag: int) -> None:
            oordeel, _ = geschikt.beoordeel(_feiten(p, feiten))
            was = uit[-1].waar if uit else None
            waar = {geschikt.Oordeel.JA: True, geschikt.Oordeel.NEE: False}.get(oordeel)
            if dag <= self.schooljaar and waar is not None and waar != was and not (was is None and not waar):
                uit.append(Melding(dag, waar, min(sinds, dag), len(uit) + 1))

        for stap in stappen:
            if stap.spoor not in (SPOOR_MARKERING, SPOOR_VO) or stap.geregistreerd > self.tot:
                continue
            dag = stap.geregistreerd // _DAG
            if wacht and dag >= self.vanaf:
                meld(self.vanaf)
            if stap.spoor == SPOOR_MARKERING:
                feiten["gemarkeerd"] = stap.naar is not None
            else:
                feiten |= {
                    "vervolgkeuze": stap.naar is not None,
                    "vo_reden": stap.reden,
                    "vo_zekerheid": stap.zekerheid,
                }
            sinds, wacht = stap.dag, dag < self.vanaf
            if not wacht:
                meld(dag)
        if wacht and self.tot >= self.vanaf * _DAG:
            meld(self.vanaf)
        if gesloten and uit:
            feiten["gesloten"], sinds = True, gesloten.toordinal()
            meld(sinds)
        return uit

    def schrijf_mbo_ganger(self, rijen: Rijen, overstap: uuid.UUID, p: Persoon, meldingen: Sequence[Melding]) -> None:
        """The stand and its history in the gemeente's regio, and that this gemeente was told."""
        from overstap.demo.rijen import dag_van

        if not meldingen or p.gemeente is None:
            return
        regio, pk, laatste = self.regio_van[p.gemeente], rijen.sleutel(), meldingen[-1]
        rijen.tabellen[MboGanger].append(
            (pk, regio, rijen.jaar, p.pgn_soort, geheim.blinde_index(p.pgn_soort, p.pgn), geheim.versleutel(p.pgn, pk), p.vestiging[:4],
             p.vestiging, p.gemeente, laatste.waar, laatste.volgnummer, dag_van(laatste.sinds),
             overstap if regio == rijen.bronnen.regio else None)
        )  # fmt: skip
        for m in meldingen:
            rijen.tabellen[MboGangerMelding].append(
                (rijen.sleutel(), regio, pk, m.volgnummer, m.waar, dag_van(m.sinds))
            )
        if self.geheugen:
            rijen.tabellen[GemeldAanGemeente].append((rijen.sleutel(), rijen.bronnen.regio, overstap, p.gemeente))

    def schrijf_aanmeldingen(
        self, rijen: Rijen, p: Persoon, stappen: Sequence[Stap], gemaakt: Mapping[int, tuple[uuid.UUID, str, int]]
    ) -> None:
        """What was sent of each aanmelding; `gemaakt`: handle -> key, aanmeld_id and position of the mbo."""
        from overstap.demo.rijen import dag_van

        weet = p.gemeente and routering.gemeente_mag_weten(
            gemeente=p.gemeente, land=p.land, geboortedatum=p.geboortedatum, startkwalificatie=False,
            dag=dag_van(stappen[-1].dag), grens=23,
        )  # fmt: skip
        index = geheim.blinde_index(p.pgn_soort, p.pgn) if weet else b""
        stand: dict[int, tuple[str, int, int]] = {}
        for volgnr, stap in enumerate(stappen, start=1):
            if stap.spoor != SPOOR_AANMELDING or stap.naar is None or stap.geregistreerd > self.tot:
                continue
            code = _CODE[int(stap.naar)]
            vorige, nummer, _ = stand.get(stap.aanmelding, ("", 0, 0))
            if code is None or code.value == vorige:
                stand[stap.aanmelding] = (vorige, nummer, volgnr)
                continue
            stand[stap.aanmelding] = (code.value, nummer + 1, volgnr)
            if weet:
                _, aanmeld_id, mbo = gemaakt[stap.aanmelding]
                rijen.tabellen[GemeldeAanmelding].append(
                    (rijen.sleutel(), self.regio_van[p.gemeente or ""], rijen.jaar, p.pgn_soort, index, self.mbo_codes[mbo], aanmeld_id,
                     nummer + 1, code.value, dag_van(stap.dag))
                )  # fmt: skip
        if self.geheugen:
            for handvat, (status, nummer, volgnr) in stand.items():
                rijen.tabellen[VerzondenAanmeldstatus].append(
                    (rijen.sleutel(), rijen.bronnen.regio, gemaakt[handvat][0], status, nummer, volgnr)
                )


def _feiten(p: Persoon, nu: Mapping[str, Any]) -> geschikt.Feiten:
    return geschikt.Feiten(
        onderwijssoort=p.onderwijssoort,
        uitstroomprofiel=p.uitstroomprofiel,
        bestemming=p.bestemming,
        land=p.land,
        gemeente=p.gemeente,
        **nu,
    )
