"""Every address of the site x every role and kind of system x own, foreign and absent ids; and nobody at all.

The expectation is tests/toegang/matrix.py. An address that the resolver knows and the matrix does not fails the build.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.actions import create_client
from accounts.models import LogRegel, Organisatie
from accounts.rechten import Rol, Scope
from overstap.basis import klok
from tests.toegang.matrix import MATRIX, SOORTEN, Rij
from tests.wereld import Wereld

ABSENT = uuid.UUID("01900000-0000-7000-8000-000000000000")
PAREN = [(route, rij) for route, rijen in MATRIX.items() for rij in rijen]
_DEEL = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(resolver: URLResolver | None = None, voor: str = "") -> Iterator[str]:
    for deel in (resolver or get_resolver()).url_patterns:
        if isinstance(deel, URLResolver):
            yield from routes(deel, voor + str(deel.pattern))
        else:
            yield voor + str(deel.pattern)


def test_de_matrix_kent_elk_adres_en_geen_ander() -> None:
    assert set(routes()) == set(MATRIX), "zet het nieuwe adres in tests/toegang/matrix.py"


@pytest.fixture(autouse=True)
def _rustig(settings: Any) -> None:
    cache.clear()
    settings.OVERSTAP_API_PER_MINUUT = 0
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def clienten(wereld: Wereld) -> dict[str, Client]:
    """A logged-in browser per role of regio 21, and one with a token of every scope per kind of system."""
    uit = {rol.value: wereld.client(rol) for rol in Rol}
    organisaties = dict(zip(SOORTEN, ("99AA", "99MA", "0363", "RMC21", "SWV21", "RMC21"), strict=True))
    for soort, code in organisaties.items():
        systeem = create_client(wereld.organisaties[code], soort, list(Scope))
        client = Client()
        antwoord = client.post(
            "/oauth/token",
            {
                "grant_type": "client_credentials",
                "client_id": systeem.client.client_id,
                "client_secret": systeem.geheim,
            },
        )
        assert antwoord.status_code == 200, antwoord.content
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {antwoord.json()['access_token']}"
        uit[f"api:{soort}"] = client
    return uit


def adres(route: str, rij: Rij, pk: object = ABSENT) -> str:
    if route.startswith("^"):
        route = re.sub(r"\(\?P<(\w+)>[^)]+\)", r"<\1>", route.strip("^$"))
    return "/" + _DEEL.sub(lambda m: str(rij.vul.get(m[1], pk)), route)


def vraag(client: Client, route: str, rij: Rij, pk: object = ABSENT) -> Any:
    pad = adres(route, rij, pk)
    if rij.methode == "GET":
        return client.get(pad, headers=rij.koppen)
    if rij.soort == "api":
        return client.post(pad, dict(rij.data), content_type="application/json", headers=rij.koppen)
    return client.post(pad, dict(rij.data))


def eigen(wereld: Wereld, rij: Rij, wie: str) -> uuid.UUID | str:
    """The id of a thing that this role or kind may reach, or the code of a vestiging."""
    rol = Rol(wie) if not wie.startswith("api:") else None
    if rij.van == "overstap":
        return wereld.o("aangemeld").id
    if rij.van == "vestiging":
        return "99AA00"
    if rij.van == "organisatie":
        return wereld.organisaties["99AA"].pk
    if rij.van == "aanmelding":
        return wereld.a("aangemeld").id
    if rij.van == "gesprek":
        return _gesprek(wereld, "vo_lp" if rol == Rol.LEERPLICHT else "vo_mbo", "aangemeld")
    if rij.van == "lidmaatschap":
        nieuw = wereld.lid(Rol.DECAAN) if rol == Rol.FUNCTIONEEL_BEHEERDER else wereld.lid(Rol.AANJAGER)
        return nieuw.id
    if rij.van in ("systeem", "mandaat"):
        return _systeem_of_mandaat(wereld, rij.van, wereld.lid(rol or Rol.DECAAN).organisatie)
    with wereld.bereik("21"):
        return _maak(wereld, rij.van, rol, "21").id


def vreemd(wereld: Wereld, rij: Rij, wie: str) -> Sequence[uuid.UUID | str]:
    """Ids of the same kind behind a wall: of the other regio, and of a neighbour in the own regio where the role has walls there."""
    rol = Rol(wie) if not wie.startswith("api:") else None
    if rij.van == "overstap":
        hele_regio = wie in ("aanjager", "api:rmc")
        return [wereld.o("aangemeld", "22").id, *([] if hele_regio else [wereld.o("andere_school").id])]
    if rij.van == "organisatie":
        return [wereld.organisaties["99BA"].pk]
    if rij.van == "vestiging":
        return ["99BA00", *([] if wie == "aanjager" else ["99AB00"])]
    if rij.van in ("gesprek", "aanmelding"):
        return _achter_een_muur(wereld, rij.van, rol)
    if rij.van == "lidmaatschap":
        return [wereld.lid(Rol.DECAAN, "99AB").id, wereld.lid(Rol.AANJAGER, "22").id]
    if rij.van in ("systeem", "mandaat"):
        buur = [] if rol == Rol.BEHEERORGANISATIE else ["99AB"]
        return [_systeem_of_mandaat(wereld, rij.van, wereld.organisaties[code]) for code in ("99BA", *buur)]
    with wereld.bereik("22"):
        return [_maak(wereld, rij.van, rol, "22").id]


def _systeem_of_mandaat(wereld: Wereld, wat: str, organisatie: Organisatie) -> uuid.UUID:
    """A system of this organisatie, or a mandaat that it gave to a system of another regio."""
    from accounts.actions import give_mandaat
    from accounts.actor import interne_actor

    if wat == "systeem":
        return create_client(organisatie, str(organisatie.soort), [Scope.OVERSTAPPEN_LEZEN]).client.id
    client = create_client(wereld.organisaties["99BB"], "vo", [Scope.LEERLINGEN_SCHRIJVEN]).client
    return give_mandaat(client, organisatie, actor=interne_actor(frozenset({"21"})))[0].id


def _gesprek(wereld: Wereld, soort: str, naam: str, regio: str = "21", school: str = "") -> uuid.UUID:
    """A conversation that the school began about this leerling of the cast."""
    from overstap.gesprekken.actions import Waarover, write_berichten
    from overstap.gesprekken.models import Gesprek
    from overstap.gesprekken.regels import Soort

    overstap = wereld.o(naam, regio)
    aanmelding_id = wereld.a(naam, regio).id if soort == "vo_mbo" else None
    actor = wereld.actor(Rol.DECAAN, school or regio)
    with wereld.bereik(regio):
        write_berichten([Waarover(Soort(soort), overstap.id, aanmelding_id)], "Kunt u bellen?", actor=actor)
        return Gesprek.objects.get(overstap=overstap, soort=soort).id


def _achter_een_muur(wereld: Wereld, wat: str, rol: Rol | None) -> list[uuid.UUID]:
    """Of the other regio, of another school, of another mbo, and of two parties that this role is none of."""
    ander_mbo = wereld.aanmelding(wereld.o("andere_school"), "99MB").id
    if wat == "aanmelding":
        return [wereld.a("aangemeld", "22").id, ander_mbo]
    weg = [_gesprek(wereld, "vo_mbo", "aangemeld", "22"), _gesprek(wereld, "vo_lp", "andere_school", school="99AB")]
    derde = {Rol.LEERPLICHT: "vo_mbo", Rol.MBO_MEDEWERKER: "vo_lp"}.get(rol) if rol else None
    return [*weg, *([_gesprek(wereld, derde, "aangemeld")] if derde else [])]


def _maak(wereld: Wereld, wat: str, rol: Rol | None, regio: str) -> Any:
    from overstap.aanlevering.models import Upload
    from overstap.gesprekken.models import Contactpersoon, Melding
    from rapportages.models import Export
    from statuses.models import RegioReden
    from vva_berichten.models import Bulk

    nu = klok.nu()
    if wat == "bulk":
        gemeente = "0363" if regio == "21" else "0405"
        velden = {"soort": "BULK_0301", "peildatum": wereld.vandaag, "gemaakt_op": nu}
        return Bulk.objects.get_or_create(regio_id=regio, gemeente_id=gemeente, overstapjaar=2025, defaults=velden)[0]
    if wat == "reden":
        return RegioReden.objects.create(regio_id=regio, status=6, code=uuid.uuid4().hex[:24], label="Iets")
    lid = wereld.lid(rol or Rol.DECAAN, regio)
    if wat == "contact":
        velden = {"naam": "Balie", "bevestigd_op": wereld.vandaag}
        wie = {"regio_id": regio, "organisatie": lid.organisatie, "email": "balie@overstap.example"}
        return Contactpersoon.objects.get_or_create(**wie, defaults=velden)[0]
    if wat == "melding":
        return Melding.objects.create(
            regio_id=regio, soort="knelpunt", tekst="Het loopt vast.", melder_id=lid.gebruiker_id, rol=lid.rol,
            organisatie=lid.organisatie, op=nu,
        )  # fmt: skip
    if wat == "export":
        return Export.objects.create(
            regio_id=regio, aanvrager_id=lid.gebruiker_id, lidmaatschap_id=lid.id, soort="scholen", overstapjaar=2025,
            gemaakt_op=nu, verloopt_op=nu + timedelta(days=7),
        )  # fmt: skip
    soort = "leerlingen" if rol == Rol.DECAAN else "aanmeldingen"
    return Upload.objects.create(
        regio_id=regio, organisatie=lid.organisatie, gebruiker_id=lid.gebruiker_id, lidmaatschap_id=lid.id, soort=soort,
        bestand="a.csv", aantal=0, stand="proef_wacht", aangemaakt_op=klok.wandklok(),
    )  # fmt: skip


def wie_van(rij: Rij) -> list[str]:
    return [f"api:{soort}" for soort in SOORTEN] if rij.soort == "api" else [rol.value for rol in Rol]


def mag(rij: Rij, wie: str) -> bool:
    return wie.removeprefix("api:") in rij.wie


def test_wie_niet_is_ingelogd_komt_nergens_in(wereld: Wereld) -> None:
    fouten = []
    for route, rij in PAREN:
        antwoord = vraag(Client(), route, rij, wereld.o("aangemeld").id)
        if rij.soort == "open":
            goed = antwoord.status_code in rij.goed
        elif rij.soort == "api":
            goed = antwoord.status_code == 401
        else:
            goed = antwoord.status_code == 302 and antwoord.url.startswith("/inloggen")
        if not goed:
            fouten.append((route, rij.methode, antwoord.status_code))
    assert not fouten, "\n" + "\n".join(map(str, fouten))


def test_elke_rol_en_elk_systeem_krijgt_precies_wat_de_matrix_zegt(wereld: Wereld, clienten: dict[str, Client]) -> None:
    fouten: list[tuple[str, str, str, int, str]] = []
    for route, rij in PAREN:
        if rij.soort not in ("pagina", "api"):
            continue
        for wie in wie_van(rij):
            if rij.van and not mag(rij, wie):
                continue  # asked in the next test, of what is not there and of what is behind a wall
            antwoord = vraag(clienten[wie], route, rij, eigen(wereld, rij, wie) if rij.van else ABSENT)
            verwacht = rij.goed if mag(rij, wie) else {403}
            if antwoord.status_code not in verwacht:
                fouten.append((route, rij.methode, wie, antwoord.status_code, f"verwacht {sorted(verwacht)}"))
    assert not fouten, "\n" + "\n".join(map(str, fouten))


def test_vreemd_en_afwezig_geven_dezelfde_404(wereld: Wereld, clienten: dict[str, Client]) -> None:
    fouten: list[tuple[str, str, str, object]] = []
    for route, rij in PAREN:
        if not rij.van:
            continue
        for wie in wie_van(rij):
            afwezig = vraag(clienten[wie], route, rij, ABSENT)
            # A role without the right may as well get the same 404 as for what is not there.
            if afwezig.status_code not in ({404, 405} if mag(rij, wie) else {403, 404}):
                fouten.append((route, rij.methode, wie, afwezig.status_code))
            for pk in vreemd(wereld, rij, wie):
                antwoord = vraag(clienten[wie], route, rij, pk)
                if _kaal(antwoord, pk) != _kaal(afwezig, ABSENT):
                    fouten.append((route, rij.methode, wie, (antwoord.status_code, afwezig.status_code)))
    assert not fouten, "\n" + "\n".join(map(str, fouten))


def _kaal(antwoord: Any, pk: uuid.UUID | str) -> tuple[int, str]:
    """An answer without what differs between any two requests: the id asked for, the form token, the time and the trace."""
    tekst = antwoord.content.decode().replace(str(pk), "ID")
    return antwoord.status_code, re.sub(
        r'(csrfmiddlewaretoken" value=)"[^"]+"|"(instance|traceId)":"[^"]+"', r"\1", tekst
    )


def test_het_eigen_account_is_van_wie_is_ingelogd(wereld: Wereld) -> None:
    fouten = []
    for route, rij in PAREN:
        if rij.soort == "account":
            antwoord = vraag(wereld.client(Rol.DECAAN), route, rij)
            if antwoord.status_code not in rij.goed:
                fouten.append((route, rij.methode, antwoord.status_code))
    assert not fouten, "\n" + "\n".join(map(str, fouten))


def test_een_sessie_geeft_geen_toegang_tot_de_api_en_een_token_niet_tot_de_paginas(
    wereld: Wereld, clienten: dict[str, Client]
) -> None:
    for route, rij in PAREN:
        if rij.soort == "api":
            assert vraag(clienten["decaan"], route, rij).status_code == 401, route
        elif rij.soort == "pagina":
            antwoord = vraag(clienten["api:vo"], route, rij)
            assert (antwoord.status_code, antwoord.url[:9]) == (302, "/inloggen"), route


def test_geen_pagina_verandert_iets_zonder_formuliersleutel(wereld: Wereld) -> None:
    for route, rij in PAREN:
        if rij.methode == "POST" and rij.soort in ("pagina", "account"):
            rol = next((Rol(wie) for wie in sorted(rij.wie)), Rol.DECAAN)
            client = wereld.client(rol, enforce_csrf_checks=True)
            assert vraag(client, route, rij, wereld.o("aangemeld").id).status_code == 403, route


def test_elke_weigering_staat_in_het_logboek(wereld: Wereld) -> None:
    client, ander = wereld.client(Rol.DECAAN), wereld.o("andere_school")
    assert client.get(f"/leerlingen/{ander.id}").status_code == 404
    assert client.get("/beheer/logboek").status_code == 403
    with wereld.bereik("21"):
        regels = LogRegel.objects.filter(uitkomst="geweigerd", actor_id=wereld.gebruiker(Rol.DECAAN).id)
        gevonden = set(regels.values_list("handeling", "object_id"))
    assert {("leerling.zien", str(ander.id)), ("logboek.zien", "")} <= gevonden
