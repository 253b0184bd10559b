"""Acts beside the statussen: drie vragen, warme overdracht, leerplicht's hand-over, geïnformeerd, no-show, schoolcontact."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import LogRegel, Regio
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from statuses import events
from statuses.actions import (
    VersieGewijzigd,
    answer_drie_vragen,
    assign_leerplicht,
    choose_drie_vragen,
    choose_warme_overdracht,
    hand_over_leerplicht,
    record_aanwezigheid,
    record_bezwaar,
    record_geinformeerd,
    record_schoolcontact,
    record_toestemming,
    record_verzuimloket,
    see_drie_vragen,
)
from statuses.beoordelen import Geweigerd
from statuses.models import DrieVragen, Overdracht, Overstap, SchoolContact
from statuses.regiokalender import kalenders
from statuses.status import Status
from statuses.tellingen import rijen
from tests.wereld import JAAR, Wereld

S = Status


def codes(daden: Any) -> list[str]:
    return [d.geweigerd.code if d.geweigerd else "" for d in daden]


def vragen(aanmelding_id: Any) -> DrieVragen:
    return DrieVragen.objects.get(aanmelding_id=aanmelding_id)


# --- drie vragen


def test_drie_vragen_alleen_voor_wie_de_decaan_koos_en_leeg_is_nooit_nee(wereld: Wereld) -> None:
    aanmelding, decaan = wereld.a("intake"), wereld.actor("decaan")
    with wereld.bereik("21"):
        assert codes([answer_drie_vragen(aanmelding.id, 2, True, actor=decaan)]) == ["niet_gekozen"]
        assert codes(choose_drie_vragen([aanmelding.overstap_id], True, actor=decaan)) == [""]
        assert codes(choose_drie_vragen([aanmelding.overstap_id], True, actor=decaan)) == ["geen_wijziging"]
        versie = wereld.o("intake").versie
        assert answer_drie_vragen(aanmelding.id, 2, True, actor=decaan).gelukt
        assert vragen(aanmelding.id).antwoorden == (None, True, None)
        assert vragen(aanmelding.id).overdracht_op is not None
        # Answers save themselves: they take nobody's open form away.
        assert wereld.o("intake").versie == versie


def test_een_antwoord_gaat_naar_het_mbo_en_is_na_een_wijziging_weer_ongezien(wereld: Wereld) -> None:
    aanmelding, decaan, mbo = wereld.a("intake"), wereld.actor("decaan"), wereld.actor("mbo_medewerker", "99MA")
    with wereld.bereik("21"):
        choose_drie_vragen([aanmelding.overstap_id], True, actor=decaan)
        answer_drie_vragen(aanmelding.id, 1, True, actor=decaan)
        verteld = OutboxRegel.objects.filter(soort=events.DRIE_VRAGEN_BEANTWOORD)
        assert [r.inhoud["aanmelding"] for r in verteld] == [str(aanmelding.id)]
        assert (see_drie_vragen([aanmelding.id], actor=mbo), see_drie_vragen([aanmelding.id], actor=mbo)) == (1, 0)
        assert vragen(aanmelding.id).gezien_door == mbo.id
        assert codes([answer_drie_vragen(aanmelding.id, 1, True, actor=decaan)]) == ["geen_wijziging"]
        assert vragen(aanmelding.id).gezien_op is not None
        answer_drie_vragen(aanmelding.id, 1, False, actor=decaan)
        assert vragen(aanmelding.id).gezien_op is None
        answer_drie_vragen(aanmelding.id, 1, None, actor=decaan)
        assert vragen(aanmelding.id).beantwoord_op is None
        handelingen = set(
            LogRegel.objects.filter(handeling__startswith="drie_vragen").values_list("handeling", flat=True)
        )
    assert handelingen == {"drie_vragen.gekozen", "drie_vragen.beantwoord", "drie_vragen.gezien"}


@pytest.mark.parametrize(
    ("bezwaar", "vereist", "toestemming", "code"),
    [
        (False, [], None, ""),
        (True, [], None, "grond_ontbreekt"),
        (False, ["mbo"], None, "grond_ontbreekt"),
        (False, ["mbo"], True, ""),
        (False, ["leerplicht"], None, ""),
        (True, ["mbo"], True, "grond_ontbreekt"),
    ],
)
def test_zonder_grond_geen_drie_vragen_en_geen_overdracht(
    wereld: Wereld, bezwaar: bool, vereist: list[str], toestemming: bool | None, code: str
) -> None:
    pk, decaan = wereld.o("intake").pk, wereld.actor("decaan")
    with wereld.bereik("21"):
        Regio.objects.filter(pk="21").update(instellingen={"toestemming_vereist": vereist})
        record_bezwaar([pk], bezwaar, actor=decaan)
        record_toestemming([pk], toestemming, actor=decaan)
        assert codes(choose_drie_vragen([pk], True, actor=decaan)) == [code]
        assert codes(choose_warme_overdracht([pk], actor=decaan)) == [code]


def test_aan_een_gestopte_aanmelding_valt_niets_te_vragen(wereld: Wereld) -> None:
    aanmelding, decaan = wereld.a("afgewezen"), wereld.actor("decaan")
    with wereld.bereik("21"):
        choose_drie_vragen([aanmelding.overstap_id], True, actor=decaan)
        assert codes([answer_drie_vragen(aanmelding.id, 1, True, actor=decaan)]) == ["aanmelding_gestopt"]
        with pytest.raises(ValueError, match="4"):
            answer_drie_vragen(aanmelding.id, 4, True, actor=decaan)


def test_een_ongemarkeerde_en_een_vreemde_worden_geweigerd(wereld: Wereld) -> None:
    decaan, vreemd = wereld.actor("decaan"), wereld.o("zonder", "22").pk
    with wereld.bereik("21"):
        ids = [wereld.overstappen["21"]["ongemarkeerd"], vreemd, wereld.overstappen["21"]["zonder"]]
        assert codes(choose_warme_overdracht(ids, actor=decaan)) == ["niet_gemarkeerd", "onbekend", ""]


# --- leerplicht


def test_leerplicht_geeft_een_leerling_aan_een_collega_van_de_eigen_organisatie(wereld: Wereld) -> None:
    actor, pk = wereld.actor("leerplicht", "0363"), wereld.o("lp_in_behandeling").pk
    with wereld.bereik("21"):
        vreemd = wereld.gebruiker("leerplicht", "0362").id
        assert codes(assign_leerplicht([pk], vreemd, actor=actor)) == ["geen_collega"]
        Overstap.objects.filter(pk=pk).update(leerplicht_eigenaar_id=None)
        assert actor.id is not None
        assert codes(assign_leerplicht([pk], actor.id, actor=actor)) == [""]
        assert codes(assign_leerplicht([wereld.o("zonder").pk], actor.id, actor=actor)) == ["niet_bij_leerplicht"]
        assert codes(assign_leerplicht([wereld.o("lp_ingeschakeld").pk], actor.id, actor=actor)) == [
            "niet_in_behandeling"
        ]
    assert wereld.o("lp_in_behandeling").leerplicht_eigenaar_id == actor.id


@pytest.mark.parametrize(
    ("gemeente", "tekst", "code"),
    [("0362", "Verhuisd.", ""), ("0362", " ", "toelichting_ontbreekt"), ("0405", "Verhuisd.", "gemeente_onbekend"),
     ("9999", "Verhuisd.", "gemeente_onbekend"), ("0363", "Verhuisd.", "geen_wijziging")],
)  # fmt: skip
def test_overdragen_aan_een_andere_gemeente_van_de_regio(wereld: Wereld, gemeente: str, tekst: str, code: str) -> None:
    actor, pk = wereld.actor("leerplicht", "0363"), wereld.o("lp_in_behandeling").pk
    with wereld.bereik("21"):
        assert codes([hand_over_leerplicht(pk, gemeente, tekst, actor=actor)]) == [code]
        assert Overdracht.objects.filter(overstap=pk).count() == (0 if code else 1)
        k = kalenders(["21"], [JAAR])["21", JAAR]
        werk = {
            waar: rijen("LP3", wereld.actor("leerplicht", waar), k, wereld.vandaag).filter(pk=pk).exists()
            for waar in ("0363", "0362", "RMC21")
        }
    assert werk == {"0363": bool(code), "0362": not code, "RMC21": True}
    nu = wereld.o("lp_in_behandeling")
    assert nu.leerplicht_gemeente_id == (None if code else "0362")


def test_terug_naar_de_woongemeente_en_een_nieuwe_melding_begint_daar(wereld: Wereld) -> None:
    actor, pk = wereld.actor("leerplicht", "RMC21"), wereld.o("lp_in_behandeling").pk
    with wereld.bereik("21"):
        hand_over_leerplicht(pk, "0362", "Verhuisd.", actor=actor)
        assert hand_over_leerplicht(pk, "0363", "Toch niet.", actor=actor).gelukt
        assert wereld.o("lp_in_behandeling").leerplicht_gemeente_id is None
        hand_over_leerplicht(pk, "0362", "Nu wel.", actor=actor)
    wereld.wijzig(wereld.o("lp_in_behandeling"), Rol.LEERPLICHT, S.LP_AFGEHANDELD, waar="RMC21")
    wereld.wijzig(wereld.o("lp_in_behandeling"), Rol.DECAAN, S.LP_INGESCHAKELD)
    opnieuw = wereld.o("lp_in_behandeling")
    assert (opnieuw.leerplicht_gemeente_id, opnieuw.leerplicht_eigenaar_id) == (None, None)


# --- gegevens, start, school


def test_geinformeerd_voor_een_klas_tegelijk_verhoogt_de_versie(wereld: Wereld) -> None:
    decaan = wereld.actor("decaan")
    nieuw = wereld.overstappen_van([wereld.rij(geinformeerd=None) for _ in range(3)])
    ids = [o.pk for o in nieuw]
    with wereld.bereik("21"):
        assert codes(record_geinformeerd(ids, True, actor=decaan)) == ["", "", ""]
        assert codes(record_geinformeerd(ids[:1], True, actor=decaan)) == ["geen_wijziging"]
        rijen = Overstap.objects.filter(pk__in=ids)
        assert {o.geinformeerd for o in rijen} == {True}
        assert {o.versie for o in rijen} == {o.versie + 1 for o in nieuw}


def test_no_show_kijkt_naar_de_versie_en_het_verzuimloket_hoort_erbij(wereld: Wereld) -> None:
    wereld.op(date(2026, 9, 7))
    aanmelding, mbo = wereld.a("definitief"), wereld.actor("mbo_medewerker", "99MA")
    versie = wereld.o("definitief").versie
    with wereld.bereik("21"):
        assert codes(record_verzuimloket([aanmelding.id], date(2026, 9, 7), actor=mbo)) == ["geen_no_show"]
        with pytest.raises(VersieGewijzigd):
            record_aanwezigheid([aanmelding.id], "no_show", actor=mbo, versies={aanmelding.overstap_id: versie - 1})
        assert wereld.a("definitief").aanwezigheid == ""
        uit = record_aanwezigheid([aanmelding.id], "no_show", actor=mbo, versies={aanmelding.overstap_id: versie})
        assert [u.uitkomst for u in uit] == ["verwerkt"]
        assert wereld.a("definitief").aanwezigheid_op == klok.vandaag()
        for dag, code in (
            (date(2026, 9, 8), "datum_onjuist"),
            (date(2026, 7, 31), "datum_onjuist"),
            (date(2026, 9, 4), ""),
        ):
            assert codes(record_verzuimloket([aanmelding.id], dag, actor=mbo)) == [code], dag
        record_aanwezigheid([aanmelding.id], "show", actor=mbo)
    assert wereld.a("definitief").verzuimloket_op is None


def test_no_show_volgt_de_start_van_de_regio(wereld: Wereld) -> None:
    wereld.op(date(2026, 8, 20))
    aanmelding, mbo = wereld.a("definitief"), wereld.actor("mbo_medewerker", "99MA")
    with wereld.bereik("21"):
        Regio.objects.filter(pk="21").update(instellingen={"kalender": {"start_mbo": "08-31"}})
        assert record_aanwezigheid([aanmelding.id], "show", actor=mbo)[0].codes == ["aanwezigheid_te_vroeg"]
        wereld.op(date(2026, 8, 31))
        assert record_aanwezigheid([aanmelding.id], "show", actor=mbo)[0].uitkomst == "verwerkt"


@pytest.mark.parametrize(
    ("antwoord", "notitie", "code"),
    [("klopt", "", ""), ("steun_nodig", "", "notitie_ontbreekt"), ("steun_nodig", "Een mentor.", ""), ("ja", "", "antwoord_onbekend")],
)  # fmt: skip
def test_schoolcontact_is_een_rij_erbij(wereld: Wereld, antwoord: str, notitie: str, code: str) -> None:
    school, actor = wereld.vestigingen["99AA00"], wereld.actor("aanjager")
    with wereld.bereik("21"):
        uit = record_schoolcontact(school.id, JAAR, "AJ3", antwoord, notitie, actor=actor)
        assert (uit.code if isinstance(uit, Geweigerd) else "") == code
        assert SchoolContact.objects.filter(vestiging=school).count() == (0 if code else 1)
        with pytest.raises(ValueError, match="AJ9"):
            record_schoolcontact(school.id, JAAR, "AJ9", "klopt", actor=actor)
        vreemd = record_schoolcontact(wereld.vestigingen["99BA00"].id, JAAR, "AJ3", "klopt", actor=actor)
        assert isinstance(vreemd, Geweigerd)
