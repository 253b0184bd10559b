"""`demo` a second time, with another zaad, and with what cannot be."""

from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import Gebruiker, Organisatie, Regio
from overstap.basis.rls import bereik
from statuses.models import Leerling
from tests.demo.hulp import VANDAAG, demo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _referentie(settings: LazySettings) -> None:
    settings.OVERSTAP_VANDAAG = VANDAAG
    call_command("laad_referentie", stdout=StringIO())


def test_a_second_time_refuses_and_changes_nothing() -> None:
    demo(leerlingen=150)
    eerst = (Gebruiker.objects.count(), Organisatie.objects.count())
    verslag = demo(leerlingen=150)
    assert verslag["nieuw"] is False
    assert "heeft al leerlingen" in verslag["melding"]
    assert (Gebruiker.objects.count(), Organisatie.objects.count()) == eerst
    with bereik(["21"]):
        assert Leerling.objects.count() == 300


def test_the_same_zaad_gives_the_same_regio() -> None:
    def afdruk(zaad: str) -> list[Any]:
        call_command(
            "demo", "--leerlingen", "200", "--vandaag", "2026-03-20", "--zaad", zaad, "--json", stdout=StringIO()
        )
        with bereik(["21"]), connection.cursor() as cursor:
            cursor.execute(
                "SELECT o.id, l.achternaam, l.geboortedatum, o.klas, o.leidende_status, o.volgnr FROM statuses_overstap o "
                "JOIN statuses_leerling l ON l.id = o.leerling_id ORDER BY o.id"
            )
            return list(cursor.fetchall())

    beelden = []
    for zaad in ("7", "7", "8"):
        punt = transaction.savepoint()
        beelden.append(afdruk(zaad))
        transaction.savepoint_rollback(punt)
    assert beelden[0] == beelden[1]
    assert beelden[0] != beelden[2]


def test_an_unknown_regio_or_size_gets_a_sentence() -> None:
    assert Regio.objects.count() == 40
    with pytest.raises(CommandError, match="Regio 77 is er niet"):
        demo("--regio", "77")
    with pytest.raises(CommandError, match="150 tot en met 50000"):
        demo(leerlingen=5)
