"""Two regio's with everybody that the simulator plays: schools, mbo's in and outside the regio, gemeenten that are connected or not."""

from accounts.models import Deelname, Gemeente, Organisatie, Regio, Vestiging
from overstap.basis.rls import bereik

_GEMEENTEN = (
    ("0363", "Amsterdam", "21", True),
    ("0384", "Diemen", "21", True),
    ("0362", "Amstelveen", "21", True),
    ("0394", "Haarlemmermeer", "21", False),
    ("0405", "Hoorn", "22", True),
)
_SCHOLEN = (("99AA", "Het Baken"), ("99AB", "De Vuurtoren"), ("99AC", "De Kade"))
_MBOS = (("98AA", "ROC Een", "21"), ("98AB", "ROC Twee", "21"), ("98BA", "ROC Elders", "22"))


def zaai() -> None:
    """Rows only; no leerlingen: those come over HTTP."""
    Regio.objects.bulk_create(
        [Regio(code="21", naam="Agglomeratie Amsterdam"), Regio(code="22", naam="West-Friesland")]
    )
    with bereik(["21", "22"]):
        for code, naam, regio, aangesloten in _GEMEENTEN:
            Gemeente.objects.create(code=code, naam=naam, regio_id=regio)
            _organisatie(code, "gemeente", naam, regio, aangesloten=aangesloten)
        for code, naam in _SCHOLEN:
            school = _organisatie(code, "vo", naam, "21")
            Vestiging.objects.create(organisatie=school, regio_id="21", code=f"{code}00", naam=naam, gemeente_id="0363")
        for code, naam, regio in _MBOS:
            _organisatie(code, "mbo", naam, regio)
        _organisatie("RMC21", "beheerorganisatie", "RMC 21", "21")


def _organisatie(code: str, soort: str, naam: str, regio: str, *, aangesloten: bool = True) -> Organisatie:
    organisatie = Organisatie.objects.create(code=code, soort=soort, naam=naam, aangesloten=aangesloten)
    Deelname.objects.create(organisatie=organisatie, regio_id=regio)
    return organisatie
