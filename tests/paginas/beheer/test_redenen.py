"""Extra redenen: added, chosen by a decaan, ended without losing where they stand."""

from __future__ import annotations

from statuses.models import RegioReden
from tests.paginas.beheer.hulp import stuur
from tests.wereld import Wereld


def kies(wereld: Wereld, naam: str, reden: str, tekst: str = "") -> int:
    """The decaan chooses this reden for the vervolgkeuze; the status of the answer."""
    antwoord = stuur(
        wereld.client("decaan"),
        f"/leerlingen/{wereld.o(naam).pk}/vervolgkeuze",
        reden=reden,
        zekerheid="zeker",
        tekst=tekst,
    )
    status: int = antwoord.status_code
    return status


def test_toevoegen_kiezen_en_beeindigen(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    nieuw = {"status": "6", "label": "Gaat naar een beroepsleerplaats", "tekst_verplicht": "on"}
    assert beheer.post("/beheer/redenen", nieuw).status_code == 302
    rij = RegioReden.objects.get(regio_id="21")
    assert (rij.code, rij.tekst_verplicht) == ("gaat_naar_een_beroeps", True)
    formulier = wereld.client("decaan").get(f"/leerlingen/{wereld.o('zonder').pk}/vervolgkeuze").content.decode()
    assert nieuw["label"] in formulier
    assert (
        nieuw["label"]
        not in wereld.client("decaan", "22")
        .get(f"/leerlingen/{wereld.o('zonder', '22').pk}/vervolgkeuze")
        .content.decode()
    )
    assert kies(wereld, "zonder", rij.code) == 422  # needs a text
    assert kies(wereld, "zonder", rij.code, "Begint in mei bij een bakker") == 302
    assert beheer.post(f"/beheer/redenen/{rij.pk}/einde").status_code == 302
    assert kies(wereld, "intake", rij.code, "Ook zo") == 422  # not to choose any more
    assert wereld.o("zonder").vo_reden == rij.code  # and still there
    pagina = wereld.client("decaan").get(f"/leerlingen/{wereld.o('zonder').pk}").content.decode()
    assert nieuw["label"] in pagina
    assert rij.code not in pagina
    assert beheer.post(f"/beheer/redenen/{rij.pk}/einde", {"terug": "ja"}).status_code == 302
    assert kies(wereld, "intake", rij.code, "Ook zo") == 302


def test_wat_niet_kan(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    for label in ("Gaat naar de havo", "gaat naar de HAVO"):
        antwoord = beheer.post("/beheer/redenen", {"status": "6", "label": label})
        assert antwoord.status_code == 422
        assert "staat al in de lijst" in antwoord.content.decode()
    assert beheer.post("/beheer/redenen", {"status": "12", "label": "Iets"}).status_code == 422
    assert beheer.post("/beheer/redenen", {"status": "4", "label": "Topsport"}).status_code == 302
    rij = RegioReden.objects.get()
    assert wereld.client("beheerorganisatie", "22").post(f"/beheer/redenen/{rij.pk}/einde").status_code == 404
    rij.refresh_from_db()
    assert rij.beeindigd_op is None
