"""What went out before today, through the real code with the clock set to that day: messages in the postbus, and bulkmeldingen."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings

from accounts.models import Organisatie
from accounts.rechten import Soort
from overstap.basis.rls import bereik
from overstap.basis.stapel import voeg_toe
from overstap.demo.rijen import Rijen, dag_van
from statuses import events
from vva_berichten import bulkmelding, opstellen
from vva_berichten.contract.basis import pgn_van
from vva_berichten.models import Bericht, Bulk
from vva_berichten.uitgaand import leveren


@contextmanager
def op_dag(dag: date) -> Iterator[None]:
    """The clock of this process on another day; only for data that is made up."""
    eerder = settings.OVERSTAP_VANDAAG
    settings.OVERSTAP_VANDAAG = dag
    try:
        yield
    finally:
        settings.OVERSTAP_VANDAAG = eerder


def verzend(rijen: Rijen) -> int:
    """Put the kept meldingen in the postbus of their gemeente, month by month; returns how many."""
    codes = {p.vestiging[:4] for p, _ in rijen.gemeld}
    scholen = {o.code: o for o in Organisatie.objects.filter(soort=Soort.VO.value, code__in=codes)}
    gemeenten = {o.code: o for o in Organisatie.objects.filter(soort=Soort.GEMEENTE.value)}
    in_orde = sorted(rijen.gemeld, key=lambda rij: rij[1].dag)
    rijen.gemeld = []
    for _, maand in itertools.groupby(in_orde, key=lambda rij: dag_van(rij[1].dag).replace(day=1)):
        per_regio: dict[str, list[Bericht]] = defaultdict(list)
        laatste = date.min
        for p, melding in maand:
            assert p.gemeente is not None
            laatste = dag_van(melding.dag)
            with op_dag(laatste):
                bericht = opstellen.mbo_ganger(
                    school=scholen[p.vestiging[:4]], vestiging=p.vestiging, gemeente=gemeenten[p.gemeente],
                    regio=rijen.bronnen.regio_van[p.gemeente], overstapjaar=rijen.jaar, pgn=pgn_van(p.pgn_soort, p.pgn),
                    waar=melding.waar, dag=dag_van(melding.sinds), volgnummer=melding.volgnummer, codes=[],
                )  # fmt: skip
            # The stand is kept already.
            bericht.verwerkt_op = bericht.gemaakt_op
            per_regio[bericht.regio_id].append(bericht)
        _lever(per_regio, laatste)
    return len(in_orde)


def _lever(per_regio: dict[str, list[Bericht]], dag: date) -> None:
    for regio, berichten in sorted(per_regio.items()):
        with bereik([regio]), op_dag(dag):
            voeg_toe(Bericht, berichten)
            leveren.lever(regio, [bericht.id for bericht in berichten])


def maak_bulkmeldingen(regio: str, vandaag: date) -> int:
    """The bulkmeldingen that were due before today, made and delivered on their peildatum; returns how many gemeenten."""
    with op_dag(vandaag):
        lijst = bulkmelding.aan_de_beurt(regio)
    aantal = 0
    for soort, jaar in lijst:
        peildatum = bulkmelding.regio_kalender(regio, jaar)[bulkmelding.REGELS[soort].datum]
        with op_dag(peildatum):
            aantal += len(bulkmelding.make_bulkmelding(regio, soort, jaar))
            bulks: list[uuid.UUID] = list(
                Bulk.objects.filter(overstapjaar=jaar, soort=soort).values_list("id", flat=True)
            )
            leveren.lever_bulk(regio, [{"bulk": str(pk)} for pk in bulks])
    return aantal


def vertel(rijen: Rijen) -> int:
    """Events for what was registered of late: the worker sends those messages itself once it runs."""
    regio = rijen.bronnen.regio
    events.publiceer([events.status_gewijzigd(regio, pk, van, tot, sporen) for pk, van, tot, sporen in rijen.recent])
    aantal, rijen.recent = len(rijen.recent), []
    return aantal
