"""Who is in the bulkmelding of 1 March and of 15 June, per gemeente. Bron: vva.md, rule 4; domein.md 5, Bulkmeldingen.

Made from the stand per mbo-ganger of the gemeente's own regio, as it was on the peildatum as known now. A whole regio in one
transaction and a constant number of statements; the unique key (gemeente, jaar, soort, volgnummer) makes it exactly once,
whatever crashes and however often it is asked.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts import audit, instellingen
from accounts.actor import Actor
from accounts.events import sleutel_postbus
from accounts.models import Gemeente, Organisatie, Regio
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from statuses.termijnen import Kalender, kalender, kalender_van, open_jaren
from vva_berichten import routering
from vva_berichten.contract.signalen import SignaalType
from vva_berichten.models import Bulk
from vva_berichten.uitgaand.leveren import LEVER_BULK, organisaties_van_gemeenten


class BulkSoort(StrEnum):
    BULK_0301 = "BULK_0301"
    BULK_0615 = "BULK_0615"


@dataclass(frozen=True, slots=True)
class Regel:
    """What a kind of bulk asks: its date in the calendar, who is left out, and the reason that is written with each."""

    datum: str
    niet_met: tuple[str, ...]
    signaal_type: SignaalType


REGELS: dict[BulkSoort, Regel] = {
    # Neither aangemeld nor ingeschreven anywhere.
    BulkSoort.BULK_0301: Regel(
        "bulk_0301", (*routering.AANGEMELD, *routering.INGESCHREVEN), SignaalType.NIET_AANGEMELD
    ),
    # Not ingeschreven anywhere.
    BulkSoort.BULK_0615: Regel("bulk_0615", routering.INGESCHREVEN, SignaalType.NIET_INGESCHREVEN),
}


class GeenPeildatum(ValueError):
    """No bulkmelding belongs to this date, or it is still to come."""


class GeenCorrectie(ValueError):
    """This bulkmelding can not be corrected (any more); the text is a sentence for who asked."""


@dataclass(frozen=True, slots=True)
class Gemaakt:
    """One gemeente in the answer: how many leerlingen, and whether it was made just now."""

    gemeentecode: str
    aantal: int
    nieuw: bool


# The stand on the peildatum, as known now: of each mbo-ganger the highest volgnummer that held then. Where the newest one
# held already (nearly always) no other row is read. Likewise of each aanmelding.
_REGELS = """
WITH gangers AS (
    SELECT m.id, m.regio_id, m.pgn_index, m.pgn_soort, m.gemeente_id, m.overstap_id
    FROM vva_berichten_mboganger m
    WHERE m.regio_id = ANY(%(regios)s) AND m.overstapjaar = %(jaar)s
      AND CASE WHEN m.wijzigingsdatum <= %(peildatum)s THEN m.is_mbo_ganger ELSE COALESCE((
              SELECT e.is_mbo_ganger FROM vva_berichten_mbogangermelding e
              WHERE e.mbo_ganger_id = m.id AND e.wijzigingsdatum <= %(peildatum)s
              ORDER BY e.volgnummer DESC LIMIT 1), false) END
      AND (m.overstap_id IS NULL OR m.overstap_id NOT IN (
              SELECT a.overstap_id FROM statuses_aanmelding a
              WHERE a.regio_id = ANY(%(regios)s) AND a.overstapjaar = %(jaar)s AND a.startkwalificatie))
), laatste AS (
    SELECT DISTINCT ON (a.regio_id, a.pgn_index, a.pgn_soort, a.mbo_code, a.aanmeld_id)
           a.regio_id, a.pgn_index, a.pgn_soort, a.mbo_code, a.status, a.status_datum
    FROM vva_berichten_gemeldeaanmelding a
    WHERE a.regio_id = ANY(%(regios)s) AND a.overstapjaar = %(jaar)s AND a.status_datum <= %(peildatum)s
    ORDER BY a.regio_id, a.pgn_index, a.pgn_soort, a.mbo_code, a.aanmeld_id, a.volgnummer DESC
), stand AS (
    SELECT regio_id, pgn_index, pgn_soort, bool_or(status = ANY(%(niet_met)s)) AS geregeld,
           (array_agg(status ORDER BY status = ANY(%(aangemeld)s) DESC, status_datum DESC, mbo_code))[1] AS status,
           (array_agg(mbo_code ORDER BY status = ANY(%(aangemeld)s) DESC, status_datum DESC, mbo_code))[1] AS mbo_code,
           (array_agg(status_datum ORDER BY status = ANY(%(aangemeld)s) DESC, status_datum DESC, mbo_code))[1] AS status_datum
    FROM laatste GROUP BY regio_id, pgn_index, pgn_soort
)
INSERT INTO vva_berichten_bulkregel (bulk_id, nr, regio_id, mbo_ganger_id, signaal_type, status, mbo_code, status_datum)
SELECT b.id, row_number() OVER (PARTITION BY b.id ORDER BY g.id), g.regio_id, g.id, %(signaal_type)s,
       COALESCE(s.status, ''), COALESCE(s.mbo_code, ''), s.status_datum
FROM gangers g
JOIN unnest(%(bulks)s::uuid[], %(gemeenten)s::text[], %(van_regio)s::text[]) AS b (id, gemeente_id, regio_id)
  ON b.gemeente_id = g.gemeente_id AND b.regio_id = g.regio_id
LEFT JOIN stand s ON s.regio_id = g.regio_id AND s.pgn_index = g.pgn_index AND s.pgn_soort = g.pgn_soort
WHERE CASE WHEN s.geregeld THEN false WHEN g.overstap_id IS NULL THEN true
      -- Who is not in this regio (any more) is known by message alone, and left in.
      ELSE COALESCE((SELECT (SELECT l.land = 'NL' AND l.geboortedatum > %(geboren_na)s FROM statuses_leerling l WHERE l.id = o.leerling_id)
                     FROM statuses_overstap o WHERE o.id = g.overstap_id), true) END
"""

# The planner knows nothing of what this transaction made and counts the regio twice; expecting one mbo-ganger it would make the stand
# of the regio again for each (docs/besluiten/0022). Only for the one statement: its few joins are hash joins, whatever is expected.
# What is looked up by key is written as a subquery, which this does not touch.
_VOOR_VEEL = "SET LOCAL enable_nestloop = off"
_WEER_GEWOON = "SET LOCAL enable_nestloop TO DEFAULT"

_AANTALLEN = """
UPDATE vva_berichten_bulk b SET aantal = t.aantal
FROM (SELECT bulk_id, count(*) AS aantal FROM vva_berichten_bulkregel WHERE bulk_id = ANY(%s) GROUP BY bulk_id) t
WHERE b.id = t.bulk_id
"""


def regio_kalender(regio: str, overstapjaar: int) -> Kalender:
    """The calendar of a jaar in this regio."""
    return kalender_van(instellingen.van(Regio.objects.get(pk=regio)), overstapjaar)


def soort_op(dag: date, regio: str | None = None) -> tuple[BulkSoort, int]:
    """The kind of bulk and the overstapjaar that belong to a peildatum; raises :class:`GeenPeildatum` with a sentence.

    By the calendar of this regio, and by the default one without.
    """
    jaar = dag.year - 1 if dag.month < 9 else dag.year
    if not 2000 <= jaar <= 2100:
        raise GeenPeildatum(f"De peildatum {dag:%d-%m-%Y} ligt te ver weg. Controleer het jaartal.")
    k = regio_kalender(regio, jaar) if regio else kalender(jaar)
    soort = next((s for s, regel in REGELS.items() if k[regel.datum] == dag), None)
    if soort is None:
        raise GeenPeildatum(
            f"Op {dag:%d-%m-%Y} is er geen bulkmelding. Kies {k['bulk_0301']:%Y-%m-%d} of {k['bulk_0615']:%Y-%m-%d}."
        )
    if dag > klok.vandaag():
        raise GeenPeildatum(
            f"De peildatum {dag:%d-%m-%Y} ligt na vandaag ({klok.vandaag():%d-%m-%Y}); de stand van die dag is nog niet bekend."
        )
    if klok.vandaag() > k["einde"]:
        raise GeenPeildatum(
            f"Het overstapjaar van {dag:%d-%m-%Y} is gesloten sinds {k['einde']:%d-%m-%Y}; er gaat geen bulkmelding meer uit."
        )
    return soort, jaar


def aan_de_beurt(regio: str) -> list[tuple[BulkSoort, int]]:
    """Which kinds of which open jaar are due in this regio, made or not."""
    vandaag = klok.vandaag()
    uit = []
    for jaar in open_jaren(vandaag):
        k = regio_kalender(regio, jaar)
        uit += [(soort, jaar) for soort, regel in REGELS.items() if k[regel.datum] <= vandaag <= k["einde"]]
    return uit


def nog_te_maken(regio: str, soort: BulkSoort, overstapjaar: int) -> bool:
    """Whether a gemeente of this regio still waits for its first bulk of this kind; within the bereik of the regio."""
    return bool(_zonder_bulk([regio], soort, overstapjaar))


def make_bulkmelding(regio: str, soort: BulkSoort, overstapjaar: int) -> list[Gemaakt]:
    """Make what is not made yet for every gemeente of this regio, also the empty ones; within the bereik of the regio."""
    return make_bulkmeldingen([regio], soort, overstapjaar)


def make_bulkmeldingen(regios: Sequence[str], soort: BulkSoort, overstapjaar: int) -> list[Gemaakt]:
    """The same for several regio's at once; within a bereik that holds them all.

    One transaction: the bulks, their rows and the deliveries are there, or none of them is. Regio's with the same
    peildatum and age limit go together, so that a country costs as many statements as one regio.
    """
    regel = REGELS[soort]
    groepen: dict[tuple[date, date], list[str]] = defaultdict(list)
    for regio in Regio.objects.filter(pk__in=regios).order_by("code"):
        groepen[_peildatum_en_grens(regio, regel, overstapjaar)].append(regio.code)
    net: set[uuid.UUID] = set()
    with transaction.atomic():
        for (peildatum, geboren_na), leden in groepen.items():
            nieuw = _maak_bulks(_zonder_bulk(leden, soort, overstapjaar), soort, overstapjaar, peildatum)
            if nieuw:
                _vul(leden, overstapjaar, peildatum, geboren_na, regel, nieuw)
                _zet_klaar(nieuw)
                net |= {bulk.id for bulk in nieuw}
    bulks = Bulk.objects.filter(regio_id__in=regios, overstapjaar=overstapjaar, soort=soort, volgnummer=1)
    return [
        Gemaakt(gemeente, aantal, pk in net)
        for pk, gemeente, aantal in bulks.order_by("gemeente_id").values_list("id", "gemeente_id", "aantal")
    ]


def _peildatum_en_grens(regio: Regio, regel: Regel, overstapjaar: int) -> tuple[date, date]:
    """The peildatum of this regio, and after which day somebody must be born to be young enough on it."""
    eigen = instellingen.van(regio)
    peildatum = kalender_van(eigen, overstapjaar)[regel.datum]
    grens = routering.leeftijdsgrens(peildatum, eigen.leeftijdsgrens)
    return peildatum, routering.geboren_na(peildatum, grens)


def correct_bulkmelding(bulk: Bulk, *, actor: Actor) -> Bulk:
    """Make this bulk again as the next volgnummer: the stand of the same peildatum, as known now. The old one stays as it is.

    Within the bereik of its regio. Raises :class:`GeenCorrectie` for an older one, or when its jaar is closed.
    """
    soort, regio = BulkSoort(bulk.soort), bulk.regio
    if klok.vandaag() > regio_kalender(regio.code, bulk.overstapjaar)["einde"]:
        raise GeenCorrectie("Het overstapjaar van deze bulkmelding is gesloten. Er gaat geen correctie meer uit.")
    gemeente = organisaties_van_gemeenten([bulk.gemeente_id]).get(bulk.gemeente_id)
    if gemeente is not None and instellingen.van_organisatie(gemeente).levering_uit:
        raise GeenCorrectie("Bij deze gemeente bezorgt een landelijke voorziening. Er gaat van hieruit niets uit.")
    _, geboren_na = _peildatum_en_grens(regio, REGELS[soort], bulk.overstapjaar)
    volgnummer = bulk.volgnummer + 1
    with transaction.atomic():
        nieuw = _maak_bulks([(bulk.gemeente_id, regio.code)], soort, bulk.overstapjaar, bulk.peildatum, volgnummer)
        if not nieuw:
            raise GeenCorrectie(
                f"Er is al een correctie met nummer {volgnummer}. Kijk in het overzicht, en corrigeer zo nodig die."
            )
        _vul([regio.code], bulk.overstapjaar, bulk.peildatum, geboren_na, REGELS[soort], nieuw)
        _zet_klaar(nieuw)
        audit.log(
            actor, "bulkmelding.corrigeren", object_soort="bulk", object_id=str(nieuw[0].id),
            details={"gemeente": bulk.gemeente_id, "soort": bulk.soort, "volgnummer": volgnummer},
        )  # fmt: skip
    nieuw[0].refresh_from_db()
    return nieuw[0]


def _zonder_bulk(regios: Sequence[str], soort: BulkSoort, jaar: int) -> list[tuple[str, str]]:
    """The gemeenten of these regio's that have no first bulk yet and get one from us, each with its regio."""
    gemaakt = Bulk.objects.filter(gemeente_id=OuterRef("pk"), overstapjaar=jaar, soort=soort.value, volgnummer=1)
    uit = Organisatie.objects.filter(code=OuterRef("pk"), soort="gemeente", instellingen__levering_uit=True)
    zonder = Gemeente.objects.filter(~Exists(gemaakt), ~Exists(uit), regio_id__in=list(regios))
    return list(zonder.order_by("code").values_list("code", "regio_id"))


def _maak_bulks(
    gemeenten: Sequence[tuple[str, str]], soort: BulkSoort, jaar: int, peildatum: date, volgnummer: int = 1
) -> list[Bulk]:
    """A bulk for each gemeente. A second worker waits for the first one's commit, and then makes none."""
    nu = klok.nu()
    rijen = [
        Bulk(
            id=nieuwe_sleutel(),
            regio_id=regio,
            gemeente_id=code,
            overstapjaar=jaar,
            soort=soort.value,
            volgnummer=volgnummer,
            peildatum=peildatum,
            aantal=0,
            gemaakt_op=nu,
        )
        for code, regio in gemeenten
    ]
    voeg_toe(Bulk, rijen, botsing="ON CONFLICT (gemeente_id, overstapjaar, soort, volgnummer) DO NOTHING")
    return list(Bulk.objects.filter(pk__in=[rij.id for rij in rijen]).order_by("gemeente_id"))


def _vul(
    regios: Sequence[str], jaar: int, peildatum: date, geboren_na: date, regel: Regel, bulks: Sequence[Bulk]
) -> None:
    """Write the rows of these bulks and count them."""
    sleutels = [bulk.id for bulk in bulks]
    with connection.cursor() as cursor:
        cursor.execute(_VOOR_VEEL)
        cursor.execute(
            _REGELS,
            {
                "regios": list(regios),
                "jaar": jaar,
                "peildatum": peildatum,
                "geboren_na": geboren_na,
                "niet_met": [str(s) for s in regel.niet_met],
                "aangemeld": [str(s) for s in routering.AANGEMELD],
                "signaal_type": regel.signaal_type.value,
                "bulks": sleutels,
                "gemeenten": [bulk.gemeente_id for bulk in bulks],
                "van_regio": [bulk.regio_id for bulk in bulks],
            },
        )
        cursor.execute(_WEER_GEWOON)
        cursor.execute(_AANTALLEN, [sleutels])


def _zet_klaar(bulks: Sequence[Bulk]) -> None:
    """A delivery per gemeente, in the transaction of the bulk itself."""
    ontvangers = organisaties_van_gemeenten(bulk.gemeente_id for bulk in bulks)
    publiceer(
        [
            OutboxRegel(
                regio_id=bulk.regio_id,
                sleutel=sleutel_postbus(ontvangers[bulk.gemeente_id].id)
                if bulk.gemeente_id in ontvangers
                else f"gemeente:{bulk.gemeente_id}",
                soort=LEVER_BULK,
                inhoud={"bulk": str(bulk.id)},
            )
            for bulk in bulks
        ]
    )
