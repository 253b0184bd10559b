"""The standing cast is what it says it is."""

from statuses.status import Status
from tests.wereld import STAND, Wereld, bsn


def test_iedere_leerling_staat_waar_de_naam_het_zegt(wereld: Wereld) -> None:
    verwacht = {
        "ongemarkeerd": None,
        "zonder": Status.ZONDER_AANMELDING,
        "andere_school": Status.ZONDER_AANMELDING,
        "andere_school_ongemarkeerd": None,
        "vervolgkeuze": Status.VERVOLGKEUZE_VO,
    }
    for regio in ("21", "22"):
        for naam in STAND:
            assert wereld.o(naam, regio).status == verwacht.get(naam, Status.__members__.get(naam.upper()))


def test_de_fabriek_maakt_leerlingen_en_aanmeldingen_via_de_echte_acties(wereld: Wereld) -> None:
    overstap = wereld.overstap("99BA01", klas="4Z")
    aanmelding = wereld.aanmelding(overstap, "99MB", Status.INTAKE, Status.AFGEWEZEN)
    assert (overstap.regio_id, aanmelding.status_nu) == ("22", Status.AFGEWEZEN)
    assert len(bsn(1000)) == 9
    assert bsn(1000) != bsn(1001)
