"""The shared status model. Only ``statuses.actions`` writes these rows.

No table here has an index on regio alone: it would select a whole regio, it costs every insert, and before the first ANALYZE
the planner takes it for the composite foreign keys (1.5 ms a row instead of microseconds).
"""

from statuses.models.aanmelding import Aanmelding, Levering, NietVerwerkt
from statuses.models.afspraken import DrieVragen, Overdracht, SchoolContact, Schoolwissel
from statuses.models.gebeurtenis import (
    SPOOR_AANMELDING,
    SPOOR_LEERPLICHT,
    SPOOR_MARKERING,
    SPOOR_VO,
    Gebeurtenis,
    Toelichting,
    spoor_van_nummer,
)
from statuses.models.lijsten import Examenkandidaten, Opleiding, Postcode4, RegioReden
from statuses.models.overstap import BuitenRegio, Leerling, Overstap

__all__ = [
    "SPOOR_AANMELDING",
    "SPOOR_LEERPLICHT",
    "SPOOR_MARKERING",
    "SPOOR_VO",
    "Aanmelding",
    "BuitenRegio",
    "DrieVragen",
    "Examenkandidaten",
    "Gebeurtenis",
    "Leerling",
    "Levering",
    "NietVerwerkt",
    "Opleiding",
    "Overdracht",
    "Overstap",
    "Postcode4",
    "RegioReden",
    "SchoolContact",
    "Schoolwissel",
    "Toelichting",
    "spoor_van_nummer",
]
