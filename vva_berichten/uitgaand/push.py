"""Push what lies in a postbus to the endpoint of its receiver: signed, in order of positie, at least once.

A second reader beside the postbus: nothing is taken from it. One worker at a time sends to a receiver (a lease), and nothing is open
in the database while a message is on its way. A receiver that is away makes its messages wait; one that keeps refusing a
message has that one put aside, so that it blocks no other. Bron: vva.md, Rules 9.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable

import structlog

from accounts.models import Organisatie
from overstap.basis import handtekening, klok
from overstap.basis.rls import bereik
from overstap.basis.wegsturen import Antwoord, Lijn, NietBereikt
from vva_berichten import opstellen, postbus
from vva_berichten.models import Eindpunt, GeparkeerdePush, PostbusRegel
from vva_berichten.uitgaand import push_bericht
from vva_berichten.uitgaand import push_stand as stand
from vva_berichten.uitgaand.push_antwoorden import OP_RIJ, WEIGERINGEN, Uitslag, uitslag

log = structlog.get_logger(__name__)

PER_KEER = 50
BEURT = 120.0  # seconds; then others have their turn


def push(organisatie: uuid.UUID) -> tuple[int, bool]:
    """Send what waits for this receiver. How many were accepted, and whether there is more (its turn was over).

    After the lease is given back we look once more: what was delivered meanwhile found us at work and waited for us.
    """
    einde, aantal = time.monotonic() + BEURT, 0
    while True:
        e = stand.claim(organisatie)
        if e is None:
            return aantal, False
        gezien = stand.positie_van(organisatie)
        try:
            aantal += _Beurt(e, einde).loop()
        finally:
            stand.geef_vrij(e)
        if e.opnieuw_na is not None and e.opnieuw_na > klok.wandklok():
            return aantal, False
        if time.monotonic() >= einde:
            return aantal, True
        if stand.positie_van(organisatie) <= gezien:
            return aantal, False


class _Beurt:
    """One turn: the lease is ours and the line is open."""

    def __init__(self, e: Eindpunt, einde: float) -> None:
        self.e, self.einde, self.aantal = e, einde, 0
        self.regios = stand.regios_van(e.pk)

    def loop(self) -> int:
        """First what was asked again, then the postbus."""
        with Lijn(self.e.url) as lijn:
            if self._geparkeerde(lijn):
                while self._bladzijde(lijn):
                    pass
        return self.aantal

    def _geparkeerde(self, lijn: Lijn) -> bool:
        with bereik(self.regios):
            rijen = stand.gevraagde(self.e, PER_KEER)
            inhoud = postbus.inhoud_van([g.regel for g in rijen])
        return all(self._een_geparkeerde(lijn, g, bericht) for g, bericht in zip(rijen, inhoud, strict=True))

    def _een_geparkeerde(self, lijn: Lijn, g: GeparkeerdePush, bericht: bytes | None) -> bool:
        if bericht is None:
            return stand.weer_geweigerd(self.e, g, "onleesbaar")
        wat, code, wacht = _bied_aan(lijn, push_bericht.maak(bericht, g.positie))
        if wat is Uitslag.AANGENOMEN:
            self.aantal += 1
            return stand.alsnog_aangenomen(self.e, g)
        if wat is Uitslag.GEWEIGERD:
            return stand.weer_geweigerd(self.e, g, code)
        return self._weg(code, wacht)

    def _bladzijde(self, lijn: Lijn) -> bool:
        """Some messages; whether to go on."""
        with bereik(self.regios):
            deel = postbus.lees(self.e.pk, na=self.e.gepusht_tot, limiet=PER_KEER)
        for regel, bericht in zip(deel.regels, deel.berichten, strict=True):
            if time.monotonic() >= self.einde or not self._een(lijn, regel, bericht):
                return False
        # What could not be read at the end is passed over too: else it would be our turn for ever.
        return stand.voorbij(self.e, deel.cursor) and deel.meer

    def _een(self, lijn: Lijn, regel: PostbusRegel, bericht: bytes) -> bool:
        """One message; whether the next may follow."""
        wat, code, wacht = _bied_aan(lijn, push_bericht.maak(bericht, regel.positie))
        if wat is Uitslag.AANGENOMEN:
            self.aantal += 1
            return stand.aangenomen(self.e, regel.positie)
        if wat is Uitslag.WACHT or self.e.geparkeerd_op_rij >= OP_RIJ:
            return self._weg(code, wacht)
        if self.e.weigeringen + 1 < WEIGERINGEN:
            stand.weigert(self.e, code)
            return False
        log.warning("push.geparkeerd", organisatie=str(self.e.pk), positie=regel.positie, code=code)
        return stand.parkeer(self.e, regel, code)

    def _weg(self, code: str, wacht: int) -> bool:
        stand.wacht(self.e, code, wacht)
        zeg = log.error if self.e.gestopt_op else log.info
        zeg(
            "push.gestopt" if self.e.gestopt_op else "push.wacht",
            organisatie=str(self.e.pk),
            code=code,
            poging=self.e.pogingen,
        )
        return False


def _bied_aan(lijn: Lijn, lichaam: bytes) -> tuple[Uitslag, str, int]:
    """Send one body: what came of it, a code, and how long the other side asks to wait."""
    try:
        koppen = {"Content-Type": push_bericht.MEDIATYPE, "User-Agent": "Overstap", **handtekening.teken(lichaam)}
        antwoord: Antwoord = lijn.post(lichaam, koppen)
    except handtekening.GeenSleutel:
        return Uitslag.WACHT, "geen_sleutel", 0
    except NietBereikt as fout:
        return Uitslag.WACHT, fout.code, 0
    wat, code = uitslag(antwoord)
    return wat, code, antwoord.wacht


def proef(organisatie: uuid.UUID) -> str:
    """Send a body without a message, and keep how that went; the code, empty when it was accepted."""
    e = Eindpunt.objects.filter(pk=organisatie).first()
    ontvanger = Organisatie.objects.filter(pk=organisatie).first()
    if e is None or ontvanger is None:
        return ""
    with Lijn(e.url) as lijn:
        _, code, _ = _bied_aan(lijn, push_bericht.maak_proef(_eerste(stand.regios_van(e.pk)), opstellen.oin(ontvanger)))
    stand.proef_gedaan(organisatie, code)
    return code


def _eerste(regios: Iterable[str]) -> str:
    return min(regios, default="")
