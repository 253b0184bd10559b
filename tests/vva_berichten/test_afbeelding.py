"""The mapping of our statussen to those of the VVA: dated, adaptable per instelling, and sent at once where it changes."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.instellingen import lees_organisatie
from accounts.models import Organisatie
from accounts.rechten import Rol
from statuses.actions import Wijziging
from statuses.status import VAN_AANMELDING, Status
from tests.paginas.beheer.hulp import stuur
from tests.vva_berichten.hulp import NOVEMBER, aanmeldstatussen, draai
from tests.wereld import Wereld, bsn
from vva_berichten.contract.aanmeldstatus import AanmeldstatusCode as C
from vva_berichten.routering import aanmeldstatus_van, label_op

S = Status
NUMMER = bsn(3001)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (S.AANGEMELD, C.AANMELDING_ONTVANGEN),
        (S.INTAKE, C.AANMELDING_ONTVANGEN),
        (S.VOORLOPIG, C.AANMELDING_ONTVANGEN),
        (S.OOK_AFGEDRUKT, C.OOK_AANGEBODEN),
        (S.AFGEWEZEN, C.LEIDT_NIET_TOT_INSCHRIJVING),
        (S.AFGEMELD, C.INGETROKKEN),
        (S.BEEINDIGD, C.INGETROKKEN),
        (S.DEFINITIEF, C.INGESCHREVEN),
    ],
)
def test_the_table(status: Status, code: C) -> None:
    assert aanmeldstatus_van(status, date(2026, 3, 1)) == code


def test_it_says_something_of_every_status_of_an_aanmelding_and_nothing_before_its_first_day() -> None:
    assert all(aanmeldstatus_van(s, date(2026, 3, 1)) for s in VAN_AANMELDING)
    assert not any(aanmeldstatus_van(s, date(2020, 7, 31)) for s in VAN_AANMELDING)


def test_the_label_carries_a_date() -> None:
    assert label_op("OOK_AANGEBODEN", date(2023, 7, 31)) == "OOK aangeboden"
    assert label_op("OOK_AANGEBODEN", date(2023, 8, 1)) == "Plaatsing aangeboden"


def test_an_instelling_adapts_it_from_a_day_on_and_back() -> None:
    eigen = lees_organisatie(
        {"aanmeldstatus": [["2026-02-01", "voorlopig", "OOK_AANGEBODEN"], ["2026-04-01", "voorlopig", ""]]}
    ).aanmeldstatus
    per_dag = [aanmeldstatus_van(S.VOORLOPIG, date(2026, m, 1), eigen) for m in (1, 2, 3, 4)]
    assert per_dag == [C.AANMELDING_ONTVANGEN, C.OOK_AANGEBODEN, C.OOK_AANGEBODEN, C.AANMELDING_ONTVANGEN]
    assert aanmeldstatus_van(S.INTAKE, date(2026, 3, 1), eigen) == C.AANMELDING_ONTVANGEN


@pytest.mark.parametrize(
    "rommel",
    [[["x", "voorlopig", "INGESCHREVEN"]], [["2026-02-01", "voorlopig"]], "x", [[1, 2, 3]], {"voorlopig": "ONZIN"}],
)
def test_what_cannot_be_read_is_as_if_it_was_not_chosen(rommel: object) -> None:
    eigen = lees_organisatie({"aanmeldstatus": rommel}).aanmeldstatus
    assert aanmeldstatus_van(S.VOORLOPIG, date(2026, 3, 1), eigen) == C.AANMELDING_ONTVANGEN


def test_sent_at_once_on_every_change_of_the_mapped_status_and_not_without(wereld: Wereld) -> None:
    wereld.op(NOVEMBER)
    overstap = wereld.overstap("99AA00", pgn=NUMMER, gemeente="0362", overstapper_sinds=date(2025, 10, 3))
    draai()
    aanmelding = wereld.aanmelding(overstap, "99MA", op=NOVEMBER)
    gestuurd: list[str] = []
    for status, erbij in (
        (S.INTAKE, []), (S.VOORLOPIG, []), (S.OOK_AFGEDRUKT, ["OOK_AANGEBODEN"]), (S.DEFINITIEF, ["INGESCHREVEN"]),
        (S.AFGEMELD, ["INGETROKKEN"]), (S.AANGEMELD, ["AANMELDING_ONTVANGEN"]), (S.AFGEWEZEN, ["LEIDT_NIET_TOT_INSCHRIJVING"]),
    ):  # fmt: skip
        if not gestuurd:
            gestuurd = ["AANMELDING_ONTVANGEN"]
            assert aanmeldstatussen(wereld, "0362", NUMMER) == gestuurd
        verzoek = wereld.verzoek(Rol.MBO_MEDEWERKER, status)
        wereld._doe(Rol.MBO_MEDEWERKER, "99MA", [Wijziging(overstap.id, verzoek, aanmelding.id)])
        gestuurd += erbij
        assert aanmeldstatussen(wereld, "0362", NUMMER) == gestuurd, status
        assert aanmeldstatussen(wereld, "99AA", NUMMER) == gestuurd, status


def test_what_an_instelling_adapted_is_what_goes_out(wereld: Wereld) -> None:
    beheer = wereld.client(Rol.BEHEERORGANISATIE)
    adres = f"/beheer/organisaties/{wereld.organisaties['99MA'].pk}/afspraken"
    assert stuur(beheer, adres, vva_voorlopig="OOK_AANGEBODEN", vva_vanaf="2026-03-01").status_code == 302
    assert Organisatie.objects.get(code="99MA").instellingen["aanmeldstatus"] == [
        ["2026-03-01", "voorlopig", "OOK_AANGEBODEN"]
    ]
    # Opened and stored again without a change nothing is added.
    assert stuur(beheer, adres).status_code == 302
    assert len(Organisatie.objects.get(code="99MA").instellingen["aanmeldstatus"]) == 1
    for nummer, dag in ((NUMMER, date(2026, 2, 27)), (bsn(3002), date(2026, 3, 2))):
        wereld.op(dag)
        overstap = wereld.overstap("99AA00", pgn=nummer, gemeente="0362")
        aanmelding = wereld.aanmelding(overstap, "99MA", op=dag)
        verzoek = wereld.verzoek(Rol.MBO_MEDEWERKER, S.VOORLOPIG)
        wereld._doe(Rol.MBO_MEDEWERKER, "99MA", [Wijziging(overstap.id, verzoek, aanmelding.id)])
    assert aanmeldstatussen(wereld, "0362", NUMMER) == ["AANMELDING_ONTVANGEN"]
    assert aanmeldstatussen(wereld, "0362", bsn(3002)) == ["AANMELDING_ONTVANGEN", "OOK_AANGEBODEN"]
