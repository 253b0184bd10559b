"""Who gets a mail about a message in a gesprek: the colleague whose it is, the mailbox, the people, the contacts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from accounts.actions import create_account
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.gesprekken.actions import Waarover, hand_on, write_berichten
from overstap.gesprekken.models import Contactpersoon, Gesprek, Mail
from overstap.gesprekken.post.actions import record_voorkeur
from overstap.gesprekken.regels import Soort
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def schrijf(
    wereld: Wereld,
    *namen: str,
    soort: Soort = Soort.VO_MBO,
    rol: Rol = Rol.DECAAN,
    waar: str = "21",
    tekst: str = "Belt u mij?",
) -> None:
    waarover = [
        Waarover(soort, wereld.o(naam).pk, None if soort == Soort.VO_LP else wereld.a(naam).pk) for naam in namen
    ]
    with wereld.bereik("21"):
        assert all(d.gelukt for d in write_berichten(waarover, tekst, actor=wereld.actor(rol, waar)))


def mails(wereld: Wereld) -> list[tuple[str, int, str]]:
    """(address, how many, for which organisatie) of each mail about messages, in their order."""
    with wereld.bereik("21"):
        rijen = (
            Mail.objects.select_related("gebruiker", "contact", "organisatie").filter(soort="bericht").order_by("pk")
        )
        return [
            ((m.gebruiker or m.contact).email, m.inhoud["aantal"], m.organisatie.naam if m.organisatie else "")  # type: ignore[union-attr]
            for m in rijen
        ]


def mailbox(wereld: Wereld, code: str, **velden: Any) -> Contactpersoon:
    standaard: dict[str, Any] = {"naam": "Postbus", "email": f"post@{code.lower()}.example", "mailbox": True}
    with wereld.bereik("21"):
        return Contactpersoon.objects.create(
            regio_id="21", organisatie=wereld.organisaties[code], bevestigd_op=wereld.vandaag, **(standaard | velden)
        )


MBO, DECAAN = "mbo_medewerker.99ma@overstap.example", "decaan.99aa@overstap.example"


def test_the_people_of_the_other_side_and_not_the_writer(wereld: Wereld, gebeur: Any) -> None:
    schrijf(wereld, "intake")
    gebeur()
    assert mails(wereld) == [(MBO, 1, "Mbo De Poort")]
    schrijf(wereld, "intake", rol=Rol.MBO_MEDEWERKER, waar="99MA")
    gebeur()
    assert mails(wereld)[1:] == [(DECAAN, 1, "Kompas College")]


def test_a_message_to_many_is_one_mail(wereld: Wereld, gebeur: Any) -> None:
    schrijf(wereld, "intake", "aangemeld", "definitief")
    gebeur()
    assert mails(wereld) == [(MBO, 3, "Mbo De Poort")]


def test_the_mailbox_first_and_the_people_when_it_does_not_work(wereld: Wereld, gebeur: Any) -> None:
    bus = mailbox(wereld, "99MA")
    mailbox(wereld, "99MA", naam="Iemand", email="iemand@99ma.example", mailbox=False)
    schrijf(wereld, "intake")
    gebeur()
    assert mails(wereld) == [("post@99ma.example", 1, "Mbo De Poort")]
    with wereld.bereik("21"):
        Contactpersoon.objects.filter(pk=bus.pk).update(gestuiterd_op=klok.wandklok())
    schrijf(wereld, "aangemeld")
    gebeur()
    assert mails(wereld)[1:] == [(MBO, 1, "Mbo De Poort")]


def test_contacts_without_an_account_when_nobody_works_in_it(wereld: Wereld, gebeur: Any) -> None:
    mailbox(wereld, "99MA", naam="Iemand", email="iemand@99ma.example", mailbox=False)
    wereld.lid(Rol.MBO_MEDEWERKER, "99MA").delete()
    schrijf(wereld, "intake")
    gebeur()
    assert mails(wereld) == [("iemand@99ma.example", 1, "Mbo De Poort")]


def test_who_wants_no_mail_gets_none_and_nobody_else_gets_it_instead(wereld: Wereld, gebeur: Any) -> None:
    mailbox(wereld, "99MA", naam="Iemand", email="iemand@99ma.example", mailbox=False)
    actor = wereld.actor(Rol.MBO_MEDEWERKER, "99MA")
    with wereld.bereik("21"):
        record_voorkeur(actor=actor, terugval="niet", berichten="niet", nieuwsbrief=True)
    schrijf(wereld, "intake")
    gebeur()
    assert mails(wereld) == []
    with wereld.bereik("21"):
        record_voorkeur(actor=actor, terugval="niet", berichten="direct", nieuwsbrief=True)
    schrijf(wereld, "aangemeld")
    gebeur()
    assert len(mails(wereld)) == 1


@pytest.mark.parametrize(
    ("naam", "verwacht"),
    [("lp_in_behandeling", "leerplicht.0363@overstap.example"), ("intake", "leerplicht.0362@overstap.example")],
)
def test_leerplicht_is_the_gemeente_where_the_leerling_lives(
    wereld: Wereld, gebeur: Any, naam: str, verwacht: str
) -> None:
    schrijf(wereld, naam, soort=Soort.VO_LP)
    gebeur()
    assert [m[0] for m in mails(wereld)] == [verwacht]


def test_a_colleague_who_gets_a_gesprek_hears_of_it_and_of_what_comes_after(wereld: Wereld, gebeur: Any) -> None:
    mailbox(wereld, "99MA")
    adres = "collega@99ma.example"
    collega = create_account(
        adres, Rol.MBO_MEDEWERKER, wereld.organisaties["99MA"], naam="Collega"
    ).lidmaatschap.gebruiker
    schrijf(wereld, "intake")
    with wereld.bereik("21"):
        gesprek = Gesprek.objects.get()
        assert hand_on(gesprek.pk, collega.pk, actor=wereld.actor(Rol.MBO_MEDEWERKER, "99MA"), van=None) is None
    gebeur()
    # The first message came before the hand-on, but is told after it: to whom it is now.
    assert {m[0] for m in mails(wereld)} == {adres}
    schrijf(wereld, "intake", tekst="Of mailt u liever?")
    gebeur()
    assert {m[0] for m in mails(wereld)} == {adres}
    assert sum(m[1] for m in mails(wereld)) == 3
    with wereld.bereik("21"):
        # Who left is nobody's reader: then it is the mailbox again.
        Gesprek.objects.update(aan_mbo=uuid.uuid4())
    schrijf(wereld, "intake", tekst="Bent u er nog?")
    gebeur()
    assert mails(wereld)[-1] == ("post@99ma.example", 1, "Mbo De Poort")
