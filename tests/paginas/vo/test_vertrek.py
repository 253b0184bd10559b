"""On the leerling page: left for another regio and back, chosen for a warme overdracht; the buttons follow what may happen."""

from __future__ import annotations

from django.test import Client

from tests.wereld import Wereld


def _doe(client: Client, wereld: Wereld, code: str) -> str:
    url = f"/leerlingen/{wereld.o('intake').pk}/{code}"
    pagina = client.get(url)
    assert pagina.status_code == 200, code
    gezien = pagina.context["gezien"]
    return client.post(url, {"gezien": gezien, "bevestigd": "ja"}, follow=True).content.decode()


def test_vertrokken_en_terug_en_een_warme_overdracht(wereld: Wereld) -> None:
    decaan = wereld.client("decaan")
    assert "Gekozen voor een warme overdracht" in _doe(decaan, wereld, "warme_overdracht")
    assert wereld.o("intake").warme_overdracht_gekozen_op == wereld.vandaag
    assert decaan.get("/leerlingen?stap=VO2c").context["totaal"] == 1
    _doe(decaan, wereld, "vertrokken")
    assert wereld.o("intake").gesloten_op == wereld.vandaag
    assert decaan.get("/leerlingen?stap=VO2c").context["totaal"] == 0
    _doe(decaan, wereld, "teruggekomen")
    assert wereld.o("intake").gesloten_op is None
