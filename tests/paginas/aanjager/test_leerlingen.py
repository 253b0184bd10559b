"""The leerlingen behind the figures: a name only where the school opted in, and nothing to change."""

from __future__ import annotations

from typing import Any

from accounts.models import Vestiging
from accounts.rechten import Rol
from tests.wereld import Wereld


def tekst(antwoord: Any) -> str:
    return str(antwoord.content.decode())


def test_een_naam_alleen_waar_de_school_dat_wil(wereld: Wereld) -> None:
    aanjager = wereld.client(Rol.AANJAGER, "RMC21")
    overstap = wereld.overstap(achternaam="Geheimnaam")
    dicht = tekst(aanjager.get("/leerlingen?vestiging=99AA00"))
    assert "Geheimnaam" not in dicht
    assert "Leerling " in dicht
    assert "Geheimnaam" not in tekst(aanjager.get(f"/leerlingen/{overstap.pk}"))
    with wereld.bereik("21"):
        Vestiging.objects.filter(code="99AA00").update(deelt_namen=True)
    assert "Geheimnaam" in tekst(aanjager.get("/leerlingen?vestiging=99AA00"))


def test_zoeken_en_sorteren_op_naam_verraadt_niets(wereld: Wereld) -> None:
    aanjager = wereld.client(Rol.AANJAGER, "RMC21")
    wereld.overstap(achternaam="Geheimnaam")
    alles = tekst(aanjager.get("/leerlingen"))
    assert "sorteer=naam" not in alles
    gezocht = aanjager.get("/leerlingen?zoek=geheim")
    assert "1 leerling" not in tekst(gezocht) or gezocht.status_code == 400


def test_de_aanjager_wijzigt_niets(wereld: Wereld) -> None:
    aanjager = wereld.client(Rol.AANJAGER, "RMC21")
    pk = wereld.o("zonder").pk
    antwoord = aanjager.post(
        "/leerlingen/actie", {"actie": "vervolgkeuze", "bevestigd": "ja", **wereld.kies([str(pk)])}
    )
    assert antwoord.status_code in (400, 403)
    assert wereld.o("zonder").spoor_vo is None
