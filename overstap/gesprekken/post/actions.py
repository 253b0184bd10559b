"""The only writer of mails, of what waits to be told, and of voorkeuren."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import kale_rij, voeg_toe, werk_bij
from overstap.gesprekken.models import Mail, Stand, TeMelden, Voorkeur
from overstap.gesprekken.post.soorten import Soort

# inhoud: {"mails": [uuid, ...]}
MAIL_WACHT = "gesprekken.mail_wacht"

PER_TAAK = 50  # mails over one connection
BEWAAR_MAIL = timedelta(days=400)
BEWAAR_TE_MELDEN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Post:
    """A mail to be, to a gebruiker or to a contact. ``inhoud`` holds codes and counts; ``organisatie`` is what it is about."""

    soort: Soort
    regio: str
    sleutel: str
    gebruiker: uuid.UUID | None = None
    contact: uuid.UUID | None = None
    organisatie: uuid.UUID | None = None
    inhoud: Mapping[str, Any] = field(default_factory=dict)


def stuur(posten: Sequence[Post]) -> dict[str, uuid.UUID]:
    """Write mails in the transaction of the act; a task sends them. Sleutel -> id of those that are new.

    A sleutel that is there already gives nothing: an event that is seen twice makes one mail. Three statements and an event.
    """
    nu, wand = klok.nu(), klok.wandklok()
    rijen = [
        kale_rij(
            Mail, id=nieuwe_sleutel(), regio_id=p.regio, sleutel=p.sleutel, soort=p.soort.value, gebruiker_id=p.gebruiker,
            contact_id=p.contact, organisatie_id=p.organisatie, inhoud=dict(p.inhoud), stand=Stand.WACHT.value, pogingen=0,
            gemaakt_op=nu, opnieuw_na=wand, aangeboden_op=None, klaar_op=None, fout="",
        )
        for p in posten
    ]  # fmt: skip
    with transaction.atomic():
        voeg_toe(Mail, rijen, botsing="ON CONFLICT (regio_id, sleutel) DO NOTHING")
        nieuw = dict(Mail.objects.filter(pk__in=[r.pk for r in rijen]).values_list("sleutel", "pk")) if rijen else {}
        per_regio: dict[str, list[uuid.UUID]] = defaultdict(list)
        for rij in rijen:
            if nieuw.get(rij.sleutel) == rij.pk:
                per_regio[rij.regio_id].append(rij.pk)
        publiceer(
            [
                OutboxRegel(
                    regio_id=regio, sleutel=str(deel[0]), soort=MAIL_WACHT, inhoud={"mails": [str(pk) for pk in deel]}
                )
                for regio, ids in per_regio.items()
                for deel in (ids[i : i + PER_TAAK] for i in range(0, len(ids), PER_TAAK))
            ]
        )
    return nieuw


@dataclass(frozen=True, slots=True)
class Nieuws:
    """Something that happened, for one lidmaatschap or contact; ``bron`` names it once, ``direct`` asks for a mail of its own."""

    soort: Soort
    bron: str
    direct: bool
    lidmaatschap: uuid.UUID | None = None
    contact: uuid.UUID | None = None
    overstap: uuid.UUID | None = None


@transaction.atomic
def tell(regio: str, nieuws: Iterable[Nieuws]) -> int:
    """Keep what people must hear, once, and mail at once what wants a mail of its own. How many mails that made."""
    nu = klok.nu()
    rijen = [
        kale_rij(
            TeMelden, id=nieuwe_sleutel(), regio_id=regio, soort=n.soort.value, bron=n.bron, lidmaatschap_id=n.lidmaatschap,
            contact_id=n.contact, overstap_id=n.overstap, direct=n.direct, op=nu, mail_id=None,
        )
        for n in nieuws
    ]  # fmt: skip
    voeg_toe(TeMelden, rijen, botsing="ON CONFLICT DO NOTHING")
    return _mail_direct(regio) if any(rij.direct for rij in rijen) else 0


def _wachtend(regio: str, direct: bool) -> list[TeMelden]:
    """What waits, locked, so that two workers do not mail it twice."""
    return list(
        TeMelden.objects.filter(regio_id=regio, mail__isnull=True, direct=direct)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("lidmaatschap", "contact")
        .order_by("id")
    )


def _aantal(rijen: Iterable[TeMelden]) -> int:
    """Leerlingen where it is about leerlingen, else things."""
    return len({rij.overstap_id or rij.bron if rij.soort != Soort.BERICHT else rij.bron for rij in rijen})


def _koppel(groepen: Mapping[str, list[TeMelden]], nieuw: Mapping[str, uuid.UUID]) -> int:
    klaar = []
    for sleutel, rijen in groepen.items():
        for rij in rijen if sleutel in nieuw else ():
            rij.mail_id = nieuw[sleutel]
            klaar.append(rij)
    werk_bij(TeMelden, klaar, ["mail_id"])
    return len(nieuw)


def _direct(regio: str, sleutel: str, rijen: Sequence[TeMelden]) -> Post:
    lid, contact = rijen[0].lidmaatschap, rijen[0].contact
    organisatie = lid.organisatie_id if lid else contact.organisatie_id if contact else None
    return Post(
        Soort(rijen[0].soort), regio, sleutel, lid.gebruiker_id if lid else None, rijen[0].contact_id, organisatie,
        {"aantal": _aantal(rijen)},
    )  # fmt: skip


def _mail_direct(regio: str) -> int:
    """One mail per receiver and kind, about all that waits now."""
    groepen: dict[str, list[TeMelden]] = defaultdict(list)
    per: dict[tuple[Any, ...], str] = {}
    for rij in _wachtend(regio, direct=True):
        sleutel = per.setdefault((rij.lidmaatschap_id, rij.contact_id, rij.soort), f"direct:{rij.pk}")
        groepen[sleutel].append(rij)
    posten = [_direct(regio, sleutel, rijen) for sleutel, rijen in groepen.items()]
    return _koppel(groepen, stuur(posten))


@transaction.atomic
def mail_daily(regio: str) -> int:
    """The one mail of today for everybody for whom something waits and who had none today; how many. Safe to run again."""
    dag = klok.vandaag()
    groepen: dict[str, list[TeMelden]] = defaultdict(list)
    for rij in _wachtend(regio, direct=False):
        if rij.lidmaatschap is not None:
            groepen[f"dagelijks:{rij.lidmaatschap.gebruiker_id}:{dag}"].append(rij)
    posten = []
    for sleutel, rijen in groepen.items():
        lid = rijen[0].lidmaatschap
        assert lid is not None
        per_soort = {s.value: [r for r in rijen if r.soort == s] for s in Soort}
        aantallen = {soort: _aantal(deel) for soort, deel in per_soort.items() if deel}
        posten.append(Post(Soort.DAGELIJKS, regio, sleutel, lid.gebruiker_id, inhoud={"aantallen": aantallen}))
    return _koppel(groepen, stuur(posten))


@transaction.atomic
def record_voorkeur(*, actor: Actor, terugval: str, berichten: str, nieuwsbrief: bool) -> Voorkeur:
    """How this person wants to hear of things in the role of now. ``terugval`` and ``berichten`` are one of Voorkeur.WIJZEN."""
    assert actor.lidmaatschap_id is not None
    velden = {"terugval": terugval, "berichten": berichten, "nieuwsbrief": nieuwsbrief}
    voorkeur, _ = Voorkeur.objects.update_or_create(lidmaatschap_id=actor.lidmaatschap_id, defaults=velden)
    audit.log(actor, "voorkeur.wijzigen", object_soort="lidmaatschap", object_id=actor.lidmaatschap_id, details=velden)
    return voorkeur


def delete_old(regio: str) -> int:
    """Mails of more than a year ago, and what was told three months ago; how many rows."""
    nu = klok.nu()
    verteld, _ = TeMelden.objects.filter(regio_id=regio, op__lt=nu - BEWAAR_TE_MELDEN).delete()
    mails, _ = Mail.objects.filter(regio_id=regio, gemaakt_op__lt=nu - BEWAAR_MAIL).delete()
    return verteld + mails
