"""The envelop: who may write where, what is read by whom, handing on, and that no word leaves the conversation."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Gebruiker, Lidmaatschap, LogOnderwerp, LogRegel, Regio
from accounts.rechten import Rol
from overstap.basis.outbox.models import OutboxRegel
from overstap.gesprekken import events
from overstap.gesprekken.actions import Waarover, hand_on, mark_read, write_berichten
from overstap.gesprekken.lezen import tel_nieuw, zichtbare_gesprekken
from overstap.gesprekken.models import Bericht, Gelezen, Gesprek
from overstap.gesprekken.regels import PARTIJ_VAN_ROL, PARTIJEN, Soort
from overstap.gesprekken.tellers import tel
from statuses.actions import move_overstap, record_bezwaar, record_toestemming
from statuses.models import Aanmelding
from statuses.status import Partij, Status
from statuses.zichtbaarheid import VELDEN, Veld
from tests.wereld import Wereld

if TYPE_CHECKING:
    from accounts.actor import Actor

TEKST = "Kanariegeel past goed bij deze leerling."


def waarover(wereld: Wereld, soort: Soort, naam: str = "aangemeld") -> Waarover:
    overstap = wereld.o(naam)
    return Waarover(soort, overstap.pk, None if soort == Soort.VO_LP else wereld.a(naam).pk)


def schrijf(wereld: Wereld, rol: Rol, soort: Soort, naam: str = "aangemeld", waar: str = "21", **rest: Any) -> str:
    """One message; the code of the rule that refused it, or nothing."""
    with wereld.bereik("21"):
        actor = wereld.actor(rol, waar)
        (daad,) = write_berichten([waarover(wereld, soort, naam)], TEKST, actor=actor, **rest)
    return daad.geweigerd.code if daad.geweigerd else ""


def gesprek(soort: Soort) -> Gesprek:
    return Gesprek.objects.get(soort=soort.value)


def collega(wereld: Wereld, rol: Rol = Rol.DECAAN, code: str = "99AA") -> Gebruiker:
    nieuw = Gebruiker.objects.create(email=f"{uuid.uuid4()}@overstap.example", naam="Een collega")
    Lidmaatschap.objects.create(gebruiker=nieuw, rol=rol.value, organisatie=wereld.organisaties[code])
    return nieuw


def actor_van(gebruiker: Gebruiker) -> Actor:
    from accounts.actor import actor_van_lidmaatschap

    return actor_van_lidmaatschap(
        Lidmaatschap.objects.select_related("gebruiker", "organisatie").get(gebruiker=gebruiker)
    )


# --- who ------------------------------------------------------------------------------------------------------------------


def test_de_partijen_zijn_die_van_de_tabel_van_wie_wat_ziet() -> None:
    for rol in Rol:
        partij = PARTIJ_VAN_ROL.get(rol)
        doet_mee = {soort for soort, partijen in PARTIJEN.items() if partij in partijen}
        assert {s for s in Soort if Veld(f"gesprek_{s}") in VELDEN[rol]} == doet_mee, rol


@pytest.mark.parametrize("rol", [Rol.DECAAN, Rol.MBO_MEDEWERKER, Rol.LEERPLICHT, Rol.MANAGER_VO, Rol.AANJAGER])
@pytest.mark.parametrize("soort", list(Soort))
def test_alleen_de_twee_partijen_schrijven(wereld: Wereld, rol: Rol, soort: Soort) -> None:
    mag = PARTIJ_VAN_ROL.get(rol) in PARTIJEN[soort]
    assert schrijf(wereld, rol, soort) == ("" if mag else "rol_mag_niet")
    with wereld.bereik("21"):
        assert Bericht.objects.count() == int(mag)


@pytest.mark.parametrize("soort", list(Soort))
def test_alleen_de_twee_partijen_zien_het(wereld: Wereld, soort: Soort) -> None:
    eerste = {Partij.VO: Rol.DECAAN, Partij.MBO: Rol.MBO_MEDEWERKER}[PARTIJEN[soort][0]]
    assert schrijf(wereld, eerste, soort) == ""
    with wereld.bereik("21"):
        ziet = {rol for rol in Rol if zichtbare_gesprekken(wereld.actor(rol)).exists()}
        assert ziet == {rol for rol, partij in PARTIJ_VAN_ROL.items() if partij in PARTIJEN[soort]}
        buren = [(Rol.DECAAN, "99AB"), (Rol.MBO_MEDEWERKER, "99MB"), (Rol.LEERPLICHT, "0362")]
        assert not any(zichtbare_gesprekken(wereld.actor(*buur)).exists() for buur in buren)
        rmc = zichtbare_gesprekken(wereld.actor(Rol.LEERPLICHT, "RMC21")).exists()
        assert rmc == (Partij.LEERPLICHT in PARTIJEN[soort])
    with wereld.bereik("22"):
        assert not Gesprek.objects.exists()


# --- the ground and the jaar ----------------------------------------------------------------------------------------------


def test_bezwaar_sluit_elk_gesprek(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO) == ""
    with wereld.bereik("21"):
        record_bezwaar([wereld.o("aangemeld").pk], True, actor=wereld.actor(Rol.DECAAN))
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO) == "grond_ontbreekt"
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_LP) == "grond_ontbreekt"
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.MBO_LP) == "grond_ontbreekt"


def test_toestemming_telt_per_doel(wereld: Wereld) -> None:
    Regio.objects.filter(pk="21").update(instellingen={"toestemming_vereist": ["mbo"]})
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO) == "grond_ontbreekt"
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_LP) == ""
    with wereld.bereik("21"):
        record_toestemming([wereld.o("aangemeld").pk], True, actor=wereld.actor(Rol.DECAAN))
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO) == ""


@pytest.mark.parametrize(
    ("dag", "naam", "soort", "code"),
    [
        (date(2026, 10, 15), "lp_in_behandeling", Soort.VO_MBO, ""),
        (date(2026, 10, 16), "lp_in_behandeling", Soort.VO_MBO, "jaar_gesloten"),
        (date(2026, 10, 16), "lp_in_behandeling", Soort.VO_LP, ""),
        (date(2026, 10, 16), "aangemeld", Soort.VO_LP, "jaar_gesloten"),
        (date(2027, 8, 31), "lp_in_behandeling", Soort.VO_LP, ""),
        (date(2027, 9, 1), "lp_in_behandeling", Soort.VO_LP, "jaar_gesloten"),
    ],
)
def test_na_het_jaar_loopt_alleen_leerplicht_door(
    wereld: Wereld, dag: date, naam: str, soort: Soort, code: str
) -> None:
    wereld.op(dag)
    assert schrijf(wereld, Rol.DECAAN, soort, naam) == code


# --- messages -------------------------------------------------------------------------------------------------------------


def test_een_bericht_staat_er_een_keer_en_meldt_zich(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO, gezien=0) == ""
    with wereld.bereik("21"):
        rij = gesprek(Soort.VO_MBO)
        bericht = rij.berichten.get()
        assert (bericht.nr, bericht.partij, bericht.inhoud.tekst) == (1, "vo", TEKST)
        op = Aanmelding.objects.get(pk=rij.aanmelding_id).bericht_vo_op
        assert op is not None
        assert op >= bericht.op
        regel = OutboxRegel.objects.get(soort=events.BERICHT_GESCHREVEN)
        assert regel.inhoud == {"gesprek": str(rij.pk), "bericht": str(bericht.pk), "naar": "mbo"}
    # The same form twice is one message; what somebody else wrote meanwhile is read first.
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO, gezien=0) == "geen_wijziging"
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO, gezien=0) == "intussen"
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO, gezien=1) == ""
    with wereld.bereik("21"):
        assert Bericht.objects.count() == 2
        assert Aanmelding.objects.get(pk=rij.aanmelding_id).bericht_mbo_op is not None


def test_geen_woord_en_geen_naam_buiten_het_gesprek(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO) == ""
    wie = collega(wereld)
    naam = wereld.o("aangemeld").leerling.achternaam
    with wereld.bereik("21"):
        rij = gesprek(Soort.VO_MBO)
        mark_read(rij, actor=wereld.actor(Rol.MBO_MEDEWERKER))
        assert hand_on(rij.pk, wie.pk, actor=wereld.actor(Rol.DECAAN), van=None) is None
        gezegd = str([*OutboxRegel.objects.values_list("inhoud", "sleutel"), *LogRegel.objects.values_list()])
        assert {"bericht.geschreven", "gesprek.doorgegeven"} <= set(
            LogRegel.objects.values_list("handeling", flat=True)
        )
        assert LogOnderwerp.objects.filter(leerling_id=wereld.o("aangemeld").leerling_id).exists()
    assert "Kanariegeel" not in gezegd
    assert naam not in gezegd
    assert wie.naam not in gezegd


def test_voor_velen_een_vast_aantal_vragen(wereld: Wereld) -> None:
    aantallen = []
    for hoeveel in (10, 200):
        overstappen = wereld.overstappen_van([wereld.rij("99AA00") for _ in range(hoeveel)])
        naar = [Waarover(Soort.VO_LP, o.pk) for o in overstappen]
        with wereld.bereik("21"), CaptureQueriesContext(connection) as vragen:
            daden = write_berichten(naar, TEKST, actor=wereld.actor(Rol.DECAAN))
        assert [d.gelukt for d in daden] == [True] * hoeveel
        aantallen.append(len(vragen))
    with wereld.bereik("21"):
        assert Gesprek.objects.count() == 210
    assert aantallen[0] == aantallen[1] < 25


# --- read -----------------------------------------------------------------------------------------------------------------


def test_gelezen_is_van_de_organisatie(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO) == ""
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO) == ""
    decaan, ander, mbo = wereld.actor(Rol.DECAAN), actor_van(collega(wereld)), wereld.actor(Rol.MBO_MEDEWERKER)
    with wereld.bereik("21"):
        assert [tel(a)["gesprekken"] for a in (decaan, ander, mbo)] == [1, 1, 0]
        assert tel_nieuw([gesprek(Soort.VO_MBO)], Partij.VO) == {gesprek(Soort.VO_MBO).pk: 2}
        mark_read(gesprek(Soort.VO_MBO), actor=decaan)
        mark_read(gesprek(Soort.VO_MBO), actor=decaan)
        assert [tel(a)["gesprekken"] for a in (decaan, ander, mbo)] == [0, 0, 0]
        assert [(g.gebruiker_id, g.tot) for g in Gelezen.objects.all()] == [(decaan.id, 2)]
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO) == ""
    with wereld.bereik("21"):
        assert tel(decaan)["gesprekken"] == 1


def test_doorgegeven_is_nieuw_voor_die_collega_en_voor_niemand_anders(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO) == ""
    wie = collega(wereld)
    decaan, ander = wereld.actor(Rol.DECAAN), actor_van(wie)
    with wereld.bereik("21"):
        rij = gesprek(Soort.VO_MBO)
        mark_read(rij, actor=decaan)
        assert hand_on(rij.pk, wie.pk, actor=decaan, van=None) is None
        assert OutboxRegel.objects.get(soort=events.GESPREK_DOORGEGEVEN).inhoud == {
            "gesprek": str(rij.pk),
            "partij": "vo",
            "aan": str(wie.pk),
        }
        assert [tel(a)["gesprekken"] for a in (decaan, ander)] == [0, 1]
        mark_read(gesprek(Soort.VO_MBO), actor=decaan)
        assert tel(ander)["gesprekken"] == 1
        mark_read(gesprek(Soort.VO_MBO), actor=ander)
        assert tel(ander)["gesprekken"] == 0


def test_een_collega_die_weg_is_houdt_niets_vast(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO) == ""
    wie = collega(wereld)
    decaan = wereld.actor(Rol.DECAAN)
    with wereld.bereik("21"):
        assert hand_on(gesprek(Soort.VO_MBO).pk, wie.pk, actor=decaan, van=None) is None
        assert tel(decaan)["gesprekken"] == 0
        Lidmaatschap.objects.filter(gebruiker=wie).update(beeindigd_op=wereld.vandaag)
        assert tel(decaan)["gesprekken"] == 1
        mark_read(gesprek(Soort.VO_MBO), actor=decaan)
        assert tel(decaan)["gesprekken"] == 0


def test_na_een_andere_school_houdt_een_collega_van_de_oude_niets_vast(wereld: Wereld) -> None:
    decaan, nieuw = wereld.actor(Rol.DECAAN), wereld.actor(Rol.DECAAN, "99AB")
    schrijf(wereld, Rol.DECAAN, Soort.VO_MBO)
    with wereld.bereik("21"):
        assert hand_on(gesprek(Soort.VO_MBO).pk, collega(wereld).pk, actor=decaan, van=None) is None
        move_overstap(wereld.o("aangemeld").pk, wereld.vestigingen["99AB00"].pk, actor=decaan)
    schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO)
    with wereld.bereik("21"):
        assert tel(nieuw)["gesprekken"] == 1


def test_doorgeven_kan_alleen_aan_wie_de_leerling_ziet_en_niet_langs_een_ander_heen(wereld: Wereld) -> None:
    assert schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.VO_MBO) == ""
    decaan, een, twee = wereld.actor(Rol.DECAAN), collega(wereld), collega(wereld)
    andere_vestiging = Lidmaatschap.objects.get(gebruiker=twee)
    andere_vestiging.vestigingen.set([wereld.vestigingen["99AA01"]])
    with wereld.bereik("21"):
        pk = gesprek(Soort.VO_MBO).pk

        def geef(aan: uuid.UUID | None, van: uuid.UUID | None) -> str:
            geweigerd = hand_on(pk, aan, actor=decaan, van=van)
            return geweigerd.code if geweigerd else ""

        assert geef(wereld.gebruiker(Rol.DECAAN, "99AB").pk, None) == "geen_collega"
        assert geef(wereld.gebruiker(Rol.MANAGER_VO).pk, None) == "geen_collega"
        assert geef(twee.pk, None) == "geen_collega"
        assert geef(een.pk, None) == ""
        assert geef(decaan.id, None) == "intussen"
        assert geef(decaan.id, een.pk) == ""
        assert gesprek(Soort.VO_MBO).aan_vo == decaan.id


def test_een_aanmelding_van_een_ander_past_niet(wereld: Wereld) -> None:
    fout = Waarover(Soort.VO_MBO, wereld.o("aangemeld").pk, wereld.a("intake").pk)
    zonder = Waarover(Soort.VO_MBO, wereld.o("aangemeld").pk)
    with wereld.bereik("21"):
        daden = write_berichten([fout, zonder], TEKST, actor=wereld.actor(Rol.DECAAN))
        assert [d.geweigerd.code for d in daden if d.geweigerd] == ["onbekend", "onbekend"]
        assert not Gesprek.objects.exists()


def test_ook_na_afwijzen_kan_de_school_het_mbo_schrijven(wereld: Wereld) -> None:
    assert wereld.a("afgewezen").status_nu == Status.AFGEWEZEN
    assert schrijf(wereld, Rol.DECAAN, Soort.VO_MBO, "afgewezen") == ""
