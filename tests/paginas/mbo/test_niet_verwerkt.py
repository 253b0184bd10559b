"""/niet-verwerkt: what was kept and not applied, for the mbo that sent it and for the school that is asked; and how fresh a feed is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis.rls import bereik
from overstap.subscriptions import ABONNEMENTEN
from statuses import events
from statuses.actions import AanmeldingRij, LeerlingRij, RijUitkomst, record_aanmeldingen, record_leerlingen
from statuses.models import NietVerwerkt
from statuses.status import Status
from tests.wereld import Wereld, bsn

S = Status


@pytest.fixture
def mbo(wereld: Wereld) -> Client:
    return wereld.client(Rol.MBO_MEDEWERKER, "99MA")


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def rij(pgn: str, aanmeld_id: str = "SIS-1", status: Status = S.AANGEMELD, **velden: Any) -> AanmeldingRij:
    standaard: dict[str, Any] = {
        "pgn_soort": "bsn", "status_datum": date(2026, 3, 2), "volgnummer": 1, "overstapjaar": 2025, "crebo": "25180",
        "opleiding": "Kok", "niveau": 2,
    }  # fmt: skip
    return AanmeldingRij(aanmeld_id=aanmeld_id, pgn=pgn, status=status, **(standaard | velden))


def lever(wereld: Wereld, *rijen: AanmeldingRij, van: str = "99MA") -> list[RijUitkomst]:
    actor = wereld.actor(Rol.MBO_MEDEWERKER, van)
    with bereik(actor.regios):
        return record_aanmeldingen(rijen, mbo=wereld.organisaties[van], actor=actor, bron="sis")


def lever_school(wereld: Wereld, school: str, *rijen: LeerlingRij) -> list[RijUitkomst]:
    actor = wereld.actor(Rol.DECAAN, school)
    with bereik(actor.regios):
        return record_leerlingen(rijen, actor=actor, bron="import")


def verwerk_gebeurtenissen(wereld: Wereld, overstap_id: Any, regio: str = "21") -> None:
    """What the relay does after a change of status."""
    with wereld.bereik(regio):
        for handler in ABONNEMENTEN[events.STATUS_GEWIJZIGD][:2]:
            handler(regio, [{"overstap": str(overstap_id), "van": 1, "tot": 1, "sporen": ["markering", "aanmelding"]}])


def aantal(antwoord: Any) -> int:
    return len(re.findall(r'<th scope="row">', tekst(antwoord)))


# --- the mbo


def test_elke_soort_staat_er_in_woorden_met_wat_te_doen(wereld: Wereld, mbo: Client) -> None:
    onbekend = bsn(4321)
    lever(wereld, rij(onbekend, "W-304"))
    lever(wereld, rij(wereld.pgn["21"]["zonder"], "W-302", S.INTAKE, volgnummer=5))
    lever(wereld, rij(wereld.pgn["21"]["zonder"], "W-302", volgnummer=3))
    lever(wereld, rij(wereld.pgn["21"]["intake"], "W-303", S.BEEINDIGD))
    pagina = tekst(mbo.get("/niet-verwerkt"))
    assert aantal(mbo.get("/niet-verwerkt")) == 3
    for woorden in ("Zodra de school de leerling aanvinkt", "nieuwere regel", "past niet bij de stand"):
        assert woorden in pagina
    assert onbekend not in pagina
    assert "Kok" in pagina
    alleen = tekst(mbo.get("/niet-verwerkt?code=W302"))
    assert "W-302" in alleen
    assert "W-304" not in alleen
    assert mbo.get("/niet-verwerkt?code=W999").status_code == 400


def test_alleen_wie_het_stuurde_ziet_wat_er_in_stond_en_elke_blik_telt(wereld: Wereld, mbo: Client) -> None:
    lever(wereld, rij(wereld.pgn["21"]["ongemarkeerd"], "GEHEIM-1"))
    assert "GEHEIM-1" in tekst(mbo.get("/niet-verwerkt"))
    with wereld.bereik():
        regel = LogRegel.objects.get(handeling="niet_verwerkt.zien")
        assert regel.aantal == 1
    manager = tekst(wereld.client(Rol.MBO_MANAGER, "99MA").get("/niet-verwerkt"))
    assert "Leerling niet bekend <b>1</b>" in manager
    assert "GEHEIM-1" not in manager
    assert "Kok" not in manager
    assert "GEHEIM-1" not in tekst(wereld.client(Rol.MBO_MEDEWERKER, "99MB").get("/niet-verwerkt"))
    for rol in (Rol.LEERPLICHT, Rol.AANJAGER, Rol.BEHEERORGANISATIE):
        assert wereld.client(rol).get("/niet-verwerkt").status_code == 403


def test_een_onbekende_leerling_bij_een_mbo_in_twee_regios_staat_er_een_keer(wereld: Wereld, mbo: Client) -> None:
    lever(wereld, rij(bsn(4321), "TWEE"), van="99MB")
    with wereld.bereik():
        assert NietVerwerkt.objects.filter(sleutel="TWEE").count() == 2
    client = wereld.client(Rol.MBO_MEDEWERKER, "99MB")
    assert aantal(client.get("/niet-verwerkt")) == 1
    assert "1 regel niet verwerkt" in tekst(client.get("/leerlingen"))


def test_een_rij_verdwijnt_door_wat_er_gebeurt(wereld: Wereld, mbo: Client) -> None:
    """W304 once marked, W303 by a later delivery that fits, W302 once somebody changed the aanmelding."""
    wereld.op(date(2026, 3, 20))
    onbekend = wereld.rij(gemarkeerd=False)
    [overstap] = wereld.overstappen_van([onbekend])
    lever(wereld, rij(onbekend.pgn, "A"), rij(wereld.pgn["21"]["zonder"], "B", S.BEEINDIGD))
    lever(wereld, rij(wereld.pgn["21"]["intake"], "C", volgnummer=4))
    lever(wereld, rij(wereld.pgn["21"]["intake"], "C", volgnummer=2))
    assert aantal(mbo.get("/niet-verwerkt")) == 3
    wereld.wijzig(overstap, Rol.DECAAN, S.ZONDER_AANMELDING)
    verwerk_gebeurtenissen(wereld, overstap.pk)
    lever(wereld, rij(wereld.pgn["21"]["zonder"], "B", volgnummer=2))
    assert re.findall(r'<th scope="row">.*?(A|B|C),? ', tekst(mbo.get("/niet-verwerkt")).replace("<small>", "")) == [
        "C"
    ]
    wereld.op(date(2026, 3, 21))
    lever(wereld, rij(wereld.pgn["21"]["intake"], "C", S.INTAKE, volgnummer=5))
    assert "Alles is verwerkt" in tekst(mbo.get("/niet-verwerkt"))
    verwerk_gebeurtenissen(wereld, wereld.o("intake").pk)
    with wereld.bereik():
        assert NietVerwerkt.objects.get(sleutel="C").afgehandeld_op is not None


def test_een_mens_sluit_een_regel_maar_geen_onbekende_leerling(wereld: Wereld, mbo: Client) -> None:
    lever(wereld, rij(bsn(4321), "A"), rij(wereld.pgn["21"]["zonder"], "B", S.BEEINDIGD))
    with wereld.bereik():
        ids = [str(pk) for pk in NietVerwerkt.objects.values_list("pk", flat=True)]
    ander = wereld.client(Rol.MBO_MEDEWERKER, "99MB")
    ander.post("/niet-verwerkt", {"kies": ids})
    assert aantal(mbo.get("/niet-verwerkt")) == 2
    assert wereld.client(Rol.MBO_MANAGER, "99MA").post("/niet-verwerkt", {"kies": ids}).status_code == 403
    assert "1 regel afgehandeld" in tekst(mbo.post("/niet-verwerkt", {"kies": [*ids, "geen-id"]}, follow=True))
    over = tekst(mbo.get("/niet-verwerkt"))
    assert "Leerling niet bekend <b>1</b>" in over
    assert aantal(mbo.get("/niet-verwerkt")) == 1


def test_bladeren_en_evenveel_queries(wereld: Wereld, mbo: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as gevangen:
            assert mbo.get("/niet-verwerkt").status_code == 200
        return len(gevangen)

    lever(wereld, rij(wereld.pgn["21"]["intake"], "X", S.BEEINDIGD), rij(bsn(4000), "Y"))
    queries()
    eerst = queries()
    lever(wereld, *(rij(bsn(4001 + i), f"N-{i}") for i in range(60)))
    lever(wereld, rij(wereld.pgn["21"]["zonder"], "Z", S.BEEINDIGD))
    assert queries() == eerst
    blad1 = tekst(mbo.get("/niet-verwerkt"))
    [volgende] = re.findall(r'href="(/niet-verwerkt\?na=[^"]*)"', blad1)
    blad2 = tekst(mbo.get(volgende))
    nummers = [set(re.findall(r"\b(N-\d+|X|Y|Z)(?: <small>|, volgnummer)", blad)) for blad in (blad1, blad2)]
    assert (len(nummers[0]), len(nummers[1])) == (50, 13)
    assert not nummers[0] & nummers[1]


# --- how fresh


def test_hoe_vers_de_gegevens_zijn_en_hoeveel_er_is_geweigerd(wereld: Wereld, mbo: Client) -> None:
    assert "nog nooit bijgewerkt" in tekst(mbo.get("/leerlingen"))
    goed, fout = (
        rij(wereld.pgn["21"]["zonder"]),
        rij(wereld.pgn["21"]["intake"], "SIS-2", status_datum=date(2026, 8, 1)),
    )
    lever(wereld, goed, fout)
    lever(wereld, rij(bsn(4321), "SIS-3"))
    pagina = tekst(mbo.get("/leerlingen"))
    assert "In de laatste levering is 1 van 3 regels geweigerd" in pagina  # two calls within the hour are one delivery
    assert "1 regel niet verwerkt" in pagina
    assert "drie keer per week" not in pagina
    assert "1 van 3" in tekst(wereld.client(Rol.MBO_MANAGER, "99MA").get("/opleidingen"))
    wereld.op(date(2026, 3, 24))
    laat = tekst(mbo.get("/leerlingen"))
    assert "4 dagen geleden" in laat
    assert "de afspraak is drie keer per week" in laat
    assert wereld.organisaties["99MA"].naam in tekst(wereld.client(Rol.DECAAN).get("/vandaag"))
    lever(wereld, rij(wereld.pgn["21"]["zonder"], volgnummer=2, status=S.INTAKE))
    assert "geweigerd" not in tekst(mbo.get("/leerlingen"))


# --- the school


def test_aangemeld_en_niet_aangevinkt_staat_bij_de_decaan(wereld: Wereld) -> None:
    decaan = wereld.client(Rol.DECAAN, "99AA")
    assert "Vragen over leerlingen" not in tekst(decaan.get("/vandaag"))
    lever(wereld, rij(wereld.pgn["21"]["ongemarkeerd"], "A"), rij(wereld.pgn["21"]["andere_school_ongemarkeerd"], "B"))
    o = wereld.o("ongemarkeerd")
    assert "Vragen over leerlingen" in tekst(decaan.get("/vandaag"))
    pagina = tekst(decaan.get("/niet-verwerkt"))
    assert "Aangemeld, niet aangevinkt" in pagina
    assert pagina.count('name="kies"') == 1
    assert o.leerling.lijstnaam in pagina
    [vraag] = re.findall(r'name="vraag" value="(gemarkeerd[^"]*)"', pagina)
    post = {"actie": "aanvinken", "kies": [str(o.pk)], "vraag": vraag}
    assert decaan.post("/leerlingen/actie", post).status_code == 200
    decaan.post("/leerlingen/actie", {**post, **wereld.kies([o.pk]), "bevestigd": "ja"})
    assert wereld.o("ongemarkeerd").gemarkeerd_sinds is not None
    assert "Geen vragen" in tekst(decaan.get("/niet-verwerkt"))
    verwerk_gebeurtenissen(wereld, o.pk)
    assert wereld.o("ongemarkeerd").leidende_status == S.AANGEMELD


def test_overstapper_nee_is_een_vraag_aan_de_eigen_school(wereld: Wereld) -> None:
    nieuw = wereld.rij("99AA00")
    [overstap] = wereld.overstappen_van([nieuw])
    [uit] = lever_school(wereld, "99AA", replace(nieuw, overstapper=False, overstapper_sinds=None))
    assert uit.codes == ["W303"]
    decaan, ander = wereld.client(Rol.DECAAN, "99AA"), wereld.client(Rol.DECAAN, "99AB")
    pagina = tekst(decaan.get("/niet-verwerkt"))
    assert "geen overstapper" in pagina
    assert f"/leerlingen/{overstap.pk}" in pagina
    [vraag] = re.findall(r'name="vraag" value="([0-9a-f-]{36})"', pagina)
    assert "Geen vragen" in tekst(ander.get("/niet-verwerkt"))
    ander.post("/niet-verwerkt", {"vraag": vraag})
    assert "geen overstapper" in tekst(decaan.get("/niet-verwerkt"))
    assert "beantwoord" in tekst(decaan.post("/niet-verwerkt", {"vraag": vraag}, follow=True))
    assert "Geen vragen" in tekst(decaan.get("/niet-verwerkt"))
    assert "al beantwoord" in tekst(decaan.post("/niet-verwerkt", {"vraag": vraag}, follow=True))


def test_een_vervolgkeuze_beantwoordt_de_vraag_ook(wereld: Wereld) -> None:
    nieuw = wereld.rij("99AA00")
    [overstap] = wereld.overstappen_van([nieuw])
    lever_school(wereld, "99AA", replace(nieuw, overstapper=False, overstapper_sinds=None))
    wereld.wijzig(overstap, Rol.DECAAN, S.VERVOLGKEUZE_VO)
    assert "Geen vragen" in tekst(wereld.client(Rol.DECAAN, "99AA").get("/niet-verwerkt"))


def test_een_leerling_die_een_andere_school_ook_aanlevert(wereld: Wereld) -> None:
    nieuw = wereld.rij("99AA00")
    [overstap] = wereld.overstappen_van([nieuw])
    [uit] = lever_school(wereld, "99AB", replace(nieuw, vestiging_id=wereld.vestigingen["99AB00"].id))
    assert uit.codes == ["W303"]
    pagina = tekst(wereld.client(Rol.DECAAN, "99AA").get("/niet-verwerkt"))
    assert "Een andere school in de regio" in pagina
    assert f"/leerlingen/{overstap.pk}" in pagina
    assert "Geen vragen" in tekst(wereld.client(Rol.DECAAN, "99AB").get("/niet-verwerkt"))
