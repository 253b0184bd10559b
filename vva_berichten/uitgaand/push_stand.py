"""The stand of an endpoint, written by who pushes: every write is one conditional UPDATE that holds only while the lease is ours.

So no transaction is open while something is on its way, and a worker that lost its lease changes nothing more.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Deelname
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.rls import bereik
from overstap.basis.stapel import voeg_toe
from vva_berichten.models import Eindpunt, GeparkeerdePush, Postbus, PostbusRegel
from vva_berichten.uitgaand.push_antwoorden import GEEFT_OP_NA, wachttijd

PUSH_WACHT = "vva.push_wacht"  # inhoud: {"organisatie": uuid}
PROEF_WACHT = "vva.proef_wacht"  # the same
LEASE = timedelta(seconds=90)  # more than one message takes; renewed with every message


def wek(regio: str, organisaties: set[uuid.UUID]) -> None:
    """In the transaction that put something in their postbus: push to those that have an endpoint."""
    actief = Eindpunt.objects.filter(pk__in=organisaties, actief=True, gestopt_op__isnull=True) if organisaties else ()
    vraag(regio, PUSH_WACHT, [eindpunt.pk for eindpunt in actief])


def vraag(regio: str, soort: str, organisaties: list[uuid.UUID]) -> None:
    """Hand it to a worker after this transaction."""
    publiceer(
        [
            OutboxRegel(regio_id=regio, sleutel=f"push:{pk}", soort=soort, inhoud={"organisatie": str(pk)})
            for pk in organisaties
        ]
    )


def _vrij(nu: datetime) -> Q:
    """May be claimed now."""
    return (
        Q(actief=True, gestopt_op__isnull=True)
        & (Q(opnieuw_na__isnull=True) | Q(opnieuw_na__lte=nu))
        & (Q(geclaimd_tot__isnull=True) | Q(geclaimd_tot__lt=nu))
    )


def aan_de_beurt() -> list[uuid.UUID]:
    """The endpoints with something to send that nobody is sending to; within a bereik over all regio's."""
    verder = Postbus.objects.filter(pk=OuterRef("pk"), positie__gt=OuterRef("gepusht_tot"))
    gevraagd = GeparkeerdePush.objects.filter(organisatie_id=OuterRef("pk"), opnieuw_op__isnull=False)
    rijen = Eindpunt.objects.filter(_vrij(klok.wandklok())).filter(Exists(verder) | Exists(gevraagd))
    return list(rijen.order_by("gepusht_op").values_list("pk", flat=True))


def claim(organisatie: uuid.UUID) -> Eindpunt | None:
    """Take the lease; None when somebody else has it, or when there is nothing to do now."""
    nu, eigen = klok.wandklok(), uuid.uuid4()
    vrij = Eindpunt.objects.filter(_vrij(nu), pk=organisatie)
    if not vrij.update(claim=eigen, geclaimd_tot=nu + LEASE):
        return None
    return _van_ons_met(organisatie, eigen).first()


def _van_ons_met(organisatie: uuid.UUID, eigen: uuid.UUID | None) -> QuerySet[Eindpunt]:
    return Eindpunt.objects.filter(pk=organisatie, claim=eigen, claim__isnull=False)


def _zet(e: Eindpunt, **velden: Any) -> bool:
    """Write, keep the lease, and know the same; False when the lease is gone."""
    if not _van_ons_met(e.pk, e.claim).update(**velden, geclaimd_tot=klok.wandklok() + LEASE):
        return False
    for naam, waarde in velden.items():
        setattr(e, naam, waarde)
    return True


def geef_vrij(e: Eindpunt) -> None:
    """Done for now."""
    _van_ons_met(e.pk, e.claim).update(claim=None, geclaimd_tot=None)


def regios_van(organisatie: uuid.UUID) -> list[str]:
    """Where the messages of this receiver can lie."""
    return list(Deelname.objects.filter(organisatie_id=organisatie).values_list("regio_id", flat=True))


def positie_van(organisatie: uuid.UUID) -> int:
    """The last positie that was given out."""
    return Postbus.objects.filter(pk=organisatie).values_list("positie", flat=True).first() or 0


def _goed() -> dict[str, Any]:
    return {
        "gepusht_op": klok.wandklok(), "pogingen": 0, "weigeringen": 0, "geparkeerd_op_rij": 0, "wacht_sinds": None,
        "opnieuw_na": None, "fout": "",
    }  # fmt: skip


def aangenomen(e: Eindpunt, positie: int) -> bool:
    """The receiver has it: on to the next. Like all that follow: False when the lease is gone."""
    return _zet(e, gepusht_tot=positie, **_goed())


def voorbij(e: Eindpunt, positie: int) -> bool:
    """Up to here there is nothing left to send."""
    return e.gepusht_tot >= positie or _zet(e, gepusht_tot=positie)


def weigert(e: Eindpunt, code: str) -> bool:
    """The receiver answers, but does not want this message: once more in a moment."""
    keer = e.weigeringen + 1
    na = klok.wandklok() + wachttijd(keer)
    return _zet(e, weigeringen=keer, pogingen=0, wacht_sinds=None, opnieuw_na=na, fout=code)


def wacht(e: Eindpunt, code: str, gevraagd: int = 0) -> bool:
    """The receiver is away: everything waits, longer each time, and stops when that lasts a week."""
    nu, keer = klok.wandklok(), min(e.pogingen + 1, 1000)
    sinds = e.wacht_sinds or nu
    stopt = nu if nu - sinds >= GEEFT_OP_NA else None
    return _zet(
        e, pogingen=keer, wacht_sinds=sinds, opnieuw_na=nu + wachttijd(keer, gevraagd), fout=code, gestopt_op=stopt
    )


def parkeer(e: Eindpunt, regel: PostbusRegel, code: str) -> bool:
    """Put this message aside and go on; nobody else waits for it."""
    with bereik([regel.regio_id]), transaction.atomic():
        voeg_toe(
            GeparkeerdePush,
            [
                GeparkeerdePush(
                    regio_id=regel.regio_id, organisatie_id=e.pk, regel=regel, positie=regel.positie, fout=code,
                    pogingen=e.weigeringen + 1, geparkeerd_op=klok.wandklok(),
                )
            ],
            botsing="ON CONFLICT (organisatie_id, positie) DO NOTHING",
        )  # fmt: skip
        op_rij = min(e.geparkeerd_op_rij + 1, 1000)
        if _zet(e, gepusht_tot=regel.positie, weigeringen=0, opnieuw_na=None, fout="", geparkeerd_op_rij=op_rij):
            return True
        transaction.set_rollback(True)
        return False


def gevraagde(e: Eindpunt, aantal: int) -> list[GeparkeerdePush]:
    """Parked ones that a person wants sent again, in their order; within the bereik of the receiver."""
    return list(
        GeparkeerdePush.objects.filter(organisatie_id=e.pk, opnieuw_op__isnull=False)
        .select_related("regel__bericht", "regel__bulk")
        .order_by("positie")[:aantal]
    )


def alsnog_aangenomen(e: Eindpunt, parkeerplaats: GeparkeerdePush) -> bool:
    """A parked one arrived after all."""
    with bereik([parkeerplaats.regio_id]):
        GeparkeerdePush.objects.filter(pk=parkeerplaats.pk).delete()
        return _zet(e, **_goed())


def weer_geweigerd(e: Eindpunt, parkeerplaats: GeparkeerdePush, code: str) -> bool:
    """Refused again: it waits for a person again."""
    with bereik([parkeerplaats.regio_id]):
        GeparkeerdePush.objects.filter(pk=parkeerplaats.pk).update(
            opnieuw_op=None, fout=code, pogingen=F("pogingen") + 1, geparkeerd_op=klok.wandklok()
        )
        return _zet(e, pogingen=0, wacht_sinds=None)


def proef_gedaan(organisatie: uuid.UUID, code: str) -> None:
    """How the test went."""
    Eindpunt.objects.filter(pk=organisatie).update(proef_op=klok.wandklok(), proef_fout=code)
