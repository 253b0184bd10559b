"""Two people at the same moment, in two connections: a conversation begins once, and nobody writes past the other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.rechten import Rol
from overstap.gesprekken.actions import Waarover, write_berichten
from overstap.gesprekken.models import Bericht, Gesprek
from overstap.gesprekken.regels import Soort
from tests.wereld import Wereld


@pytest.mark.django_db(transaction=True)
def test_twee_die_tegelijk_beginnen(wereld: Wereld) -> None:
    waarover = Waarover(Soort.VO_MBO, wereld.o("aangemeld").pk, wereld.a("aangemeld").pk)
    actoren = [wereld.actor(Rol.DECAAN), wereld.actor(Rol.MBO_MEDEWERKER)]
    tegelijk, uit = threading.Barrier(len(actoren)), []

    def schrijf(nummer: int) -> None:
        try:
            with wereld.bereik("21"):
                tegelijk.wait(timeout=30)
                (daad,) = write_berichten([waarover], f"Tekst van {nummer}", actor=actoren[nummer], gezien=0)
                uit.append(daad.geweigerd.code if daad.geweigerd else "")
        finally:
            connection.close()

    draden = [threading.Thread(target=schrijf, args=(nummer,)) for nummer in range(len(actoren))]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join(timeout=60)
    assert sorted(uit) == ["", "intussen"]
    with wereld.bereik("21"):
        assert (Gesprek.objects.count(), Bericht.objects.count()) == (1, 1)
