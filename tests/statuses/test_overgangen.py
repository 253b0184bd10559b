"""Every allowed pair succeeds, every other pair fails; per role and per way. The table is the expectation."""

import uuid
from datetime import date
from itertools import product

import msgspec
import pytest

from accounts.rechten import Rol
from statuses.beoordelen import AanmeldStand, Context, Geweigerd, Stand, Toegestaan, Verzoek, beoordeel
from statuses.overgangen import OVERGANGEN, Eis, Via
from statuses.status import TERUG, VAN_AANMELDING, VAN_LEERPLICHT, Spoor, Status
from statuses.termijnen import kalender

VANDAAG = date(2025, 10, 20)
EERDER = date(2025, 10, 1)
CONTEXT = Context(VANDAAG, kalender(2025))
MBO = uuid.UUID(int=1)
STANDEN: dict[Spoor, list[Status | None]] = {
    Spoor.MARKERING: [None, Status.ZONDER_AANMELDING],
    Spoor.VO: [None, Status.VERVOLGKEUZE_VO],
    Spoor.LEERPLICHT: [None, *sorted(VAN_LEERPLICHT)],
    Spoor.AANMELDING: [None, *sorted(VAN_AANMELDING)],
}
REDENEN = {Status.AFGEMELD: "werk", Status.AFGEWEZEN: "vooropleiding", Status.VERVOLGKEUZE_VO: "havo"}


def stand(spoor: Spoor, van: Status | None) -> Stand:
    s = Stand(gemarkeerd_sinds=EERDER, markering_sinds=EERDER)
    if spoor == Spoor.MARKERING and van is None:
        s.gemarkeerd_sinds = None
    elif spoor == Spoor.VO:
        s.vo, s.vo_sinds = van, EERDER
    elif spoor == Spoor.LEERPLICHT:
        s.leerplicht, s.leerplicht_sinds = van, EERDER
    elif spoor == Spoor.AANMELDING:
        # A second open aanmelding at the same mbo, so that beeindigd can be judged by its pair alone.
        s.aanmeldingen = {2: AanmeldStand(2, MBO, Status.AANGEMELD, EERDER)}
        if van is not None:
            s.aanmeldingen[1] = AanmeldStand(1, MBO, van, EERDER)
    return s


def verzoek(
    spoor: Spoor, van: Status | None, naar: Status | None, rol: Rol, via: Via, reden: str, **anders: object
) -> Verzoek:
    velden: dict[str, object] = {
        "reden_code": reden,
        "tekst": "een tekst",
        "zekerheid": "zeker",
        "nr": 1 if spoor == Spoor.AANMELDING and van is not None else None,
        "mbo_id": MBO,
        "opleiding": "Verzorgende IG",
        "kans_bevestigd": True,
    }
    dag = anders.pop("geldig_op", VANDAAG)
    return Verzoek(spoor, naar, rol, via, dag, **(velden | anders))  # type: ignore[arg-type]


def uitkomsten(
    spoor: Spoor, van: Status | None, naar: Status | None, rol: Rol, via: Via
) -> list[Toegestaan | Geweigerd]:
    """With each reason that could fit: what is allowed with one of them is an allowed pair."""
    redenen = {REDENEN.get(naar, "") if naar else "vergissing", "correctie", "vooropleiding", ""}
    return [
        beoordeel(stand(spoor, van), verzoek(spoor, van, naar, rol, via, reden), CONTEXT) for reden in sorted(redenen)
    ]


PAREN = [(spoor, van, naar) for spoor, standen in STANDEN.items() for van, naar in product(standen, standen)]


@pytest.mark.parametrize("rol", list(Rol))
@pytest.mark.parametrize("via", list(Via))
def test_elk_paar_in_de_tabel_slaagt_en_elk_ander_faalt(rol: Rol, via: Via) -> None:
    fouten = []
    for spoor, van, naar in PAREN:
        verwacht = any(
            o.spoor == spoor and van in o.van and naar in o.naar and rol in o.door and via in o.via for o in OVERGANGEN
        )
        if van == naar and spoor != Spoor.VO and van not in TERUG:
            verwacht = False  # a repeat of what holds is no change; at 4 and 5 the reden may come later
        gelukt = any(isinstance(u, Toegestaan) for u in uitkomsten(spoor, van, naar, rol, via))
        if gelukt != verwacht:
            fouten.append((spoor, van, naar, "toegestaan" if gelukt else "geweigerd"))
    assert fouten == []


def test_er_zijn_paren_van_beide_soorten() -> None:
    """The loop above tests something: some pairs are in the table and most are not."""
    in_tabel = {(o.spoor, van, naar) for o in OVERGANGEN for van in o.van for naar in o.naar}
    assert 40 < len(in_tabel) < len(PAREN)
    assert all((o.spoor, van, naar) in PAREN for o in OVERGANGEN for van in o.van for naar in o.naar)


def test_elke_eis_heeft_een_controle_en_wordt_gebruikt() -> None:
    from statuses.eisen import CONTROLES

    gebruikt = {eis for o in OVERGANGEN for eis in o.eisen}
    assert set(CONTROLES) == set(Eis) == gebruikt


def _eis(
    spoor: Spoor, van: Status | None, naar: Status | None, rol: Rol, s: Stand | None = None, **anders: object
) -> Toegestaan | Geweigerd:
    reden = anders.pop("reden_code", REDENEN.get(naar, "") if naar else "vergissing")
    context = anders.pop("context", CONTEXT)
    return beoordeel(s or stand(spoor, van), verzoek(spoor, van, naar, rol, Via.PAGINA, str(reden), **anders), context)  # type: ignore[arg-type]


S, D, L, M = Status, Rol.DECAAN, Rol.LEERPLICHT, Rol.MBO_MEDEWERKER
NA_BEGINSTAND = Context(date(2025, 11, 2), kalender(2025))
IN_SEPTEMBER = Context(date(2026, 9, 1), kalender(2025))


def _met(s: Stand, **anders: object) -> Stand:
    for naam, waarde in anders.items():
        setattr(s, naam, waarde)
    return s


@pytest.mark.parametrize(
    ("args", "zonder", "code"),
    [
        ((Spoor.VO, None, S.VERVOLGKEUZE_VO, D), {"reden_code": ""}, "reden_ontbreekt"),
        ((Spoor.VO, None, S.VERVOLGKEUZE_VO, D), {"reden_code": "werk"}, "reden_onbekend"),
        ((Spoor.VO, None, S.VERVOLGKEUZE_VO, D), {"reden_code": "anders", "tekst": " "}, "tekst_ontbreekt"),
        ((Spoor.VO, None, S.VERVOLGKEUZE_VO, D), {"zekerheid": "misschien"}, "zekerheid_onbekend"),
        ((Spoor.VO, None, S.VERVOLGKEUZE_VO, D), {"naar_mbo": True}, "naar_mbo_hoort_hier_niet"),
        ((Spoor.LEERPLICHT, None, S.LP_INGESCHAKELD, D), {"tekst": ""}, "toelichting_ontbreekt"),
        ((Spoor.LEERPLICHT, None, S.LP_IN_BEHANDELING, L), {"tekst": ""}, "toelichting_ontbreekt"),
        ((Spoor.LEERPLICHT, S.LP_IN_BEHANDELING, S.LP_DEFINITIEF, L), {"tekst": ""}, "afspraak_ontbreekt"),
        ((Spoor.AANMELDING, S.AANGEMELD, S.AFGEWEZEN, M), {"reden_code": ""}, "reden_ontbreekt"),
        ((Spoor.AANMELDING, None, S.AANGEMELD, M), {"opleiding": ""}, "opleiding_ontbreekt"),
        ((Spoor.AANMELDING, S.AANGEMELD, S.INTAKE, M), {"geldig_op": date(2025, 10, 21)}, "datum_in_toekomst"),
        ((Spoor.AANMELDING, S.AANGEMELD, S.INTAKE, M), {"geldig_op": date(2025, 8, 31)}, "datum_voor_jaar"),
        ((Spoor.AANMELDING, S.AANGEMELD, S.INTAKE, M), {"geldig_op": date(2025, 9, 30)}, "datum_voor_vorige"),
        ((Spoor.MARKERING, S.ZONDER_AANMELDING, None, D), {"context": NA_BEGINSTAND}, "na_beginstand"),
    ],
)
def test_met_alles_slaagt_het_en_zonder_een_ding_noemt_de_weigering_de_regel(
    args: tuple[Spoor, Status | None, Status | None, Rol], zonder: dict[str, object], code: str
) -> None:
    assert isinstance(_eis(*args), Toegestaan)
    geweigerd = _eis(*args, **zonder)
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == code
    assert geweigerd.detail[-1] in ".?"


def test_een_stap_terug_met_de_hand_vraagt_de_reden_correctie() -> None:
    terug = (Spoor.AANMELDING, S.INTAKE, S.AANGEMELD, M)
    assert isinstance(_eis(*terug, reden_code="correctie"), Toegestaan)
    geweigerd = _eis(*terug, reden_code="")
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == "alleen_als_correctie"


def test_havist_alleen_met_bevestigde_kans() -> None:
    havist = _met(stand(Spoor.MARKERING, None), onderwijssoort="havo")
    assert isinstance(_eis(Spoor.MARKERING, None, S.ZONDER_AANMELDING, D, havist), Toegestaan)
    geweigerd = _eis(Spoor.MARKERING, None, S.ZONDER_AANMELDING, D, havist, kans_bevestigd=False)
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == "kans_niet_bevestigd"


def test_zonder_grondslag_gaat_inschakelen_door_zonder_tekst_en_nooit_met() -> None:
    def zonder() -> Stand:
        return _met(stand(Spoor.LEERPLICHT, None), grondslag=False)

    assert isinstance(_eis(Spoor.LEERPLICHT, None, S.LP_INGESCHAKELD, D, zonder(), tekst=""), Toegestaan)
    geweigerd = _eis(Spoor.LEERPLICHT, None, S.LP_INGESCHAKELD, D, zonder(), tekst="verhaal")
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == "toelichting_mag_niet"


def test_afwijzen_na_plaatsing_alleen_voor_de_start_en_om_de_vooropleiding() -> None:
    def uitkomst(reden: str, context: Context = CONTEXT, dag: date = VANDAAG) -> Toegestaan | Geweigerd:
        v = Verzoek(Spoor.AANMELDING, S.AFGEWEZEN, M, Via.FEED, dag, reden, nr=1)
        return beoordeel(stand(Spoor.AANMELDING, S.DEFINITIEF), v, context)

    assert isinstance(uitkomst("vooropleiding"), Toegestaan)
    assert isinstance(uitkomst("opleiding_vol"), Geweigerd)
    assert isinstance(uitkomst("vooropleiding", IN_SEPTEMBER, date(2026, 9, 1)), Geweigerd)


def test_beeindigd_alleen_naast_een_andere_aanmelding_bij_hetzelfde_mbo() -> None:
    def met(ander_mbo: uuid.UUID) -> Stand:
        s = stand(Spoor.AANMELDING, S.INTAKE)
        s.aanmeldingen[2].mbo_id = ander_mbo
        return s

    assert isinstance(_eis(Spoor.AANMELDING, S.INTAKE, S.BEEINDIGD, M, met(MBO)), Toegestaan)
    geweigerd = _eis(Spoor.AANMELDING, S.INTAKE, S.BEEINDIGD, M, met(uuid.UUID(int=9)))
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == "geen_andere_aanmelding"


def test_een_feed_zonder_reden_wordt_toegepast() -> None:
    v = Verzoek(Spoor.AANMELDING, S.AFGEMELD, M, Via.FEED, VANDAAG, nr=1)
    assert isinstance(beoordeel(stand(Spoor.AANMELDING, S.INTAKE), v, CONTEXT), Toegestaan)


@pytest.mark.parametrize("via", list(Via))
def test_de_reden_die_ontbrak_komt_later_en_maar_een_keer(via: Via) -> None:
    zonder = stand(Spoor.AANMELDING, S.AFGEMELD)
    v = Verzoek(Spoor.AANMELDING, S.AFGEMELD, M, via, VANDAAG, "werk", nr=1)
    uitkomst = beoordeel(zonder, v, CONTEXT)
    assert isinstance(uitkomst, Toegestaan)
    assert uitkomst.geldig_op == EERDER  # the status holds since then, whenever the reden came
    zonder.aanmeldingen[1].reden = "werk"
    nog_eens = beoordeel(zonder, v, CONTEXT)
    assert isinstance(nog_eens, Geweigerd)
    assert nog_eens.code == "geen_wijziging"
    leeg = beoordeel(stand(Spoor.AANMELDING, S.AFGEMELD), msgspec.structs.replace(v, reden_code=""), CONTEXT)
    assert isinstance(leeg, Geweigerd)
    assert leeg.soort == "geen_wijziging"


def test_een_stap_vooruit_in_een_feed_met_een_eerdere_datum_schuift_op() -> None:
    v = Verzoek(Spoor.AANMELDING, S.VOORLOPIG, M, Via.FEED, date(2025, 9, 15), nr=1)
    uitkomst = beoordeel(stand(Spoor.AANMELDING, S.INTAKE), v, CONTEXT)
    assert isinstance(uitkomst, Toegestaan)
    assert uitkomst.geldig_op == EERDER
    met_de_hand = Verzoek(Spoor.AANMELDING, S.VOORLOPIG, M, Via.PAGINA, date(2025, 9, 15), nr=1)
    geweigerd = beoordeel(stand(Spoor.AANMELDING, S.INTAKE), met_de_hand, CONTEXT)
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == "datum_voor_vorige"


def test_na_het_jaar_blijft_alleen_het_leerplichtspoor_open() -> None:
    na = Context(date(2026, 11, 1), kalender(2025))
    lp = Verzoek(Spoor.LEERPLICHT, S.LP_AFGEHANDELD, L, Via.PAGINA, date(2026, 11, 1))
    assert isinstance(beoordeel(stand(Spoor.LEERPLICHT, S.LP_IN_BEHANDELING), lp, na), Toegestaan)
    mbo = Verzoek(Spoor.AANMELDING, S.DEFINITIEF, M, Via.FEED, date(2026, 11, 1), nr=1)
    geweigerd = beoordeel(stand(Spoor.AANMELDING, S.VOORLOPIG), mbo, na)
    assert isinstance(geweigerd, Geweigerd)
    assert geweigerd.code == "jaar_gesloten"
