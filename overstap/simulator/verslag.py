"""Compare what each receiver holds with what was meant, and say it in Dutch. No person is named: organisaties and numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from overstap.simulator.bulk import bulkfouten
from overstap.simulator.ontvangers import Ontvanger
from overstap.simulator.orakel import Orakel
from overstap.simulator.partijen import Bezetting
from overstap.simulator.push import PushOntvanger
from overstap.simulator.storing import Geteld
from overstap.simulator.zenders import Logboek

# Bron: vva.md, Outcomes; the words are short, the contract has the sentence.
BETEKENIS = {
    "T001": "past niet op het schema",
    "T004": "even niet beschikbaar: opnieuw gestuurd",
    "T003": "geen mandaat van de school of instelling",
    "F101": "nummer voldoet niet aan de elfproef",
    "F102": "beide of geen van de twee nummers",
    "F103": "school, vestiging of instelling onbekend",
    "F104": "afmelding zonder eerdere melding",
    "F105": "onderwijssoort telt niet mee",
    "F106": "gemeente onbekend",
    "F107": "gemeente niet aangesloten: bewaard",
    "F201": "status bestaat niet",
    "F202": "eerder verstuurd met andere inhoud",
    "W301": "buiten 1 oktober - 1 februari, aangenomen",
    "W302": "ouder dan wat bekend is: bewaard",
    "W303": "past niet bij de stand: een mens kijkt",
    "W304": "leerling is hier geen overstapper: bewaard",
}
# What can not be brought about over REST: a wrong signature is a 401 before anything is read.
NIET_TE_SPELEN = ("T002",)


@dataclass(frozen=True, slots=True)
class Verschil:
    """One receiver against the oracle: how many it lacks, has more than once, has otherwise, and has without being meant to."""

    ontvanger: str
    bedoeld: int
    gelijk: int
    verloren: int
    dubbel: int
    anders: int
    bulk: tuple[str, ...] = ()  # what is wrong in its bulkmeldingen, in words

    @property
    def goed(self) -> bool:
        return not (self.verloren or self.dubbel or self.anders or self.bulk)


def vergelijk(ontvanger: Ontvanger, orakel: Orakel) -> Verschil:
    """Only what is about the leerlingen of this run counts; a sandbox has others."""
    kennis, bedoeld = ontvanger.stand(), orakel.van(ontvanger.systeem.van)
    van_ons = {s: stand for s, stand in kennis.standen.items() if s in bedoeld or _over(s, stand.inhoud) in orakel.pgns}
    gelijk = sum(1 for s, stand in bedoeld.items() if van_ons.get(s) == stand)
    verloren = sum(1 for s in bedoeld if s not in van_ons)
    anders = len(bedoeld) - gelijk - verloren + sum(1 for s in van_ons if s not in bedoeld)
    return Verschil(
        f"{ontvanger.systeem.van.sleutel}, {ontvanger.langs}",
        len(bedoeld),
        gelijk,
        verloren,
        ontvanger.getuige.dubbel,
        anders + kennis.halve_bulks() + ontvanger.getuige.anders,
        tuple(bulkfouten(ontvanger.systeem.van, kennis, orakel)),
    )


def _over(sleutel: tuple[str, ...], inhoud: tuple[str, ...]) -> str:
    """Whom a stand is about: in the key of a mbo-ganger, in the content of an aanmeldstatus."""
    return sleutel[1] if sleutel[0] == "POTENTIELE_MBO_GANGER" else inhoud[0]


@dataclass(slots=True)
class Verslag:
    """A whole run."""

    adres: str
    regio: str
    dag: date
    zaad: int
    storing: str
    bezetting: Bezetting
    logboek: Logboek
    geteld: Geteld
    ontvangers: Sequence[Ontvanger]
    leerlingen: int
    seconden: float = 0.0
    verschillen: list[Verschil] = field(default_factory=list)
    verwachte_codes: frozenset[str] = frozenset()
    bulks: Sequence[tuple[str, int, int]] = ()  # kind, gemeenten, leerlingen of this run

    @property
    def niet_gezien(self) -> list[str]:
        """Codes that were provoked and did not come."""
        return sorted(self.verwachte_codes - set(self.logboek.codes))

    @property
    def goed(self) -> bool:
        fouten = [o.fout for o in self.ontvangers if o.fout]
        slecht = sum(o.slecht for o in self.ontvangers if isinstance(o, PushOntvanger))
        return all(v.goed for v in self.verschillen) and not (
            self.logboek.onverwacht or self.niet_gezien or fouten or slecht
        )  # fmt: skip

    def regels(self) -> list[str]:
        """The report, line by line."""
        b = self.bezetting
        return [
            f"Simulatie van de keten op {self.adres}",
            f"Regio {self.regio}, {self.dag:%d-%m-%Y}, {self.leerlingen} verzonnen leerlingen, zaad {self.zaad}, "
            f"storing {self.storing}, {self.seconden:.0f} seconden",
            f"Partijen: {len(b.las)} LAS, {len(b.sis)} SIS en koppelpunt, {len(self.ontvangers)} postbussen "
            f"({len(b.gemeenten) + len(b.ver) + len(b.dicht)} gemeenten, {len(b.scholen)} scholen)",
            "",
            *self._verzonden(),
            "",
            *self._uitkomsten(),
            "",
            *self._ontvangen(),
            "",
            *self._slot(),
        ]

    def _verzonden(self) -> list[str]:
        log, g = self.logboek, self.geteld
        return [
            "Verzonden",
            *_tabel((soort, str(aantal)) for soort, aantal in sorted(log.verzonden.items())),
            f"  in {log.aanroepen} aanroepen; dubbel {g.dubbel}, te laat {g.laat}, in omgekeerde volgorde {g.omgekeerd}, "
            f"kwijtgeraakt en opnieuw {g.verloren}",
        ]

    def _uitkomsten(self) -> list[str]:
        rijen = [(naam, str(n), "") for naam, n in sorted(self.logboek.uitkomsten.items())]
        rijen += [(code, str(n), BETEKENIS.get(code, "")) for code, n in sorted(self.logboek.codes.items())]
        return ["Antwoorden", *_tabel(rijen)]

    def _ontvangen(self) -> list[str]:
        kop = ("", "bedoeld", "gelijk", "verloren", "dubbel", "anders")
        rijen = [
            (v.ontvanger, *(str(n) for n in (v.bedoeld, v.gelijk, v.verloren, v.dubbel, v.anders)))
            for v in self.verschillen
        ]
        herlezen = sum(o.getuige.herlezen for o in self.ontvangers)
        return [
            "Ontvangen: wat ieder heeft, naast wat de zenders bedoelden",
            *_tabel([kop, *rijen]),
            f"  {sum(o.crashes for o in self.ontvangers)} keer omgevallen voor het bevestigen, {herlezen} berichten opnieuw "
            f"gelezen, {sum(o.getuige.anders for o in self.ontvangers)} daarvan anders of op een andere plaats",
            *(
                f"  {o.systeem.van.sleutel} kreeg {len(o.getuige.rij)} berichten door push; {o.slecht} met een verkeerde handtekening"
                for o in self.ontvangers
                if isinstance(o, PushOntvanger)
            ),
        ]

    def _slot(self) -> list[str]:
        uit = [f"Let op: {naam} ({n} keer)" for naam, n in sorted(self.logboek.onverwacht.items())]
        uit += [f"Let op: {o.fout}" for o in self.ontvangers if o.fout]
        uit += [f"Let op: {fout}" for v in self.verschillen for fout in v.bulk]
        uit += [
            f"Bulkmelding {soort}: {leerlingen} leerlingen van deze loop bij {gemeenten} gemeenten"
            for soort, gemeenten, leerlingen in self.bulks
        ]
        if self.niet_gezien:
            uit.append(f"Let op: uitgelokt en niet gekregen: {', '.join(self.niet_gezien)}")
        verloren, dubbel, anders = (
            sum(getattr(v, naam) for v in self.verschillen) for naam in ("verloren", "dubbel", "anders")
        )
        uit.append(
            f"Verloren {verloren}, dubbel {dubbel}, anders {anders}, onverwachte antwoorden {sum(self.logboek.onverwacht.values())}"
        )
        uit.append(
            "Goed: iedere ontvanger heeft wat de zenders bedoelden." if self.goed else "Niet goed: zie hierboven."
        )
        return uit


def _tabel(rijen: Iterable[Sequence[str]]) -> list[str]:
    """Columns under each other: a column of numbers to the right, words to the left."""
    lijst = [list(rij) for rij in rijen]
    if not lijst:
        return ["  niets"]
    kolommen = [[rij[i] for rij in lijst] for i in range(len(lijst[0]))]
    breed = [max(map(len, kolom)) for kolom in kolommen]
    rechts = [kolom[-1].isdigit() for kolom in kolommen]
    return [
        "  " + "  ".join(c.rjust(b) if r else c.ljust(b) for c, b, r in zip(rij, breed, rechts, strict=True)).rstrip()
        for rij in lijst
    ]
