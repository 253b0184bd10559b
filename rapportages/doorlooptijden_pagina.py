"""What /doorlooptijden shows: per instelling and per opleiding how long each step takes, beside the agreement, and how fresh it is.

The number of statements does not grow with the instellingen. Never a leerling: for who does not see the rows, no number below five.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Organisatie
from accounts.rechten import Recht, Rol, Soort
from overstap.basis import klok
from rapportages.doorlooptijden import STAPPEN, TOTAAL, Groep, Meting, Normen, meet, normen_van, over_tijd_q
from rapportages.klein import KLEIN, Getal, tel_op, verberg
from rapportages.zicht import zichtbare_groepen
from statuses.models import Aanmelding, Levering, Overstap
from statuses.status import GESTOPT, Status
from statuses.termijnen import jaar_naam

MBO_ROLLEN = (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER)
# Norm: three times a week, so a gap of three days or more is too long. Bron: PROC, MB7.
LEVERING_DAGEN = 3
STAP_KOPPEN = (
    "Afspraak",
    "Gemeten",
    "Mediaan",
    "9 van de 10 binnen",
    "Langer dan afgesproken",
    "Loopt nu",
    "Nu te lang",
)
KOLOMMEN: tuple[Status, ...] = (*STAPPEN, Status.DEFINITIEF, *sorted(GESTOPT))


@dataclass(frozen=True, slots=True)
class Levermoment:
    """The last exchange with the SIS of an instelling; None: never."""

    op: datetime | None
    dagen: int | None

    @property
    def is_laat(self) -> bool:
        return self.dagen is None or self.dagen >= LEVERING_DAGEN

    @property
    def tekst(self) -> str:
        """ "vandaag 08:30", "gisteren", "4 dagen geleden", "nog nooit"."""
        if self.op is None or self.dagen is None:
            return "nog nooit"
        if self.dagen <= 0:
            return f"vandaag {self.op:%H:%M}"
        return "gisteren" if self.dagen == 1 else f"{self.dagen} dagen geleden"


@dataclass(frozen=True, slots=True)
class Instelling:
    """A row of the table."""

    groep: Groep
    url: str
    levering: Levermoment

    @property
    def is_leeg(self) -> bool:
        """Takes part, and nothing of it is known this jaar."""
        return self.levering.op is None and not any(m.gemeten != 0 or m.loopt != 0 for m in self.groep.stappen)

    @property
    def nu_over(self) -> Getal:
        """How many wait too long, all steps together; no more than what is told where one of them is not."""
        delen = [m.nu_over for m in self.groep.stappen if m.nu_over != 0]
        return KLEIN if delen == [KLEIN] else tel_op(delen)


def norm_van(normen: Sequence[Normen], mbo_id: uuid.UUID | None, status: Status) -> int | None:
    """The agreement to show: none where the regio's of this actor agreed on different days."""
    gevonden = {dagen for n in normen if (dagen := n.van(mbo_id, status)) is not None}
    return gevonden.pop() if len(gevonden) == 1 else None


def _kop(status: Status, normen: Sequence[Normen], mbo_id: uuid.UUID | None = None) -> str:
    """ "Intake (afspraak 42)"."""
    norm = norm_van(normen, mbo_id, status)
    return status.label if norm is None else f"{status.label} (afspraak {norm})"


def _groep(
    sleutel: str, naam: str, stappen: dict[Status, Meting], normen: Sequence[Normen], mbo_id: uuid.UUID | None
) -> Groep:
    heel = {s: stappen.get(s, Meting(s)) for s in STAPPEN}
    eigen = {s: norm_van(normen, mbo_id, s) for s in STAPPEN}
    anders = {s for s in STAPPEN if mbo_id is not None and eigen[s] != norm_van(normen, None, s)}
    return Groep(
        sleutel, naam, {s: replace(m, norm=eigen[s], eigen_norm=s in anders) for s, m in heel.items()}
    )  # fmt: skip


def leveringen(regios: Iterable[str]) -> dict[uuid.UUID, Levermoment]:
    """Per mbo its last exchange in these regio's; one statement."""
    vandaag = klok.vandaag()
    laatste = (
        Levering.objects.filter(regio_id__in=sorted(regios), soort="aanmeldingen")
        .order_by()
        .values_list("organisatie_id")
        .annotate(op=Max("ontvangen_op"))
    )
    uit = {}
    for pk, moment in laatste:
        op = timezone.localtime(moment)
        uit[pk] = Levermoment(op, (vandaag - op.date()).days)
    return uit


def mbos_van(regios: Iterable[str]) -> list[Organisatie]:
    """The instellingen that take part in one of these regio's."""
    alle = Organisatie.objects.filter(soort=Soort.MBO, deelnames__regio_id__in=sorted(regios))
    return list(alle.distinct().order_by("naam", "code"))


def _alle(
    actor: Actor,
    jaar: int,
    normen: Sequence[Normen],
    metingen: dict[str, dict[Status, Meting]],
    mbos: Sequence[Organisatie],
) -> list[Instelling]:
    vers = leveringen(actor.regios)
    return [
        Instelling(
            _groep(m.code, m.naam, metingen.get(m.code, {}), normen, m.pk),
            _adres("doorlooptijden", jaar=jaar_naam(jaar), mbo=m.code),
            vers.get(m.pk, Levermoment(None, None)),
        )
        for m in mbos
    ]


def instellingen_van(actor: Actor, jaar: int) -> list[Instelling]:
    """The instellingen of which something is known this jaar, as this actor may see them."""
    normen = normen_van(actor.regios)
    metingen = meet(normen, jaar, zichtbaar=zichtbare_groepen(actor, "mbo"))
    return [rij for rij in _alle(actor, jaar, normen, metingen, mbos_van(actor.regios)) if not rij.is_leeg]


def pagina(actor: Actor, jaar: int, gevraagd: str) -> dict[str, Any]:
    """The context of the page; ``gevraagd``: the code of an instelling, "" for the own one or for none."""
    normen = normen_van(actor.regios)
    mbos = mbos_van(actor.regios)
    code = gevraagd or (actor.organisatie_code if actor.rol in MBO_ROLLEN else "")
    gekozen = next((m for m in mbos if m.code == code), None)
    zichtbaar = zichtbare_groepen(actor, "mbo")
    metingen = meet(normen, jaar, zichtbaar=zichtbaar)
    rijen = _alle(actor, jaar, normen, metingen, mbos)
    uit: dict[str, Any] = {
        "jaar": jaar_naam(jaar),
        "totaal": _groep(TOTAAL, "Alle instellingen", metingen.get(TOTAAL, {}), normen, None),
        "instellingen": [rij for rij in rijen if not rij.is_leeg],
        "lege_instellingen": [rij.groep.naam for rij in rijen if rij.is_leeg],
        "kolommen": [
            {"naam": "Instelling"},
            *({"naam": _kop(s, normen), "getal": True} for s in STAPPEN),
            {"naam": "Nu te lang", "getal": True},
            {"naam": "Laatste levering"},
        ],
        "stapkolommen": [{"naam": "Stap"}, *({"naam": n, "getal": True} for n in STAP_KOPPEN)],
        "eigen": _eigen(actor, jaar, normen),
        "ziet_alles": zichtbaar is None,
        "kan_exporteren": actor.mag(Recht.EXPORTEREN),
    }
    if gekozen is not None:
        vers = next(rij.levering for rij in rijen if rij.groep.sleutel == gekozen.code)
        uit |= _van_een(actor, jaar, normen, gekozen, metingen, vers)
    return uit


def _van_een(
    actor: Actor,
    jaar: int,
    normen: Sequence[Normen],
    mbo: Organisatie,
    metingen: dict[str, dict[Status, Meting]],
    vers: Levermoment,
) -> dict[str, Any]:
    """One instelling: its steps, its opleidingen, and what stands where."""
    zichtbaar = zichtbare_groepen(actor, "mbo")
    ziet_rijen = zichtbaar is None or mbo.code in zichtbaar
    per = meet(normen, jaar, per="opleiding", mbo_id=mbo.pk, zichtbaar=None if ziet_rijen else ())
    eigen = actor.rol in MBO_ROLLEN and actor.organisatie_id == mbo.pk
    return {
        "gekozen": mbo,
        "is_eigen": eigen,
        "stappen": [
            (m, _adres("leerlingen", jaar=jaar_naam(jaar), over_tijd="ja", status=m.status.code) if eigen else "")
            for m in _groep(mbo.code, mbo.naam, metingen.get(mbo.code, {}), normen, mbo.pk).stappen
        ],
        "levering": vers,
        "wijzig_url": _wijzig_url(actor, eigen),
        "opleidingen": [
            _groep(naam, naam, per[naam], normen, mbo.pk) for naam in sorted(per, key=str.casefold) if naam != TOTAAL
        ],
        "aantallen": _aantallen(actor, jaar, mbo, ziet_rijen, eigen),
        "kolommen_aantallen": [{"naam": "Opleiding"}, *({"naam": s.label, "getal": True} for s in KOLOMMEN)],
        "opleidingkolommen": [
            {"naam": "Opleiding"},
            *({"naam": _kop(s, normen, mbo.pk), "getal": True} for s in STAPPEN),
        ],
        "kruimels": [
            {"naam": "Doorlooptijden", "url": f"{reverse('doorlooptijden')}?jaar={jaar_naam(jaar)}"},
            {"naam": mbo.naam},
        ],
    }


def _wijzig_url(actor: Actor, eigen: bool) -> str:
    """Where the agreement of the own instelling is set, for who may."""
    if not eigen or not actor.mag(Recht.AFSPRAKEN_WIJZIGEN):
        return ""
    try:
        return reverse("beheer-eigen")
    except NoReverseMatch:
        return ""


def _aantallen(actor: Actor, jaar: int, mbo: Organisatie, ziet_rijen: bool, eigen: bool) -> list[dict[str, Any]]:
    """Per opleiding how many aanmeldingen stand at each status; a cell of an own instelling leads to exactly those."""
    rijen = (
        Aanmelding.objects.filter(
            regio_id__in=sorted(actor.regios), mbo=mbo, overstapjaar=jaar, overstap__gemarkeerd_sinds__isnull=False
        )
        .order_by()
        .values_list("opleiding", "status")
        .annotate(n=Count("pk"))
    )
    per: dict[str, dict[int, int]] = {}
    for opleiding, status, n in rijen:
        per.setdefault(opleiding, {})[status] = n
    # Beside it stands how many there are at each step of the whole instelling.
    weg: dict[tuple[str, int], str] = {} if ziet_rijen else verberg(per)
    uit = []
    for naam in sorted(per, key=str.casefold):
        cellen = []
        for status in KOLOMMEN:
            n = per[naam].get(status, 0)
            url = _adres("leerlingen", jaar=jaar_naam(jaar), opleiding=naam, status=status.code) if eigen and n else ""
            cellen.append((weg.get((naam, status), str(n)), url, status.label))
        uit.append({"naam": naam, "cellen": cellen})
    return uit


def _eigen(actor: Actor, jaar: int, normen: Sequence[Normen]) -> dict[str, Any] | None:
    """How many of the leerlingen that this actor sees wait too long; None for who sees none, or nothing was agreed."""
    afgesproken = any(n.regels.doorlooptijden or n.regels.per_mbo for n in normen)
    if not actor.mag(Recht.LEERLINGEN_ZIEN) or not afgesproken:
        return None
    afspraak = "u afsprak" if actor.rol in MBO_ROLLEN else "met het mbo is afgesproken"
    wachten = Aanmelding.objects.zichtbaar_voor(actor).filter(over_tijd_q(normen, klok.vandaag()), overstapjaar=jaar)
    if actor.rol in MBO_ROLLEN:
        aantal, wat = wachten.count(), ("aanmelding", "aanmeldingen")
    else:
        aantal = Overstap.objects.zichtbaar_voor(actor).filter(pk__in=wachten.values("overstap_id")).count()
        wat = ("leerling", "leerlingen")
    return {
        "aantal": aantal,
        "wat": wat[aantal != 1],
        "afspraak": afspraak,
        "url": _adres("leerlingen", jaar=jaar_naam(jaar), over_tijd="ja") if aantal else "",
    }


def _adres(naam: str, **vraag: str) -> str:
    return f"{reverse(naam)}?{urlencode(vraag)}"


__all__ = ["LEVERING_DAGEN", "Instelling", "Levermoment", "leveringen", "pagina"]
