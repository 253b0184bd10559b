"""Every export that can be asked for, by its code, and how to ask for one."""

from rapportages.exports.basis import ExportSoort, Opdracht, TabelExport, Wie
from rapportages.exports.doorlooptijden import Doorlooptijden
from rapportages.exports.scholen import Scholen

REGISTER: dict[str, ExportSoort] = {soort.code: soort for soort in (Scholen(), Doorlooptijden())}


def registreer(soort: ExportSoort) -> None:
    """Add a kind from above (in ``AppConfig.ready``); two kinds with one code are a mistake, the same one again is not."""
    if type(REGISTER.setdefault(soort.code, soort)) is not type(soort):
        raise ValueError(f"Export {soort.code!r} bestaat al.")


def op_naam() -> dict[str, ExportSoort]:
    """Those that can be asked for by their code: in the form, the API and the command."""
    return {code: soort for code, soort in REGISTER.items() if soort.op_naam}


__all__ = ["REGISTER", "ExportSoort", "Opdracht", "TabelExport", "Wie", "op_naam", "registreer"]
