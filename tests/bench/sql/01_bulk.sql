-- Row 1. The bulkmelding of 1 March of a whole country, written from vva.md rule 4 and left alone: every gemeente one bulk,
-- every reported mbo-ganger without an aanmelding that is open or definitief, a delivery per gemeente.
WITH bulks AS (
    INSERT INTO vva_berichten_bulk (id, regio_id, gemeente_id, overstapjaar, soort, volgnummer, peildatum, aantal, gemaakt_op)
    SELECT gen_random_uuid(), g.regio_id, g.code, %(jaar)s, 'BULK_0301', 1, %(peildatum)s, 0, now() FROM accounts_gemeente g
    RETURNING id, gemeente_id, regio_id
), stand AS (
    SELECT DISTINCT ON (a.regio_id, a.pgn_index, a.pgn_soort, a.mbo_code, a.aanmeld_id)
           a.regio_id, a.pgn_index, a.pgn_soort, a.mbo_code, a.status, a.status_datum
    FROM vva_berichten_gemeldeaanmelding a
    WHERE a.overstapjaar = %(jaar)s AND a.status_datum <= %(peildatum)s
    ORDER BY a.regio_id, a.pgn_index, a.pgn_soort, a.mbo_code, a.aanmeld_id, a.volgnummer DESC
), per_leerling AS (
    SELECT regio_id, pgn_index, pgn_soort,
           bool_or(status IN ('AANMELDING_ONTVANGEN', 'OOK_AANGEBODEN', 'INGESCHREVEN')) AS geregeld,
           max(status) AS status, max(mbo_code) AS mbo_code, max(status_datum) AS status_datum
    FROM stand GROUP BY regio_id, pgn_index, pgn_soort
), regels AS (
    INSERT INTO vva_berichten_bulkregel (bulk_id, nr, regio_id, mbo_ganger_id, signaal_type, status, mbo_code, status_datum)
    SELECT b.id, row_number() OVER (PARTITION BY b.id ORDER BY m.id), m.regio_id, m.id, 'NIET_AANGEMELD',
           COALESCE(p.status, ''), COALESCE(p.mbo_code, ''), p.status_datum
    FROM vva_berichten_mboganger m
    JOIN bulks b ON b.gemeente_id = m.gemeente_id
    JOIN statuses_overstap o ON o.id = m.overstap_id
    JOIN statuses_leerling l ON l.id = o.leerling_id
    LEFT JOIN per_leerling p ON p.regio_id = m.regio_id AND p.pgn_index = m.pgn_index AND p.pgn_soort = m.pgn_soort
    WHERE m.overstapjaar = %(jaar)s AND m.is_mbo_ganger AND p.geregeld IS NOT TRUE
      AND l.land = 'NL' AND l.geboortedatum > %(peildatum)s::date - interval '23 years'
    RETURNING bulk_id
)
INSERT INTO outbox_outboxregel (regio_id, sleutel, soort, inhoud, aangemaakt_op, opnieuw_na)
SELECT b.regio_id, b.id::text, 'vva.lever_bulk', jsonb_build_object('bulk', b.id, 'aantal', (SELECT count(*) FROM regels r WHERE r.bulk_id = b.id)),
       now(), now()
FROM bulks b
