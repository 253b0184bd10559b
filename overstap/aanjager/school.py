"""/scholen/<code>: one vestiging, its figures, what was agreed with it, and where to go from here."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Recht, Rol
from overstap.aanjager.adressen import adres, leerlingen
from overstap.aanjager.forms import ContactForm
from overstap.basis import klok
from overstap.schermen.omgeving import OnjuisteVraag
from rapportages.indicatoren import POPULATIE_KORT
from rapportages.scholen_op_dag import School, dagen_geleden, scholen_op
from rapportages.schoolcontacten import afspraken_van
from rapportages.zicht import dag_naam
from statuses.selecties import vestigingen_van
from statuses.status import LEERPLICHT_AAN_HET_WERK, TERUG, Status
from statuses.termijnen import jaar_naam, jaar_uit_naam, nieuwste_jaar
from statuses.werklijsten import PER_ID, Stap

NIET_GEPLAATST = frozenset(Status) - {Status.VERVOLGKEUZE_VO, Status.DEFINITIEF}
SCHOOLROLLEN = (Rol.DECAAN, Rol.MANAGER_VO)


def lees_jaar(vraag: QueryDict) -> int:
    """The overstapjaar of ``?jaar=``; raises :class:`OnjuisteVraag`."""
    naam = vraag.get("jaar", "")
    try:
        return jaar_uit_naam(naam) if naam else nieuwste_jaar(klok.vandaag())
    except ValueError as fout:
        raise OnjuisteVraag(str(fout)) from None


def lees_stap(vraag: QueryDict) -> Stap | None:
    """The step from which somebody came, when it is one of the aanjager."""
    stap = PER_ID.get(vraag.get("stap", ""))
    return stap if stap is not None and stap.pagina == "scholen" else None


def pagina(actor: Actor, vestiging: Vestiging, jaar: int, stap: Stap | None, form: ContactForm) -> dict[str, Any]:
    """The context of the page."""
    uit = scholen_op(vestigingen_van(actor).filter(pk=vestiging.pk), vestiging.regio_id, jaar, klok.vandaag())
    school = uit.scholen[0]
    naam = jaar_naam(jaar)
    return {
        "vestiging": vestiging,
        "school": school,
        "ambitie": uit.ambitie,
        "populatie": POPULATIE_KORT[uit.ambitie.populatie],
        "datum": dag_naam(uit.datum),
        "jaar": naam,
        "stap": stap,
        "actief": dagen_geleden(school.laatst_actief),
        "cijfers": _cijfers(actor, school, naam),
        "momenten": [
            {
                "naam": f"{a.onderwerp}: {a.tekst.lower()}",
                "wanneer": f"{dag_naam(a.op.date())} {a.op:%Y}",
                "wie": a.wie,
                "toelichting": a.notitie,
            }
            for a in afspraken_van([vestiging.pk], jaar).get(vestiging.pk, [])
        ],
        "form": form,
        "is_school": actor.rol in SCHOOLROLLEN,
        "kan_exporteren": actor.mag(Recht.EXPORTEREN) and school.overstappers > 0,
        "leerlingen_url": leerlingen(vestiging.code, naam) if school.overstappers else "",
        "contact_url": adres("contacten", zoek=vestiging.organisatie.code),
        "melding_url": melding_url(actor),
        "kruimels": [_terug(actor, stap, naam), {"naam": vestiging.naam}],
        "actie_url": adres("school-contact", vestiging.code, jaar=naam, stap=stap.id if stap else ""),
    }


def _terug(actor: Actor, stap: Stap | None, jaar: str) -> dict[str, str]:
    if actor.rol == Rol.AANJAGER:
        return {
            "naam": stap.naam if stap else "Scholen",
            "url": adres("scholen", stap=stap.id if stap else "", jaar=jaar),
        }
    return {"naam": "Voortgang", "url": adres("voortgang", jaar=jaar)}


def _cijfers(actor: Actor, s: School, jaar: str) -> list[tuple[str, int, str]]:
    """(what, how many, where to see exactly those)."""
    code = s.vestiging.code
    rijen = (
        ("Zonder aanmelding", s.zonder, frozenset({Status.ZONDER_AANMELDING})),
        ("Afgewezen of afgemeld", s.terug, TERUG),
        ("Bij leerplicht", s.leerplicht, LEERPLICHT_AAN_HET_WERK),
        ("Nog niet geplaatst", s.niet_geplaatst, NIET_GEPLAATST),
        ("Geplaatst", s.geplaatst, frozenset({Status.DEFINITIEF})),
    )
    return [(wat, n, leerlingen(code, jaar, statussen) if n else "") for wat, n, statussen in rijen]


def melding_url(actor: Actor) -> str:
    """Where this role reports a knelpunt (AJ5); "" for who may not."""
    return adres("melding-nieuw") if actor.mag(Recht.MELDEN) else ""
