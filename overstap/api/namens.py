"""Whom an OIN stands for. Whether a system may act for it is in the actor (``mag_namens``)."""

from __future__ import annotations

import re

from accounts.models import Organisatie
from accounts.rechten import Soort

# 00000007 + BRIN padded to 7 + 00 + 000 (vva.md, Envelope).
_SCHOOL = re.compile(r"00000007000([0-9]{2}[A-Z]{2})00000")


def organisatie_bij_oin(oin: str, soort: Soort) -> Organisatie | None:
    """The school or mbo behind an OIN: its own one where known, else the BRIN in it."""
    eigen = Organisatie.objects.filter(oin=oin, soort=soort).first()
    if eigen is not None:
        return eigen
    brin = _SCHOOL.fullmatch(oin)
    return Organisatie.objects.filter(code=brin[1], soort=soort).first() if brin else None
