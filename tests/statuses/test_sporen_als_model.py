"""Random walks over the three sporen against a small model of its own, written from domein.md 2 and not from the table."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.rechten import Rol
from statuses.models import Aanmelding, Gebeurtenis, Overstap
from statuses.status import Spoor, Status
from tests.statuses.conftest import Klein

S = Status
OPEN = [7, 8, 9, 10]
MBO_STATUSSEN = [3, 4, 5, 7, 8, 9, 10, 12]


def mbo_mag(van: int, naar: int, reden: str, andere_hier: bool) -> bool:
    """An mbo by hand, before the start of the mbo year."""
    hoort = {4: ["werk"], 5: ["vooropleiding", "geen_reactie"]}.get(naar, [""])
    if van == naar or reden not in [*hoort, "correctie"]:
        return False  # a reden of another status is refused, also where none is needed
    if naar == 3:
        return van in [*OPEN, 12] and andere_hier
    if van in OPEN and naar in [*OPEN, 12] and naar > van:
        return True
    if van in OPEN and naar in OPEN:
        return reden == "correctie"
    if van in [*OPEN, 12] and naar in (4, 5):
        past = reden in ({4: ["werk"], 5: ["vooropleiding", "geen_reactie"]}[naar])
        if van == 12 and naar == 5:
            past = reden == "vooropleiding"
        return past or (van == 12 and reden == "correctie")
    if van in (3, 4, 5) and naar == 7:
        return True
    return van in (12, 4, 5) and naar in [*OPEN, 12, 4, 5] and reden == "correctie"


class Sporen(RuleBasedStateMachine):
    """One overstap; each rule tries something, and the model says whether it may."""

    klein: Klein

    @initialize()
    def begin(self) -> None:
        self.overstap = self.klein.leerling(onderwijssoort="vmbo")
        self.vo: tuple[str, str] | None = None
        self.lp: int | None = None
        self.aanmeldingen: dict[str, tuple[str, int]] = {}  # id -> (mbo, status)
        self.versie = Overstap.objects.get(pk=self.overstap.pk).versie

    def doe(self, mag: bool, spoor: Spoor, naar: int | None, rol: Rol, **velden: object) -> bool:
        resultaat = self.klein.wijzig(self.overstap, spoor, None if naar is None else S(naar), rol, **velden)  # type: ignore[arg-type]
        assert resultaat.gelukt == mag, resultaat.uitkomst
        self.versie += mag
        return mag

    @rule(reden=st.sampled_from(["havo", "arbeid", ""]), zekerheid=st.sampled_from(["zeker", "verwacht"]))
    def vervolgkeuze(self, reden: str, zekerheid: str) -> None:
        if self.doe(
            reden != "" and self.vo != (reden, zekerheid),
            Spoor.VO,
            6,
            Rol.DECAAN,
            reden_code=reden,
            zekerheid=zekerheid,
        ):
            self.vo = (reden, zekerheid)

    @rule()
    def vervolgkeuze_weg(self) -> None:
        if self.doe(self.vo is not None, Spoor.VO, None, Rol.DECAAN):
            self.vo = None

    @rule(
        naar=st.sampled_from([None, 2, 11, 13, 14]),
        rol=st.sampled_from([Rol.DECAAN, Rol.LEERPLICHT, Rol.MBO_MEDEWERKER]),
    )
    def leerplicht(self, naar: int | None, rol: Rol) -> None:
        decaan = {(None, 13), (2, 13), (11, 13), (13, None)}
        leerplicht = {(None, 14), (13, 14), (14, 2), (14, 11), (11, 14), (2, 14)}
        mag = (self.lp, naar) in {Rol.DECAAN: decaan, Rol.LEERPLICHT: leerplicht}.get(rol, set())
        if self.doe(mag, Spoor.LEERPLICHT, naar, rol, tekst="Wat er is afgesproken."):
            self.lp = naar

    @rule(mbo=st.sampled_from(["een", "twee"]), naar=st.sampled_from(MBO_STATUSSEN))
    def nieuwe_aanmelding(self, mbo: str, naar: int) -> None:
        organisatie = self.klein.mbo if mbo == "een" else self.klein.mbo2
        if self.doe(naar == 7, Spoor.AANMELDING, naar, Rol.MBO_MEDEWERKER, mbo_id=organisatie.id, opleiding="Kapper"):
            nieuwste = Aanmelding.objects.filter(overstap=self.overstap).latest("nr")
            self.aanmeldingen[str(nieuwste.id)] = (mbo, naar)

    @rule(
        data=st.data(),
        naar=st.sampled_from(MBO_STATUSSEN),
        reden=st.sampled_from(["", "werk", "vooropleiding", "geen_reactie", "correctie"]),
    )
    def aanmelding(self, data: st.DataObject, naar: int, reden: str) -> None:
        if not self.aanmeldingen:
            return
        pk = data.draw(st.sampled_from(sorted(self.aanmeldingen)))
        mbo, van = self.aanmeldingen[pk]
        andere = any(m == mbo and s in [*OPEN, 12] for k, (m, s) in self.aanmeldingen.items() if k != pk)
        rij = Aanmelding.objects.get(pk=pk)
        if self.doe(
            mbo_mag(van, naar, reden, andere),
            Spoor.AANMELDING,
            naar,
            Rol.MBO_MEDEWERKER,
            aanmelding=rij,
            reden_code=reden,
        ):
            self.aanmeldingen[pk] = (mbo, naar)

    @invariant()
    def stand_is_die_van_het_model_en_van_de_geschiedenis(self) -> None:
        if not hasattr(self, "overstap"):
            return
        rij = Overstap.objects.get(pk=self.overstap.pk)
        verwacht = max([1, 6 if self.vo else 1, self.lp or 1, *(status for _, status in self.aanmeldingen.values())])
        assert (rij.leidende_status, rij.versie) == (verwacht, self.versie)
        laatste: dict[int, int | None] = {}
        nummers = []
        for g in Gebeurtenis.objects.filter(overstap=rij).order_by("volgnr"):
            assert g.van == laatste.get(g.spoor)
            laatste[g.spoor] = g.naar
            nummers.append(g.volgnr)
        assert nummers == list(range(1, rij.volgnr + 1))
        assert max(naar for naar in laatste.values() if naar) == rij.leidende_status


@pytest.mark.usefixtures("klein")
def test_willekeurige_wandelingen_volgen_het_model(klein: Klein) -> None:
    Sporen.klein = klein
    instelling = settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Sporen, settings=instelling)
