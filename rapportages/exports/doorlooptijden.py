"""The Excel of /doorlooptijden: a row per instelling and step, as the page shows them. No leerling is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from accounts.rechten import Recht
from overstap.basis.rls import bereik
from overstap.basis.xlsx import Kolom, Waarde
from rapportages.doorlooptijden_pagina import instellingen_van
from rapportages.exports.basis import Opdracht, TabelExport, Wie
from rapportages.klein import UITLEG

KOLOMMEN = (
    Kolom("Instelling", 10), Kolom("Naam", 38), Kolom("Stap", 22), Kolom("Afspraak", 10, "getal"), Kolom("Gemeten", 10, "getal"),
    Kolom("Mediaan", 10, "procent"), Kolom("9 van de 10 binnen", 18, "procent"), Kolom("Langer dan afgesproken", 24, "getal"),
    Kolom("Loopt nu", 10, "getal"), Kolom("Nu te lang", 12, "getal"), Kolom("Laatste levering", 18),
)  # fmt: skip


class Doorlooptijden(TabelExport):
    """Per instelling and step what was agreed and what was measured. Asked for on its own page."""

    code: ClassVar[str] = "doorlooptijden"
    naam: ClassVar[str] = "Doorlooptijden"
    recht: ClassVar[Recht] = Recht.EXPORTEREN
    op_naam: ClassVar[bool] = False
    blad: ClassVar[str] = "Doorlooptijden"

    def kolommen(self, o: Opdracht) -> Sequence[Kolom]:
        return KOLOMMEN

    def rijen(self, o: Opdracht) -> Iterator[tuple[Wie, Sequence[Waarde]]]:
        # The page shows all regio's of who works in more than one; so does its file.
        with bereik(o.actor.regios if o.actor.soort != "intern" else [o.regio]):
            for rij in instellingen_van(o.actor, o.overstapjaar):
                for m in rij.groep.stappen:
                    yield None, (
                        rij.groep.sleutel, rij.groep.naam, m.status.label, m.norm, m.gemeten, m.mediaan, m.p90,
                        m.over if m.met_norm != 0 else None, m.loopt, m.nu_over if m.norm else None,
                        rij.levering.tekst,
                    )  # fmt: skip

    def definities(self, o: Opdracht) -> Sequence[tuple[str, str]]:
        return (
            ("Stap", "De tijd dat een aanmelding op een status stond, tot de dag van de volgende status, ook als dat afgewezen, afgemeld of beëindigd is."),
            ("Dagen", "Alle dagen, zonder de vakanties van de regio."),
            ("Afspraak", "Het aantal dagen dat de instelling zelf afsprak, en anders dat van de regio. Leeg: niets afgesproken."),
            ("Gemeten", "Zo veel keer is deze stap dit overstapjaar klaar gekomen, van leerlingen die als overstapper zijn aangevinkt."),
            ("Mediaan", "De helft duurde korter, de helft langer."),
            ("9 van de 10 binnen", "Bij negen van de tien duurde de stap hoogstens zo veel dagen."),
            ("Langer dan afgesproken", "Van de gemeten stappen met een afspraak."),
            ("Loopt nu, Nu te lang", "Staan vandaag op deze status, en hoeveel daarvan al langer dan afgesproken."),
            *UITLEG,
        )  # fmt: skip
