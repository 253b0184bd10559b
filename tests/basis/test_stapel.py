"""Many rows in one statement: whatever stands in a value arrives as it was, and costs one statement."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import LogRegel
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import kale_rij, lees, nieuwe_rij, reeks, voeg_toe, werk_bij
from statuses.models import Aanmelding, Overstap
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db

# PostgreSQL keeps no NUL, and half a surrogate is no text.
TEKST = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
LASTIG = [
    "",
    " ",
    "NULL",
    "null",
    '"',
    "\\",
    '\\"',
    "{a,b}",
    "a,b",
    "it's",
    "regel\nregel",
    "%s",
    "ë😀",
    "}{",
    "\\x41",
    " a ",
]


@pytest.mark.parametrize(("soort", "waarden"), [("text", TEKST), ("bytea", st.binary()), ("uuid", st.uuids())])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_an_array_arrives_as_it_was(data: st.DataObject, soort: str, waarden: st.SearchStrategy[Any]) -> None:
    lijst: Sequence[Any] = data.draw(st.lists(waarden))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{soort}[]", [reeks(lijst)])
        assert cursor.fetchone()[0] == lijst


def _regel(tekst: str, details: dict[str, Any], **anders: Any) -> LogRegel:
    waarden = {"tijdstip": datetime(2026, 3, 1, 12, 30, 15, 123456, UTC), "regio_id": "21", "actor_soort": "mens", "actor_id": None,
               "rol": "", "organisatie_id": uuid.uuid4(), "handeling": "test", "object_soort": "", "object_id": tekst, "doel": "",
               "uitkomst": "gedaan", "aantal": 1, "details": details}  # fmt: skip
    return kale_rij(LogRegel, id=nieuwe_sleutel(), **{**waarden, **anders})


@pytest.mark.parametrize("hoeveel", [1, len(LASTIG)])
def test_difficult_values_are_inserted_as_they_were(hoeveel: int) -> None:
    """One value for a whole column and a value per row go two ways: both."""
    met = [
        _regel(t, {"a": t, "b": [1, None, {"c": t}]}, aantal=n, regio_id=None if n % 2 else "21")
        for n, t in enumerate(LASTIG[-hoeveel:])
    ]
    with bereik(["21"]):
        assert voeg_toe(LogRegel, met) == hoeveel
        gevonden = {r.pk: r for r in LogRegel.objects.filter(pk__in=[r.pk for r in met])}
    for regel in met:
        if regel.regio_id is None:
            continue  # no regio, so not readable here
        terug = gevonden[regel.pk]
        for veld in LogRegel._meta.concrete_fields:
            assert getattr(terug, veld.attname) == getattr(regel, veld.attname), veld.attname


def test_update_writes_days_numbers_and_nothing(wereld: Wereld) -> None:
    overstap, ander = wereld.o("aangemeld"), wereld.o("zonder")
    overstap.vo_sinds, overstap.volgnr, overstap.mbo_ganger = date(2026, 2, 28), 77, True
    ander.vo_sinds, ander.volgnr, ander.mbo_ganger = None, 78, None
    with wereld.bereik():
        assert werk_bij(Overstap, [overstap, ander], ("vo_sinds", "volgnr", "mbo_ganger")) == 2
    assert [(o.vo_sinds, o.volgnr, o.mbo_ganger) for o in (wereld.o("aangemeld"), wereld.o("zonder"))] == [
        (date(2026, 2, 28), 77, True),
        (None, 78, None),
    ]


def test_read_rows_are_what_django_reads(wereld: Wereld) -> None:
    with wereld.bereik():
        snel = lees(Overstap.objects.order_by("pk"), zonder=("gewijzigd_op",))
        gewoon = list(Overstap.objects.order_by("pk"))
        assert snel == gewoon
        velden = [v.attname for v in Overstap._meta.concrete_fields]
        assert [[getattr(o, v) for v in velden] for o in snel] == [[getattr(o, v) for v in velden] for o in gewoon]
        assert snel[0].vestiging == gewoon[0].vestiging


def test_a_new_row_has_the_defaults_of_the_model() -> None:
    pk = uuid.uuid4()
    vast = {"id": pk, "regio_id": "21", "overstap_id": pk, "mbo_id": pk, "nr": 1, "opleiding": "Kok", "bron": "sis"}
    gewoon, snel = Aanmelding(**vast), nieuwe_rij(Aanmelding, **vast)
    assert {v.attname: getattr(snel, v.attname) for v in Aanmelding._meta.concrete_fields} == {
        v.attname: getattr(gewoon, v.attname) for v in Aanmelding._meta.concrete_fields
    }


def test_any_number_of_rows_is_one_statement(django_assert_num_queries: Any) -> None:
    regels = [OutboxRegel(regio_id="21", sleutel=f"s{n}", soort="t", inhoud={"n": n}) for n in range(300)]
    with bereik(["21"]), django_assert_num_queries(1):
        voeg_toe(OutboxRegel, regels, kolommen=("regio_id", "sleutel", "soort", "inhoud"))
