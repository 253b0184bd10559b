"""Every page of every role, full, empty, wrong and asking: no axe finding, nothing too wide, no CSP violation, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from accounts.rechten import Rol
from tests.browser.axe import keur, luister
from tests.browser.conftest import log_in
from tests.browser.rondgang import label, loop

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("rol", list(Rol))
def test_elke_pagina(page: Page, rol: Rol) -> None:
    fout = luister(page)
    log_in(page, label(rol))
    bevindingen, gezien = [], []
    for adres, code in loop(page, rol):
        gezien.append(adres)
        if code != 200:
            bevindingen.append(f"{adres}: antwoord {code}")
        bevindingen += [f"{adres}: {b}" for b in keur(page)]
    print(*gezien, sep="\n")
    if bevindingen or fout:
        pytest.fail("\n".join([*bevindingen, *fout]), pytrace=False)
