"""Reference data into the database: idempotent, set-based, all of it or nothing.

Rows are never removed: leerlingen may refer to them. What a row refers to must be there, else the row is refused and
listed with its reason; a file that cannot be used at all stops the load before anything is written.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import Deelname, Gemeente, Organisatie, Regio, Subregio, Vestiging
from accounts.rechten import Soort
from accounts.scope import landelijk
from statuses.models import Examenkandidaten, Opleiding, Postcode4
from statuses.referentie.bestand import Gelezen, VeldFout
from statuses.referentie.invoer import Invoer, lees_invoer
from statuses.referentie.namen import GemeenteNamen, OnbekendeGemeente
from statuses.referentie.rijen import GemeenteRij, MboLocatieRij, SubregioRij, VestigingRij
from statuses.referentie.verslag import Verslag
from statuses.referentie.wegschrijven import upsert

T = TypeVar("T")


def laad(map_: Path | None = None) -> Verslag:
    """Load our own files, or those in `map_` where it has them. Raises `BestandFout` with nothing written."""
    invoer = lees_invoer(map_)
    lader = _Lader(invoer)
    with transaction.atomic():
        lader.regios()
        with landelijk("laad_referentie"):
            lader.gemeenten()
            lader.overheden()
            lader.vestigingen()
            lader.kandidaten()
            lader.postcodes()
            lader.mbo()
            lader.opleidingen()
    return lader.verslag


class _Lader:
    """One load within its transaction; each method writes the kinds it names and adds to the verslag."""

    def __init__(self, invoer: Invoer) -> None:
        self.invoer = invoer
        self.verslag = Verslag()
        # Gemeentecode -> regio, of every gemeente in the database.
        self.regio_van: dict[str, str] = {}
        self.gemeentenaam: dict[str, str] = {}
        self.gemeente_bij_postcode: dict[int, str] = {}

    def regios(self) -> None:
        """The regio's themselves: before the bereik opens, since it holds the regio's that there are."""
        rijen = [Regio(code=rij.code, naam=rij.naam) for _, rij in self.invoer.regios.rijen]
        upsert(self.verslag.telling("regios"), rijen, sleutel=("code",), velden=("naam",))
        self.verslag.weiger("regios", self.invoer.regios.geweigerd)

    def gemeenten(self) -> None:
        """Gemeenten and the subregio's that some of them are in."""
        bekend = set(Regio.objects.values_list("code", flat=True))

        def eis(rij: GemeenteRij) -> None:
            if rij.regio not in bekend:
                raise VeldFout("regio", "onbekend", f"Regio {rij.regio} van gemeente {rij.naam} is er niet.")

        gemeenten = self._goede("gemeenten", self.invoer.gemeenten, eis)
        self.regio_van = dict(Gemeente.objects.values_list("code", "regio_id")) | {g.code: g.regio for g in gemeenten}
        self.gemeentenaam = dict(Gemeente.objects.values_list("code", "naam")) | {g.code: g.naam for g in gemeenten}
        subregio_van = self._subregios()
        upsert(
            self.verslag.telling("gemeenten"),
            [
                Gemeente(
                    code=rij.code,
                    naam=rij.naam,
                    provincie=rij.provincie,
                    regio_id=rij.regio,
                    subregio_id=subregio_van.get(rij.code),
                )
                for rij in gemeenten
            ],
            sleutel=("code",),
            velden=("naam", "provincie", "regio_id", "subregio_id"),
            behoud=("subregio_id",),
        )
        # A gemeente that went to another regio leaves the subregio that it was in.
        Gemeente.objects.exclude(subregio=None).exclude(subregio__regio_id=F("regio_id")).update(subregio=None)

    def _subregios(self) -> dict[str, UUID]:
        """Write the subregio's; gemeentecode -> key of its subregio."""

        def eis(rij: SubregioRij) -> None:
            if rij.gemeente not in self.regio_van:
                waarom = f": {rij.opmerking}" if rij.opmerking else ""
                melding = f"Gemeente {rij.gemeente} ({rij.gemeentenaam}) is er nu niet{waarom}."
                raise VeldFout("gemeentecode", "onbekend", melding)

        goede = self._goede("subregios", self.invoer.subregios, eis)
        paren = sorted({(self.regio_van[rij.gemeente], rij.naam) for rij in goede})
        rijen = [Subregio(regio_id=regio, naam=naam) for regio, naam in paren]
        upsert(self.verslag.telling("subregios"), rijen, sleutel=("regio_id", "naam"))
        sleutels = {(regio, naam): pk for regio, naam, pk in Subregio.objects.values_list("regio_id", "naam", "pk")}
        return {rij.gemeente: sleutels[self.regio_van[rij.gemeente], rij.naam] for rij in goede}

    def overheden(self) -> None:
        """An organisatie for every gemeente, and the beheerorganisatie of every regio (RMC21)."""
        gemeenten = [
            Organisatie(
                code=code, soort=Soort.GEMEENTE.value, naam=f"Gemeente {self.gemeentenaam[code]}", gemeente_id=code
            )
            for code in sorted(self.regio_van)
        ]
        self._organisaties("gemeente_organisaties", gemeenten, ("naam", "gemeente_id"))
        regios = list(Regio.objects.order_by("code").values_list("code", "naam"))
        self._organisaties(
            "beheerorganisaties",
            [
                Organisatie(code=f"RMC{code}", soort=Soort.BEHEERORGANISATIE.value, naam=f"Doorstroompuntregio {naam}")
                for code, naam in regios
            ],
            ("naam",),
        )
        # A gemeente takes part in one regio: its own.
        Deelname.objects.filter(organisatie__soort=Soort.GEMEENTE.value).exclude(
            regio_id=F("organisatie__gemeente__regio_id")
        ).delete()
        self._deelnames(Soort.GEMEENTE, set(self.regio_van.items()))
        self._deelnames(Soort.BEHEERORGANISATIE, {(f"RMC{code}", code) for code, _ in regios})

    def vestigingen(self) -> None:
        """Vo-scholen and their vestigingen, each in the regio of its gemeente."""
        namen = GemeenteNamen(self.gemeentenaam.items())
        nu_in = dict(Vestiging.objects.values_list("code", "regio_id"))
        gemeente_van: dict[str, str] = {}

        def eis(rij: VestigingRij) -> None:
            gemeente = self._gemeente(rij, namen)
            regio = self.regio_van[gemeente]
            # Its overstappen belong to the regio in which it stands; moving it is work for people, not for a file.
            if nu_in.get(rij.code, regio) != regio:
                melding = (
                    f"Vestiging {rij.code} staat hier in regio {nu_in[rij.code]} en volgens dit bestand in regio {regio}. "
                    "Een vestiging met leerlingen verhuist niet vanzelf."
                )
                raise VeldFout("gemeentecode", "andere_regio", melding)
            gemeente_van[rij.code] = gemeente

        goede = self._goede("vestigingen", self.invoer.vestigingen, eis)
        if not goede:
            return
        self._scholen(goede, gemeente_van)
        pk_van = self._organisatie_sleutels(Soort.VO)
        upsert(
            self.verslag.telling("vestigingen"),
            [
                Vestiging(
                    organisatie_id=pk_van[rij.brin],
                    regio_id=self.regio_van[gemeente_van[rij.code]],
                    code=rij.code,
                    naam=rij.naam,
                    gemeente_id=gemeente_van[rij.code],
                    postcode=rij.postcode,
                    onderwijssoorten=list(rij.onderwijssoorten),
                    leerwegen=list(rij.leerwegen),
                )
                for rij in goede
            ],
            sleutel=("code",),
            velden=("organisatie_id", "regio_id", "naam", "gemeente_id", "postcode", "onderwijssoorten", "leerwegen"),
            behoud=("postcode",),
        )
        self._deelnames(Soort.VO, {(rij.brin, self.regio_van[gemeente_van[rij.code]]) for rij in goede})
        zonder = sum(not rij.postcode for rij in goede)
        self.verslag.merk_op(self.invoer.vestigingen.bestand, zonder, "vestigingen zonder postcode; die blijft leeg.")

    def _scholen(self, goede: list[VestigingRij], gemeente_van: dict[str, str]) -> None:
        """One organisatie per BRIN, with the name and gemeente of its first vestiging (the files have no others)."""
        eerste: dict[str, VestigingRij] = {}
        for rij in sorted(goede, key=lambda rij: rij.code):
            eerste.setdefault(rij.brin, rij)
        scholen = [
            Organisatie(code=brin, soort=Soort.VO.value, naam=rij.naam, gemeente_id=gemeente_van[rij.code])
            for brin, rij in eerste.items()
        ]
        self._organisaties("vo_scholen", scholen, ("naam", "gemeente_id"))

    def _gemeente(self, rij: VestigingRij, namen: GemeenteNamen) -> str:
        """The code of the gemeente of a vestiging, by code when the file has one and else by name."""
        if not rij.gemeente:
            try:
                return namen.code(rij.gemeentenaam)
            except OnbekendeGemeente as fout:
                raise VeldFout("gemeentenaam", "onbekend", str(fout)) from fout
        if rij.gemeente not in self.regio_van:
            melding = f"Gemeente {rij.gemeente} ({rij.gemeentenaam}) is er nu niet."
            raise VeldFout("gemeentecode", "onbekend", melding)
        return rij.gemeente

    def kandidaten(self) -> None:
        """Exam candidates per vestiging, schooljaar and leerweg."""
        if not self.invoer.kandidaten.bestand:
            return
        pk_van = dict(Vestiging.objects.values_list("code", "pk"))
        rijen: list[Examenkandidaten] = []
        geweigerd: set[str] = set()
        for nummer, rij in self.invoer.kandidaten.rijen:
            if rij.vestiging in pk_van:
                rijen.append(
                    Examenkandidaten(
                        vestiging_id=pk_van[rij.vestiging],
                        schooljaar=rij.schooljaar,
                        leerweg=rij.leerweg,
                        aantal=rij.aantal,
                        ondergrens=rij.ondergrens,
                    )
                )
            elif rij.vestiging not in geweigerd:
                geweigerd.add(rij.vestiging)
                melding = f"Vestiging {rij.vestiging} is er niet, dus haar kandidaten zijn niet geladen."
                self.invoer.kandidaten.weiger(nummer, VeldFout("vestigingscode", "onbekend", melding))
        upsert(
            self.verslag.telling("examenkandidaten"),
            rijen,
            sleutel=("vestiging_id", "schooljaar", "leerweg"),
            velden=("aantal", "ondergrens"),
        )
        self.verslag.weiger("examenkandidaten", self.invoer.kandidaten.geweigerd)
        verborgen = sum(rij.ondergrens for rij in rijen)
        melding = "aantallen zijn een ondergrens: aantallen onder 5 zijn gepubliceerd als <5 en tellen als 0."
        self.verslag.merk_op(self.invoer.kandidaten.bestand, verborgen, melding)

    def postcodes(self) -> None:
        """The gemeente of each postcode4 that the file knows."""
        goede = self._goede("postcodes", self.invoer.postcodes, lambda rij: self._eis_gemeente(rij.gemeente))
        for rij in goede:
            for postcode in range(rij.van, rij.tot + 1):
                self.gemeente_bij_postcode.setdefault(postcode, rij.gemeente)
        rijen = [Postcode4(postcode4=f"{p:04}", gemeente_id=code) for p, code in self.gemeente_bij_postcode.items()]
        upsert(self.verslag.telling("postcodes"), rijen, sleutel=("postcode4",), velden=("gemeente_id",))

    def mbo(self) -> None:
        """Mbo-instellingen, and the regio's in which each teaches."""
        instellingen = self._goede("mbo_instellingen", self.invoer.mbo_instellingen, lambda rij: None)
        self._organisaties(
            "mbo_instellingen",
            [
                Organisatie(
                    code=rij.brin,
                    soort=Soort.MBO.value,
                    naam=rij.naam,
                    gemeente_id=self.gemeente_bij_postcode.get(int(rij.postcode[:4])) if rij.postcode else None,
                )
                for rij in instellingen
            ],
            ("naam", "gemeente_id"),
        )
        pk_van = self._organisatie_sleutels(Soort.MBO)

        def eis(rij: MboLocatieRij) -> None:
            self._eis_gemeente(rij.gemeente)
            if rij.brin not in pk_van:
                raise VeldFout("brin", "onbekend", f"Mbo-instelling {rij.brin} is er niet.")

        locaties = self._goede("deelnames", self.invoer.mbo_locaties, eis)
        deelnames = {(rij.brin, self.regio_van[rij.gemeente]) for rij in locaties}
        deelnames |= {(rij.brin, regio) for rij in instellingen for regio in rij.regios}
        self._deelnames(Soort.MBO, deelnames)
        met_regio = {brin for brin, _ in deelnames}
        zonder = sum(rij.brin not in met_regio for rij in instellingen)
        bestand = self.invoer.mbo_instellingen.bestand
        self.verslag.merk_op(bestand, zonder, "mbo-instellingen zonder locatie; zij doen aan geen regio mee.")

    def opleidingen(self) -> None:
        """The opleidingen by crebo."""
        goede = self._goede("opleidingen", self.invoer.opleidingen, lambda rij: None)
        rijen = [Opleiding(crebo=rij.crebo, naam=rij.naam, niveau=rij.niveau, leerweg=rij.leerweg) for rij in goede]
        upsert(self.verslag.telling("opleidingen"), rijen, sleutel=("crebo",), velden=("naam", "niveau", "leerweg"))

    def _goede(self, soort: str, gelezen: Gelezen[T], eis: Callable[[T], None]) -> list[T]:
        """The rows for which `eis` raises no `VeldFout`; all others go on the list of refused rows of this kind."""
        goede: list[T] = []
        for nummer, rij in gelezen.rijen:
            try:
                eis(rij)
            except VeldFout as fout:
                gelezen.weiger(nummer, fout)
            else:
                goede.append(rij)
        if gelezen.bestand:
            self.verslag.weiger(soort, gelezen.geweigerd)
        return goede

    def _eis_gemeente(self, code: str) -> None:
        if code not in self.regio_van:
            raise VeldFout("gemeentecode", "onbekend", f"Gemeente {code} is er nu niet.")

    def _organisaties(self, soort: str, rijen: list[Organisatie], velden: tuple[str, ...]) -> None:
        behoud = tuple(veld for veld in velden if veld == "gemeente_id")
        upsert(self.verslag.telling(soort), rijen, sleutel=("code", "soort"), velden=velden, behoud=behoud)

    def _organisatie_sleutels(self, soort: Soort) -> dict[str, UUID]:
        return dict(Organisatie.objects.filter(soort=soort.value).values_list("code", "pk"))

    def _deelnames(self, soort: Soort, paren: set[tuple[str, str]]) -> None:
        """`paren`: code of the organisatie and code of the regio."""
        pk_van = self._organisatie_sleutels(soort)
        rijen = [Deelname(organisatie_id=pk_van[code], regio_id=regio) for code, regio in sorted(paren)]
        upsert(self.verslag.telling("deelnames"), rijen, sleutel=("organisatie_id", "regio_id"))
