"""Login as a person does it: over HTTP, with a password, a code from an app, a button in a demonstration."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from accounts.models import Gebruiker, Lidmaatschap, LogRegel
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from tests.wereld import WACHTWOORD, Wereld

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _verse_tellers() -> None:
    cache.clear()


@pytest.fixture
def echt(wereld: Wereld, settings: Any) -> Gebruiker:
    """A decaan outside a demonstration: a password, no second factor yet."""
    settings.OVERSTAP_DEMO = False
    gebruiker = wereld.gebruiker("decaan")
    Gebruiker.objects.filter(pk=gebruiker.pk).update(is_demo=False)
    gebruiker.refresh_from_db()
    return gebruiker


def met_app(gebruiker: Gebruiker, geheim: str = "JBSWY3DPEHPK3PXP") -> str:
    TOTP.activate(gebruiker, geheim)
    return geheim


def code(geheim: str, stap: int = 0) -> str:
    teller = next(iter(yield_hotp_counters_from_time())) + stap
    return format_hotp_value(hotp_value(geheim, teller))


def log_in(client: Client, gebruiker: Gebruiker, wachtwoord: str = WACHTWOORD) -> Any:
    return client.post("/inloggen", {"login": gebruiker.email, "password": wachtwoord})


def regels(handeling: str) -> list[tuple[str, str]]:
    with bereik(["21", "22"]):
        gevonden = LogRegel.objects.filter(handeling=handeling).order_by("id")
        return list(gevonden.values_list("uitkomst", "details__code"))


class TestTweedeFactor:
    def test_zonder_tweede_factor_geen_pagina_maar_eerst_instellen(self, client: Client, echt: Gebruiker) -> None:
        assert log_in(client, echt).url == "/vandaag"
        for pad in ("/beheer/accounts", "/rol", "/account/tweede-stap"):
            antwoord = client.get(pad)
            assert (antwoord.status_code, antwoord.url) == (302, "/account/tweede-stap/app"), pad
        pagina = client.get("/account/tweede-stap/app")
        assert pagina.status_code == 200
        assert "kop__menu" not in pagina.content.decode()

    def test_wie_de_app_instelt_kan_verder(self, client: Client, echt: Gebruiker) -> None:
        log_in(client, echt)
        geheim = client.get("/account/tweede-stap/app").context["form"].secret
        fout = client.post("/account/tweede-stap/app", {"code": "000000"})
        assert fout.status_code == 200
        assert client.get("/rol").status_code == 302
        goed = client.post("/account/tweede-stap/app", {"code": code(geheim)})
        assert goed.status_code == 302
        assert client.get("/rol").status_code == 200
        assert client.get("/account/tweede-stap/herstelcodes").status_code == 200

    def test_met_app_vraagt_inloggen_om_de_code(self, client: Client, echt: Gebruiker) -> None:
        geheim = met_app(echt)
        assert log_in(client, echt).url == "/inloggen/tweede-stap"
        assert client.get("/rol").url.startswith("/inloggen")
        assert client.post("/inloggen/tweede-stap", {"code": "123456"}).status_code == 200
        assert client.get("/rol").url.startswith("/inloggen")
        assert client.post("/inloggen/tweede-stap", {"code": code(geheim)}).url == "/vandaag"
        assert client.get("/rol").status_code == 200

    def test_een_code_werkt_een_keer(self, client: Client, echt: Gebruiker) -> None:
        geheim = met_app(echt)
        nu = code(geheim)
        log_in(client, echt)
        assert client.post("/inloggen/tweede-stap", {"code": nu}).status_code == 302
        ander = Client()
        log_in(ander, echt)
        assert ander.post("/inloggen/tweede-stap", {"code": nu}).status_code == 200
        assert ander.get("/rol").url.startswith("/inloggen")

    def test_een_nieuwe_app_beeindigt_de_andere_sessies(self, client: Client, echt: Gebruiker) -> None:
        geheim = met_app(echt)
        log_in(client, echt)
        client.post("/inloggen/tweede-stap", {"code": code(geheim)})
        assert client.get("/rol").status_code == 200
        Authenticator.objects.filter(user=echt).delete()
        met_app(echt, "KRSXG5CTMVRXEZLU")
        assert client.get("/rol").url.startswith("/inloggen")

    def test_het_geheim_staat_niet_leesbaar_in_de_database(self, echt: Gebruiker) -> None:
        geheim = met_app(echt)
        rij = Authenticator.objects.get(user=echt)
        assert geheim not in str(rij.data)
        assert TOTP(rij).validate_code(code(geheim))


class TestDemo:
    def test_een_knop_per_rol_en_de_knop_logt_in(self, client: Client, wereld: Wereld) -> None:
        pagina = client.get("/inloggen").content.decode()
        for label in ("decaan", "manager vo", "mbo-medewerker", "leerplicht/RMC", "aanjager vo", "beheerorganisatie"):
            assert f"Inloggen als {label}" in pagina
        lid = wereld.lid("aanjager")
        antwoord = client.post("/inloggen/demo", {"account": str(lid.id)})
        assert antwoord.url == "/vandaag"
        assert client.get("/rol").context["wie"]["rol"] == "aanjager vo"

    def test_na_inloggen_terug_naar_de_gevraagde_pagina_maar_nooit_naar_elders(
        self, client: Client, wereld: Wereld
    ) -> None:
        account = str(wereld.lid("decaan").id)
        assert client.post("/inloggen/demo", {"account": account, "next": "/rol"}).url == "/rol"
        for elders in ("https://elders.example/", "//elders.example", "javascript:alert(1)"):
            assert client.post("/inloggen/demo", {"account": account, "next": elders}).url == "/vandaag"

    def test_buiten_een_demonstratie_bestaat_de_knop_niet(self, client: Client, wereld: Wereld, settings: Any) -> None:
        lid = wereld.lid("decaan")
        assert client.post("/inloggen/demo", {"account": str(lid.id)}).status_code == 302
        client.logout()
        settings.OVERSTAP_DEMO = False
        assert client.post("/inloggen/demo", {"account": str(lid.id)}).status_code == 404
        assert "Inloggen als" not in client.get("/inloggen").content.decode()
        # A demonstration account has no way in at all outside a demonstration, with its password neither.
        assert log_in(client, lid.gebruiker).url == "/inloggen/uit"
        assert client.get("/rol").url.startswith("/inloggen")

    def test_een_open_demosessie_eindigt_buiten_een_demonstratie(self, wereld: Wereld, settings: Any) -> None:
        client = wereld.client("decaan")
        assert client.get("/rol").status_code == 200
        settings.OVERSTAP_DEMO = False
        assert client.get("/rol").url.startswith("/inloggen")

    @pytest.mark.parametrize("account", ["", "geen-uuid", "00000000-0000-0000-0000-000000000000"])
    def test_een_onbekend_account_is_404(self, client: Client, wereld: Wereld, account: str) -> None:
        assert client.post("/inloggen/demo", {"account": account}).status_code == 404

    def test_alleen_een_demo_account(self, client: Client, wereld: Wereld) -> None:
        lid = wereld.lid("decaan")
        Gebruiker.objects.filter(pk=lid.gebruiker_id).update(is_demo=False)
        assert client.post("/inloggen/demo", {"account": str(lid.id)}).status_code == 404

    def test_alleen_met_post(self, client: Client, wereld: Wereld) -> None:
        assert client.get("/inloggen/demo", {"account": str(wereld.lid("decaan").id)}).status_code == 405


class TestRaden:
    def test_dezelfde_tekst_of_het_account_bestaat_of_niet(self, client: Client, wereld: Wereld) -> None:
        bestaat = log_in(client, wereld.gebruiker("decaan"), "verkeerd-wachtwoord")
        niet = client.post("/inloggen", {"login": "niemand@overstap.example", "password": "verkeerd-wachtwoord"})
        assert bestaat.context["form"].errors == niet.context["form"].errors
        assert "horen niet bij elkaar" in bestaat.content.decode()
        # The line of an account that does not exist belongs to no regio: nobody of a regio can read it.
        assert regels("inloggen") == [("geweigerd", "wachtwoord")]

    def test_een_nieuw_wachtwoord_vragen_zegt_ook_niets(
        self, client: Client, wereld: Wereld, mailoutbox: list[Any]
    ) -> None:
        bekend = client.post("/account/wachtwoord/vergeten", {"email": wereld.gebruiker("decaan").email}, follow=True)
        assert [bericht.subject for bericht in mailoutbox] == ["Nieuw wachtwoord voor Overstap"]
        niet = client.post("/account/wachtwoord/vergeten", {"email": "niemand@overstap.example"}, follow=True)
        assert len(mailoutbox) == 1
        assert bekend.content.decode().split("<main")[1] == niet.content.decode().split("<main")[1]

    def test_na_vijf_keer_ook_met_het_goede_wachtwoord_even_niet(self, client: Client, wereld: Wereld) -> None:
        gebruiker = wereld.gebruiker("decaan")
        for _ in range(5):
            log_in(client, gebruiker, "verkeerd")
        te_vaak = log_in(client, gebruiker)
        assert te_vaak.status_code == 200
        assert "te vaak" in te_vaak.content.decode()
        # Another account from the same address still can.
        assert log_in(client, wereld.gebruiker("manager_vo")).status_code == 302

    def test_per_adres_is_er_een_grens(self, client: Client, wereld: Wereld) -> None:
        for nummer in range(30):
            client.post("/inloggen", {"login": f"{nummer}@overstap.example", "password": "x"})
        te_vaak = client.post("/inloggen", {"login": "a@overstap.example", "password": "x"})
        assert te_vaak.status_code == 429
        assert "Even wachten" in te_vaak.content.decode()

    def test_codes_raden_is_begrensd(self, client: Client, echt: Gebruiker) -> None:
        geheim = met_app(echt)
        log_in(client, echt)
        for poging in range(6):
            client.post("/inloggen/tweede-stap", {"code": f"{poging:06d}"})
        assert "te vaak" in client.post("/inloggen/tweede-stap", {"code": code(geheim)}).content.decode()


class TestSessie:
    def test_een_half_uur_niets_doen_eindigt_de_sessie(self, wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
        client = wereld.client("decaan")
        assert client.get("/rol").status_code == 200
        verzet(client, "sessie_laatst", 29 * 60)
        assert client.get("/rol").status_code == 200
        verzet(client, "sessie_laatst", 31 * 60)
        antwoord = client.get("/rol", follow=True)
        assert antwoord.redirect_chain == [("/inloggen?next=/rol", 302)]
        assert "half uur" in antwoord.content.decode()

    def test_na_twaalf_uur_is_het_op(self, wereld: Wereld) -> None:
        client = wereld.client("decaan")
        client.get("/rol")
        verzet(client, "sessie_begin", 12 * 3600 - 30)
        assert client.get("/rol").status_code == 200
        verzet(client, "sessie_begin", 12 * 3600 + 30)
        assert client.get("/rol").status_code == 302

    def test_inloggen_geeft_een_nieuwe_sessie(self, client: Client, wereld: Wereld) -> None:
        client.get("/inloggen")
        client.post("/inloggen", {"login": "x@overstap.example", "password": "y"})
        sessie = client.session
        sessie["vooraf"] = "gezet"
        sessie.save()
        vooraf = client.session.session_key
        client.cookies["overstap"] = vooraf
        log_in(client, wereld.gebruiker("decaan"))
        assert client.session.session_key != vooraf
        assert not type(client.session)().exists(vooraf)

    def test_een_nieuw_wachtwoord_of_een_uitgezet_account_eindigt_de_sessie(self, wereld: Wereld) -> None:
        for wijziging in ("wachtwoord", "uit"):
            gebruiker = wereld.gebruiker("decaan" if wijziging == "uit" else "manager_vo")
            client = wereld.client("decaan" if wijziging == "uit" else "manager_vo")
            assert client.get("/rol").status_code == 200
            if wijziging == "uit":
                gebruiker.is_active = False
            else:
                gebruiker.set_password("een-heel-ander-wachtwoord")
            gebruiker.save()
            assert client.get("/rol").url.startswith("/inloggen"), wijziging

    def test_uitloggen_alleen_met_post(self, wereld: Wereld) -> None:
        client = wereld.client("decaan")
        assert client.get("/uitloggen").status_code == 200
        assert client.get("/rol").status_code == 200
        assert client.post("/uitloggen").url == "/inloggen"
        assert client.get("/rol").status_code == 302

    def test_een_stuk_pagina_krijgt_de_inlogpagina_niet_binnenin(self, client: Client, wereld: Wereld) -> None:
        antwoord = client.get("/rol", headers={"HX-Request": "true"})
        assert antwoord["HX-Redirect"] == "/inloggen?next=/rol"


def verzet(client: Client, sleutel: str, seconden: int) -> None:
    """Move a mark of the session back in time."""
    sessie = client.session
    assert sleutel in sessie
    sessie[sleutel] = time.time() - seconden
    sessie.save()


class TestRol:
    def test_wie_meer_rollen_heeft_kiest_er_een(self, wereld: Wereld) -> None:
        decaan = wereld.lid("decaan")
        tweede = Lidmaatschap.objects.create(
            gebruiker=decaan.gebruiker, rol=Rol.AANJAGER.value, organisatie=wereld.organisaties["RMC22"]
        )
        client = wereld.client("decaan")
        eerst = client.get("/rol").context["wie"]
        assert (eerst["rol"], eerst["wissel_url"]) == ("decaan", "/rol")
        assert client.post("/rol", {"lidmaatschap": str(tweede.id)}).url == "/vandaag"
        assert client.get("/rol").context["wie"]["rol"] == "aanjager vo"
        with wereld.bereik("22"):
            regel = LogRegel.objects.get(handeling="rol.gekozen")
        assert (regel.regio_id, regel.rol, regel.object_id) == ("22", "aanjager", str(tweede.id))

    def test_een_rol_van_een_ander_of_een_beeindigde_kan_niet(self, wereld: Wereld) -> None:
        client = wereld.client("decaan")
        ander = wereld.lid("beheerorganisatie")
        assert client.post("/rol", {"lidmaatschap": str(ander.id)}).url == "/rol"
        assert client.get("/rol").context["wie"]["rol"] == "decaan"
        eigen = wereld.lid("decaan")
        Lidmaatschap.objects.filter(pk=eigen.pk).update(beeindigd_op=wereld.vandaag)
        pagina = client.get("/rol")
        assert "nog geen rol" in pagina.content.decode()
        assert client.get("/beheer/accounts").url == "/rol"

    def test_het_begin_gaat_naar_vandaag(self, client: Client, wereld: Wereld) -> None:
        assert client.get("/").url == "/vandaag"

    def test_de_middleware_vraagt_per_klik_weinig(self, wereld: Wereld, django_assert_max_num_queries: Any) -> None:
        client = wereld.client("decaan")
        client.get("/rol")
        # session, person, roles (with vestigingen, subregio's and regio's), savepoint, setting, and the page's own list of roles
        with django_assert_max_num_queries(12):
            client.get("/rol")
