"""The room of leerplicht: three lanes with owner and since when, handing over, and what the school hears."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Gebruiker, Lidmaatschap
from accounts.rechten import Rol
from overstap.gesprekken.models import Contactpersoon
from statuses.models import Overstap
from statuses.status import Status
from tests.wereld import Wereld

S = Status
BULK = "/leerlingen/actie"


@pytest.fixture
def ambtenaar(wereld: Wereld) -> Client:
    return wereld.client(Rol.LEERPLICHT, "0363")


@pytest.fixture
def collega(wereld: Wereld) -> Gebruiker:
    nieuw = Gebruiker.objects.create(email="collega@overstap.example", naam="Collega Leerplicht")
    Lidmaatschap.objects.create(gebruiker=nieuw, rol=Rol.LEERPLICHT.value, organisatie=wereld.organisaties["0363"])
    return nieuw


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def namen(antwoord: Any) -> set[str]:
    return {r.naam for r in antwoord.context["rijen"]}


def test_drie_banen_met_aantal_behandelaar_en_sinds_wanneer(wereld: Wereld, ambtenaar: Client) -> None:
    lijst = ambtenaar.get("/leerlingen?leerplicht=in_behandeling")
    banen = {c["naam"]: c["aantal"] for c in lijst.context["chips"][:3]}
    assert banen == {"Ingeschakeld": 1, "In behandeling": 1, "Afgerond": 0}
    assert namen(lijst) == {wereld.o("lp_in_behandeling").leerling.lijstnaam}
    assert "leerplicht 0363" in tekst(lijst)
    assert "sinds 10 mrt" in tekst(lijst)


def test_een_plaatsing_haalt_een_leerling_niet_uit_de_baan(wereld: Wereld, ambtenaar: Client) -> None:
    """The lane is the spoor of leerplicht, not the status that leads."""
    overstap = wereld.overstap(gemeente="0363")
    wereld.wijzig(overstap, Rol.DECAAN, S.LP_INGESCHAKELD)
    for naar in (S.LP_IN_BEHANDELING, S.LP_AFGEHANDELD):
        wereld.wijzig(overstap, Rol.LEERPLICHT, naar, waar="0363")
    wereld.aanmelding(overstap, "99MA", S.DEFINITIEF)
    assert overstap.leerling.lijstnaam in namen(ambtenaar.get("/leerlingen?leerplicht=afgerond"))


@pytest.mark.parametrize(
    ("aanleiding", "wie"),
    [("zonder_aanmelding", "zonder"), ("afgewezen", "afgewezen"), ("afgemeld", "lp_in_behandeling")],
)  # fmt: skip
def test_op_aanleiding(wereld: Wereld, ambtenaar: Client, aanleiding: str, wie: str) -> None:
    gevonden = namen(ambtenaar.get(f"/leerlingen?aanleiding={aanleiding}"))
    assert wereld.o(wie).leerling.lijstnaam in gevonden
    assert wereld.o("definitief").leerling.lijstnaam not in gevonden


def test_niet_gestart_is_een_aanleiding(wereld: Wereld, ambtenaar: Client) -> None:
    wereld.op(date(2026, 9, 20))
    pk = wereld.a("definitief").pk
    mbo = wereld.client(Rol.MBO_MEDEWERKER, "99MA")
    niet_gestart = "/leerlingen?jaar=2025-2026&aanleiding=no_show"
    assert namen(ambtenaar.get(niet_gestart)) == set()
    mbo.post(BULK, {"actie": "niet_gestart", "vraag": "jaar=2025-2026", "bevestigd": "ja", **wereld.kies([str(pk)])})
    assert namen(ambtenaar.get(niet_gestart)) == {wereld.o("definitief").leerling.lijstnaam}


@pytest.mark.parametrize("vraag", ["leerplicht=klaar", "behandelaar=x", "aanleiding=zomaar"])
def test_een_vreemd_filter_krijgt_een_zin(ambtenaar: Client, vraag: str) -> None:
    assert ambtenaar.get(f"/leerlingen?{vraag}").status_code == 400


def test_overdragen_aan_een_collega_en_weer_overnemen(wereld: Wereld, ambtenaar: Client, collega: Gebruiker) -> None:
    overstap = wereld.o("lp_in_behandeling")
    pad = f"/leerlingen/{overstap.pk}"
    assert "Neem over" not in tekst(ambtenaar.get(pad))
    velden = {"versie": str(overstap.versie), "eigenaar": str(collega.pk)}
    antwoord = ambtenaar.post(f"{pad}/collega", velden, follow=True)
    assert "Bij Collega Leerplicht" in tekst(antwoord)
    assert namen(ambtenaar.get("/leerlingen?behandelaar=ik")) == set()
    assert namen(ambtenaar.get(f"/leerlingen?behandelaar={collega.pk}")) == {overstap.leerling.lijstnaam}
    ambtenaar.post(f"{pad}/neem_over", {"versie": str(wereld.o("lp_in_behandeling").versie)})
    assert wereld.o("lp_in_behandeling").leerplicht_eigenaar_id == wereld.gebruiker(Rol.LEERPLICHT, "0363").pk


def test_zonder_collega_is_er_geen_knop_en_een_vreemde_wordt_geweigerd(wereld: Wereld, ambtenaar: Client) -> None:
    overstap = wereld.o("lp_in_behandeling")
    assert "aan collega" not in tekst(ambtenaar.get(f"/leerlingen/{overstap.pk}"))
    vreemde = wereld.gebruiker(Rol.LEERPLICHT, "0362").pk
    velden = {"versie": str(overstap.versie), "eigenaar": str(vreemde)}
    assert ambtenaar.post(f"/leerlingen/{overstap.pk}/collega", velden).status_code == 422
    assert wereld.o("lp_in_behandeling").leerplicht_eigenaar_id != vreemde


def test_overdragen_aan_een_andere_gemeente_die_de_leerling_dan_ziet(wereld: Wereld, ambtenaar: Client) -> None:
    overstap, ander = wereld.o("lp_in_behandeling"), wereld.client(Rol.LEERPLICHT, "0362")
    pad = f"/leerlingen/{overstap.pk}"
    assert ander.get(pad).status_code == 404
    velden = {"versie": str(overstap.versie), "gemeente": "0362"}
    zonder = ambtenaar.post(f"{pad}/gemeente", velden)
    assert zonder.status_code == 422, "without a reason"
    antwoord = ambtenaar.post(
        f"{pad}/gemeente", {**velden, f"tekst_{overstap.pk}": "Woont nu bij de moeder."}, follow=True
    )
    assert "Overgedragen aan Amstelveen" in tekst(antwoord)
    assert "Woont nu bij de moeder." in tekst(ander.get(pad))
    assert "Woont nu bij de moeder." not in tekst(wereld.client(Rol.DECAAN).get(pad))


def test_de_school_leest_de_terugkoppeling_en_niet_de_notitie(wereld: Wereld, ambtenaar: Client) -> None:
    overstap = wereld.o("lp_in_behandeling")
    pk = str(overstap.pk)
    post = {
        "actie": "afhandelen", "bevestigd": "ja", **wereld.kies([pk]),
        f"tekst_{pk}": "Gezin heeft hulp.", f"school_{pk}": "Wil weer naar school, bel maandag.",
    }  # fmt: skip
    assert ambtenaar.post(BULK, post).context["uitslag"]["gelukt"] == 1
    bij_leerplicht = tekst(ambtenaar.get(f"/leerlingen/{pk}"))
    assert "Gezin heeft hulp." in bij_leerplicht
    assert "Wil weer naar school" in bij_leerplicht
    for rol, leest in ((Rol.DECAAN, True), (Rol.MANAGER_VO, False)):
        pagina = tekst(wereld.client(rol).get(f"/leerlingen/{pk}"))
        assert ("Wil weer naar school" in pagina) is leest, rol
        assert "Gezin heeft hulp." not in pagina, rol
    assert wereld.client(Rol.MBO_MEDEWERKER, "99MA").get(f"/leerlingen/{pk}").status_code == 200
    assert "Wil weer" not in tekst(wereld.client(Rol.MBO_MEDEWERKER, "99MA").get(f"/leerlingen/{pk}"))


def test_afronden_in_bulk_met_een_tekst_voor_allen(wereld: Wereld, ambtenaar: Client) -> None:
    ids = []
    for overstap in wereld.overstappen_van([wereld.rij(gemeente="0363") for _ in range(3)]):
        wereld.wijzig(overstap, Rol.DECAAN, S.LP_INGESCHAKELD)
        ids.append(str(overstap.pk))
    nemen = ambtenaar.post(BULK, {"actie": "in_behandeling", "bevestigd": "ja", **wereld.kies(ids)})
    assert nemen.context["uitslag"]["gelukt"] == 3
    rond = {
        "actie": "afhandelen", "bevestigd": "ja", **wereld.kies(ids), "school_allen": "Alle drie gesproken.",
        f"school_{ids[0]}": "Deze begint in mei.",
    }  # fmt: skip
    assert ambtenaar.post(BULK, rond).context["uitslag"]["gelukt"] == 3
    decaan = wereld.client(Rol.DECAAN)
    assert "Deze begint in mei." in tekst(decaan.get(f"/leerlingen/{ids[0]}"))
    assert "Alle drie gesproken." not in tekst(decaan.get(f"/leerlingen/{ids[0]}"))
    assert "Alle drie gesproken." in tekst(decaan.get(f"/leerlingen/{ids[2]}"))


def test_contact_van_de_decaan_komt_bij_leerplicht(wereld: Wereld, ambtenaar: Client) -> None:
    with wereld.bereik("21"):
        Contactpersoon.objects.create(
            regio_id="21", organisatie=wereld.organisaties["99AA"], naam="M. Aksoy", telefoon="020 123 45 67",
            email=wereld.gebruiker(Rol.DECAAN).email, bevestigd_op=wereld.vandaag,
        )  # fmt: skip
    decaan, pk = wereld.client(Rol.DECAAN), wereld.o("zonder").pk
    formulier = decaan.get(f"/leerlingen/{pk}/leerplicht").context["form"]
    klaar = {n: formulier[n].initial for n in ("contact_naam", "contact_telefoon", "contact_email")}
    assert klaar["contact_naam"] == "M. Aksoy"
    assert klaar["contact_telefoon"] == "020 123 45 67"
    velden = {**klaar, "contact_telefoon": "06 11 22 33 44", f"tekst_{pk}": "Komt niet meer."}
    decaan.post(f"/leerlingen/{pk}/leerplicht", {**velden, "versie": str(wereld.o("zonder").versie)})
    pagina = tekst(ambtenaar.get(f"/leerlingen/{pk}"))
    assert "Contact op school: M. Aksoy, 06 11 22 33 44, decaan.99aa@overstap.example" in pagina
    assert "Komt niet meer." in pagina


def test_rmc_ziet_het_contact_van_de_gemeente(wereld: Wereld) -> None:
    with wereld.bereik("21"):
        Contactpersoon.objects.create(
            regio_id="21", organisatie=wereld.organisaties["0363"], naam="L. Plicht", email="leerplicht@amsterdam.example",
            bevestigd_op=wereld.vandaag, signaleren=True,
        )  # fmt: skip
    pad = f"/leerlingen/{wereld.o('lp_ingeschakeld').pk}"
    rmc = tekst(wereld.client(Rol.LEERPLICHT, "RMC21").get(pad))
    assert "Gemeente Amsterdam, waar de leerling woont" in rmc
    assert "leerplicht@amsterdam.example" in rmc
    assert "waar de leerling woont" not in tekst(wereld.client(Rol.LEERPLICHT, "0363").get(pad))


def test_lp3_oudste_eerst(wereld: Wereld, ambtenaar: Client) -> None:
    oud = wereld.overstap(gemeente="0363", achternaam="Zzz")
    wereld.wijzig(oud, Rol.DECAAN, S.LP_INGESCHAKELD, op=date(2026, 1, 10))
    wereld.wijzig(oud, Rol.LEERPLICHT, S.LP_IN_BEHANDELING, waar="0363", op=date(2026, 1, 12))
    rijen = ambtenaar.get("/leerlingen?stap=LP3").context["rijen"]
    assert [r.pk for r in rijen] == [oud.pk, wereld.o("lp_in_behandeling").pk]


def test_leerplicht_ziet_geen_opleiding_en_geen_drie_vragen(wereld: Wereld, ambtenaar: Client) -> None:
    with wereld.bereik("21"):
        pk = Overstap.objects.get(pk=wereld.o("aangemeld").pk).pk
    pagina = tekst(ambtenaar.get(f"/leerlingen/{pk}"))
    assert "Mbo De Poort" in pagina
    assert "Verzorgende IG" not in pagina
    assert "Drie vragen" not in pagina
