"""A message of the postbus as a CloudEvent, structured mode. Bron: CloudEvents 1.0 and the NL GOV profile for CloudEvents.

``id`` is the berichtId and ``source`` the sending instantie, so that a message that comes twice is known; ``sequence`` is its positie
in the postbus. ``data`` is the message byte for byte as the postbus gives it. No person outside ``data``.
"""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.urls import reverse

from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from vva_berichten.models import Soort
from vva_berichten.oin import oin_van_regio

MEDIATYPE = "application/cloudevents+json; charset=utf-8"
# berichtType -> type of the event, and the name of its schema.
TYPEN: dict[str, tuple[str, str]] = {
    Soort.MBO_GANGER.value: ("nl.overstap.vva.potentiele-mbo-ganger.v1", "potentiele-mbo-ganger"),
    Soort.AANMELDSTATUS.value: ("nl.overstap.vva.aanmeldstatus.v1", "aanmeldstatus"),
    Soort.SIGNAAL.value: ("nl.overstap.vva.signalen.v1", "signalen"),
}
PROEF = "nl.overstap.vva.proef.v1"


class CloudEvent(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The attributes that we use."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    dataschema: str | msgspec.UnsetType = msgspec.UNSET
    sequence: str | msgspec.UnsetType = msgspec.UNSET
    sequencetype: str | msgspec.UnsetType = msgspec.UNSET
    data: msgspec.Raw


class _Envelop(msgspec.Struct, rename="camel"):
    """What of a message stands on the outside as well."""

    bericht_id: str
    bericht_type: str
    verzendende_instantie: str
    ontvangende_instantie: str
    datum_tijd: str


_lees = msgspec.json.Decoder(_Envelop)
_schrijf = msgspec.json.Encoder()


def _bron(oin: str) -> str:
    return f"urn:nld:oin:{oin}:systeem:overstap"


def maak(bericht: bytes, positie: int) -> bytes:
    """The body to send for this message."""
    envelop = _lees.decode(bericht)
    soort, schema = TYPEN[envelop.bericht_type]
    return _schrijf.encode(
        CloudEvent(
            specversion="1.0",
            id=envelop.bericht_id,
            source=_bron(envelop.verzendende_instantie),
            type=soort,
            subject=envelop.ontvangende_instantie,
            time=envelop.datum_tijd,
            datacontenttype="application/json",
            dataschema=settings.OVERSTAP_BASIS_URL + reverse("api-vva-schema", args=[schema]),
            sequence=str(positie),
            sequencetype="Integer",
            data=msgspec.Raw(bericht),
        )
    )


def maak_proef(regio: str, ontvanger: str) -> bytes:
    """A body without a message, to try an endpoint; ``ontvanger`` is its OIN."""
    return _schrijf.encode(
        CloudEvent(
            specversion="1.0",
            id=str(nieuwe_sleutel()),
            source=_bron(oin_van_regio(regio)),
            type=PROEF,
            subject=ontvanger,
            time=klok.wandklok().isoformat(timespec="seconds"),
            datacontenttype="application/json",
            data=msgspec.Raw(b"{}"),
        )
    )
