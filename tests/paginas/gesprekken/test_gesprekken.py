"""/gesprekken, one conversation, and the block on the leerling page, as people meet them; without JavaScript throughout."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Gebruiker, Lidmaatschap, LogOnderwerp
from accounts.rechten import Rol
from accounts.scope import SESSIE_ROL
from overstap.gesprekken.actions import Waarover, write_berichten
from overstap.gesprekken.lijst import PER_BLADZIJDE
from overstap.gesprekken.models import Bericht, Gesprek
from overstap.gesprekken.regels import Soort
from statuses.actions import hand_over_leerplicht, record_bezwaar
from statuses.status import Status
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.test import Client

TEKST = "Wil de leerling meedoen aan de meeloopdag van 11 maart?"
URL = "/gesprekken"


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def schrijf(wereld: Wereld, rol: Rol, soort: Soort = Soort.VO_MBO, naam: str = "aangemeld", tekst: str = TEKST) -> str:
    """A message of this role; the address of the conversation."""
    overstap = wereld.o(naam)
    aanmelding_id = None if soort == Soort.VO_LP else wereld.a(naam).pk
    with wereld.bereik("21"):
        (daad,) = write_berichten([Waarover(soort, overstap.pk, aanmelding_id)], tekst, actor=wereld.actor(rol))
        assert daad.gelukt
        return reverse("gesprek", args=[Gesprek.objects.get(overstap=overstap, soort=soort.value).pk])


def tekst_van(client: Client, pad: str) -> str:
    """What people read on the page: no tags, single spaces."""
    antwoord = client.get(pad)
    assert antwoord.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", antwoord.content.decode()))


def menu(client: Client, pad: str) -> int:
    rij = next(m for m in client.get(pad).context["menu"] if m["naam"] == "Gesprekken")
    return int(str(rij["teller"]))


# --- one conversation -----------------------------------------------------------------------------------------------------


def test_beginnen_vanaf_de_leerling_en_antwoord_met_leesmoment(wereld: Wereld, decaan: Client) -> None:
    leerling = f"/leerlingen/{wereld.o('aangemeld').pk}"
    nieuw = reverse("gesprek-nieuw", args=[wereld.a("aangemeld").pk, "vo_mbo"])
    assert nieuw in decaan.get(leerling).content.decode()
    antwoord = decaan.post(nieuw, {"tekst": TEKST, "gezien": 0}, follow=True)
    assert "Uw bericht is verstuurd." in antwoord.content.decode()
    pad = antwoord.request["PATH_INFO"]
    assert "nog niet gelezen" in tekst_van(decaan, pad)
    mbo = wereld.client(Rol.MBO_MEDEWERKER)
    assert "1 nieuw" in tekst_van(mbo, leerling)
    assert "nieuw" in tekst_van(mbo, pad)
    assert "1 nieuw" not in tekst_van(mbo, leerling)
    assert "gelezen 20 maart" in tekst_van(decaan, pad)
    assert mbo.post(pad, {"tekst": "Graag, tot dan.", "gezien": 1}).status_code == 302
    assert "Graag, tot dan." in tekst_van(decaan, leerling)
    # Who follows the old address to begin is sent to the conversation.
    assert decaan.get(nieuw).headers["Location"] == pad


def test_het_bericht_dat_intussen_kwam_gaat_voor_en_de_tekst_blijft(wereld: Wereld, decaan: Client) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    schrijf(wereld, Rol.MBO_MEDEWERKER, tekst="Laat maar, het is al geregeld.")
    antwoord = decaan.post(pad, {"tekst": "Ja, zij komt.", "gezien": 1})
    assert antwoord.status_code == 409
    html = antwoord.content.decode()
    assert "Laat maar, het is al geregeld." in html
    assert re.search(r"<textarea[^>]*>\s*Ja, zij komt.</textarea>", html)
    assert 'name="gezien" value="2"' in html
    with wereld.bereik("21"):
        assert Bericht.objects.count() == 2
    assert decaan.post(pad, {"tekst": "Ja, zij komt.", "gezien": 2}).status_code == 302
    # Twice the same form: one message.
    assert decaan.post(pad, {"tekst": "Ja, zij komt.", "gezien": 2}).status_code == 302
    with wereld.bereik("21"):
        assert Bericht.objects.count() == 3


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"tekst": "   ", "gezien": 1}, "Schrijf eerst een bericht."),
        ({"tekst": "x" * 2001, "gezien": 1}, "hoogstens 2000 tekens"),
        ({"tekst": "a\0b", "gezien": 1}, "niet toegestaan"),
        ({"tekst": "Hallo", "gezien": "-1"}, "Open het gesprek opnieuw"),
        ({"tekst": "Hallo"}, "Open het gesprek opnieuw"),
    ],
)
def test_wat_niet_klopt_wordt_niet_verstuurd(wereld: Wereld, decaan: Client, velden: dict[str, str], zin: str) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    antwoord = decaan.post(pad, velden)
    assert antwoord.status_code == 422
    assert zin in antwoord.content.decode()
    with wereld.bereik("21"):
        assert Bericht.objects.count() == 1


def test_bij_bezwaar_staat_er_waarom_en_geen_formulier(wereld: Wereld, decaan: Client) -> None:
    pad = schrijf(wereld, Rol.DECAAN)
    assert "<textarea" in decaan.get(pad).content.decode()
    with wereld.bereik("21"):
        record_bezwaar([wereld.o("aangemeld").pk], True, actor=wereld.actor(Rol.DECAAN))
    html = decaan.get(pad).content.decode()
    assert "<textarea" not in html
    assert "Er is bezwaar of geen toestemming" in html
    leerling = decaan.get(f"/leerlingen/{wereld.o('aangemeld').pk}").content.decode()
    assert "Er is bezwaar of geen toestemming" in leerling
    assert "Schrijf een bericht" not in leerling
    weer = decaan.post(pad, {"tekst": "Toch nog iets.", "gezien": 1})
    assert weer.status_code == 409
    assert "Toch nog iets." in weer.content.decode()


def test_wat_er_staat_wordt_geen_html(wereld: Wereld, decaan: Client) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER, tekst="<script>alert(1)</script>")
    assert "<script>alert" not in decaan.get(pad).content.decode()


def test_leerplicht_leest_geen_opleiding(wereld: Wereld) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER, Soort.MBO_LP)
    opleiding = wereld.a("aangemeld").opleiding
    assert opleiding in tekst_van(wereld.client(Rol.MBO_MEDEWERKER), pad)
    leerplicht = wereld.client(Rol.LEERPLICHT)
    assert opleiding not in tekst_van(leerplicht, pad) + tekst_van(leerplicht, URL)


def test_na_een_overdracht_staat_de_andere_gemeente_er(wereld: Wereld, decaan: Client) -> None:
    pad = schrijf(wereld, Rol.DECAAN, Soort.VO_LP, "lp_in_behandeling")
    assert "Gesprek met leerplicht Amsterdam" in tekst_van(decaan, pad)
    buur = wereld.client(Rol.LEERPLICHT, "0362")
    assert buur.get(pad).status_code == 404
    with wereld.bereik("21"):
        actor = wereld.actor(Rol.LEERPLICHT)
        assert hand_over_leerplicht(wereld.o("lp_in_behandeling").pk, "0362", "Is verhuisd.", actor=actor).gelukt
    assert "Gesprek met leerplicht Amstelveen" in tekst_van(decaan, pad)
    assert TEKST in tekst_van(buur, pad)


def test_doorgeven_aan_een_collega(wereld: Wereld, decaan: Client) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    wie = Gebruiker.objects.create(email=f"{uuid.uuid4()}@overstap.example", naam="Collega Kees")
    lid = Lidmaatschap.objects.create(gebruiker=wie, rol=Rol.DECAAN, organisatie=wereld.organisaties["99AA"])
    assert "Collega Kees" in decaan.get(pad).content.decode()
    antwoord = decaan.post(f"{pad}/doorgeven", {"aan": str(wie.pk), "van": ""}, follow=True)
    assert "Doorgegeven aan Collega Kees." in antwoord.content.decode()
    assert "Collega Kees" in tekst_van(decaan, URL)
    ander = wereld.client(Rol.DECAAN)
    ander.force_login(wie, backend="allauth.account.auth_backends.AuthenticationBackend")
    sessie = ander.session
    sessie[SESSIE_ROL] = str(lid.pk)
    sessie.save()
    assert menu(ander, URL) == 1
    assert menu(decaan, URL) == 0
    assert [r.pk for r in ander.get(f"{URL}?toon=mij").context["rijen"]] == [uuid.UUID(pad.rsplit("/", 1)[1])]
    # Who still has the old page open changes nothing.
    laat = decaan.post(f"{pad}/doorgeven", {"aan": str(wereld.gebruiker(Rol.DECAAN).pk), "van": ""}, follow=True)
    assert "intussen aan iemand anders gegeven" in laat.content.decode()
    vreemd = decaan.post(f"{pad}/doorgeven", {"aan": str(uuid.uuid4()), "van": str(wie.pk)}, follow=True)
    assert "Kies een collega uit de lijst." in vreemd.content.decode()


# --- the list -------------------------------------------------------------------------------------------------------------


def test_ongelezen_in_lijst_menu_en_vandaag(wereld: Wereld, decaan: Client) -> None:
    assert menu(decaan, "/vandaag") == 0
    assert "Nog geen gesprekken" in tekst_van(decaan, URL)
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    schrijf(wereld, Rol.LEERPLICHT, Soort.VO_LP, "zonder")
    schrijf(wereld, Rol.DECAAN, naam="intake")
    assert [menu(decaan, p) for p in ("/vandaag", URL, "/leerlingen")] == [2, 2, 2]
    aantallen = {c["naam"]: c["aantal"] for c in decaan.get(URL).context["chips"]}
    assert aantallen == {"Alle gesprekken": 3, "Ongelezen": 2, "Aan mij": 0, "Wacht op ons antwoord": 2}
    for toon, verwacht in (("ongelezen", 2), ("mij", 0), ("wacht", 2), ("alle", 3), ("onzin", 3)):
        assert len(decaan.get(f"{URL}?toon={toon}").context["rijen"]) == verwacht, toon
    decaan.get(pad)
    assert [menu(decaan, p) for p in ("/vandaag", URL)] == [1, 1]
    assert len(decaan.get(f"{URL}?toon=wacht").context["rijen"]) == 2


def test_wie_geen_gesprek_voert_heeft_geen_menu_en_geen_blok(wereld: Wereld) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    for rol in (Rol.MANAGER_VO, Rol.MBO_MANAGER, Rol.AANJAGER):
        client = wereld.client(rol)
        pagina = client.get(f"/leerlingen/{wereld.o('aangemeld').pk}")
        assert TEKST not in pagina.content.decode()
        assert "Gesprekken" not in {m["naam"] for m in pagina.context["menu"]}
        assert client.get(URL).status_code == client.get(pad).status_code == 403


def test_bladen_sluiten_aan(wereld: Wereld, decaan: Client) -> None:
    aantal = 2 * PER_BLADZIJDE + 3
    overstappen = wereld.overstappen_van([wereld.rij("99AA00") for _ in range(aantal)])
    with wereld.bereik("21"):
        write_berichten([Waarover(Soort.VO_LP, o.pk) for o in overstappen], TEKST, actor=wereld.actor(Rol.DECAAN))
    bladen, pad = [], URL
    while pad:
        context = decaan.get(pad).context
        bladen.append([r.pk for r in context["rijen"]])
        pad = context["volgende"]
    assert [len(b) for b in bladen] == [PER_BLADZIJDE, PER_BLADZIJDE, 3]
    assert len({pk for blad in bladen for pk in blad}) == aantal
    assert [r.pk for r in decaan.get(context["vorige"]).context["rijen"]] == bladen[1]
    for kapot in ("na=onzin", "na=2026-03-20T10:00:00_x", "voor=2026-99-99T10:00:00+01:00_1", "na=%00"):
        assert decaan.get(f"{URL}?{kapot}").status_code == 200


@pytest.mark.parametrize("vraag", ["gesprekken?na", "gesprekken?voor", "meldingen?vanaf"])
def test_een_plek_die_de_databank_niet_kent_is_het_begin(wereld: Wereld, decaan: Client, vraag: str) -> None:
    plek = f"2026-01-01T00:00:00%2B23:00_{uuid.uuid4()}"
    assert decaan.get(f"/{vraag}={plek}").status_code == 200


def test_een_vast_aantal_vragen(wereld: Wereld, decaan: Client) -> None:
    def vragen(pad: str) -> int:
        with CaptureQueriesContext(connection) as gevraagd:
            assert decaan.get(pad).status_code == 200
        return len(gevraagd)

    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    leerling = f"/leerlingen/{wereld.o('aangemeld').pk}"
    decaan.get(pad)
    weinig = [vragen(p) for p in (URL, pad, leerling)]
    overstappen = wereld.overstappen_van([wereld.rij("99AA00") for _ in range(200)])
    with wereld.bereik("21"):
        write_berichten([Waarover(Soort.VO_LP, o.pk) for o in overstappen], TEKST, actor=wereld.actor(Rol.DECAAN))
    for nummer in range(20):
        schrijf(wereld, Rol.MBO_MEDEWERKER, tekst=f"Bericht {nummer}")
    decaan.get(pad)
    assert [vragen(p) for p in (URL, pad, leerling)] == weinig
    assert max(weinig[:2]) <= 24  # savepoints and the log included


def test_de_blik_op_een_gesprek_staat_in_het_logboek(wereld: Wereld, decaan: Client) -> None:
    pad = schrijf(wereld, Rol.MBO_MEDEWERKER)
    decaan.get(pad)
    decaan.get(URL)
    with wereld.bereik("21"):
        gezien = LogOnderwerp.objects.filter(
            leerling_id=wereld.o("aangemeld").leerling_id, regel__actor_id=wereld.gebruiker(Rol.DECAAN).pk
        )
        assert {"gesprek.zien", "gesprekken.zien"} <= set(gezien.values_list("regel__handeling", flat=True))


# --- for many at once -----------------------------------------------------------------------------------------------------


def test_een_tekst_voor_velen_een_gesprek_elk(wereld: Wereld, decaan: Client) -> None:
    namen = ("aangemeld", "intake", "zonder")
    keuze = {"actie": "bericht", "kies": [str(wereld.o(n).pk) for n in namen]}
    form = decaan.post("/leerlingen/actie", keuze)
    assert form.status_code == 200
    assert [code for code, _ in form.context["form"].fields["naar"].choices] == ["open", "leerplicht"]
    keuze |= wereld.kies(keuze["kies"])
    klaar = decaan.post("/leerlingen/actie", {**keuze, "bevestigd": "ja", "naar": "open", "tekst": TEKST})
    assert klaar.context["uitslag"]["gelukt"] == 2
    (geweigerd,) = klaar.context["uitslag"]["geweigerd"]
    assert "geen aanmelding van dit soort" in geweigerd["reden"]
    with wereld.bereik("21"):
        gesprekken = Gesprek.objects.filter(soort="vo_mbo")
        assert {g.overstap_id for g in gesprekken} == {wereld.o(n).pk for n in namen[:2]}
        assert Bericht.objects.filter(partij="vo").count() == 2


def test_een_leerling_kiest_welk_mbo(wereld: Wereld, decaan: Client) -> None:
    overstap = wereld.o("definitief")
    tweede = wereld.aanmelding(overstap, "99MB", Status.INTAKE)
    pad = f"/leerlingen/{overstap.pk}/bericht"
    keuzes = dict(decaan.get(pad).context["form"].fields["naar"].choices)
    assert list(keuzes) == [str(tweede.nr), "1", "leerplicht"]  # the open one first: that one is to be taken back
    decaan.post(pad, {"naar": str(tweede.nr), "tekst": TEKST, "versie": wereld.o("definitief").versie})
    with wereld.bereik("21"):
        assert [g.aanmelding_id for g in Gesprek.objects.all()] == [tweede.pk]


def test_mbo_en_leerplicht_schrijven_uit_hun_lijst(wereld: Wereld) -> None:
    mbo, leerplicht = wereld.client(Rol.MBO_MEDEWERKER), wereld.client(Rol.LEERPLICHT)
    kies = {"actie": "bericht", "bevestigd": "ja", "tekst": TEKST}
    for naar in ("school", "leerplicht"):
        antwoord = mbo.post("/leerlingen/actie", {**kies, "naar": naar, **wereld.kies([wereld.a("aangemeld").pk])})
        assert antwoord.context["uitslag"]["gelukt"] == 1
    ids = [str(wereld.o(n).pk) for n in ("aangemeld", "zonder")]
    antwoord = leerplicht.post("/leerlingen/actie", {**kies, "naar": "school", **wereld.kies(ids)})
    assert antwoord.context["uitslag"]["gelukt"] == 2
    with wereld.bereik("21"):
        assert sorted(Gesprek.objects.values_list("soort", flat=True)) == ["mbo_lp", "vo_lp", "vo_lp", "vo_mbo"]
