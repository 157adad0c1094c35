"""From the papers made here, over the agent's real socket and HTTP, to the hub: byte for byte."""

from __future__ import annotations

import hashlib
import queue
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.agent.assembly import Part
from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.clock import SystemClock
from kiosk.court.envelope import Envelope
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.services.filing import FilingService, Made
from kiosk.session.session import Session
from screens.effects import SocketEffects
from tests.hub.processes import HubProcess, hub_command, wait_for
from tests.unit.services.filings import filing, reference

DEADLINE = 30.0


@dataclass(slots=True)
class Recording(FilingService):
    """Remembers what it made."""

    all_made: list[Made] = field(default_factory=list)
    all_parts: list[Part] = field(default_factory=list)

    def make(self, session: Session, receipt_no: str, received_at: str, put: Callable[[Part], None]) -> Made:
        def noted(part: Part) -> None:
            self.all_parts.append(part)
            put(part)

        # A dataclass with slots is made anew, so super() without arguments would look at the old class.
        made = FilingService.make(self, session, receipt_no, received_at, noted)
        self.all_made.append(made)
        return made


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path / "hub")
    yield process
    process.stop()


class Terminal:
    """Agent and its socket, and a window's end of it."""

    def __init__(self, folder: Path, hub_url: str) -> None:
        self.path = folder / "agent.sock"
        self.folder = folder
        self.hub_url = hub_url
        self.making = Recording(reference(), SystemClock())
        self.events: queue.Queue[ev.Event] = queue.Queue()
        self.up: list[str] = []
        self.start()
        self.window = SocketEffects(
            folder / "devices.sock",
            self.path,
            post=self.events.put,
            filing=self.making,
            on_device=lambda _: None,
            on_agent=lambda _: None,
            on_link=lambda name, up: self.up.append(name) if up else None,
        )
        self.window.start()
        wait_for(lambda: self.up == ["agent"])
        self.making.court_code = self.agent.terminal.court_code
        self.making.terminal = self.agent.terminal.code

    def start(self) -> None:
        self.agent = Agent.open(self.folder / "terminal", self.hub_url, SystemClock())
        self.service = Service(self.agent, self.path, self.folder / "devices.sock", SystemClock())
        self.service.start()
        self.agent.start()

    def stop(self) -> None:
        self.service.stop()
        self.agent.close()

    def hand_in(self, session: Session) -> ev.Event:
        self.window.run(fx.Submit(), session)
        return self.events.get(timeout=DEADLINE)


@pytest.fixture
def terminal(tmp_path: Path, hub: HubProcess) -> Iterator[Terminal]:
    running = Terminal(tmp_path, hub.url)
    yield running
    running.window.stop()
    running.stop()


def test_the_hub_holds_what_was_made(terminal: Terminal, hub: HubProcess, tmp_path: Path) -> None:
    """S2-16: sealed, sent, unsealed by the court: the very bytes that were made here."""
    outcome = terminal.hand_in(filing(scans=3).session)
    assert isinstance(outcome, ev.Committed)
    assert terminal.agent.deliver(DEADLINE) == 0
    (made,) = terminal.making.all_made
    out = tmp_path / "export"
    done = hub_command("export", "--data", str(hub.data), "--submission", made.submission, "--out", str(out))
    assert done.returncode == 0, done.stderr
    exported = {hashlib.sha256(file.read_bytes()).hexdigest() for file in out.rglob("*") if file.is_file()}
    sent = {hashlib.sha256(part.data).hexdigest() for part in terminal.making.all_parts}
    assert sent
    assert sent <= exported
    assert (outcome.receipt_no, outcome.received_at) == (made.receipt_no, made.received_at)


def test_a_volume_in_parts_arrives_whole_and_in_order(terminal: Terminal, hub: HubProcess, tmp_path: Path) -> None:
    """S1-32: where the backend takes files of limited size, the manifest names every part, in order; pages run through,
    the envelope tells which part has which, and the receipt counts pages and not parts."""
    made = filing(scans=4)
    terminal.making.volume_part_bytes = 1
    assert isinstance(terminal.hand_in(made.session), ev.Committed)
    assert terminal.agent.deliver(DEADLINE) == 0
    out = tmp_path / "export"
    submission = str(made.draft.submission_id)
    done = hub_command("export", "--data", str(hub.data), "--submission", submission, "--out", str(out))
    assert done.returncode == 0, done.stderr
    sent = Envelope.model_validate_json(next(out.glob("*-envelope.json")).read_bytes())
    pages = sum(item.pages for item in sent.evidence)
    assert [(part.first_page, part.last_page) for part in sent.volume] == [(n, n) for n in range(1, pages + 1)]
    stamps = [last_page(file) for file in sorted(out.glob("*-volume.pdf"))]
    assert stamps == [f"第{number}页" for number in range(1, pages + 1)]
    (one,) = terminal.making.all_made
    assert one.receipt is not None
    scanned = {item.title for item in sent.evidence}
    assert sum(document.pages for document in one.receipt.documents if document.name.zh in scanned) == pages


def last_page(pdf: Path) -> str:
    """What stands on the last page."""
    done = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split("\f")[-2].split())


def test_an_agent_that_was_away_files_once(terminal: Terminal) -> None:
    """The agent is restarted between two tries; the same submission is stored once."""
    session = filing().session
    terminal.stop()
    # The dying agent may still refuse, or be gone already; either way nothing was filed.
    refused = terminal.hand_in(session)
    assert isinstance(refused, ev.CommitFailed)
    assert refused.problem in {ev.CommitProblem.AGENT_GONE, ev.CommitProblem.STORAGE}
    terminal.start()
    wait_for(lambda: terminal.up == ["agent", "agent"])
    first = terminal.hand_in(session)
    assert isinstance(first, ev.Committed)
    assert terminal.hand_in(session) == first
    counts = terminal.agent.counts()
    assert counts is not None
    assert terminal.agent.deliver(DEADLINE) == 0
