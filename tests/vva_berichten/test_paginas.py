"""/vva per role: what is there, what is not, and that nobody sees a pgn."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogRegel
from accounts.rechten import Rol
from tests.vva_berichten.hulp import NOVEMBER, draai
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten.models import Bulk, Postbus
from vva_berichten.tasks import bulkmelding_regio

NAMEN = ("Zwanenburg", "Oosterling")


@pytest.fixture
def gevuld(wereld: Wereld) -> Wereld:
    """Two leerlingen of Amsterdam in the bulk of 1 March: one of a school here, one of a school in regio 22."""
    wereld.op(NOVEMBER)
    for vestiging, nummer, naam in (("99AA00", 3001, NAMEN[0]), ("99BA00", 3002, NAMEN[1])):
        wereld.overstap(
            vestiging, pgn=bsn(nummer), gemeente="0363", achternaam=naam, overstapper_sinds=date(2025, 10, 3)
        )
    draai()
    wereld.op(date(2026, 3, 20))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    draai()
    return wereld


def bulk_van(wereld: Wereld, code: str) -> Bulk:
    with wereld.bereik():
        return Bulk.objects.get(gemeente_id=code)


def test_gemeente_sees_bulk_and_messages(gevuld: Wereld) -> None:
    pagina = gevuld.client(Rol.LEERPLICHT, "0363").get("/vva")
    tekst = pagina.content.decode()
    assert "Bulkmelding 1 maart" in tekst
    assert "Bezorgd in de postbus" in tekst
    assert NAMEN[0] in tekst
    assert NAMEN[1] not in tekst
    assert bsn(3001) not in tekst


def test_bulk_shows_the_visible_by_name_and_the_others_by_school(gevuld: Wereld) -> None:
    bulk = bulk_van(gevuld, "0363")
    pagina = gevuld.client(Rol.LEERPLICHT, "0363").get(f"/vva/bulk/{bulk.pk}")
    tekst = pagina.content.decode()
    assert NAMEN[0] in tekst
    assert NAMEN[1] not in tekst
    assert "Leerling van een school buiten uw regio" in tekst
    assert "De Zeeweg" in tekst
    assert bsn(3001) not in tekst
    with gevuld.bereik():
        regel = LogRegel.objects.get(handeling="vva.bulk_bekeken")
        assert regel.onderwerpen.count() >= 1


@pytest.mark.parametrize(
    ("rol", "waar", "status"),
    [
        (Rol.LEERPLICHT, "0362", 404),
        (Rol.LEERPLICHT, "0405", 404),
        (Rol.LEERPLICHT, "RMC21", 200),
        (Rol.LEERPLICHT, "RMC22", 404),
        (Rol.DECAAN, "99AA", 404),
        (Rol.BEHEERORGANISATIE, "RMC21", 404),
        (Rol.AANJAGER, "RMC21", 403),
        (Rol.MBO_MEDEWERKER, "99MA", 403),
    ],
)
def test_bulk_is_for_its_own_gemeente(gevuld: Wereld, rol: Rol, waar: str, status: int) -> None:
    assert gevuld.client(rol, waar).get(f"/vva/bulk/{bulk_van(gevuld, '0363').pk}").status_code == status


def test_decaan_sees_who_was_reported_and_why_not(gevuld: Wereld) -> None:
    gevuld.overstap("99AA00", onderwijssoort="havo", leerweg=None, achternaam="Havinga")
    client = gevuld.client(Rol.DECAAN, "99AA")
    tekst = client.get("/vva").content.decode()
    assert "De termijn is voorbij" in tekst
    assert "Havo en vwo vallen buiten deze melding." in tekst
    assert "Gemeld op 15 november 2025" in tekst
    assert NAMEN[1] not in tekst
    gemeld = client.get("/vva?stand=gemeld").content.decode()
    assert NAMEN[0] in gemeld
    assert "Havinga" not in gemeld
    assert "Postbus" in client.get("/vva/berichten").content.decode()


@pytest.mark.parametrize(("dag", "zin"), [(date(2026, 1, 31), "Nog 1 dag,"), (date(2025, 9, 20), "Melden begint")])
def test_decaan_sees_how_long_it_can_be_done(wereld: Wereld, dag: date, zin: str) -> None:
    wereld.op(dag)
    assert zin in wereld.client(Rol.DECAAN, "99AA").get("/vva").content.decode()


def test_beheer_sees_how_far_each_bulk_came_and_no_leerling(gevuld: Wereld) -> None:
    client = gevuld.client(Rol.BEHEERORGANISATIE, "RMC21")
    assert "Bezorgd in de postbus" in client.get("/vva").content.decode()
    Postbus.objects.update(opgehaald_tot=9999)
    assert "Opgehaald" in client.get("/vva").content.decode()
    Postbus.objects.update(bevestigd_tot=9999)
    tekst = client.get("/vva").content.decode()
    assert "Bevestigd" in tekst
    assert not any(naam in tekst for naam in NAMEN)


def test_odd_addresses_are_no_500(gevuld: Wereld) -> None:
    client = gevuld.client(Rol.LEERPLICHT, "0363")
    for pad in ("/vva?voor=x", "/vva?voor=-1", "/vva?voor=99999999999999999999", "/vva/bulk/x", "/vva?jaar=1900"):
        assert client.get(pad).status_code in (200, 404)


def test_as_many_queries_with_many_leerlingen(gevuld: Wereld) -> None:
    client = gevuld.client(Rol.DECAAN, "99AA")
    client.get("/vva")  # the first look of a session writes more
    aantallen = []
    for aantal in (1, 60):
        gevuld.overstappen_van([gevuld.rij("99AA00") for _ in range(aantal)])
        with CaptureQueriesContext(connection) as gevraagd:
            assert client.get("/vva").status_code == 200
        aantallen.append(len(gevraagd))
    assert aantallen[0] == aantallen[1]
