"""A leerling with a name that stands out goes through everything that mails; then every mail, log line and row is searched."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis import geheim
from overstap.basis.outbox.models import OutboxRegel
from overstap.gesprekken.actions import Waarover, write_berichten
from overstap.gesprekken.models import Mail, Melding, TeMelden
from overstap.gesprekken.post import nieuwsbrief
from overstap.gesprekken.post.actions import mail_daily, record_voorkeur
from overstap.gesprekken.post.soorten import SOORTEN, TE_MELDEN, Soort, onderwerp, regel
from overstap.gesprekken.regels import Soort as GesprekSoort
from statuses.actions import Wijziging, answer_drie_vragen, change_statuses, choose_drie_vragen
from statuses.models import Aanmelding, Overstap
from statuses.status import Status
from tests.gesprekken.conftest import Postkantoor
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db

NAAM, KLAS, TEKST, KENMERK = "Kanariepiet", "4KAN", "Belt u mij over Kobus", "Zebravinkstraat"


def stap_terug(wereld: Wereld, aanmelding: Aanmelding, naar: Status) -> None:
    with wereld.bereik("21"):
        change_statuses(
            [Wijziging(aanmelding.overstap_id, wereld.verzoek(Rol.MBO_MEDEWERKER, naar), aanmelding.pk)],
            actor=wereld.actor(Rol.MBO_MEDEWERKER),
        )


def test_no_person_in_any_mail_row_or_line(
    wereld: Wereld, postkantoor: Postkantoor, verstuur: Any, gebeur: Any, caplog: pytest.LogCaptureFixture
) -> None:
    overstap = wereld.overstap(voornaam="Kobus", achternaam=NAAM, klas=KLAS)
    aanmelding = wereld.aanmelding(overstap, "99MA", Status.INTAKE)
    decaan, mbo = wereld.actor(Rol.DECAAN), wereld.actor(Rol.MBO_MEDEWERKER)
    gebeur()
    # daily and at once, a message both ways, answered questions, a melding that is passed on and answered, a letter, a question
    stap_terug(wereld, aanmelding, Status.AFGEMELD)
    gebeur()
    with wereld.bereik("21"):
        mail_daily("21")
        record_voorkeur(actor=decaan, terugval="direct", berichten="direct", nieuwsbrief=True)
    ander = wereld.aanmelding(overstap, "99MA", Status.VOORLOPIG, opleiding=KENMERK)
    stap_terug(wereld, ander, Status.AFGEWEZEN)
    derde = wereld.aanmelding(overstap, "99MA")
    with wereld.bereik("21"):
        for wie in (decaan, mbo):
            write_berichten([Waarover(GesprekSoort.VO_MBO, overstap.pk, derde.pk)], TEKST, actor=wie)
        choose_drie_vragen([overstap.pk], True, actor=decaan)
        answer_drie_vragen(derde.pk, 2, True, actor=decaan)
    gebeur()
    client = wereld.client(Rol.DECAAN)
    client.post(f"/meldingen/nieuw?overstap={overstap.pk}", {"tekst": f"Zie {KENMERK}."})
    with wereld.bereik("21"):
        pad = f"/meldingen/{Melding.objects.get().pk}"
    wereld.client(Rol.BEHEERORGANISATIE).post(pad, {"actie": "doorzetten", "partij": "mbo"})
    wereld.client(Rol.MBO_MEDEWERKER).post(pad, {"actie": "antwoord", "tekst": f"Ook {KENMERK}."})
    wereld.client(Rol.BEHEERORGANISATIE).post("/contacten/vragen", {"een": str(wereld.organisaties["99AA"].pk)})
    wereld.op(date(2026, 4, 2))
    with wereld.bereik("21"):
        nieuwsbrief.maak("21")
    verstuur()

    with wereld.bereik("21"):
        assert set(Mail.objects.values_list("soort", flat=True)) == {s.value for s in Soort}, (
            "a kind that was not tried"
        )
        assert set(Mail.objects.values_list("stand", flat=True)) == {"verzonden"}
        rijen = [str(r) for model in (Mail, TeMelden, OutboxRegel, LogRegel) for r in model.objects.values()]
    verboden = (NAAM, "Kobus", KLAS, TEKST, KENMERK, bsn_van(overstap))
    gezocht = (
        [b.as_string() + str(b.get_content()) for b in postkantoor.ontvangen]
        + rijen
        + [r.getMessage() for r in caplog.records]
    )
    assert len(postkantoor.ontvangen) >= len(Soort)
    for woord in verboden:
        assert not [g for g in gezocht if woord.lower() in g.lower()], woord
    # No mail points at one leerling either.
    assert not [b for b in postkantoor.ontvangen if str(overstap.pk) in str(b.get_content())]


def bsn_van(overstap: Overstap) -> str:
    return geheim.ontsleutel(overstap.leerling.pgn_versleuteld, overstap.leerling.pk).decode()


def test_every_kind_has_a_text_a_page_and_a_subject() -> None:
    assert set(SOORTEN) == set(Soort)
    for soort, rij in SOORTEN.items():
        assert reverse(rij.pagina)
        assert "{" not in onderwerp(soort, 1) + onderwerp(soort, 3)
    assert onderwerp(Soort.TERUGVAL, 3) == "3 leerlingen zijn teruggevallen"
    assert set(TE_MELDEN) <= set(Soort)
    assert regel(Soort.BERICHT, 1) == "1 nieuw bericht"
    assert regel(Soort.BERICHT, 4) == "4 nieuwe berichten"
