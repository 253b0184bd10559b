"""/gedeeld: a samenwerkingsverband sees the leerling that a school of it shares, by name, status and mbo, and nothing more."""

from __future__ import annotations

from accounts.models import LogOnderwerp, Organisatie
from statuses.actions import move_overstap, record_bezwaar, share_swv
from tests.wereld import Wereld


def test_een_gedeelde_leerling_staat_er_en_een_andere_niet(wereld: Wereld) -> None:
    swv = wereld.client("samenwerkingsverband")
    assert "Nog niets gedeeld" in swv.get("/gedeeld").content.decode()
    with wereld.bereik("21"):
        Organisatie.objects.filter(code="SWV21").update(instellingen={"scholen": ["99AA"]})
        share_swv([wereld.o("intake").pk], True, actor=wereld.actor("decaan"))
    tekst = swv.get("/gedeeld").content.decode()
    persoon = wereld.o("intake").leerling
    assert persoon.lijstnaam in tekst
    assert "Mbo De Poort" in tekst
    assert "Verzorgende IG" not in tekst
    assert f"{persoon.geboortedatum:%d-%m-%Y}" not in tekst
    assert wereld.o("zonder").leerling.lijstnaam not in tekst
    with wereld.bereik("21"):
        assert LogOnderwerp.objects.filter(regel__object_soort="gedeeld", leerling_id=persoon.pk).count() == 1
    assert wereld.client("aanjager").get("/gedeeld").status_code == 403


def test_na_bezwaar_of_een_andere_school_is_een_leerling_niet_meer_gedeeld(wereld: Wereld) -> None:
    bezwaar, verhuisd = wereld.o("intake"), wereld.o("aangemeld")
    decaan = wereld.actor("decaan")
    with wereld.bereik("21"):
        Organisatie.objects.filter(code="SWV21").update(instellingen={"scholen": ["99AA", "99AB"]})
        share_swv([bezwaar.pk, verhuisd.pk], True, actor=decaan)
    swv = wereld.client("samenwerkingsverband")
    assert "Nog niets gedeeld" not in swv.get("/gedeeld").content.decode()
    with wereld.bereik("21"):
        record_bezwaar([bezwaar.pk], True, actor=decaan)
        move_overstap(verhuisd.pk, wereld.vestigingen["99AB00"].pk, actor=decaan)
    assert "Nog niets gedeeld" in swv.get("/gedeeld").content.decode()
