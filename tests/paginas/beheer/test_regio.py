"""The settings of a regio: what holds now, what will move, who was first, and what it does elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.instellingen import lees
from accounts.models import LogRegel, Regio
from rapportages.indicatoren import ambities_van
from statuses.termijnen import kalender_van
from tests.paginas.beheer.hulp import bevestig, stuur, velden
from tests.wereld import Wereld

BASIS = "/beheer/regio/"
KALENDER, AMBITIES = f"{BASIS}kalender", f"{BASIS}ambities"


def keuzes(regio: str = "21") -> Any:
    return lees(Regio.objects.get(pk=regio).instellingen)


def test_de_kalender_zegt_eerst_wat_er_verschuift_en_geldt_dan(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    vraag = stuur(beheer, KALENDER, aanmelden_voor="2026-04-08")
    pagina = vraag.content.decode()
    assert "was 1 april 2026, wordt 8 april 2026" in pagina
    assert "Risicoleerlingen zonder leerplicht" in pagina  # a step whose period moves
    assert "blijft op 1 april 2026 staan" in pagina  # an ambitie does not
    assert keuzes().kalender_jaren == {}  # nothing yet
    assert bevestig(beheer, KALENDER, vraag).status_code == 302
    k = kalender_van(keuzes(), 2025)
    assert (k["aanmelden_voor"], k["risico_zonder_aanmelding"]) == (date(2026, 4, 8), date(2026, 4, 9))
    assert kalender_van(keuzes(), 2026)["aanmelden_voor"] == date(2027, 4, 1)  # another jaar keeps its own
    assert keuzes("22").kalender_jaren == {}
    with wereld.bereik("21"):
        regel = LogRegel.objects.get(handeling="instellingen.wijzigen")
    assert (regel.doel, regel.details) == ("kalender", {"namen": ["kalender_jaren"]})
    # Back to the default leaves no trace in the settings.
    assert bevestig(beheer, KALENDER, stuur(beheer, KALENDER, aanmelden_voor="2026-04-01")).status_code == 302
    assert "kalender_jaren" not in Regio.objects.get(pk="21").instellingen


@pytest.mark.parametrize(
    ("veld", "dag", "zin"),
    [
        ("beginstand", "2025-08-30", "hoort na"),
        ("zomer", "2026-03-01", "hoort na"),
        ("aanmelden_voor", "2027-04-01", "Kies een dag in 2026"),
        ("verantwoordelijk_vo_tot", "2026-10-20", "hoort na"),
        ("zomer", "morgen", "Dit is geen datum"),
    ],
)
def test_een_volgorde_die_niet_kan_wordt_geweigerd(wereld: Wereld, veld: str, dag: str, zin: str) -> None:
    antwoord = stuur(wereld.client("beheerorganisatie"), KALENDER, **{veld: dag})
    assert antwoord.status_code == 422
    assert zin in antwoord.content.decode()
    assert keuzes().kalender_jaren == {}


def test_een_ander_jaar_dan_de_open_jaren_is_er_niet(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    assert beheer.get(f"{KALENDER}?jaar=2026-2027").status_code == 200
    for jaar in ("2019-2020", "2030-2031", "nu"):
        assert beheer.get(KALENDER, {"jaar": jaar}).status_code == 404
    assert beheer.get("/beheer/regio/bestaat-niet").status_code == 404


def test_wie_tweede_is_hoort_wat_er_intussen_geldt(wereld: Wereld) -> None:
    een, twee = wereld.client("beheerorganisatie"), wereld.client("beheerorganisatie")
    adres = "/beheer/regio/drie-vragen"
    mijn = {**velden(twee.get(adres).content.decode()), "vraag_1": "Is er hulp nodig?"}
    assert bevestig(een, adres, stuur(een, adres, vraag_1="Is begeleiding nodig?")).status_code == 302
    antwoord = twee.post(adres, mijn)
    pagina = antwoord.content.decode()
    assert antwoord.status_code == 409
    assert "Iemand anders was u voor" in pagina
    assert "Vraag 1: Is begeleiding nodig?" in pagina
    assert keuzes().drie_vragen[0] == "Is begeleiding nodig?"
    # What was typed is still there, and a second save is a choice.
    assert velden(pagina)["vraag_1"] == "Is er hulp nodig?"
    assert bevestig(twee, adres, twee.post(adres, velden(pagina))).status_code == 302
    assert keuzes().drie_vragen[0] == "Is er hulp nodig?"


def test_ambities_per_jaar_en_een_eigen_erbij(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    nieuw = {
        "15-juli_norm": "60", "15-juli_populatie": "gemarkeerd", "1-september_actief": "",
        "nieuw_actief": "on", "nieuw_datum": "2026-05-15", "nieuw_label": "aangemeld", "nieuw_norm": "98",
        "nieuw_populatie": "gemarkeerd", "nieuw_telt": "aangemeld",
    }  # fmt: skip
    ingevuld = {**velden(beheer.get(AMBITIES).content.decode()), **nieuw}
    del ingevuld["1-september_actief"]
    assert beheer.post(AMBITIES, ingevuld).status_code == 302
    codes = {a.code: a for a in ambities_van(keuzes(), 2025)}
    assert list(codes) == ["1-april", "15-mei", "15-juli", "15-september", "1-oktober"]
    assert (codes["15-juli"].norm, codes["15-juli"].populatie.value, codes["15-mei"].norm) == (60, "gemarkeerd", 98)
    assert len(ambities_van(keuzes(), 2026)) == 5
    assert ambities_van(keuzes(), 2026)[1].norm == 75
    # The pages that show ambities go along.
    rapport = wereld.client("aanjager").get("/rapportages").content.decode()
    assert "15 mei" in rapport


def test_een_ambitie_die_niet_kan_wordt_geweigerd(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    for anders, zin in (
        ({"1-april_datum": "2025-11-01"}, "Kies een dag van 1 januari"),
        ({"1-april_datum": "2026-07-15"}, "Op deze dag is er al een ambitie"),
        ({"1-april_norm": "120"}, "van 0 tot en met 100"),
        ({"nieuw_actief": "on"}, "Vul dit in om de ambitie toe te voegen"),
    ):
        antwoord = stuur(beheer, AMBITIES, **anders)
        assert antwoord.status_code == 422
        assert zin in antwoord.content.decode()
    assert keuzes().ambities_jaren == {}


def test_toestemming_zegt_wat_er_stopt_en_stopt_het(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    adres = "/beheer/regio/toestemming"
    vraag = stuur(beheer, adres, doelen=["leerplicht"])
    pagina = vraag.content.decode()
    assert "Leerplicht inschakelen gaat zonder toelichting" in pagina
    assert "drie vragen invullen" not in pagina
    assert bevestig(beheer, adres, vraag).status_code == 302
    assert keuzes().toestemming == {"leerplicht"}
    # The decaan can still call in leerplicht, without a text.
    veld = 'name="tekst'
    adres = f"/leerlingen/{wereld.o('zonder').pk}/leerplicht"
    assert veld not in wereld.client("decaan").get(adres).content.decode()
    assert bevestig(beheer, f"{BASIS}toestemming", stuur(beheer, f"{BASIS}toestemming", doelen=[])).status_code == 302
    assert veld in wereld.client("decaan").get(adres).content.decode()


@pytest.mark.parametrize(
    ("code", "anders", "naam", "waarde"),
    [
        ("doorlooptijden", {"intake": "20"}, "doorlooptijden", {"intake": 20}),
        ("rust", {"weken": "4"}, "stilstand_weken_zonder", 4),
        ("rust", {"van_1": "2026-02-14", "tot_1": "2026-02-22"}, "vakanties", [["2026-02-14", "2026-02-22"]]),
        ("hulpteksten", {"secretaris": "Bel 020 000 00 00"}, "hulp", {"secretaris": "Bel 020 000 00 00"}),
    ],
)
def test_de_andere_onderdelen(wereld: Wereld, code: str, anders: dict[str, str], naam: str, waarde: Any) -> None:
    beheer, adres = wereld.client("beheerorganisatie"), f"/beheer/regio/{code}"
    assert stuur(beheer, adres, **anders).status_code == 302
    assert Regio.objects.get(pk="21").instellingen[naam] == waarde
    # Again the same: nothing to store, and no line in the log.
    assert (
        "niets veranderd"
        in beheer.post(adres, velden(beheer.get(adres).content.decode()), follow=True).content.decode()
    )
    with wereld.bereik("21"):
        assert LogRegel.objects.filter(handeling="instellingen.wijzigen").count() == 1


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"weken": "0"}, "van 1 tot en met 52"),
        ({"van_1": "2026-02-14"}, "Vul beide dagen in"),
        ({"van_1": "2026-02-14", "tot_1": "2026-02-10"}, "ligt voor de eerste"),
        (
            {"van_1": "2026-02-14", "tot_1": "2026-02-22", "van_2": "2026-02-20", "tot_2": "2026-02-28"},
            "voordat de vorige",
        ),
    ],
)
def test_rust_die_niet_kan(wereld: Wereld, anders: dict[str, str], zin: str) -> None:
    antwoord = stuur(wereld.client("beheerorganisatie"), "/beheer/regio/rust", **anders)
    assert antwoord.status_code == 422
    assert zin in antwoord.content.decode()


def test_het_overzicht_wijst_naar_elk_onderdeel(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    pagina = beheer.get("/beheer").content.decode()
    for code in ("kalender", "ambities", "doorlooptijden", "rust", "drie-vragen", "toestemming", "hulpteksten"):
        assert f"/beheer/regio/{code}" in pagina
        assert beheer.get(f"/beheer/regio/{code}").status_code == 200
