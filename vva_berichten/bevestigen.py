"""A school that wants a person between the markering and the melding: who stands ready, and the act that sends them.

Bron: issue 4, Mbo-gangers ("or, per school, after a person's confirmation"); docs/besluiten/0020.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.actor import Actor
from accounts.instellingen import lees_organisatie
from accounts.models import Organisatie
from accounts.rechten import Recht
from overstap.basis import klok
from statuses.mbo_ganger import mbo_ganger_q
from statuses.models import Overstap
from statuses.termijnen import Kalender
from vva_berichten.uitgaand.mbo_gangers import meld


class TeVroeg(ValueError):
    """Nothing goes out before the term begins, or any more after the schooljaar; a sentence for who asked."""


def vestigingen_die_bevestigen(regios: Collection[str]) -> frozenset[str]:
    """The codes of the vestigingen in these regio's where a person confirms. One query."""
    rijen = Organisatie.objects.filter(soort="vo", deelnames__regio_id__in=sorted(regios))
    met = rijen.filter(instellingen__has_key="vva_bevestigen").values_list("instellingen", flat=True)
    return frozenset(code for keuzes in met for code in lees_organisatie(keuzes).vva_bevestigen)


def klaar_q(codes: Collection[str]) -> Q:
    """Filter on Overstap: eligible, not reported (any more), at a vestiging that confirms."""
    return mbo_ganger_q() & ~Q(mbo_ganger=True) & Q(vestiging__code__in=sorted(codes))


def klaar(actor: Actor, overstapjaar: int) -> QuerySet[Overstap]:
    """Who stands ready to be reported by this decaan."""
    codes = vestigingen_die_bevestigen(actor.regios)
    rijen: QuerySet[Overstap] = Overstap.objects.zichtbaar_voor(actor).van_jaar(overstapjaar).filter(klaar_q(codes))
    return rijen


def termijn(k: Kalender) -> None:
    """Raise :class:`TeVroeg` on a day on which nothing can be reported."""
    dag, begin, einde = klok.vandaag(), k["mbo_gangers_vanaf"], k["einde_schooljaar"]
    if dag < begin:
        raise TeVroeg(f"Melden kan vanaf {begin:%d-%m-%Y}. De leerlingen blijven klaarstaan.")
    if dag > einde:
        raise TeVroeg(f"Melden kon tot en met {einde:%d-%m-%Y}. Voor dit overstapjaar gaat er niets meer uit.")


def confirm_mbo_gangers(
    overstap_ids: Collection[uuid.UUID] | None, *, actor: Actor, overstapjaar: int, k: Kalender
) -> int:
    """Report these (None: all) that stand ready; who is not ready any more is left alone. How many were reported.

    A constant number of statements per 500. Raises :class:`TeVroeg`, PermissionError.
    """
    if not actor.mag(Recht.VVA_MELDEN):
        raise PermissionError("Alleen de decaan bevestigt een melding.")
    termijn(k)
    with transaction.atomic():
        rijen = klaar(actor, overstapjaar)
        if overstap_ids is not None:
            rijen = rijen.filter(pk__in=sorted(overstap_ids))
        per_regio: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = {}
        for regio, pk, leerling in rijen.order_by("id").values_list("regio_id", "id", "leerling_id"):
            per_regio.setdefault(regio, []).append((pk, leerling))
        gemeld: list[tuple[str, uuid.UUID]] = []
        for regio, wie in sorted(per_regio.items()):
            meld(regio, [pk for pk, _ in wie], bevestigd=True)
            gelukt = set(
                Overstap.objects.filter(pk__in=[pk for pk, _ in wie], mbo_ganger=True).values_list("pk", flat=True)
            )
            gemeld += [(regio, leerling) for pk, leerling in wie if pk in gelukt]
        if gemeld:
            audit.log(
                actor, "vva.mbo_gangers_bevestigd", object_soort="vva", leerlingen=gemeld, aantal=len(gemeld)
            )  # fmt: skip
    return len(gemeld)
