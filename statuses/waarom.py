"""Why a leerling stands in a list, in words: the signalen and the risico of a row, without codes. Bron: domein.md 2, "signalen"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from statuses.risico import Signaal
from statuses.status import Status

ZINNEN: dict[Signaal, str] = {
    Signaal.STILSTAND: "al {dagen} dagen stil",
    Signaal.NO_SHOW: "niet gestart bij het mbo",
    Signaal.TERUGVAL: "deze week teruggevallen",
    Signaal.AFGEWEZEN_MET_ANDERE_OPEN: "ergens afgewezen, elders nog open",
    Signaal.DUBBELE_PLAATSING: "meer dan één definitieve plaats",
    Signaal.VERVOLGKEUZE_MET_AANMELDING: "gaat niet naar het mbo, nog wel aangemeld",
    Signaal.BUITEN_DE_REGIO: "misschien mbo buiten de regio",
    Signaal.GEPLAATST_MAAR_BIJ_LEERPLICHT: "geplaatst en toch bij leerplicht",
}
LABELS: dict[Signaal, str] = {
    Signaal.STILSTAND: "Stilstand",
    Signaal.NO_SHOW: "Niet gestart",
    Signaal.TERUGVAL: "Teruggevallen",
    Signaal.AFGEWEZEN_MET_ANDERE_OPEN: "Afgewezen, andere open",
    Signaal.DUBBELE_PLAATSING: "Meer plaatsen",
    Signaal.VERVOLGKEUZE_MET_AANMELDING: "Vervolgkeuze en aangemeld",
    Signaal.BUITEN_DE_REGIO: "Buiten de regio",
    Signaal.GEPLAATST_MAAR_BIJ_LEERPLICHT: "Geplaatst, bij leerplicht",
}
_RISICO: dict[Status, str] = {
    Status.ZONDER_AANMELDING: "nog geen aanmelding",
    Status.AFGEMELD: "afgemeld, geen andere aanmelding",
    Status.AFGEWEZEN: "afgewezen, geen andere aanmelding",
    Status.LP_INGESCHAKELD: "wacht op leerplicht",
    Status.LP_IN_BEHANDELING: "leerplicht begeleidt",
}


def waarom(
    status: Status | None, sinds: date | None, risico: bool, signalen: Iterable[Signaal], dag: date
) -> list[str]:
    """The reasons, the most urgent first; empty for a row that needs no look."""
    if status is None:
        return []
    dagen = (dag - sinds).days if sinds else 0
    uit = [_RISICO.get(status, "nog niet geplaatst")] if risico else []
    return uit + [ZINNEN[s].format(dagen=dagen) for s in Signaal if s in set(signalen)]
