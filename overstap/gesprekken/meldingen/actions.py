"""The only writer of meldingen: report, pass on to the owner of the status, answer."""

from __future__ import annotations

import re
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Gebruiker
from accounts.rechten import Recht
from overstap.basis import klok
from overstap.gesprekken.meldingen.eigenaar import eigenaars
from overstap.gesprekken.meldingen.lijst import behandelt, te_beantwoorden
from overstap.gesprekken.models import Melding
from overstap.gesprekken.post import Post, stuur
from overstap.gesprekken.post.ontvangers import ROL_VAN_PARTIJ, ontvangers_van
from overstap.gesprekken.post.soorten import Soort
from statuses.models import Leerling, Overstap
from statuses.status import Partij
from statuses.zoeken import plat

_NUMMER = re.compile(r"(?<!\d)(?:\d[ .-]?){8}\d(?!\d)")


class MeldingFout(ValueError):
    """Why a melding or an answer is refused, as a Dutch sentence."""


def zonder_persoon(tekst: str, leerling: Leerling | None) -> None:
    """Raise MeldingFout for a text with a number of nine digits or the name of this leerling: others read it too."""
    if _NUMMER.search(tekst):
        raise MeldingFout("Laat het nummer weg: de beheerorganisatie leest deze tekst en mag het niet zien.")
    if leerling is None:
        return
    woorden = set(re.findall(r"\w+", plat(tekst)))
    namen = {deel for naam in (leerling.voornaam, leerling.achternaam) for deel in re.findall(r"\w+", plat(naam))}
    if any(len(naam) > 2 and naam in woorden for naam in namen):
        raise MeldingFout("Laat de naam weg: de beheerorganisatie leest deze tekst en ziet alleen een verwijzing.")


@transaction.atomic
def report(soort: Melding.Soort, tekst: str, overstap: Overstap | None, *, actor: Actor) -> Melding:
    """Keep a melding for the beheerorganisatie, once however often the form is sent. ``overstap`` is one that the actor sees.

    Raises MeldingFout.
    """
    if not actor.mag(Recht.MELDEN):
        raise PermissionDenied("Uw rol doet geen meldingen.")
    assert actor.id is not None
    zonder_persoon(tekst, overstap.leerling if overstap else None)
    regio = overstap.regio_id if overstap else actor.regio
    Gebruiker.objects.select_for_update().get(pk=actor.id)  # two posts of one person, one after the other
    al_gemeld = Melding.objects.filter(
        regio_id=regio, soort=soort, overstap=overstap, tekst=tekst, melder_id=actor.id, rol=actor.rol.value,
        organisatie_id=actor.eigen_organisatie, stand=Melding.Stand.NIEUW,
    ).first()  # fmt: skip
    if al_gemeld is not None:
        return al_gemeld
    melding = Melding.objects.create(
        regio_id=regio, soort=soort, overstap=overstap, tekst=tekst, melder_id=actor.id, rol=actor.rol.value,
        organisatie_id=actor.eigen_organisatie, op=klok.nu(),
    )  # fmt: skip
    _log(actor, "melding.maken", melding)
    return melding


def _log(actor: Actor, handeling: str, melding: Melding, **details: str) -> None:
    overstap = melding.overstap
    audit.log(
        actor, handeling, regio=melding.regio_id, object_soort="melding", object_id=melding.pk,
        leerlingen=[(melding.regio_id, overstap.leerling_id)] if overstap else [], details={"soort": melding.soort, **details},
    )  # fmt: skip


def _open(pk: uuid.UUID, actor: Actor) -> Melding:
    """The melding, locked; raises when it waits for somebody else, or was answered meanwhile."""
    wacht = te_beantwoorden(actor).filter(pk=pk)
    rij = Melding.objects.filter(pk__in=wacht.values("pk")).select_for_update(of=("self",)).first()
    if rij is None:
        raise MeldingFout("Deze melding wacht niet meer op u. Bekijk hieronder wat er intussen is gebeurd.")
    return rij


@transaction.atomic
def pass_on(pk: uuid.UUID, partij: Partij, *, actor: Actor) -> Melding:
    """Let the owner of the status answer, and correct it where it is wrong. Raises MeldingFout."""
    if not behandelt(actor):
        raise PermissionDenied("Alleen de beheerorganisatie zet meldingen door.")
    melding = _open(pk, actor)
    overstap = (
        Overstap.objects.select_related("vestiging", "leerling").get(pk=melding.overstap_id)
        if melding.overstap_id
        else None
    )
    eigenaar = eigenaars(overstap).get(partij) if overstap else None
    if eigenaar is None:
        raise MeldingFout(
            "Deze partij heeft geen status bij deze leerling. Kies een andere, of beantwoord de melding zelf."
        )
    melding.stand, melding.doorgezet_op = Melding.Stand.DOORGEZET, klok.nu()
    melding.doorgezet_naar_id = eigenaar.organisatie_id
    melding.save(update_fields=["stand", "doorgezet_op", "doorgezet_naar"])
    _log(actor, "melding.doorzetten", melding, partij=partij.value)
    wie = ontvangers_van([eigenaar.organisatie_id], [ROL_VAN_PARTIJ[partij]])[eigenaar.organisatie_id]
    vestiging = overstap.vestiging_id if overstap else None
    stuur(
        [
            Post(
                Soort.MELDING_DOORGEZET, melding.regio_id, f"melding:{pk}:door:{o.gebruiker or o.contact}", o.gebruiker,
                o.contact, eigenaar.organisatie_id,
            )
            for o in wie
            if vestiging is None or partij != Partij.VO or o.werkt_op(vestiging)
        ]
    )  # fmt: skip
    return melding


@transaction.atomic
def answer(pk: uuid.UUID, tekst: str, *, actor: Actor) -> Melding:
    """Answer a melding; who reported it reads it on the page and gets a mail without it. Raises MeldingFout."""
    if not actor.mag(Recht.MELDINGEN_BEANTWOORDEN):
        raise PermissionDenied("Uw rol beantwoordt geen meldingen.")
    melding = _open(pk, actor)
    leerling = Leerling.objects.filter(overstappen=melding.overstap_id).first() if melding.overstap_id else None
    zonder_persoon(tekst, leerling)
    melding.stand, melding.antwoord, melding.beantwoord_op = Melding.Stand.BEANTWOORD, tekst, klok.nu()
    melding.beantwoord_door, melding.beantwoord_namens_id = actor.id, actor.organisatie_id
    melding.save(update_fields=["stand", "antwoord", "beantwoord_op", "beantwoord_door", "beantwoord_namens"])
    _log(actor, "melding.beantwoorden", melding)
    stuur(
        [
            Post(
                Soort.MELDING_BEANTWOORD, melding.regio_id, f"melding:{pk}:antwoord", melding.melder_id,
                organisatie=melding.organisatie_id,
            )
        ]
    )  # fmt: skip
    return melding
