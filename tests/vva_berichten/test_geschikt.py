"""The judgment in words and the filter of lists are one rule: the same answer for every combination."""

from itertools import product

from statuses.mbo_ganger import mbo_ganger_q, vraag_q
from statuses.models import Overstap
from statuses.referentie.onderwijs import ONDERWIJSSOORTEN
from statuses.referentie.redenen import redenen
from tests.wereld import Wereld
from vva_berichten.geschikt import Oordeel, beoordeel
from vva_berichten.uitgaand.mbo_gangers import feiten

REDENEN = [*(r.code for r in redenen("vervolgkeuze_vo")), "van_de_regio"]
KEUZES = [("", "", None), *product(REDENEN, ["zeker", "verwacht"], [None, True, False])]


def test_oordeel_en_filter_zijn_het_eens(wereld: Wereld) -> None:
    """A leerling per choice, each of every kind of school in turn."""
    van = {o.pk: keuze for o, keuze in zip(wereld.overstappen_van([wereld.rij() for _ in KEUZES]), KEUZES, strict=True)}
    verschil, uitkomsten = [], set()
    with wereld.bereik("21"):
        rijen = Overstap.objects.filter(pk__in=van)
        for pk, (reden, zekerheid, mbo) in van.items():
            rijen.filter(pk=pk).update(
                spoor_vo=6 if reden else None, vo_reden=reden, vo_zekerheid=zekerheid, vo_naar_mbo=mbo
            )
        for soort, profiel, bestemming in product(
            ONDERWIJSSOORTEN, ["", "dagbesteding"], ["", "mbo", "havo", "arbeid"]
        ):
            velden = {"onderwijssoort": soort, "uitstroomprofiel": profiel, "bestemming": bestemming}
            rijen.update(**velden)
            ja, vraag = (set(rijen.filter(q).values_list("pk", flat=True)) for q in (mbo_ganger_q(), vraag_q()))
            for rij in rijen.select_related("leerling"):
                oordeel, _ = beoordeel(feiten(rij))
                uitkomsten.add(oordeel)
                if (rij.pk in ja, rij.pk in vraag) != (oordeel == Oordeel.JA, oordeel == Oordeel.VRAAG):
                    verschil.append((velden, van[rij.pk], oordeel))
    assert verschil == []
    assert uitkomsten == set(Oordeel)
