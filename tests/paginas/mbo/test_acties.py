"""What a medewerker does with aanmeldingen: forward, stop, correct, the reden later, the start of the mbo, another opleiding."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisatie
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from statuses.actions import AanmeldingRij, record_aanmeldingen
from statuses.models import Aanmelding, Gebeurtenis, Opleiding
from statuses.status import Status
from tests.wereld import Wereld

S = Status
NA_START = date(2026, 9, 7)


@pytest.fixture
def mbo(wereld: Wereld) -> Client:
    Opleiding.objects.create(crebo="25180", naam="Kok", niveau=2)
    return wereld.client(Rol.MBO_MEDEWERKER, "99MA")


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def nu(wereld: Wereld, pk: Any) -> Aanmelding:
    with wereld.bereik():
        return Aanmelding.objects.get(pk=pk)


def bulk(mbo: Client, wereld: Wereld, actie: str, *rijen: Aanmelding, **velden: str) -> str:
    post = {
        "actie": actie,
        "bevestigd": "ja",
        **wereld.kies([str(r.pk) for r in rijen]),
        "vraag": "jaar=2025-2026",
        **velden,
    }
    return tekst(mbo.post("/leerlingen/actie", post))


def een(mbo: Client, wereld: Wereld, a: Aanmelding, actie: str, **velden: str) -> Any:
    """The page of the act, filled in as a browser would."""
    url = f"/leerlingen/{a.overstap_id}/{actie}?aanmelding={a.pk}"
    pagina = mbo.get(url)
    assert pagina.status_code == 200, pagina.headers
    verborgen = dict(re.findall(r'name="(gezien)"\s+value="([^"]*)"', unescape(pagina.content.decode())))
    return mbo.post(url, {**verborgen, **velden})


def geleverd(wereld: Wereld, naam: str, status: Status, **velden: Any) -> Aanmelding:
    """By the feed of 99MA."""
    rij = AanmeldingRij(
        **{"aanmeld_id": f"SIS-{naam}", "pgn_soort": "bsn", "pgn": wereld.pgn["21"][naam], "status": status,
           "status_datum": date(2026, 3, 2), "volgnummer": 1, "overstapjaar": 2025, "crebo": "25180", "opleiding": "Kok", "niveau": 2} | velden
    )  # fmt: skip
    actor = wereld.actor(Rol.MBO_MEDEWERKER, "99MA")
    with bereik(actor.regios):
        [uit] = record_aanmeldingen([rij], mbo=wereld.organisaties["99MA"], actor=actor, bron="sis")
        assert uit.codes == [], uit
        return Aanmelding.objects.get(aanmeld_id=f"SIS-{naam}")


# --- forward


def test_een_knop_zet_elke_aanmelding_een_stap_verder(wereld: Wereld, mbo: Client) -> None:
    """The next status stands ready, in words of now."""
    a = wereld.a("intake")
    form = tekst(mbo.get(f"/leerlingen/{a.overstap_id}/verder?aanmelding={a.pk}"))
    assert re.findall(r'name="naar" value="(\w+)"', form) == ["voorlopig", "ook_afgedrukt", "definitief"]
    assert re.search(r'value="voorlopig"[^>]* checked', form)
    assert "Plaatsing aangeboden" in form
    een(mbo, wereld, a, "verder", naar="voorlopig", datum="2026-03-10")
    assert (nu(wereld, a.pk).status, nu(wereld, a.pk).status_datum) == (S.VOORLOPIG, date(2026, 3, 10))


def test_verder_voor_een_gemengde_keuze(wereld: Wereld, mbo: Client) -> None:
    een_, twee, klaar = wereld.a("aangemeld"), wereld.a("intake"), wereld.a("definitief")
    vraag = tekst(mbo.post("/leerlingen/actie", {"actie": "verder", "kies": [str(r.pk) for r in (een_, twee, klaar)]}))
    assert "al geplaatst" in vraag  # the placed one is named beforehand
    assert re.search(r'value="voorlopig"[^>]* checked', vraag)
    antwoord = bulk(mbo, wereld, "verder", een_, twee, naar="intake")
    assert "1 gelukt" in antwoord
    assert (nu(wereld, een_.pk).status, nu(wereld, twee.pk).status) == (S.INTAKE, S.INTAKE)


def test_verder_kan_niet_met_een_status_die_er_niet_bij_staat(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    assert een(mbo, wereld, a, "verder", naar="afgewezen").status_code == 422
    assert een(mbo, wereld, a, "verder").status_code == 422
    assert nu(wereld, a.pk).status == S.INTAKE


# --- stop


def test_afmelden_met_een_advies_voor_een_andere_opleiding(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    fout = een(mbo, wereld, a, "afmelden", reden="andere_opleiding", advies="Piloot")
    assert (fout.status_code, "niet gevonden" in tekst(fout)) == (422, True)
    assert nu(wereld, a.pk).status == S.INTAKE
    assert een(mbo, wereld, a, "afmelden", reden="andere_opleiding", advies="25180").status_code == 302
    assert (nu(wereld, a.pk).reden_code, nu(wereld, a.pk).advies) == ("andere_opleiding", "Kok")


def test_anders_vraagt_een_tekst_en_de_decaan_leest_hem(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    assert een(mbo, wereld, a, "afmelden", reden="anders").status_code == 422
    assert een(mbo, wereld, a, "afmelden", reden="anders", tekst="Start een eigen bedrijf.").status_code == 302
    pagina = f"/leerlingen/{a.overstap_id}"
    assert "Start een eigen bedrijf." in tekst(wereld.client(Rol.DECAAN).get(pagina))
    assert "Start een eigen bedrijf." not in tekst(wereld.client(Rol.MBO_MANAGER, "99MA").get(pagina))


def test_vol_voor_wie_op_tijd_is_vraagt_een_bevestiging(wereld: Wereld, mbo: Client) -> None:
    """Toelatingsrecht: applied on or before 1 April."""
    wereld.op(date(2026, 4, 10))
    op_tijd = wereld.aanmelding(wereld.overstap(), "99MA", op=date(2026, 4, 1))
    te_laat = wereld.aanmelding(wereld.overstap(), "99MA", op=date(2026, 4, 2))
    assert "recht op toelating" not in tekst(
        mbo.get(f"/leerlingen/{te_laat.overstap_id}/afwijzen?aanmelding={te_laat.pk}")
    )
    assert een(mbo, wereld, te_laat, "afwijzen", reden="opleiding_vol").status_code == 302
    fout = een(mbo, wereld, op_tijd, "afwijzen", reden="opleiding_vol")
    assert (fout.status_code, "heeft recht op toelating" in tekst(fout)) == (422, True)
    assert nu(wereld, op_tijd.pk).status == S.AANGEMELD
    assert een(mbo, wereld, op_tijd, "afwijzen", reden="opleiding_vol", vol_gecontroleerd="on").status_code == 302
    assert nu(wereld, op_tijd.pk).status == S.AFGEWEZEN


def test_een_andere_reden_dan_vol_vraagt_geen_bevestiging(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    assert een(mbo, wereld, a, "afwijzen", reden="vooropleiding").status_code == 302


def test_beeindigen_alleen_naast_een_andere_aanmelding(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    pagina = f"/leerlingen/{a.overstap_id}"
    assert "Beëindig" not in tekst(mbo.get(pagina))
    with wereld.bereik():
        overstap = wereld.o("intake")
    wereld.aanmelding(overstap, "99MB", opleiding="Kok", crebo="25180")
    assert "Beëindig" not in tekst(mbo.get(pagina))  # at another instelling
    wereld.aanmelding(overstap, "99MA", opleiding="Kok", crebo="25180")
    assert "Beëindig" in tekst(mbo.get(pagina))
    assert een(mbo, wereld, a, "beeindigd").status_code == 302
    assert nu(wereld, a.pk).status == S.BEEINDIGD


def test_opnieuw_aanmelden_en_corrigeren_van_de_soort(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("afgewezen")
    assert een(mbo, wereld, a, "corrigeer_afgemeld", tekst="Heeft zelf afgezegd.").status_code == 302
    assert nu(wereld, a.pk).status == S.AFGEMELD
    assert een(mbo, wereld, a, "aangemeld").status_code == 302
    assert (nu(wereld, a.pk).status, nu(wereld, a.pk).reden_code) == (S.AANGEMELD, "")


# --- MB4: the reden later


def test_de_reden_die_ontbreekt_voor_een_en_voor_veel(wereld: Wereld, mbo: Client) -> None:
    af, uit, derde = (
        geleverd(wereld, "zonder", S.AFGEMELD),
        geleverd(wereld, "aangemeld", S.AFGEWEZEN),
        geleverd(wereld, "intake", S.AFGEMELD),
    )
    assert "reden ontbreekt" in tekst(mbo.get("/leerlingen?status=afgemeld,afgewezen"))
    vraag = tekst(mbo.post("/leerlingen/actie", {"actie": "reden", "kies": [str(af.pk), str(uit.pk)]}))
    assert {"reden_afgemeld", "reden_afgewezen"} == set(re.findall(r'name="(reden_\w+)"', vraag))
    half = mbo.post(
        "/leerlingen/actie",
        {"actie": "reden", "bevestigd": "ja", **wereld.kies([str(af.pk), str(uit.pk)]), "reden_afgemeld": "werk"},
    )
    assert half.status_code == 422
    assert "2 gelukt" in bulk(mbo, wereld, "reden", af, uit, reden_afgemeld="werk", reden_afgewezen="vooropleiding")
    for pk, status, reden in ((af.pk, S.AFGEMELD, "werk"), (uit.pk, S.AFGEWEZEN, "vooropleiding")):
        rij = nu(wereld, pk)
        assert (rij.status, rij.status_datum, rij.reden_code) == (status, date(2026, 3, 2), reden)
    een(mbo, wereld, derde, "reden", reden_afgemeld="anders", tekst="Verhuisd naar familie.")
    with wereld.bereik():
        laatste = Gebeurtenis.objects.filter(overstap_id=derde.overstap_id).latest("volgnr")
        assert (laatste.van, laatste.naar, laatste.geldig_op) == (S.AFGEMELD, S.AFGEMELD, date(2026, 3, 2))
        assert laatste.toelichting.tekst == "Verhuisd naar familie."
    opnieuw = mbo.get(f"/leerlingen/{af.overstap_id}/reden?aanmelding={af.pk}", follow=True)
    assert "De reden staat er al" in tekst(opnieuw)


def test_een_feed_die_de_reden_later_stuurt_vult_haar_aan(wereld: Wereld, mbo: Client) -> None:
    a = geleverd(wereld, "zonder", S.AFGEMELD)
    assert a.reden_code == ""
    b = geleverd(wereld, "zonder", S.AFGEMELD, volgnummer=2, reden_code="werk", status_datum=date(2026, 3, 9))
    assert (b.pk, b.reden_code, b.status_datum) == (a.pk, "werk", date(2026, 3, 2))


def test_een_reden_die_later_komt_is_geen_nieuwe_terugval(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("afgewezen")
    assert a.teruggevallen_op is not None
    with wereld.bereik():
        Aanmelding.objects.filter(pk=a.pk).update(reden_code="")  # as a feed leaves it
    assert een(mbo, wereld, a, "reden", reden_afgewezen="vooropleiding").status_code == 302
    rij = nu(wereld, a.pk)
    assert (rij.reden_code, rij.teruggevallen_op, rij.teruggevallen_van) == (
        "vooropleiding",
        a.teruggevallen_op,
        a.teruggevallen_van,
    )


# --- MB3: the start


def test_gemeld_bij_het_verzuimloket_voor_veel_tegelijk(wereld: Wereld, mbo: Client) -> None:
    wereld.op(NA_START)
    een_, twee = wereld.a("definitief"), wereld.aanmelding(wereld.overstap(), "99MA", S.DEFINITIEF)
    assert "2 gelukt" in bulk(mbo, wereld, "niet_gestart", een_, twee)
    derde = wereld.aanmelding(wereld.overstap(), "99MA", S.DEFINITIEF)
    antwoord = bulk(mbo, wereld, "verzuimloket", een_, twee, derde, datum="2026-09-04")
    assert "2 gelukt" in antwoord
    assert "die niet is gestart" in antwoord
    assert nu(wereld, een_.pk).verzuimloket_op == date(2026, 9, 4)
    assert "verzuimloket 04-09-2026" in tekst(mbo.get("/leerlingen?jaar=2025-2026"))
    assert "1 gelukt" in bulk(mbo, wereld, "verzuimloket_weg", een_)
    assert nu(wereld, een_.pk).verzuimloket_op is None


def test_de_start_staat_per_instelling_aan_of_uit(wereld: Wereld, mbo: Client) -> None:
    wereld.op(NA_START)
    a = wereld.a("definitief")
    knoppen = ("Is gestart", "Is niet gestart", "Gemeld bij verzuimloket")
    lijst = tekst(mbo.get("/leerlingen?jaar=2025-2026"))
    assert all(knop in lijst for knop in knoppen)
    Organisatie.objects.filter(code="99MA", soort="mbo").update(instellingen={"show": False})
    lijst, pagina = tekst(mbo.get("/leerlingen?jaar=2025-2026")), tekst(mbo.get(f"/leerlingen/{a.overstap_id}"))
    assert not [knop for knop in knoppen if knop in lijst or knop in pagina]
    assert "houdt dit hier niet bij" in tekst(
        mbo.post("/leerlingen/actie", {"actie": "gestart", "kies": [str(a.pk)], "vraag": "jaar=2025-2026"})
    )


def test_voor_de_start_staat_er_geen_knop(wereld: Wereld, mbo: Client) -> None:
    lijst = tekst(mbo.get("/leerlingen"))
    assert "Afmelden" in lijst
    assert "Is gestart" not in lijst
    assert "verzuimloket" not in lijst


# --- another opleiding


def test_de_opleiding_wijzigen_laat_de_status_staan(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    assert een(mbo, wereld, a, "opleiding", opleiding="Kok", vorm="bbl").status_code == 302
    rij = nu(wereld, a.pk)
    assert (rij.opleiding, rij.crebo, rij.niveau, rij.leerweg) == ("Kok", "25180", 2, "bbl")
    assert (rij.status, rij.status_datum) == (a.status, a.status_datum)
    zelfde = een(mbo, wereld, a, "opleiding", opleiding="Kok", vorm="bbl")
    assert (zelfde.status_code, "Dit staat er al" in tekst(zelfde)) == (409, True)


def test_een_aanmelding_erbij(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    assert een(mbo, wereld, a, "aanmelding_erbij", opleiding="25180", datum="2026-03-19").status_code == 302
    with wereld.bereik():
        eerste, tweede = Aanmelding.objects.filter(overstap=a.overstap_id).order_by("nr")
    assert (eerste.pk, eerste.status) == (a.pk, S.INTAKE)
    assert (tweede.crebo, tweede.status, tweede.mbo_id) == ("25180", S.AANGEMELD, a.mbo_id)
    assert tekst(mbo.get(f"/leerlingen/{a.overstap_id}")).count("Aanmelding erbij") == 1


def test_wie_intussen_is_gewijzigd_wordt_niet_overschreven(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    url = f"/leerlingen/{a.overstap_id}/opleiding?aanmelding={a.pk}"
    [gezien] = re.findall(r'name="gezien"\s+value="([^"]*)"', mbo.get(url).content.decode())
    assert een(wereld.client(Rol.MBO_MEDEWERKER, "99MA"), wereld, a, "verder", naar="voorlopig").status_code == 302
    antwoord = mbo.post(url, {"gezien": unescape(gezien), "opleiding": "25180"})
    assert (antwoord.status_code, "Intussen gewijzigd" in tekst(antwoord)) == (409, True)
    assert (nu(wereld, a.pk).crebo, nu(wereld, a.pk).status) == (a.crebo, S.VOORLOPIG)
