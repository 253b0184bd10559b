"""Who hears of what, when and how: a fall, answered questions, the mail of the day, by preference."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.rechten import Rol
from overstap.basis import klok
from overstap.gesprekken.models import Contactpersoon, Mail, TeMelden, Voorkeur
from overstap.gesprekken.post import aanleiding
from overstap.gesprekken.post.actions import mail_daily, record_voorkeur
from statuses.actions import Wijziging, answer_drie_vragen, change_statuses, choose_drie_vragen, see_drie_vragen
from statuses.models import Aanmelding
from statuses.status import Status
from tests.gesprekken.conftest import tel_queries
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def zet(wereld: Wereld, *namen: str, naar: Status = Status.AFGEMELD) -> None:
    """The mbo sets these leerlingen of regio 21 to another status, in one call."""
    aanmeldingen = [wereld.a(naam) for naam in namen]
    with wereld.bereik("21"):
        change_statuses(
            [
                Wijziging(a.overstap_id, wereld.verzoek(Rol.MBO_MEDEWERKER, naar), a.pk) for a in aanmeldingen
            ],
            actor=wereld.actor(Rol.MBO_MEDEWERKER),
        )  # fmt: skip


def kies(wereld: Wereld, terugval: str = "dagelijks", berichten: str = "direct", waar: str = "99AA") -> None:
    with wereld.bereik("21"):
        record_voorkeur(actor=wereld.actor(Rol.DECAAN, waar), terugval=terugval, berichten=berichten, nieuwsbrief=True)


def mails(wereld: Wereld, regio: str = "21") -> list[tuple[str, str, dict[str, Any]]]:
    """(soort, address, inhoud) of all mails, in the order in which they were written."""
    with wereld.bereik(regio):
        rijen = Mail.objects.select_related("gebruiker", "contact").order_by("pk")
        return [(m.soort, (m.gebruiker or m.contact).email, m.inhoud) for m in rijen]  # type: ignore[union-attr]


DECAAN = "decaan.99aa@overstap.example"


def test_who_falls_is_in_the_mail_of_the_day(wereld: Wereld, gebeur: Any) -> None:
    zet(wereld, "aangemeld", "intake")
    zet(wereld, "definitief", naar=Status.AFGEMELD)
    gebeur()
    assert mails(wereld) == []
    with wereld.bereik("21"):
        assert mail_daily("21") == 1
        assert mail_daily("21") == 0
    assert mails(wereld) == [("dagelijks", DECAAN, {"aantallen": {"terugval": 3}})]
    # Later that day another one: one mail a day, so tomorrow.
    nieuw = wereld.aanmelding(wereld.o("zonder"), "99MA", Status.INTAKE)
    with wereld.bereik("21"):
        change_statuses(
            [Wijziging(nieuw.overstap_id, wereld.verzoek(Rol.MBO_MEDEWERKER, Status.AFGEWEZEN), nieuw.pk)],
            actor=wereld.actor(Rol.MBO_MEDEWERKER),
        )
    gebeur()
    with wereld.bereik("21"):
        assert mail_daily("21") == 0
        wereld.op(wereld.vandaag.replace(day=21))
        assert mail_daily("21") == 1
    assert mails(wereld)[1][2] == {"aantallen": {"terugval": 1}}


def test_who_wants_it_at_once_gets_one_mail_per_event_and_none_twice(wereld: Wereld, gebeur: Any) -> None:
    kies(wereld, terugval="direct")
    zet(wereld, "aangemeld", "intake")
    gebeur()
    assert mails(wereld) == [("terugval", DECAAN, {"aantal": 2})]
    # The relay may hand out an event again.
    with wereld.bereik("21"):
        inhoud = [
            {"overstap": str(wereld.o(n).pk), "van": 1, "tot": 9, "sporen": ["aanmelding"]}
            for n in ("aangemeld", "intake")
        ]
        aanleiding.terugval("21", inhoud)
        assert mail_daily("21") == 0
    assert len(mails(wereld)) == 1


def test_no_mail_for_who_wants_none_nor_for_another_school_nor_for_a_step_forward(wereld: Wereld, gebeur: Any) -> None:
    kies(wereld, terugval="niet")
    zet(wereld, "aangemeld")
    zet(wereld, "intake", naar=Status.VOORLOPIG)
    gebeur()
    with wereld.bereik("21"):
        assert mail_daily("21") == 0
        assert not TeMelden.objects.exists()
    # The set-up is right: with the preference back the same fall is told.
    kies(wereld, terugval="dagelijks")
    zet(wereld, "intake")
    gebeur()
    with wereld.bereik("21"):
        assert mail_daily("21") == 1
    assert [m[1] for m in mails(wereld)] == [DECAAN]


def test_a_decaan_hears_of_the_own_vestiging_alone(wereld: Wereld, gebeur: Any) -> None:
    wereld.lid(Rol.DECAAN).vestigingen.set([wereld.vestigingen["99AA01"]])
    zet(wereld, "aangemeld")
    gebeur()
    with wereld.bereik("21"):
        assert not TeMelden.objects.exists()
    nieuw = wereld.aanmelding(wereld.overstap("99AA01"), "99MA")
    with wereld.bereik("21"):
        change_statuses(
            [Wijziging(nieuw.overstap_id, wereld.verzoek(Rol.MBO_MEDEWERKER, Status.AFGEMELD), nieuw.pk)],
            actor=wereld.actor(Rol.MBO_MEDEWERKER),
        )
    gebeur()
    with wereld.bereik("21"):
        assert TeMelden.objects.count() == 1


def test_the_number_of_queries_does_not_grow(wereld: Wereld) -> None:
    def meet(n: int, dag: int) -> int:
        wereld.op(wereld.vandaag.replace(day=dag))
        overstappen = wereld.overstappen_van([wereld.rij() for _ in range(n)])
        a = [wereld.aanmelding(o, "99MA") for o in overstappen]
        with wereld.bereik("21"):
            Aanmelding.objects.filter(pk__in=[x.pk for x in a]).update(teruggevallen_op=klok.nu(), teruggevallen_van=7)
            inhoud = [{"overstap": str(o.pk), "sporen": ["aanmelding"]} for o in overstappen]
            return tel_queries(lambda: (aanleiding.terugval("21", inhoud), mail_daily("21")))

    assert meet(2, 21) == meet(12, 22) <= 8


def drie_vragen(wereld: Wereld) -> Aanmelding:
    aanmelding = wereld.a("aangemeld")
    decaan = wereld.actor(Rol.DECAAN)
    with wereld.bereik("21"):
        choose_drie_vragen([aanmelding.overstap_id], True, actor=decaan)
        answer_drie_vragen(aanmelding.pk, 1, True, actor=decaan)
    return aanmelding


def test_answered_questions_go_to_the_mailbox_of_the_mbo_once_a_day(wereld: Wereld, gebeur: Any) -> None:
    with wereld.bereik("21"):
        Contactpersoon.objects.create(
            regio_id="21", organisatie=wereld.organisaties["99MA"], naam="Instroom", email="instroom@depoort.example",
            mailbox=True, bevestigd_op=wereld.vandaag,
        )  # fmt: skip
    aanmelding = drie_vragen(wereld)
    gebeur()
    assert mails(wereld) == [("drie_vragen", "instroom@depoort.example", {"aantal": 1})]
    with wereld.bereik("21"):
        answer_drie_vragen(aanmelding.pk, 2, False, actor=wereld.actor(Rol.DECAAN))
    gebeur()
    assert len(mails(wereld)) == 1


def test_answered_questions_go_to_the_people_when_the_mailbox_bounced(wereld: Wereld, gebeur: Any) -> None:
    with wereld.bereik("21"):
        Contactpersoon.objects.create(
            regio_id="21", organisatie=wereld.organisaties["99MA"], naam="Instroom", email="instroom@depoort.example",
            mailbox=True, bevestigd_op=wereld.vandaag, gestuiterd_op=klok.wandklok(),
        )  # fmt: skip
    drie_vragen(wereld)
    gebeur()
    assert [m[:2] for m in mails(wereld)] == [("drie_vragen", "mbo_medewerker.99ma@overstap.example")]


def test_no_mail_about_answers_that_the_mbo_saw_already(wereld: Wereld, gebeur: Any) -> None:
    aanmelding = drie_vragen(wereld)
    with wereld.bereik("21"):
        see_drie_vragen([aanmelding.pk], actor=wereld.actor(Rol.MBO_MEDEWERKER))
    gebeur()
    assert mails(wereld) == []


def test_a_preference_is_of_one_role_in_one_organisatie(wereld: Wereld) -> None:
    kies(wereld, terugval="niet")
    assert Voorkeur.objects.get().lidmaatschap_id == wereld.lid(Rol.DECAAN).pk
