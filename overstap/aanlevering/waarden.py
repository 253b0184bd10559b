"""One cell -> one value. Each function takes the text of a filled cell and raises :class:`VeldFout` with a Dutch sentence.

What people vary is taken; what has two meanings is refused. A value is shown only through ``toon``: never a pgn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from overstap.aanlevering.uitslag import VeldFout, opsomming, toon
from overstap.basis.pgn import geldig
from statuses.referentie.onderwijs import LEERWEGEN, MBO_LEERWEGEN, ONDERWIJSSOORTEN, Begrip
from statuses.status import CODES, VAN_AANMELDING, Status
from statuses.termijnen import jaar_naam, jaar_uit_naam, open_jaren

_JA = {"ja", "j", "yes", "y", "true", "waar", "1", "x", "v", "✓", "aan"}
_NEE = {"nee", "n", "no", "false", "onwaar", "0", "uit"}
_DATUM = (
    re.compile(r"(?P<j>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<j>\d{4})", re.ASCII),
    re.compile(r"(?P<j>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII),
)
_TIJD = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?$")
_EXCEL_DAG_NUL = date(1899, 12, 30)

# As schools write it -> onderwijssoort and, where it says so, leerweg.
_SOORT = {
    "praktijkonderwijs": ("pro", None), "praktijk": ("pro", None), "prakt": ("pro", None),
    "voortgezetspeciaalonderwijs": ("vso", None), "speciaalonderwijs": ("vso", None),
    "volwassenenonderwijs": ("vavo", None), "schakelklas": ("isk", None), "internationaleschakelklas": ("isk", None),
    "atheneum": ("vwo", None), "gymnasium": ("vwo", None), "mavo": ("vmbo", "tl"),
}  # fmt: skip
_LEERWEG = {
    "b": "bb", "bl": "bb", "bbl": "bb", "basis": "bb", "basisberoepsgericht": "bb", "basisberoepsgerichteleerweg": "bb", "lwt": "bb",
    "k": "kb", "kbl": "kb", "kader": "kb", "kaderberoepsgericht": "kb", "kaderberoepsgerichteleerweg": "kb",
    "g": "gl", "gemengd": "gl", "gemengdeleerweg": "gl",
    "t": "tl", "theoretisch": "tl", "theoretischeleerweg": "tl", "mavo": "tl", "theoretischeleerwegmavo": "tl",
}  # fmt: skip
_LANDEN = {"NEDERLAND": "NL", "BELGIE": "BE", "BELGIË": "BE", "DUITSLAND": "DE"}


def _kaal(waarde: str) -> str:
    return re.sub(r"[^a-z0-9]", "", waarde.casefold())


def tekst(waarde: str, hoogstens: int) -> str:
    """Words: spaces folded, not too long, nothing that cannot be read."""
    gevouwen = " ".join(waarde.split())
    if not gevouwen.isprintable():
        raise VeldFout("T001", "Hier staat een teken dat niet te lezen is. Typ de waarde opnieuw.")
    if len(gevouwen) > hoogstens:
        raise VeldFout("T001", f"Dit is te lang: hoogstens {hoogstens} tekens.")
    return gevouwen


@lru_cache(maxsize=4096)
def datum(waarde: str) -> date:
    """2009-05-01, 01-05-2009, 20090501, with or without a time, or the day number of Excel."""
    kaal = _TIJD.sub("", waarde.strip())
    for patroon in _DATUM:
        if gevonden := patroon.fullmatch(kaal):
            try:
                return date(int(gevonden["j"]), int(gevonden["m"]), int(gevonden["d"]))
            except ValueError:
                raise VeldFout(
                    "T001", f"De datum '{toon(kaal)}' bestaat niet. Controleer dag, maand en jaar."
                ) from None
    if re.fullmatch(r"[1-7][0-9]{4}", kaal):  # 1927 to 2119
        return _EXCEL_DAG_NUL + timedelta(days=int(kaal))
    raise VeldFout(
        "T001",
        f"'{toon(waarde)}' is geen datum. Schrijf dag-maand-jaar met vier cijfers voor het jaar, zoals 01-05-2009.",
    )


def ja_nee(waarde: str) -> bool:
    """ja or nee, in the ways that systems export it."""
    kaal = waarde.strip().casefold()
    if kaal in _JA:
        return True
    if kaal in _NEE:
        return False
    raise VeldFout("T001", f"'{toon(waarde)}' is geen ja of nee. Vul ja of nee in.")


def _cijfers(waarde: str) -> str:
    """A number without spaces, dots and dashes, and with the leading zero that Excel took."""
    kaal = re.sub(r"[\s.\-]", "", waarde)
    return kaal.zfill(9) if re.fullmatch(r"[0-9]{8}", kaal) else kaal


def bsn(waarde: str) -> str:
    """Nine digits that pass the eleven-test. F101 without the number."""
    kaal = _cijfers(waarde)
    if geldig("bsn", kaal):
        return kaal
    if geldig("own", kaal):
        raise VeldFout(
            "F101", "Dit is geen burgerservicenummer maar een onderwijsnummer. Zet het in de kolom onderwijsnummer."
        )
    raise VeldFout(
        "F101",
        "Dit is geen geldig burgerservicenummer: het heeft geen negen cijfers of klopt niet met de elfproef. Controleer het nummer.",
    )


def onderwijsnummer(waarde: str) -> str:
    """Nine digits that begin with 10 and pass the test of onderwijsnummers. F101 without the number."""
    kaal = re.sub(r"[\s.\-]", "", waarde)
    if geldig("own", kaal):
        return kaal
    raise VeldFout(
        "F101",
        "Dit is geen geldig onderwijsnummer: het begint niet met 10, heeft geen negen cijfers of klopt niet. Controleer het nummer.",
    )


def code(waarde: str, tabel: Mapping[str, Begrip], wat: str) -> str:
    """The code of an entry, by code or label."""
    kaal = _kaal(waarde)
    for begrip in tabel.values():
        if kaal in (_kaal(begrip.code), _kaal(begrip.label), _kaal(begrip.kort) or None):
            return begrip.code
    raise VeldFout("T001", f"'{toon(waarde)}' is geen bekende {wat}. Kies uit: {', '.join(tabel)}.")


def leerweg(waarde: str) -> str:
    """bb, kb, gl or tl."""
    kaal = _kaal(waarde)
    return kaal if kaal in LEERWEGEN else _LEERWEG.get(kaal) or code(waarde, LEERWEGEN, "leerweg")


@lru_cache(maxsize=1024)
def onderwijssoort(waarde: str) -> tuple[str, str | None]:
    """The onderwijssoort, and the leerweg where the word holds it: "mavo", "vmbo-kb", "KB", "havo 5"."""
    kaal = re.sub(r"(?<=[a-z])\d$", "", _kaal(waarde))
    if kaal in ONDERWIJSSOORTEN:
        return kaal, None
    if kaal in _SOORT:
        return _SOORT[kaal]
    rest = kaal.removeprefix("vmbo")
    weg = rest if rest in LEERWEGEN else _LEERWEG.get(rest)
    # A single letter is a leerweg only behind "vmbo".
    if weg and (rest != kaal or len(rest) > 1):
        return "vmbo", weg
    return code(waarde, ONDERWIJSSOORTEN, "onderwijssoort"), None


def mbo_leerweg(waarde: str) -> str:
    """bol or bbl."""
    return code(waarde, MBO_LEERWEGEN, "leerweg van het mbo")


def land(waarde: str) -> str:
    """Two letters, as in ISO 3166."""
    hoofd = waarde.strip().upper()
    gevonden = _LANDEN.get(hoofd, hoofd)
    if not re.fullmatch(r"[A-Z]{2}", gevonden):
        raise VeldFout(
            "T001", f"'{toon(waarde)}' is geen landcode van twee letters. Schrijf bijvoorbeeld NL, BE of DE."
        )
    return gevonden


def overstapjaar(waarde: str, vandaag: date) -> int:
    """The first year of an overstapjaar that is open today."""
    kaal = waarde.strip().replace("/", "-").replace(" ", "")
    if kort := re.fullmatch(r"(20\d{2})-(\d{2})", kaal):
        kaal = f"{kort[1]}-20{kort[2]}"
    try:
        jaar = jaar_uit_naam(kaal)
    except ValueError:
        raise VeldFout(
            "T001",
            f"'{toon(waarde)}' is geen overstapjaar. Schrijf twee opeenvolgende jaren, zoals {jaar_naam(open_jaren(vandaag)[0])}.",
        ) from None
    if jaar not in open_jaren(vandaag):
        open_ = opsomming((jaar_naam(j) for j in open_jaren(vandaag)), "of")
        raise VeldFout("T001", f"Overstapjaar {jaar_naam(jaar)} is nu niet open. Lever aan voor {open_}.")
    return jaar


def status(waarde: str) -> Status:
    """A status of an aanmelding, by code, label or number."""
    kaal = _kaal(waarde)
    for kandidaat in sorted(VAN_AANMELDING):
        if kaal in (_kaal(kandidaat.code), _kaal(kandidaat.label), str(kandidaat.value)):
            return kandidaat
    if kaal in {_kaal(c) for c in CODES}:
        raise VeldFout("F201", f"De status '{toon(waarde)}' hoort niet bij een aanmelding. Kies uit: {_statuscodes()}.")
    raise VeldFout("F201", f"De status '{toon(waarde)}' is niet bekend. Kies uit: {_statuscodes()}.")


def _statuscodes() -> str:
    return ", ".join(s.code for s in sorted(VAN_AANMELDING))


def getal(waarde: str, van: int, tot: int) -> int:
    """A whole number between two bounds."""
    kaal = waarde.strip()
    if not re.fullmatch(r"\d{1,9}", kaal, re.ASCII) or not van <= int(kaal) <= tot:
        raise VeldFout("T001", f"'{toon(waarde)}' is geen geheel getal van {van} tot en met {tot}.")
    return int(kaal)


def crebo(waarde: str) -> str:
    """Five digits."""
    kaal = waarde.strip()
    if not re.fullmatch(r"\d{5}", kaal, re.ASCII):
        raise VeldFout("T001", f"'{toon(waarde)}' is geen crebonummer van vijf cijfers.")
    return kaal


def aanwezigheid(waarde: str) -> str:
    """show or no_show."""
    kaal = _kaal(waarde)
    if kaal in ("show", "noshow"):
        return "show" if kaal == "show" else "no_show"
    raise VeldFout("T001", f"'{toon(waarde)}' is geen aanwezigheid. Kies uit: show, no_show, of laat de cel leeg.")
