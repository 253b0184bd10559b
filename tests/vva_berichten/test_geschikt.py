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
    pk = wereld.o("zonder").pk
    verschil, uitkomsten = [], set()
    with wereld.bereik("21"):
        rij = Overstap.objects.filter(pk=pk)
        for soort, profiel, bestemming, (reden, zekerheid, mbo) in product(
            ONDERWIJSSOORTEN, ["", "dagbesteding"], ["", "mbo", "havo", "arbeid"], KEUZES
        ):
            velden = {"onderwijssoort": soort, "uitstroomprofiel": profiel, "bestemming": bestemming}
            rij.update(**velden, spoor_vo=6 if reden else None, vo_reden=reden, vo_zekerheid=zekerheid, vo_naar_mbo=mbo)
            oordeel, _ = beoordeel(feiten(rij.select_related("leerling").get()))
            uitkomsten.add(oordeel)
            filters = (rij.filter(mbo_ganger_q()).exists(), rij.filter(vraag_q()).exists())
            if filters != (oordeel == Oordeel.JA, oordeel == Oordeel.VRAAG):
                verschil.append((velden, reden, zekerheid, mbo, oordeel))
    assert verschil == []
    assert uitkomsten == set(Oordeel)
