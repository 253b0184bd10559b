"""Organisaties of the regio: who takes part, the vestigingen, and what each chose; never those of another regio."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.instellingen import van_organisatie
from accounts.models import Deelname, Lidmaatschap, LogRegel, Organisatie, Vestiging
from accounts.rechten import Rol
from tests.paginas.beheer.hulp import stuur, velden
from tests.wereld import Wereld

LIJST = "/beheer/organisaties"


def pagina(wereld: Wereld, code: str) -> str:
    return f"{LIJST}/{wereld.organisaties[code].pk}"


def test_de_lijst_toont_de_eigen_regio_en_wie_een_beheerder_mist(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    alles = beheer.get(LIJST).content.decode()
    assert "Kompas College" in alles
    assert "De Zeeweg" not in alles
    mbo = beheer.get(f"{LIJST}?soort=mbo").content.decode()
    assert "Mbo De Poort" in mbo
    assert "Kompas College" not in mbo.split("<table")[1]
    zonder = beheer.get(f"{LIJST}?beheerder=geen").content.decode().split("<table")[1]
    assert "Lyceum De Brug" in zonder
    assert "Kompas College" not in zonder  # has one


def test_de_lijst_kost_evenveel_vragen_bij_meer_organisaties(
    wereld: Wereld, django_assert_max_num_queries: Any
) -> None:
    beheer = wereld.client("beheerorganisatie")
    with wereld.bereik("21"):
        for n in range(40):
            extra = Organisatie.objects.create(code=f"98A{chr(65 + n % 26)}{n}"[:12], soort="vo", naam=f"School {n}")
            Deelname.objects.create(organisatie=extra, regio_id="21")
            Lidmaatschap.objects.create(gebruiker=wereld.gebruiker("decaan"), rol="decaan", organisatie=extra)
    with django_assert_max_num_queries(14):
        assert "School 39" in beheer.get(LIJST).content.decode()


def test_een_school_met_een_vestiging_erbij(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    nieuw = {"soort": "vo", "code": "98zz", "naam": "Nieuwe Mavo"}
    adres = beheer.post(f"{LIJST}/nieuw", nieuw).url
    school = Organisatie.objects.get(code="98ZZ", soort="vo")
    assert adres == f"{LIJST}/{school.pk}"
    vestiging = {
        "code": "98ZZ00", "naam": "Nieuwe Mavo, Dam", "gemeente": "0363", "onderwijssoorten": ["vmbo"], "leerwegen": ["tl"],
    }  # fmt: skip
    assert beheer.post(f"{adres}/vestigingen/nieuw", vestiging).status_code == 302
    rij = Vestiging.objects.get(code="98ZZ00")
    assert (rij.regio_id, rij.organisatie_id, rij.leerwegen) == ("21", school.pk, ["tl"])
    assert (
        stuur(beheer, f"{adres}/vestigingen/98ZZ00", naam="Nieuwe Mavo, Plein", onderwijssoorten=["vmbo"]).status_code
        == 302
    )
    rij.refresh_from_db()
    assert rij.naam == "Nieuwe Mavo, Plein"
    assert "Nieuwe Mavo, Plein" in beheer.get(adres).content.decode()
    with wereld.bereik("21"):
        handelingen = set(LogRegel.objects.values_list("handeling", flat=True))
    assert {"organisatie.toevoegen", "vestiging.toevoegen", "vestiging.wijzigen"} <= handelingen


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"soort": "vo", "code": "9ZZ", "naam": "X"}, "twee cijfers en twee letters"),
        ({"soort": "gemeente", "code": "0405", "naam": "Hoorn"}, "ligt niet in uw regio"),
        ({"soort": "vo", "code": "99AA", "naam": "X"}, "doet al mee"),
        ({"soort": "beheerorganisatie", "code": "RMC21", "naam": "X"}, "Selecteer een geldige keuze"),
    ],
)
def test_een_organisatie_die_niet_kan(wereld: Wereld, velden: dict[str, str], zin: str) -> None:
    antwoord = wereld.client("beheerorganisatie").post(f"{LIJST}/nieuw", velden)
    assert antwoord.status_code == 422
    assert zin in antwoord.content.decode()


def test_een_bekend_mbo_doet_erbij_mee_en_houdt_zijn_naam(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie", "22")
    assert beheer.post(f"{LIJST}/nieuw", {"soort": "mbo", "code": "99MA", "naam": "Andere naam"}).status_code == 302
    mbo = wereld.organisaties["99MA"]
    mbo.refresh_from_db()
    assert mbo.naam == "Mbo De Poort"
    assert set(mbo.deelnames.values_list("regio_id", flat=True)) == {"21", "22"}


def test_een_vestiging_die_niet_kan(wereld: Wereld) -> None:
    beheer = wereld.client("beheerorganisatie")
    goed = {"code": "99AA05", "naam": "Extra", "gemeente": "0363", "onderwijssoorten": ["havo"]}
    for anders, zin in (
        ({"code": "99AB05"}, "99AA met twee cijfers"),
        ({"gemeente": "0405"}, "geldige keuze"),
        ({"leerwegen": ["tl"]}, "Alleen het vmbo heeft leerwegen"),
    ):
        antwoord = beheer.post(f"{pagina(wereld, '99AA')}/vestigingen/nieuw", {**goed, **anders})
        assert antwoord.status_code == 422
        assert zin in antwoord.content.decode()
    assert beheer.get(f"{pagina(wereld, '99AA')}/vestigingen/99AB00").status_code == 404
    assert beheer.get(f"{pagina(wereld, '99MA')}/vestigingen/nieuw").status_code == 404
    assert beheer.get(pagina(wereld, "99BA")).status_code == 404


class TestAfspraken:
    def test_een_mbo_manager_zet_de_eigen_afspraken(self, wereld: Wereld) -> None:
        manager = wereld.client("mbo_manager")
        begin = velden(manager.get("/beheer/eigen").content.decode())
        assert "bron" not in begin
        assert stuur(manager, "/beheer/eigen", intake="12", show="").status_code == 302
        mbo = wereld.organisaties["99MA"]
        mbo.refresh_from_db()
        assert van_organisatie(mbo).doorlooptijden == {"intake": 12}
        # A colleague who opened the page before is told, and sees what holds now.
        tweede = manager.post("/beheer/eigen", {**begin, "intake": "30"})
        assert tweede.status_code == 409
        assert velden(tweede.content.decode())["intake"] == "12"
        mbo.refresh_from_db()
        assert van_organisatie(mbo).doorlooptijden == {"intake": 12}

    def test_de_beheerorganisatie_zet_ook_de_bron(self, wereld: Wereld) -> None:
        beheer = wereld.client("beheerorganisatie")
        adres = f"{pagina(wereld, '99MB')}/afspraken"
        assert stuur(beheer, adres, bron="koppelpunt").status_code == 302
        mbo = wereld.organisaties["99MB"]
        mbo.refresh_from_db()
        assert van_organisatie(mbo).bron == "koppelpunt"
        assert "landelijk koppelpunt" in beheer.get(pagina(wereld, "99MB")).content.decode()
        assert stuur(beheer, adres, intake="900").status_code == 422

    def test_scholen_van_een_samenwerkingsverband_en_levering_aan_een_gemeente(self, wereld: Wereld) -> None:
        beheer = wereld.client("beheerorganisatie")
        assert stuur(beheer, f"{pagina(wereld, 'SWV21')}/afspraken", scholen=["99AA"]).status_code == 302
        assert stuur(beheer, f"{pagina(wereld, 'SWV21')}/afspraken", scholen=["99BA"]).status_code == 422
        assert stuur(beheer, f"{pagina(wereld, '0362')}/afspraken", levering_uit="on").status_code == 302
        swv, gemeente = (Organisatie.objects.get(pk=wereld.organisaties[c].pk) for c in ("SWV21", "0362"))
        assert van_organisatie(swv).scholen == ("99AA",)
        assert van_organisatie(gemeente).levering_uit


def test_de_school_kiest_zelf_of_de_aanjager_namen_ziet(wereld: Wereld) -> None:
    o = wereld.o("zonder")
    naam = o.leerling.lijstnaam
    aanjager = wereld.client("aanjager")
    assert naam not in aanjager.get("/leerlingen").content.decode()
    beheer = wereld.client("functioneel_beheerder")
    keuze = {"vestigingen": [str(wereld.vestigingen["99AA00"].pk), str(wereld.vestigingen["99AA01"].pk)]}
    assert stuur(beheer, "/beheer/eigen", **keuze).status_code == 302
    assert naam in aanjager.get("/leerlingen").content.decode()
    vreemd = [str(wereld.vestigingen["99AB00"].pk)]
    assert stuur(beheer, "/beheer/eigen", vestigingen=vreemd).status_code == 422
    rmc = wereld.client(Rol.FUNCTIONEEL_BEHEERDER, "RMC21")
    assert rmc.get("/beheer/eigen").status_code == 403
