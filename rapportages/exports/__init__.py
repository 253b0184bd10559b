"""Every export that can be asked for, by its code, and how to ask for one."""

from rapportages.exports.basis import ExportSoort, Opdracht
from rapportages.exports.scholen import Scholen

REGISTER: dict[str, ExportSoort] = {soort.code: soort for soort in (Scholen(),)}

__all__ = ["REGISTER", "ExportSoort", "Opdracht"]
