"""The factories of the standing cast (tests/wereld.py): new leerlingen, aanmeldingen and statussen, through the real actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.actor import Actor
from accounts.models import Organisatie, Vestiging
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from statuses.actions import (
    AanmeldingVelden,
    LeerlingRij,
    Resultaat,
    Wijziging,
    change_statuses,
    record_leerlingen,
)
from statuses.beoordelen import Geweigerd, Verzoek
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via
from statuses.status import STATUSSEN, Spoor, Status

JAAR = 2025
GEMARKEERD_OP = date(2025, 10, 6)
_VOORNAMEN = ("Sanne", "Daan", "Elif", "Milan", "Noor", "Sem", "Aya", "Bram", "Lotte", "Finn", "Zoë")
_ACHTERNAMEN = (
    "Zandstra",
    "de Wit",
    "Yılmaz",
    "van Dalen",
    "Bakker",
    "El Amrani",
    "Postma",
    "Vos",
    "Kuipers",
    "Meijer",
)


def bsn(nummer: int) -> str:
    """The ``nummer``-th bsn that starts with 9999 and passes the eleven-test; 1,000 and up, apart from the fixed ones."""
    for laatste in range(10):
        cijfers = f"9999{nummer:04d}{laatste}"
        som = sum(int(c) * (9 - i) for i, c in enumerate(cijfers[:8])) - laatste
        if som % 11 == 0:
            return cijfers
    return bsn(nummer + 5000)


class Fabriek:
    """What makes more than the cast; the people and places come from ``Wereld``. Every method opens the bereik that it needs."""

    _nummer: int
    organisaties: dict[str, Organisatie]
    vestigingen: dict[str, Vestiging]
    vandaag: date

    def actor(self, rol: Rol | str, waar: str = "21") -> Actor:
        raise NotImplementedError

    def bereik(self, *regios: str) -> AbstractContextManager[None]:
        raise NotImplementedError

    def overstap(self, vestiging: str = "99AA00", *, gemarkeerd: bool = True, **velden: Any) -> Overstap:
        """A new leerling with an overstap, delivered by the decaan of the school; ``velden`` as in LeerlingRij."""
        return self.overstappen_van([self.rij(vestiging, gemarkeerd=gemarkeerd, **velden)])[0]

    def rij(self, vestiging: str = "99AA00", *, gemarkeerd: bool = True, **velden: Any) -> LeerlingRij:
        """What a school delivers about one new leerling."""
        self._nummer += 1
        nummer = self._nummer
        plek = self.vestigingen[vestiging]
        standaard: dict[str, Any] = {
            "pgn_soort": "bsn",
            "pgn": bsn(nummer),
            "voornaam": _VOORNAMEN[nummer % len(_VOORNAMEN)],
            "achternaam": f"{_ACHTERNAMEN[nummer % len(_ACHTERNAMEN)]}",
            "geboortedatum": date(2009, 1 + nummer % 12, 1 + nummer % 28),
            "vestiging_id": plek.id,
            "regio": plek.regio_id,
            "overstapjaar": JAAR,
            "onderwijssoort": "vmbo",
            "leerweg": "bb",
            "gemeente": plek.gemeente_id,
            "klas": "4A",
            "overstapper": gemarkeerd or None,
            "overstapper_sinds": GEMARKEERD_OP if gemarkeerd else None,
            "geinformeerd": True,
        }
        if velden.get("overstapjaar", JAAR) != JAAR and "overstapper_sinds" not in velden:
            velden["overstapper_sinds"] = None
        return LeerlingRij(**(standaard | velden))

    def overstappen_van(self, rijen: Sequence[LeerlingRij]) -> list[Overstap]:
        """Deliver rows of one regio at once."""
        regio = rijen[0].regio
        actor = self.actor(Rol.DECAAN, regio)
        with self.bereik(regio):
            uitkomsten = record_leerlingen(rijen, actor=actor, bron="import")
            fouten = [u.melding for u in uitkomsten if u.overstap_id is None or u.codes]
            assert not fouten, fouten
            gemaakt = Overstap.objects.select_related("leerling", "vestiging").in_bulk(
                [u.overstap_id for u in uitkomsten]
            )
            return [gemaakt[u.overstap_id] for u in uitkomsten]

    def aanmelding(
        self,
        overstap: Overstap,
        mbo: str = "99MA",
        *statussen: Status,
        op: date = date(2026, 1, 15),
        opleiding: str = "Verzorgende IG",
        crebo: str = "25491",
        niveau: int = 3,
    ) -> Aanmelding:
        """A new aanmelding at an mbo, and then one status after the other (a reden is filled in), all on the same day."""
        mbo_id = self.organisaties[mbo].id
        verzoek = self.verzoek(Rol.MBO_MEDEWERKER, Status.AANGEMELD, op=op, mbo_id=mbo_id, opleiding=opleiding)
        velden = AanmeldingVelden(crebo=crebo, opleiding=opleiding, niveau=niveau, leerweg="bol", volgnummer=1)
        [resultaat] = self._doe(Rol.MBO_MEDEWERKER, mbo, [Wijziging(overstap.id, verzoek, velden=velden)])
        aanmelding_id = resultaat.aanmelding_id
        for status in statussen:
            self._doe(
                Rol.MBO_MEDEWERKER,
                mbo,
                [Wijziging(overstap.id, self.verzoek(Rol.MBO_MEDEWERKER, status, op=op), aanmelding_id)],
            )
        with self.bereik():
            return Aanmelding.objects.select_related("mbo", "overstap").get(pk=aanmelding_id)

    def kies(self, ids: Iterable[object]) -> dict[str, list[str]]:
        """The fields of a form for many: these overstappen or aanmeldingen, and how they stand now, as its page shows them."""
        pks = [str(pk) for pk in ids]
        with self.bereik():
            rijen = Overstap.objects.filter(Q(pk__in=pks) | Q(aanmeldingen__in=pks)).distinct()
            nu = [f"o={pk}&v={versie}&n={nr}" for pk, versie, nr in rijen.values_list("pk", "versie", "volgnr")]
        return {"kies": pks, "gezien": nu}

    def wijzig(self, overstap: Overstap, rol: Rol, naar: Status | None, *, waar: str = "", **velden: Any) -> Overstap:
        """Set the vo or leerplicht spoor of an overstap; ``velden`` as in Verzoek. Gives the overstap as it is then."""
        spoor = velden.pop("spoor", None)
        wijziging = Wijziging(overstap.id, self.verzoek(rol, naar, spoor=spoor, **velden))
        self._doe(rol, waar or overstap.regio_id, [wijziging])
        with self.bereik():
            return Overstap.objects.select_related("leerling", "vestiging").get(pk=overstap.id)

    def verzoek(
        self, rol: Rol, naar: Status | None, *, op: date | None = None, spoor: Spoor | None = None, **velden: Any
    ) -> Verzoek:
        """A Verzoek with what its status needs filled in."""
        standaard: dict[str, Any] = {}
        if naar == Status.VERVOLGKEUZE_VO:
            standaard = {"reden_code": "havo", "zekerheid": "zeker"}
        elif naar in (Status.AFGEWEZEN, Status.AFGEMELD):
            standaard = {"reden_code": "opleiding_vol" if naar == Status.AFGEWEZEN else "werk"}
        elif naar in (Status.LP_INGESCHAKELD, Status.LP_IN_BEHANDELING, Status.LP_DEFINITIEF):
            standaard = {"tekst": "Niet bereikbaar na drie pogingen."}
        gekozen = spoor or (STATUSSEN[naar].spoor if naar else None) or Spoor.MARKERING
        return Verzoek(gekozen, naar, rol, Via.PAGINA, op or self.vandaag, **(standaard | velden))

    def _doe(self, rol: Rol, waar: str, wijzigingen: Sequence[Wijziging]) -> list[Resultaat]:
        actor = self.actor(rol, waar)
        with bereik(actor.regios):
            resultaten = change_statuses(wijzigingen, actor=actor)
        fouten = [r.uitkomst.detail for r in resultaten if isinstance(r.uitkomst, Geweigerd)]
        assert not fouten, fouten
        return resultaten
