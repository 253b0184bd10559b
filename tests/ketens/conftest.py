from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databank import Databank
from tests.ketens.huis import Huis, huis


@pytest.fixture
def het_huis(bank: Databank, tmp_path: Path) -> Iterator[Huis]:
    """The real processes on a fresh database; commits are real, so it is cloned anew afterwards."""
    with huis(bank, tmp_path) as dit:
        yield dit
