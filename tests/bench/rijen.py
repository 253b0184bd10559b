"""The rows of prestaties.md that are measured now: 1, 4, 5, 6, 7 and 9."""

from __future__ import annotations

import io
import json
import resource
import statistics
import tempfile
import uuid
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from accounts.models import Deelname, Gemeente, Organisatie, Vestiging
from accounts.rechten import Rol
from overstap.basis import geheim
from overstap.basis.rls import bereik
from tests.bench.meten import SQL, Klok, Terug, Uitslag, om_en_om
from tests.bench.omgeving import DAG, JAAR, PEILDATUM, alle_regios, als_eigenaar, api_client, landelijk_mbo, ruim_op
from tests.bench.rij_vva import aanmeldstatussen


def _geheugen() -> float:
    """The highest that this process ever used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rij_1(keren: int) -> list[Uitslag]:
    """The bulkmelding of the whole country against one INSERT ... SELECT of the same rows."""
    from vva_berichten.bulkmelding import BulkSoort, make_bulkmeldingen
    from vva_berichten.models import Bulk

    with als_eigenaar() as eigenaar:
        if not eigenaar.execute("SELECT 1 FROM vva_berichten_mboganger LIMIT 1").fetchone():
            eigenaar.execute(
                (SQL / "00_gangers.sql").read_text() % {"jaar": JAAR}
            )  # a constant of ours: several statements take no parameters
    regios = alle_regios()
    telling: dict[str, int] = {}
    ruim_op(
        "vva_berichten_mboganger", "vva_berichten_gemeldeaanmelding", "vva_berichten_bulk", "vva_berichten_bulkregel"
    )

    def eigen() -> float:
        with suppress(Terug), bereik(regios):
            Bulk.objects.filter(overstapjaar=JAAR).delete()
            with Klok() as k:
                gemaakt = make_bulkmeldingen(regios, BulkSoort.BULK_0301, JAAR)
            telling.update(gemeenten=len(gemaakt), leerlingen=sum(g.aantal for g in gemaakt))
            raise Terug
        return k.s

    sql = (SQL / "01_bulk.sql").read_text()

    def grens() -> float:
        with als_eigenaar() as verbinding:
            verbinding.execute("DELETE FROM vva_berichten_bulk WHERE overstapjaar = %s", [JAAR])
            with Klok() as k:
                verbinding.execute(sql, {"jaar": JAAR, "peildatum": PEILDATUM})
            verbinding.rollback()
        return k.s

    voor = _geheugen()
    a, b = om_en_om(eigen, grens, keren)
    extra = {**telling, "geheugen erbij": f"{_geheugen() - voor:.0f} MB"}
    return [Uitslag(1, "bulkmelding van het hele land", f"{telling['leerlingen']} regels", a, b, 1.5, extra)]


def _school_van_400() -> Vestiging:
    """A school with 400 overstappers in regio 21, made through the ordinary actions; kept for the next run."""
    from statuses.actions import AanmeldingRij, LeerlingRij, record_aanmeldingen, record_leerlingen
    from statuses.status import Status
    from tests.wereld import bsn

    with bereik(["21"]):
        bestaand = Vestiging.objects.filter(code="99ZZ00").first()
        if bestaand is not None:
            return bestaand
        gemeente = Gemeente.objects.filter(regio_id="21").order_by("code")[0]
        school = Organisatie.objects.create(code="99ZZ", soort="vo", naam="School van 400")
        mbo = Organisatie.objects.create(code="98ZZ", soort="mbo", naam="Mbo van 400")
        for organisatie in (school, mbo):
            Deelname.objects.create(organisatie=organisatie, regio_id="21")
        plek = Vestiging.objects.create(
            organisatie=school, regio_id="21", code="99ZZ00", naam="School van 400", gemeente=gemeente
        )
        decaan, medewerker = _actor(Rol.DECAAN, school), _actor(Rol.MBO_MEDEWERKER, mbo)
        nummers = [bsn(5000 + n) for n in range(400)]
        record_leerlingen(
            [
                LeerlingRij("bsn", nummer, "Noor", f"Achternaam{n}", date(2009, 5, 1), plek.id, "21", JAAR, "vmbo", gemeente=gemeente.code,
                            klas=f"4{'ABCDEFGH'[n % 8]}", leerweg="bb", overstapper=True, overstapper_sinds=date(2025, 10, 3))
                for n, nummer in enumerate(nummers)
            ],
            actor=decaan, bron="las",
        )  # fmt: skip
        statussen = [Status.AANGEMELD, Status.INTAKE, Status.VOORLOPIG, Status.DEFINITIEF, Status.AFGEWEZEN]
        record_aanmeldingen(
            [AanmeldingRij(f"Z-{n}", "bsn", nummer, statussen[n % 5], date(2026, 2, 2), 1, JAAR, opleiding="Verzorgende IG")
             for n, nummer in enumerate(nummers) if n % 7],
            mbo=mbo, actor=medewerker, bron="sis",
        )  # fmt: skip
        return plek


def _actor(rol: Rol, organisatie: Organisatie) -> Any:
    from accounts.actor import Actor
    from accounts.rechten import Soort

    regios = frozenset(Deelname.objects.filter(organisatie=organisatie).values_list("regio_id", flat=True))
    return Actor(
        "intern",
        None,
        "bench",
        rol,
        organisatie.id,
        organisatie.code,
        organisatie.naam,
        Soort(organisatie.soort),
        regios,
    )


def rij_4(keren: int) -> list[Uitslag]:
    """/leerlingen of a school with 400 overstappers in the country, against the same page with that school alone."""
    from tests.bench.pagina import kleine_database, meet_pagina

    plek = _school_van_400()
    klein = kleine_database(plek)
    eigen, queries = meet_pagina(connections["default"].settings_dict["NAME"], keren)
    grens, queries_klein = meet_pagina(klein, keren)
    extra = {"queries van de pagina": queries, "in de kleine": queries_klein}
    if queries > 12 or queries != queries_klein:
        extra["gemist"] = "queries"
    return [Uitslag(4, "/leerlingen van een school met 400", "400 leerlingen", eigen, grens, 1.2, extra)]


def rij_5(keren: int) -> list[Uitslag]:
    """All counts of /vandaag for leerplicht of a whole regio against one SQL with the same counts."""
    from accounts.actor import Actor
    from accounts.rechten import Soort
    from statuses.tellingen import tel_stappen
    from statuses.termijnen import kalender
    from statuses.werklijsten import stappen_van

    beheer = Organisatie.objects.get(code="RMC21")
    actor = Actor(
        "mens", beheer.id, "Bench", Rol.LEERPLICHT, beheer.id, beheer.code, beheer.naam, Soort.BEHEERORGANISATIE, frozenset({"21"})
    )  # fmt: skip
    sql, params = (SQL / "05_tellingen.sql").read_text(), {"regio": "21", "jaar": JAAR}
    stappen, k = stappen_van(Rol.LEERPLICHT), kalender(JAAR)
    telling: dict[str, dict[str, int]] = {}

    def eigen() -> float:
        with bereik(["21"]), Klok() as klok:
            telling["eigen"] = tel_stappen(stappen, actor, k, DAG)
        return klok.s

    def grens() -> float:
        with bereik(["21"]), connection.cursor() as cursor, Klok() as klok:
            cursor.execute(sql, params)
            telling["grens"] = dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True))
        return klok.s

    a, b = om_en_om(eigen, grens, max(20, keren))
    extra: dict[str, Any] = {"tellingen": len(telling["grens"])}
    if telling["eigen"] != telling["grens"]:
        extra |= {"gemist": "andere getallen", **telling}
    return [
        Uitslag(
            5, "tellingen van /vandaag, leerplicht van een regio", f"{telling['grens']['alle']} rijen", a, b, 2.0, extra
        )
    ]


def rij_6(keren: int) -> list[Uitslag]:
    """Excel per school of regio 21 (zip) against bare openpyxl write-only of the same cells."""
    import openpyxl

    from accounts.actor import interne_actor
    from rapportages.actions import opdracht_van, schrijf_bestand

    with tempfile.TemporaryDirectory() as map_:
        doel = Path(map_) / "scholen.zip"

        def eigen() -> float:
            with suppress(Terug), bereik(["21"]):
                with Klok() as k:
                    opdracht = opdracht_van(
                        interne_actor(frozenset(["21"]), Rol.AANJAGER), "21", JAAR, {"per_school": True}
                    )
                    schrijf_bestand("scholen", opdracht, doel)
                raise Terug
            return k.s

        eigen()
        voor = _geheugen()
        eigen()
        erbij = _geheugen() - voor
        boeken = []
        with zipfile.ZipFile(doel) as zip_:
            for naam in zip_.namelist():
                boek = openpyxl.load_workbook(io.BytesIO(zip_.read(naam)), read_only=True)
                boeken.append(
                    (naam, [(blad.title, [list(r) for r in blad.iter_rows(values_only=True)]) for blad in boek])
                )
        cellen = sum(len(r) for _, bladen in boeken for _, rijen in bladen for r in rijen)

        def grens() -> float:
            with Klok() as k, zipfile.ZipFile(Path(map_) / "kaal.zip", "w", zipfile.ZIP_DEFLATED) as zip_:
                for naam, bladen in boeken:
                    boek = openpyxl.Workbook(write_only=True)
                    for titel, rijen in bladen:
                        blad = boek.create_sheet(titel)
                        for rij in rijen:
                            blad.append(rij)
                    buffer = io.BytesIO()
                    boek.save(buffer)
                    zip_.writestr(naam, buffer.getvalue())
            return k.s

        a, b = om_en_om(eigen, grens, keren)
    extra: dict[str, Any] = {"bestanden": len(boeken), "geheugen erbij": f"{erbij:.0f} MB"}
    if erbij > 30:
        extra["gemist"] = "geheugen"
    return [Uitslag(6, "Excel per school van een regio (zip)", f"{cellen} cellen", a, b, 1.15, extra)]


def rij_7(keren: int) -> list[Uitslag]:
    """5,000 aanmeldingen in one call of the API, and 1,000 aanmeldstatussen (rij_vva), against set-based SQL that fills the same tables."""
    regios = alle_regios()
    mbo = landelijk_mbo(regios)
    with bereik(regios), connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id, l.pgn_soort, l.pgn_index, l.pgn_versleuteld FROM statuses_overstap o JOIN statuses_leerling l ON l.id = o.leerling_id "
            "WHERE o.overstapjaar = %s AND o.gemarkeerd_sinds IS NOT NULL AND o.gesloten_op IS NULL ORDER BY o.id LIMIT 5000",
            [JAAR],
        )
        wie = cursor.fetchall()
    pgns = [(soort, geheim.ontsleutel(ruw, pk).decode()) for pk, soort, _, ruw in wie]
    soort_van = {"bsn": "burgerservicenummer", "own": "onderwijsnummer"}
    ronde = iter(range(1_000_000))
    ruim_op(
        "statuses_overstap",
        "statuses_aanmelding",
        "statuses_gebeurtenis",
        "accounts_logregel",
        "accounts_logonderwerp",
        "outbox_outboxregel",
    )

    def inhoud(n: int) -> str:
        return json.dumps({"aanmeldingen": [
            {"aanmeldId": f"B{n}-{i}", "pgn": {soort_van[soort]: pgn}, "overstapjaar": "2025-2026", "status": "aangemeld",
             "statusDatum": DAG.isoformat(), "volgnummer": 1,
             "opleiding": {"crebo": "25491", "naam": "Verzorgende IG", "niveau": 3, "leerweg": "bol"}}
            for i, (soort, pgn) in enumerate(pgns)]})  # fmt: skip

    roep = api_client(mbo, "aanmeldingen:schrijven")

    def eigen() -> float:
        body = inhoud(next(ronde))
        with suppress(Terug), transaction.atomic():
            with Klok() as k:
                antwoord = roep("/api/v1/aanmeldingen", body)
            uit = [r["uitkomst"] for r in antwoord.json()["resultaten"]]
            assert uit.count("verwerkt") == len(pgns), {u: uit.count(u) for u in set(uit)}
            raise Terug
        return k.s

    sql = (SQL / "07_aanmeldingen.sql").read_text()
    indexen = [bytes(index) for _, _, index, _ in wie]

    def grens() -> float:
        n = next(ronde)
        waarden = {"index": indexen, "aanmeld_id": [f"B{n}-{i}" for i in range(len(wie))], "hash": [uuid.uuid4().bytes * 2 for _ in wie],
                   "mbo": mbo.id, "jaar": JAAR, "dag": DAG}  # fmt: skip
        with als_eigenaar() as verbinding:
            with Klok() as k:
                verbinding.execute(sql, waarden)
            verbinding.rollback()
        return k.s

    a, b = om_en_om(eigen, grens, keren)
    return [Uitslag(7, "aanmeldingen in een aanroep", f"{len(pgns)} rijen", a, b, 2.0), aanmeldstatussen(keren)]


def rij_9(keren: int) -> list[Uitslag]:
    """Row level security on (the app) against off (the owner): the same queries, the same plan, median of 20."""
    from rapportages.ambities import sql_ambities

    plek = _school_van_400()
    params = {
        "regios": ["21"],
        "jaar": JAAR,
        "peildatum": DAG,
        "bekend": DAG,
        "beginstand": date(2025, 11, 1),
        "vestiging": plek.id,
    }
    vragen = {
        "lijst van een school": "SELECT o.*, l.* FROM statuses_overstap o JOIN statuses_leerling l ON l.id = o.leerling_id "
        "WHERE o.regio_id = ANY(%(regios)s) AND o.overstapjaar = %(jaar)s AND o.vestiging_id = %(vestiging)s AND o.gemarkeerd_sinds IS NOT NULL "
        "ORDER BY l.zoeknaam, o.id LIMIT 100",
        "tellingen van een regio": "SELECT o.leidende_status, count(*) FROM statuses_overstap o WHERE o.regio_id = ANY(%(regios)s) "
        "AND o.overstapjaar = %(jaar)s AND EXISTS (SELECT 1 FROM statuses_aanmelding a WHERE a.overstap_id = o.id AND a.regio_id = ANY(%(regios)s)) "
        "GROUP BY 1",
        "ambities van een regio": sql_ambities(
            "vestiging", "count(*) FILTER (WHERE aangemerkt AND aangemeld), count(*) FILTER (WHERE aangemerkt)"
        ),
    }
    uit = []
    for naam, sql in vragen.items():
        met, zonder, plannen = _met_en_zonder(sql, params, max(20, keren))
        extra = {} if plannen[0] == plannen[1] else {"plan": "anders"}
        uit.append(Uitslag(9, f"regels van rij aan: {naam}", "mediaan van 20", met, zonder, 1.15, extra))
    return uit


def _met_en_zonder(sql: str, params: dict[str, Any], keren: int) -> tuple[float, float, list[list[str]]]:
    def vormen(plan: Any) -> list[str]:
        knopen = [str(plan["Node Type"])]
        for deel in plan.get("Plans", []):
            knopen += vormen(deel)
        return knopen

    tijden: tuple[list[float], list[float]] = ([], [])
    plannen = []
    with bereik(["21"]), als_eigenaar() as eigenaar, connection.cursor() as app:
        for voer_uit in (app.execute, eigenaar.execute):
            cursor = voer_uit(f"EXPLAIN (FORMAT JSON) {sql}", params)
            rij = app.fetchone() if voer_uit == app.execute else cursor.fetchone()
            plan = rij[0] if not isinstance(rij[0], str) else json.loads(rij[0])
            plannen.append(vormen(plan[0]["Plan"]))
        for _ in range(keren):
            with Klok() as k:
                app.execute(sql, params)
                app.fetchall()
            tijden[0].append(k.s)
            with Klok() as k:
                eigenaar.execute(sql, params).fetchall()
            tijden[1].append(k.s)
    return statistics.median(tijden[0]), statistics.median(tijden[1]), plannen


RIJEN: dict[int, Callable[[int], list[Uitslag]]] = {1: rij_1, 4: rij_4, 5: rij_5, 6: rij_6, 7: rij_7, 9: rij_9}
