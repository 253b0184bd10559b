"""`make bench`, or `python -m tests.bench [--schaal 0.1] [--rijen 1,4,5,6,7,9]`: makes a country of that scale once, then measures.

The data stay in `.overstap/bench`. The table goes to the terminal and, as JSON, to bench-uitslag.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VANDAAG = date(2026, 3, 20)
JAREN, PER_JAAR, REGIOS = 5, 150_000, 40


def _voorbereid(map_: Path, omgeving: dict[str, str], schaal: float) -> None:
    """A country in the database of this folder, once per scale."""

    def beheer(*opdracht: str) -> None:
        print("bench:", " ".join(opdracht), flush=True)
        subprocess.run(
            [sys.executable, "manage.py", *opdracht], cwd=PROJECT, env=omgeving, check=True, stdout=subprocess.DEVNULL
        )

    # Always: the code may have moved on since the data were made.
    beheer("migrate", "--database", "eigenaar", "--verbosity", "0")
    beheer("collectstatic", "--no-input", "--verbosity", "0")
    merk = map_ / "bench.json"
    wil = {"schaal": schaal, "vandaag": VANDAAG.isoformat()}
    if merk.exists() and json.loads(merk.read_text()) == wil:
        return
    beheer("laad_referentie", "--json")
    beheer("genereer", "--regios", str(REGIOS), "--overstappen", str(int(PER_JAAR * schaal)), "--jaren", str(JAREN))
    merk.write_text(json.dumps(wil))


def main() -> int:
    keuzes = argparse.ArgumentParser(description=__doc__)
    keuzes.add_argument("--schaal", type=float, default=0.1, help="deel van een land van 750.000 overstappen")
    keuzes.add_argument("--rijen", default="1,4,5,6,7,9")
    keuzes.add_argument("--keren", type=int, default=5)
    gekozen = keuzes.parse_args()

    from overstap.basis.embedded.diensten import gebruik
    from overstap.basis.embedded.paden import datamap, maak_map

    map_ = maak_map(datamap() / f"bench-{gekozen.schaal:g}")
    with gebruik(map_) as diensten:
        omgeving = {**os.environ, **diensten, "OVERSTAP_DATA": str(map_), "OVERSTAP_DEMO": "1", "OVERSTAP_VANDAAG": VANDAAG.isoformat(),
                    "OVERSTAP_DBROL": "taken", "OVERSTAP_LOGNIVEAU": "ERROR", "DJANGO_SETTINGS_MODULE": "overstap.settings"}  # fmt: skip
        os.environ.update(omgeving)
        _voorbereid(map_, omgeving, gekozen.schaal)
        import django

        django.setup()
        from tests.bench import rijen

        uitslagen = []
        for nummer in (int(n) for n in gekozen.rijen.split(",")):
            uitslagen += rijen.RIJEN[nummer](gekozen.keren)
        breed = max(len(u.werk) for u in uitslagen)
        print(
            f"\n| # | {'Werk':<{breed}} | Maat | Eigen (s) | Grens (s) | Verhouding | Doel | |\n|---|{'-' * (breed + 2)}|---|---|---|---|---|---|"
        )
        for u in uitslagen:
            extra = ", ".join(f"{k} {v}" for k, v in u.extra.items())
            print(f"| {u.rij} | {u.werk:<{breed}} | {u.maat} | {u.eigen:.3f} | {u.grens:.3f} | {u.verhouding:.2f} | {u.doel} | "
                  f"{'gehaald' if u.gehaald else 'NIET GEHAALD'}{'; ' + extra if extra else ''} |")  # fmt: skip
        Path("bench-uitslag.json").write_text(
            json.dumps(
                [{**u.__dict__, "verhouding": round(u.verhouding, 3), "gehaald": u.gehaald} for u in uitslagen],
                indent=1,
            )
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
