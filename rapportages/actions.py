"""The only writer of exports: ask for one, make its file, tell that it was fetched, take it away after a week."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from accounts import audit
from accounts.actor import Actor, actor_van_client, actor_van_lidmaatschap
from accounts.models import ApiClient, Lidmaatschap, Regio
from accounts.rechten import Scope
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from rapportages.events import EXPORT_GEVRAAGD
from rapportages.exports import REGISTER, Opdracht
from rapportages.models import Export
from statuses.status import CODES
from statuses.termijnen import nieuwste_jaar

log = structlog.get_logger(__name__)

BEWAAR = timedelta(days=7)
MAX_POGINGEN = 5
_VOL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
ZIN_VOL = "Er is op de server geen ruimte meer voor het bestand. Probeer het later opnieuw of bel de beheerder."
ZIN_SCHIJF = "Het bestand kon niet worden opgeslagen. Probeer het later opnieuw of bel de beheerder."
ZIN_ROL = "De rol waarin u dit bestand vroeg, is er niet meer. Vraag het opnieuw in een rol die u nu heeft."
ZIN_FOUT = "Het maken van het bestand is niet gelukt. Probeer het opnieuw of bel de beheerder."


class Onbekend(ValueError):
    """A kind of export, or a parameter of one, that does not exist; the message says what does."""


class RolWeg(Exception):
    """Who asked for the export no longer has that role."""


def vraag_aan(
    actor: Actor,
    soort: str = "scholen",
    *,
    regio: str | None = None,
    overstapjaar: int | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Export:
    """Ask for an export; a task makes the file. The caller has checked the right of the export and that the regio is
    the actor's. ``parameters``: vestigingen (codes), statussen (codes), per_school, filters (words); never a person.
    Raises :class:`Onbekend` with a Dutch sentence.
    """
    if soort not in REGISTER:
        raise Onbekend(f"Export {soort!r} bestaat niet. Kies uit: {', '.join(REGISTER)}.")
    gekozen = dict(parameters or {})
    for code in gekozen.get("statussen") or ():
        if code not in CODES:
            raise Onbekend(f"Status {code!r} bestaat niet. Kies uit: {', '.join(CODES)}.")
    if actor.id is None:
        raise ValueError("Het systeem zelf vraagt geen export aan; gebruik schrijf_bestand().")
    nu = klok.nu()
    export = Export(
        id=nieuwe_sleutel(),
        regio_id=regio or actor.regio,
        aanvrager_id=actor.id,
        lidmaatschap_id=actor.lidmaatschap_id,
        soort=soort,
        overstapjaar=nieuwste_jaar(nu.date()) if overstapjaar is None else overstapjaar,
        parameters=gekozen,
        gemaakt_op=nu,
        verloopt_op=nu + BEWAAR,
    )
    with transaction.atomic():
        export.save(force_insert=True)
        audit.log(
            actor, "export.aanvragen", regio=export.regio_id, object_soort="export", object_id=export.id, doel=soort
        )
        publiceer(
            [
                OutboxRegel(
                    regio_id=export.regio_id,
                    sleutel=str(export.id),
                    soort=EXPORT_GEVRAAGD,
                    inhoud={"export": str(export.id)},
                )
            ]
        )
    return export


def pad_van(export: Export) -> Path:
    """Where the file stands."""
    return Path(settings.MEDIA_ROOT) / export.bestand


def opdracht_van(actor: Actor, regio: str, overstapjaar: int, parameters: Mapping[str, Any] | None = None) -> Opdracht:
    """What an export of the stand of now is about; needs a bereik with the regio."""
    gekozen = parameters or {}
    vestigingen, statussen = gekozen.get("vestigingen"), gekozen.get("statussen")
    nu = klok.nu()
    return Opdracht(
        actor=actor,
        regio=regio,
        regio_naam=Regio.objects.values_list("naam", flat=True).get(pk=regio),
        overstapjaar=overstapjaar,
        peildatum=nu.date(),
        gemaakt_op=nu,
        vestigingen=None if vestigingen is None else frozenset(vestigingen),
        statussen=frozenset(CODES[code] for code in statussen) if statussen else None,
        per_school=bool(gekozen.get("per_school")),
        filters=str(gekozen.get("filters") or ""),
        parameters=gekozen,
    )


def schrijf_bestand(soort: str, opdracht: Opdracht, doel: Path) -> int:
    """Make the file beside its place and put it there in one step: whole or not at all. Its size; OSError when it fails.

    Logs whose rows are in it: every look can be told to that leerling.
    """
    doel.parent.mkdir(parents=True, exist_ok=True)
    half = doel.with_name(f".{doel.name}.{uuid.uuid4().hex[:8]}")
    try:
        REGISTER[soort].schrijf(opdracht, half)
        half.chmod(0o600)
        with half.open("rb") as bestand:
            os.fsync(bestand.fileno())
        grootte = half.stat().st_size
        log_inzage(opdracht, soort)
        half.replace(doel)
    finally:
        half.unlink(missing_ok=True)
    return grootte


def log_inzage(opdracht: Opdracht, soort: str) -> None:
    """One line, with every leerling that is in the file."""
    regel = audit.regel(
        opdracht.actor,
        "export.maken",
        regio=opdracht.regio,
        object_soort="export",
        doel=soort,
        aantal=len(opdracht.gezien),
    )
    with bereik({opdracht.regio, *(regio for regio, _ in opdracht.gezien)}):
        audit.log_regels([regel])
        for keer in _per(opdracht.gezien, 2000):
            audit.log_regels([], [(regel, regio, leerling) for regio, leerling in keer])


def _per(alle: Iterable[tuple[str, uuid.UUID]], aantal: int) -> Iterator[Sequence[tuple[str, uuid.UUID]]]:
    rest = iter(alle)
    while keer := list(islice(rest, aantal)):
        yield keer


def begin_export(regio: str, export_id: uuid.UUID) -> None:
    """Count the attempt, in a transaction of its own: also one that kills its worker counts."""
    Export.objects.filter(pk=export_id, regio_id=regio, status=Export.WACHT).update(pogingen=F("pogingen") + 1)


def make_export(regio: str, export_id: uuid.UUID) -> bool:
    """Make the file of an export that waits; safe to run twice and at once. True when the file is there.

    Needs a bereik with the regio, and no more than that: what the file holds is decided by who asked. A database that goes
    away leaves the export waiting; it is tried again.
    """
    with transaction.atomic():
        export = (
            Export.objects.select_for_update(skip_locked=True)
            .filter(pk=export_id, regio_id=regio, status=Export.WACHT)
            .first()
        )
        if export is None:
            return Export.objects.filter(pk=export_id, status=Export.KLAAR).exists()
        fout = _maak(export)
        export.status, export.fout = (Export.MISLUKT, fout) if fout else (Export.KLAAR, "")
        export.klaar_op = klok.nu()
        export.save(update_fields=["status", "fout", "bestand", "bestandsnaam", "grootte", "klaar_op"])
    return not fout


def _maak(export: Export) -> str:
    """Write the file; a Dutch sentence when that cannot be done."""
    if export.pogingen > MAX_POGINGEN:
        return ZIN_FOUT
    soort = REGISTER[export.soort]
    try:
        with transaction.atomic():
            opdracht = opdracht_van(aanvrager(export), export.regio_id, export.overstapjaar, export.parameters)
            slot = "zip" if opdracht.per_school else "xlsx"
            export.bestand = f"exports/{export.regio_id}/{export.id}.{slot}"
            export.bestandsnaam = soort.bestandsnaam(opdracht)
            export.grootte = schrijf_bestand(export.soort, opdracht, pad_van(export))
    except RolWeg:
        return ZIN_ROL
    except OSError as fout:
        log.error("export.schijf", export=str(export.id), errno=fout.errno)
        return ZIN_VOL if fout.errno in _VOL else ZIN_SCHIJF
    except (OperationalError, InterfaceError):
        raise
    except Exception as fout:
        # Without its message: that may hold a value of a row.
        log.error("export.mislukt", export=str(export.id), fout=type(fout).__name__)
        return ZIN_FOUT
    return ""


def aanvrager(export: Export) -> Actor:
    """Who asked, with the rights of today; raises :class:`RolWeg`."""
    if export.lidmaatschap_id is not None:
        lid = (
            Lidmaatschap.objects.select_related("gebruiker", "organisatie")
            .filter(pk=export.lidmaatschap_id, gebruiker_id=export.aanvrager_id, gebruiker__is_active=True)
            .first()
        )
        if lid is None or (lid.beeindigd_op is not None and lid.beeindigd_op <= klok.vandaag()):
            raise RolWeg
        actor = actor_van_lidmaatschap(lid)
    else:
        client = ApiClient.objects.select_related("organisatie").filter(pk=export.aanvrager_id).first()
        if client is None or client.organisatie is None:
            raise RolWeg
        actor = actor_van_client(client, frozenset({Scope.RAPPORTAGES_LEZEN}), frozenset())
    if export.regio_id not in actor.regios or not actor.mag(REGISTER[export.soort].recht):
        raise RolWeg
    return actor


def log_download(actor: Actor, export: Export) -> None:
    audit.log(
        actor, "export.downloaden", regio=export.regio_id, object_soort="export", object_id=export.id, doel=export.soort
    )


def ruim_op(regio: str) -> int:
    """Take away the files of exports whose week is over, and their rows; how many. Needs a bereik with the regio."""
    weg = 0
    for export in Export.objects.filter(regio_id=regio, verloopt_op__lte=klok.nu()):
        if export.bestand:
            with suppress(FileNotFoundError):
                pad_van(export).unlink()
        export.delete()
        weg += 1
    return weg


def onafgemaakt(regio: str) -> list[uuid.UUID]:
    """Exports that wait longer than a minute: their task was lost with the broker or with a worker."""
    grens = klok.nu() - timedelta(minutes=1)
    return list(
        Export.objects.filter(regio_id=regio, status=Export.WACHT, gemaakt_op__lte=grens).values_list("pk", flat=True)
    )
