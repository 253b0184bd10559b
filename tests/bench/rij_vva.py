"""Row 7, the VVA half: 1,000 aanmeldstatussen in one call. What a call does is receive and answer; processing is a task (vva.md, rule 1)."""

from __future__ import annotations

import json
import statistics
import uuid
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
from django.db import connection, transaction

from overstap.basis import geheim
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks
from tests.bench.meten import SQL, Klok, Terug, Uitslag, om_en_om
from tests.bench.omgeving import DAG, JAAR, alle_regios, als_eigenaar, api_client, landelijk_mbo, ruim_op
from vva_berichten import inkomend, opstellen
from vva_berichten.contract.basis import Pgn, pgn_van
from vva_berichten.models import Bericht

AANTAL = 1000
_STUDIEJAAR = "2026-2027"
# Marked overstappen that a connected gemeente may hear about.
_WIE = """
SELECT l.id, l.pgn_soort, l.pgn_index, l.pgn_versleuteld, l.gemeente_id
FROM statuses_overstap o JOIN statuses_leerling l ON l.id = o.leerling_id
JOIN accounts_organisatie g ON g.soort = 'gemeente' AND g.code = l.gemeente_id AND g.aangesloten
WHERE o.overstapjaar = %s AND o.gemarkeerd_sinds IS NOT NULL AND o.gesloten_op IS NULL ORDER BY o.id LIMIT %s
"""
# Of what one call (or the limit) made: the same rows, or it is no comparison.
_GEMAAKT = (
    "SELECT regio_id, richting, soort, overstapjaar, volgnummer, verzender_id, ontvanger_id, uitkomst, codes, count(*), sum(length(inhoud)) "
    "FROM vva_berichten_bericht WHERE verwerkt_op IS NULL AND richting = 'in' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 7",
    "SELECT regio_id, sleutel, soort, jsonb_array_length(inhoud -> 'berichten') FROM outbox_outboxregel "
    f"WHERE soort = '{inkomend.VERWERK}' AND afgehandeld_op IS NULL ORDER BY 1, 4",
    "SELECT regio_id, actor_soort, rol, handeling, object_soort, uitkomst, aantal, details::text FROM accounts_logregel "
    "WHERE handeling = 'vva.ontvangen'",
)


def aanmeldstatussen(keren: int) -> Uitslag:
    """One call of the API, to the gemeenten, against set-based SQL that writes the same rows; and how long processing takes after it.

    Both begin with the same body. What no SQL can make of it (decoding, keyed hashes, encryption) the limit does in bare Python, in
    its clock; the seconds of its SQL alone stand beside it.
    """
    regios = alle_regios()
    mbo = landelijk_mbo(regios)
    with bereik(regios), connection.cursor() as cursor:
        cursor.execute(_WIE, [JAAR, AANTAL])
        wie = cursor.fetchall()
    pgns = [pgn_van(soort, geheim.ontsleutel(ruw, pk).decode()) for pk, soort, _, ruw, _ in wie]
    ronde = iter(range(1_000_000))
    ruim_op("vva_berichten_bericht", "outbox_outboxregel", "accounts_logregel")

    def berichten(n: int) -> list[dict[str, Any]]:
        return [
            {"berichtId": str(uuid.uuid4()), "berichtType": "AANMELDSTATUS", "contractVersie": "1.0.0", "verzendendeInstantie": opstellen.oin(mbo),
             "ontvangendeInstantie": f"00000099{gemeente:>09}000", "datumTijd": "2026-03-19T09:00:00+01:00", "aanmeldstatus": {
                 "pgn": {"burgerservicenummer" if pgn.soort == "bsn" else "onderwijsnummer": pgn.nummer}, "mboInstelling": mbo.code,
                 "aanmeldId": f"V{n}-{i}", "status": "AANMELDING_ONTVANGEN", "statusDatum": DAG.isoformat(), "volgnummer": 1,
                 "studiejaarInstroom": _STUDIEJAAR, "gemeentecode": gemeente}}
            for i, (pgn, (*_, gemeente)) in enumerate(zip(pgns, wie, strict=True))
        ]  # fmt: skip

    roep = api_client(mbo, "vva.aanmeldstatussen:schrijven")
    verwerkt: list[float] = []
    alleen_sql: list[float] = []
    rijen: dict[str, Any] = {}

    def eigen() -> float:
        body = json.dumps({"berichten": berichten(next(ronde))})
        with suppress(Terug), transaction.atomic():
            with Klok() as k:
                antwoord = roep("/api/v1/vva/aanmeldstatussen", body)
            uit = [r["uitkomst"] for r in antwoord.json()["resultaten"]]
            assert uit.count("verwerkt") == len(pgns), {u: uit.count(u) for u in set(uit)}
            with bereik(regios), connection.cursor() as cursor:
                rijen["eigen"] = [cursor.execute(vraag).fetchall() for vraag in _GEMAAKT]
            verwerkt.append(_verwerk(regios))
            raise Terug
        return k.s

    sql = (SQL / "07_aanmeldstatussen.sql").read_text()

    def grens() -> float:
        body = json.dumps({"berichten": berichten(next(ronde))})
        with als_eigenaar() as verbinding:
            with Klok() as klaar:
                waarden = _waarden(msgspec.json.decode(body)["berichten"], pgns)
            with Klok() as k:
                reeksen = {naam: reeks(lijst) for naam, lijst in waarden.items()}  # much cheaper than psycopg's own way
                verbinding.execute(sql, {**reeksen, "mbo": mbo.id, "jaar": JAAR})
            rijen["grens"] = [verbinding.execute(vraag).fetchall() for vraag in _GEMAAKT]
            verbinding.rollback()
        alleen_sql.append(k.s)
        return klaar.s + k.s

    a, b = om_en_om(eigen, grens, keren)
    extra: dict[str, Any] = {
        "SQL van de grens alleen": f"{statistics.median(alleen_sql[1:]):.3f} s",
        "daarna verwerken": f"{statistics.median(verwerkt[1:]):.3f} s",
    }
    if rijen["eigen"] != rijen["grens"]:
        extra["gemist"] = "andere rijen"
    return Uitslag(7, "aanmeldstatussen in een aanroep", f"{len(pgns)} berichten", a, b, 2.0, extra)


def _waarden(berichten: Sequence[dict[str, Any]], pgns: Sequence[Pgn]) -> dict[str, list[Any]]:
    """What the rows hold that SQL alone cannot make of the messages."""
    ids = [nieuwe_sleutel() for _ in berichten]
    bodies = [bericht["aanmeldstatus"] for bericht in berichten]
    return {
        "id": ids,
        "bericht_id": [uuid.UUID(bericht["berichtId"]) for bericht in berichten],
        "gemeente": [body["gemeentecode"] for body in bodies],
        "pgn_soort": [pgn.soort for pgn in pgns],
        "pgn_index": [geheim.blinde_index(pgn.soort, pgn.nummer) for pgn in pgns],
        "sleutel": [
            opstellen.sleutel_aanmeldstatus(body["mboInstelling"], body["aanmeldId"], _STUDIEJAAR) for body in bodies
        ],
        "hash": [
            opstellen.merk(pgn.nummer, body["status"], body["statusDatum"], "")
            for pgn, body in zip(pgns, bodies, strict=True)
        ],
        "inhoud": [
            geheim.versleutel(opstellen.codeer(bericht), pk) for bericht, pk in zip(berichten, ids, strict=True)
        ],
    }


def _verwerk(regios: list[str]) -> float:
    """What the worker does with the lines of one call: all at once per regio. Its seconds."""
    with bereik(regios):
        per_regio: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for regel in OutboxRegel.objects.filter(soort=inkomend.VERWERK, afgehandeld_op=None).order_by("id"):
            per_regio[regel.regio_id].append(regel.inhoud)
    with Klok() as k:
        for regio, inhouden in per_regio.items():
            with bereik([regio]):
                inkomend.verwerk_inkomend(regio, inhouden)
    with bereik(regios):
        assert not Bericht.objects.filter(richting="in", verwerkt_op=None).exists()
    return k.s
