"""A touchpad as a court runs it, with its launcher and the real hub, while its programs are killed."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from provisioning.hub.unresolved.schema import unresolved_reports
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


def stop(pid: int) -> None:
    """Let it stand still, connected to everything."""
    os.kill(pid, signal.SIGSTOP)
    wait_for(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")


def test_ratings_survive_programs_that_stand_still(hub: LiveHub, stack: PadStack) -> None:
    """S2-16, N3: the window in the middle of a press, the agent for a while, the agent for good: one rating each,
    however late it is kept."""
    hand = stack.start_touchpad()
    hand.at("idle")
    ask(hub, "ticket:1")
    hand.at("invited")
    hand.press("grade.4")
    window = hand.shown_pid()
    assert window is not None
    stop(window)
    hand.release()
    ends = time.monotonic() + 3
    wait_for(lambda: time.monotonic() > ends)
    os.kill(window, signal.SIGCONT)
    wait_for(lambda: held(hub) == {"ticket:1": 4})
    hand.wait("the pad to be ready", lambda view: view.stage == "idle" and view.find("report") is not None)

    ask(hub, "ticket:2")
    hand.at("invited")
    agent = agent_of(stack)
    stop(agent)
    hand.leave("invited", "grade.5")
    hand.at("saving")
    os.kill(agent, signal.SIGCONT)
    wait_for(lambda: held(hub).get("ticket:2") == 5)
    hand.wait("the pad to be ready", lambda view: view.stage == "idle" and view.find("report") is not None)

    ask(hub, "ticket:3")
    hand.at("invited")
    stop(agent)
    hand.leave("invited", "grade.4")
    wait_for(lambda: held(hub).get("ticket:3") == 4, seconds=90)
    assert agent_of(stack) != agent, "the launcher has replaced it"
    assert held(hub) == {"ticket:1": 4, "ticket:2": 5, "ticket:3": 4}


def test_a_report_is_the_courts_and_the_next_question_waits(hub: LiveHub, stack: PadStack) -> None:
    """S2-11: said at the pad, numbered by the hub; an invitation that comes meanwhile is asked afterwards, by the
    process that takes over from the one into which somebody typed. What was typed is nowhere in the clear."""
    hand = stack.start_touchpad()
    hand.leave("idle", "report")
    hand.leave("unresolved_kind", "kind.passed_on")
    hand.leave("unresolved_day", "day.today")
    ask(hub, "ticket:1")
    if hand.wait("the next page", lambda one: one.stage != "unresolved_day").stage == "unresolved_account":
        hand.leave("unresolved_account", "done")
    hand.leave("unresolved_call_back", "call_back.yes")
    for digit in "13800000000":
        hand.touch(f"key.{digit}")
    hand.leave("unresolved_contact", "done")
    hand.leave("unresolved_review", "hand_in")
    hand.at("unresolved_done")
    typed_into = hand.shown_pid()
    (report,) = reports(hub)
    assert (report.kind, report.place, report.window, report.channel) == ("passed_on", "window", "1", "pad")
    assert report.call_back
    assert b"13800000000" not in b"".join(
        path.read_bytes() for path in stack.folder.rglob("*") if path.is_file() and path.suffix not in {".sock"}
    )
    hand.leave("unresolved_done", "finish")
    hand.leave("invited", "grade.4")
    assert hand.shown_pid() != typed_into
    wait_for(lambda: held(hub) == {"ticket:1": 4})


def reports(hub: LiveHub) -> list[sa.Row[tuple[object, ...]]]:
    """What the hub holds of what could not be got done."""
    with hub.hub.database.reading.connect() as connection:
        return list(connection.execute(sa.select(unresolved_reports)))
