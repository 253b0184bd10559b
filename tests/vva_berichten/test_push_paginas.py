"""The pages of delivery: /vva of the operator, send again, and the endpoint of an organisatie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Deelname, Gemeente, Organisatie
from overstap.basis import klok
from overstap.basis.embedded.geheimen import nieuwe_pem
from overstap.basis.rls import bereik
from tests.vva_berichten.hulp import NOVEMBER, draai
from tests.vva_berichten.ontvanger import Ontvanger, luister
from tests.wereld import JAAR, Wereld
from vva_berichten.models import Bulk, Eindpunt, GeparkeerdePush
from vva_berichten.tasks import bulkmelding_regio
from vva_berichten.uitgaand.push import push

PEM = nieuwe_pem()
GEMEENTE, ANDERE = "0362", "0363"


@pytest.fixture
def ontvanger(wereld: Wereld, settings: Any) -> Iterator[Ontvanger]:
    """Bulks of 1 March in the postbussen of two gemeenten, and a server for one of them."""
    settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = PEM, True
    wereld.op(NOVEMBER)
    wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(3)])
    draai()
    wereld.op(date(2026, 3, 20))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    draai()
    with luister(Ontvanger(jwks=lambda: Client().get("/.well-known/jwks.json").json())) as server:
        yield server


def _adres(wereld: Wereld, code: str = GEMEENTE) -> str:
    return f"/beheer/organisaties/{wereld.organisaties[code].pk}/eindpunt"


def _opslaan(client: Client, adres: str, url: str, actief: bool = True) -> Any:
    return client.post(adres, {"url": url} | ({"actief": "on"} if actief else {}), follow=True)


def _rij(tekst: str, naam: str) -> str:
    """The row of a table that starts with this name."""
    return next(rij for rij in tekst.split("<tr>") if naam in rij.split("</th>")[0])


def _bulkrij(tekst: str, gemeente: str) -> str:
    return next(r for r in tekst.split("<h2>Bulkmeldingen</h2>")[1].split("<tr>") if f"<td>{gemeente}</td>" in r)


def test_operator_reads_how_far_each_bulk_came(wereld: Wereld, ontvanger: Ontvanger) -> None:
    beheer = wereld.client("beheerorganisatie")
    assert "Het eindpunt is opgeslagen" in _opslaan(beheer, _adres(wereld), ontvanger.url).content.decode()
    tekst = beheer.get("/vva").content.decode()
    assert "<td>Nog niet</td>" in _bulkrij(tekst, "Amstelveen")
    assert "<td>Geen eindpunt</td>" in _bulkrij(tekst, "Amsterdam")
    push(wereld.organisaties[GEMEENTE].pk)
    tekst = beheer.get("/vva").content.decode()
    assert "Werkt" in _rij(tekst, "Gemeente Amstelveen")
    amstelveen = _bulkrij(tekst, "Amstelveen")
    assert "<td>Ja</td>" in amstelveen
    assert "<td>Bezorgd in de postbus</td>" in amstelveen


def test_who_waits_is_there_with_since_when_why_and_a_button(wereld: Wereld, ontvanger: Ontvanger) -> None:
    beheer = wereld.client("beheerorganisatie")
    _opslaan(beheer, _adres(wereld), ontvanger.url)
    pk = wereld.organisaties[GEMEENTE].pk
    opnieuw = f"/vva/opnieuw/{pk}"
    assert opnieuw not in beheer.get("/vva").content.decode()
    ontvanger.gedrag = lambda o, e: 503
    push(pk)
    rij = _rij(beheer.get("/vva").content.decode(), "Gemeente Amstelveen")
    assert "Wacht op de ontvanger" in rij
    assert "Bij de ontvanger ging iets mis (503)." in rij
    assert opnieuw in rij
    assert "Stuur opnieuw" in beheer.get(opnieuw).content.decode()
    ontvanger.gedrag = lambda o, e: 204
    assert "Het eindpunt wordt opnieuw geprobeerd." in beheer.post(opnieuw, follow=True).content.decode()
    push(pk)
    assert opnieuw not in beheer.get("/vva").content.decode()
    assert "Er was niets om opnieuw te sturen." in beheer.post(opnieuw, follow=True).content.decode()


def test_put_aside_is_shown_with_its_reason_and_goes_again(wereld: Wereld, ontvanger: Ontvanger) -> None:
    beheer = wereld.client("beheerorganisatie")
    _opslaan(beheer, _adres(wereld), ontvanger.url)
    pk = wereld.organisaties[GEMEENTE].pk
    ontvanger.gedrag = lambda o, e: 422 if e["type"].startswith("nl.overstap.vva.signalen") else 200
    for _ in range(3):
        push(pk)
        Eindpunt.objects.update(opnieuw_na=None)
    tekst = beheer.get("/vva").content.decode()
    assert "1 sinds" in _rij(tekst, "Gemeente Amstelveen")
    assert "De ontvanger keurt het bericht af (422)." in _rij(tekst, "Gemeente Amstelveen")
    assert "Opzij gezet" in tekst.split("<h2>Bulkmeldingen</h2>")[1]
    assert "1 bericht opnieuw aangeboden." in beheer.post(f"/vva/opnieuw/{pk}", follow=True).content.decode()
    ontvanger.gedrag = lambda o, e: 200
    push(pk)
    with wereld.bereik("21"):
        assert not GeparkeerdePush.objects.exists()
    assert "Opzij gezet" not in beheer.get("/vva").content.decode().split("<h2>Bulkmeldingen</h2>")[1]


def test_not_connected_is_parked_and_goes_with_the_button_once_connected(wereld: Wereld, ontvanger: Ontvanger) -> None:
    gemeente = wereld.organisaties[ANDERE]
    Organisatie.objects.filter(pk=gemeente.pk).update(aangesloten=False)
    wereld.overstappen_van([wereld.rij("99AA00", overstapper_sinds=date(2025, 10, 3))])
    draai()
    beheer = wereld.client("beheerorganisatie")
    rij = _rij(beheer.get("/vva").content.decode(), "Gemeente Amsterdam")
    assert "Nog niet aangesloten" in rij
    assert "/vva/opnieuw/" not in rij
    Organisatie.objects.filter(pk=gemeente.pk).update(aangesloten=True)
    assert f"/vva/opnieuw/{gemeente.pk}" in _rij(beheer.get("/vva").content.decode(), "Gemeente Amsterdam")
    assert "alsnog in de postbus bezorgd" in beheer.post(f"/vva/opnieuw/{gemeente.pk}", follow=True).content.decode()
    assert "Wacht op aansluiting" not in beheer.get("/vva").content.decode()


def test_functioneel_beheerder_finds_and_sets_the_own_endpoint(wereld: Wereld, ontvanger: Ontvanger) -> None:
    school = wereld.client("functioneel_beheerder", "99AA")
    assert "/beheer/eindpunt" in school.get("/beheer/accounts").content.decode()
    tekst = _opslaan(school, "/beheer/eindpunt", ontvanger.url).content.decode()
    assert "Eindpunt van Kompas College" in tekst
    assert "/.well-known/jwks.json" in tekst
    assert Eindpunt.objects.get().pk == wereld.organisaties["99AA"].pk
    assert "Ververs deze pagina" in school.post("/beheer/eindpunt", {"actie": "proef"}, follow=True).content.decode()
    assert "Uit" in _opslaan(school, "/beheer/eindpunt", ontvanger.url, actief=False).content.decode()
    assert not Eindpunt.objects.get().actief


@pytest.mark.parametrize(
    ("url", "zin"), [("", "Vul het adres in."), ("https://10.0.0.1/", "intern netwerk"), ("http://vb.nl", "https://")]
)
def test_wrong_address_is_one_sentence_and_changes_nothing(
    wereld: Wereld, ontvanger: Ontvanger, settings: Any, url: str, zin: str
) -> None:
    settings.OVERSTAP_PUSH_INTERN = False
    antwoord = wereld.client("beheerorganisatie").post(_adres(wereld), {"url": url, "actief": "on"})
    assert antwoord.status_code == 422
    assert zin in antwoord.content.decode()
    assert not Eindpunt.objects.exists()


def test_only_who_gets_messages_has_an_endpoint(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    assert beheer.get(_adres(wereld, "99MA")).status_code == 404
    assert beheer.get(_adres(wereld, "0405")).status_code == 404
    assert beheer.get("/beheer/eindpunt").status_code == 403
    for code, ziet in (("99AA", True), ("0362", True), ("99MA", False)):
        tekst = beheer.get(f"/beheer/organisaties/{wereld.organisaties[code].pk}").content.decode()
        assert ("/eindpunt" in tekst) is ziet


def test_number_of_queries_of_the_operators_page_does_not_grow(wereld: Wereld, ontvanger: Ontvanger) -> None:
    beheer = wereld.client("beheerorganisatie")
    _opslaan(beheer, _adres(wereld), ontvanger.url)

    def vragen() -> int:
        with CaptureQueriesContext(connection) as gevraagd:
            assert beheer.get("/vva").status_code == 200
        return len(gevraagd)

    _gemeenten_erbij(range(1))
    vragen()
    eerst = vragen()
    _gemeenten_erbij(range(1, 20))
    assert "Gemeente 19" in beheer.get("/vva").content.decode()
    assert vragen() == eerst


def _gemeenten_erbij(nummers: range) -> None:
    """Gemeenten whose endpoint waits, each with a bulk that is parked."""
    nu = klok.wandklok()
    with bereik(["21"]):
        for n in nummers:
            gemeente = Gemeente.objects.create(code=f"99{n:02d}", naam=f"Gemeente {n}", regio_id="21")
            o = Organisatie.objects.create(code=gemeente.code, soort="gemeente", naam=f"Gemeente {n}")
            Deelname.objects.create(organisatie=o, regio_id="21")
            Eindpunt.objects.create(
                organisatie=o, url="https://x.example/", wacht_sinds=nu - timedelta(days=1), fout="tijd"
            )
            Bulk.objects.create(
                regio_id="21", gemeente=gemeente, overstapjaar=JAAR, soort="BULK_0301", peildatum=date(2026, 3, 1),
                gemaakt_op=nu, geparkeerd_op=nu,
            )  # fmt: skip
