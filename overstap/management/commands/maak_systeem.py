"""`manage.py maak_systeem --organisatie CODE [--soort mbo] --scope "a b" [--mandaat CODE]`: an API client, as JSON.

With `--sleutel-bestand` it proves itself with a key (private_key_jwt) and gets no secret. For a client that is there:
`maak_systeem --systeem CLIENT_ID --sleutel-bestand FILE` adds its next key.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import MandaatFout, add_sleutel, create_client
from accounts.actor import interne_actor_voor
from accounts.mandaten import gever_met
from accounts.models import ApiClient, Organisatie
from accounts.rechten import ROL_VAN_SYSTEEM, Scope, Soort
from accounts.sleutels import PubliekeSleutel, SleutelFout, lees_sleutel
from overstap.api.clientbewijs import token_adres

# The RMC-functie is the beheerorganisatie in another role.
_ORGANISATIE_VAN = {soort: Soort.BEHEERORGANISATIE if soort == "rmc" else Soort(soort) for soort in ROL_VAN_SYSTEEM}


class Command(BaseCommand):
    help = "Maakt een systeem (API-client) van een organisatie en toont client_id en client_secret, één keer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        wat = parser.add_mutually_exclusive_group(required=True)
        wat.add_argument("--organisatie", help="BRIN, gemeentecode of RMC21")
        wat.add_argument("--systeem", metavar="CLIENT_ID", help="een sleutel erbij voor een systeem dat er al is")
        parser.add_argument(
            "--soort", choices=list(ROL_VAN_SYSTEEM), help="nodig als een code meer soorten heeft, of rmc"
        )
        parser.add_argument("--scope", default="", help=f"uit: {' '.join(Scope)}")
        parser.add_argument("--naam", default="", help="hoe het systeem heet, zoals 'Somtoday'; anders code en soort")
        parser.add_argument(
            "--sleutel-bestand", metavar="BESTAND", help="publieke sleutel (JWK of PEM): private_key_jwt, zonder geheim"
        )
        parser.add_argument(
            "--mandaat",
            action="append",
            default=[],
            metavar="CODE",
            help="organisatie waarvoor het systeem mag aanleveren",
        )
        parser.add_argument("--json", action="store_true", help="altijd zo: dit commando schrijft json")

    def handle(self, *args: Any, **options: Any) -> None:
        sleutel = _sleutel(options["sleutel_bestand"])
        try:
            uit = _sleutel_erbij(options["systeem"], sleutel) if options["systeem"] else _nieuw(options, sleutel)
        except (MandaatFout, SleutelFout) as fout:
            raise CommandError(str(fout)) from None
        self.stdout.write(json.dumps(uit, ensure_ascii=False))


def _nieuw(options: dict[str, Any], sleutel: PubliekeSleutel | None) -> dict[str, Any]:
    organisatie, soort = _organisatie(options["organisatie"].strip().upper(), options["soort"])
    mandaten = [_mandaatgever(code.strip().upper(), soort) for code in options["mandaat"]]
    nieuw = create_client(
        organisatie, soort, _scopes(options["scope"]), mandaten, naam=options["naam"].strip()[:120], sleutel=sleutel
    )
    return {
        "client_id": nieuw.client.client_id,
        "client_secret": nieuw.geheim,
        "organisatie": organisatie.code,
        "scopes": nieuw.client.scopes.split(),
        **({"kenmerk": sleutel.kenmerk, "aud": token_adres()} if sleutel else {}),
    }


def _sleutel_erbij(client_id: str, sleutel: PubliekeSleutel | None) -> dict[str, Any]:
    client = ApiClient.objects.filter(client_id=client_id).first()
    if client is None or client.organisatie is None:
        raise CommandError(f"Er is geen systeem met client_id {client_id}. Zoek het op met: mandaat toon.")
    if sleutel is None:
        raise CommandError("Noem bij --systeem ook --sleutel-bestand.")
    add_sleutel(client, sleutel, actor=interne_actor_voor(client.organisatie))
    return {
        "client_id": client.client_id,
        "organisatie": client.organisatie.code,
        "kenmerk": sleutel.kenmerk,
        "aud": token_adres(),
    }


def _sleutel(bestand: str | None) -> PubliekeSleutel | None:
    if not bestand:
        return None
    try:
        return lees_sleutel(Path(bestand).read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"Het bestand {bestand} kan niet worden gelezen.") from None
    except SleutelFout as fout:
        raise CommandError(str(fout)) from None


def _scopes(tekst: str) -> list[Scope]:
    namen = tekst.replace(",", " ").split()
    onbekend = sorted(set(namen) - set(Scope))
    if onbekend or not namen:
        raise CommandError(f"Onbekende scope: {' '.join(onbekend) or '(leeg)'}. Kies uit: {' '.join(Scope)}.")
    return [Scope(naam) for naam in namen]


def _organisatie(code: str, soort: str | None) -> tuple[Organisatie, str]:
    """The organisatie and the kind of client; without --soort the only kind that the code has."""
    alle = {rij.soort: rij for rij in Organisatie.objects.filter(code=code)}
    if not alle:
        raise CommandError(
            f"Organisatie {code} is niet bekend. Draai eerst laad_referentie of demo, of controleer de code."
        )
    if soort is None:
        if len(alle) > 1:
            raise CommandError(f"{code} heeft meer soorten ({', '.join(sorted(alle))}). Kies er een met --soort.")
        soort = next(iter(alle))
    organisatie = alle.get(_ORGANISATIE_VAN[soort].value)
    if organisatie is None:
        raise CommandError(
            f"{code} is van soort {', '.join(sorted(alle))}; een systeem van soort {soort} kan daar niet."
        )
    return organisatie, soort


def _mandaatgever(code: str, soort: str) -> Organisatie:
    """Who gives the mandaat: of the same kind as the client, by its own code or by that of a vestiging."""
    gever = gever_met(code, _ORGANISATIE_VAN[soort])
    if gever is None:
        raise CommandError(f"Mandaat {code}: er is geen organisatie van soort {soort} met deze code.")
    return gever
