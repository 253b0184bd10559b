"""The judgment in words and the filter of lists are one rule: the same answer for every combination."""

from itertools import product

from statuses.mbo_ganger import mbo_ganger_q
from statuses.models import Overstap
from statuses.referentie.onderwijs import ONDERWIJSSOORTEN
from statuses.referentie.redenen import redenen
from tests.wereld import Wereld
from vva_berichten.geschikt import Oordeel, beoordeel
from vva_berichten.uitgaand.mbo_gangers import feiten

KEUZES = [("", ""), *product([r.code for r in redenen("vervolgkeuze_vo")], ["zeker", "verwacht"])]


def test_oordeel_en_filter_zijn_het_eens(wereld: Wereld) -> None:
    pk = wereld.o("zonder").pk
    verschil, uitkomsten = [], set()
    with wereld.bereik("21"):
        rij = Overstap.objects.filter(pk=pk)
        for soort, profiel, bestemming, (reden, zekerheid) in product(
            ONDERWIJSSOORTEN, ["", "dagbesteding"], ["", "mbo", "havo", "arbeid"], KEUZES
        ):
            velden = {"onderwijssoort": soort, "uitstroomprofiel": profiel, "bestemming": bestemming}
            rij.update(**velden, spoor_vo=6 if reden else None, vo_reden=reden, vo_zekerheid=zekerheid)
            oordeel, _ = beoordeel(feiten(rij.select_related("leerling").get()))
            uitkomsten.add(oordeel)
            if (oordeel == Oordeel.JA) != rij.filter(mbo_ganger_q()).exists():
                verschil.append((velden, reden, zekerheid, oordeel))
    assert verschil == []
    assert uitkomsten == set(Oordeel)
