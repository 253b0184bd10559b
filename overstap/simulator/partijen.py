"""Who plays: schools, mbo-instellingen and gemeenten of the sandbox, each with an API client as `maak_systeem` makes them.

And an endpoint for a gemeente that gets its messages by push. All by the actions of the house; nothing else is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from accounts.actions import create_client
from accounts.models import Gemeente, Organisatie, Regio, Vestiging
from accounts.rechten import Scope, Soort
from accounts.scope import systeem_bereik
from overstap.simulator.http import Lijn, controleer
from vva_berichten.actions import save_eindpunt
from vva_berichten.models import Eindpunt

_LAS = (Scope.LEERLINGEN_SCHRIJVEN, Scope.VVA_MBO_GANGERS)
_SIS = (Scope.VVA_AANMELDSTATUSSEN,)
_POSTBUS = (Scope.VVA_POSTBUS,)


class Onvoldoende(Exception):
    """The regio has not enough organisaties to play with; the message is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Partij:
    """An organisatie as the outside world knows it: by code and OIN. ``vestiging`` of a school."""

    soort: str
    code: str
    oin: str
    vestiging: str = ""
    aangesloten: bool = True

    @property
    def sleutel(self) -> str:
        return f"{self.soort} {self.code}"


@dataclass(frozen=True, slots=True)
class Systeem:
    """A sending or receiving system: whose it is, for whom it may act, and its line."""

    naam: str
    van: Partij
    voor: tuple[Partij, ...]
    lijn: Lijn


@dataclass(frozen=True, slots=True)
class Bezetting:
    """All who play. ``dicht``: a gemeente that is not connected, when the regio has one. ``ver``: a gemeente elsewhere."""

    scholen: tuple[Partij, ...]
    mbos: tuple[Partij, ...]
    gemeenten: tuple[Partij, ...]
    ver: tuple[Partij, ...]
    dicht: tuple[Partij, ...]
    las: tuple[Systeem, ...]
    sis: tuple[Systeem, ...]
    ontvangers: tuple[Systeem, ...]
    onbekend: str  # a BRIN that nobody has


def sluit_aan(adres: str, regio: str, rng: Random, *, scholen: int = 3, gemeenten: int = 3) -> Bezetting:
    """Choose the organisaties and make their API clients. Raises Onvoldoende, and Onbereikbaar for an address that is none."""
    controleer(adres)
    if not Regio.objects.filter(pk=regio).exists():
        raise Onvoldoende(f"Regio {regio} staat niet in deze database. Kies een code van twee cijfers, zoals 21.")
    vo = [_school(v) for v in _kies(rng, _vestigingen(regio), scholen)]
    hier = _organisaties(Soort.GEMEENTE, Gemeente.objects.filter(regio=regio).values_list("code", flat=True))
    elders = _organisaties(Soort.GEMEENTE, Gemeente.objects.exclude(regio=regio).values_list("code", flat=True))
    open_ = [_partij(o) for o in _kies(rng, [o for o in hier if o.aangesloten], gemeenten)]
    ver = [_partij(o) for o in _kies(rng, [o for o in elders if o.aangesloten], 1)]
    dicht = [_partij(o) for o in _kies(rng, [o for o in hier if not o.aangesloten], 1)]
    mbos = list(Organisatie.objects.filter(soort=Soort.MBO, code__regex=r"^[0-9]{2}[A-Z]{2}$").order_by("code"))
    eigen = set(Organisatie.objects.filter(soort=Soort.MBO, deelnames__regio=regio).values_list("code", flat=True))
    mbo_hier = [_partij(o) for o in _kies(rng, [o for o in mbos if o.code in eigen], 2)]
    mbo_ver = [_partij(o) for o in _kies(rng, [o for o in mbos if o.code not in eigen], 1)]
    if not vo or not open_ or not mbo_hier:
        raise Onvoldoende(
            f"Regio {regio} heeft te weinig om mee te spelen: minstens een vo-vestiging, een mbo-instelling en een "
            "aangesloten gemeente. Start met make start, of draai manage.py demo."
        )
    return Bezetting(
        tuple(vo), tuple(mbo_hier + mbo_ver), tuple(open_), tuple(ver), tuple(dicht),
        las=_las(adres, vo),
        sis=_sis(adres, mbo_hier, mbo_ver),
        onbekend=_onbekende_brin(),
        ontvangers=tuple(_systeem(adres, "postbus", p, _POSTBUS) for p in (*open_, *ver, *dicht, *vo)),
    )  # fmt: skip


def _las(adres: str, scholen: Sequence[Partij]) -> tuple[Systeem, ...]:
    """A supplier that acts for the other schools by mandaat, and the last school with a LAS of its own."""
    if len(scholen) < 2:
        return (_systeem(adres, "LAS", scholen[0], _LAS),)
    *samen, alleen = scholen
    leverancier = _systeem(adres, "LAS", samen[0], _LAS, samen[1:])
    return leverancier, _systeem(adres, "LAS", alleen, _LAS)


def _sis(adres: str, hier: Sequence[Partij], ver: Sequence[Partij]) -> tuple[Systeem, ...]:
    """The SIS of the first instelling; the koppelpunt speaks for the others, also for one outside the regio."""
    sis = _systeem(adres, "SIS", hier[0], _SIS)
    rest = [*hier[1:], *ver]
    return (sis, _systeem(adres, "koppelpunt", rest[0], _SIS, rest[1:])) if rest else (sis,)


def _systeem(adres: str, naam: str, van: Partij, scopes: Iterable[Scope], mandaten: Sequence[Partij] = ()) -> Systeem:
    organisatie = Organisatie.objects.get(code=van.code, soort=van.soort)
    gevers = [Organisatie.objects.get(code=p.code, soort=p.soort) for p in mandaten]
    nieuw = create_client(organisatie, van.soort, scopes, gevers, naam=f"Simulator, {naam} van {van.code}")
    assert nieuw.geheim is not None  # we gave no key
    return Systeem(naam, van, (van, *mandaten), Lijn(adres, nieuw.client.client_id, nieuw.geheim))


def heeft_eindpunt(gemeente: Partij) -> bool:
    """Somebody set one: then we leave it alone. One that an earlier run left behind is ours."""
    eindpunten = Eindpunt.objects.filter(organisatie__code=gemeente.code, organisatie__soort=gemeente.soort)
    return eindpunten.exclude(actief=False, url__startswith="http://127.0.0.1:").exists()


def zet_eindpunt(gemeente: Partij, regio: str, url: str, *, actief: bool) -> None:
    """Push to this address from now on, or not any more."""
    organisatie = Organisatie.objects.get(code=gemeente.code, soort=gemeente.soort)
    with systeem_bereik(regio) as actor:
        save_eindpunt(organisatie, url, actief, actor=actor)


def _vestigingen(regio: str) -> list[Vestiging]:
    """One per school, where vmbo or anything else than havo and vwo is given."""
    per_school: dict[str, Vestiging] = {}
    rijen = Vestiging.objects.filter(regio=regio).select_related("organisatie").order_by("code")
    for vestiging in rijen:
        soorten = set(vestiging.onderwijssoorten)
        if len(vestiging.code) == 6 and (not soorten or soorten - {"havo", "vwo"}):
            per_school.setdefault(vestiging.organisatie.code, vestiging)
    return list(per_school.values())


def _organisaties(soort: Soort, codes: Iterable[str]) -> list[Organisatie]:
    return list(Organisatie.objects.filter(soort=soort, code__in=list(codes)).order_by("code"))


T = TypeVar("T")


def _onbekende_brin() -> str:
    bekend = set(Organisatie.objects.values_list("code", flat=True))
    return next(code for n in range(99, -1, -1) if (code := f"{n:02d}ZZ") not in bekend)


def _kies(rng: Random, rijen: Sequence[T], aantal: int) -> list[T]:
    return rng.sample(list(rijen), min(aantal, len(rijen)))


def _school(vestiging: Vestiging) -> Partij:
    return Partij("vo", vestiging.organisatie.code, _oin(vestiging.organisatie), vestiging.code)


def _partij(organisatie: Organisatie) -> Partij:
    return Partij(organisatie.soort, organisatie.code, _oin(organisatie), aangesloten=organisatie.aangesloten)


def _oin(organisatie: Organisatie) -> str:
    """vva.md, Bodies: 00000007 + BRIN, or 00000099 + gemeentecode; the own one where known."""
    if organisatie.oin:
        return organisatie.oin
    if organisatie.soort == Soort.GEMEENTE:
        return f"00000099{organisatie.code.rjust(9, '0')}000"
    return f"00000007{organisatie.code[:4].rjust(7, '0')}00000"
