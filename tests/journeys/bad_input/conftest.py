"""A terminal before a hub of which everything can be asked and that can be made to fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.processes import HubProcess
from tests.journeys.bad_input.terminal import Terminal, WallClock
from tests.outbox.stub_hub import StubHub


@pytest.fixture
def hub() -> Iterator[StubHub]:
    with StubHub() as running:
        yield running


@pytest.fixture
def clock() -> WallClock:
    """The terminal's clock; the hub's is right."""
    return WallClock()


@pytest.fixture
def terminal(hub: StubHub, clock: WallClock, tmp_path: Path) -> Iterator[Terminal]:
    running = Terminal(tmp_path, hub.url, clock)
    yield running
    running.close()


@pytest.fixture(scope="session")
def real_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """The court's own program, once for all."""
    process = HubProcess(tmp_path_factory.mktemp("hub") / "data")
    yield process
    process.stop()


@pytest.fixture
def at_real_hub(real_hub: HubProcess, clock: WallClock, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal of that hub."""
    running = Terminal(tmp_path, real_hub.url, clock)
    yield running
    running.close()
