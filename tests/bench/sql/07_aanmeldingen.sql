-- Row 7. 5,000 new aanmeldingen into the same tables as our call: aanmelding, gebeurtenis, overstap, log, outbox. Set-based,
-- without judging anything. Input: arrays of pgn_index, aanmeld_id and hash.
WITH invoer AS (
    SELECT * FROM unnest(%(index)s::bytea[], %(aanmeld_id)s::text[], %(hash)s::bytea[]) AS i (pgn_index, aanmeld_id, hash)
), doel AS (
    SELECT o.id, o.regio_id, o.leerling_id, o.volgnr, o.aantal_aanmeldingen, i.aanmeld_id, i.hash, gen_random_uuid() AS aanmelding,
           gen_random_uuid() AS regel
    FROM invoer i
    JOIN statuses_leerling l ON l.pgn_index = i.pgn_index
    JOIN statuses_overstap o ON o.leerling_id = l.id AND o.overstapjaar = %(jaar)s
    ORDER BY o.id
), geld AS (
    UPDATE statuses_overstap o SET leidende_status = GREATEST(o.leidende_status, 7), leidend_sinds = %(dag)s, volgnr = o.volgnr + 1,
           aantal_aanmeldingen = o.aantal_aanmeldingen + 1, versie = o.versie + 1, gewijzigd_op = now()
    FROM doel d WHERE o.id = d.id RETURNING o.id
), a AS (
    INSERT INTO statuses_aanmelding (id, regio_id, overstap_id, mbo_id, overstapjaar, aanmeld_id, nr, crebo, opleiding, niveau, leerweg, status,
                                     status_datum, aanmeld_datum, volgnummer, reden_code, aanwezigheid, bron, inhoud_hash)
    SELECT aanmelding, regio_id, id, %(mbo)s, %(jaar)s, aanmeld_id, aantal_aanmeldingen + 1, '25491', 'Verzorgende IG', 3, 'bol', 7, %(dag)s,
           %(dag)s, 1, '', '', 'sis', hash FROM doel RETURNING 1
), g AS (
    INSERT INTO statuses_gebeurtenis (id, regio_id, overstap_id, overstapjaar, volgnr, spoor, van, naar, geldig_op, geregistreerd_op, bron,
                                      actor_soort, actor_id, organisatie_id, reden_code, zekerheid, correctie)
    SELECT gen_random_uuid(), regio_id, id, %(jaar)s, volgnr + 1, 10 + aantal_aanmeldingen + 1, NULL, 7, %(dag)s, now(), 'sis', 'systeem',
           %(mbo)s, %(mbo)s, '', '', false FROM doel RETURNING 1
), log AS (
    INSERT INTO accounts_logregel (id, tijdstip, regio_id, actor_soort, actor_id, rol, organisatie_id, handeling, object_soort, object_id, doel,
                                   uitkomst, aantal, details)
    SELECT regel, now(), regio_id, 'systeem', %(mbo)s, 'mbo_medewerker', %(mbo)s, 'status.aanmelden', 'overstap', id::text, 'aanmelding',
           'gedaan', 1, '{}' FROM doel RETURNING 1
), wie AS (
    INSERT INTO accounts_logonderwerp (id, regel_id, regio_id, leerling_id)
    SELECT gen_random_uuid(), regel, regio_id, leerling_id FROM doel RETURNING 1
)
INSERT INTO outbox_outboxregel (regio_id, sleutel, soort, inhoud, aangemaakt_op, opnieuw_na)
SELECT regio_id, id::text, 'statuses.status_gewijzigd',
       jsonb_build_object('overstap', id, 'van', volgnr + 1, 'tot', volgnr + 1, 'sporen', jsonb_build_array('aanmelding')), now(), now()
FROM doel
