"""A hub that can fail and a terminal on a manual clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.agent.core import Agent
from kiosk.clock import CHINA, ManualClock
from tests.outbox.stub_hub import StubHub

START = datetime(2026, 9, 1, 9, 0, tzinfo=CHINA)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def hub(clock: ManualClock) -> Iterator[StubHub]:
    with StubHub() as stub:
        stub.now = clock.now
        yield stub


@pytest.fixture
def agent(hub: StubHub, clock: ManualClock, tmp_path: Path) -> Iterator[Agent]:
    opened = Agent.open(tmp_path / "data", hub.url, clock)
    yield opened
    opened.close()
