"""The list of a school and what its decaan can do, as data."""

from __future__ import annotations

from accounts.rechten import Recht
from overstap.schermen import overstaplijst as kolom
from overstap.schermen.acties import Actie
from overstap.schermen.berichten import BERICHT, DRIE_VRAGEN, DRIE_VRAGEN_WEG
from overstap.schermen.filters import OVERSTAP_FILTERS
from overstap.schermen.lijst import Chip, Lijst
from overstap.vo.forms import MarkeerForm, MarkeringWegForm, VervolgkeuzeForm
from statuses.referentie.redenen import TEKSTVRAGEN
from statuses.status import Spoor, Status

MARKEREN = Actie(
    "aanvinken", "Vink aan als overstapper", "Aanvinken als overstapper", Recht.MARKEREN, Spoor.MARKERING,
    Status.ZONDER_AANMELDING,
    uitleg="Vink aan wie naar het mbo gaat of waarschijnlijk gaat. Daarna zien ook het mbo, leerplicht en de regio deze leerlingen.",
    bevestig="Vink aan", gelukt="Aangevinkt als overstapper", formulier=MarkeerForm, ongedaan="vinkje_weg", soort="eerst",
)  # fmt: skip
MARKERING_WEG = Actie(
    "vinkje_weg", "Haal vinkje weg…", "Vinkje weghalen", Recht.MARKEREN, Spoor.MARKERING, None,
    uitleg="Alleen voor een vergissing of een dubbele leerling. Gaat de leerling iets anders doen? Leg dan de vervolgkeuze vast.",
    bevestig="Haal vinkje weg", gelukt="Vinkje weggehaald", formulier=MarkeringWegForm, soort="stil", balk=False,
)  # fmt: skip
VERVOLGKEUZE = Actie(
    "vervolgkeuze", "Vervolgkeuze VO…", "Vervolgkeuze VO vastleggen", Recht.VERVOLGKEUZE_WIJZIGEN, Spoor.VO,
    Status.VERVOLGKEUZE_VO, uitleg="De leerling gaat iets anders doen dan een mbo in deze regio.",
    gelukt="Vervolgkeuze vastgelegd", formulier=VervolgkeuzeForm, ongedaan="vervolgkeuze_weg",
)  # fmt: skip
VERVOLGKEUZE_WEG = Actie(
    "vervolgkeuze_weg", "Neem vervolgkeuze terug", "Vervolgkeuze terugnemen", Recht.VERVOLGKEUZE_WIJZIGEN, Spoor.VO, None,
    uitleg="De leerling gaat toch naar het mbo, of het staat niet vast.", bevestig="Neem terug",
    gelukt="Vervolgkeuze teruggenomen", soort="stil", balk=False,
)  # fmt: skip
LEERPLICHT = Actie(
    "leerplicht", "Leerplicht inschakelen…", "Leerplicht inschakelen", Recht.LEERPLICHT_INSCHAKELEN, Spoor.LEERPLICHT,
    Status.LP_INGESCHAKELD, uitleg="Leerplicht ziet de leerling en uw toelichting, en neemt contact op.",
    bevestig="Schakel leerplicht in", gelukt="Leerplicht ingeschakeld", tekst=TEKSTVRAGEN["lp_ingeschakeld"],
    ongedaan="leerplicht_weg",
)  # fmt: skip
LEERPLICHT_WEG = Actie(
    "leerplicht_weg", "Trek inschakelen in", "Inschakelen van leerplicht intrekken", Recht.LEERPLICHT_INSCHAKELEN,
    Spoor.LEERPLICHT, None, uitleg="Dit kan zolang leerplicht de leerling nog niet in behandeling heeft.",
    bevestig="Trek in", gelukt="Inschakelen ingetrokken", soort="stil", balk=False,
)  # fmt: skip

LEERLINGEN = Lijst(
    pagina="leerlingen",
    titel="Leerlingen",
    eenheid=("leerling", "leerlingen"),
    rijen=kolom.overstappen,
    filters=OVERSTAP_FILTERS,
    kolommen=(
        kolom.NAAM, kolom.KLAS, kolom.STATUS, kolom.AANMELDING, kolom.DAGEN, kolom.AAN_ZET, kolom.WAAROM,
    ),
    chips=(
        kolom.CHIP_ALLE, kolom.CHIP_RISICO, kolom.CHIP_ZONDER, kolom.CHIP_TERUG, kolom.CHIP_STILSTAND,
        kolom.CHIP_PLAATSEN, kolom.CHIP_LEERPLICHT, kolom.CHIP_GEPLAATST, kolom.CHIP_VERVOLGKEUZE,
        Chip("Nog niet aangevinkt", {"gemarkeerd": "nee"}),
    ),
    acties=(VERVOLGKEUZE, LEERPLICHT, MARKEREN, VERVOLGKEUZE_WEG, LEERPLICHT_WEG, MARKERING_WEG,
        BERICHT, DRIE_VRAGEN, DRIE_VRAGEN_WEG,
    ),
    standaard={"gemarkeerd": "ja"},
    annotaties=kolom.annotaties,
    verrijk=kolom.verrijk,
    naam=kolom.naam,
    cijfers=kolom.CIJFERS,
    keuzecijfers=kolom.mbos,
    leeg="Er staan nog geen leerlingen die hierbij passen. Lever een bestand aan, of vink overstappers aan.",
)  # fmt: skip
