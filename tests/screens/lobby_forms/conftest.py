"""A desk at each window."""

from __future__ import annotations

import pytest

from tests.screens.conftest import LANDSCAPE, KioskWindow
from tests.screens.lobby_forms.desk import Desk


@pytest.fixture
def desk(kiosk_window: KioskWindow) -> Desk:
    """A person at an upright screen, in Chinese."""
    return Desk(kiosk_window)


@pytest.fixture
def wide_desk(kiosk_window: KioskWindow) -> Desk:
    """The same at a wide screen."""
    kiosk_window.reset(LANDSCAPE)
    return Desk(kiosk_window)
