-- The stand per mbo-ganger and what mbo's reported, as the messages of a whole jaar would have left them.
INSERT INTO vva_berichten_mboganger (id, regio_id, overstapjaar, pgn_soort, pgn_index, pgn_versleuteld, brin, vestiging, gemeente_id,
                                     is_mbo_ganger, volgnummer, wijzigingsdatum, overstap_id)
SELECT gen_random_uuid(), o.regio_id, o.overstapjaar, l.pgn_soort, l.pgn_index, l.pgn_versleuteld, left(v.code, 4), v.code, l.gemeente_id,
       true, 1, o.gemarkeerd_sinds, o.id
FROM statuses_overstap o
JOIN statuses_leerling l ON l.id = o.leerling_id
JOIN accounts_vestiging v ON v.id = o.vestiging_id
JOIN accounts_gemeente g ON g.code = l.gemeente_id AND g.regio_id = o.regio_id
WHERE o.gemarkeerd_sinds IS NOT NULL AND o.onderwijssoort NOT IN ('havo', 'vwo') AND o.overstapjaar = %(jaar)s;
INSERT INTO vva_berichten_mbogangermelding (id, regio_id, mbo_ganger_id, volgnummer, is_mbo_ganger, wijzigingsdatum)
SELECT gen_random_uuid(), regio_id, id, 1, true, wijzigingsdatum FROM vva_berichten_mboganger;
INSERT INTO vva_berichten_gemeldeaanmelding (id, regio_id, overstapjaar, pgn_soort, pgn_index, mbo_code, aanmeld_id, volgnummer, status, status_datum)
SELECT gen_random_uuid(), m.regio_id, m.overstapjaar, m.pgn_soort, m.pgn_index, mbo.code, a.aanmeld_id, 1,
       CASE a.status WHEN 12 THEN 'INGESCHREVEN' WHEN 10 THEN 'OOK_AANGEBODEN' WHEN 5 THEN 'LEIDT_NIET_TOT_INSCHRIJVING'
                     WHEN 4 THEN 'INGETROKKEN' WHEN 3 THEN 'INGETROKKEN' ELSE 'AANMELDING_ONTVANGEN' END, a.status_datum
FROM vva_berichten_mboganger m
JOIN statuses_aanmelding a ON a.overstap_id = m.overstap_id
JOIN accounts_organisatie mbo ON mbo.id = a.mbo_id;
ANALYZE vva_berichten_mboganger; ANALYZE vva_berichten_mbogangermelding; ANALYZE vva_berichten_gemeldeaanmelding
