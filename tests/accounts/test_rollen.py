"""What a functioneel beheerder does with the accounts of the own organisatie, and where that stops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from accounts.models import Gebruiker, Lidmaatschap, LogRegel
from accounts.rechten import Rol
from overstap.basis import klok
from tests.wereld import WACHTWOORD, Wereld

JA = {"bevestigd": "ja"}


def daad(client: Client, lid: Lidmaatschap, code: str, velden: dict[str, Any] | None = None) -> Any:
    return client.post(f"/beheer/accounts/{lid.pk}/{code}", velden or {})


def handelingen(wereld: Wereld) -> set[str]:
    with wereld.bereik("21"):
        return set(LogRegel.objects.filter(uitkomst="gedaan").values_list("handeling", flat=True))


class TestDeel:
    def test_een_decaan_van_een_vestiging_ziet_alleen_die(self, wereld: Wereld) -> None:
        beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
        elders = wereld.overstap("99AA01")
        decaan = wereld.client("decaan")
        assert decaan.get(f"/leerlingen/{elders.pk}").status_code == 200
        assert daad(beheer, lid, "deel", {"vestigingen": [str(wereld.vestigingen["99AA00"].pk)]}).status_code == 302
        assert decaan.get(f"/leerlingen/{elders.pk}").status_code == 404
        assert "Kompas College, Haven" in beheer.get("/beheer/accounts").content.decode()
        assert "account.deel" in handelingen(wereld)
        # Nothing chosen: all of the organisatie again.
        assert daad(beheer, lid, "deel").status_code == 302
        assert decaan.get(f"/leerlingen/{elders.pk}").status_code == 200

    def test_een_vestiging_van_een_ander_kan_niet(self, wereld: Wereld) -> None:
        beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
        vreemd = str(wereld.vestigingen["99AB00"].pk)
        antwoord = beheer.post(f"/beheer/accounts/{lid.pk}/deel", {"vestigingen": [vreemd]}, follow=True)
        assert "Kies alleen vestigingen" in antwoord.content.decode()
        assert not lid.vestigingen.exists()


class TestEmail:
    def test_een_te_lang_adres_is_een_zin(self, wereld: Wereld) -> None:
        lang = f"{'x' * 60}@{'y' * 60}.{'y' * 60}.{'y' * 60}.{'y' * 60}.nl"
        antwoord = daad(wereld.client("functioneel_beheerder"), wereld.lid("decaan"), "email", {"email": lang})
        assert antwoord.status_code == 422
        assert "te lang" in antwoord.content.decode() or "254" in antwoord.content.decode()

    def test_het_nieuwe_adres_werkt_en_het_oude_niet(
        self, wereld: Wereld, client: Client, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
        oud, open_sessie = lid.gebruiker.email, wereld.client("decaan")
        assert open_sessie.get("/rol").status_code == 200
        EmailAddress.objects.create(user=lid.gebruiker, email=oud, primary=True, verified=True)
        with django_capture_on_commit_callbacks(execute=True):
            assert daad(beheer, lid, "email", {"email": "Nieuw@school.example"}).status_code == 302
        assert {m.to[0] for m in mailoutbox} == {oud, "nieuw@school.example"}
        assert all(lid.gebruiker.naam not in m.body for m in mailoutbox)
        assert client.post("/inloggen", {"login": oud, "password": WACHTWOORD}).status_code == 200
        assert client.post("/inloggen", {"login": "nieuw@school.example", "password": WACHTWOORD}).status_code == 302
        assert "account.email_wijzigen" in handelingen(wereld)

    @pytest.mark.parametrize("email", ["geen adres", "", "{van_een_ander}"])
    def test_een_adres_dat_niet_kan(self, wereld: Wereld, email: str) -> None:
        beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
        adres = email.replace("{van_een_ander}", wereld.gebruiker("decaan", "99AB").email)
        antwoord = daad(beheer, lid, "email", {"email": adres})
        assert antwoord.status_code == 422
        assert Gebruiker.objects.get(pk=lid.gebruiker_id).email == lid.gebruiker.email

    def test_niet_van_wie_ook_elders_werkt(self, wereld: Wereld) -> None:
        beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
        Lidmaatschap.objects.create(
            gebruiker=lid.gebruiker, rol=Rol.DECAAN.value, organisatie=wereld.organisaties["99AB"]
        )
        assert "Ook bij een andere organisatie" in beheer.get(f"/beheer/accounts/{lid.pk}").content.decode()
        for code, velden in (("email", {"email": "kaap@school.example"}), ("tweede-stap", JA)):
            antwoord = beheer.post(f"/beheer/accounts/{lid.pk}/{code}", velden, follow=True)
            assert "ook een rol bij een andere organisatie" in antwoord.content.decode()
        assert Gebruiker.objects.get(pk=lid.gebruiker_id).email == lid.gebruiker.email


class TestTweedeStap:
    def test_wissen_vraagt_eerst_en_dwingt_een_nieuwe_af(self, wereld: Wereld, client: Client, settings: Any) -> None:
        settings.OVERSTAP_DEMO = False
        beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
        Gebruiker.objects.update(is_demo=False)
        TOTP.activate(lid.gebruiker, "JBSWY3DPEHPK3PXP")
        settings.OVERSTAP_DEMO = True  # the beheerder in this test has no second step
        assert "Tweede stap wissen?" in daad(beheer, lid, "tweede-stap").content.decode()
        assert Authenticator.objects.filter(user=lid.gebruiker).exists()
        assert daad(beheer, lid, "tweede-stap", JA).status_code == 302
        assert not Authenticator.objects.filter(user=lid.gebruiker).exists()
        assert "account.tweede_stap_wissen" in handelingen(wereld)
        settings.OVERSTAP_DEMO = False
        client.post("/inloggen", {"login": lid.gebruiker.email, "password": WACHTWOORD})
        assert client.get("/rol").url == "/account/tweede-stap/app"


def test_opnieuw_uitnodigen(wereld: Wereld, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
    with django_capture_on_commit_callbacks(execute=True):
        assert daad(beheer, lid, "opnieuw").status_code == 302
    assert [m.to for m in mailoutbox] == [[lid.gebruiker.email]]


def test_wie_lang_niet_inlogde(wereld: Wereld) -> None:
    beheer, lid = wereld.client("functioneel_beheerder"), wereld.lid("decaan")
    Gebruiker.objects.update(last_login=klok.wandklok())
    assert "Iedereen met een rol" in beheer.get("/beheer/accounts?niet=lang").content.decode()
    Gebruiker.objects.filter(pk=lid.gebruiker_id).update(last_login=klok.wandklok() - timedelta(days=91))
    pagina = beheer.get("/beheer/accounts?niet=lang").content.decode()
    assert lid.gebruiker.email in pagina
    assert wereld.gebruiker("manager_vo").email not in pagina


def test_de_lijst_kost_evenveel_vragen_bij_meer_mensen(wereld: Wereld, django_assert_max_num_queries: Any) -> None:
    beheer = wereld.client("functioneel_beheerder")
    for n in range(30):
        gebruiker = Gebruiker.objects.create_user(f"m{n}@school.example", naam=f"Medewerker {n}")
        lid = Lidmaatschap.objects.create(gebruiker=gebruiker, rol="decaan", organisatie=wereld.organisaties["99AA"])
        lid.vestigingen.add(wereld.vestigingen["99AA00"])
    with django_assert_max_num_queries(18):
        assert beheer.get("/beheer/accounts").status_code == 200


class TestBeheerorganisatie:
    def test_nodigt_de_functioneel_beheerder_van_een_school_uit(self, wereld: Wereld) -> None:
        beheer, school = wereld.client("beheerorganisatie"), wereld.organisaties["99AB"]
        adres = f"/beheer/accounts/uitnodigen?organisatie={school.pk}"
        assert "decaan" not in beheer.get(adres).content.decode().split("<select")[1].split("</select>")[0]
        wie = {"email": "fb@school.example", "naam": "Kim"}
        assert beheer.post(adres, {**wie, "rol": "decaan"}).status_code == 422
        assert beheer.post(adres, {**wie, "rol": "functioneel_beheerder"}).status_code == 302
        lid = Lidmaatschap.objects.get(gebruiker__email=wie["email"])
        assert (lid.rol, lid.organisatie_id) == ("functioneel_beheerder", school.pk)
        assert beheer.get(f"/beheer/accounts/{lid.pk}").status_code == 200

    def test_niet_in_een_andere_regio_en_niet_de_andere_rollen(self, wereld: Wereld) -> None:
        beheer = wereld.client("beheerorganisatie")
        vreemd = wereld.organisaties["99BB"]
        assert beheer.get(f"/beheer/accounts/uitnodigen?organisatie={vreemd.pk}").status_code == 404
        assert beheer.get("/beheer/accounts/uitnodigen?organisatie=x").status_code == 404
        assert beheer.get(f"/beheer/accounts/{wereld.lid('decaan').pk}").status_code == 404
        fb = wereld.client("functioneel_beheerder")
        assert fb.get(f"/beheer/accounts/uitnodigen?organisatie={wereld.organisaties['99AB'].pk}").status_code == 403
