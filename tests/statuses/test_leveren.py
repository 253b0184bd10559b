"""What schools and mbo's deliver: repeats, older volgnummers, contradictions, unknown leerlingen; nothing is lost."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rechten import Rol
from overstap.management.commands.relay import leeg_outbox
from statuses.actions import AanmeldingRij, record_leerlingen
from statuses.models import Aanmelding, Gebeurtenis, Leerling, NietVerwerkt, Overstap
from statuses.status import Status
from tests.statuses.conftest import Klein, bsn

S = Status


def rij(
    nummer: int,
    status: Status,
    volgnummer: int = 1,
    dag: date = date(2026, 2, 2),
    aanmeld_id: str = "",
    **anders: object,
) -> AanmeldingRij:
    return AanmeldingRij(
        aanmeld_id or f"A-{nummer}", "bsn", bsn(nummer), status, dag, volgnummer, opleiding="Verzorgende IG", **anders
    )  # type: ignore[arg-type]


def test_herhalen_verandert_niets(klein: Klein) -> None:
    rijen = [klein.rij() for _ in range(5)]
    decaan = klein.actor(Rol.DECAAN)
    assert {u.actie for u in record_leerlingen(rijen, actor=decaan, bron="las")} == {"nieuw"}
    stand = list(Overstap.objects.order_by("id").values_list("id", "versie", "volgnr"))
    assert {(u.uitkomst, u.actie) for u in record_leerlingen(rijen, actor=decaan, bron="las")} == {
        ("alVerwerkt", "ongewijzigd")
    }
    assert list(Overstap.objects.order_by("id").values_list("id", "versie", "volgnr")) == stand


def test_een_proef_zegt_wat_er_zou_gebeuren_en_laat_niets_achter(klein: Klein) -> None:
    uit = record_leerlingen(
        [klein.rij(), klein.rij(geboortedatum=date(2030, 1, 1))], actor=klein.actor(Rol.DECAAN), bron="las", proef=True
    )
    assert [(u.actie, u.codes) for u in uit] == [("nieuw", []), ("geweigerd", ["T001"])]
    assert Leerling.objects.count() == 0


def test_dubbel_in_een_levering(klein: Klein) -> None:
    een = klein.rij()
    anders = klein.rij(pgn=een.pgn, klas="4K")
    uit = record_leerlingen([een, een, anders], actor=klein.actor(Rol.DECAAN), bron="las")
    assert [(u.uitkomst, u.codes) for u in uit] == [("verwerkt", []), ("alVerwerkt", []), ("geweigerd", ["F202"])]
    assert Overstap.objects.get().klas == "4B"


def test_een_onderwijsnummer_dat_een_bsn_wordt_is_dezelfde_leerling(klein: Klein) -> None:
    eerst = klein.leerling(pgn_soort="own", pgn="101234567")
    later = klein.leerling(pgn=bsn(77))
    assert later.id == eerst.id
    assert Leerling.objects.get().pgn_soort == "bsn"


def test_overstapper_nee_is_een_vraag_en_haalt_het_vinkje_niet_weg(klein: Klein) -> None:
    overstap = klein.leerling(pgn=bsn(5))
    (uit,) = record_leerlingen([klein.rij(pgn=bsn(5), overstapper=False)], actor=klein.actor(Rol.DECAAN), bron="las")
    assert (uit.uitkomst, uit.codes) == ("opgeslagen", ["W303"])
    overstap.refresh_from_db()
    assert overstap.gemarkeerd
    assert NietVerwerkt.objects.get().regel == "overstapper_nee"


def test_volgnummers_herhaling_ouder_en_tegenspraak(klein: Klein) -> None:
    klein.leerling(pgn=bsn(1))
    assert klein.feed(rij(1, S.INTAKE, 2)) == ["verwerkt:"]
    assert klein.feed(rij(1, S.INTAKE, 2)) == ["alVerwerkt:"]
    assert klein.feed(rij(1, S.VOORLOPIG, 2)) == ["geweigerd:F202"]
    assert klein.feed(rij(1, S.AANGEMELD, 1)) == ["opgeslagen:W302"]
    assert Aanmelding.objects.get().status == S.INTAKE
    assert NietVerwerkt.objects.get().code == "W302"
    assert klein.feed(rij(1, S.AANGEMELD, 3)) == ["verwerkt:"]  # a higher volgnummer with a lower status is a correctie
    assert Aanmelding.objects.get().status == S.AANGEMELD
    assert Gebeurtenis.objects.latest("volgnr").correctie


def test_meer_regels_van_een_aanmelding_gaan_in_volgnummer_volgorde(klein: Klein) -> None:
    klein.leerling(pgn=bsn(1))
    regels = [rij(1, S.VOORLOPIG, 3, date(2026, 3, 1)), rij(1, S.AANGEMELD, 1, date(2026, 1, 10)), rij(1, S.INTAKE, 2)]
    assert klein.feed(*regels) == ["verwerkt:"] * 3
    assert [g.naar for g in Gebeurtenis.objects.filter(spoor__gte=10).order_by("volgnr")] == [7, 8, 9]


def test_met_aanmelddatum_begint_de_geschiedenis_met_aangemeld(klein: Klein) -> None:
    klein.leerling(pgn=bsn(1))
    klein.feed(rij(1, S.INTAKE, aanmeld_datum=date(2026, 1, 12)))
    assert [(g.van, g.naar, g.geldig_op) for g in Gebeurtenis.objects.filter(spoor__gte=10).order_by("volgnr")] == [
        (None, 7, date(2026, 1, 12)),
        (7, 8, date(2026, 2, 2)),
    ]


def test_een_gebroken_regel_wordt_bewaard_met_zijn_naam(klein: Klein) -> None:
    klein.leerling(pgn=bsn(1))
    klein.feed(rij(1, S.DEFINITIEF))
    assert klein.feed(rij(1, S.VOORLOPIG, 2)) == ["opgeslagen:W303"]
    assert NietVerwerkt.objects.get().regel == "niet_langs_deze_weg"
    assert Aanmelding.objects.get().status == S.DEFINITIEF


def test_een_datum_in_de_toekomst_wordt_geweigerd(klein: Klein) -> None:
    klein.leerling(pgn=bsn(1))
    assert klein.feed(rij(1, S.INTAKE, dag=date(2026, 3, 21))) == ["geweigerd:T001"]
    assert not Aanmelding.objects.exists()


def test_een_aanmeldid_van_een_ander_wordt_geweigerd(klein: Klein) -> None:
    klein.leerling(pgn=bsn(1))
    klein.leerling(pgn=bsn(2), achternaam="Bakker")
    klein.feed(rij(1, S.INTAKE, aanmeld_id="X"))
    assert klein.feed(rij(2, S.INTAKE, 2, aanmeld_id="X")) == ["geweigerd:F202"]


def test_wie_nog_niet_is_aangevinkt_telt_mee_zodra_dat_gebeurt(klein: Klein) -> None:
    overstap = klein.leerling(pgn=bsn(1), overstapper=None, overstapper_sinds=None)
    assert klein.feed(rij(1, S.INTAKE), rij(2, S.INTAKE)) == ["opgeslagen:W304", "opgeslagen:W304"]
    assert klein.feed(rij(1, S.INTAKE)) == ["opgeslagen:W304"]
    record_leerlingen([klein.rij(pgn=bsn(1))], actor=klein.actor(Rol.DECAAN), bron="las")
    leeg_outbox()
    overstap.refresh_from_db()
    assert overstap.leidende_status == S.INTAKE
    assert NietVerwerkt.objects.filter(afgehandeld_op__isnull=True).count() == 1  # the unknown one still waits


def test_een_feed_kost_evenveel_queries_bij_tien_als_bij_tweehonderd(klein: Klein) -> None:
    def lever(van: int, tot: int) -> int:
        record_leerlingen(
            [klein.rij(pgn=bsn(n), achternaam=f"L{n}") for n in range(van, tot)],
            actor=klein.actor(Rol.DECAAN),
            bron="las",
        )
        regels = [rij(n, S.INTAKE) for n in range(van, tot)]
        with CaptureQueriesContext(connection) as queries:
            assert set(klein.feed(*regels)) == {"verwerkt:"}
        return len(queries)

    assert lever(0, 10) == lever(1000, 1200)


def test_een_andere_school_krijgt_een_leerling_niet_met_alleen_een_nummer(klein: Klein) -> None:
    from accounts.models import Deelname, Organisatie, Vestiging

    eigen = klein.leerling(pgn=bsn(9))
    ander = Organisatie.objects.create(code="99AC", soort="vo", naam="Ander College")
    Deelname.objects.create(organisatie=ander, regio_id="21")
    plek = Vestiging.objects.create(organisatie=ander, regio_id="21", code="99AC00", naam="Ander", gemeente_id="0363")
    for _ in range(2):
        rijen = [klein.rij(pgn=bsn(9), vestiging_id=plek.id, achternaam="Anders")]
        (uit,) = record_leerlingen(rijen, actor=klein.actor(Rol.DECAAN, ander), bron="las")
        assert (uit.uitkomst, uit.codes, uit.overstap_id) == ("opgeslagen", ["W303"], None)
    overstap = Overstap.objects.select_related("leerling").get(pk=eigen.pk)
    assert (overstap.vestiging_id, overstap.leerling.achternaam) == (klein.vestiging.id, "Wit")
    assert NietVerwerkt.objects.get().regel == "andere_school"  # asked once
