"""Fill in a form as a person does: what the page shows, with a few fields changed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client


def velden(pagina: str) -> dict[str, Any]:
    """The fields of the page's form in <main>, as a browser would send them."""
    hoofd = pagina[pagina.index("<main") : pagina.index("</main>")]
    uit: dict[str, Any] = {}
    for invoer in re.findall(r"<input\b[^>]*>", hoofd):
        eigenschap = dict(re.findall(r'([a-z-]+)="([^"]*)"', invoer))
        naam, soort = eigenschap.get("name", ""), eigenschap.get("type", "text")
        if not naam or naam == "csrfmiddlewaretoken" or (soort in ("checkbox", "radio") and " checked" not in invoer):
            continue
        waarde = unescape(eigenschap.get("value", "on" if soort == "checkbox" else ""))
        eerder = uit.get(naam, [])
        uit[naam] = [*(eerder if isinstance(eerder, list) else [eerder]), waarde] if eerder else waarde
    for naam, inhoud in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', hoofd, re.S):
        gekozen = re.search(r'<option value="([^"]*)"[^>]*selected', inhoud)
        uit[naam] = unescape(gekozen[1]) if gekozen else ""
    for naam, inhoud in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', hoofd, re.S):
        uit[naam] = unescape(inhoud.strip())
    return uit


def stuur(client: Client, adres: str, **anders: Any) -> Any:
    """Open the page, change these fields and send it; the answer, not followed."""
    return client.post(adres, {**velden(client.get(adres).content.decode()), **anders})


def bevestig(client: Client, adres: str, antwoord: Any) -> Any:
    """Say yes on the page that asks."""
    assert antwoord.status_code == 200, antwoord.content.decode()[:2000]
    return client.post(adres, velden(antwoord.content.decode()))
