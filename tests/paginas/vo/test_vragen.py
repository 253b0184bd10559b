"""/niet-verwerkt of a school: another school asks for a leerling, and the decaan hands it over on the page."""

from __future__ import annotations

from statuses.actions import record_leerlingen
from tests.wereld import Wereld

URL = "/niet-verwerkt"


def test_de_decaan_zet_een_leerling_over_en_ziet_alleen_dat_die_is_vertrokken(wereld: Wereld) -> None:
    rij = wereld.rij("99AB00", pgn=wereld.pgn["21"]["intake"], klas="5B")
    with wereld.bereik("21"):
        record_leerlingen([rij], actor=wereld.actor("decaan", "99AB"), bron="import")
    decaan, naam = wereld.client("decaan"), wereld.o("intake").leerling.volledige_naam
    pagina = decaan.get(URL)
    assert naam in pagina.content.decode()
    assert "Zet over naar Lyceum De Brug" in pagina.content.decode()
    [vraag] = pagina.context["vragen"]
    antwoord = decaan.post(URL, {"vraag": vraag["pk"], "antwoord": "overzetten"}, follow=True)
    tekst = antwoord.content.decode()
    assert wereld.o("intake").vestiging.code == "99AB00"
    assert naam not in tekst
    assert "naar Lyceum De Brug" in tekst
    assert decaan.get(f"/leerlingen/{wereld.o('intake').pk}").status_code == 404
    weer = decaan.post(URL, {"vraag": vraag["pk"], "antwoord": "overzetten"}, follow=True)
    assert "Iemand heeft haar al beantwoord" in weer.content.decode()
