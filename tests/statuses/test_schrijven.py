"""The one writer: stand, history, log and event in one transaction; refusals leave nothing."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis.outbox.models import OutboxRegel
from statuses import events
from statuses.actions import VersieGewijzigd, Wijziging, change_statuses, record_aanwezigheid
from statuses.beoordelen import Verzoek
from statuses.models import Gebeurtenis, Overstap, Toelichting
from statuses.overgangen import Via
from statuses.status import Spoor, Status
from tests.statuses.conftest import VANDAAG, Klein

S = Status


def test_een_wijziging_schrijft_geschiedenis_stand_log_en_event(klein: Klein) -> None:
    overstap = klein.leerling()
    resultaat = klein.wijzig(
        overstap, Spoor.LEERPLICHT, S.LP_INGESCHAKELD, Rol.DECAAN, tekst="Komt niet meer op school."
    )
    assert resultaat.gelukt
    overstap.refresh_from_db()
    assert (overstap.leidende_status, overstap.spoor_leerplicht, overstap.volgnr, overstap.leidend_sinds) == (
        13,
        13,
        2,
        VANDAAG,
    )
    gebeurtenis = Gebeurtenis.objects.get(pk=resultaat.gebeurtenis_id)
    assert (gebeurtenis.van, gebeurtenis.naar, gebeurtenis.geldig_op, gebeurtenis.bron) == (None, 13, VANDAAG, "pagina")
    assert Toelichting.objects.get(gebeurtenis=gebeurtenis).tekst == "Komt niet meer op school."
    log = LogRegel.objects.get(handeling="status.leerplicht_inschakelen")
    assert log.onderwerpen.get().leerling_id == overstap.leerling_id
    event = OutboxRegel.objects.filter(soort=events.STATUS_GEWIJZIGD).latest("id")
    assert event.inhoud == {"overstap": str(overstap.id), "van": 2, "tot": 2, "sporen": ["leerplicht"]}


def test_een_weigering_laat_niets_achter(klein: Klein) -> None:
    overstap = klein.leerling()
    voor = (Gebeurtenis.objects.count(), LogRegel.objects.count(), OutboxRegel.objects.count())
    resultaat = klein.wijzig(overstap, Spoor.LEERPLICHT, S.LP_INGESCHAKELD, Rol.DECAAN, tekst="")
    assert not resultaat.gelukt
    assert (Gebeurtenis.objects.count(), LogRegel.objects.count(), OutboxRegel.objects.count()) == voor
    versie = overstap.versie
    overstap.refresh_from_db()
    assert overstap.versie == versie


def test_wie_intussen_is_ingehaald_hoort_dat(klein: Klein) -> None:
    overstap = klein.leerling()
    versie = overstap.versie
    velden = {"reden_code": "havo", "zekerheid": "zeker"}
    assert klein.wijzig(overstap, Spoor.VO, S.VERVOLGKEUZE_VO, Rol.DECAAN, versie=versie, **velden).gelukt
    with pytest.raises(VersieGewijzigd) as fout:
        klein.wijzig(overstap, Spoor.VO, None, Rol.DECAAN, versie=versie)
    assert fout.value.versie == versie + 1
    assert Overstap.objects.get(pk=overstap.pk).spoor_vo == 6


def test_honderd_tegelijk_kosten_evenveel_queries_als_tien(klein: Klein) -> None:
    def markeer(aantal: int) -> int:
        ids = [klein.leerling(overstapper=None, overstapper_sinds=None).id for _ in range(aantal)]
        verzoek = Verzoek(Spoor.MARKERING, S.ZONDER_AANMELDING, Rol.DECAAN, Via.PAGINA, VANDAAG)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            uit = change_statuses([Wijziging(pk, verzoek) for pk in ids], actor=klein.actor(Rol.DECAAN))
        assert all(r.gelukt for r in uit)
        return len(queries)

    # lock, aanmeldingen, regio, redenen, update, insert x4 (gebeurtenis, log, onderwerp, outbox), savepoint x2
    assert markeer(10) == markeer(100) <= 12


def test_de_geschiedenis_kan_niemand_wijzigen(klein: Klein) -> None:
    klein.leerling()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Gebeurtenis.objects.update(naar=12)


def test_een_groep_beoordeelt_elk_apart_en_ziet_wat_eerder_in_de_groep_gebeurde(klein: Klein) -> None:
    een, twee = klein.leerling(), klein.leerling(bezwaar=True)
    inschakelen = Verzoek(Spoor.LEERPLICHT, S.LP_INGESCHAKELD, Rol.DECAAN, Via.PAGINA, VANDAAG, tekst="tekst")
    intrekken = Verzoek(Spoor.LEERPLICHT, None, Rol.DECAAN, Via.PAGINA, VANDAAG)
    uit = change_statuses(
        [Wijziging(een.id, inschakelen), Wijziging(twee.id, inschakelen), Wijziging(een.id, intrekken)],
        actor=klein.actor(Rol.DECAAN),
    )
    assert [r.gelukt for r in uit] == [True, False, True]
    een.refresh_from_db()
    assert (een.spoor_leerplicht, een.leidende_status, een.volgnr) == (None, 1, 3)


def test_leidende_status_is_het_hoogste_nummer_van_alle_sporen(klein: Klein) -> None:
    overstap = klein.leerling()

    def leidend() -> int | None:
        return Overstap.objects.get(pk=overstap.pk).leidende_status

    klein.wijzig(overstap, Spoor.VO, S.VERVOLGKEUZE_VO, Rol.DECAAN, reden_code="havo", zekerheid="verwacht")
    assert leidend() == 6
    aanmelding = klein.aanmelding(overstap)
    assert leidend() == 7
    klein.wijzig(overstap, Spoor.AANMELDING, S.AFGEMELD, Rol.MBO_MEDEWERKER, aanmelding=aanmelding, reden_code="werk")
    assert leidend() == 6  # 6 > 4: the vervolgkeuze is what is left
    tweede = klein.aanmelding(overstap, S.DEFINITIEF, klein.mbo2)
    assert leidend() == 12
    klein.wijzig(overstap, Spoor.LEERPLICHT, S.LP_IN_BEHANDELING, Rol.LEERPLICHT, tekst="Gesprek gevoerd.")
    assert leidend() == 14
    klein.wijzig(overstap, Spoor.LEERPLICHT, S.LP_DEFINITIEF, Rol.LEERPLICHT, tekst="Afspraak.")
    assert leidend() == 12
    klein.wijzig(overstap, Spoor.AANMELDING, S.AFGEMELD, Rol.MBO_MEDEWERKER, aanmelding=tweede, reden_code="werk")
    assert leidend() == 11


def test_een_vergeten_stap_kan_ertussen_en_de_stand_van_nu_blijft(klein: Klein) -> None:
    overstap = klein.leerling()
    aanmelding = klein.aanmelding(overstap, S.AANGEMELD, dag=date(2026, 1, 12))
    klein.wijzig(
        overstap, Spoor.AANMELDING, S.VOORLOPIG, Rol.MBO_MEDEWERKER, aanmelding=aanmelding, dag=date(2026, 3, 1)
    )
    resultaat = klein.wijzig(
        overstap,
        Spoor.AANMELDING,
        S.INTAKE,
        Rol.MBO_MEDEWERKER,
        aanmelding=aanmelding,
        dag=date(2026, 2, 2),
        reden_code="correctie",
        invoegen=True,
    )
    assert resultaat.gelukt
    aanmelding.refresh_from_db()
    assert aanmelding.status == S.VOORLOPIG

    def stand_op(dag: date) -> int | None:
        rij = (
            Gebeurtenis.objects.filter(overstap=overstap, spoor__gte=10, geldig_op__lte=dag).order_by("-volgnr").first()
        )
        return rij.naar if rij else None

    assert [stand_op(date(2026, *d)) for d in ((1, 11), (1, 20), (2, 10), (3, 5))] == [None, 7, 8, 9]


def test_show_en_no_show_pas_vanaf_de_start_en_alleen_bij_definitief(klein: Klein, settings: object) -> None:
    overstap = klein.leerling()
    geplaatst = klein.aanmelding(overstap, S.DEFINITIEF)
    mbo = klein.actor(Rol.MBO_MEDEWERKER)
    assert record_aanwezigheid([geplaatst.id], "no_show", actor=mbo)[0].uitkomst == "geweigerd"
    settings.OVERSTAP_VANDAAG = date(2026, 9, 7)  # type: ignore[attr-defined]
    assert record_aanwezigheid([geplaatst.id], "no_show", actor=mbo)[0].uitkomst == "verwerkt"
    geplaatst.refresh_from_db()
    assert geplaatst.aanwezigheid == "no_show"


def test_nog_een_keer_invoegen_verandert_niets(klein: Klein) -> None:
    overstap = klein.leerling()
    aanmelding = klein.aanmelding(overstap, S.VOORLOPIG, dag=date(2026, 3, 1))

    def voeg_in() -> bool:
        velden = {"dag": date(2026, 2, 2), "reden_code": "correctie", "invoegen": True}
        return klein.wijzig(
            overstap, Spoor.AANMELDING, S.INTAKE, Rol.MBO_MEDEWERKER, aanmelding=aanmelding, **velden
        ).gelukt

    assert voeg_in()
    aantal = Gebeurtenis.objects.count()
    assert not voeg_in()
    assert Gebeurtenis.objects.count() == aantal
