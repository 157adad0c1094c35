"""The touchpad's window as a process of its own, touched through the X server, with an agent that is the test's."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from drivers.api.wire import Channel, Listener
from kiosk.agent import messages as m
from kiosk.agent import rating_messages as r
from kiosk.config.model import Names, RatingSettings, TerminalConfig
from kiosk.court.rating import RatingOutcome
from kiosk.rating.window_state import Activity
from tests.e2e.hand import Hand
from tests.hub.processes import wait_for
from tests.screens.touchpad.pad_bench import question

pytestmark = [pytest.mark.window, pytest.mark.slow]

T = TypeVar("T")
CONFIG = TerminalConfig(window="3", rating=RatingSettings(timeout_seconds=10, thanks_seconds=1))


class FakeAgent:
    """An agent's socket: what the window says can be waited for, and what it is told is up to the test."""

    def __init__(self, path: Path) -> None:
        self.heard: queue.Queue[Any] = queue.Queue()
        self.stopped = False
        self._there = threading.Event()
        self._listener = Listener(path, m.Request, self._serve)
        self._listener.start()

    def _serve(self, channel: Channel[Any, Any]) -> None:
        self._channel = channel
        self._there.set()
        channel.send(m.AgentStatus(m.HubState.ONLINE, 0, accepting=True))
        while (request := channel.receive()) is not None:
            match request:
                case m.GetConfig() if self.stopped:
                    continue
                case m.GetConfig():
                    name = Names(zh="示例人民法院", ko="시범인민법원", en="Example Court")
                    channel.send(m.Config(request.request, CONFIG, "DEVPAD", "吉0102", name, True, "test"))
                case r.ShowPad():
                    channel.send(r.PadWindow("3", Activity.FREE, "王示例"))
            self.heard.put(request)

    def tell(self, event: m.Event) -> None:
        self._channel.send(event)

    def expect(self, kind: type[T]) -> T:
        """The next request of `kind`; others are passed over."""
        while not isinstance(request := self.heard.get(timeout=20), kind):
            pass
        return request

    def stop(self) -> None:
        self._listener.stop()
        if self._there.is_set():
            self._channel.close()


class PadProcess:
    """The window, on a display of its own size, as the launcher holds it."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        screen = ["-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        self._display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), *screen], pass_fds=(writing,), stderr=subprocess.DEVNULL
        )
        os.close(writing)
        with os.fdopen(reading) as number:
            display = f":{number.readline().strip()}"
        (folder / "windows").mkdir()
        self.agent = FakeAgent(folder / "agent.sock")
        self.process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-m",
                    "screens.app",
                    "--profile",
                    "touchpad",
                    "--size",
                    "1280x800",
                    "--pitch",
                    "0.17",
                ),
                *("--agent", str(folder / "agent.sock"), "--devices", str(folder / "none")),
                *("--home", str(folder / "home"), "--introspect", str(folder / "windows")),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "DISPLAY": display},
        )
        self.hand = Hand(folder / "windows", display)
        self._said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line.strip())

    def expect_line(self, wanted: str) -> None:
        """Wait until the window says this to its launcher."""
        while self._said.get(timeout=20) != wanted:
            pass

    def stand_still(self, meanwhile: Callable[[], None]) -> None:
        """Stop the process, as an overloaded machine would, for longer than anybody is given to answer."""
        self.process.send_signal(signal.SIGSTOP)
        state = Path(f"/proc/{self.process.pid}/stat")
        wait_for(lambda: state.read_text().rpartition(")")[2].split()[0] == "T")
        ends = time.monotonic() + CONFIG.rating.timeout_seconds + 1
        meanwhile()
        wait_for(lambda: time.monotonic() > ends)
        self.process.send_signal(signal.SIGCONT)

    def tell(self, word: str) -> None:
        """What the launcher says to the window."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        for process in (self.process, self._display):
            process.kill()
            process.wait()
        self.agent.stop()


@pytest.fixture
def pad() -> Iterator[PadProcess]:
    """In a folder whose name is short enough for sockets."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("touching a process takes Xvfb and xdotool")
    with tempfile.TemporaryDirectory(prefix="ck-") as made:
        started = PadProcess(Path(made))
        yield started
        started.stop()


def test_a_pad_is_asked_touched_and_left_alone(pad: PadProcess) -> None:
    """Hidden it takes no part; shown it asks, keeps, thanks; after typing asks to be replaced; untouched: not rated."""
    agent, hand = pad.agent, pad.hand
    pad.expect_line("ready")
    agent.expect(m.GetConfig)
    assert agent.heard.empty(), "a spare that nobody sees does not ask for questions"
    pad.tell("show")
    assert agent.expect(r.ShowPad) == r.ShowPad()
    hand.at("idle")
    agent.tell(question(number=1))
    hand.at("invited")
    assert agent.expect(r.RatingShown) == r.RatingShown("invitation-1")
    while agent.heard.empty():
        hand.touch("grade.2")  # within half a second of the page's coming a touch was meant for the page before
    assert not agent.expect(r.AnswerRating).done
    hand.touch("reason.rude")
    while hand.look().stage == "reasons":
        hand.touch("call_back")
    for digit in "138":
        hand.touch(f"key.{digit}")
    hand.touch("done")
    while agent.heard.empty():
        hand.touch("submit")
    kept = agent.expect(r.AnswerRating)
    assert (kept.grade, kept.reasons, kept.call_back) == (2, ("rude",), "138")
    hand.at("saving")
    agent.tell(r.RatingKept(kept.request, kept.invitation_id))
    hand.at("thanks")
    pad.expect_line("ended rated")
    agent.tell(question(number=2))
    missed = agent.expect(r.AnswerRating)
    assert (missed.invitation_id, missed.outcome, missed.grade) == ("invitation-2", RatingOutcome.TIMED_OUT, None)
    agent.tell(r.RatingKept(missed.request, missed.invitation_id))
    hand.at("idle")
    pad.tell("leave")
    assert pad.process.wait(10) == 0


def test_a_window_that_stands_still_in_the_middle_of_a_press(pad: PadProcess) -> None:
    """S2-15, S2-16: the press that was begun is the answer, and the only one; nothing that was hammered onto the frozen
    page answers, thanks twice or chooses anything on the next."""
    agent, hand = pad.agent, pad.hand
    pad.expect_line("ready")
    pad.tell("show")
    hand.at("idle")
    agent.tell(question(number=1))
    hand.at("invited")
    hand.press("grade.4")
    view = hand.at("invited")
    elsewhere = [target.centre for target in view.targets if target.name in {"grade.5", "grade.1", "decline"}]

    def hammer() -> None:
        hand.release()
        for x, y in elsewhere * 2:
            hand.touch_at(x, y)

    pad.stand_still(hammer)
    hand.at("saving")
    answers = [agent.expect(r.AnswerRating)]
    agent.tell(r.RatingKept(answers[0].request, "invitation-1"))
    hand.at("thanks")
    hand.at("idle")
    agent.tell(question(number=2))
    hand.at("invited")
    while not isinstance(heard := agent.heard.get(timeout=20), r.RatingShown):
        answers += [heard] if isinstance(heard, r.AnswerRating) else []
    assert heard.invitation_id == "invitation-2"
    assert {(one.invitation_id, one.outcome, one.grade) for one in answers} == {
        ("invitation-1", RatingOutcome.RATED, 4)
    }
    missed = agent.expect(r.AnswerRating)
    assert (missed.invitation_id, missed.outcome, missed.grade) == ("invitation-2", RatingOutcome.TIMED_OUT, None)


def test_an_agent_that_stands_still_is_noticed(pad: PadProcess) -> None:
    """It is connected and answers nothing: the pad stops offering what cannot be taken in, and keeps sending what was
    answered until it is kept."""
    agent, hand = pad.agent, pad.hand
    pad.expect_line("ready")
    pad.tell("show")
    hand.wait("the pad to be ready", lambda view: view.find("report") is not None)
    agent.tell(question(number=1))
    hand.leave("invited", "grade.5")
    hand.at("saving")
    agent.stopped = True
    requests = {agent.expect(r.AnswerRating).request for _ in range(3)}
    assert requests == {"invitation-1/done"}
    agent.tell(r.RatingKept("invitation-1/done", "invitation-1"))
    hand.at("thanks")
    hand.wait("the pad to say so", lambda view: view.stage == "idle" and view.find("report") is None)
    agent.stopped = False
    hand.wait("the pad to be ready", lambda view: view.find("report") is not None)
