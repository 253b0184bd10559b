"""What each role sees: the table of domein.md 1 as data, against the rules that pages, API and Excel ask."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Organisatie
from accounts.rechten import Rol
from statuses.actions import hand_over_leerplicht, share_swv
from statuses.models import Aanmelding, Overstap
from statuses.status import Status
from statuses.zichtbaarheid import VELDEN, Veld, naam_voor, ziet
from tests.wereld import Wereld

R, V = Rol, Veld
ROLLEN = (R.DECAAN, R.MANAGER_VO, R.MBO_MEDEWERKER, R.MBO_MANAGER, R.LEERPLICHT, R.AANJAGER, R.SAMENWERKINGSVERBAND,
          R.FUNCTIONEEL_BEHEERDER, R.BEHEERORGANISATIE)  # fmt: skip
# Per field the roles in the order above; x: sees it. Bron: domein.md 1, "Roles, and what each sees".
TABEL = {
    V.NAAM:               "x x x x x . x . .",
    V.GEBOORTEDATUM:      "x x x x x . . . .",
    V.WOONGEMEENTE:       "x x x x x . . . .",
    V.LEIDENDE_STATUS:    "x x x x x x x . x",
    V.SPOREN:             "x x . . x . . . .",
    V.EIGEN_AANMELDINGEN: ". . x x . . . . .",
    V.ALLE_AANMELDINGEN:  "x x . . x x . . .",
    V.MBO_NAAM:           "x x x x x x x . .",
    V.OPLEIDING:          "x x x x . . . . .",
    V.REDEN:              "x x x x . . . . .",
    V.REDEN_TEKST:        "x . x . . . . . .",
    V.LP_TEKST:           ". . . . x . . . .",
    V.BUITEN_REGIO:       "x x . . x . . . .",
    V.VERLOOP:            "x x x . x . . . .",
    V.PGN_APART:          "x . . . . . . . .",
    V.DRIE_VRAGEN:        "x x x . . . . . .",
    V.GESPREK_VO_MBO:     "x . x . . . . . .",
    V.GESPREK_MBO_LP:     ". . x . x . . . .",
    V.GESPREK_VO_LP:      "x . . . x . . . .",
}  # fmt: skip


def test_de_tabel_noemt_ieder_veld_en_iedere_rol() -> None:
    assert set(TABEL) == set(Veld)
    assert set(ROLLEN) == set(Rol) == set(VELDEN)


@pytest.mark.parametrize("rol", ROLLEN)
def test_een_rol_ziet_de_velden_van_de_tabel_en_geen_andere(wereld: Wereld, rol: Rol) -> None:
    actor = wereld.actor(rol)
    verwacht = {veld for veld, rij in TABEL.items() if rij.split()[ROLLEN.index(rol)] == "x"}
    assert {veld for veld in Veld if ziet(actor, veld)} == verwacht


# Which of the cast each role sees (regio 21): by name; "alle" are the marked ones.
_EIGEN_SCHOOL = {"ongemarkeerd", "zonder", "aangemeld", "intake", "afgewezen", "definitief", "vervolgkeuze", "lp_ingeschakeld",
                 "lp_in_behandeling"}  # fmt: skip
_AMSTELVEEN = {"intake", "andere_school"}
_GEMARKEERD = (_EIGEN_SCHOOL | {"andere_school"}) - {"ongemarkeerd"}
RIJEN = {
    ("decaan", "21"): _EIGEN_SCHOOL,
    ("manager_vo", "21"): _EIGEN_SCHOOL,
    ("mbo_medewerker", "99MA"): {"aangemeld", "intake", "afgewezen", "definitief", "lp_in_behandeling"},
    ("mbo_manager", "99MA"): {"aangemeld", "intake", "afgewezen", "definitief", "lp_in_behandeling"},
    ("mbo_medewerker", "99MB"): set(),
    ("leerplicht", "0363"): _GEMARKEERD - _AMSTELVEEN,
    ("leerplicht", "0362"): _AMSTELVEEN,
    ("leerplicht", "RMC21"): _GEMARKEERD,
    ("aanjager", "21"): _GEMARKEERD,
    ("samenwerkingsverband", "SWV21"): set(),
    ("functioneel_beheerder", "99AA"): set(),
    ("beheerorganisatie", "RMC21"): set(),
}


@pytest.mark.parametrize(("rol", "waar"), sorted(RIJEN))
def test_een_rol_ziet_deze_leerlingen_en_geen_andere(wereld: Wereld, rol: str, waar: str) -> None:
    actor = wereld.actor(rol, waar)
    namen = {pk: naam for naam, pk in wereld.overstappen["21"].items()}
    with wereld.bereik("21"):
        gezien = set(Overstap.objects.zichtbaar_voor(actor).values_list("pk", flat=True))
        aanmeldingen = set(Aanmelding.objects.zichtbaar_voor(actor).values_list("overstap_id", flat=True))
    assert {namen[pk] for pk in gezien} == RIJEN[rol, waar]
    assert aanmeldingen <= gezien


def test_na_overdracht_zien_beide_gemeenten_de_leerling(wereld: Wereld) -> None:
    overstap, nieuw = wereld.o("lp_in_behandeling"), wereld.actor("leerplicht", "0362")
    with wereld.bereik("21"):
        assert not Overstap.objects.zichtbaar_voor(nieuw).filter(pk=overstap.pk).exists()
        daad = hand_over_leerplicht(overstap.pk, "0362", "Verhuisd.", actor=wereld.actor("leerplicht", "0363"))
        assert daad.gelukt
        for waar in ("0362", "0363"):
            assert Overstap.objects.zichtbaar_voor(wereld.actor("leerplicht", waar)).filter(pk=overstap.pk).exists()


def test_wie_de_school_deelt_ziet_het_samenwerkingsverband(wereld: Wereld) -> None:
    actor, overstap = wereld.actor("samenwerkingsverband"), wereld.o("zonder")
    with wereld.bereik("21"):
        share_swv([overstap.pk], True, actor=wereld.actor("decaan"))
        assert not Overstap.objects.zichtbaar_voor(actor).exists()  # not one of its schools
        Organisatie.objects.filter(code="SWV21").update(instellingen={"scholen": ["99AA"]})
        assert list(Overstap.objects.zichtbaar_voor(actor)) == [overstap]
        share_swv([overstap.pk], False, actor=wereld.actor("decaan"))
        assert not Overstap.objects.zichtbaar_voor(actor).exists()


def test_de_naam_alleen_waar_de_school_dat_deelt(wereld: Wereld) -> None:
    overstap, aanjager = wereld.o("zonder"), wereld.actor("aanjager")
    assert naam_voor(aanjager, overstap).startswith("Leerling ")
    assert naam_voor(wereld.actor("decaan"), overstap) == overstap.leerling.volledige_naam
    overstap.vestiging.deelt_namen = True
    assert naam_voor(aanjager, overstap) == overstap.leerling.volledige_naam


def test_een_mbo_ziet_alleen_de_eigen_aanmeldingen(wereld: Wereld) -> None:
    wereld.aanmelding(wereld.o("intake"), "99MB", Status.INTAKE, op=date(2026, 3, 1))
    actor = wereld.actor("mbo_medewerker", "99MA")
    with wereld.bereik("21"):
        mbos = set(Aanmelding.objects.zichtbaar_voor(actor).values_list("mbo__code", flat=True))
        alle = set(Aanmelding.objects.zichtbaar_voor(wereld.actor("decaan")).values_list("mbo__code", flat=True))
    assert (mbos, alle) == ({"99MA"}, {"99MA", "99MB"})
