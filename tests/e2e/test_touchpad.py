"""A touchpad as a court runs it, with its launcher and the real hub, while its programs are killed."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stack import Stack
from tests.hub.processes import wait_for
from tests.hub.push.live import LiveHub
from tests.hub.ratings.test_pad import ask, held

pytestmark = [pytest.mark.exhaustive, pytest.mark.window, pytest.mark.timeout(180)]


class PadStack(Stack):
    """A display and a touchpad; nothing else of a terminal."""

    def __enter__(self) -> PadStack:
        self._start_display()
        return self


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LiveHub]:
    served = LiveHub(tmp_path / "hub")
    yield served
    served.stop()


@pytest.fixture
def stack(hub: LiveHub) -> Iterator[PadStack]:
    """In a folder whose name is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="ck-") as folder, PadStack(Path(folder), (1024, 600)) as made:
        made.hub_url = hub.url
        yield made


def agent_of(stack: PadStack) -> int:
    """The agent that the touchpad's launcher runs."""
    for child in Path(f"/proc/{stack.pid('touchpad')}/task/{stack.pid('touchpad')}/children").read_text().split():
        if b"kiosk.agent" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    return pytest.fail("the launcher runs no agent")


def test_ratings_survive_every_kill(hub: LiveHub, stack: PadStack) -> None:
    """S2-16, N3: a grade that was touched is the hub's, whatever dies; who typed leaves a fresh process behind."""
    hand = stack.start_touchpad()
    hand.at("idle")
    ask(hub, "ticket:1")
    hand.leave("invited", "grade.4")
    wait_for(lambda: held(hub) == {"ticket:1": 4})

    ask(hub, "ticket:2")
    hand.leave("invited", "grade.1")
    hand.at("reasons")
    killed = hand.shown_pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: held(hub).get("ticket:2") == 1, seconds=30)

    hand.at("idle")
    ask(hub, "ticket:3")
    hand.at("invited")
    os.kill(agent_of(stack), signal.SIGKILL)
    hand.leave("invited", "grade.5")
    wait_for(lambda: held(hub).get("ticket:3") == 5, seconds=30)

    hand.at("idle")
    ask(hub, "ticket:4")
    hand.leave("invited", "grade.2")
    hand.leave("reasons", "call_back")
    hand.touch("key.1")
    hand.leave("call_back", "done")
    typed_into = hand.shown_pid()
    hand.leave("reasons", "submit")
    wait_for(lambda: held(hub).get("ticket:4") == 2)
    wait_for(lambda: hand.shown_pid() not in {None, typed_into}, seconds=30)
    hand.at("idle")
