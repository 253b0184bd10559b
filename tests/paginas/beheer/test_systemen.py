"""/beheer/systemen: who sees which systems and mandaten; give and end one; keys. As a functioneel beheerder does it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jwcrypto.jwk import JWK

from accounts.actions import create_client, give_mandaat
from accounts.actor import interne_actor
from accounts.models import ApiClient, ClientSleutel, Gebruiker, Lidmaatschap, LogRegel, Mandaat
from accounts.rechten import Rol, Scope
from tests.paginas.beheer.hulp import bevestig, stuur, velden
from tests.wereld import VANDAAG, Wereld

LIJST, GEEF = "/beheer/systemen", "/beheer/mandaten/nieuw"
INTERN = interne_actor(frozenset({"21"}))


@pytest.fixture
def leverancier(wereld: Wereld) -> ApiClient:
    """A system that delivers for schools; of another school, as a supplier's is."""
    scopes = [Scope.LEERLINGEN_SCHRIJVEN, Scope.VVA_MBO_GANGERS]
    return create_client(wereld.organisaties["99BB"], "vo", scopes, naam="Leerlingsysteem Linde").client


def beheerder(wereld: Wereld, code: str) -> Client:
    """A browser of the functioneel beheerder of this organisatie; made where the cast has none."""
    if (Rol.FUNCTIONEEL_BEHEERDER, code) not in wereld.leden:
        gebruiker = Gebruiker.objects.create(email=f"fb.{code}@overstap.example", naam=f"fb {code}", is_demo=True)
        velden = {"gebruiker": gebruiker, "rol": "functioneel_beheerder", "organisatie": wereld.organisaties[code]}
        wereld.leden[Rol.FUNCTIONEEL_BEHEERDER, code] = Lidmaatschap.objects.create(**velden)
    return wereld.client(Rol.FUNCTIONEEL_BEHEERDER, code)


def einde(mandaat: Mandaat) -> str:
    return f"/beheer/mandaten/{mandaat.pk}/einde"


def test_geven_vraagt_eerst_met_de_naam_van_het_systeem(wereld: Wereld, leverancier: ApiClient) -> None:
    fb = beheerder(wereld, "99AA")
    vraag = stuur(fb, GEEF, systeem=f" {leverancier.client_id} ", diensten=[Scope.VVA_MBO_GANGERS], tot="2026-07-31")
    tekst = vraag.content.decode()
    assert "Leerlingsysteem Linde, van Praktijkschool De Dijk" in tekst
    assert "31 juli 2026" in tekst
    assert not Mandaat.objects.exists()
    assert bevestig(fb, GEEF, vraag).status_code == 302
    mandaat = Mandaat.objects.get()
    assert (mandaat.organisatie.code, mandaat.dienst, mandaat.vanaf, mandaat.tot) == (
        "99AA", Scope.VVA_MBO_GANGERS, VANDAAG, date(2026, 7, 31),
    )  # fmt: skip
    pagina = fb.get(LIJST).content.decode()
    assert "Leerlingsysteem Linde" in pagina
    assert "✓ loopt" in pagina
    with wereld.bereik("21"):
        regel = LogRegel.objects.get(handeling="mandaat.geven")
        assert (regel.actor_soort, regel.object_id) == ("mens", str(mandaat.pk))


def test_beide_diensten_zijn_twee_mandaten_en_geen_dienst_is_alles(wereld: Wereld, leverancier: ApiClient) -> None:
    fb = beheerder(wereld, "99AA")
    beide = [Scope.VVA_MBO_GANGERS.value, Scope.LEERLINGEN_SCHRIJVEN.value]
    bevestig(
        fb, GEEF, stuur(fb, GEEF, systeem=leverancier.client_id, diensten=beide, vanaf="2026-04-01", tot="2026-04-30")
    )
    bevestig(fb, GEEF, stuur(fb, GEEF, systeem=leverancier.client_id, vanaf="2026-05-01"))
    assert sorted(Mandaat.objects.values_list("dienst", flat=True)) == ["", *sorted(beide)]


@pytest.mark.parametrize(
    ("anders", "zegt"),
    [
        ({"systeem": ""}, "Vul de code van het systeem in"),
        ({"systeem": "weg"}, "niet bekend"),
        ({"vanaf": "2026-03-19"}, "in het verleden"),
        ({"vanaf": "2036-03-19"}, "vijf jaar vooruit"),
        ({"vanaf": "gisteren"}, "geen datum"),
        ({"tot": "2026-03-01"}, "ligt voor de eerste dag"),
        ({"diensten": ["vva.postbus:lezen"]}, "geldige keuze"),
    ],
)
def test_wat_niet_kan_staat_bij_het_veld(
    wereld: Wereld, leverancier: ApiClient, anders: dict[str, Any], zegt: str
) -> None:
    fb = beheerder(wereld, "99AA")
    antwoord = stuur(fb, GEEF, **{"systeem": leverancier.client_id, **anders})
    assert antwoord.status_code == 422
    assert zegt in antwoord.content.decode()
    goed = stuur(fb, GEEF, systeem=leverancier.client_id)
    assert bevestig(fb, GEEF, goed).status_code == 302
    # The same again: said before it asks, and also when both asked at the same time.
    assert "Er is al een mandaat" in stuur(fb, GEEF, systeem=leverancier.client_id).content.decode()
    assert fb.post(GEEF, velden(goed.content.decode())).status_code == 422
    assert Mandaat.objects.count() == 1


def test_een_systeem_van_een_andere_soort_kan_niet(wereld: Wereld, leverancier: ApiClient) -> None:
    mbo = beheerder(wereld, "99MA")
    assert "andere soort organisatie" in stuur(mbo, GEEF, systeem=leverancier.client_id).content.decode()
    gemeente = beheerder(wereld, "0363")
    assert gemeente.get(GEEF).status_code == 403
    assert "Mandaat geven" not in gemeente.get(LIJST).content.decode()
    assert "Mandaat geven" in mbo.get(LIJST).content.decode()


def test_nu_meteen_stoppen_en_de_lijst_houdt_het(wereld: Wereld, leverancier: ApiClient) -> None:
    (mandaat,) = give_mandaat(leverancier, wereld.organisaties["99AA"], actor=INTERN)
    wereld.op(VANDAAG + timedelta(days=7))
    fb = beheerder(wereld, "99AA")
    assert einde(mandaat) in fb.get(LIJST).content.decode()
    assert stuur(fb, einde(mandaat), wanneer="").status_code == 422
    assert stuur(fb, einde(mandaat), wanneer="nu").status_code == 302
    mandaat.refresh_from_db()
    assert mandaat.tot == VANDAAG + timedelta(days=6)
    pagina = fb.get(LIJST).content.decode()
    assert "✕ afgelopen" in pagina
    assert einde(mandaat) not in pagina
    assert "al afgelopen" in fb.get(einde(mandaat)).content.decode()
    assert fb.post(einde(mandaat), {"wanneer": "nu"}).status_code == 422


def test_stoppen_na_een_dag_en_die_dag_verzetten(wereld: Wereld, leverancier: ApiClient) -> None:
    (mandaat,) = give_mandaat(leverancier, wereld.organisaties["99AA"], actor=INTERN, vanaf=VANDAAG + timedelta(days=3))
    fb = beheerder(wereld, "99AA")
    assert "◷ begint nog" in fb.get(LIJST).content.decode()
    for dag, status in (("", 422), ("2026-03-19", 422), ("2026-03-21", 422), ("2026-07-31", 302), ("2026-06-30", 302)):
        assert stuur(fb, einde(mandaat), wanneer="later", laatste_dag=dag).status_code == status, dag
    mandaat.refresh_from_db()
    assert mandaat.tot == date(2026, 6, 30)
    assert stuur(fb, einde(mandaat), wanneer="nu").status_code == 302
    assert "✕ ging niet in" in fb.get(LIJST).content.decode()


def test_ieder_ziet_het_eigene_en_de_beheerorganisatie_de_regio(wereld: Wereld, leverancier: ApiClient) -> None:
    o = wereld.organisaties
    eigen = create_client(o["99AB"], "vo", [Scope.LEERLINGEN_SCHRIJVEN], [o["99AA"]], naam="Eigen van 99AB").client
    create_client(o["99BA"], "vo", [Scope.LEERLINGEN_SCHRIJVEN], naam="Van de andere regio")
    give_mandaat(leverancier, o["99AA"], actor=INTERN)
    zien = {
        ("functioneel_beheerder", "99AA"): (True, True, False),
        ("functioneel_beheerder", "99AB"): (False, True, False),
        ("functioneel_beheerder", "99MA"): (False, False, False),
        ("beheerorganisatie", "RMC21"): (True, True, False),
        ("beheerorganisatie", "RMC22"): (True, False, True),
    }
    for (rol, code), verwacht in zien.items():
        wie = beheerder(wereld, code) if rol == "functioneel_beheerder" else wereld.client(rol, code)
        pagina = wie.get(LIJST).content.decode()
        gezien = tuple(naam in pagina for naam in ("Leerlingsysteem Linde", "Eigen van 99AB", "Van de andere regio"))
        assert gezien == verwacht, (rol, code)
    fb = beheerder(wereld, "99AB")
    assert "Mandaten voor uw systemen" in fb.get(LIJST).content.decode()
    # Given by another: to be read, not to be ended.
    assert "/einde" not in fb.get(f"{LIJST}/{eigen.pk}").content.decode()
    assert fb.get(einde(Mandaat.objects.get(client=eigen))).status_code == 404


def test_sleutel_erbij_vervangen_en_intrekken(wereld: Wereld) -> None:
    client = create_client(wereld.organisaties["99AA"], "vo", [Scope.LEERLINGEN_SCHRIJVEN]).client
    fb = beheerder(wereld, "99AA")
    pagina = f"{LIJST}/{client.pk}"
    erbij = f"{pagina}/sleutels"
    sleutels = [JWK.generate(kty="EC", crv="P-256") for _ in range(3)]
    assert fb.post(erbij, {"sleutel": sleutels[0].export(private_key=True)}).status_code == 422
    for sleutel in sleutels[:2]:
        assert stuur(fb, pagina).status_code == 405
        assert fb.post(erbij, {"sleutel": sleutel.export_public()}).status_code == 302
    assert "Sleutel toevoegen" not in fb.get(pagina).content.decode()
    derde = fb.post(erbij, {"sleutel": sleutels[2].export_public()})
    assert derde.status_code == 422
    assert "2 sleutels" in fb.get(LIJST).content.decode()
    oud = ClientSleutel.objects.get(kenmerk=sleutels[0].thumbprint())
    weg = f"{erbij}/{oud.pk}/intrekken"
    vraag = fb.post(weg)
    assert "Sleutel intrekken?" in vraag.content.decode()
    oud.refresh_from_db()
    assert oud.ingetrokken_op is None
    assert bevestig(fb, weg, vraag).status_code == 302
    oud.refresh_from_db()
    assert oud.ingetrokken_op is not None
    assert fb.post(erbij, {"sleutel": sleutels[2].export_public()}).status_code == 302
    with wereld.bereik("21"):
        assert LogRegel.objects.filter(handeling="systeem.sleutel_toevoegen", object_id=str(client.pk)).count() == 3
        assert LogRegel.objects.filter(handeling="systeem.sleutel_intrekken").count() == 1
    # A system of another, seen through its mandaat: its keys are not ours.
    ander = wereld.client("beheerorganisatie")
    assert "Sleutels" not in ander.get(pagina).content.decode()
    assert ander.post(erbij, {"sleutel": sleutels[0].export_public()}).status_code == 404


# No key at all by its JWK, and a PEM of a kind that no library reads.
@pytest.mark.parametrize(
    "tekst",
    [
        '{"kty": []}', '{"keys": [{"kty": {}}]}', '{"kty": "RSA", "n": 1, "e": 2}', "[]",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2V1AyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----",
    ],
)  # fmt: skip
def test_wat_geen_sleutel_is_geeft_een_zin(wereld: Wereld, tekst: str) -> None:
    client = create_client(wereld.organisaties["99AA"], "vo", [Scope.LEERLINGEN_SCHRIJVEN]).client
    antwoord = beheerder(wereld, "99AA").post(f"{LIJST}/{client.pk}/sleutels", {"sleutel": tekst})
    assert antwoord.status_code == 422
    assert not ClientSleutel.objects.exists()


def test_evenveel_vragen_voor_een_en_voor_veel(wereld: Wereld) -> None:
    o = wereld.organisaties
    bo = wereld.client("beheerorganisatie")
    bo.get(LIJST)  # the first visit writes more: the session
    aantallen = []
    for _ in range(2):
        for _ in range(5):
            create_client(o["99AA"], "vo", [Scope.LEERLINGEN_SCHRIJVEN], [o["99AB"]])
        with CaptureQueriesContext(connection) as gevraagd:
            bo.get(LIJST)
        aantallen.append(len(gevraagd))
    assert aantallen[0] == aantallen[1]
