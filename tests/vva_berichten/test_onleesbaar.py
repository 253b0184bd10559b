"""A message in a postbus that cannot be decrypted: it is parked and seen, the rest goes on in order, and it goes again once mended."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overstap.basis import geheim
from overstap.basis.rls import bereik
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.gepusht import GEMEENTE, doe_push, gemeente, lees_postbus, stand_van, zet_eindpunt
from tests.vva_berichten.hulp import alles
from tests.vva_berichten.ontvanger import Ontvanger
from tests.wereld import JAAR, Wereld
from vva_berichten import postbus
from vva_berichten.models import Bericht, BulkRegel, MboGanger, PostbusRegel
from vva_berichten.tasks import bulkmelding_regio
from vva_berichten.uitgaand import lever_bulk, push_stand

PAD = "/api/v1/vva/postbus"


def beschadig(wereld: Wereld, *posities: int) -> dict[int, bytes]:
    """Turn a bit of these messages over in the database; what they were."""
    was = {}
    with wereld.bereik("21"):
        for positie in posities:
            rij = Bericht.objects.get(postbusregel__positie=positie, postbusregel__ontvanger=gemeente(wereld))
            was[positie] = bytes(rij.inhoud)
            Bericht.objects.filter(pk=rij.pk).update(inhoud=was[positie][:-1] + bytes([was[positie][-1] ^ 1]))
    return was


def herstel(wereld: Wereld, was: dict[int, bytes]) -> None:
    with wereld.bereik("21"):
        for positie, inhoud in was.items():
            rij = Bericht.objects.get(postbusregel__positie=positie, postbusregel__ontvanger=gemeente(wereld))
            Bericht.objects.filter(pk=rij.pk).update(inhoud=inhoud)


def test_the_endpoint_goes_on_and_gets_it_once_mended(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    berichten = lees_postbus(wereld)
    aantal = len(berichten)
    # One in the middle, and the last: that one may not stay our turn for ever.
    was = beschadig(wereld, 2, aantal)
    assert doe_push(wereld) == aantal - 2
    assert ontvanger.posities == [n for n in range(1, aantal) if n != 2]
    with bereik(["21"]):
        assert push_stand.aan_de_beurt() == []
        assert PostbusRegel.objects.filter(onleesbaar_op__isnull=False).count() == 2
    assert stand_van(wereld).wacht_sinds is None
    herstel(wereld, {2: was[2]})
    uit = io.StringIO()
    call_command("vva_opnieuw", "--organisatie", GEMEENTE, stdout=uit)
    assert "Weer leesbaar: 1. Nog niet te ontcijferen: 1." in uit.getvalue()
    assert doe_push(wereld) == 1
    assert ontvanger.gekregen[-1]["data"] == berichten[1]
    assert ontvanger.posities[-1] == aantal + 1
    assert ontvanger.fouten == []


def test_the_postbus_goes_on_and_the_operator_sees_it(
    wereld: Wereld, ontvanger: Ontvanger, systeem: Callable[..., Systeem]
) -> None:
    berichten, lezer, beheer = lees_postbus(wereld), systeem(GEMEENTE), wereld.client("beheerorganisatie")
    assert "Niet te ontcijferen" not in beheer.get("/vva").content.decode()
    was = beschadig(wereld, 1, 2)
    # A page on which nothing can be read is not the end.
    eerste = lezer.get(f"{PAD}?limiet=2").json()
    assert eerste["berichten"] == berichten[2:4]
    antwoord = lezer.get(PAD).json()
    assert antwoord["berichten"] == berichten[2:]
    assert lezer.post(f"{PAD}/bevestigingen", {"tot": antwoord["cursor"]}).status_code == 200
    pagina = beheer.get("/vva").content.decode()
    rij = next(r for r in pagina.split("<h2>Niet te ontcijferen</h2>")[1].split("<tr>") if "Gemeente Amstelveen" in r)
    assert '<td class="g">2</td>' in rij
    opnieuw = f"/vva/opnieuw/{gemeente(wereld).pk}"
    assert opnieuw in rij
    # The gemeente's own page is there as well.
    assert "Niet te ontcijferen." in wereld.client("leerplicht", GEMEENTE).get("/vva").content.decode()
    assert "2 nog niet te ontcijferen." in beheer.post(opnieuw, follow=True).content.decode()
    herstel(wereld, was)
    assert "2 weer leesbaar" in beheer.post(opnieuw, follow=True).content.decode()
    # After what was confirmed, in the order that they had.
    assert lezer.get(PAD).json()["berichten"] == berichten[:2]
    assert "Niet te ontcijferen" not in beheer.get("/vva").content.decode()


def test_a_bulk_page_with_one_damaged_row_holds_up_nothing(
    wereld: Wereld, ontvanger: Ontvanger, systeem: Callable[..., Systeem]
) -> None:
    voor = lees_postbus(wereld)
    wereld.op(wereld.vandaag.replace(year=2026, month=3, day=1))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    with wereld.bereik("21"):
        regel = BulkRegel.objects.filter(bulk__gemeente=GEMEENTE).select_related("mbo_ganger").first()
        assert regel is not None
        MboGanger.objects.filter(pk=regel.mbo_ganger_id).update(pgn_versleuteld=b"\x01kort")
        lever_bulk("21", [{"bulk": str(regel.bulk_id)}])
        assert [b.decode() for b in postbus.lees(gemeente(wereld).pk, na=len(voor), limiet=10).berichten] == []
    pagina = wereld.client("beheerorganisatie").get("/vva").content.decode()
    bulkrij = next(r for r in pagina.split("<h2>Bulkmeldingen</h2>")[1].split("<tr>") if "<td>Amstelveen</td>" in r)
    assert "Niet te ontcijferen" in bulkrij


@pytest.mark.parametrize("limiet", [1, 4, postbus.ALLES_WEG - 1, 1000])
def test_when_nothing_can_be_read_it_is_the_key_and_nothing_is_passed_over(
    wereld: Wereld, ontvanger: Ontvanger, systeem: Callable[..., Systeem], limiet: int
) -> None:
    wereld.overstappen_van([wereld.rij("99AA01", gemeente=GEMEENTE) for _ in range(postbus.ALLES_WEG)])
    aantal = len(alles(wereld, GEMEENTE))
    assert aantal > postbus.ALLES_WEG
    beschadig(wereld, *range(1, aantal + 1))
    with pytest.raises(geheim.SleutelWeg, match="Controleer de sleutels"), wereld.bereik("21"):
        postbus.lees(gemeente(wereld).pk, na=0, limiet=limiet)
    antwoord = systeem(GEMEENTE).get(f"{PAD}?limiet={limiet}")
    assert (antwoord.status_code, antwoord.json()["code"]) == (503, "T004")
    assert "Er gaat niets verloren" in antwoord.json()["detail"]
    with wereld.bereik("21"):
        assert not PostbusRegel.objects.filter(onleesbaar_op__isnull=False).exists()


def test_damage_costs_one_query_whatever_the_number(wereld: Wereld, ontvanger: Ontvanger) -> None:
    def queries() -> int:
        with wereld.bereik("21"), CaptureQueriesContext(connection) as q:
            postbus.lees(gemeente(wereld).pk, na=0, limiet=1000)
        return len(q)

    heel = queries()
    beschadig(wereld, 1)
    assert queries() == heel + 1
    beschadig(wereld, 2, 3)
    assert queries() == heel + 1
    assert queries() == heel
