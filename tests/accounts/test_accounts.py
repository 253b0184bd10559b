"""Accounts: by command and by invitation, within the own organisatie, never self-granted."""

from __future__ import annotations

import io
import json
import re
import uuid
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Gebruiker, Lidmaatschap, LogRegel
from tests.wereld import Wereld


def maak(*args: str) -> dict[str, Any]:
    uit = io.StringIO()
    call_command("maak_gebruiker", *args, "--json", stdout=uit)
    gelezen: dict[str, Any] = json.loads(uit.getvalue())
    return gelezen


class TestMaakGebruiker:
    def test_het_account_kan_inloggen_en_nog_eens_maken_verandert_niets(self, client: Client, wereld: Wereld) -> None:
        args = (
            "--email",
            "Nieuw@School.example",
            "--rol",
            "decaan",
            "--organisatie",
            "99AA",
            "--wachtwoord",
            "een-lang-ding-7",
        )
        eerst = maak(*args)
        assert eerst == {"id": eerst["id"], "email": "nieuw@school.example", "rol": "decaan", "organisatie": "99AA"}
        assert maak(*args) == eerst
        assert Lidmaatschap.objects.filter(gebruiker_id=eerst["id"]).count() == 1
        assert (
            client.post("/inloggen", {"login": "nieuw@school.example", "password": "een-lang-ding-7"}).url == "/vandaag"
        )

    def test_een_vestiging_beperkt_tot_die_vestiging(self, wereld: Wereld) -> None:
        gemaakt = maak("--email", "a@school.example", "--rol", "decaan", "--organisatie", "99AA01")
        lid = Lidmaatschap.objects.get(gebruiker_id=gemaakt["id"])
        assert [v.code for v in lid.vestigingen.all()] == ["99AA01"]

    def test_zonder_wachtwoord_een_link_die_een_keer_werkt(self, client: Client, wereld: Wereld) -> None:
        gemaakt = maak("--email", "a@school.example", "--rol", "leerplicht", "--organisatie", "0363")
        kies_wachtwoord(client, gemaakt["link"])
        assert (
            client.post("/inloggen", {"login": "a@school.example", "password": "mijn-eigen-lange-zin"}).status_code
            == 302
        )
        assert "werkt niet meer" in Client().get(pad_van(gemaakt["link"]), follow=True).content.decode()

    @pytest.mark.parametrize(
        ("rol", "organisatie", "extra", "zin"),
        [
            ("decaan", "99ZZ", [], "niet bekend"),
            ("decaan", "0363", [], "hoort bij een organisatie van soort vo"),
            ("decaan", "99AA", ["--regio", "22"], "doet niet mee in regio 22"),
            ("decaan", "99AA", ["--wachtwoord", "kort"], "te kort"),
        ],
    )
    def test_wat_niet_kan_zegt_waarom(
        self, wereld: Wereld, rol: str, organisatie: str, extra: list[str], zin: str
    ) -> None:
        with pytest.raises(CommandError, match=zin):
            maak("--email", "a@school.example", "--rol", rol, "--organisatie", organisatie, *extra)
        assert not Gebruiker.objects.filter(email="a@school.example").exists()


def pad_van(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def kies_wachtwoord(client: Client, link: str) -> None:
    pagina = client.get(pad_van(link), follow=True)
    assert "Wachtwoord kiezen" in pagina.content.decode()
    nieuw = "mijn-eigen-lange-zin"
    klaar = client.post(pagina.request["PATH_INFO"], {"password1": nieuw, "password2": nieuw}, follow=True)
    assert "Wachtwoord opgeslagen" in klaar.content.decode()


class TestUitnodigen:
    def test_een_collega_krijgt_een_mail_kiest_een_wachtwoord_en_logt_in(
        self,
        wereld: Wereld,
        client: Client,
        mailoutbox: list[Any],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        beheer = wereld.client("functioneel_beheerder")
        vraag = {"email": "collega@school.example", "naam": "Kim", "rol": "decaan"}
        with django_capture_on_commit_callbacks(execute=True):
            assert beheer.post("/beheer/accounts/uitnodigen", vraag).url == "/beheer/accounts"
        [bericht] = mailoutbox
        assert "Kim" not in bericht.body
        kies_wachtwoord(client, re.search(r"https?://\S+", bericht.body)[0])  # type: ignore[index]
        assert client.post("/inloggen", {"login": vraag["email"], "password": "mijn-eigen-lange-zin"}).url == "/vandaag"
        lid = Lidmaatschap.objects.get(gebruiker__email=vraag["email"])
        assert (lid.rol, lid.organisatie.code) == ("decaan", "99AA")
        assert vraag["email"] in beheer.get("/beheer/accounts").content.decode()

    def test_jezelf_een_rol_geven_kan_niet(self, wereld: Wereld) -> None:
        beheer = wereld.client("functioneel_beheerder")
        ik = wereld.gebruiker("functioneel_beheerder")
        antwoord = beheer.post("/beheer/accounts/uitnodigen", {"email": ik.email, "naam": "Ik", "rol": "decaan"})
        assert antwoord.status_code == 422
        assert "uzelf geen rol geven" in antwoord.content.decode()
        assert ik.lidmaatschappen.count() == 1

    def test_alleen_rollen_van_de_eigen_soort_organisatie(self, wereld: Wereld) -> None:
        beheer = wereld.client("functioneel_beheerder")
        vraag = {"email": "collega@school.example", "naam": "Kim", "rol": "beheerorganisatie"}
        assert beheer.post("/beheer/accounts/uitnodigen", vraag).status_code == 422
        assert not Gebruiker.objects.filter(email=vraag["email"]).exists()

    def test_de_lijst_toont_alleen_de_eigen_organisatie(self, wereld: Wereld) -> None:
        pagina = wereld.client("functioneel_beheerder").get("/beheer/accounts").content.decode()
        assert wereld.gebruiker("decaan").email in pagina
        for ander in (wereld.gebruiker("decaan", "99AB"), wereld.gebruiker("decaan", "22")):
            assert ander.email not in pagina


class TestBeeindigen:
    def test_een_beeindigde_rol_sluit_de_open_sessie(self, wereld: Wereld) -> None:
        collega = wereld.client("decaan")
        assert collega.get("/rol").status_code == 200
        beheer = wereld.client("functioneel_beheerder")
        lid = wereld.lid("decaan")
        adres = f"/beheer/accounts/{lid.id}/beeindigen"
        assert "Rol beëindigen?" in beheer.post(adres).content.decode()  # asks first
        assert collega.get("/rol").status_code == 200
        assert beheer.post(adres, {"bevestigd": "ja"}).status_code == 302
        assert collega.get("/rol").url.startswith("/inloggen")
        with wereld.bereik("21"):
            handelingen = set(LogRegel.objects.values_list("handeling", flat=True))
        assert {"account.rol_beeindigen", "account.uitzetten"} <= handelingen

    def test_niet_de_eigen_rol_en_niet_die_van_een_andere_organisatie(self, wereld: Wereld) -> None:
        beheer = wereld.client("functioneel_beheerder")
        eigen, ander = wereld.lid("functioneel_beheerder"), wereld.lid("decaan", "99AB")
        antwoord = beheer.post(f"/beheer/accounts/{eigen.id}/beeindigen", {"bevestigd": "ja"}, follow=True)
        assert "uw eigen rol niet beëindigen" in antwoord.content.decode()
        for pk in (ander.id, uuid.uuid4()):
            assert beheer.post(f"/beheer/accounts/{pk}/beeindigen").status_code == 404
        for lid in (eigen, ander):
            lid.refresh_from_db()
            assert lid.beeindigd_op is None
