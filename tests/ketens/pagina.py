"""A visitor without JavaScript: follows links and posts forms as a browser would, with what the page itself offers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


@dataclass
class Formulier:
    """A form of a page: where it goes, its fields with their values, its buttons (label, name, value)."""

    actie: str
    methode: str = "get"
    velden: list[tuple[str, str]] = field(default_factory=list)
    knoppen: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Pagina:
    """What came back: status, address, readable text, forms and links."""

    status: int
    adres: str
    tekst: str
    formulieren: list[Formulier]
    links: list[tuple[str, str]]
    inhoud: bytes
    soort: str


class _Lezer(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tekst: list[str] = []
        self.formulieren: list[Formulier] = []
        self.links: list[tuple[str, str]] = []
        self._stil = 0
        self._keuzes = 0
        self._link: str | None = None
        self._knop: tuple[str, str] | None = None
        self._buf: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {naam: waarde or "" for naam, waarde in attrs}
        if tag in ("script", "style"):
            self._stil += 1
        if tag == "form":
            self.formulieren.append(Formulier(a.get("action", ""), a.get("method", "get").lower()))
        elif self.formulieren and tag == "select":
            self.formulieren[-1].velden.append((a.get("name", ""), ""))
            self._keuzes = 0
        elif self.formulieren and tag == "option":
            # A browser sends the chosen option, or the first one.
            self._keuzes += 1
            if "selected" in a or self._keuzes == 1:
                naam = self.formulieren[-1].velden[-1][0]
                self.formulieren[-1].velden[-1] = (naam, a.get("value", ""))
        elif self.formulieren and tag in ("input", "textarea"):
            soort = a.get("type", "text")
            if (
                a.get("name")
                and soort not in ("submit", "button", "file")
                and (soort not in ("checkbox", "radio") or "checked" in a)
            ):
                self.formulieren[-1].velden.append((a["name"], a.get("value", "on" if soort == "checkbox" else "")))
        elif tag == "button":
            self._knop, self._buf = (a.get("name", ""), a.get("value", "")), []
        elif tag == "a":
            self._link, self._buf = a.get("href", ""), []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._stil -= 1
        label = " ".join("".join(self._buf).split())
        if tag == "button" and self._knop is not None:
            if self.formulieren:
                self.formulieren[-1].knoppen.append((label, *self._knop))
            self._knop = None
        elif tag == "a" and self._link is not None:
            self.links.append((label, self._link))
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._stil:
            self.tekst.append(data)
            self._buf.append(data)


class Bezoeker:
    """One browser window."""

    def __init__(self, adres: str) -> None:
        self.adres = adres
        self.sessie = requests.Session()

    def _lees(self, antwoord: requests.Response) -> Pagina:
        soort = antwoord.headers.get("Content-Type", "")
        lezer = _Lezer()
        if soort.startswith("text/html"):
            lezer.feed(antwoord.text)
        tekst = " ".join(" ".join(lezer.tekst).split())
        return Pagina(
            antwoord.status_code, antwoord.url, tekst, lezer.formulieren, lezer.links, antwoord.content, soort
        )

    def lees(self, pad: str) -> Pagina:
        pagina = self._lees(self.sessie.get(urljoin(self.adres, pad), timeout=60))
        assert pagina.status == 200, (pagina.status, pagina.adres, pagina.tekst[:500])
        return pagina

    def verzend(
        self, pagina: Pagina, *, knop: str, bestanden: dict[str, tuple[str, bytes]] | None = None, **velden: str
    ) -> Pagina:
        """Press the button whose label holds ``knop``, with the form's own values and ``velden`` over them."""
        for formulier in pagina.formulieren:
            gevonden = next((k for k in formulier.knoppen if knop.lower() in k[0].lower()), None)
            if gevonden is None:
                continue
            inhoud = [(n, w) for n, w in formulier.velden if n not in velden] + list(velden.items())
            if gevonden[1]:
                inhoud.append((gevonden[1], gevonden[2]))
            adres = urljoin(pagina.adres, formulier.actie or pagina.adres)
            uit = self._lees(
                self.sessie.post(adres, data=inhoud, files=bestanden, headers={"Referer": pagina.adres}, timeout=60)
                if formulier.methode == "post"
                else self.sessie.get(adres, params=inhoud, timeout=60)
            )
            assert uit.status == 200, (uit.status, uit.adres, uit.tekst[:500])
            return uit
        raise AssertionError(f"geen knop met {knop!r} op {pagina.adres}: {[f.knoppen for f in pagina.formulieren]}")

    def formulier(
        self, pad: str, *, knop: str = "", bestanden: dict[str, tuple[str, bytes]] | None = None, **velden: str
    ) -> Pagina:
        """Open a page and send its form that takes a file (or whose button is named)."""
        pagina = self.lees(pad)
        if bestanden and not knop:
            kandidaten = [k[0] for f in pagina.formulieren for k in f.knoppen if k[0] and "itloggen" not in k[0]]
            knop = next(
                k
                for k in kandidaten
                if any(w in k.lower() for w in ("controle", "upload", "bekijk", "aanlever", "import"))
            )
        return self.verzend(pagina, knop=knop, bestanden=bestanden, **velden)

    def log_in(self, email: str, wachtwoord: str) -> Pagina:
        pagina = self.verzend(self.lees("/inloggen"), knop="inloggen", login=email, password=wachtwoord)
        assert "/inloggen" not in pagina.adres, pagina.tekst[:500]
        return pagina

    def excel(self, pad: str, seconden: float = 60) -> bytes:
        """Press "Excel" on a page and wait, as a person would, until the file can be downloaded."""
        pagina = self.verzend(self.lees(pad), knop="excel van")
        einde = time.monotonic() + seconden
        while time.monotonic() < einde:
            link = next(
                (doel for label, doel in pagina.links if "download" in label.lower() or "download" in doel.lower()),
                None,
            )
            if link:
                antwoord = self.sessie.get(urljoin(pagina.adres, link), timeout=60)
                assert antwoord.status_code == 200
                return antwoord.content
            time.sleep(0.3)
            pagina = self.lees(pagina.adres)
        raise AssertionError(f"het bestand kwam niet: {pagina.tekst[:500]}")
