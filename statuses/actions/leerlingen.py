"""What a school delivers: leerlingen of one overstapjaar, from a file, the API or by hand. Set-based, and per row an answer."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import audit
from accounts.actor import Actor
from accounts.models import Vestiging
from overstap.basis import geheim, klok, slot
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks, voeg_toe, werk_bij
from statuses import events
from statuses.actions.leveringen import record_levering
from statuses.actions.rijen import Actie, LeerlingRij, RijUitkomst, geweigerd
from statuses.actions.schrijven import Wijziging, change_statuses
from statuses.actions.vragen import vraag_andere_school, vraag_overstapper_nee
from statuses.beoordelen import Geweigerd, Verzoek
from statuses.models import Leerling, Overstap
from statuses.overgangen import Via
from statuses.regiokalender import kalenders
from statuses.status import Spoor, Status
from statuses.termijnen import Kalender
from statuses.zoeken import zoeknaam

_LEERLING = ("voornaam", "tussenvoegsel", "achternaam", "geboortedatum", "gemeente_id", "land", "geheim_adres")
_OVERSTAP = ("vestiging_id", "klas", "onderwijssoort", "leerweg", "examenkandidaat", "uitstroomprofiel", "bestemming", "uitbesteed_aan",
             "geinformeerd", "bezwaar")  # fmt: skip


ELDERS = (
    "Deze leerling staat dit jaar bij een andere school in de regio. Er is niets gewijzigd. De vraag is bewaard: "
    "de andere school bevestigt dat de leerling naar u gaat."
)


class _Terug(Exception):
    """Leaves the transaction of a trial run."""


def record_leerlingen(
    rijen: Sequence[LeerlingRij], *, actor: Actor, bron: str, proef: bool = False
) -> list[RijUitkomst]:
    """Make or change leerlingen and their overstap, and mark who is delivered as overstapper. Answers in the order sent.

    A row that cannot be taken is refused with its reason and leaves the others. ``proef`` does all of it and takes it
    back, so that what a trial says is what happens. The caller has checked that the actor may deliver for the vestiging.
    """
    uit: list[RijUitkomst] = []
    try:
        with transaction.atomic():
            uit = _record(rijen, actor, bron)
            if proef:
                raise _Terug
    except _Terug:
        pass
    return uit


def _record(rijen: Sequence[LeerlingRij], actor: Actor, bron: str) -> list[RijUitkomst]:
    uitkomsten: list[RijUitkomst | None] = [None] * len(rijen)
    goed: dict[tuple[str, int, str, bytes], int] = {}  # regio, jaar, soort, index -> position
    k = kalenders({rij.regio for rij in rijen}, {rij.overstapjaar for rij in rijen})
    for i, rij in enumerate(rijen):
        fout = _datum_fout(rij, k[(rij.regio, rij.overstapjaar)])
        sleutel = (rij.regio, rij.overstapjaar, rij.pgn_soort, geheim.blinde_index(rij.pgn_soort, rij.pgn))
        if fout is not None:
            uitkomsten[i] = fout
        elif sleutel in goed:
            zelfde = rijen[goed[sleutel]] == rij
            uitkomsten[i] = (
                RijUitkomst(
                    "alVerwerkt", melding="Deze leerling staat nog een keer in deze aanlevering, met dezelfde gegevens."
                )
                if zelfde
                else geweigerd(
                    "F202",
                    "Deze leerling staat twee keer in deze aanlevering, met verschillende gegevens. Lever één regel aan.",
                )
            )
        else:
            goed[sleutel] = i
    _op_een_rij({rij.regio for rij in rijen})
    elders = _bij_een_andere_school(rijen, goed)
    for sleutel in elders:
        uitkomsten[goed.pop(sleutel)] = RijUitkomst("opgeslagen", ["W303"], ELDERS, actie="geweigerd")
    leerlingen, nieuw_l, gewijzigd_l = _leerlingen(rijen, goed)
    overstappen, nieuw_o, gewijzigd_o = _overstappen(rijen, goed, leerlingen)
    voeg_toe(Leerling, nieuw_l)
    werk_bij(Leerling, gewijzigd_l, (*_LEERLING, "zoeknaam", "pgn_soort", "pgn_index", "pgn_versleuteld"))
    voeg_toe(Overstap, nieuw_o)
    werk_bij(Overstap, list(gewijzigd_o.values()), (*_OVERSTAP, "versie", "gewijzigd_op"))
    nieuwe = {o.id for o in nieuw_o}
    gewijzigde_leerlingen = {leerling.id for leerling in gewijzigd_l}
    for sleutel, i in goed.items():
        overstap = overstappen[sleutel]
        anders = overstap.id in gewijzigd_o or overstap.leerling_id in gewijzigde_leerlingen
        actie: Actie = "nieuw" if overstap.id in nieuwe else "gewijzigd" if anders else "ongewijzigd"
        uitkomsten[i] = RijUitkomst(
            "alVerwerkt" if actie == "ongewijzigd" else "verwerkt", overstap_id=overstap.id, actie=actie
        )
    _markeer(rijen, goed, overstappen, uitkomsten, actor, bron)
    klaar = [u for u in uitkomsten if u is not None]
    _vertel(klaar, overstappen, actor, bron)
    return klaar


def _datum_fout(rij: LeerlingRij, k: Kalender) -> RijUitkomst | None:
    vandaag, begin = klok.vandaag(), k["begin"]
    if rij.geboortedatum > vandaag:
        return geweigerd("T001", "De geboortedatum ligt in de toekomst. Controleer de datum.", "geboortedatum")
    sinds = rij.overstapper_sinds
    if sinds is not None and sinds > vandaag:
        return geweigerd(
            "T001",
            "De datum 'overstapper sinds' ligt in de toekomst. Kies vandaag of een eerdere dag.",
            "overstapper_sinds",
        )
    if sinds is not None and sinds < begin:
        return geweigerd(
            "T001",
            f"De datum 'overstapper sinds' ligt voor het begin van het overstapjaar, {begin:%d-%m-%Y}.",
            "overstapper_sinds",
        )
    return None


def _op_een_rij(regios: Collection[str]) -> None:
    """Two deliveries that name the same new leerling at once would clash: per regio one after the other."""
    slot.neem(*(f"leerlingen:{regio}" for regio in regios))


def _bij_een_andere_school(
    rijen: Sequence[LeerlingRij], goed: dict[tuple[str, int, str, bytes], int]
) -> list[tuple[str, int, str, bytes]]:
    """Rows whose leerling stands at another school this jaar: a pgn alone takes over nobody's leerling and history.

    Kept as a question; moving a leerling is a decision of a person (domein.md 1, Overstap).
    """
    bekend = (
        Overstap.objects.filter(gesloten_op__isnull=True, overstapjaar__in={s[1] for s in goed})
        .extra(where=["statuses_leerling.pgn_index = ANY(%s::bytea[])"], params=[reeks([s[3] for s in goed])])
        .select_related("leerling", "vestiging")
    )
    scholen = dict(Vestiging.objects.filter(pk__in={r.vestiging_id for r in rijen}).values_list("id", "organisatie_id"))
    elders: list[tuple[tuple[str, int, str, bytes], Overstap]] = []
    for overstap in bekend:
        leerling = overstap.leerling
        sleutel = (overstap.regio_id, overstap.overstapjaar, leerling.pgn_soort, bytes(leerling.pgn_index))
        if sleutel in goed and overstap.vestiging.organisatie_id != scholen.get(rijen[goed[sleutel]].vestiging_id):
            elders.append((sleutel, overstap))
    vraag_andere_school([(overstap, sleutel[3], rijen[goed[sleutel]]) for sleutel, overstap in elders])
    return [sleutel for sleutel, _ in elders]


def _leerlingen(
    rijen: Sequence[LeerlingRij], goed: dict[tuple[str, int, str, bytes], int]
) -> tuple[dict[tuple[str, str, bytes], Leerling], list[Leerling], list[Leerling]]:
    """The leerling of each row: known by pgn, known under the onderwijsnummer of before, or new."""
    indexen = [sleutel[3] for sleutel in goed]
    bekend = {
        (row.regio_id, row.pgn_soort, bytes(row.pgn_index)): row
        for row in Leerling.objects.extra(where=["pgn_index = ANY(%s::bytea[])"], params=[reeks(indexen)])
    }
    zonder = [rijen[i] for s, i in goed.items() if (s[0], s[2], s[3]) not in bekend and s[2] == "bsn"]
    eerder = _met_onderwijsnummer(zonder)
    nieuw: list[Leerling] = []
    gewijzigd: list[Leerling] = []
    for (regio, _, soort, index), i in goed.items():
        rij = rijen[i]
        leerling = bekend.get((regio, soort, index))
        if leerling is None and (
            oud := eerder.pop((regio, zoeknaam(rij.achternaam, rij.voornaam), rij.geboortedatum), None)
        ):
            leerling = oud
            leerling.pgn_soort, leerling.pgn_index = soort, index
            leerling.pgn_versleuteld = geheim.versleutel(rij.pgn, leerling.id)
        waarden = _velden_leerling(rij)
        if leerling is None:
            pk = nieuwe_sleutel()
            leerling = Leerling(
                id=pk,
                regio_id=regio,
                pgn_soort=soort,
                pgn_index=index,
                pgn_versleuteld=geheim.versleutel(rij.pgn, pk),
                **waarden,
            )
            nieuw.append(leerling)
        elif _zet(leerling, waarden) or (regio, soort, index) not in bekend:
            gewijzigd.append(leerling)
        bekend[(regio, soort, index)] = leerling
    return bekend, nieuw, gewijzigd


def _met_onderwijsnummer(rijen: Sequence[LeerlingRij]) -> dict[tuple[str, str, date], Leerling]:
    """Leerlingen of this school under an onderwijsnummer with the same name and birth date: a bsn came later.

    Of another school it may be a namesake: a name and a date are no proof that takes over somebody's number and history.
    """
    if not rijen:
        return {}
    namen = sorted({zoeknaam(r.achternaam, r.voornaam) for r in rijen})
    school = Vestiging.objects.filter(pk__in={r.vestiging_id for r in rijen}).values("organisatie_id")
    hier = Overstap.objects.filter(leerling_id=OuterRef("pk"), vestiging__organisatie_id__in=school)
    gevonden = Leerling.objects.filter(
        Exists(hier), pgn_soort="own", zoeknaam__in=namen, regio_id__in={r.regio for r in rijen}
    )
    return {(row.regio_id, row.zoeknaam, row.geboortedatum): row for row in gevonden}


def _velden_leerling(rij: LeerlingRij) -> dict[str, object]:
    waarden: dict[str, object] = {
        "voornaam": rij.voornaam,
        "tussenvoegsel": rij.tussenvoegsel,
        "achternaam": rij.achternaam,
        "zoeknaam": zoeknaam(rij.achternaam, rij.voornaam),
        "geboortedatum": rij.geboortedatum,
        "gemeente_id": rij.gemeente,
        "land": rij.land,
    }
    if rij.geheim_adres is not None:
        waarden["geheim_adres"] = rij.geheim_adres
    return waarden


def _velden_overstap(rij: LeerlingRij) -> dict[str, object]:
    """What the row says; what it leaves out (None) stays as it is."""
    waarden: dict[str, object] = {naam: getattr(rij, naam) for naam in _OVERSTAP}
    return {naam: waarde for naam, waarde in waarden.items() if waarde is not None or naam == "leerweg"}


def _zet(rij: Leerling | Overstap, waarden: dict[str, object]) -> bool:
    """Set what differs; whether anything did."""
    anders = {naam: waarde for naam, waarde in waarden.items() if getattr(rij, naam) != waarde}
    for naam, waarde in anders.items():
        setattr(rij, naam, waarde)
    return bool(anders)


def _overstappen(
    rijen: Sequence[LeerlingRij],
    goed: dict[tuple[str, int, str, bytes], int],
    leerlingen: dict[tuple[str, str, bytes], Leerling],
) -> tuple[dict[tuple[str, int, str, bytes], Overstap], list[Overstap], dict[uuid.UUID, Overstap]]:
    ids = [leerlingen[(s[0], s[2], s[3])].id for s in goed]
    bekend = {
        (o.leerling_id, o.overstapjaar): o
        for o in Overstap.objects.extra(where=["leerling_id = ANY(%s::uuid[])"], params=[reeks(ids)])
        .order_by("id")
        .select_for_update(of=("self",))
    }
    uit: dict[tuple[str, int, str, bytes], Overstap] = {}
    nieuw: list[Overstap] = []
    gewijzigd: dict[uuid.UUID, Overstap] = {}
    nu = klok.nu()
    for sleutel, i in goed.items():
        rij, leerling = rijen[i], leerlingen[(sleutel[0], sleutel[2], sleutel[3])]
        overstap = bekend.get((leerling.id, rij.overstapjaar))
        waarden = _velden_overstap(rij)
        if overstap is None:
            overstap = Overstap(
                id=nieuwe_sleutel(),
                regio_id=rij.regio,
                leerling_id=leerling.id,
                overstapjaar=rij.overstapjaar,
                gewijzigd_op=nu,
                **waarden,
            )
            nieuw.append(overstap)
        elif _zet(overstap, waarden):
            overstap.versie += 1
            overstap.gewijzigd_op = nu
            gewijzigd[overstap.id] = overstap
        uit[sleutel] = overstap
    return uit, nieuw, gewijzigd


def _markeer(
    rijen: Sequence[LeerlingRij],
    goed: dict[tuple[str, int, str, bytes], int],
    overstappen: dict[tuple[str, int, str, bytes], Overstap],
    uitkomsten: list[RijUitkomst | None],
    actor: Actor,
    bron: str,
) -> None:
    """Mark who is delivered as overstapper; "nee" for a marked one is a question to the decaan, never an unmarking."""
    te_markeren = [
        (i, overstappen[s]) for s, i in goed.items() if rijen[i].overstapper and not overstappen[s].gemarkeerd
    ]
    vragen = [
        (i, overstappen[s], s[3])
        for s, i in goed.items()
        if rijen[i].overstapper is False and overstappen[s].gemarkeerd
    ]
    wijzigingen = [
        Wijziging(
            overstap.id,
            Verzoek(
                Spoor.MARKERING,
                Status.ZONDER_AANMELDING,
                actor.rol,
                Via.FEED,
                rijen[i].overstapper_sinds or klok.vandaag(),
                kans_bevestigd=True,
            ),
        )
        for i, overstap in te_markeren
    ]
    for (i, _), resultaat in zip(te_markeren, change_statuses(wijzigingen, actor=actor, bron=bron), strict=True):
        uitkomst = uitkomsten[i]
        if uitkomst is None:
            continue
        if isinstance(resultaat.uitkomst, Geweigerd):
            uitkomst.uitkomst, uitkomst.codes, uitkomst.melding = "opgeslagen", ["W303"], resultaat.uitkomst.detail
        else:
            uitkomst.uitkomst = "verwerkt"
            uitkomst.actie = uitkomst.actie if uitkomst.actie == "nieuw" else "gewijzigd"
    for i, _, _ in vragen:
        uitkomst = uitkomsten[i]
        if uitkomst is not None:
            uitkomst.uitkomst, uitkomst.codes = "opgeslagen", ["W303"]
            uitkomst.melding = "Deze leerling is hier overstapper en wordt nu als 'nee' aangeleverd. De decaan krijgt de vraag of dat klopt."
    vraag_overstapper_nee([(overstap, index) for _, overstap, index in vragen])


def _vertel(
    uitkomsten: Sequence[RijUitkomst], overstappen: dict[tuple[str, int, str, bytes], Overstap], actor: Actor, bron: str
) -> None:
    """The log, the last delivery, and an event for who is new or changed."""
    per_id = {o.id: o for o in overstappen.values()}
    geraakt = {u.overstap_id: u.actie for u in uitkomsten if u.overstap_id and u.actie in ("nieuw", "gewijzigd")}
    if geraakt:
        regels = [per_id[pk] for pk in geraakt]
        audit.log(
            actor,
            "leerlingen.aangeleverd",
            object_soort="aanlevering",
            doel=bron,
            leerlingen=[(o.regio_id, o.leerling_id) for o in regels],
        )
        events.publiceer([events.leerling_gewijzigd(o.regio_id, o.id) for o in regels])
    if actor.organisatie_id is not None:
        regios = {o.regio_id for o in per_id.values()}
        record_levering(regios, actor.organisatie_id, "leerlingen", len(uitkomsten))
