"""Sends what waits, over Django's mail settings: one connection for a set of mails, backoff, parking, and the bounce.

A refusal or a failed connection is known not to have arrived, so it is tried again later. Once the text is on its way and
no answer comes back (the task died, the connection broke), the mail may have arrived: it is not sent again. A mail points at
a page where the thing itself waits, so a lost one costs less than a double one.
"""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.scope import systeem_bereik
from overstap.basis import klok
from overstap.gesprekken.models import Contactpersoon, Mail, Stand
from overstap.gesprekken.post.soorten import SOORTEN, Soort, onderwerp, regel

log = structlog.get_logger(__name__)

MAX_POGINGEN = 8
WACHTTIJDEN = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
# Longer than a task can live: who then still has no answer will never have one.
KWIJT = timedelta(minutes=20)


def te_versturen(regio: str) -> list[uuid.UUID]:
    """The mails that are due, the oldest first. Those whose task died on the way are settled here as "onzeker"."""
    wand = klok.wandklok()
    wacht = Mail.objects.filter(regio_id=regio, stand=Stand.WACHT)
    kwijt = wacht.filter(aangeboden_op__lt=wand - KWIJT).update(stand=Stand.ONZEKER, klaar_op=wand)
    if kwijt:
        log.warning("mail.onzeker", regio=regio, aantal=kwijt)
    return list(
        wacht.filter(aangeboden_op__isnull=True, opnieuw_na__lte=wand)
        .order_by("opnieuw_na")
        .values_list("pk", flat=True)
    )


def verstuur(regio: str, ids: Iterable[uuid.UUID]) -> int:
    """Send these mails, each in a transaction of its own; how many went. Those that are done or not due are passed over."""
    with systeem_bereik(regio):
        mails = list(
            Mail.objects.filter(
                pk__in=list(ids), stand=Stand.WACHT, aangeboden_op__isnull=True, opnieuw_na__lte=klok.wandklok()
            )
            .select_related("gebruiker", "contact", "organisatie")
            .order_by("gemaakt_op", "pk")
        )
    if not mails:
        return 0
    verbinding = get_connection()
    try:
        verbinding.open()
    except (OSError, smtplib.SMTPException) as fout:
        with systeem_bereik(regio):
            for mail in mails:
                mail.pogingen += 1
                _later(mail, type(fout).__name__)
        return 0
    try:
        return sum(_verstuur_een(regio, mail, verbinding) for mail in mails)
    finally:
        verbinding.close()


def _verstuur_een(regio: str, mail: Mail, verbinding: Any) -> bool:
    adres = adres_van(mail)
    bericht = _gemaakt(mail, adres, verbinding) if adres else None
    if bericht is None:
        with systeem_bereik(regio):
            _klaar(mail, *((Stand.GEPARKEERD, "tekst") if adres else (Stand.VERVALLEN, "")))
        return False
    with systeem_bereik(regio):
        # From here on this mail is ours, and it is on its way.
        vrij = Mail.objects.filter(pk=mail.pk, stand=Stand.WACHT, aangeboden_op__isnull=True)
        if not vrij.update(aangeboden_op=klok.wandklok(), pogingen=F("pogingen") + 1):
            return False
    mail.pogingen += 1
    uitkomst, code = _bied_aan(bericht, verbinding, adres)
    with systeem_bereik(regio):
        if uitkomst is None:
            _later(mail, code)
        else:
            _klaar(mail, uitkomst, code)
        if uitkomst == Stand.GEWEIGERD:
            stuit(regio, adres)
    return uitkomst == Stand.VERZONDEN


def _gemaakt(mail: Mail, adres: str, verbinding: Any) -> EmailMessage | None:
    """The mail, or None when its text cannot be made: one that is broken must not hold up the others."""
    try:
        return maak_bericht(mail, adres, verbinding)
    except Exception:
        log.exception("mail.tekst_mislukt", mail=str(mail.pk), soort=mail.soort)
        return None


def _bied_aan(bericht: EmailMessage, verbinding: Any, adres: str) -> tuple[Stand | None, str]:
    """Hand it to the mail server: the stand that follows, or None to try again later, and a code without a person."""
    try:
        verbinding.send_messages([bericht])
    except smtplib.SMTPRecipientsRefused as fout:
        code = fout.recipients.get(adres, (550, b""))[0]
        return (None if code < 500 else Stand.GEWEIGERD), str(code)
    except smtplib.SMTPResponseException as fout:
        return (None if fout.smtp_code < 500 else Stand.GEPARKEERD), str(fout.smtp_code)
    except (smtplib.SMTPServerDisconnected, OSError) as fout:
        _opnieuw_open(verbinding)
        return Stand.ONZEKER, type(fout).__name__
    except (smtplib.SMTPException, ValueError) as fout:
        return Stand.GEPARKEERD, type(fout).__name__
    return Stand.VERZONDEN, ""


def _opnieuw_open(verbinding: Any) -> None:
    """For the mails behind it; when that fails each of them finds out by itself."""
    verbinding.close()
    try:
        verbinding.open()
    except (OSError, smtplib.SMTPException):
        log.warning("mail.geen_verbinding")


def _klaar(mail: Mail, stand: Stand, code: str = "") -> None:
    Mail.objects.filter(pk=mail.pk).update(stand=stand, klaar_op=klok.wandklok(), fout=code)
    if stand in (Stand.GEWEIGERD, Stand.GEPARKEERD, Stand.ONZEKER):
        log.warning("mail.niet_bezorgd", mail=str(mail.pk), soort=mail.soort, stand=stand.value, code=code)


def _later(mail: Mail, code: str) -> None:
    """Not arrived: again after a while, longer each time; given up after the last."""
    nu, poging = klok.wandklok(), mail.pogingen
    if poging >= MAX_POGINGEN:
        _klaar(mail, Stand.GEPARKEERD, code)
        return
    na = nu + WACHTTIJDEN[min(poging, len(WACHTTIJDEN)) - 1]
    Mail.objects.filter(pk=mail.pk).update(aangeboden_op=None, opnieuw_na=na, pogingen=poging, fout=code)
    log.info("mail.later", mail=str(mail.pk), soort=mail.soort, code=code, poging=poging)


def stuit(regio: str, adres: str) -> int:
    """The mail server knows no such address: say so at every contact of this regio that has it."""
    rijen = Contactpersoon.objects.filter(regio_id=regio, email__iexact=adres)
    return rijen.update(gestuiterd_op=klok.wandklok())


def adres_van(mail: Mail) -> str:
    """Where it goes now; empty for who cannot be mailed any more."""
    if mail.contact is not None:
        return mail.contact.email
    gebruiker = mail.gebruiker
    if gebruiker is None or not gebruiker.is_active or (gebruiker.is_demo and not settings.OVERSTAP_DEMO):
        return ""
    return gebruiker.email


def context(mail: Mail) -> dict[str, Any]:
    """All that a text knows: the organisatie it is about, counts and sentences, and links. No row, so no person."""
    soort, inhoud = Soort(mail.soort), mail.inhoud
    rij = SOORTEN[soort]
    vraag = inhoud.get("vraag", rij.vraag)
    return {
        "organisatie": mail.organisatie.naam if mail.organisatie else "",
        "aantal": int(inhoud.get("aantal", 1)),
        "regels": _regels(inhoud),
        "stappen": inhoud.get("stappen", []),
        "fase": inhoud.get("fase", ""),
        "rol": inhoud.get("rol", ""),
        "link": link(rij.pagina, vraag),
        "voorkeuren": link("voorkeuren") if mail.gebruiker_id else "",
    }


def _regels(inhoud: dict[str, Any]) -> list[dict[str, str]]:
    """The lines of a daily mail, each with its page."""
    return [
        {"tekst": regel(Soort(soort), aantal), "link": link(SOORTEN[Soort(soort)].pagina, SOORTEN[Soort(soort)].vraag)}
        for soort, aantal in inhoud.get("aantallen", {}).items()
    ]


def link(pagina: str, vraag: str = "") -> str:
    """The full address of a page, by its url name."""
    pad = reverse(pagina)
    return f"{settings.OVERSTAP_BASIS_URL}{pad}{'?' if vraag else ''}{vraag}"


def maak_bericht(mail: Mail, adres: str, verbinding: Any = None) -> EmailMessage:
    """The mail as it goes out: plain text, one receiver, and an id that is the same at every attempt."""
    c = context(mail)
    koppen = {"Message-ID": f"<{mail.pk}@overstap>", "Auto-Submitted": "auto-generated"}
    if c["voorkeuren"]:
        koppen["List-Unsubscribe"] = f"<{c['voorkeuren']}>"
    tekst = render_to_string(f"post/{mail.soort}.txt", c)
    return EmailMessage(
        onderwerp(Soort(mail.soort), c["aantal"]), tekst, None, [adres], connection=verbinding, headers=koppen
    )
