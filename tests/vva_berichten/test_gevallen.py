"""The cases of the contract over HTTP. Here: that no row is forgotten. The rows themselves: test_gevallen_*.py."""

from __future__ import annotations

from importlib import import_module

from tests.vva_berichten import gevallen

MODULES = ("mbo_gangers", "aanmeldstatussen", "bulk")


def test_every_row_of_the_table_is_played() -> None:
    for naam in MODULES:
        import_module(f"tests.vva_berichten.test_gevallen_{naam}")
    assert set(gevallen.gespeeld) | set(gevallen.ELDERS) == set(gevallen.GEVALLEN)
    assert not set(gevallen.gespeeld) & set(gevallen.ELDERS)
    for module, test in gevallen.ELDERS.values():
        assert callable(getattr(import_module(module), test)), test
