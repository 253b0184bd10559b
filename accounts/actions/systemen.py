"""API clients with their keys, and the tokens that ran out. The only writer of ApiClient, ClientSleutel and GebruikteJwt."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from oauth2_provider.models import get_access_token_model

from accounts import audit
from accounts.actions.mandaten import give_mandaat
from accounts.actor import Actor, interne_actor_voor
from accounts.models import ApiClient, ClientSleutel, GebruikteJwt, Organisatie
from accounts.rechten import Recht, Scope
from accounts.sleutels import PubliekeSleutel, SleutelFout
from overstap.basis import klok

# The old one and the new one: long enough to replace it without a moment in which neither works.
HOOGSTENS_SLEUTELS = 2


@dataclass(frozen=True, slots=True)
class NieuwSysteem:
    """An API client and its secret, which is readable here and nowhere else ever again; none when it has a key instead."""

    client: ApiClient
    geheim: str | None


@transaction.atomic
def create_client(
    organisatie: Organisatie,
    soort: str,
    scopes: Iterable[Scope],
    mandaten: Iterable[Organisatie] = (),
    *,
    naam: str = "",
    sleutel: PubliekeSleutel | None = None,
) -> NieuwSysteem:
    """A system of an organisatie, with a mandaat from today of each organisatie it may act for.

    With a key it gets no secret: one way in is easier to guard than two.
    """
    geheim = secrets.token_urlsafe(32)
    client = ApiClient(
        organisatie=organisatie,
        soort=soort,
        name=naam or f"{organisatie.code} {soort}",
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=geheim,
        scopes=" ".join(sorted(set(scopes))),
    )
    client.save()
    actor = interne_actor_voor(organisatie)
    audit.log(actor, "systeem.maken", object_soort="systeem", object_id=client.id)
    for gever in mandaten:
        give_mandaat(client, gever, actor=actor)
    if sleutel is not None:
        add_sleutel(client, sleutel, actor=actor)
    return NieuwSysteem(client, None if sleutel is not None else geheim)


def _eigen(actor: Actor, client: ApiClient) -> None:
    if actor.soort != "intern" and not (
        actor.mag(Recht.SYSTEMEN_ZIEN) and actor.eigen_organisatie == client.organisatie_id
    ):
        raise SleutelFout("U kunt alleen sleutels van systemen van uw eigen organisatie wijzigen.")


@transaction.atomic
def add_sleutel(client: ApiClient, sleutel: PubliekeSleutel, *, actor: Actor) -> ClientSleutel:
    """Register a public key. Two can hold at once: add the new one, let the system use it, take the old one back."""
    _eigen(actor, client)
    ApiClient.objects.select_for_update().get(pk=client.pk)
    geldig = list(ClientSleutel.objects.filter(client=client, ingetrokken_op=None).values_list("kenmerk", flat=True))
    if sleutel.kenmerk in geldig:
        raise SleutelFout("Deze sleutel staat er al.")
    if len(geldig) >= HOOGSTENS_SLEUTELS:
        raise SleutelFout("Er zijn al twee sleutels. Trek eerst de oude sleutel in.")
    nieuw = ClientSleutel.objects.create(client=client, kenmerk=sleutel.kenmerk, jwk=sleutel.jwk)
    audit.log(
        actor, "systeem.sleutel_toevoegen", object_soort="systeem", object_id=client.pk, details={"kenmerk": sleutel.kenmerk}
    )  # fmt: skip
    return nieuw


@transaction.atomic
def end_sleutel(sleutel_id: uuid.UUID, *, actor: Actor) -> ClientSleutel:
    """Take a key back: no new token with it from now on. Tokens that it brought run out within ten minutes."""
    sleutel = ClientSleutel.objects.select_for_update(of=("self",)).select_related("client").get(pk=sleutel_id)
    _eigen(actor, sleutel.client)
    if sleutel.ingetrokken_op is None:
        sleutel.ingetrokken_op = klok.wandklok()
        sleutel.save(update_fields=["ingetrokken_op"])
        audit.log(
            actor, "systeem.sleutel_intrekken", object_soort="systeem", object_id=sleutel.client_id,
            details={"kenmerk": sleutel.kenmerk},
        )  # fmt: skip
    return sleutel


def use_jti(client: ApiClient, jti: str, verloopt_op: datetime) -> bool:
    """Whether this assertion is used for the first time; remembered in the same breath, so that of two at once one is refused."""
    som = hashlib.sha256(jti.encode("utf-8", "replace")).digest()
    rij = GebruikteJwt(client=client, jti_som=som, verloopt_op=verloopt_op)
    GebruikteJwt.objects.bulk_create([rij], ignore_conflicts=True)
    return GebruikteJwt.objects.filter(pk=rij.pk).exists()


def note_use(client_id: uuid.UUID) -> None:
    """This system got a token now."""
    ApiClient.objects.filter(pk=client_id).update(laatst_gebruikt_op=klok.wandklok())


def delete_expired_tokens() -> int:
    """Take away the tokens that ran out, and the assertions that nobody could use again; how many tokens."""
    nu = klok.wandklok()
    GebruikteJwt.objects.filter(verloopt_op__lt=nu).delete()
    aantal, _ = get_access_token_model().objects.filter(expires__lt=nu).delete()
    return int(aantal)
