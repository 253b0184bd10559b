"""A school that confirms before a melding goes out; how far each melding is, in words and counted; what was refused."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.actions import change_organisatie_settings
from accounts.models import LogRegel
from accounts.rechten import Rol
from statuses.models import Overstap
from statuses.status import Status
from tests.vva_berichten.hulp import NOVEMBER, draai, mbo_gangers
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten import meldstand
from vva_berichten.bulkmelding import regio_kalender
from vva_berichten.geschikt import Meldstand
from vva_berichten.models import GeweigerdeMelding
from vva_berichten.tasks import bijwerken_regio

NUMMER = bsn(3001)


def bevestigt(wereld: Wereld, *codes: str) -> None:
    with wereld.bereik("21"):
        change_organisatie_settings(
            wereld.organisaties["99AA"],
            {"vva_bevestigen": list(codes) or None},
            actor=wereld.actor("beheerorganisatie"),
        )


@pytest.fixture
def school(wereld: Wereld) -> Wereld:
    """99AA00 confirms; one leerling of it (NUMMER) stands ready in November."""
    bevestigt(wereld, "99AA00")
    wereld.op(NOVEMBER)
    wereld.overstap("99AA00", pgn=NUMMER, gemeente="0363", leerweg="tl", overstapper_sinds=date(2025, 10, 3))
    draai()
    return wereld


def leerling(wereld: Wereld) -> Overstap:
    from overstap.basis import geheim

    with wereld.bereik("21"):
        return Overstap.objects.get(leerling__pgn_index=geheim.blinde_index("bsn", NUMMER))


def meld(client: Client, **keuze: Any) -> Any:
    """Send the list, then say yes on the page that asks; the page in between and the answer."""
    vraag = client.post("/vva/melden", keuze)
    verborgen = {**keuze, "zeker": vraag.context["verborgen"][-1][1]} if vraag.status_code == 200 else keuze
    return vraag, client.post("/vva/melden", verborgen, follow=True)


def test_nothing_goes_out_before_the_decaan_confirms_and_then_at_once(school: Wereld) -> None:
    bijwerken_regio("21")
    assert mbo_gangers(school, "0363", NUMMER) == []
    client = school.client(Rol.DECAAN, "99AA")
    lijst = client.get("/vva?stand=klaar").content.decode()
    assert "Klaar om te melden" in lijst
    vraag, daarna = meld(client, kies=[str(leerling(school).pk)])
    assert "1 leerling melden" in vraag.content.decode()
    assert "Melden kan tot en met 01-02-2026: nog 78 dagen." in vraag.content.decode()
    assert "1 leerling gemeld aan de woongemeente." in daarna.content.decode()
    assert mbo_gangers(school, "0363", NUMMER) == [(True, 1)]
    with school.bereik("21"):
        regel = LogRegel.objects.get(handeling="vva.mbo_gangers_bevestigd")
        assert [o.leerling_id for o in regel.onderwerpen.all()] == [leerling(school).leerling_id]


def test_the_page_in_between_changes_nothing_and_twice_sends_once(school: Wereld) -> None:
    client = school.client(Rol.DECAAN, "99AA")
    keuze = {"kies": [str(leerling(school).pk)]}
    assert client.post("/vva/melden", keuze).status_code == 200
    assert mbo_gangers(school, "0363", NUMMER) == []
    meld(client, **keuze)
    _, nog_eens = meld(client, **keuze)
    assert "Kies eerst leerlingen die klaarstaan" in nog_eens.content.decode()
    assert mbo_gangers(school, "0363", NUMMER) == [(True, 1)]


def test_false_does_not_wait_and_the_next_true_does(school: Wereld) -> None:
    client = school.client(Rol.DECAAN, "99AA")
    meld(client, alle="ja")
    school.wijzig(leerling(school), Rol.DECAAN, Status.VERVOLGKEUZE_VO, waar="99AA")
    assert mbo_gangers(school, "0363", NUMMER) == [(True, 1), (False, 2)]
    from statuses.status import Spoor

    school.wijzig(leerling(school), Rol.DECAAN, None, waar="99AA", spoor=Spoor.VO)
    assert mbo_gangers(school, "0363", NUMMER) == [(True, 1), (False, 2)]
    meld(client, alle="ja")
    assert mbo_gangers(school, "0363", NUMMER) == [(True, 1), (False, 2), (True, 3)]


def test_without_the_setting_what_waited_goes_the_next_morning(school: Wereld) -> None:
    bevestigt(school)
    bijwerken_regio("21")
    assert mbo_gangers(school, "0363", NUMMER) == [(True, 1)]


def test_another_vestiging_of_the_school_goes_by_itself(school: Wereld) -> None:
    school.overstap("99AA01", pgn=bsn(3009), gemeente="0363", leerweg="tl", overstapper_sinds=date(2025, 10, 3))
    assert mbo_gangers(school, "0363", bsn(3009)) == [(True, 1)]


@pytest.mark.parametrize(
    ("dag", "zin"),
    [(date(2025, 9, 20), "Melden kan vanaf 01-10-2025"), (date(2026, 8, 3), "Melden kon tot en met 31-07-2026")],
)
def test_outside_the_term_it_is_refused_with_a_sentence(school: Wereld, dag: date, zin: str) -> None:
    school.op(dag)
    _, antwoord = meld(school.client(Rol.DECAAN, "99AA"), alle="ja")
    assert zin in antwoord.content.decode()
    assert mbo_gangers(school, "0363", NUMMER) == []


def test_another_school_or_role_confirms_nothing(school: Wereld) -> None:
    keuze = {"kies": [str(leerling(school).pk)], "zeker": "1"}
    school.client(Rol.DECAAN, "99AB").post("/vva/melden", keuze)
    assert school.client(Rol.MANAGER_VO, "99AA").post("/vva/melden", keuze).status_code == 403
    assert mbo_gangers(school, "0363", NUMMER) == []


def test_confirming_many_takes_as_many_queries_as_two(school: Wereld) -> None:
    client = school.client(Rol.DECAAN, "99AA")
    meld(client, alle="ja")
    aantallen = []
    for aantal in (2, 40):
        school.overstappen_van([school.rij("99AA00", overstapper_sinds=date(2025, 10, 3)) for _ in range(aantal)])
        draai()
        vraag = client.post("/vva/melden", {"alle": "ja"})
        with CaptureQueriesContext(connection) as gevraagd:
            client.post("/vva/melden", {"alle": "ja", "zeker": vraag.context["verborgen"][-1][1]})
        aantallen.append(len(gevraagd))
    assert aantallen[0] == aantallen[1]


def test_a_school_sets_it_itself(wereld: Wereld) -> None:
    from accounts.instellingen import van_organisatie
    from accounts.models import Organisatie
    from tests.paginas.beheer.hulp import stuur

    beheer = wereld.client(Rol.FUNCTIONEEL_BEHEERDER, "99AA")
    assert stuur(beheer, "/beheer/eigen", vva_bevestigen=["99AA01"]).status_code == 302
    assert van_organisatie(Organisatie.objects.get(code="99AA", soort="vo")).vva_bevestigen == {"99AA01"}
    assert stuur(beheer, "/beheer/eigen", vva_bevestigen=["99AB00"]).status_code == 422


# --- in words and counted


def bonte_klas(wereld: Wereld) -> None:
    """One of each kind at 99AA00, who confirms, on 15 November."""
    bevestigt(wereld, "99AA00")
    wereld.op(NOVEMBER)
    velden: list[dict[str, Any]] = [
        {}, {}, {}, {"onderwijssoort": "havo", "leerweg": None}, {"gemeente": None, "land": "DE"}, {"bestemming": "havo"},
    ]  # fmt: skip
    rijen = wereld.overstappen_van([wereld.rij("99AA00", overstapper_sinds=date(2025, 10, 3), **v) for v in velden])
    keuze = {"reden_code": "particulier", "zekerheid": "zeker"}
    wereld.wijzig(rijen[1], Rol.DECAAN, Status.VERVOLGKEUZE_VO, waar="99AA", **keuze)
    with wereld.bereik("21"):
        GeweigerdeMelding.objects.create(
            regio_id="21", overstapjaar=JAAR, brin="99AA", vestiging="99AA00", overstap=rijen[2], sleutel=b"x" * 32,
            code="F106", ontvangen_op="2025-11-15T09:00:00+01:00",
        )  # fmt: skip
    meld_een = wereld.overstap("99AA00", pgn=NUMMER, gemeente="0363", overstapper_sinds=date(2025, 10, 3))
    draai()
    meld(wereld.client(Rol.DECAAN, "99AA"), kies=[str(meld_een.pk)])
    wereld.wijzig(leerling(wereld), Rol.DECAAN, Status.VERVOLGKEUZE_VO, waar="99AA", **keuze)
    draai()


def test_words_and_counts_say_the_same_and_add_up(wereld: Wereld) -> None:
    bonte_klas(wereld)
    with wereld.bereik("21"):
        alle = Overstap.objects.filter(regio_id="21", overstapjaar=JAAR, gemarkeerd_sinds__isnull=False)
        om = meldstand.omgeving(["21"], regio_kalender("21", JAAR))
        per_school = meldstand.tel(alle, om)
        in_woorden = meldstand.leg_uit(alle.select_related("leerling", "vestiging__organisatie"), om)
    samen = meldstand.samen(per_school.values())
    assert samen.per == Counter(r.uitleg.stand for r in in_woorden)
    assert samen.overstappers == len(in_woorden)
    assert samen.vraag == sum(r.uitleg.vraag for r in in_woorden) == 2
    assert samen.geweigerd == {"F106": 1}
    assert set(samen.per) == set(Meldstand)
    assert all(samen.per[stand] for stand in Meldstand if stand != Meldstand.NOG_NIET)


def test_decaan_reads_per_leerling_why_and_what_to_do(wereld: Wereld) -> None:
    bonte_klas(wereld)
    tekst = wereld.client(Rol.DECAAN, "99AA").get("/vva").content.decode()
    for zin in (
        "Bevestig de melding.",
        "Leg bij de vervolgkeuze vast of deze leerling naar een mbo gaat: ja of nee.",
        "Het bericht van uw leerlingsysteem is geweigerd (F106).",
        "Verbeter de woongemeente in uw leerlingsysteem",
        "Havo en vwo vallen buiten deze melding.",
        "Woont niet in een Nederlandse gemeente.",
        "Gemeld op 15 november 2025",
        "Meld alle ",
    ):
        assert zin in tekst
    # What can be confirmed is what the page in between counts, the refused one included.
    client = wereld.client(Rol.DECAAN, "99AA")
    klaar = client.get("/vva?stand=klaar").context["rijen"]
    vraag = client.post("/vva/melden", {"alle": "ja"})
    assert f"{len(klaar)} leerlingen melden" in vraag.content.decode()
    assert "Of bevestig de melding hier." in {r["te_doen"][-28:] for r in klaar}
    vragen = wereld.client(Rol.DECAAN, "99AA").get("/vva?stand=vraag")
    assert len(vragen.context["rijen"]) == 2  # one is reported, and stays so until the answer


def test_the_question_stands_on_vandaag_until_it_is_answered(wereld: Wereld) -> None:
    client, keuze = wereld.client(Rol.DECAAN, "99AA"), {"reden_code": "particulier", "zekerheid": "zeker"}
    assert "Zeg ja of nee" not in client.get("/vandaag").content.decode()
    wereld.wijzig(wereld.o("zonder"), Rol.DECAAN, Status.VERVOLGKEUZE_VO, waar="99AA", **keuze)
    tekst = client.get("/vandaag").content.decode()
    assert "1 leerling met een vervolgkeuze die niet zegt of het een mbo wordt." in tekst
    assert "/vva?stand=vraag&amp;jaar=2025-2026" in tekst
    assert "die uw systeem of een mbo anders aanlevert" not in tekst
    wereld.wijzig(wereld.o("zonder"), Rol.DECAAN, Status.VERVOLGKEUZE_VO, waar="99AA", **keuze, naar_mbo=True)
    assert "Zeg ja of nee" not in client.get("/vandaag").content.decode()


def test_before_october_the_decaan_reads_that_it_still_comes(wereld: Wereld) -> None:
    bevestigt(wereld, "99AA00")
    wereld.op(date(2025, 9, 20))
    wereld.overstap("99AA00", overstapper_sinds=date(2025, 9, 15))
    wereld.overstap("99AA01", overstapper_sinds=date(2025, 9, 15))
    tekst = wereld.client(Rol.DECAAN, "99AA").get("/vva").content.decode()
    assert "Vanaf 01-10-2025 kunt u de melding bevestigen." in tekst
    assert "Vanaf 01-10-2025 gaat de melding vanzelf." in tekst
    assert "Meld de gekozen" not in tekst


@pytest.mark.parametrize("rol", [Rol.AANJAGER, Rol.MANAGER_VO, Rol.BEHEERORGANISATIE])
def test_per_school_it_adds_up(wereld: Wereld, rol: Rol) -> None:
    bonte_klas(wereld)
    pagina = wereld.client(rol, "99AA" if rol == Rol.MANAGER_VO else "RMC21").get("/vva/scholen")
    tekst = pagina.content.decode()
    assert "Nog 78 dagen, tot en met 1 februari 2026." in tekst
    rijen = pagina.context["rijen"]
    if rol == Rol.BEHEERORGANISATIE:
        cijfers = {str(n) for r in rijen for _, n, _ in r["cellen"]}
        assert "<5" in cijfers
        assert not cijfers & {"1", "2", "3", "4"}
        assert "F106" not in tekst
        return
    for r in rijen:
        assert r["overstappers"] == sum(n for _, n, _ in r["cellen"])
    totaal = pagina.context["totaal"]
    assert totaal["overstappers"] == sum(r["overstappers"] for r in rijen) == sum(totaal["cellen"])
    [school] = [r for r in rijen if r["vestiging"].code == "99AA00"]
    assert school["levering"] == "na bevestiging"
    assert ("geweigerd", 1, "F106: 1") in school["cellen"]
    assert "F106: 1" in tekst


def test_aanjager_at_vva_comes_at_the_schools_and_a_decaan_does_not(wereld: Wereld) -> None:
    assert wereld.client(Rol.AANJAGER).get("/vva")["Location"] == "/vva/scholen"
    assert wereld.client(Rol.DECAAN, "99AA").get("/vva/scholen").status_code == 403


def test_as_many_queries_with_many_schools_and_leerlingen(wereld: Wereld) -> None:
    client = wereld.client(Rol.AANJAGER)
    client.get("/vva/scholen")
    aantallen = []
    for aantal in (1, 30):
        wereld.overstappen_van([wereld.rij(v) for v in ("99AA00", "99AA01", "99AB00") for _ in range(aantal)])
        with CaptureQueriesContext(connection) as gevraagd:
            assert client.get("/vva/scholen").status_code == 200
        aantallen.append(len(gevraagd))
    assert aantallen[0] == aantallen[1]


def test_excel_of_the_overview(wereld: Wereld) -> None:
    from overstap.aanjager.meldingen import Meldingen
    from rapportages.exports.basis import Opdracht

    bonte_klas(wereld)
    for rol, bladen in ((Rol.AANJAGER, 3), (Rol.BEHEERORGANISATIE, 2)):
        actor = wereld.actor(rol)
        with wereld.bereik("21"):
            opdracht = Opdracht(actor, "21", "Regio 21", JAAR, wereld.vandaag, _nu(), filters="")
            doel = io.BytesIO()
            soort = Meldingen()
            soort._werkmap(opdracht, soort.bladen(opdracht), doel)
        boek = load_workbook(doel)
        assert len(boek.sheetnames) == bladen
        scholen = list(boek["Scholen"].values)
        [rij] = [r for r in scholen if r[0] == "99AA00"]
        if rol == Rol.AANJAGER:
            assert rij[4] == sum(rij[5:11])
            redenen = [r[5] for r in boek["Leerlingen"].values]
            assert "Havo en vwo vallen buiten deze melding." in redenen
            assert len(opdracht.gezien) == len(redenen) - 1
        else:
            assert "<5" in rij
            assert not opdracht.gezien


def test_the_excel_is_asked_for_on_the_page_and_by_nobody_else(wereld: Wereld) -> None:
    from rapportages.models import Export

    vraag = {"soort": "vva-scholen", "jaar": "2025-2026"}
    assert wereld.client(Rol.DECAAN, "99AA").post("/exports", vraag).status_code == 400
    assert wereld.client(Rol.AANJAGER).post("/exports", vraag).status_code == 302
    with wereld.bereik("21"):
        assert Export.objects.get().soort == "vva-scholen"


def test_a_file_per_school(wereld: Wereld, tmp_path: Path) -> None:
    from overstap.aanjager.meldingen import Meldingen
    from rapportages.exports.basis import Opdracht

    for rol, aantal in ((Rol.AANJAGER, 2), (Rol.BEHEERORGANISATIE, 1)):
        doel = tmp_path / f"{rol}.zip"
        with wereld.bereik("21"):
            actor = wereld.actor(rol)
            opdracht = Opdracht(actor, "21", "Regio 21", JAAR, wereld.vandaag, _nu(), per_school=True)
            Meldingen().schrijf(opdracht, doel)
        with zipfile.ZipFile(doel) as archief:
            assert {"99AA00.xlsx", "99AB00.xlsx"} <= set(archief.namelist())
            boek = load_workbook(io.BytesIO(archief.read("99AA00.xlsx")))
        assert len(boek.sheetnames) == aantal + 1  # and how it was made
        assert {r[0] for r in boek["Scholen"].values} == {"Vestiging", "99AA00"}


def _nu() -> Any:
    from overstap.basis import klok

    return klok.nu()


# --- what a system sent and was refused


def test_a_refusal_is_kept_for_the_school_until_one_is_accepted(wereld: Wereld, systeem: Callable[..., Any]) -> None:
    wereld.op(NOVEMBER)
    bevestigt(wereld, "99AA00")
    wereld.overstap("99AA00", pgn=NUMMER, gemeente="0363", leerweg="tl", overstapper_sinds=date(2025, 10, 3))
    las = systeem("99AA")
    [uit] = las.stuur("potentiele-mbo-gangers", las.mbo_ganger(NUMMER, isPotentieleMboGanger=False))
    assert uit["codes"] == ["F104"]
    tekst = wereld.client(Rol.DECAAN, "99AA").get("/vva?stand=geweigerd").content.decode()
    assert "geweigerd (F104)" in tekst
    assert "Verstuur eerst een melding, of laat de afmelding weg." in tekst
    [uit] = las.stuur("potentiele-mbo-gangers", las.mbo_ganger(NUMMER))
    assert uit["uitkomst"] == "verwerkt"
    draai()
    with wereld.bereik():
        assert not GeweigerdeMelding.objects.exists()
    assert "Gemeld op" in wereld.client(Rol.DECAAN, "99AA").get("/vva?stand=gemeld").content.decode()


def test_refusals_about_strangers_are_counted_apart(wereld: Wereld, systeem: Callable[..., Any]) -> None:
    wereld.op(NOVEMBER)
    las = systeem("99AA")
    berichten = [
        las.mbo_ganger("999900019"),  # fails
        las.mbo_ganger(bsn(4001), gemeentecode="9999"),
        las.mbo_ganger(bsn(4001), gemeentecode="9999"),  # again: still one
        las.mbo_ganger(bsn(4002), brin="99AB", vestiging="99AB00"),  # no mandaat: nobody's page
    ]
    codes = [uit["codes"][0] for uit in las.stuur("potentiele-mbo-gangers", *berichten)]
    assert codes == ["F101", "F106", "F106", "T003"]
    rijen = {r["vestiging"].code: r for r in wereld.client(Rol.AANJAGER).get("/vva/scholen").context["rijen"]}
    assert rijen["99AA00"]["onbekend"] == 2
    assert rijen["99AB00"]["onbekend"] == ""
