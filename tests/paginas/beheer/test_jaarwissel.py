"""The new overstapjaar: shown, made ready once, and by itself on 1 September; what has to go goes, and nothing else."""

from __future__ import annotations

import io
import json
from datetime import date

from django.core.management import call_command

from accounts.instellingen import lees
from accounts.models import LogOnderwerp, LogRegel, Regio
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.beheer.jaarwissel import dagelijks
from overstap.taken import jaar_regio
from rapportages.indicatoren import ambities_van
from statuses.models import Gebeurtenis, Leerling, NietVerwerkt, Overstap, Toelichting
from statuses.status import Spoor, Status
from statuses.termijnen import kalender_van
from tests.paginas.beheer.hulp import bevestig, stuur
from tests.wereld import Wereld

PAGINA = "/beheer/overstapjaar"


def keuzes() -> object:
    return Regio.objects.get(pk="21").instellingen


def stel_eigen_jaar_in(wereld: Wereld) -> None:
    """The regio has a beginstand and a norm of its own in 2025-2026."""
    beheer = wereld.client("beheerorganisatie")
    adres = "/beheer/regio/kalender?jaar=2025-2026"
    assert bevestig(beheer, adres, stuur(beheer, adres, beginstand="2025-11-05")).status_code == 302
    assert stuur(beheer, "/beheer/regio/ambities?jaar=2025-2026", **{"15-juli_norm": "60"}).status_code == 302


def test_de_pagina_laat_zien_wat_er_komt_en_zet_het_een_keer_klaar(wereld: Wereld) -> None:
    stel_eigen_jaar_in(wereld)
    wereld.op(date(2026, 6, 20))
    beheer = wereld.client("beheerorganisatie")
    pagina = beheer.get(PAGINA).content.decode()
    assert "Overstapjaar 2026-2027 klaarzetten" in pagina
    assert "5 november 2026" in pagina
    assert "60% voorlopig geplaatst" in pagina
    assert kalender_van(lees(keuzes()), 2026)["beginstand"] == date(2026, 11, 1)  # only shown
    assert beheer.post(PAGINA).status_code == 302
    gemaakt = keuzes()
    assert kalender_van(lees(gemaakt), 2026)["beginstand"] == date(2026, 11, 5)
    assert next(a.norm for a in ambities_van(lees(gemaakt), 2026) if a.code == "15-juli") == 60
    assert kalender_van(lees(gemaakt), 2025)["beginstand"] == date(2025, 11, 5)
    # What is changed afterwards is not overwritten by a second time.
    adres = "/beheer/regio/kalender?jaar=2026-2027"
    assert bevestig(beheer, adres, stuur(beheer, adres, beginstand="2026-11-09")).status_code == 302
    daarna = keuzes()
    assert "stond al klaar" in beheer.post(PAGINA, follow=True).content.decode()
    assert keuzes() == daarna


def test_op_1_september_vanzelf_en_twee_keer_maakt_niets_uit(wereld: Wereld) -> None:
    stel_eigen_jaar_in(wereld)
    wereld.op(date(2026, 8, 31))
    jaar_regio("21")
    assert "klaargezet" in Regio.objects.get(pk="21").instellingen  # 2025-2026 itself, which nobody had made ready
    assert kalender_van(lees(keuzes()), 2026)["beginstand"] == date(2026, 11, 1)
    wereld.op(date(2026, 9, 1))
    jaar_regio("21")
    eerst = keuzes()
    assert kalender_van(lees(eerst), 2026)["beginstand"] == date(2026, 11, 5)
    jaar_regio("21")
    assert keuzes() == eerst
    assert Regio.objects.get(pk="22").instellingen == {}


def test_het_commando_zegt_per_regio_wat_er_gebeurde(wereld: Wereld) -> None:
    def doe(*args: str) -> list[dict[str, object]]:
        uit = io.StringIO()
        call_command("zet_jaar_klaar", "--overstapjaar", "2026-2027", "--json", *args, stdout=uit)
        rijen: list[dict[str, object]] = json.loads(uit.getvalue())["regios"]
        return rijen

    nieuw = {"overstapjaar": "2026-2027", "nieuw": True}
    assert doe("--proef") == [{"regio": "21", **nieuw}, {"regio": "22", **nieuw}]
    assert doe("--regio", "21") == [{"regio": "21", **nieuw}]
    assert [rij["nieuw"] for rij in doe()] == [False, True]


def test_na_het_schooljaar_zijn_niet_aangevinkte_leerlingen_weg_en_de_anderen_niet(wereld: Wereld) -> None:
    # One that was marked, got a vervolgkeuze in words, and was unmarked again: it has a history and a text.
    terug = wereld.overstap("99AA00")
    wereld.wijzig(terug, Rol.DECAAN, Status.VERVOLGKEUZE_VO, reden_code="anders", tekst="Weet het nog niet")
    wereld.wijzig(terug, Rol.DECAAN, None, spoor=Spoor.VO)
    wereld.wijzig(terug, Rol.MANAGER_VO, None, spoor=Spoor.MARKERING, reden_code="vergissing")
    blijft, weg = wereld.o("zonder"), wereld.o("ongemarkeerd")
    with wereld.bereik("21"):
        aantal = Overstap.objects.filter(gemarkeerd_sinds__isnull=False).count()
        assert Toelichting.objects.filter(gebeurtenis__overstap=terug).exists()
    wereld.op(date(2026, 7, 31))
    jaar_regio("21")
    with wereld.bereik("21"):
        assert Overstap.objects.filter(pk__in=[terug.pk, weg.pk]).count() == 2  # the schooljaar is not over yet
    wereld.op(date(2026, 8, 1))
    jaar_regio("21")
    with wereld.bereik("21"):
        assert not Overstap.objects.filter(gemarkeerd_sinds__isnull=True).exists()
        assert not Leerling.objects.filter(pk__in=[terug.leerling_id, weg.leerling_id]).exists()
        assert not Gebeurtenis.objects.filter(overstap_id=terug.pk).exists()
        assert Overstap.objects.filter(gemarkeerd_sinds__isnull=False).count() == aantal
        assert Leerling.objects.filter(pk=blijft.leerling_id).exists()
        regel = LogRegel.objects.get(handeling="leerling.gewist")
        assert LogOnderwerp.objects.filter(regel_id=regel.pk, leerling_id=weg.leerling_id).exists()
    with wereld.bereik("22"):
        assert Overstap.objects.filter(gemarkeerd_sinds__isnull=True).exists()  # each regio on its own
    assert wereld.client("decaan").get("/leerlingen").status_code == 200


def test_wat_nooit_werd_toegepast_is_weg_als_het_jaar_dicht_is(wereld: Wereld) -> None:
    with wereld.bereik("21"):
        for jaar in (2025, 2026):
            NietVerwerkt.objects.create(
                regio_id="21", mbo=wereld.organisaties["99MA"], overstapjaar=jaar, soort="aanmelding", sleutel=f"A-{jaar}",
                pgn_index=b"x" * 32, code="W304", inhoud=b"x", ontvangen_op=klok.nu(),
            )  # fmt: skip
    for dag, over in ((date(2026, 10, 15), {2025, 2026}), (date(2026, 10, 16), {2026}), (date(2026, 10, 16), {2026})):
        wereld.op(dag)
        with wereld.bereik("21"):
            dagelijks("21", actor=wereld.actor("beheerorganisatie"))
            assert set(NietVerwerkt.objects.values_list("overstapjaar", flat=True)) == over


def test_de_lijst_van_systemen(wereld: Wereld) -> None:
    from accounts.actions import create_client
    from accounts.rechten import Scope

    with wereld.bereik("21"):
        o = wereld.organisaties
        create_client(o["99MA"], "mbo", [Scope.AANMELDINGEN_SCHRIJVEN], [o["99MB"]])
    with wereld.bereik("22"):
        create_client(o["99BA"], "vo", [Scope.LEERLINGEN_SCHRIJVEN])
    pagina = wereld.client("beheerorganisatie").get("/beheer/systemen").content.decode()
    assert "Mbo De Poort" in pagina
    assert "Mbo Het Anker" in pagina
    assert "De Zeeweg" not in pagina
