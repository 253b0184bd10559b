"""T004: Overstap can not take a call for a moment. Brought about as it happens for real: two transactions wait for each other.

PostgreSQL ends the one that waited first, which is the call; nothing of it is stored, and the sender tries again. Ours writes one
row that nobody ever sees: it is rolled back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import OperationalError, connection, transaction

from accounts.models import Organisatie
from accounts.scope import systeem_bereik
from overstap.basis import klok
from overstap.simulator.berichten import Bericht
from overstap.simulator.partijen import Systeem
from vva_berichten.inkomend.op_een_rij import op_een_rij
from vva_berichten.models import Bericht as Opgeslagen
from vva_berichten.models import Richting, Soort

_WACHT = 10.0  # seconds until the call must stand in line
# A call that waits for a row of ours.
_WACHT_OP_ONS = """
SELECT EXISTS (SELECT 1 FROM pg_locks w JOIN pg_locks h USING (transactionid)
               WHERE w.locktype = 'transactionid' AND NOT w.granted AND h.granted AND h.pid = pg_backend_pid())
"""


def laat_botsen(bericht: Bericht, systeem: Systeem, regio: str, zend: Callable[[], None]) -> None:
    """Have ``zend``, which sends this new message to a gemeente of this regio, run into us; returns when it was taken after all."""
    organisatie = Organisatie.objects.get(code=systeem.van.code, soort=systeem.van.soort)
    draad = threading.Thread(target=zend, name="botsing", daemon=True)
    try:
        with systeem_bereik(regio), transaction.atomic():
            Opgeslagen.objects.create(
                regio_id=regio,
                bericht_id=bericht.id,
                richting=Richting.IN,
                soort=Soort.AANMELDSTATUS,
                overstapjaar=0,
                sleutel=b"",
                volgnummer=0,
                verzender=organisatie,
                inhoud=b"",
                inhoud_hash=b"",
                gemaakt_op=klok.nu(),
            )
            draad.start()
            _ga_in_de_rij(organisatie)
            transaction.set_rollback(True)
    except OperationalError:
        pass  # we were the one that was ended; the report says that T004 did not come
    draad.join(timeout=120)


def _ga_in_de_rij(organisatie: Organisatie) -> None:
    einde = time.monotonic() + _WACHT
    with connection.cursor() as cursor:
        while time.monotonic() < einde:
            cursor.execute(_WACHT_OP_ONS)
            if cursor.fetchone() == (True,):
                op_een_rij([organisatie.pk])
                return
            time.sleep(0.02)
