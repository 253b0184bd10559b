"""`genereer` on small numbers: COPY as the owner, side by side, and what is written is what the app finds right."""

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from accounts.models import Organisatie, Vestiging
from accounts.rechten import Soort
from accounts.scope import landelijk
from overstap.basis import geheim
from overstap.basis.rls import bereik
from statuses.models import Aanmelding, Leerling, Overstap
from tests.demo.hulp import VANDAAG

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "eigenaar"])


def genereer(*extra: str) -> dict[str, Any]:
    uit = StringIO()
    call_command("genereer", "--regios", "2", "--overstappen", "240", "--jaren", "2", "--json", *extra, stdout=uit)
    verslag: dict[str, Any] = json.loads(uit.getvalue())
    return verslag


@pytest.fixture(autouse=True)
def _referentie(settings: LazySettings) -> None:
    settings.OVERSTAP_VANDAAG = VANDAAG
    call_command("laad_referentie", stdout=StringIO())


def controleer(*extra: str) -> dict[str, Any]:
    uit = StringIO()
    try:
        call_command("controleer_statussen", "--json", *extra, stdout=uit)
    except CommandError as fout:
        assert "verschillen" in str(fout)  # noqa: PT017 - the list is on standard output all the same
    verslag: dict[str, Any] = json.loads(uit.getvalue())
    return verslag


def test_two_regios_right_by_recount_and_again_nothing() -> None:
    verslag = genereer()
    assert verslag["regios"] == 2
    assert verslag["rijen"]["overstap"] == 480
    assert controleer() == {"gecontroleerd": 480, "verschillen": []}
    for regio in ("01", "21"):
        with bereik([regio]):
            assert set(Overstap.objects.values_list("overstapjaar", flat=True)) == {2024, 2025}
            assert Aanmelding.objects.filter(mbo__deelnames__regio=regio).count() == Aanmelding.objects.count() > 50
            leerling = Leerling.objects.all()[0]
            nummer = geheim.ontsleutel(leerling.pgn_versleuteld, leerling.id).decode()
            assert bytes(leerling.pgn_index) == geheim.blinde_index("own", nummer)
    with landelijk("test"):
        indexen = list(Leerling.objects.values_list("pgn_index", flat=True))
        assert len({bytes(i) for i in indexen}) == 480
    # No school stands in two regio's, and none has a BRIN of a real one.
    codes = list(Vestiging.objects.values_list("code", "regio_id"))
    assert len({code[:4] for code, _ in codes}) == Organisatie.objects.filter(soort=Soort.VO.value).count()
    assert all(code.startswith("9") for code, _ in codes)
    opnieuw = genereer()
    assert (opnieuw["regios"], opnieuw["overgeslagen"], opnieuw["rijen"]) == (0, 2, {})


def test_the_recount_names_each_planted_difference() -> None:
    genereer()
    with connections["eigenaar"].cursor() as cursor:
        cursor.execute(
            "UPDATE statuses_overstap SET leidende_status = 14 WHERE id = (SELECT id FROM statuses_overstap "
            "WHERE regio_id = '21' AND leidende_status = 12 ORDER BY id LIMIT 1) RETURNING id"
        )
        (overstap,) = cursor.fetchone()
        cursor.execute(
            "UPDATE statuses_aanmelding SET status = 3, status_datum = '2024-10-01' WHERE id = (SELECT id FROM statuses_aanmelding "
            "WHERE regio_id = '01' AND status = 12 ORDER BY id LIMIT 1) RETURNING id"
        )
        (aanmelding,) = cursor.fetchone()
    verslag = controleer()
    gevonden = {(v["regio"], v["soort"], v["id"], v["veld"]) for v in verslag["verschillen"]}
    assert gevonden == {
        ("21", "overstap", str(overstap), "leidende_status"),
        ("01", "aanmelding", str(aanmelding), "status"),
        ("01", "aanmelding", str(aanmelding), "status_datum"),
    }
    leidend = next(v for v in verslag["verschillen"] if v["veld"] == "leidende_status")
    assert (leidend["opgeslagen"], leidend["herrekend"]) == (14, 12)
    assert [v["regio"] for v in controleer("--regio", "21")["verschillen"]] == ["21"]
    with pytest.raises(CommandError, match="3 verschillen"):
        call_command("controleer_statussen", stdout=StringIO())


def test_the_recount_costs_two_statements_a_regio() -> None:
    from django.test.utils import CaptureQueriesContext

    genereer()
    with CaptureQueriesContext(connection) as vragen:
        controleer("--regio", "21")
    assert sum("WITH laatste" in v["sql"] for v in vragen) == 1
    assert len(vragen) <= 10


@pytest.mark.parametrize(
    ("argumenten", "zin"),
    [
        (("--regios", "41"), "1 tot en met 40"),
        (("--jaren", "0"), "1 tot en met 10"),
        (("--overstappen", "10"), "minstens 60 per regio"),
    ],
)
def test_wrong_sizes_get_a_sentence(argumenten: tuple[str, ...], zin: str) -> None:
    with pytest.raises(CommandError, match=zin):
        genereer(*argumenten)
