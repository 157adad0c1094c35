"""A page to which nothing happens is not drawn again: hall terminals paint without graphics hardware, day and night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.lobby.bench import Bench, journeys

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow

pytestmark = [pytest.mark.window, pytest.mark.slow]

TURNS = 12
MOST = 4
"""A turning ring is drawn seven times a second, and the X server may ask for a picture or two of its own."""


def test_no_page_draws_itself_again_and_again(kiosk_window: KioskWindow) -> None:
    bench = Bench(kiosk_window)
    restless = {}
    for stage, journey in journeys().items():
        bench.open(journey)
        kiosk_window.frames(20)
        drawn = min(kiosk_window.flips(TURNS) for _ in range(3))
        if drawn > MOST:
            restless[stage.value] = drawn
    assert restless == {}
