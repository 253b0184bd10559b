-- Row 5: the counts of /vandaag for leerplicht (RMC-functie) of one regio on a day before 2 April, written from domein.md 2 and 3:
-- all marked overstappen, LP1 (13), LP2 (risico or no-show, not at leerplicht, not handed back since), LP3 (14).
SELECT count(*) FILTER (WHERE true) AS alle,
    count(*) FILTER (WHERE o.gesloten_op IS NULL AND o.spoor_leerplicht = 13) AS "LP1",
    count(*) FILTER (WHERE o.gesloten_op IS NULL AND (o.spoor_leerplicht IS NULL OR o.spoor_leerplicht NOT IN (13, 14)) AND (
        (o.onderwijssoort NOT IN ('havo', 'vwo') AND o.leidende_status IN (4, 5, 13, 14) AND (
            o.spoor_leerplicht IS DISTINCT FROM 2
            OR EXISTS (SELECT 1 FROM statuses_aanmelding a WHERE a.overstap_id = o.id AND a.regio_id = o.regio_id AND a.status_datum > o.leerplicht_sinds)))
        OR (o.onderwijssoort NOT IN ('havo', 'vwo') AND EXISTS (
            SELECT 1 FROM statuses_aanmelding a WHERE a.overstap_id = o.id AND a.regio_id = o.regio_id AND a.status = 12 AND a.aanwezigheid = 'no_show'
                AND (o.spoor_leerplicht IS NULL OR a.aanwezigheid_op > o.leerplicht_sinds)))
    )) AS "LP2",
    count(*) FILTER (WHERE o.gesloten_op IS NULL AND o.spoor_leerplicht = 14) AS "LP3"
FROM statuses_overstap o
WHERE o.regio_id = %(regio)s AND o.overstapjaar = %(jaar)s AND o.gemarkeerd_sinds IS NOT NULL
