"""What must hold when everything has calmed down, counted in the database and read as its owners would."""

from __future__ import annotations

from tests.storingen.stad import DAG, Stad, Werk

_TELLINGEN = {
    "ontvangen": "SELECT count(*) FROM vva_berichten_bericht WHERE richting = 'in' AND verwerkt_op IS NOT NULL",
    "mbo-gangers naar gemeenten": (
        "SELECT count(*) FROM vva_berichten_bericht WHERE richting = 'uit' AND soort = 'POTENTIELE_MBO_GANGER'"
    ),
    "aanmeldstatussen naar school en gemeente": (
        "SELECT count(*) FROM vva_berichten_bericht WHERE richting = 'uit' AND soort = 'AANMELDSTATUS'"
    ),
    "stand van mbo-gangers": "SELECT count(*) FROM vva_berichten_mboganger",
    "waarvan niet meer": "SELECT count(*) FROM vva_berichten_mboganger WHERE NOT is_mbo_ganger",
    "meldingen": "SELECT count(*) FROM vva_berichten_mbogangermelding",
    "gemelde aanmeldingen": "SELECT count(*) FROM vva_berichten_gemeldeaanmelding",
    "aanmeldingen hier": "SELECT count(*) FROM statuses_aanmelding",
    "gebeurtenissen van aanmeldingen": "SELECT count(*) FROM statuses_gebeurtenis WHERE bron = 'koppelpunt'",
}
# Each of these must find nothing.
_NOOIT = {
    "een bericht dat wacht": "SELECT id FROM vva_berichten_bericht WHERE richting = 'in' AND verwerkt_op IS NULL",
    "een bericht dat niet bezorgd is": "SELECT id FROM vva_berichten_bericht WHERE richting = 'uit' AND geleverd_op IS NULL",
    "tweemaal hetzelfde aan een ontvanger": (
        "SELECT sleutel, ontvanger_id, volgnummer FROM vva_berichten_bericht WHERE richting = 'uit' "
        "GROUP BY 1, 2, 3 HAVING count(*) > 1"
    ),
    "een bericht buiten de postbus": (
        "SELECT b.id FROM vva_berichten_bericht b LEFT JOIN vva_berichten_postbusregel r ON r.bericht_id = b.id "
        "WHERE b.richting = 'uit' AND r.id IS NULL"
    ),
    "een gat in een postbus": (
        "SELECT p.ontvanger_id FROM vva_berichten_postbus p JOIN (SELECT ontvanger_id, count(*) AS aantal, min(positie) AS van, "
        "max(positie) AS tot FROM vva_berichten_postbusregel GROUP BY 1) r USING (ontvanger_id) "
        "WHERE (r.van, r.tot, p.positie) <> (1, r.aantal, r.aantal)"
    ),
    "een bulk met een ander aantal rijen": (
        "SELECT b.id FROM vva_berichten_bulk b WHERE aantal <> "
        "(SELECT count(*) FROM vva_berichten_bulkregel r WHERE r.bulk_id = b.id)"
    ),
    "een bulk waarvan niet elke bladzijde één keer bezorgd is": (
        "SELECT b.id FROM vva_berichten_bulk b LEFT JOIN vva_berichten_postbusregel r ON r.bulk_id = b.id GROUP BY b.id "
        "HAVING array_agg(r.pagina ORDER BY r.pagina) IS DISTINCT FROM "
        "(SELECT array_agg(n) FROM generate_series(1, greatest(1, ceil(b.aantal / 1000.0)::int)) n)"
    ),
}


def nooit(stad: Stad) -> None:
    """None of what may never be."""
    gevonden = {naam: rijen[:3] for naam, vraag in _NOOIT.items() if (rijen := stad.rijen(vraag))}
    assert not gevonden, gevonden


def berichten(stad: Stad, werk: Werk) -> None:
    """Every answered message is stored and had one effect; what the history says is what stands there."""
    nooit(stad)
    assert {naam: stad.getal(vraag) for naam, vraag in _TELLINGEN.items()} == werk.klopt
    bewaard = {str(rij[0]) for rij in stad.rijen("SELECT bericht_id FROM vva_berichten_bericht WHERE richting = 'in'")}
    assert set(stad.antwoorden.goed) == {b["berichtId"] for b in werk.alle} == bewaard
    assert set(stad.antwoorden.goed.values()) <= {"verwerkt", "opgeslagen", "alVerwerkt"}
    stad.huis.beheer("controleer_statussen", dag=DAG)


def bulk(stad: Stad, werk: Werk, gelezen: dict[str, list[int]]) -> None:
    """Each gemeente one bulk with its rows; the gemeenten that read along got each page once."""
    nooit(stad)
    gemaakt = stad.rijen("SELECT gemeente_id, soort, volgnummer, aantal FROM vva_berichten_bulk ORDER BY 1")
    assert gemaakt == [(code, "BULK_0301", 1, aantal) for code, aantal in sorted(werk.bulk.items())]
    assert gelezen == {code: [werk.bulk[code]] for code in gelezen}, gelezen
