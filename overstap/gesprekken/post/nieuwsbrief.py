"""The nieuwsbrief: per role the steps that now count, with the live counts of that person's own scope and no leerling.

Due at the first day of each month and of each phase; one that comes within a week of the next is left out for it.
Bron: domein.md 3, "a periodic nieuwsbrief mail per role with the steps that now count".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.actor import Actor, actor_van_lidmaatschap
from accounts.models import Deelname, Lidmaatschap, Regio
from accounts.rechten import ROL_LABELS, Rol
from accounts.scope import voor_actor
from overstap.basis import klok
from overstap.basis.rls import bereik
from overstap.gesprekken.models import Mail
from overstap.gesprekken.post.actions import Post, stuur
from overstap.gesprekken.post.ontvangers import actieve_leden
from overstap.gesprekken.post.soorten import Soort
from statuses.regiokalender import kalender_in, regios_met_regels
from statuses.tellingen import tel_stappen
from statuses.termijnen import Kalender, jaar_naam, open_jaren
from statuses.werklijsten import Stap, stappen_van

VENSTER = timedelta(days=7)
"""How late it may still go out: a job that was missed for days, or somebody who came in this week."""


def _momenten(kalenders: Sequence[Kalender], dag: date) -> set[date]:
    """The days of the letters around this day: two months and the phases of the open jaren."""
    eerste = dag.replace(day=1)
    fasen = {f.begin for k in kalenders for f in k.fasen}
    maanden = {m for m in (eerste, _volgende(eerste)) if not any(m < f <= m + VENSTER for f in fasen)}
    return maanden | {f for f in fasen if not any(f < m <= f + VENSTER for m in maanden)}


def moment(kalenders: Sequence[Kalender], dag: date) -> date | None:
    """The day of the nieuwsbrief that is due now; None when it is a week ago or more."""
    return max((m for m in _momenten(kalenders, dag) if m <= dag < m + VENSTER), default=None)


def volgend_moment(kalenders: Sequence[Kalender], dag: date) -> date:
    """When the next one goes."""
    return min(m for m in _momenten(kalenders, dag) | {_volgende(_volgende(dag.replace(day=1)))} if m > dag)


def _volgende(eerste: date) -> date:
    return (eerste + timedelta(days=32)).replace(day=1)


def kalenders_van(regio: Regio, dag: date) -> list[Kalender]:
    return [kalender_in(regio, jaar) for jaar in open_jaren(dag)]


def stappen_nu(rol: Rol, kalenders: Sequence[Kalender], dag: date) -> list[tuple[Kalender, list[Stap]]]:
    """Per open overstapjaar the steps that show for this role on this day."""
    return [(k, [s for s in stappen_van(rol) if s.toont(dag, k)]) for k in kalenders]


def regels(rol: Rol, kalenders: Sequence[Kalender], dag: date, actor: Actor | None) -> list[dict[str, Any]]:
    """The lines of the letter; with an actor only what waits for that one, with its count. One query per open jaar."""
    uit = []
    for k, stappen in stappen_nu(rol, kalenders, dag):
        tel = tel_stappen(stappen, actor, k, dag) if actor and stappen else {}
        for stap in stappen:
            aantal = tel.get(stap.id)
            if actor is None or aantal or not stap.telt:
                naam = f"{stap.naam} ({jaar_naam(k.overstapjaar)})" if len(kalenders) > 1 else stap.naam
                uit.append({"naam": naam, "uitleg": stap.uitleg, "aantal": aantal})
    return uit


def fase_naam(kalenders: Sequence[Kalender], dag: date) -> str:
    """The phase of the newest open jaar."""
    fase = kalenders[0].fase(dag)
    return fase.naam.lower() if fase else ""


def lezers(regio: str) -> list[Lidmaatschap]:
    """Who gets it in this regio: not who said no; an organisatie in several regio's in the lowest one."""
    lager = Deelname.objects.filter(organisatie_id=OuterRef("organisatie_id"), regio_id__lt=regio)
    leden = actieve_leden(Rol).filter(
        Q(voorkeur__isnull=True) | Q(voorkeur__nieuwsbrief=True), ~Exists(lager), organisatie__deelnames__regio=regio
    )
    return list(voor_actor(leden).order_by("pk"))


def maak(regio: str) -> int:
    """Write the letters that are due and were not made yet; how many. Counted once per scope, not once per person."""
    dag = klok.vandaag()
    rij = regios_met_regels().get(pk=regio)
    kalenders = kalenders_van(rij, dag)
    due = moment(kalenders, dag)
    if due is None:
        return 0
    gemaakt = set(
        Mail.objects.filter(regio_id=regio, soort=Soort.NIEUWSBRIEF, sleutel__endswith=f":{due}").values_list(
            "sleutel", flat=True
        )
    )
    per_scope: dict[Any, list[Lidmaatschap]] = defaultdict(list)
    for lid in lezers(regio):
        if _sleutel(lid, due) not in gemaakt:
            actor = actor_van_lidmaatschap(lid)
            per_scope[actor.rol, actor.organisatie_id, actor.vestiging_ids, actor.subregio_ids].append(lid)
    posten = []
    for leden in per_scope.values():
        actor = actor_van_lidmaatschap(leden[0])
        with bereik(actor.regios):
            inhoud = {
                "stappen": regels(actor.rol, kalenders, dag, actor),
                "fase": fase_naam(kalenders, dag),
                "rol": ROL_LABELS[actor.rol],
            }
        posten += [Post(Soort.NIEUWSBRIEF, regio, _sleutel(lid, due), lid.gebruiker_id, inhoud=inhoud) for lid in leden]
    return len(stuur(posten))


def _sleutel(lid: Lidmaatschap, due: date) -> str:
    return f"nieuwsbrief:{lid.pk}:{due}"
