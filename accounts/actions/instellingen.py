"""The choices of a regio and of an organisatie: checked, locked, audited. The only writer of ``instellingen``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.instellingen import BRONNEN, DOELEN, is_maand_dag
from accounts.models import Deelname, Organisatie, Regio
from accounts.rechten import Recht, Rol, Soort

# What there is to choose per kind of organisatie, and what of it a manager sets for the own instelling.
VAN_SOORT: Final[Mapping[Soort, frozenset[str]]] = {
    Soort.MBO: frozenset({"doorlooptijden", "show", "bron", "aanmeldstatus"}),
    Soort.SAMENWERKINGSVERBAND: frozenset({"scholen"}),
    Soort.GEMEENTE: frozenset({"levering_uit"}),
    Soort.VO: frozenset({"vva_bevestigen"}),
}
VAN_MANAGER: Final = frozenset({"doorlooptijden", "show"})
VAN_SCHOOL: Final = frozenset({"vva_bevestigen"})


class InstellingFout(ValueError):
    """What cannot be stored: name of the setting -> a Dutch sentence that says what, and how to mend it."""

    def __init__(self, fouten: Mapping[str, str]) -> None:
        super().__init__(" ".join(fouten.values()))
        self.fouten = dict(fouten)


class Gewijzigd(ValueError):
    """Somebody else changed the same settings since the page was opened; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Intussen heeft iemand anders deze instellingen gewijzigd.")


def versie_van(instellingen: Mapping[str, Any], sleutels: Collection[str]) -> str:
    """A short mark of what these settings are now; the page sends it back, so that the second of two writers is told."""
    deel = {sleutel: instellingen.get(sleutel) for sleutel in sorted(sleutels)}
    return hashlib.sha256(json.dumps(deel, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def change_settings(
    regio: str, wijzigingen: Mapping[str, Any], *, actor: Actor, versie: str | None = None, doel: str = ""
) -> Regio:
    """Set these settings of a regio: name -> JSON, None takes the choice away so that the default holds again.

    ``versie``: what :func:`versie_van` said of these names when the page was opened. Raises :class:`Gewijzigd`,
    :class:`InstellingFout` with a sentence per setting, PermissionError for who may not.
    """
    if not actor.mag(Recht.BEHEREN) or regio not in actor.regios:
        raise PermissionError("Alleen de beheerorganisatie van deze regio wijzigt de instellingen.")
    rij = Regio.objects.select_for_update().get(pk=regio)
    _zet(rij, wijzigingen, _VAN_REGIO, versie)
    audit.log(
        actor,
        "instellingen.wijzigen",
        regio=regio,
        object_soort="regio",
        object_id=regio,
        doel=doel,
        details=_details(wijzigingen),
    )
    return rij


@transaction.atomic
def change_organisatie_settings(
    organisatie: Organisatie, wijzigingen: Mapping[str, Any], *, actor: Actor, versie: str | None = None
) -> Organisatie:
    """The same for an organisatie: by the beheerorganisatie of a regio where it takes part, or by its own manager.

    A school has its functioneel beheerder for it.
    """
    van_hier = organisatie.id == actor.organisatie_id
    school = van_hier and organisatie.soort == Soort.VO and actor.rol == Rol.FUNCTIONEEL_BEHEERDER
    eigen = school or (van_hier and actor.mag(Recht.AFSPRAKEN_WIJZIGEN))
    if not eigen and not (actor.mag(Recht.BEHEREN) and _doet_mee(organisatie, actor)):
        raise PermissionError("Deze organisatie hoort niet bij uw regio.")
    rij = Organisatie.objects.select_for_update().get(pk=organisatie.pk)
    if set(wijzigingen) - VAN_SOORT.get(Soort(rij.soort), frozenset()):
        raise InstellingFout(dict.fromkeys(wijzigingen, "Deze instelling is er niet voor dit soort organisatie."))
    if not actor.mag(Recht.BEHEREN) and set(wijzigingen) - (VAN_SCHOOL if school else VAN_MANAGER):
        raise PermissionError("Dit wijzigt alleen de beheerorganisatie.")
    _zet(rij, wijzigingen, _VAN_ORGANISATIE, versie)
    audit.log(
        actor, "organisatie.instellen", object_soort="organisatie", object_id=rij.id, details=_details(wijzigingen)
    )
    return rij


def _doet_mee(organisatie: Organisatie, actor: Actor) -> bool:
    return Deelname.objects.filter(organisatie=organisatie, regio_id__in=sorted(actor.regios)).exists()


def _zet(
    rij: Regio | Organisatie, wijzigingen: Mapping[str, Any], controles: Mapping[str, _Controle], versie: str | None
) -> None:
    if versie is not None and versie != versie_van(rij.instellingen, set(wijzigingen)):
        raise Gewijzigd
    fouten = {
        naam: fout for naam, waarde in wijzigingen.items() if waarde is not None and (fout := controles[naam](waarde))
    }
    if fouten:
        raise InstellingFout(fouten)
    nieuw = {**rij.instellingen, **wijzigingen}
    rij.instellingen = {naam: waarde for naam, waarde in nieuw.items() if waarde is not None}
    rij.save(update_fields=["instellingen"])


def _details(wijzigingen: Mapping[str, Any]) -> dict[str, Any]:
    """Which settings, and of the switches what they became; never a text: somebody may have written a name in it."""
    kort = {"toestemming_vereist", "show", "bron", "stilstand_weken_zonder", "levering_uit"}
    return {"namen": sorted(wijzigingen), **{naam: waarde for naam, waarde in wijzigingen.items() if naam in kort}}


# --- what can be stored: each gives a Dutch sentence, or an empty one when all is well

_Controle = Callable[[Any], str]


def _kalender_jaren(waarde: Any) -> str:
    rijen = waarde.values() if isinstance(waarde, Mapping) else [None]
    goed = all(isinstance(rij, Mapping) and all(map(_is_maand_dag, rij.values())) for rij in rijen)
    return "" if goed else "Elke datum is een maand en een dag, zoals 04-01."


def _is_maand_dag(waarde: Any) -> bool:
    return isinstance(waarde, str) and is_maand_dag(waarde)


def _ambities_jaren(waarde: Any) -> str:
    for rij in waarde.values():
        for code, velden in rij.items():
            if "datum" in velden and not _is_maand_dag(velden["datum"]):
                return f"De datum van ambitie {code} is een maand en een dag, zoals 04-01."
            if not _is_getal(velden.get("norm", 100), 0, 100):
                return f"De norm van ambitie {code} is een heel getal van 0 tot en met 100."
    return ""


def _is_getal(waarde: Any, van: int, tot: int) -> bool:
    return isinstance(waarde, int) and not isinstance(waarde, bool) and van <= waarde <= tot


def _dagen_per_stap(waarde: Any) -> str:
    goed = isinstance(waarde, Mapping) and all(_is_getal(dagen, 1, 365) for dagen in waarde.values())
    return "" if goed else "Een doorlooptijd is een heel aantal dagen van 1 tot en met 365."


def _drie_vragen(waarde: Any) -> str:
    goed = isinstance(waarde, list) and len(waarde) == 3 and all(isinstance(v, str) and len(v) <= 200 for v in waarde)
    return "" if goed else "Er zijn drie vragen, elk van hooguit 200 tekens."


def _vakanties(waarde: Any) -> str:
    vorige = date.min
    for van, tot in sorted(tuple(map(date.fromisoformat, rij)) for rij in waarde):
        if tot < van:
            return f"De vakantie die begint op {van:%d-%m-%Y}, eindt eerder. Kies een latere laatste dag."
        if (tot - van).days > 70:
            return f"De vakantie vanaf {van:%d-%m-%Y} duurt langer dan tien weken. Kijk de datums na."
        if van <= vorige:
            return f"De vakantie vanaf {van:%d-%m-%Y} begint voordat de vorige voorbij is. Kijk de datums na."
        vorige = tot
    return ""


def _weken(waarde: Any) -> str:
    return "" if _is_getal(waarde, 1, 52) else "Kies een heel aantal weken van 1 tot en met 52."


def _toestemming(waarde: Any) -> str:
    goed = isinstance(waarde, list) and set(waarde) <= set(DOELEN)
    return "" if goed else f"Kies uit {' en '.join(DOELEN)}."


def _teksten(waarde: Any) -> str:
    platte = [*waarde.values(), *waarde.get("subregios", {}).values()]
    goed = all(len(tekst) <= 5000 for tekst in platte if isinstance(tekst, str))
    return "" if goed else "Een tekst is hooguit 5000 tekens lang."


def _jaren(waarde: Any) -> str:
    goed = isinstance(waarde, list) and all(_is_getal(jaar, 2000, 2100) for jaar in waarde)
    return "" if goed else "Dit zijn geen overstapjaren."


def _ja_nee(waarde: Any) -> str:
    return "" if isinstance(waarde, bool) else "Kies ja of nee."


def _bron(waarde: Any) -> str:
    return "" if waarde in BRONNEN else f"Kies uit {' en '.join(BRONNEN)}."


def _aanmeldstatus(waarde: Any) -> str:
    rijen: list[Any] = waarde if isinstance(waarde, list) else [None]
    goed = all(isinstance(r, list) and len(r) == 3 and all(isinstance(deel, str) for deel in r) for r in rijen)
    zin = "Elke regel heeft een dag, een status en een status van de VVA."
    if not goed:
        return zin
    try:
        dagen = {(date.fromisoformat(r[0]), r[1]) for r in rijen}
    except ValueError:
        return zin
    return "" if len(dagen) == len(rijen) else "Voor deze dag is al een andere keuze gemaakt. Kies een latere dag."


def _scholen(waarde: Any) -> str:
    goed = isinstance(waarde, list) and all(isinstance(code, str) for code in waarde)
    return "" if goed else "Kies scholen uit de lijst."


def _vestigingen(waarde: Any) -> str:
    goed = isinstance(waarde, list) and all(isinstance(code, str) for code in waarde)
    return "" if goed else "Kies vestigingen uit de lijst."


_VAN_REGIO: Final[Mapping[str, _Controle]] = {
    "kalender_jaren": _kalender_jaren,
    "ambities_jaren": _ambities_jaren,
    "drie_vragen": _drie_vragen,
    "doorlooptijden": _dagen_per_stap,
    "vakanties": _vakanties,
    "stilstand_weken_zonder": _weken,
    "toestemming_vereist": _toestemming,
    "hulp": _teksten,
    "klaargezet": _jaren,
}
_VAN_ORGANISATIE: Final[Mapping[str, _Controle]] = {
    "doorlooptijden": _dagen_per_stap,
    "show": _ja_nee,
    "bron": _bron,
    "aanmeldstatus": _aanmeldstatus,
    "scholen": _scholen,
    "levering_uit": _ja_nee,
    "vva_bevestigen": _vestigingen,
}
