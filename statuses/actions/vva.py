"""What vva_berichten knows and lists need: reported as potentiële mbo-ganger, in a bulk, applied outside the regio."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import F

from overstap.basis import klok
from overstap.basis.stapel import voeg_toe, werk_bij
from statuses.models import BuitenRegio, Overstap


def record_mbo_gangers(stand: Sequence[tuple[uuid.UUID, bool, date, int]]) -> None:
    """Keep what was reported last: (overstap id, mbo-ganger yes or no, on which day, volgnummer)."""
    rijen = [
        Overstap(
            id=pk, mbo_ganger=ja, mbo_ganger_gemeld_op=dag, mbo_ganger_volgnummer=volgnummer, gewijzigd_op=klok.nu()
        )
        for pk, ja, dag, volgnummer in stand
    ]
    werk_bij(Overstap, rijen, ("mbo_ganger", "mbo_ganger_gemeld_op", "mbo_ganger_volgnummer", "gewijzigd_op"))


def record_in_bulk(overstap_ids: Sequence[uuid.UUID], dag: date) -> None:
    """Keep that these leerlingen stand in a bulkmelding of this day, for leerplicht's right to take them up."""
    Overstap.objects.filter(pk__in=list(overstap_ids)).update(in_bulk_op=dag, gewijzigd_op=klok.nu())


def record_buiten_regio(rijen: Sequence[BuitenRegio]) -> None:
    """Keep what an mbo outside the regio reported; the highest volgnummer wins, whatever the order of arrival."""
    voeg_toe(
        BuitenRegio,
        rijen,
        botsing=(
            "ON CONFLICT (overstap_id, mbo_code, aanmeld_id) DO UPDATE SET status = EXCLUDED.status, status_datum = EXCLUDED.status_datum, "
            "volgnummer = EXCLUDED.volgnummer, mbo_naam = EXCLUDED.mbo_naam WHERE statuses_buitenregio.volgnummer < EXCLUDED.volgnummer"
        ),
    )
    Overstap.objects.filter(pk__in=[r.overstap_id for r in rijen]).update(
        versie=F("versie") + 1, gewijzigd_op=klok.nu()
    )
