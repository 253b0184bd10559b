"""Who is in a bulkmelding, by the one statement that makes it and by rule 4 and 5 said in plain Python, over drawn stands."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from accounts.rechten import Rol
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Aanmelding, Leerling, Overstap
from statuses.status import Status
from tests.vva_berichten.hulp import NOVEMBER, draai
from tests.wereld import JAAR, Wereld
from vva_berichten.bulkmelding import BulkSoort, correct_bulkmelding, make_bulkmeldingen
from vva_berichten.models import Bulk, BulkRegel, GemeldeAanmelding, MboGanger, MboGangerMelding

REGIOS = ("21", "22")
PEILDATUM = {BulkSoort.BULK_0301: date(2026, 3, 1), BulkSoort.BULK_0615: date(2026, 6, 15)}
OPEN, VAST = {"AANMELDING_ONTVANGEN", "OOK_AANGEBODEN"}, {"INGESCHREVEN"}
STATUSSEN = (*sorted(OPEN | VAST), "INGETROKKEN", "LEIDT_NIET_TOT_INSCHRIJVING")
GEMEENTE = {"0363": "21", "0362": "21", "0405": "22", "0420": "22"}
# Around both peildata, the days themselves with more weight.
DAGEN = [d + timedelta(n) for d in PEILDATUM.values() for n in (-40, -1, 0, 0, 1, 9)]


Zegt = tuple[str, str, date | None]  # status, mbo and date of the aanmelding that a signaal names


def trek(rng: Random, wereld: Wereld) -> None:
    """Draw of every mbo-ganger what was reported of it, what mbo's said, where it lives, and what we know of it."""
    meldingen, gemeld = [], []
    gangers = list(MboGanger.objects.order_by("id"))
    diploma: set[Any] = set()
    for m in gangers:
        m.volgnummer = rng.randint(1, 4)
        vorige = [
            MboGangerMelding(
                id=nieuwe_sleutel(), regio_id=m.regio_id, mbo_ganger=m, volgnummer=v,
                is_mbo_ganger=rng.random() < 0.8, wijzigingsdatum=rng.choice(DAGEN),
            )
            for v in range(1, m.volgnummer + 1)
        ]  # fmt: skip
        m.is_mbo_ganger, m.wijzigingsdatum = vorige[-1].is_mbo_ganger, vorige[-1].wijzigingsdatum
        meldingen += vorige
        # Now and then moved, to the other regio too; sometimes known by message alone.
        m.gemeente_id = rng.choice(sorted(GEMEENTE)) if rng.random() < 0.3 else m.gemeente_id
        if m.overstap_id and rng.random() < 0.3:
            m.overstap_id = None
        elif m.overstap_id:
            geboren = rng.choice(
                [date(2003, 3, 1), date(2003, 3, 2), date(2003, 6, 15), date(2003, 6, 16), date(2009, 5, 1)]
            )
            Leerling.objects.filter(overstappen=m.overstap_id).update(
                geboortedatum=geboren, land=rng.choice(["NL", "NL", "NL", "BE"])
            )
            if rng.random() < 0.2:
                diploma.add(m.overstap_id)
        for aanmelding in range(rng.choice((0, 0, 1, 2, 3))):
            for v in range(1, rng.randint(2, 4)):
                gemeld.append(
                    GemeldeAanmelding(
                        id=nieuwe_sleutel(), regio_id=m.regio_id, overstapjaar=JAAR - (rng.random() < 0.1),
                        pgn_soort=m.pgn_soort, pgn_index=m.pgn_index, mbo_code=rng.choice(("99MA", "99MB")),
                        aanmeld_id=f"A-{m.pk}-{aanmelding}"[-36:], volgnummer=v, status=rng.choice(STATUSSEN), status_datum=rng.choice(DAGEN),
                    )
                )  # fmt: skip
    MboGangerMelding.objects.all().delete()
    GemeldeAanmelding.objects.all().delete()
    MboGanger.objects.bulk_update(gangers, ["is_mbo_ganger", "volgnummer", "wijzigingsdatum", "gemeente", "overstap"])
    MboGangerMelding.objects.bulk_create(meldingen)
    GemeldeAanmelding.objects.bulk_create(gemeld)
    Aanmelding.objects.filter(overstap_id__in=diploma).update(startkwalificatie=True)


def verwacht(soort: BulkSoort) -> dict[str, dict[Any, set[Zegt]]]:
    """Per gemeente the mbo-gangers in its bulk, each with what its signaal may say: of two as new, either. One at a time."""
    dag = PEILDATUM[soort]
    weg = VAST | (OPEN if soort == BulkSoort.BULK_0301 else set())
    uit: dict[str, dict[Any, set[Zegt]]] = {code: {} for code in GEMEENTE}
    for m in MboGanger.objects.filter(overstapjaar=JAAR):
        toen = [e for e in m.meldingen.order_by("volgnummer") if e.wijzigingsdatum <= dag]
        if not toen or not toen[-1].is_mbo_ganger or GEMEENTE[m.gemeente_id] != m.regio_id:
            continue
        if m.overstap_id and not _mag(Overstap.objects.select_related("leerling").get(pk=m.overstap_id), dag):
            continue
        laatste: dict[tuple[str, str], GemeldeAanmelding] = {}
        rijen = GemeldeAanmelding.objects.filter(regio_id=m.regio_id, overstapjaar=JAAR, pgn_soort=m.pgn_soort)
        for a in rijen.filter(status_datum__lte=dag).order_by("volgnummer"):
            if bytes(a.pgn_index) == bytes(m.pgn_index):
                laatste[a.mbo_code, a.aanmeld_id] = a
        if any(a.status in weg for a in laatste.values()):
            continue
        beste = sorted(laatste.values(), key=lambda a: (a.status not in OPEN, -a.status_datum.toordinal(), a.mbo_code))
        zegt: set[Zegt] = {(a.status, a.mbo_code, a.status_datum) for a in beste if _rang(a) == _rang(beste[0])}
        uit[m.gemeente_id][m.pk] = zegt or {("", "", None)}
    return uit


def _rang(a: GemeldeAanmelding) -> tuple[bool, date, str]:
    return a.status in OPEN, a.status_datum, a.mbo_code


def _mag(o: Overstap, dag: date) -> bool:
    """Rule 5: lives in the Netherlands, younger than 23 on the day, no startkwalificatie."""
    leerling = o.leerling
    jarig = leerling.geboortedatum.replace(year=leerling.geboortedatum.year + 23)
    return leerling.land == "NL" and dag < jarig and not o.aanmeldingen.filter(startkwalificatie=True).exists()


def gemaakt(soort: BulkSoort, volgnummer: int = 1) -> dict[str, dict[Any, Zegt]]:
    uit: dict[str, dict[Any, Zegt]] = {}
    for b in Bulk.objects.filter(soort=soort, overstapjaar=JAAR, volgnummer=volgnummer):
        rijen = list(BulkRegel.objects.filter(bulk=b).order_by("nr"))
        assert [r.nr for r in rijen] == list(range(1, b.aantal + 1))
        uit[b.gemeente_id] = {r.mbo_ganger_id: (r.status, r.mbo_code, r.status_datum) for r in rijen}
        assert len(uit[b.gemeente_id]) == b.aantal
    return uit


def klopt(echt: dict[str, dict[Any, Zegt]], moet: dict[str, dict[Any, set[Zegt]]]) -> None:
    assert echt.keys() == moet.keys()
    for gemeente, wie in moet.items():
        assert echt[gemeente].keys() == wie.keys(), gemeente
        for pk, zegt in wie.items():
            assert echt[gemeente][pk] in zegt, (gemeente, pk)


@pytest.fixture
def velen(wereld: Wereld) -> Wereld:
    """Many in regio 21, few in 22; some without an aanmelding, who live in the other regio too."""
    wereld.op(NOVEMBER)
    for n in range(60):
        o = wereld.overstap("99AA00", gemeente="0405" if n % 7 == 0 else "0362" if n % 2 else "0363")
        if n % 3 == 0:
            wereld.aanmelding(o, "99MA", Status.INTAKE, op=NOVEMBER)
    draai()
    return wereld


@pytest.mark.parametrize("zaad", range(3))
def test_the_statement_finds_who_the_rules_name(velen: Wereld, zaad: int) -> None:
    rng = Random(zaad)
    velen.op(date(2026, 6, 20))
    with velen.bereik(*REGIOS):
        trek(rng, velen)
        for soort in BulkSoort:
            make_bulkmeldingen(REGIOS, soort, JAAR)
            klopt(gemaakt(soort), verwacht(soort))
        eerste = gemaakt(BulkSoort.BULK_0301)
        # Known anew: the correction says the stand of the same day, the first one stays.
        trek(rng, velen)
        for bulk in Bulk.objects.filter(soort=BulkSoort.BULK_0301, volgnummer=1, regio_id="21"):
            correct_bulkmelding(bulk, actor=velen.actor(Rol.BEHEERORGANISATIE))
        moet = verwacht(BulkSoort.BULK_0301)
        klopt(gemaakt(BulkSoort.BULK_0301, 2), {g: moet[g] for g in moet if GEMEENTE[g] == "21"})
        assert gemaakt(BulkSoort.BULK_0301) == eerste
        assert sum(map(len, eerste.values())) > 10
