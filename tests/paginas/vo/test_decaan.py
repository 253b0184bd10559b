"""The work of a decaan with two hundred leerlingen and ten minutes: few clicks, what is known stands ready, and a way back."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from accounts.rechten import Rol
from statuses.models import BuitenRegio, Overstap, Toelichting
from statuses.status import Status
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.test import Client

BULK = "/leerlingen/actie"


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def formulier(antwoord: Any, knop: str) -> dict[str, list[str]]:
    """The hidden fields of the form in which this stands, as a browser would send them."""
    html = next(d for d in antwoord.content.decode().split("<form") if knop in d.split("</form>")[0])
    uit: dict[str, list[str]] = {}
    for veld in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
        naam, waarde = re.search(r'name="([^"]*)"', veld), re.search(r'value="([^"]*)"', veld)
        if naam and waarde and naam[1] != "csrfmiddlewaretoken":
            uit.setdefault(naam[1], []).append(unescape(waarde[1]))
    return uit


def buiten(wereld: Wereld, overstap: Overstap, status: str = "AANMELDING_ONTVANGEN") -> None:
    with wereld.bereik("21"):
        BuitenRegio.objects.create(
            regio_id="21", overstap=overstap, mbo_code="25PW", mbo_naam="ROC Elders", aanmeld_id=str(overstap.pk),
            status=status, status_datum=date(2026, 3, 3), volgnummer=1,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("stap", "knop", "gevolg"),
    [("VO2a", "5K: vink aan", "gemarkeerd_sinds"), ("VO2h", "5K: is besproken", "geinformeerd")],
)
def test_een_hele_klas_in_drie_klikken(wereld: Wereld, decaan: Client, stap: str, knop: str, gevolg: str) -> None:
    gemarkeerd = stap == "VO2h"
    rijen = [wereld.rij(klas="5K", gemarkeerd=gemarkeerd, geinformeerd=None) for _ in range(3)]
    wereld.overstappen_van([*rijen, wereld.rij(klas="5L", gemarkeerd=gemarkeerd, geinformeerd=None)])
    lijst = decaan.get(f"/leerlingen?stap={stap}")
    assert f"{knop} (3)" in tekst(lijst)
    bevestig = decaan.post(BULK, formulier(lijst, knop))
    assert bevestig.status_code == 200
    klaar = decaan.post(BULK, formulier(bevestig, 'name="bevestigd"'))
    assert klaar.context["uitslag"]["gelukt"] == 3
    with wereld.bereik("21"):
        klas = {o.klas for o in Overstap.objects.filter(klas__in=["5K", "5L"]) if getattr(o, gevolg)}
    assert klas == {"5K"}
    assert "5K:" not in tekst(decaan.get(f"/leerlingen?stap={stap}"))


def test_een_klas_die_intussen_anders_is_doet_niets(wereld: Wereld, decaan: Client) -> None:
    wereld.overstap(klas="5K", gemarkeerd=False)
    van_toen = formulier(decaan.get("/leerlingen?stap=VO2a"), "5K: vink aan")
    wereld.overstap(klas="5K", gemarkeerd=False)
    assert decaan.post(BULK, van_toen).status_code == 409


def test_in_andere_lijsten_staan_geen_klassen(wereld: Wereld, decaan: Client) -> None:
    for vraag in ("", "?stap=VO2d", "?stap=VO2a&klas=4A"):
        assert "Een hele klas tegelijk" not in tekst(decaan.get(f"/leerlingen{vraag}"))


def test_terug_naar_dezelfde_plek_in_de_lijst(wereld: Wereld, decaan: Client) -> None:
    pk = wereld.o("afgewezen").pk
    pad = f"/leerlingen/{pk}/vervolgkeuze?stap=VO2d&sorteer=klas&terug=lijst"
    lijst = "/leerlingen?jaar=2025-2026&stap=VO2d&sorteer=klas"
    assert lijst in tekst(decaan.get(pad))
    keuze = {"reden": "vavo", "zekerheid": "zeker", "versie": str(wereld.o("afgewezen").versie)}
    antwoord = decaan.post(pad, keuze, follow=True)
    assert antwoord.redirect_chain[0][0] == lijst
    assert f"{wereld.o('afgewezen').leerling.volledige_naam}: vervolgkeuze vastgelegd." in tekst(antwoord)
    # The way back leads to the list as well.
    weg = re.search(r'href="([^"]*vervolgkeuze_weg[^"]*)"', antwoord.content.decode())
    assert weg
    ongedaan = decaan.post(unescape(weg[1]), {"versie": str(wereld.o("afgewezen").versie)})
    assert ongedaan["Location"] == lijst
    assert wereld.o("afgewezen").spoor_vo is None


def test_mbo_buiten_de_regio_staat_klaar_voor_een_en_voor_meer(wereld: Wereld, decaan: Client) -> None:
    buiten(wereld, wereld.o("zonder"))
    een = decaan.get(f"/leerlingen/{wereld.o('zonder').pk}/vervolgkeuze")
    assert een.context["form"]["reden"].initial == "mbo_buiten_regio"
    assert een.context["form"]["zekerheid"].initial == "verwacht"
    assert "ROC Elders (buiten de regio) meldde op 03-03-2026 een aanmelding." in tekst(een)
    ids = [str(wereld.o(n).pk) for n in ("zonder", "aangemeld")]
    assert decaan.post(BULK, {"actie": "vervolgkeuze", "kies": ids}).context["form"]["reden"].initial is None
    buiten(wereld, wereld.o("aangemeld"), "INGESCHREVEN")
    meer = decaan.post(BULK, {"actie": "vervolgkeuze", "kies": ids})
    assert meer.context["form"]["reden"].initial == "mbo_buiten_regio"


@pytest.mark.parametrize(("status", "zekerheid"), [("AANMELDING_ONTVANGEN", "verwacht"), ("INGESCHREVEN", "zeker")])
def test_mbo_buiten_de_regio_overnemen_is_een_klik(wereld: Wereld, decaan: Client, status: str, zekerheid: str) -> None:
    buiten(wereld, wereld.o("zonder"), status)
    pagina = decaan.get(f"/leerlingen/{wereld.o('zonder').pk}")
    assert "Buiten de regio" in tekst(pagina)
    assert "ROC Elders · 3 mrt" in tekst(pagina)
    knop = "Leg vast: mbo buiten de regio"
    velden = formulier(pagina, knop)
    antwoord = decaan.post(pagina.context["buiten_voorstel"]["url"], velden, follow=True)
    assert "Vervolgkeuze vastgelegd" in tekst(antwoord)
    assert "Ongedaan maken" in tekst(antwoord)
    assert knop not in tekst(antwoord)
    nu = wereld.o("zonder")
    assert (nu.vo_reden, nu.vo_zekerheid) == ("mbo_buiten_regio", zekerheid)
    assert knop not in tekst(wereld.client(Rol.AANJAGER).get(f"/leerlingen/{nu.pk}"))


def test_een_gestopte_aanmelding_buiten_de_regio_is_geen_voorstel(wereld: Wereld, decaan: Client) -> None:
    buiten(wereld, wereld.o("zonder"), "INGETROKKEN")
    een = decaan.get(f"/leerlingen/{wereld.o('zonder').pk}/vervolgkeuze")
    assert een.context["form"]["reden"].initial is None


def test_een_tekst_voor_allen_en_een_eigen_tekst_gaat_voor(wereld: Wereld, decaan: Client) -> None:
    ids = {n: str(wereld.o(n).pk) for n in ("zonder", "aangemeld", "afgewezen")}
    post = {
        "actie": "leerplicht", "bevestigd": "ja", **wereld.kies(list(ids.values())), "tekst_allen": "Reageert niet op school.",
        f"tekst_{ids['zonder']}": "Is verhuisd, adres onbekend.", "contact_naam": "M. Aksoy",
    }  # fmt: skip
    assert decaan.post(BULK, post).context["uitslag"]["gelukt"] == 3
    with wereld.bereik("21"):
        per = {t.gebeurtenis.overstap_id: t for t in Toelichting.objects.filter(gebeurtenis__overstap__in=ids.values()).select_related("gebeurtenis") if t.contact}  # fmt: skip
    teksten = {n: per[wereld.o(n).pk].tekst for n in ids}
    assert teksten["zonder"] == "Is verhuisd, adres onbekend."
    assert teksten["aangemeld"] == teksten["afgewezen"] == "Reageert niet op school."
    assert {t.contact for t in per.values()} == {"M. Aksoy"}


def test_de_tekst_voor_allen_gaat_niet_mee_bij_bezwaar(wereld: Wereld, decaan: Client) -> None:
    met, zonder = wereld.overstap(), wereld.overstap(bezwaar=True)
    ids = [str(met.pk), str(zonder.pk)]
    vraag = decaan.post(BULK, {"actie": "leerplicht", "kies": ids})
    assert "maar zonder toelichting" in tekst(vraag)
    post = {
        "actie": "leerplicht",
        "bevestigd": "ja",
        **wereld.kies(ids),
        "tekst_allen": "Komt niet.",
        "contact_naam": "M. Aksoy",
    }
    assert decaan.post(BULK, post).context["uitslag"]["gelukt"] == 2
    with wereld.bereik("21"):
        assert Overstap.objects.get(pk=zonder.pk).status == Status.LP_INGESCHAKELD
        teksten = Toelichting.objects.filter(gebeurtenis__overstap=zonder).values_list("tekst", "contact")
        assert list(teksten) == [("", "M. Aksoy")]


@pytest.mark.parametrize(
    ("veld", "waarde"), [("contact_telefoon", "bel maar"), ("contact_email", "geen adres")]
)  # fmt: skip
def test_een_onleesbaar_contact_krijgt_een_zin(wereld: Wereld, decaan: Client, veld: str, waarde: str) -> None:
    pk = wereld.o("zonder").pk
    post = {veld: waarde, f"tekst_{pk}": "Kort.", "versie": str(wereld.o("zonder").versie)}
    assert decaan.post(f"/leerlingen/{pk}/leerplicht", post).status_code == 422
    assert wereld.o("zonder").spoor_leerplicht is None


def test_besproken_en_weer_terug(wereld: Wereld, decaan: Client) -> None:
    pk = wereld.overstap(geinformeerd=None).pk
    assert decaan.get("/leerlingen?stap=VO2h").context["totaal"] == 1
    antwoord = decaan.post(f"/leerlingen/{pk}/geinformeerd", {"versie": "1", "volgnr": "1"}, follow=True)
    if "Ongedaan maken" not in tekst(antwoord):  # the versie of a new leerling is not ours to know
        with wereld.bereik("21"):
            versie = Overstap.objects.get(pk=pk).versie
        antwoord = decaan.post(f"/leerlingen/{pk}/geinformeerd", {"versie": str(versie)}, follow=True)
    assert "Vastgelegd: besproken." in tekst(antwoord)
    assert decaan.get("/leerlingen?stap=VO2h").context["totaal"] == 0
    ids = [str(pk)]
    decaan.post(BULK, {"actie": "geinformeerd_weg", "bevestigd": "ja", **wereld.kies(ids)})
    assert decaan.get("/leerlingen?stap=VO2h").context["totaal"] == 1


def test_na_de_beginstand_haalt_alleen_de_manager_een_vinkje_weg_en_ziet_het_aantal(
    wereld: Wereld, decaan: Client
) -> None:
    pk, manager = wereld.o("zonder").pk, wereld.client(Rol.MANAGER_VO)
    assert "Haal vinkje weg" not in tekst(decaan.get(f"/leerlingen/{pk}"))
    for aantal, naam in (("0 vinkjes weg", "zonder"), ("1 vinkje weg", "vervolgkeuze")):
        doel = wereld.o(naam)
        vraag = manager.get(f"/leerlingen/{doel.pk}/vinkje_weg")
        assert aantal in tekst(vraag)
        weg = manager.post(f"/leerlingen/{doel.pk}/vinkje_weg", {"reden": "vergissing", "versie": str(doel.versie)})
        assert weg.status_code == 302
        assert wereld.o(naam).gemarkeerd_sinds is None


def test_toestemming_alleen_waar_de_regio_erom_vraagt(wereld: Wereld, decaan: Client) -> None:
    from accounts.models import Regio

    pad = f"/leerlingen/{wereld.o('zonder').pk}"
    assert "Toestemming gegeven" not in tekst(decaan.get(pad))
    regio = Regio.objects.get(pk="21")
    regio.instellingen = {**(regio.instellingen or {}), "toestemming_vereist": ["leerplicht"]}
    regio.save()
    assert "Toestemming gegeven" in tekst(decaan.get(pad))


def test_verloop_met_mbo_ganger_en_uur(wereld: Wereld, decaan: Client) -> None:
    wereld.wijzig(wereld.o("zonder"), Rol.DECAAN, Status.LP_INGESCHAKELD)
    with wereld.bereik("21"):
        Overstap.objects.filter(pk=wereld.o("zonder").pk).update(
            mbo_ganger=True, mbo_ganger_gemeld_op=date(2025, 11, 14)
        )
    pagina = decaan.get(f"/leerlingen/{wereld.o('zonder').pk}")
    momenten = {m.naam: m for m in pagina.context["verloop"]}
    assert momenten["Mbo-ganger gemeld aan Amsterdam"].wanneer == "14 nov"
    assert re.fullmatch(r"20 mrt \d\d:\d\d", momenten["LP ingeschakeld"].wanneer)
    assert momenten["LP ingeschakeld"].wie == "decaan 99AA"
    assert next(iter(pagina.context["verloop"])).naam == "LP ingeschakeld"


def test_aangemeld_voor_1_april_staat_erbij(wereld: Wereld, decaan: Client) -> None:
    assert "vóór 1 april, met recht op toelating" in tekst(decaan.get(f"/leerlingen/{wereld.o('aangemeld').pk}"))
    laat = wereld.overstap()
    wereld.op(date(2026, 4, 20))
    wereld.aanmelding(laat, op=date(2026, 4, 15))
    assert "vóór 1 april" not in tekst(decaan.get(f"/leerlingen/{laat.pk}"))


def test_eindverantwoordelijk_tot_1_oktober(wereld: Wereld, decaan: Client) -> None:
    pad = f"/leerlingen/{wereld.o('aangemeld').pk}"
    assert "Eindverantwoordelijk tot 1 oktober: de school." in tekst(decaan.get(pad))
    wereld.op(date(2026, 10, 5))
    assert "Eindverantwoordelijk" not in tekst(decaan.get(pad))
