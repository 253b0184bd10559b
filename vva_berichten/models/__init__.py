"""VVA: the messages, the postbus of each receiver, the stand per mbo-ganger, and the bulkmeldingen.

Every row lives in the regio of its receiver. Across regio's only messages travel; a bulk is made from the stand alone.
Bodies are encrypted as a whole and bound to their row; a bulk refers to the stand and is rendered when it is fetched.
"""

from __future__ import annotations

from vva_berichten.models.berichten import Bericht, GemeldAanGemeente, Richting, Soort, VerzondenAanmeldstatus
from vva_berichten.models.bulk import Bulk, BulkRegel
from vva_berichten.models.geweigerd import GelijkVolgnummer, GeweigerdeMelding
from vva_berichten.models.postbus import Postbus, PostbusRegel
from vva_berichten.models.push import Eindpunt, GeparkeerdePush
from vva_berichten.models.stand import GemeldeAanmelding, MboGanger, MboGangerMelding, Persoon

__all__ = [
    "Bericht",
    "Bulk",
    "BulkRegel",
    "Eindpunt",
    "GelijkVolgnummer",
    "GemeldAanGemeente",
    "GemeldeAanmelding",
    "GeparkeerdePush",
    "GeweigerdeMelding",
    "MboGanger",
    "MboGangerMelding",
    "Persoon",
    "Postbus",
    "PostbusRegel",
    "Richting",
    "Soort",
    "VerzondenAanmeldstatus",
]
