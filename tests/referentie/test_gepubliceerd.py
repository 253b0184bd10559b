"""The files as they are published, with the counts and the defects that the README beside them names.

They are not in the repository: OVERSTAP_REFERENTIE says where they are, or they lie in ../shared/data/reference.
"""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from accounts.models import Deelname, Gemeente, Organisatie, Vestiging
from statuses.models import Examenkandidaten, Opleiding, Postcode4

REPOSITORY = Path(__file__).parents[2]
MAP = Path(os.environ.get("OVERSTAP_REFERENTIE", REPOSITORY.parent / "shared" / "data" / "reference"))

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not MAP.is_dir(),
        reason="De gepubliceerde referentiebestanden zijn er niet: zet OVERSTAP_REFERENTIE op de map waarin zij staan.",
    ),
]


def laad(map_: Path = MAP) -> dict[str, Any]:
    uit = StringIO()
    call_command("laad_referentie", "--map", str(map_), "--json", stdout=uit)
    verslag: dict[str, Any] = json.loads(uit.getvalue())
    return verslag


def test_aantallen_gebreken_en_een_tweede_keer() -> None:
    verslag = laad()

    nieuw = {soort: telling["nieuw"] for soort, telling in verslag["soorten"].items()}
    assert nieuw["regios"] == 40
    assert nieuw["gemeenten"] == Gemeente.objects.count() == 342
    assert nieuw["vestigingen"] == Vestiging.objects.count() == 1236
    assert nieuw["vo_scholen"] == Organisatie.objects.filter(soort="vo").count() == 544
    assert nieuw["mbo_instellingen"] == Organisatie.objects.filter(soort="mbo").count() == 179
    assert nieuw["opleidingen"] == Opleiding.objects.count() == 470
    assert nieuw["postcodes"] == Postcode4.objects.count() == 4043 - 33
    niveaus = Opleiding.objects.order_by("niveau").values_list("niveau").annotate(Count("crebo"))
    assert list(niveaus) == [(1, 12), (2, 126), (3, 154), (4, 178)]

    # Every row that is not there is on the list: Beemster, one locatie, and the postcodes of two gemeenten that were split.
    per_bestand: dict[str, list[str]] = {}
    for weigering in verslag["geweigerd"]:
        per_bestand.setdefault(weigering["bestand"], []).append(weigering["melding"])
    assert per_bestand["rmc_regio_21_gemeenten_subregios.csv"] == [
        "Gemeente 0370 (Beemster) is er nu niet: opgegaan in Purmerend per 2022-01-01."
    ]
    assert [melding[:17] for melding in per_bestand["mbo_locaties_kiesmbo_2025.csv"]] == ["Van locatie Sneek"]
    assert len(per_bestand["postcode4_gemeente_swv_2013.csv"]) == 33
    assert len(verslag["geweigerd"]) == 35
    opmerkingen = {(o["bestand"], o["aantal"]) for o in verslag["opmerkingen"]}
    assert ("vo_vestigingen_met_examens.csv", 77) in opmerkingen

    # An instelling with vo and mbo under one BRIN is two organisaties.
    assert set(Organisatie.objects.filter(code="25LX").values_list("soort", flat=True)) == {"vo", "mbo"}
    assert set(Deelname.objects.filter(organisatie__code="25PZ").values_list("regio_id", flat=True)) == {"20", "21"}

    opnieuw = laad()
    assert {(t["nieuw"], t["gewijzigd"]) for t in opnieuw["soorten"].values()} == {(0, 0)}
    assert opnieuw["geweigerd"] == verslag["geweigerd"]


def test_kandidaten_tellen_op_tot_de_gepubliceerde_aantallen() -> None:
    laad()

    landelijk = dict(Examenkandidaten.objects.values_list("leerweg").annotate(Sum("aantal")))
    # 413 of the leerwerktraject are within bb.
    assert landelijk == {"bb": 13388 + 413, "kb": 25996, "gl": 7173, "tl": 42581, "havo": 48757, "vwo": 35100}
    regio_21 = Examenkandidaten.objects.filter(vestiging__regio="21")
    assert dict(regio_21.exclude(leerweg="vwo").values_list("leerweg").annotate(Sum("aantal"))) == {
        "bb": 840 + 16,
        "kb": 1632,
        "gl": 316,
        "tl": 3205,
        "havo": 4089,
    }
    assert Examenkandidaten.objects.filter(ondergrens=True).exists()


def test_duo_alleen_vindt_elke_gemeente_bij_haar_naam(tmp_path: Path) -> None:
    naam = "duo_examenkandidaten_vo_2019_2024.csv"
    (tmp_path / naam).symlink_to(MAP / naam)
    verslag = laad(tmp_path)
    alleen_duo = dict(Vestiging.objects.values_list("code", "gemeente_id"))

    assert verslag["geweigerd"] == []
    assert len(alleen_duo) == 1236
    # The file with gemeentecodes agrees with every name that was found.
    tweede = laad()
    assert tweede["soorten"]["vestigingen"]["nieuw"] == 0
    assert dict(Vestiging.objects.values_list("code", "gemeente_id")) == alleen_duo
