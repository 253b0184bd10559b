"""The demo accounts find conversations, some of them unread."""

from __future__ import annotations

from typing import Any

from accounts.actor import Actor, actor_van_lidmaatschap
from accounts.models import Lidmaatschap
from overstap.basis.rls import bereik
from overstap.demo.accounts import DOMEIN
from overstap.gesprekken.lezen import zichtbare_gesprekken
from overstap.gesprekken.models import Bericht, Gesprek
from overstap.gesprekken.tellers import tel
from statuses.models import Aanmelding
from tests.demo.hulp import VANDAAG


def wie(naam: str) -> Actor:
    return actor_van_lidmaatschap(
        Lidmaatschap.objects.select_related("gebruiker", "organisatie").get(gebruiker__email=f"{naam}@{DOMEIN}")
    )


def test_elk_account_vindt_gesprekken_waarvan_een_paar_ongelezen(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        for naam in ("decaan", "mbo"):
            alle, nieuw = zichtbare_gesprekken(wie(naam)).count(), tel(wie(naam))["gesprekken"]
            assert 0 < nieuw < alle, naam


def test_de_berichten_horen_bij_hun_gesprek_en_liggen_niet_in_de_toekomst(gevuld: dict[str, Any]) -> None:
    with bereik(["21"]):
        for gesprek in Gesprek.objects.all():
            berichten = list(gesprek.berichten.order_by("nr").select_related("inhoud"))
            assert [b.nr for b in berichten] == list(range(1, gesprek.laatste_nr + 1))
            assert gesprek.laatste_op == berichten[-1].op
            assert all(b.inhoud.tekst for b in berichten)
        assert all(b.op.date() < VANDAAG for b in Bericht.objects.all())
        assert Aanmelding.objects.filter(bericht_vo_op__isnull=False, gesprekken__soort="vo_mbo").exists()
