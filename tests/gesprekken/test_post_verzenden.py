"""A mail on its way: sent once, refused, later, lost; against a real SMTP server in this process."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.gesprekken.models import Contactpersoon, Mail, Stand
from overstap.gesprekken.post import Post, stuur
from overstap.gesprekken.post.actions import MAIL_WACHT
from overstap.gesprekken.post.soorten import Soort
from overstap.gesprekken.post.verzenden import MAX_POGINGEN, te_versturen
from tests.gesprekken.conftest import Postkantoor
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
ADRES = "instroom@depoort.example"


def contact(wereld: Wereld, email: str = ADRES, **velden: Any) -> Contactpersoon:
    standaard: dict[str, Any] = {
        "naam": "Instroom", "mailbox": True, "bevestigd_op": wereld.vandaag, "organisatie": wereld.organisaties["99MA"],
    }  # fmt: skip
    return Contactpersoon.objects.create(regio_id="21", email=email, **(standaard | velden))


def schrijf(wereld: Wereld, sleutel: str = "proef", **velden: Any) -> Mail:
    """A mail to the mailbox of an mbo, as an act would write it."""
    with wereld.bereik("21"):
        aan = velden.pop("aan", None) or contact(wereld)
        stuur([Post(Soort.BERICHT, "21", sleutel, contact=aan.pk, inhoud={"aantal": 1}, **velden)])
        return Mail.objects.get(sleutel=sleutel)


def haal(wereld: Wereld, mail: Mail) -> Mail:
    with wereld.bereik("21"):
        return Mail.objects.get(pk=mail.pk)


def opnieuw(wereld: Wereld, mail: Mail) -> None:
    """As if the time to wait is over."""
    with wereld.bereik("21"):
        Mail.objects.filter(pk=mail.pk).update(opnieuw_na=klok.wandklok())


def test_a_mail_goes_out_once(wereld: Wereld, postkantoor: Postkantoor, verstuur: Any) -> None:
    mail = schrijf(wereld)
    with wereld.bereik("21"):
        regels = list(OutboxRegel.objects.filter(soort=MAIL_WACHT).values_list("inhoud", flat=True))
        assert regels == [{"mails": [str(mail.pk)]}]
    assert verstuur() == 1
    assert verstuur() == 0
    with wereld.bereik("21"):
        # The same act again: the sleutel is there, so there is no second mail and no second event.
        assert stuur([Post(Soort.BERICHT, "21", "proef", contact=mail.contact_id)]) == {}
        assert OutboxRegel.objects.filter(soort=MAIL_WACHT).count() == 1
    assert verstuur() == 0
    assert postkantoor.aan == [ADRES]
    assert haal(wereld, mail).stand == Stand.VERZONDEN
    bericht = postkantoor.ontvangen[0]
    assert bericht["Subject"] == "Er wacht een bericht"
    assert bericht["Message-ID"] == f"<{mail.pk}@overstap>"
    assert bericht["Auto-Submitted"] == "auto-generated"
    assert "http://127.0.0.1:8000/gesprekken" in postkantoor.tekst()


def test_a_refused_address_stands_at_the_contact_and_is_not_tried_again(
    wereld: Wereld, postkantoor: Postkantoor, verstuur: Any
) -> None:
    postkantoor.weigert[ADRES] = "550 5.1.1 bestaat niet"
    mail = schrijf(wereld)
    with wereld.bereik("21"):
        ander = contact(wereld, "balie@depoort.example", naam="Balie")
        elders = contact(wereld, ADRES.upper(), organisatie=wereld.organisaties["99MB"])
    assert verstuur() == 0
    weg = haal(wereld, mail)
    assert (weg.stand, weg.fout) == (Stand.GEWEIGERD, "550")
    with wereld.bereik("21"):
        gestuiterd = set(Contactpersoon.objects.exclude(gestuiterd_op=None).values_list("pk", flat=True))
    assert gestuiterd == {mail.contact_id, elders.pk}
    assert ander.pk not in gestuiterd
    opnieuw(wereld, mail)
    postkantoor.weigert.clear()
    assert verstuur() == 0
    assert postkantoor.aan == []


@pytest.mark.parametrize("waar", ["adres", "tekst"])
def test_a_temporary_failure_waits_and_then_goes(
    wereld: Wereld, postkantoor: Postkantoor, verstuur: Any, waar: str
) -> None:
    if waar == "adres":
        postkantoor.weigert[ADRES] = "451 4.7.1 later"
    else:
        postkantoor.bij_tekst.append("452 4.3.1 vol")
    mail = schrijf(wereld)
    assert verstuur() == 0
    wacht = haal(wereld, mail)
    assert (wacht.stand, wacht.pogingen) == (Stand.WACHT, 1)
    assert wacht.opnieuw_na > klok.wandklok() + timedelta(seconds=50)
    assert verstuur() == 0, "too early"
    postkantoor.weigert.clear()
    opnieuw(wereld, mail)
    assert verstuur() == 1
    assert postkantoor.aan == [ADRES]


def test_a_server_that_is_away_costs_no_mail(wereld: Wereld, verstuur: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail = schrijf(wereld)
    for poging in range(1, MAX_POGINGEN):
        assert verstuur() == 0
        wacht = haal(wereld, mail)
        assert (wacht.stand, wacht.pogingen, wacht.aangeboden_op) == (Stand.WACHT, poging, None)
        opnieuw(wereld, mail)
    assert verstuur() == 0
    assert haal(wereld, mail).stand == Stand.GEPARKEERD


def test_a_mail_whose_task_died_on_the_way_is_never_sent_twice(
    wereld: Wereld, postkantoor: Postkantoor, verstuur: Any
) -> None:
    dood, nieuw = schrijf(wereld, "dood"), None
    with wereld.bereik("21"):
        # The stand in which a killed task leaves it: offered to the server, and no answer written.
        Mail.objects.filter(pk=dood.pk).update(aangeboden_op=klok.wandklok() - timedelta(hours=1))
        aan = contact(wereld, "balie@depoort.example")
    nieuw = schrijf(wereld, "nieuw", aan=aan)
    assert verstuur() == 1
    with wereld.bereik("21"):
        assert te_versturen("21") == []
    assert haal(wereld, dood).stand == Stand.ONZEKER
    assert haal(wereld, nieuw).stand == Stand.VERZONDEN
    assert postkantoor.aan == ["balie@depoort.example"]


def test_who_left_gets_no_mail(wereld: Wereld, postkantoor: Postkantoor, verstuur: Any) -> None:
    gebruiker = wereld.gebruiker(Rol.DECAAN)
    with wereld.bereik("21"):
        stuur([Post(Soort.BERICHT, "21", "weg", gebruiker=gebruiker.pk)])
    gebruiker.is_active = False
    gebruiker.save()
    assert verstuur() == 0
    assert postkantoor.aan == []
    with wereld.bereik("21"):
        assert Mail.objects.get().stand == Stand.VERVALLEN


def test_one_connection_and_few_queries_for_many(
    wereld: Wereld, postkantoor: Postkantoor, verstuur: Any, django_assert_max_num_queries: Any
) -> None:
    with wereld.bereik("21"):
        contacten = [contact(wereld, f"a{i}@depoort.example") for i in range(20)]
        with django_assert_max_num_queries(8):
            stuur([Post(Soort.BERICHT, "21", f"s{i}", contact=c.pk) for i, c in enumerate(contacten)])
    assert verstuur() == 20
    assert len(postkantoor.ontvangen) == 20
