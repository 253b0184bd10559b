"""The standing cast: two regio's in one database, an account per role, and a leerling per stand of the process.

Made through the real actions as the app role, in the transaction of the test. Today is 20 March 2026, overstapjaar 2025.
The gemeenten are real, schools and persons are invented. Use it by its fixture: ``def test_x(wereld): ...``

Regio 21: schools 99AA (99AA00, 99AA01) and 99AB (99AB00); mbo 99MA (21 only) and 99MB (21 and 22); Amsterdam (0363),
Amstelveen (0362); RMC21; SWV21. Regio 22: schools 99BA (99BA00, 99BA01) and 99BB (99BB00); mbo 99MB; Hoorn (0405),
Medemblik (0420); RMC22; SWV22. Names of the leerlingen that stand there from the start: see ``STAND``.
"""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.actor import Actor, actor_van_lidmaatschap
from accounts.models import (
    Deelname,
    Gebruiker,
    Gemeente,
    Lidmaatschap,
    Organisatie,
    Regio,
    Subregio,
    Vestiging,
)
from accounts.rechten import Rol, Soort
from accounts.scope import SESSIE_ROL
from overstap.basis.rls import bereik
from overstap.management.commands.relay import leeg_outbox
from statuses.actions import AanmeldingVelden, Wijziging
from statuses.models import Aanmelding, Overstap
from statuses.status import Status
from tests.afdruk import Afdruk, gevulde_tabellen, neem_af, zet_terug
from tests.fabriek import JAAR, Fabriek
from tests.fabriek import bsn as bsn

VANDAAG = date(2026, 3, 20)
WACHTWOORD = "een-lang-wachtwoord-1"

GEMEENTEN = {"21": {"0363": "Amsterdam", "0362": "Amstelveen"}, "22": {"0405": "Hoorn", "0420": "Medemblik"}}
# code -> soort, naam, regio's
ORGANISATIES: dict[str, tuple[Soort, str, tuple[str, ...]]] = {
    "99AA": (Soort.VO, "Kompas College", ("21",)),
    "99AB": (Soort.VO, "Lyceum De Brug", ("21",)),
    "99BA": (Soort.VO, "De Zeeweg", ("22",)),
    "99BB": (Soort.VO, "Praktijkschool De Dijk", ("22",)),
    "99MA": (Soort.MBO, "Mbo De Poort", ("21",)),
    "99MB": (Soort.MBO, "Mbo Het Anker", ("21", "22")),
    "0363": (Soort.GEMEENTE, "Gemeente Amsterdam", ("21",)),
    "0362": (Soort.GEMEENTE, "Gemeente Amstelveen", ("21",)),
    "0405": (Soort.GEMEENTE, "Gemeente Hoorn", ("22",)),
    "0420": (Soort.GEMEENTE, "Gemeente Medemblik", ("22",)),
    "RMC21": (Soort.BEHEERORGANISATIE, "RMC regio 21", ("21",)),
    "RMC22": (Soort.BEHEERORGANISATIE, "RMC regio 22", ("22",)),
    "SWV21": (Soort.SAMENWERKINGSVERBAND, "Samenwerkingsverband 21", ("21",)),
    "SWV22": (Soort.SAMENWERKINGSVERBAND, "Samenwerkingsverband 22", ("22",)),
}
# code -> naam, gemeente
VESTIGINGEN = {
    "99AA00": ("Kompas College, Haven", "0363"),
    "99AA01": ("Kompas College, Plein", "0362"),
    "99AB00": ("Lyceum De Brug", "0362"),
    "99BA00": ("De Zeeweg, Noord", "0405"),
    "99BA01": ("De Zeeweg, Zuid", "0420"),
    "99BB00": ("Praktijkschool De Dijk", "0420"),
}
# Who works where; the first of a role in a regio is the one that actor(rol) gives.
LEDEN: tuple[tuple[Rol, str], ...] = (
    *((Rol.DECAAN, code) for code in ("99AA", "99AB", "99BA", "99BB")),
    *((Rol.MANAGER_VO, code) for code in ("99AA", "99BA")),
    *((rol, code) for rol in (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER) for code in ("99MA", "99MB")),
    *((Rol.LEERPLICHT, code) for code in ("0363", "0362", "0405", "0420", "RMC21", "RMC22")),
    *((Rol.AANJAGER, code) for code in ("RMC21", "RMC22")),
    *((Rol.SAMENWERKINGSVERBAND, code) for code in ("SWV21", "SWV22")),
    *((Rol.FUNCTIONEEL_BEHEERDER, code) for code in ("99AA", "99BA", "RMC21", "RMC22")),
    *((Rol.BEHEERORGANISATIE, code) for code in ("RMC21", "RMC22")),
)
# naam -> (which school of the regio, which gemeente, klas, gemarkeerd); what happened to them is in _verloop().
STAND: dict[str, tuple[int, int, str, bool]] = {
    "ongemarkeerd": (0, 0, "4A", False),
    "zonder": (0, 0, "4A", True),
    "aangemeld": (0, 0, "4B", True),
    "intake": (0, 1, "4B", True),
    "afgewezen": (0, 0, "4B", True),
    "definitief": (0, 0, "4C", True),
    "vervolgkeuze": (0, 0, "4C", True),
    "lp_ingeschakeld": (0, 0, "4C", True),
    "lp_in_behandeling": (0, 0, "4C", True),
    "andere_school": (1, 1, "4A", True),
    "andere_school_ongemarkeerd": (1, 1, "4A", False),
}


class Wereld(Fabriek):
    """The cast and the factories on it. Every method opens the bereik that it needs itself.

    The first one of a process is made by the real actions; its rows and its attributes are kept, and put back for the next.
    ``verwerkt``: the events of the cast have been handled (messages, gemeenten told), as in a house where the relay runs.
    """

    _bewaard: ClassVar[dict[bool, tuple[Afdruk, bytes]]] = {}

    def __init__(self, settings: Any, *, verwerkt: bool = False) -> None:
        self._settings = settings
        self.op(VANDAAG)
        if verwerkt not in Wereld._bewaard:
            Wereld._bewaard[verwerkt] = self._maak(verwerkt=verwerkt)
            return
        afdruk, eigen = Wereld._bewaard[verwerkt]
        self.__dict__.update(pickle.loads(eigen))
        with self.bereik():
            zet_terug(afdruk)

    def _maak(self, *, verwerkt: bool) -> tuple[Afdruk, bytes]:
        with self.bereik():
            al_gevuld = gevulde_tabellen()
        self._nummer = 999
        self.jaar = JAAR
        self.wachtwoord = WACHTWOORD
        self._maak_wie()
        self._maak_leerlingen()
        if verwerkt:
            leeg_outbox()
        with self.bereik():
            afdruk = neem_af(al_gevuld)
        return afdruk, pickle.dumps({naam: w for naam, w in self.__dict__.items() if naam != "_settings"})

    # --- when ---------------------------------------------------------------------------------------------------------

    @property
    def vandaag(self) -> date:
        dag: date = self._settings.OVERSTAP_VANDAAG
        return dag

    def op(self, dag: date) -> None:
        """Make it another day."""
        self._settings.OVERSTAP_VANDAAG = dag

    # --- who ----------------------------------------------------------------------------------------------------------

    def _maak_wie(self) -> None:
        Regio.objects.bulk_create(
            [Regio(code="21", naam="Agglomeratie Amsterdam"), Regio(code="22", naam="West-Friesland")]
        )
        with bereik(["21", "22"]):
            self.subregios = {
                code: Subregio(regio_id=regio, naam=f"Subregio {naam}")
                for regio, namen in GEMEENTEN.items()
                for code, naam in namen.items()
            }
            Subregio.objects.bulk_create(self.subregios.values())
            Gemeente.objects.bulk_create(
                Gemeente(code=code, naam=naam, provincie="Noord-Holland", regio_id=regio, subregio=self.subregios[code])
                for regio, namen in GEMEENTEN.items()
                for code, naam in namen.items()
            )
            self.organisaties = {
                code: Organisatie(code=code, soort=soort, naam=naam) for code, (soort, naam, _) in ORGANISATIES.items()
            }
            Organisatie.objects.bulk_create(self.organisaties.values())
            Deelname.objects.bulk_create(
                Deelname(organisatie=self.organisaties[code], regio_id=regio)
                for code, (_, _, regios) in ORGANISATIES.items()
                for regio in regios
            )
            self.vestigingen = {
                code: Vestiging(
                    organisatie=self.organisaties[code[:4]],
                    regio_id=self._regio_van(code[:4]),
                    code=code,
                    naam=naam,
                    gemeente_id=gemeente,
                    onderwijssoorten=["vmbo"],
                    leerwegen=["bb", "kb"],
                )
                for code, (naam, gemeente) in VESTIGINGEN.items()
            }
            Vestiging.objects.bulk_create(self.vestigingen.values())
        wachtwoord = make_password(WACHTWOORD)
        self.leden: dict[tuple[Rol, str], Lidmaatschap] = {}
        for rol, code in LEDEN:
            gebruiker = Gebruiker(
                email=f"{rol.value}.{code}@overstap.example".lower(),
                naam=f"{rol.value} {code}",
                is_demo=True,
                password=wachtwoord,
            )
            self.leden[rol, code] = Lidmaatschap(
                gebruiker=gebruiker, rol=rol.value, organisatie=self.organisaties[code]
            )
        Gebruiker.objects.bulk_create(lid.gebruiker for lid in self.leden.values())
        Lidmaatschap.objects.bulk_create(self.leden.values())

    def _regio_van(self, code: str) -> str:
        return ORGANISATIES[code][2][0]

    def lid(self, rol: Rol | str, waar: str = "21") -> Lidmaatschap:
        """The lidmaatschap of a role: ``waar`` is a regio ("21", "22") or the code of an organisatie ("99AB", "RMC21")."""
        for (gevonden, code), lidmaatschap in self.leden.items():
            regios = ORGANISATIES[code][2]
            # In regio 22 the only mbo is the one that also takes part in 21.
            if gevonden == rol and (code == waar or (waar in regios and (waar == "22" or len(regios) == 1))):
                return lidmaatschap
        raise KeyError(f"Niemand is {rol} in {waar}; zie LEDEN in tests/wereld.py.")

    def gebruiker(self, rol: Rol | str, waar: str = "21") -> Gebruiker:
        return self.lid(rol, waar).gebruiker

    def actor(self, rol: Rol | str, waar: str = "21") -> Actor:
        """Who acts, as the middleware would make it."""
        return actor_van_lidmaatschap(self.lid(rol, waar))

    def client(self, rol: Rol | str, waar: str = "21", **extra: Any) -> Client:
        """A browser in which this person is logged in, in this role."""
        lidmaatschap = self.lid(rol, waar)
        client = Client(**extra)
        client.force_login(lidmaatschap.gebruiker, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessie = client.session
        sessie[SESSIE_ROL] = str(lidmaatschap.id)
        sessie.save()
        return client

    @contextmanager
    def bereik(self, *regios: str) -> Iterator[None]:
        """For queries in the test itself; without an argument both regio's."""
        with bereik(regios or ("21", "22")):
            yield

    # --- leerlingen ---------------------------------------------------------------------------------------------------

    def o(self, naam: str, regio: str = "21") -> Overstap:
        """The overstap of the leerling with this name in ``STAND``, as it is now, with leerling and vestiging."""
        with self.bereik():
            return Overstap.objects.select_related("leerling", "vestiging__organisatie").get(
                pk=self.overstappen[regio][naam]
            )

    def a(self, naam: str, regio: str = "21") -> Aanmelding:
        """The first aanmelding of that leerling, as it is now."""
        with self.bereik():
            return (
                Aanmelding.objects.select_related("mbo", "overstap")
                .filter(overstap=self.overstappen[regio][naam])
                .order_by("nr")[0]
            )

    # --- the cast -----------------------------------------------------------------------------------------------------

    def _maak_leerlingen(self) -> None:
        self.overstappen: dict[str, dict[str, uuid.UUID]] = {}
        self.pgn: dict[str, dict[str, str]] = {}
        for regio, scholen in {"21": ("99AA00", "99AB00"), "22": ("99BA00", "99BB00")}.items():
            gemeenten = list(GEMEENTEN[regio])
            rijen = {
                naam: self.rij(scholen[school], gemarkeerd=gemarkeerd, klas=klas, gemeente=gemeenten[gemeente])
                for naam, (school, gemeente, klas, gemarkeerd) in STAND.items()
            }
            gemaakt = self.overstappen_van(list(rijen.values()))
            self.overstappen[regio] = {naam: o.id for naam, o in zip(rijen, gemaakt, strict=True)}
            self.pgn[regio] = {naam: rij.pgn for naam, rij in rijen.items()}
            self._verloop(regio, gemeenten[0])

    def _verloop(self, regio: str, gemeente: str) -> None:
        """What happened to each until today; the wijzigingen of one role at once."""
        ids = self.overstappen[regio]
        mbo = "99MA" if regio == "21" else "99MB"
        s, mbo_rol = Status, Rol.MBO_MEDEWERKER
        nieuw = self.verzoek(
            mbo_rol, s.AANGEMELD, op=date(2026, 1, 15), mbo_id=self.organisaties[mbo].id, opleiding="Verzorgende IG"
        )
        velden = AanmeldingVelden(crebo="25491", opleiding="Verzorgende IG", niveau=3, leerweg="bol", volgnummer=1)
        namen = ("aangemeld", "intake", "afgewezen", "definitief", "lp_in_behandeling")
        begin = self._doe(mbo_rol, mbo, [Wijziging(ids[naam], nieuw, velden=velden) for naam in namen])
        aanmeldingen = {naam: r.aanmelding_id for naam, r in zip(namen, begin, strict=True)}
        stappen = (
            ("intake", s.INTAKE, date(2026, 2, 2)),
            ("afgewezen", s.AFGEWEZEN, date(2026, 2, 10)),
            ("definitief", s.DEFINITIEF, date(2026, 3, 2)),
            ("lp_in_behandeling", s.AFGEMELD, date(2026, 2, 10)),
        )
        self._doe(
            mbo_rol,
            mbo,
            [Wijziging(ids[n], self.verzoek(mbo_rol, naar, op=op), aanmeldingen[n]) for n, naar, op in stappen],
        )
        decaan = (
            ("vervolgkeuze", s.VERVOLGKEUZE_VO, date(2026, 2, 20)),
            ("lp_ingeschakeld", s.LP_INGESCHAKELD, date(2026, 3, 9)),
            ("lp_in_behandeling", s.LP_INGESCHAKELD, date(2026, 3, 2)),
        )
        self._doe(
            Rol.DECAAN, regio, [Wijziging(ids[n], self.verzoek(Rol.DECAAN, naar, op=op)) for n, naar, op in decaan]
        )
        opgepakt = self.verzoek(Rol.LEERPLICHT, s.LP_IN_BEHANDELING, op=date(2026, 3, 10))
        self._doe(Rol.LEERPLICHT, gemeente, [Wijziging(ids["lp_in_behandeling"], opgepakt)])
