"""Rules for passwords, in Dutch: Django's own sentence about the length has no translation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

MINIMAAL = 12


class Lengte:
    """At least twelve characters; longer is better than stranger."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MINIMAAL:
            raise ValidationError(
                f"Dit wachtwoord is te kort: het heeft {len(password)} tekens en moet er minstens {MINIMAAL} hebben. "
                "Een zin van een paar woorden is makkelijk te onthouden.",
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return f"Minstens {MINIMAAL} tekens. Een zin van een paar woorden is makkelijk te onthouden."
