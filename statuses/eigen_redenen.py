"""The redenen that a regio added beside the coded list: what can be chosen today. The one reader of RegioReden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from overstap.basis import klok
from statuses.models import RegioReden
from statuses.referentie.redenen import Reden
from statuses.status import Status

# Where a regio can add one: the other statussen have no coded reden.
MET_REDEN: tuple[Status, ...] = (Status.VERVOLGKEUZE_VO, Status.AFGEMELD, Status.AFGEWEZEN)


def per_regio(regios: Iterable[str]) -> dict[str, dict[str, tuple[Reden, ...]]]:
    """Regio -> status code -> redenen that hold today, by label; one query. An ended one is not chosen any more."""
    loopt = Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=klok.vandaag())
    uit: dict[str, dict[str, tuple[Reden, ...]]] = defaultdict(dict)
    for rij in RegioReden.objects.filter(loopt, regio_id__in=sorted(regios)).order_by("label", "code"):
        code = Status(rij.status).code
        nieuw = Reden(rij.code, rij.label, rij.tekst_verplicht)
        uit[rij.regio_id][code] = (*uit[rij.regio_id].get(code, ()), nieuw)
    return uit


def samen(gevonden: Mapping[str, Mapping[str, tuple[Reden, ...]]], status: Status) -> tuple[Reden, ...]:
    """Those of one status, of all these regio's; of two with the same code the first."""
    uit: dict[str, Reden] = {}
    for redenen in gevonden.values():
        for reden in redenen.get(status.code, ()):
            uit.setdefault(reden.code, reden)
    return tuple(uit.values())


def labels(regios: Iterable[str]) -> dict[tuple[int, str], str]:
    """(status, code) -> what people read, the ended ones too; one query."""
    rijen = RegioReden.objects.filter(regio_id__in=sorted(regios))
    return {(status, code): label for status, code, label in rijen.values_list("status", "code", "label")}


def te_kiezen(regios: Iterable[str], status: Status) -> tuple[Reden, ...]:
    """Those of one status in these regio's; one query."""
    return samen(per_regio(regios), status)
