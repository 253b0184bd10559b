-- Row 7. 1,000 new aanmeldstatussen into the same tables as our call: bericht, outbox, log. Set-based, without judging anything;
-- only W304 (no marked overstap of this leerling here) is looked up, for it stands in the row. Input: an array per column of what
-- the message itself says, encrypted and hashed already.
WITH invoer AS (
    SELECT * FROM unnest(%(id)s::uuid[], %(bericht_id)s::uuid[], %(gemeente)s::text[], %(pgn_soort)s::text[], %(pgn_index)s::bytea[],
                         %(sleutel)s::bytea[], %(hash)s::bytea[], %(inhoud)s::bytea[])
                  AS i (id, bericht_id, gemeente, pgn_soort, pgn_index, sleutel, hash, inhoud)
), gemarkeerd AS (
    SELECT DISTINCT l.pgn_soort, l.pgn_index
    FROM invoer i
    JOIN statuses_leerling l ON l.pgn_index = i.pgn_index AND l.pgn_soort = i.pgn_soort
    JOIN statuses_overstap o ON o.leerling_id = l.id AND o.overstapjaar = %(jaar)s AND o.gemarkeerd_sinds IS NOT NULL
), doel AS (
    SELECT i.*, g.regio_id, ontvanger.id AS ontvanger, m.pgn_index IS NOT NULL AS bekend
    FROM invoer i
    JOIN accounts_gemeente g ON g.code = i.gemeente
    JOIN accounts_organisatie ontvanger ON ontvanger.code = i.gemeente AND ontvanger.soort = 'gemeente'
    LEFT JOIN gemarkeerd m ON m.pgn_index = i.pgn_index AND m.pgn_soort = i.pgn_soort
), b AS (
    INSERT INTO vva_berichten_bericht (id, regio_id, bericht_id, richting, soort, overstapjaar, sleutel, volgnummer, verzender_id, ontvanger_id,
                                       inhoud, inhoud_hash, uitkomst, codes, gemaakt_op)
    SELECT id, regio_id, bericht_id, 'in', 'AANMELDSTATUS', %(jaar)s, sleutel, 1, %(mbo)s, ontvanger, inhoud, hash,
           CASE WHEN bekend THEN 'verwerkt' ELSE 'opgeslagen' END, CASE WHEN bekend THEN '' ELSE 'W304' END, now()
    FROM doel RETURNING 1
), log AS (
    INSERT INTO accounts_logregel (id, tijdstip, regio_id, actor_soort, actor_id, rol, organisatie_id, handeling, object_soort, object_id, doel,
                                   uitkomst, aantal, details)
    SELECT gen_random_uuid(), now(), min(regio_id), 'systeem', %(mbo)s, 'mbo_medewerker', %(mbo)s, 'vva.ontvangen', 'AANMELDSTATUS', '', '',
           'gedaan', count(*), jsonb_build_object('ok', count(*)) FROM doel RETURNING 1
)
INSERT INTO outbox_outboxregel (regio_id, sleutel, soort, inhoud, aangemaakt_op, opnieuw_na)
SELECT regio_id, 'vva-in:' || regio_id, 'vva.verwerk_inkomend', jsonb_build_object('berichten', jsonb_agg(id)), now(), now()
FROM (SELECT id, regio_id, (row_number() OVER (PARTITION BY regio_id ORDER BY id) - 1) / 250 AS deel FROM doel) d
GROUP BY regio_id, deel
