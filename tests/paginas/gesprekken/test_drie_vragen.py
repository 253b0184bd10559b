"""The drie vragen: chosen by the decaan, answered at an aanmelding, read by that mbo, and seen by nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from accounts.instellingen import DRIE_VRAGEN
from accounts.models import LogRegel, Regio
from accounts.rechten import Rol
from overstap.basis.outbox.models import OutboxRegel
from statuses import events
from statuses.actions import choose_drie_vragen, record_bezwaar
from statuses.models import DrieVragen
from statuses.status import Status
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

GEZIEN = "Gezien door het mbo op 20 maart"


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def kies(wereld: Wereld, naam: str = "aangemeld") -> None:
    with wereld.bereik("21"):
        (daad,) = choose_drie_vragen([wereld.o(naam).pk], True, actor=wereld.actor(Rol.DECAAN))
        assert daad.gelukt


def leerling(wereld: Wereld, client: Client, naam: str = "aangemeld") -> str:
    antwoord = client.get(f"/leerlingen/{wereld.o(naam).pk}")
    assert antwoord.status_code == 200
    return re.sub(r"\s+", " ", antwoord.content.decode())


def antwoord(
    wereld: Wereld, client: Client, vraag: int, wat: str, *, htmx: bool = False, naam: str = "aangemeld"
) -> HttpResponse:
    koppen = {"HX-Request": "true"} if htmx else {}
    return client.post(  # type: ignore[return-value]
        f"/drie-vragen/{wereld.a(naam).pk}", {"vraag": vraag, "antwoord": wat, "deel": "jaar=2025-2026"}, headers=koppen
    )


def rij(wereld: Wereld, naam: str = "aangemeld") -> DrieVragen:
    with wereld.bereik("21"):
        return DrieVragen.objects.get(aanmelding=wereld.a(naam))


def test_alleen_bij_wie_de_decaan_koos(wereld: Wereld, decaan: Client) -> None:
    assert DRIE_VRAGEN[0] not in leerling(wereld, decaan)
    geweigerd = antwoord(wereld, decaan, 1, "ja", htmx=True).content.decode()
    assert "Niet opgeslagen." in geweigerd
    kies(wereld)
    assert all(vraag in leerling(wereld, decaan) for vraag in DRIE_VRAGEN)
    assert "Opgeslagen om" in antwoord(wereld, decaan, 1, "ja", htmx=True).content.decode()


def test_kiezen_voor_een_en_voor_velen_en_terug(wereld: Wereld, decaan: Client) -> None:
    ids = [str(wereld.o(n).pk) for n in ("aangemeld", "intake")]
    klaar = decaan.post("/leerlingen/actie", {"actie": "drie_vragen", "bevestigd": "ja", **wereld.kies(ids)})
    assert klaar.context["uitslag"]["gelukt"] == 2
    assert wereld.o("aangemeld").drie_vragen_gekozen_op == wereld.vandaag
    pad = f"/leerlingen/{wereld.o('aangemeld').pk}"
    terug = decaan.post(f"{pad}/drie_vragen_weg", {"versie": wereld.o("aangemeld").versie}, follow=True)
    assert "De drie vragen staan uit." in terug.content.decode()
    assert wereld.o("aangemeld").drie_vragen_gekozen_op is None


def test_een_antwoord_bewaart_zichzelf_en_zonder_script_met_een_knop(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    html = leerling(wereld, decaan)
    pad = f"/drie-vragen/{wereld.a('aangemeld').pk}"
    assert (
        html.count(f'hx-post="{pad}"')
        == html.count('<button class="utrecht-button utrecht-button--secondary-action" type="submit">Bewaar</button>')
        == 3
    )
    zelf = antwoord(wereld, decaan, 2, "ja", htmx=True)
    assert zelf.status_code == 200
    assert "<html" not in zelf.content.decode()
    zonder = antwoord(wereld, decaan, 3, "nee")
    assert zonder.status_code == 302
    assert zonder.headers["Location"] == f"/leerlingen/{wereld.o('aangemeld').pk}?jaar=2025-2026#drie-vragen"
    assert rij(wereld).antwoorden == (None, True, False)
    antwoord(wereld, decaan, 2, "", htmx=True)
    assert rij(wereld).antwoorden == (None, None, False)
    assert antwoord(wereld, decaan, 3, "nee", htmx=True).content.decode().count("Opgeslagen om") == 1
    with wereld.bereik("21"):
        assert OutboxRegel.objects.filter(soort=events.DRIE_VRAGEN_BEANTWOORD).count() == 3


@pytest.mark.parametrize(("vraag", "wat"), [("4", "ja"), ("", "ja"), ("1", "misschien"), ("x", "")])
def test_wat_niet_klopt_blijft_zoals_het_was(wereld: Wereld, decaan: Client, vraag: str, wat: str) -> None:
    kies(wereld)
    gezegd = decaan.post(
        f"/drie-vragen/{wereld.a('aangemeld').pk}", {"vraag": vraag, "antwoord": wat}, headers={"HX-Request": "true"}
    )
    assert "Niet opgeslagen. Kies ja of nee." in gezegd.content.decode()
    with wereld.bereik("21"):
        assert not DrieVragen.objects.exists()


def test_openen_door_het_mbo_is_gezien_en_een_nieuw_antwoord_weer_niet(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    mbo = wereld.client(Rol.MBO_MEDEWERKER)
    assert "beantwoord door de school" not in leerling(wereld, mbo)
    antwoord(wereld, decaan, 1, "ja")
    assert "Nog niet gezien door het mbo" in leerling(wereld, decaan)
    html = leerling(wereld, mbo)
    assert "beantwoord door de school" in html
    assert f"{DRIE_VRAGEN[0]} <strong>ja</strong>" in html
    assert "hx-post" not in html
    assert GEZIEN in leerling(wereld, decaan)
    assert rij(wereld).gezien_door == wereld.gebruiker(Rol.MBO_MEDEWERKER).pk
    antwoord(wereld, decaan, 1, "nee")
    assert GEZIEN not in leerling(wereld, decaan)


def test_een_manager_leest_en_zet_niets_op_gezien(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 1, "ja")
    html = leerling(wereld, wereld.client(Rol.MANAGER_VO))
    assert f"{DRIE_VRAGEN[0]} <strong>ja</strong>" in html
    assert "hx-post" not in html
    assert rij(wereld).gezien_op is None


@pytest.mark.parametrize("rol", [Rol.LEERPLICHT, Rol.AANJAGER, Rol.MBO_MANAGER])
def test_verder_ziet_niemand_ze(wereld: Wereld, decaan: Client, rol: Rol) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 1, "ja")
    assert DRIE_VRAGEN[0] not in leerling(wereld, wereld.client(rol))
    assert rij(wereld).gezien_op is None


def test_een_ander_mbo_ziet_ze_niet(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    wereld.aanmelding(wereld.o("aangemeld"), "99MB")
    antwoord(wereld, decaan, 1, "ja")
    assert DRIE_VRAGEN[0] not in leerling(wereld, wereld.client(Rol.MBO_MEDEWERKER, "99MB"))
    assert DRIE_VRAGEN[0] in leerling(wereld, wereld.client(Rol.MBO_MEDEWERKER))


def test_het_mbo_antwoordt_niet(wereld: Wereld) -> None:
    kies(wereld)
    assert antwoord(wereld, wereld.client(Rol.MBO_MEDEWERKER), 1, "ja").status_code == 403
    with wereld.bereik("21"):
        assert not DrieVragen.objects.exists()


def test_bij_bezwaar_geen_formulier_en_niets_voor_het_mbo(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 1, "ja")
    with wereld.bereik("21"):
        record_bezwaar([wereld.o("aangemeld").pk], True, actor=wereld.actor(Rol.DECAAN))
    html = leerling(wereld, decaan)
    assert "Er is bezwaar of geen toestemming" in html
    assert "hx-post" not in html
    assert DRIE_VRAGEN[0] not in leerling(wereld, wereld.client(Rol.MBO_MEDEWERKER))


def test_een_gestopte_aanmelding_heeft_niets_te_beantwoorden(wereld: Wereld, decaan: Client) -> None:
    kies(wereld, "afgewezen")
    assert wereld.a("afgewezen").status_nu == Status.AFGEWEZEN
    assert "hx-post" not in leerling(wereld, decaan, "afgewezen")
    assert "gestopt" in antwoord(wereld, decaan, 1, "ja", htmx=True, naam="afgewezen").content.decode()


def test_de_vragen_van_de_regio(wereld: Wereld, decaan: Client) -> None:
    eigen = ["Rijdt de bus?", "Wil de leerling een maatje?", "Twijfelt de leerling?"]
    Regio.objects.filter(pk="21").update(instellingen={"drie_vragen": eigen})
    kies(wereld)
    assert all(vraag in leerling(wereld, decaan) for vraag in eigen)


def test_in_een_keer_op_gezien(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 1, "ja")
    ids = [str(wereld.a(n).pk) for n in ("aangemeld", "intake")]
    mbo = wereld.client(Rol.MBO_MEDEWERKER)
    klaar = mbo.post("/leerlingen/actie", {"actie": "gezien", "bevestigd": "ja", **wereld.kies(ids)})
    assert (klaar.context["uitslag"]["gelukt"], klaar.context["uitslag"]["ongewijzigd"]) == (1, 1)
    assert rij(wereld).gezien_op is not None


def test_geen_antwoord_en_geen_naam_in_log_of_outbox(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 1, "ja")
    with wereld.bereik("21"):
        regels = str([*LogRegel.objects.values_list(), *OutboxRegel.objects.values_list("inhoud", "sleutel")])
        assert "drie_vragen.beantwoord" in regels
    assert wereld.o("aangemeld").leerling.achternaam not in regels
    assert "'ja'" not in regels


def test_vanuit_de_stap_een_klik_naar_gelezen(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 1, "ja")
    mbo = wereld.client(Rol.MBO_MEDEWERKER)
    (rij_,) = mbo.get("/leerlingen?stap=MB5").context["rijen"]
    assert "1 van 1" in mbo.get(rij_.url).content.decode()
    assert "niet meer in deze lijst" in mbo.get(rij_.url).content.decode()
    assert mbo.get("/leerlingen?stap=MB5").context["totaal"] == 0


def test_warme_overdracht_is_klaar_zodra_de_school_schreef(wereld: Wereld, decaan: Client) -> None:
    kies(wereld)
    antwoord(wereld, decaan, 2, "ja")
    lijst = decaan.get("/leerlingen?stap=VO2c")
    assert [r.pk for r in lijst.context["rijen"]] == [wereld.o("aangemeld").pk]
    pad = f"/leerlingen/{wereld.o('aangemeld').pk}/bericht"
    assert pad in lijst.content.decode()
    klaar = decaan.post(
        f"{pad}?stap=VO2c&terug=lijst",
        {"naar": "1", "tekst": "Wie kan ik bellen?", "versie": wereld.o("aangemeld").versie},
    )
    assert klaar.headers["Location"].startswith("/leerlingen?")
    assert decaan.get("/leerlingen?stap=VO2c").context["totaal"] == 0
