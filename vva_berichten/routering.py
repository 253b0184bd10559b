"""Who gets an aanmeldstatus, and which one: dated tables and pure rules. Bron: vva.md, rule 5; domein.md 5, Bericht 2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from accounts.instellingen import Afbeelding
from statuses.status import Status
from vva_berichten.contract.aanmeldstatus import AanmeldstatusCode

C, S = AanmeldstatusCode, Status

# From which day on a mapping holds; an instelling may adapt it (accounts/instellingen.py).
AFBEELDING: tuple[tuple[date, Mapping[Status, AanmeldstatusCode]], ...] = (
    (
        date(2020, 8, 1),
        {
            S.AANGEMELD: C.AANMELDING_ONTVANGEN,
            S.INTAKE: C.AANMELDING_ONTVANGEN,
            S.VOORLOPIG: C.AANMELDING_ONTVANGEN,
            S.OOK_AFGEDRUKT: C.OOK_AANGEBODEN,
            S.AFGEWEZEN: C.LEIDT_NIET_TOT_INSCHRIJVING,
            S.AFGEMELD: C.INGETROKKEN,
            S.BEEINDIGD: C.INGETROKKEN,
            S.DEFINITIEF: C.INGESCHREVEN,
        },
    ),
)

# Back again, one to one: for an instelling whose source is the koppelpunt, and for afstemming. Bron: domein.md 5.
KOPPELPUNT = "koppelpunt"
TERUG_NAAR: Mapping[AanmeldstatusCode, Status] = {
    C.AANMELDING_ONTVANGEN: S.AANGEMELD,
    C.OOK_AANGEBODEN: S.OOK_AFGEDRUKT,
    C.LEIDT_NIET_TOT_INSCHRIJVING: S.AFGEWEZEN,
    C.INGETROKKEN: S.AFGEMELD,
    C.INGESCHREVEN: S.DEFINITIEF,
}

LABELS: dict[AanmeldstatusCode, str] = {
    C.AANMELDING_ONTVANGEN: "Aanmelding ontvangen",
    C.OOK_AANGEBODEN: "Plaatsing aangeboden",
    C.LEIDT_NIET_TOT_INSCHRIJVING: "Leidt niet tot inschrijving",
    C.INGETROKKEN: "Ingetrokken",
    C.INGESCHREVEN: "Ingeschreven",
}
# The onderwijsovereenkomst was abolished on 1 August 2023.
LABEL_OOK_TOT, LABEL_OOK = date(2023, 8, 1), "OOK aangeboden"

AANGEMELD = (C.AANMELDING_ONTVANGEN, C.OOK_AANGEBODEN)
INGESCHREVEN = (C.INGESCHREVEN,)

# (from which day, younger than). A regio may add lines (accounts/instellingen.py).
LEEFTIJDSGRENS: tuple[tuple[date, int], ...] = ((date(2020, 8, 1), 23),)


def aanmeldstatus_van(status: Status, dag: date, afwijkingen: Iterable[Afbeelding] = ()) -> AanmeldstatusCode | None:
    """The status of the message for one of ours on a day; None when nothing is mapped.

    ``afwijkingen``: what the instelling chose (accounts/instellingen.py); of those the last one that holds goes before the table.
    """
    eigen = [a.code for a in sorted(afwijkingen) if a.status == status.code and a.vanaf <= dag]
    if eigen and eigen[-1] in C.__members__:
        return C(eigen[-1])
    return next((tabel.get(status) for vanaf, tabel in reversed(AFBEELDING) if dag >= vanaf), None)


def label_op(status: str, dag: date) -> str:
    """The label that held on a day; the code itself for one that is not ours."""
    if status not in C.__members__:
        return status
    code = C(status)
    return LABEL_OOK if code == C.OOK_AANGEBODEN and dag < LABEL_OOK_TOT else LABELS[code]


def leeftijdsgrens(dag: date, extra: Iterable[tuple[date, int]] = ()) -> int:
    """The age limit on a day: the last line whose day has come."""
    lijnen = [*LEEFTIJDSGRENS, *extra]
    return max((lijn for lijn in lijnen if lijn[0] <= dag), default=LEEFTIJDSGRENS[0])[1]


def geboren_na(dag: date, grens: int) -> date:
    """Who is younger than ``grens`` on ``dag`` was born after this day."""
    try:
        return dag.replace(year=dag.year - grens)
    except ValueError:  # 29 February
        return date(dag.year - grens, 2, 28)


def gemeente_mag_weten(
    *, gemeente: str | None, land: str, geboortedatum: date | None, startkwalificatie: bool, dag: date, grens: int
) -> bool:
    """Rule 5: registered in a Dutch gemeente, no startkwalificatie, younger than the limit. Unknown birth date: yes."""
    if not gemeente or land != "NL" or startkwalificatie:
        return False
    return geboortedatum is None or geboortedatum > geboren_na(dag, grens)
