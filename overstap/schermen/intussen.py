"""Two people at one leerling: what the form showed goes along with it, and is compared under the lock before anything is written.

Only what this role sees counts. So an mbo does not hear of a vervolgkeuze, and nobody is stopped by what is none of their business.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from overstap.schermen.omgeving import Omgeving
from overstap.schermen.verloop import stappen, ziet_aanmelding
from statuses.actions.laden import Geladen
from statuses.beoordelen import Geweigerd
from statuses.models import SPOOR_AANMELDING, Aanmelding, Gebeurtenis, Overstap
from statuses.status import Status
from statuses.weergave import leidend_voor
from statuses.zichtbaarheid import Veld

CODE = "intussen_gewijzigd"
_MAX = 4000  # a leerling with dozens of aanmeldingen stays far below it
_JA_NEE = {"True": "ja", "False": "nee", "None": "onbekend"}
_KORT = {True: "+", False: "-", None: ""}
# What is no gebeurtenis: the words for it. A spoor is told by its gebeurtenissen, with who and when.
_ERNAAST = {
    "klas": "de klas",
    "school": "de school",
    "geinformeerd": "geïnformeerd",
    "bezwaar": "bezwaar",
    "toestemming": "toestemming",
    "eigenaar": "wie van leerplicht de leerling heeft",
}


@dataclass(frozen=True)
class Gezien:
    """What one form showed of one leerling."""

    overstap_id: uuid.UUID
    versie: int
    volgnr: int
    stand: Mapping[str, str] = field(default_factory=dict)

    def als_tekst(self) -> str:
        return urlencode({"o": str(self.overstap_id), "v": self.versie, "n": self.volgnr, **self.stand})

    def is_nu(self, overstap: Overstap, stand: Mapping[str, str]) -> bool:
        """Still as it was shown: the same versie, or another one for what this role does not see."""
        return self.versie == overstap.versie or dict(self.stand) == stand


def stand_nu(overstap: Overstap, aanmeldingen: Iterable[Aanmelding], o: Omgeving) -> dict[str, str]:
    """What holds now, as far as this role sees it, as short codes."""
    stand = {f"a{a.nr}": f"{a.status}{a.aanwezigheid}" for a in aanmeldingen if ziet_aanmelding(a, o)}
    stand |= {"klas": overstap.klas, "school": str(overstap.vestiging_id)[-8:]}
    if o.ziet(Veld.SPOREN):
        stand |= {
            "m": str(overstap.gemarkeerd_sinds or ""),
            "vo": f"{overstap.spoor_vo or ''}{overstap.vo_reden}{overstap.vo_zekerheid}{_KORT[overstap.vo_naar_mbo]}",
            "lp": str(overstap.spoor_leerplicht or ""),
            "eigenaar": f"{str(overstap.leerplicht_eigenaar_id or '')[-8:]}{overstap.leerplicht_gemeente_id or ''}",
        }
    if o.ziet(Veld.PGN_APART):
        stand |= {n: str(getattr(overstap, n)) for n in ("geinformeerd", "bezwaar", "toestemming")}
    return stand


def gezien_nu(overstap: Overstap, aanmeldingen: Iterable[Aanmelding], o: Omgeving) -> Gezien:
    return Gezien(overstap.pk, overstap.versie, overstap.volgnr, stand_nu(overstap, aanmeldingen, o))


def lees_gezien(teksten: Iterable[str]) -> dict[uuid.UUID, Gezien]:
    """What the forms sent back, by overstap. What cannot be read is as if nothing was seen: then it counts as changed."""
    uit: dict[uuid.UUID, Gezien] = {}
    for tekst in teksten:
        delen = dict(parse_qsl(tekst[:_MAX], keep_blank_values=True))
        try:
            pk, versie, volgnr = uuid.UUID(delen.pop("o", "")), getal(delen.pop("v", "")), getal(delen.pop("n", ""))
        except ValueError:
            continue
        uit[pk] = Gezien(pk, versie, volgnr, delen)
    return uit


def getal(tekst: str) -> int:
    """A versie or volgnr from a form; -1, which nothing ever has, for what is no number."""
    return int(tekst) if tekst.isascii() and tekst.isdigit() and len(tekst) < 9 else -1


def gewijzigd(geladen: Geladen, gezien: Mapping[uuid.UUID, Gezien], o: Omgeving) -> set[uuid.UUID]:
    """Which of these locked overstappen are not as the form showed them. One that the form did not show counts too."""
    uit = set()
    for pk, overstap in geladen.overstappen.items():
        nu = stand_nu(overstap, geladen.aanmeldingen[pk].values(), o)
        if pk not in gezien or not gezien[pk].is_nu(overstap, nu):
            uit.add(pk)
    return uit


def weigering(overstap: Overstap, aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> Geweigerd:
    """The answer for one row: changed meanwhile, and where it stands now."""
    status, _ = leidend_voor(overstap, o.actor, [a for a in aanmeldingen if ziet_aanmelding(a, o)])
    nu = f": nu {status.label}" if status else ": niet meer aangevinkt"
    return Geweigerd(CODE, f"Intussen gewijzigd{nu}. Er is niets vastgelegd.")


def wat_er_veranderde(
    paren: Sequence[tuple[Overstap, Sequence[Aanmelding], Gezien | None]], o: Omgeving
) -> dict[uuid.UUID, list[str]]:
    """Per leerling what changed since the form, in sentences: when, who and what. Three queries, whatever the number.

    ``aanmeldingen`` are those that this role sees, with their mbo loaded.
    """
    rijen: list[Gebeurtenis] = []
    if o.ziet(Veld.VERLOOP):
        nieuw = Gebeurtenis.objects.filter(overstap_id__in=[ov.pk for ov, _, g in paren if g is not None])
        per_overstap = {ov.pk: ({SPOOR_AANMELDING + a.nr for a in aan}, g) for ov, aan, g in paren}
        laagste = min((g.volgnr for _, _, g in paren if g is not None), default=0)
        for r in nieuw.filter(volgnr__gt=laagste).select_related("toelichting").order_by("overstap_id", "volgnr"):
            sporen, gezien = per_overstap[r.overstap_id]
            ziet_spoor = r.spoor in sporen or (r.spoor < SPOOR_AANMELDING and o.ziet(Veld.SPOREN))
            if gezien is not None and r.volgnr > gezien.volgnr and ziet_spoor:
                rijen.append(r)
    momenten = stappen(rijen, [a for _, aan, _ in paren for a in aan], o)
    uit: dict[uuid.UUID, list[str]] = defaultdict(list)
    for r, m in zip(rijen, momenten, strict=True):
        wat = f"{m.naam} ({m.toelichting})" if m.toelichting else m.naam
        uit[r.overstap_id].append(f"{m.wanneer}, {m.wie}: {wat}")
    for overstap, aanmeldingen, gezien in paren:
        uit[overstap.pk] += _ernaast(overstap, aanmeldingen, gezien, o)
        if not uit[overstap.pk]:
            uit[overstap.pk].append("De gegevens van de leerling zijn aangepast.")
    return uit


def _ernaast(overstap: Overstap, aanmeldingen: Sequence[Aanmelding], gezien: Gezien | None, o: Omgeving) -> list[str]:
    """What changed beside the statussen: from and to, where there are words for both."""
    if gezien is None or not gezien.stand:
        return []
    nu, uit = stand_nu(overstap, aanmeldingen, o), []
    for sleutel, naam in _ERNAAST.items():
        oud, nieuw = gezien.stand.get(sleutel, ""), nu.get(sleutel, "")
        if oud == nieuw:
            continue
        woorden = sleutel == "klas" or nieuw in _JA_NEE
        van, naar = _JA_NEE.get(oud, oud or "leeg"), _JA_NEE.get(nieuw, nieuw or "leeg")
        uit.append(f"Gewijzigd: {naam}, van {van} naar {naar}" if woorden else f"Gewijzigd: {naam}")
    for a in aanmeldingen:
        oud, nieuw = gezien.stand.get(f"a{a.nr}", ""), nu.get(f"a{a.nr}", "")
        if oud != nieuw and oud.startswith(str(a.status)) and a.status == Status.DEFINITIEF:
            start = {"show": "gestart", "no_show": "niet gestart"}.get(
                a.aanwezigheid, "niet bekend of de student is gestart"
            )
            uit.append(f"{a.mbo.naam}: nu {start}")
    return uit
