"""`demo` on small numbers: what arrives is complete and obeys the rules."""

import json
from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from stdnum.nl import brin, bsn, onderwijsnummer

from accounts.actor import actor_van_lidmaatschap
from accounts.models import Gebruiker, Lidmaatschap, Organisatie, Vestiging
from accounts.rechten import Rol, Soort
from overstap.basis import geheim
from overstap.basis.rls import bereik
from statuses.beoordelen import AanmeldStand, Context, Geweigerd, Stand, Verzoek, beoordeel
from statuses.models import (
    Aanmelding,
    BuitenRegio,
    Gebeurtenis,
    Leerling,
    Levering,
    NietVerwerkt,
    Overstap,
    Toelichting,
)
from statuses.niet_verwerkt import aangemeld_niet_aangevinkt, afgehandeld_q
from statuses.overgangen import Via
from statuses.status import Spoor, Status
from statuses.termijnen import kalender
from tests.demo.hulp import VANDAAG
from vva_berichten import geschikt
from vva_berichten.models import Bericht, Bulk, MboGanger, PostbusRegel
from vva_berichten.uitgaand import mbo_gangers


def test_every_status_occurs_and_the_recount_agrees(gevuld: dict[str, Any]) -> None:
    verslag = gevuld
    assert verslag["nieuw"] is True
    assert verslag["overstapjaren"] == ["2025-2026", "2024-2025"]
    assert verslag["leerlingen"] == 1400
    with bereik(["21"]):
        nu = Overstap.objects.filter(overstapjaar=2025)
        leidend = Counter(nu.values_list("leidende_status", flat=True))
        op_aanmelding = Counter(Aanmelding.objects.filter(overstapjaar=2025).values_list("status", flat=True))
        # Beeindigd needs another aanmelding that goes on at the same mbo, so it never leads by itself.
        assert [s for s in Status if not leidend[s] and not op_aanmelding[s]] == []
        assert [s for s in Status if not leidend[s]] == [Status.BEEINDIGD]
        assert leidend[None] > 0
        assert verslag["perStatus"] == {s.code: leidend[s] for s in Status}
    uit = StringIO()
    call_command("controleer_statussen", "--regio", "21", "--json", stdout=uit)
    assert json.loads(uit.getvalue()) == {"gecontroleerd": 1400, "verschillen": []}


def test_nothing_lies_after_today_or_before_its_jaar(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        assert Gebeurtenis.objects.filter(geldig_op__gte=VANDAAG).count() == 0
        assert Gebeurtenis.objects.filter(geregistreerd_op__date__gte=VANDAAG).count() == 0
        assert Gebeurtenis.objects.filter(geregistreerd_op__date__lt=date(2024, 9, 1)).count() == 0
        laat = Gebeurtenis.objects.filter(overstapjaar=2024, spoor__gt=10, geldig_op__gt=date(2025, 10, 15))
        assert laat.count() == 0
    with connection.cursor() as cursor, bereik(["21"]):
        cursor.execute(
            "SELECT count(*) FROM statuses_gebeurtenis WHERE (geregistreerd_op AT TIME ZONE 'Europe/Amsterdam')::date < geldig_op"
        )
        assert cursor.fetchone() == (0,)


def test_invented_schools_and_numbers_that_belong_to_nobody(gevuld: dict[str, Any]) -> None:
    scholen = Organisatie.objects.filter(soort=Soort.VO.value)
    assert scholen.count() > 50
    assert all(brin.is_valid(code) and code.startswith("90") for code in scholen.values_list("code", flat=True))
    assert Vestiging.objects.count() == 114
    with bereik(["21"]):
        for leerling in Leerling.objects.all()[:300]:
            nummer = geheim.ontsleutel(leerling.pgn_versleuteld, leerling.id).decode()
            if leerling.pgn_soort == "bsn":
                assert bsn.is_valid(nummer)
                assert nummer.startswith("9999")
            else:
                assert onderwijsnummer.is_valid(nummer)
            assert bytes(leerling.pgn_index) == geheim.blinde_index(leerling.pgn_soort, nummer)


def test_edge_cases_of_the_domain_are_there(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        nu = Overstap.objects.filter(overstapjaar=2025)
        redenen = set(nu.exclude(vo_reden="").values_list("vo_reden", flat=True))
        assert redenen >= {
            "havo", "blijft_in_vo", "mbo_buiten_regio", "vavo", "particulier", "arbeid", "buitenland", "anders"
        }  # fmt: skip
        assert nu.filter(uitstroomprofiel="dagbesteding", gemarkeerd_sinds=None).exists()
        assert nu.exclude(uitbesteed_aan="").exists()
        assert nu.filter(bezwaar=True, spoor_leerplicht=Status.LP_INGESCHAKELD).exists()
        assert nu.filter(leerling__geheim_adres=True).exists()
        assert nu.filter(leerling__land="BE", leerling__gemeente=None).exists()
        assert nu.filter(onderwijssoort="havo").exists()
        assert set(nu.values_list("onderwijssoort", flat=True)) >= {"vmbo", "pro", "vso", "vavo", "isk", "havo"}
        assert BuitenRegio.objects.count() == 9
        assert Levering.objects.filter(soort="aanmeldingen").count() == 10


def test_an_account_for_every_role(gevuld: dict[str, Any]) -> None:
    verslag = gevuld
    assert {a["rol"] for a in verslag["accounts"]} == {r.value for r in Rol}
    gebruiker = Gebruiker.objects.get(email=verslag["accounts"][0]["email"])
    assert gebruiker.is_demo
    assert gebruiker.check_password(verslag["accounts"][0]["wachtwoord"])
    lid = Lidmaatschap.objects.get(gebruiker=gebruiker)
    with bereik(["21"]):
        eigen = Overstap.objects.filter(vestiging__in=lid.vestigingen.all(), overstapjaar=2025)
        assert eigen.filter(gemarkeerd_sinds=None).exists()
        assert eigen.exclude(gemarkeerd_sinds=None).exists()


def test_the_gemeenten_know_what_was_reported(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        nu = Overstap.objects.filter(overstapjaar=2025)
        gemeld = nu.filter(mbo_ganger=True)
        assert gemeld.count() > 300
        assert not gemeld.filter(onderwijssoort__in=["havo", "vwo"]).exists()
        assert not gemeld.filter(leerling__gemeente=None).exists()
        assert nu.filter(mbo_ganger=False, vo_reden="havo").exists()
        # What the demo says was reported is what the real rules would leave as it is.
        for overstap in gemeld.select_related("leerling"):
            oordeel, _ = geschikt.beoordeel(mbo_gangers.feiten(overstap))
            assert oordeel != geschikt.Oordeel.NEE or overstap.gewijzigd_op.date() >= date(2026, 3, 13)
        stand = MboGanger.objects.filter(overstapjaar=2025)
        assert stand.count() == nu.exclude(mbo_ganger=None).filter(leerling__gemeente__regio="21").count()
        assert Bulk.objects.filter(soort="BULK_0301", overstapjaar=2025).count() == 14
        assert nu.exclude(in_bulk_op=None).count() == sum(Bulk.objects.values_list("aantal", flat=True)) > 0
        open_ = [s.value for s in Status if s.code in ("aangemeld", "intake", "voorlopig", "definitief")]
        in_bulk = nu.exclude(in_bulk_op=None)
        assert not in_bulk.filter(
            aanmeldingen__status__in=open_, aanmeldingen__aanmeld_datum__lt=date(2026, 1, 1)
        ).exists()
        assert PostbusRegel.objects.exclude(bericht=None).count() == Bericht.objects.count() > 250


def _verzoek(g: Gebeurtenis, tekst: str, mbo_id: object) -> Verzoek:
    if g.spoor > 10:
        rol = Rol.MBO_MEDEWERKER
    elif g.spoor == 3 and g.naar not in (None, Status.LP_INGESCHAKELD):
        rol = Rol.LEERPLICHT
    else:
        rol = Rol.DECAAN
    return Verzoek(
        g.spoor_naam,
        Status(g.naar) if g.naar else None,
        rol,
        Via.PAGINA if g.bron == "pagina" else Via.FEED,
        g.geldig_op,
        g.reden_code,
        tekst,
        g.zekerheid,
        nr=g.spoor - 10 if g.spoor > 10 else None,
        mbo_id=mbo_id,
        opleiding="opleiding",
        kans_bevestigd=True,
        correctie=g.correctie,
    )


def test_every_history_is_allowed_by_the_rules(gevuld: dict[str, Any]) -> None:
    """Replayed step by step through `beoordeel`, as of the day that it was registered."""
    with bereik(["21"]):
        overstappen = list(Overstap.objects.exclude(volgnr=0).prefetch_related("gebeurtenissen", "aanmeldingen"))
        teksten = dict(Toelichting.objects.values_list("gebeurtenis_id", "tekst"))
    geweigerd: list[str] = []
    stappen = 0
    for o in overstappen:
        stand = Stand(onderwijssoort=o.onderwijssoort, grondslag=not o.bezwaar)
        mbo = {a.nr: a.mbo_id for a in o.aanmeldingen.all()}
        leidend_sinds = None
        for g in sorted(o.gebeurtenissen.all(), key=lambda g: g.volgnr):
            verzoek = _verzoek(g, teksten.get(g.id, ""), mbo.get(g.spoor - 10))
            assert stand.van(verzoek.spoor, verzoek.nr) == g.van
            dag = timezone.localtime(g.geregistreerd_op).date()
            uitkomst = beoordeel(stand, verzoek, Context(dag, kalender(o.overstapjaar)))
            stappen += 1
            if isinstance(uitkomst, Geweigerd):
                geweigerd.append(f"{g.bron} {g.van} -> {g.naar} {g.reden_code} {g.geldig_op}: {uitkomst.code}")
                break
            assert uitkomst.correctie == g.correctie
            assert uitkomst.geldig_op == g.geldig_op
            was = stand.leidend
            _zet(stand, verzoek, mbo)
            if stand.leidend != was:
                leidend_sinds = g.geldig_op if stand.leidend else None
        assert (stand.leidend, leidend_sinds) == (o.leidende_status, o.leidend_sinds)
    assert geweigerd == []
    assert stappen > 4000


def _zet(stand: Stand, v: Verzoek, mbo: dict[int, Any]) -> None:
    if v.spoor == Spoor.MARKERING:
        stand.gemarkeerd_sinds, stand.markering_sinds = v.geldig_op if v.naar else None, v.geldig_op
    elif v.spoor == Spoor.VO:
        stand.vo, stand.vo_sinds, stand.vo_reden, stand.vo_zekerheid = v.naar, v.geldig_op, v.reden_code, v.zekerheid
    elif v.spoor == Spoor.LEERPLICHT:
        stand.leerplicht, stand.leerplicht_sinds = v.naar, v.geldig_op
    else:
        assert v.nr is not None
        assert v.naar is not None
        stand.aanmeldingen[v.nr] = AanmeldStand(v.nr, mbo[v.nr], v.naar, v.geldig_op)


def test_rows_of_a_sis_that_were_not_applied_and_a_question_to_the_decaan(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        rijen = Counter(NietVerwerkt.objects.exclude(afgehandeld_q()).values_list("soort", "code"))
        assert all(rijen["aanmelding", code] >= 2 for code in ("W302", "W303", "W304"))
        assert rijen["leerling", "W303"] == 1
        decaan = Lidmaatschap.objects.get(gebruiker__email="decaan@demo.overstap.example")
        assert aangemeld_niet_aangevinkt(actor_van_lidmaatschap(decaan)).exists()
