"""Cases of bericht 1: delivered by a LAS or a school, read in the postbus of the gemeente. See gevallen.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.events import GEMEENTE_AANGESLOTEN
from accounts.rechten import Rol
from overstap.basis.outbox.models import OutboxRegel
from tests.aanlevering.bestanden import csv, leerling
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.gevallen import geval
from tests.vva_berichten.hulp import NOVEMBER, draai, gangers_in, statussen_in, zet_aansluiting
from tests.wereld import Wereld, bsn
from vva_berichten.models import Bericht
from vva_berichten.tasks import bijwerken_regio

Maak = Callable[..., Systeem]
GANGERS = "potentiele-mbo-gangers"
NUMMER, ANDER = bsn(3001), bsn(3002)
ONDERWIJSNUMMER = "101010108"  # a good one
GEMEENTEN = ("0362", "0363", "0405", "0420")


@pytest.fixture
def las(wereld: Wereld, systeem: Maak) -> Systeem:
    """The LAS of Kompas College, on 15 November."""
    wereld.op(NOVEMBER)
    return systeem("99AA")


@pytest.fixture
def amsterdam(systeem: Maak) -> Systeem:
    return systeem("0363")


def kort(resultaat: dict[str, Any]) -> tuple[str, list[str]]:
    return resultaat["uitkomst"], resultaat["codes"]


def gemeld(postbus: Systeem, nummer: str = NUMMER) -> list[tuple[bool, int]]:
    """What this gemeente was told: (is mbo-ganger, volgnummer), in order."""
    return [(g["isPotentieleMboGanger"], g["volgnummer"]) for g in gangers_in(postbus.postbus(), nummer)]


def lever_bestand(wereld: Wereld, *rijen: dict[str, Any]) -> None:
    """A decaan hands in a file on the page, looks at what it will do, and applies it."""
    decaan = wereld.client(Rol.DECAAN)
    proef = decaan.post("/import", {"bestand": SimpleUploadedFile("las.csv", csv(*rijen))})
    draai()
    assert decaan.post(proef["Location"], {"actie": "alles"}).status_code == 302
    draai()
    assert "Toegepast" in decaan.get(proef["Location"]).content.decode()


@geval("vmbo-tl, expected to mbo, 15 November, lives in gemeente 0363")
def test_vmbo(las: Systeem, amsterdam: Systeem) -> None:
    overstap = las.lever(NUMMER, leerweg="tl", overstapperSinds="2025-10-03")
    [bericht] = [b for b in amsterdam.postbus() if gangers_in([b], NUMMER)]
    assert (bericht["verzendendeInstantie"], bericht["ontvangendeInstantie"]) == (
        "0000000700099AA00000",
        "00000099000000363000",
    )
    assert bericht["potentieleMboGanger"] == {
        "pgn": {"burgerservicenummer": NUMMER},
        "brin": "99AA",
        "vestiging": "99AA00",
        "isPotentieleMboGanger": True,
        "studiejaarInstroom": "2026-2027",
        "gemeentecode": "0363",
        "wijzigingsdatum": "2025-10-03",
        "volgnummer": 1,
    }
    assert las.get(f"/api/v1/overstappen/{overstap}").json()["potentieleMboGanger"] is True


@geval('"mavo"')
def test_mavo(wereld: Wereld, amsterdam: Systeem) -> None:
    wereld.op(NOVEMBER)
    lever_bestand(
        wereld,
        leerling(3001, onderwijssoort="mavo", leerweg=""),
        leerling(3002, onderwijssoort="havo", leerweg="", overstapper="ja"),
    )
    assert gemeld(amsterdam) == [(True, 1)]
    assert gemeld(amsterdam, ANDER) == []


@geval("havo-4 to mbo")
def test_havo(las: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER, onderwijssoort="havo", klas="H4")
    las.lever(ANDER)
    assert (gemeld(amsterdam), gemeld(amsterdam, ANDER)) == ([], [(True, 1)])
    [uit] = las.stuur(GANGERS, las.mbo_ganger(NUMMER))
    assert kort(uit) == ("geweigerd", ["F105"])
    assert gemeld(amsterdam) == []


@pytest.mark.parametrize(
    "velden",
    [
        pytest.param({"bestemming": "havo"}, id="vmbo surely to havo"),
        pytest.param({"onderwijssoort": "pro", "bestemming": "arbeid"}, id="pro to work"),
        pytest.param({"leerwerkbedrijf": True}, id="leerwerkbedrijf"),
        pytest.param({"land": "DE", "gemeentecode": None}, id="lives in Germany"),
        pytest.param({"bestemming": "buitenland"}, id="surely to study in Belgium"),
    ],
)
@geval("vmbo surely to havo; pro to work; leerwerkbedrijf; lives in Germany; surely to study in Belgium")
def test_not_to_the_mbo(wereld: Wereld, systeem: Maak, velden: dict[str, Any]) -> None:
    wereld.op(date(2025, 9, 20))
    las = systeem("99AA")
    leerwerkbedrijf = velden.pop("leerwerkbedrijf", False)
    overstap = las.lever(NUMMER, **velden)
    if leerwerkbedrijf:  # only the school knows: it says so before messages begin
        las.vervolgkeuze(overstap, "arbeid")
    las.lever(ANDER)
    wereld.op(date(2025, 10, 1))
    bijwerken_regio("21")
    assert [gemeld(systeem(code)) for code in GEMEENTEN] == [[]] * 4
    assert gemeld(systeem("0363"), ANDER) == [(True, 1)]


@geval("perhaps to havo, marked 20 January; havo certain on 3 June")
def test_perhaps_havo(wereld: Wereld, las: Systeem, amsterdam: Systeem) -> None:
    wereld.op(date(2026, 1, 20))
    overstap = las.lever(NUMMER)
    las.vervolgkeuze(overstap, "havo", "verwacht")
    [waar] = las.stuur(GANGERS, las.mbo_ganger(ANDER))
    assert gemeld(amsterdam) == [(True, 1)]
    wereld.op(date(2026, 6, 3))
    las.zet(overstap, None, spoor="vo")
    las.vervolgkeuze(overstap, "havo")
    onwaar = {"volgnummer": 2, "isPotentieleMboGanger": False, "wijzigingsdatum": "2026-06-03"}
    [weg] = las.stuur(GANGERS, las.mbo_ganger(ANDER, **onwaar))
    # The first was sent by itself, the second by a LAS that keeps its own messages.
    assert [kort(uit) for uit in (waar, weg)] == [("verwerkt", [])] * 2
    assert gemeld(amsterdam) == gemeld(amsterdam, ANDER) == [(True, 1), (False, 2)]


@geval("`false` and never a `true`")
def test_false_without_true(las: Systeem, amsterdam: Systeem) -> None:
    onwaar, waar = las.stuur(GANGERS, las.mbo_ganger(NUMMER, isPotentieleMboGanger=False), las.mbo_ganger(ANDER))
    assert (kort(onwaar), kort(waar)) == (("geweigerd", ["F104"]), ("verwerkt", []))
    assert (gemeld(amsterdam), gemeld(amsterdam, ANDER)) == ([], [(True, 1)])
    # Nothing changed: the first message about this leerling still has volgnummer 1.
    [later] = las.stuur(GANGERS, las.mbo_ganger(NUMMER))
    assert kort(later) == ("verwerkt", [])
    assert gemeld(amsterdam) == [(True, 1)]


@pytest.mark.parametrize(
    "velden",
    [
        pytest.param({"onderwijssoort": "isk"}, id="isk to entree"),
        pytest.param({"onderwijssoort": "vso", "uitstroomprofiel": "vervolgonderwijs"}, id="vso vervolgonderwijs"),
        pytest.param(
            {"onderwijssoort": "vso", "uitstroomprofiel": "arbeidsmarktgericht"}, id="vso arbeidsmarktgericht"
        ),
        pytest.param({"onderwijssoort": "vavo"}, id="vavo-student of the vavo-instelling"),
    ],
)
@geval("isk to entree; vso vervolgonderwijs; vso arbeidsmarktgericht; vavo-student of the vavo-instelling")
def test_other_kinds(las: Systeem, amsterdam: Systeem, velden: dict[str, Any]) -> None:
    las.lever(NUMMER, **velden)
    assert gemeld(amsterdam) == [(True, 1)]


@geval("vso dagbesteding")
def test_dagbesteding(las: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER, onderwijssoort="vso", uitstroomprofiel="dagbesteding")
    [uit] = las.stuur(GANGERS, las.mbo_ganger(NUMMER))
    assert kort(uit) == ("geweigerd", ["F105"])
    assert gemeld(amsterdam) == []


@geval("vavo by Rutte, registered at 00AA")
def test_rutte(las: Systeem, amsterdam: Systeem, systeem: Maak) -> None:
    las.lever(NUMMER, onderwijssoort="vavo", uitbesteedAan="99AB")
    [bericht] = [b for b in amsterdam.postbus() if gangers_in([b], NUMMER)]
    assert (bericht["verzendendeInstantie"], bericht["potentieleMboGanger"]["brin"]) == ("0000000700099AA00000", "99AA")
    systeem("99MA").meld_aan(NUMMER)
    assert [s["voSchool"] for s in statussen_in(las.postbus(), NUMMER)] == ["99AA00"]
    assert statussen_in(systeem("99AB").postbus(), NUMMER) == []


@geval("geheim adres")
def test_geheim_adres(wereld: Wereld, las: Systeem, amsterdam: Systeem, systeem: Maak) -> None:
    postcode = "1012JS"
    lever_bestand(wereld, leerling(3001, voornaam="Kanarie", postcode=postcode, geheim_adres="ja"))
    systeem("99MA").meld_aan(NUMMER)
    [overstap] = [
        o["id"] for o in las.get("/api/v1/overstappen").json()["resultaten"] if o["leerling"]["voornaam"] == "Kanarie"
    ]
    alles = [*amsterdam.postbus(), *las.postbus()]
    assert gemeld(amsterdam) == [(True, 1)]
    assert len(statussen_in(alles, NUMMER)) == 2
    teksten = [str(alles), las.get(f"/api/v1/overstappen/{overstap}").content.decode()]
    teksten += [wereld.client(Rol.DECAAN).get(f"/leerlingen/{overstap}").content.decode()]
    teksten += [
        wereld.client(Rol.LEERPLICHT, "0363").get(pad).content.decode() for pad in ("/vva", f"/leerlingen/{overstap}")
    ]
    assert "Kanarie" in teksten[2]
    assert not [tekst for tekst in teksten if postcode in tekst or "1012 JS" in tekst]


@geval("first `true` on 2 February")
def test_late(wereld: Wereld, las: Systeem, amsterdam: Systeem) -> None:
    wereld.op(date(2026, 2, 1))
    [op_tijd] = las.stuur(GANGERS, las.mbo_ganger(ANDER))
    wereld.op(date(2026, 2, 2))
    [te_laat] = las.stuur(GANGERS, las.mbo_ganger(NUMMER))
    assert [kort(uit) for uit in (op_tijd, te_laat)] == [("verwerkt", []), ("verwerkt", ["W301"])]
    assert gemeld(amsterdam) == [(True, 1)]


@geval("same berichtId twice")
def test_same_message_twice(las: Systeem, amsterdam: Systeem) -> None:
    bericht = las.mbo_ganger(NUMMER)
    eerste, tweede = las.stuur(GANGERS, bericht, bericht)
    draai()
    [derde] = las.stuur(GANGERS, bericht)
    assert kort(eerste) == ("verwerkt", [])
    assert tweede == derde == eerste | {"uitkomst": "alVerwerkt"}
    assert gemeld(amsterdam) == [(True, 1)]


def test_one_id_is_one_message_in_every_regio(las: Systeem, amsterdam: Systeem) -> None:
    """A gemeente of another regio makes it no other message: the first one keeps its id."""
    bericht = las.mbo_ganger(NUMMER, gemeentecode="0405")
    [eerste] = las.stuur(GANGERS, bericht)
    ander = las.mbo_ganger(ANDER) | {"berichtId": bericht["berichtId"]}
    [tweede] = las.stuur(GANGERS, ander)
    assert (kort(eerste), kort(tweede)) == (("verwerkt", []), ("geweigerd", ["F202"]))
    assert gemeld(amsterdam, ANDER) == []
    [derde] = las.stuur(GANGERS, bericht)
    assert derde == eerste | {"uitkomst": "alVerwerkt"}


@pytest.mark.parametrize("tussendoor", [False, True], ids=["one call", "processed in between"])
@geval("volgnummer 2 `false` before 1 `true`")
def test_reversed(las: Systeem, amsterdam: Systeem, tussendoor: bool) -> None:
    twee = las.mbo_ganger(NUMMER, volgnummer=2, isPotentieleMboGanger=False, wijzigingsdatum="2025-12-01")
    een = las.mbo_ganger(NUMMER)
    if tussendoor:
        uit = las.stuur(GANGERS, twee)
        draai()
        uit += las.stuur(GANGERS, een)
    else:
        uit = las.stuur(GANGERS, twee, een)
    assert [kort(r) for r in uit] == [("verwerkt", []), ("opgeslagen", ["W302"])]
    assert gemeld(amsterdam)[-1] == (False, 2)


@geval("same key and volgnummer, other content")
def test_contradiction(las: Systeem, amsterdam: Systeem) -> None:
    goed, fout = las.stuur(GANGERS, las.mbo_ganger(NUMMER), las.mbo_ganger(NUMMER, isPotentieleMboGanger=False))
    assert (kort(goed), kort(fout)) == (("verwerkt", []), ("geweigerd", ["F202"]))
    assert gemeld(amsterdam) == [(True, 1)]


@pytest.mark.parametrize(
    "pgn",
    [
        pytest.param({"burgerservicenummer": "999900019"}, id="bsn fails"),
        pytest.param({"burgerservicenummer": ONDERWIJSNUMMER}, id="onderwijsnummer as bsn"),
        pytest.param({"onderwijsnummer": "999900018"}, id="bsn as onderwijsnummer"),
    ],
)
@geval("bsn 999900019 (fails); onderwijsnummer as bsn")
def test_eleven_test(las: Systeem, pgn: dict[str, str]) -> None:
    fout, goed = las.stuur(
        GANGERS,
        las.mbo_ganger(NUMMER, pgn=pgn),
        las.mbo_ganger(NUMMER, pgn={"onderwijsnummer": ONDERWIJSNUMMER}),
    )
    assert (kort(fout), kort(goed)) == (("geweigerd", ["F101"]), ("verwerkt", []))


@geval("both pgn kinds")
def test_both_numbers(las: Systeem, amsterdam: Systeem) -> None:
    beide = {"burgerservicenummer": NUMMER, "onderwijsnummer": ONDERWIJSNUMMER}
    uit = las.stuur(GANGERS, las.mbo_ganger(NUMMER, pgn=beide), las.mbo_ganger(NUMMER, pgn={}))
    assert [kort(r) for r in uit] == [("geweigerd", ["F102"])] * 2
    assert gemeld(amsterdam) == []


@geval("brin `0AAA`; brin 00AA with vestiging 00BB01")
def test_school_that_is_none(las: Systeem, amsterdam: Systeem) -> None:
    vorm, samen, onbekend = las.stuur(
        GANGERS,
        las.mbo_ganger(NUMMER, brin="0AAA"),
        las.mbo_ganger(NUMMER, vestiging="99AB00"),
        las.mbo_ganger(NUMMER, brin="00ZZ", vestiging="weg"),
    )
    assert kort(vorm) == ("geweigerd", ["T001"])
    assert "/potentieleMboGanger/brin" in vorm["melding"]
    assert [kort(r) for r in (samen, onbekend)] == [("geweigerd", ["F103"])] * 2
    assert gemeld(amsterdam) == []


@geval("gemeente not connected")
def test_not_connected(wereld: Wereld, las: Systeem, amsterdam: Systeem) -> None:
    beheer = wereld.client(Rol.BEHEERORGANISATIE)
    zet_aansluiting(beheer, wereld.organisaties["0363"], wacht=True)
    assert (
        "Nog niet aangesloten" in beheer.get(f"/beheer/organisaties/{wereld.organisaties['0363'].pk}").content.decode()
    )
    las.lever(NUMMER)
    [uit] = las.stuur(GANGERS, las.mbo_ganger(ANDER))
    assert kort(uit) == ("opgeslagen", ["F107"])
    assert gemeld(amsterdam) == gemeld(amsterdam, ANDER) == []
    pagina = beheer.get("/vva").content.decode()
    assert "Geparkeerd voor een gemeente die niet is aangesloten" in pagina
    assert "Gemeente Amsterdam" in pagina
    # Connected on the page of the gemeente: what waited goes out at once, by the event of the act.
    zet_aansluiting(beheer, wereld.organisaties["0363"], wacht=False)
    with wereld.bereik("21"):
        assert Bericht.objects.filter(geparkeerd_op__isnull=False, geleverd_op__isnull=True).exists()
        assert OutboxRegel.objects.filter(soort=GEMEENTE_AANGESLOTEN, afgehandeld_op=None).count() == 1
    assert gemeld(amsterdam) == gemeld(amsterdam, ANDER) == [(True, 1)]
    assert "Gemeente Amsterdam" not in beheer.get("/vva").content.decode()


@geval("supplier without mandaat")
def test_mandaat(wereld: Wereld, systeem: Maak, amsterdam: Systeem) -> None:
    wereld.op(NOVEMBER)
    met, zonder = systeem("99AB", mandaat=("99AA",)), systeem("99AB")
    namens = {"namens": "0000000700099AA00000"}
    [geweigerd] = zonder.stuur(GANGERS, zonder.mbo_ganger(NUMMER, envelop=namens))
    assert kort(geweigerd) == ("geweigerd", ["T003"])
    assert gemeld(amsterdam) == []
    [goed] = met.stuur(GANGERS, met.mbo_ganger(NUMMER, envelop=namens))
    assert kort(goed) == ("verwerkt", [])
    assert gemeld(amsterdam) == [(True, 1)]
