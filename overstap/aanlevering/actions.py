"""The only writer of uploads: receive, try, apply, throw away.

Few rows are done while the person waits; many go through the outbox to a worker, so that a closed browser or a killed
process loses nothing. Each step looks at the stand under a lock: done twice is done once.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction

from accounts import audit
from accounts.actor import Actor, actor_van_lidmaatschap
from accounts.models import Lidmaatschap
from accounts.rechten import Recht
from overstap.aanlevering.bestand import Blad, lees_blad
from overstap.aanlevering.events import upload_wacht
from overstap.aanlevering.importeren import importeer_aanmeldingen, importeer_leerlingen
from overstap.aanlevering.kolommen import SOORTEN, koppel
from overstap.aanlevering.models import Upload
from overstap.aanlevering.organisaties import organisatie_van, school_van
from overstap.aanlevering.uitslag import BestandFout, Uitslag
from overstap.basis import geheim, klok
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel

log = structlog.get_logger(__name__)

DIRECT = 500  # rows; about a second
BEWAAR = timedelta(days=7)
RECHTEN = {"leerlingen": Recht.LEERLINGEN_AANLEVEREN, "aanmeldingen": Recht.AANMELDINGEN_AANLEVEREN}


def receive_upload(
    actor: Actor, soort: str, bestand: str, inhoud: bytes, *, vestiging: str = "", overstapjaar: int | None = None
) -> Upload:
    """Keep a file and try it. Raises :class:`BestandFout` when it cannot be read at all; then nothing is kept."""
    blad = lees_blad(inhoud)
    koppel(blad.kop, *SOORTEN[soort])  # a wrong header is said at once, also of a large file
    assert actor.id is not None
    assert actor.organisatie_id is not None
    assert actor.lidmaatschap_id is not None
    pk = nieuwe_sleutel()
    upload = Upload(
        id=pk,
        regio_id=actor.regio,
        organisatie_id=actor.organisatie_id,
        gebruiker_id=actor.id,
        lidmaatschap_id=actor.lidmaatschap_id,
        soort=soort,
        bestand="".join(t for t in bestand if t.isprintable())[-120:] or "bestand",
        inhoud=geheim.versleutel(inhoud, pk),
        aantal=len(blad.rijen),
        vestiging=vestiging,
        overstapjaar=overstapjaar,
        stand="proef_wacht",
        aangemaakt_op=klok.wandklok(),
    )
    if upload.aantal <= DIRECT:
        _zet_uitslag(upload, _voer_uit(upload, actor, blad))
        upload.stand = "proef"
    upload.save(force_insert=True)
    if upload.bezig:
        upload_wacht(upload)
    audit.log(actor, "upload.ontvangen", object_soort="upload", object_id=pk, doel=soort, aantal=upload.aantal)
    return upload


def apply_upload(upload: Upload, actor: Actor, *, alleen_als_alles_goed: bool) -> Upload:
    """Apply a tried file, now or by the worker. A second time changes nothing."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.stand != "proef":
            return upload
        upload.alleen_als_alles_goed = alleen_als_alles_goed
        upload.stand = "wacht"
        if upload.aantal > DIRECT:
            upload.save(update_fields=["alleen_als_alles_goed", "stand"])
            upload_wacht(upload)
        else:
            _pas_toe(upload, actor)
    return upload


def delete_upload(upload: Upload, actor: Actor) -> None:
    """Throw a file away before it is applied."""
    upload.delete()
    audit.log(actor, "upload.weggegooid", object_soort="upload", object_id=upload.pk)


def handle_waiting(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Handler of ``UPLOAD_WACHT``: do what each file waits for, as the person who sent it."""
    for pk in dict.fromkeys(inhoud["upload"] for inhoud in inhouden):
        upload = Upload.objects.select_for_update().filter(pk=pk).first()
        if upload is None or not upload.bezig:
            continue
        try:
            with transaction.atomic():
                _werk_af(upload)
        except (OperationalError, InterfaceError):
            raise  # the database is away: the outbox tries again
        except BestandFout as fout:
            _mislukt(upload, str(fout))
        except Exception as fout:
            log.error("aanlevering.upload_mislukt", upload=str(pk), fout=type(fout).__name__)
            _mislukt(
                upload,
                "Er ging iets mis bij het verwerken. Er is niets veranderd. Probeer het opnieuw, of vraag de beheerder.",
            )


def delete_old_uploads() -> int:
    """Everything of more than seven days ago, within the bereik that is open."""
    aantal, _ = Upload.objects.filter(aangemaakt_op__lt=klok.wandklok() - BEWAAR).delete()
    return aantal


def read_uitslag(upload: Upload) -> Uitslag:
    """The outcome that was kept; an empty one while it waits."""
    if not upload.uitslag:
        return Uitslag()
    return Uitslag.uit_opslag(json.loads(geheim.ontsleutel(upload.uitslag, upload.id)))


def _werk_af(upload: Upload) -> None:
    lidmaatschap = (
        Lidmaatschap.objects.select_related("gebruiker", "organisatie").filter(pk=upload.lidmaatschap_id).first()
    )
    actor = actor_van_lidmaatschap(lidmaatschap) if lidmaatschap else None
    gestopt = lidmaatschap is None or (
        lidmaatschap.beeindigd_op is not None and lidmaatschap.beeindigd_op <= klok.vandaag()
    )
    if actor is None or gestopt or not actor.mag(RECHTEN[upload.soort]):
        raise BestandFout("Uw rol is intussen beëindigd. Er is niets veranderd.")
    with bereik(actor.regios):
        if upload.stand == "wacht":
            _pas_toe(upload, actor)
            return
        _zet_uitslag(upload, _voer_uit(upload, actor))
        upload.stand = "proef"
        upload.save(update_fields=["stand", "uitslag"])


def _pas_toe(upload: Upload, actor: Actor) -> None:
    uitslag = _voer_uit(upload, actor)
    _zet_uitslag(upload, uitslag)
    if uitslag.toegepast:
        upload.stand, upload.inhoud, upload.toegepast_op = "toegepast", b"", klok.wandklok()
    else:
        upload.stand = "proef"
    upload.save(update_fields=["stand", "uitslag", "inhoud", "toegepast_op", "alleen_als_alles_goed"])
    audit.log(
        actor,
        "upload.toegepast" if uitslag.toegepast else "upload.niet_toegepast",
        object_soort="upload",
        object_id=upload.pk,
        doel=upload.soort,
        aantal=uitslag.totaal,
    )


def _voer_uit(upload: Upload, actor: Actor, blad: Blad | None = None) -> Uitslag:
    """Try or apply, by the stand of the upload."""
    blad = blad or lees_blad(geheim.ontsleutel(upload.inhoud, upload.id))
    proef = upload.stand == "proef_wacht"
    if upload.soort == "leerlingen":
        school = school_van(actor, upload.vestiging, upload.overstapjaar)
        return importeer_leerlingen(
            blad, school, actor=actor, proef=proef, alleen_als_alles_goed=upload.alleen_als_alles_goed
        )
    return importeer_aanmeldingen(
        blad, organisatie_van(actor), actor=actor, proef=proef, alleen_als_alles_goed=upload.alleen_als_alles_goed
    )


def _zet_uitslag(upload: Upload, uitslag: Uitslag) -> None:
    upload.uitslag = geheim.versleutel(json.dumps(uitslag.als_opslag(), ensure_ascii=False), upload.id)


def _mislukt(upload: Upload, melding: str) -> None:
    _zet_uitslag(upload, Uitslag(opmerkingen=[melding]))
    upload.stand, upload.inhoud = "mislukt", b""
    upload.save(update_fields=["stand", "uitslag", "inhoud"])
