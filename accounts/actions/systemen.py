"""API clients and their mandaten, made by command, and the tokens that ran out. The only writer of ApiClient and Mandaat."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from oauth2_provider.models import get_access_token_model

from accounts import audit
from accounts.actor import interne_actor
from accounts.models import ApiClient, Mandaat, Organisatie
from accounts.rechten import Scope
from overstap.basis import klok


@dataclass(frozen=True, slots=True)
class NieuwSysteem:
    """An API client and its secret, which is readable here and nowhere else ever again."""

    client: ApiClient
    geheim: str


@transaction.atomic
def create_client(
    organisatie: Organisatie, soort: str, scopes: Iterable[Scope], mandaten: Iterable[Organisatie] = ()
) -> NieuwSysteem:
    """A system of an organisatie, with a mandaat from today of each organisatie it may act for."""
    geheim = secrets.token_urlsafe(32)
    client = ApiClient(
        organisatie=organisatie,
        soort=soort,
        name=f"{organisatie.code} {soort}",
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=geheim,
        scopes=" ".join(sorted(set(scopes))),
    )
    client.save()
    Mandaat.objects.bulk_create([Mandaat(client=client, organisatie=gever, vanaf=klok.vandaag()) for gever in mandaten])
    regios = frozenset(organisatie.deelnames.values_list("regio_id", flat=True))
    audit.log(interne_actor(regios), "systeem.maken", object_soort="systeem", object_id=client.id)
    return NieuwSysteem(client, geheim)


def delete_expired_tokens() -> int:
    """Take away the tokens that ran out; how many. Only a checksum was kept of them."""
    aantal, _ = get_access_token_model().objects.filter(expires__lt=klok.wandklok()).delete()
    return int(aantal)
