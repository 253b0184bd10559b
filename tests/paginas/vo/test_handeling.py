"""An act that changes no status goes the same way as one that does: for one, for many, with its refusals and its way back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from accounts.rechten import Recht, Rol
from overstap import paginas
from overstap.schermen.actie_views import actie_van
from overstap.schermen.acties import Doel, Handeling
from overstap.schermen.bulk import bulk_van
from overstap.schermen.leerling_views import leerling_van
from overstap.schermen.omgeving import Omgeving
from overstap.vo.tables import LEERLINGEN
from statuses.actions import record_geinformeerd
from statuses.beoordelen import Geweigerd
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.test import Client


def _voer(o: Omgeving, doelen: Sequence[Doel], gegevens: Sequence[Mapping[str, Any]]) -> list[Geweigerd | None]:
    return [d.geweigerd for d in record_geinformeerd([doel.overstap.pk for doel in doelen], False, actor=o.actor)]


def _tegen(o: Omgeving, doel: Doel) -> Geweigerd | None:
    return Geweigerd("staat_er", "Dit staat er al.") if doel.overstap.geinformeerd is False else None


PROEF = Handeling("proef", "Proef", "Een proef", Recht.MARKEREN, _voer, _tegen, gelukt="Proef gedaan")


@pytest.fixture
def client(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A decaan whose list has one more act; the views are made anew from it, as paginas.py does."""
    proeflijst = dataclasses.replace(LEERLINGEN, acties=(*LEERLINGEN.acties, PROEF))
    for naam, maak in (("leerling", leerling_van), ("leerling-actie", actie_van), ("leerlingen-actie", bulk_van)):
        monkeypatch.setitem(paginas.PAGINAS[naam], Rol.DECAAN, maak(proeflijst))
    return wereld.client(Rol.DECAAN)


def test_voor_een(wereld: Wereld, client: Client) -> None:
    pad = f"/leerlingen/{wereld.o('zonder').pk}"
    assert any(k["url"].startswith(f"{pad}/proef") for k in client.get(pad).context["knoppen"])
    antwoord = client.post(f"{pad}/proef", {"versie": wereld.o("zonder").versie}, follow=True)
    assert "Proef gedaan." in antwoord.content.decode()
    assert wereld.o("zonder").geinformeerd is False
    assert not any(k["url"].startswith(f"{pad}/proef") for k in client.get(pad).context["knoppen"])


def test_een_oude_versie_doet_niets(wereld: Wereld, client: Client) -> None:
    antwoord = client.post(f"/leerlingen/{wereld.o('zonder').pk}/proef", {"versie": wereld.o("zonder").versie - 1})
    assert antwoord.status_code == 409
    assert wereld.o("zonder").geinformeerd is True


def test_voor_meer_met_een_uitslag_per_leerling(wereld: Wereld, client: Client) -> None:
    client.post(f"/leerlingen/{wereld.o('zonder').pk}/proef", {"versie": wereld.o("zonder").versie})
    ids = [str(wereld.o(n).pk) for n in ("zonder", "aangemeld")]
    assert "Dit staat er al." in client.post("/leerlingen/actie", {"actie": "proef", "kies": ids}).content.decode()
    klaar = client.post("/leerlingen/actie", {"actie": "proef", "bevestigd": "ja", **wereld.kies(ids)})
    assert klaar.context["uitslag"]["gelukt"] == 1
    assert klaar.context["uitslag"]["ongewijzigd"] == 1
