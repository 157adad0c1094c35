"""A child process that answers, dies, hangs, or cannot be started (N3, N5)."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.child_worker import ChildWorker, Limits, OrderTooLargeError, WorkerGoneError

CHILD = """
import os, socket, sys, time
from drivers.api.wire import Channel
channel = Channel(socket.socket(fileno=int(sys.argv[2])), str)
channel.send("ready")
while (order := channel.receive()) is not None:
    if order == "die": os._exit(1)
    if order == "hang": time.sleep(600)
    if order.startswith("once ") and not os.path.exists(order[5:]):
        open(order[5:], "w").close()
        os._exit(1)
    channel.send(f"{order} by {os.getpid()}")
"""

Answer = str | WorkerGoneError | OrderTooLargeError
Ask = Callable[[str], Answer]


@pytest.fixture
def worker() -> Iterator[ChildWorker[str, str]]:
    made: ChildWorker[str, str] = ChildWorker("test", (sys.executable, "-c", CHILD), str, Limits(start=60, order=3))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ask(worker: ChildWorker[str, str]) -> Ask:
    def wait(order: str) -> Answer:
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        worker.ask(order, answers.put)
        return answers.get(timeout=60)

    return wait


def ended(pid: int, seconds: float = 10) -> bool:
    """Whether a process is gone; asked until a deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.01)
    return False


def test_orders_are_answered_in_their_order_by_one_child(worker: ChildWorker[str, str]) -> None:
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    for number in range(20):
        worker.ask(str(number), answers.put)
    heard = [str(answers.get(timeout=60)).split(" by ") for _ in range(20)]
    assert [order for order, _ in heard] == [str(number) for number in range(20)]
    assert {pid for _, pid in heard} == {str(worker.pid)}


def test_what_somebody_waits_for_is_answered_before_what_is_in_turn() -> None:
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    worker: ChildWorker[str, str] = ChildWorker("test", (sys.executable, "-c", CHILD), str, Limits(start=60, order=3))
    for order, first in (("a", False), ("b", False), ("c", True), ("d", True)):
        worker.ask(order, answers.put, first=first)
    worker.start()
    heard = [str(answers.get(timeout=60)).split(" by ")[0] for _ in range(4)]
    worker.stop()
    assert heard == ["c", "d", "a", "b"]


def test_a_child_that_died_is_replaced_and_the_order_given_again(ask: Ask, tmp_path: Path) -> None:
    order = f"once {tmp_path}/seen"
    assert str(ask(order)).startswith(order)


def test_an_order_that_kills_two_children_is_given_up_and_the_next_one_answered(ask: Ask) -> None:
    assert isinstance(ask("die"), WorkerGoneError)
    assert str(ask("next")).startswith("next by")


def test_a_child_that_hangs_is_killed_once_and_the_next_order_answered(ask: Ask, worker: ChildWorker[str, str]) -> None:
    before = int(str(ask("first")).split()[-1])
    begun = time.monotonic()
    assert isinstance(ask("hang"), WorkerGoneError)
    assert time.monotonic() - begun < 2 * 3, "it was asked again"
    assert ended(before)
    assert str(ask("next")).startswith("next by")


def test_an_order_above_the_limit_never_reaches_the_child(ask: Ask, worker: ChildWorker[str, str]) -> None:
    before = str(ask("first")).split()[-1]
    assert isinstance(ask("x" * (65 << 20)), OrderTooLargeError)
    assert str(ask("next")).split()[-1] == before


def test_stop_ends_the_child_in_the_middle_of_an_order_and_nothing_comes_any_more(
    ask: Ask, worker: ChildWorker[str, str]
) -> None:
    pid = int(str(ask("first")).split()[-1])
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    worker.ask("hang", answers.put)
    worker.stop()
    assert ended(pid)
    worker.stop()
    worker.ask("late", answers.put)
    assert worker.pid is None
    assert answers.empty()


def test_a_child_that_cannot_be_started_is_said() -> None:
    worker: ChildWorker[str, str] = ChildWorker(
        "test", (sys.executable, "-c", "raise SystemExit(1)"), str, Limits(start=30, order=1)
    )
    worker.start()
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    worker.ask("first", answers.put)
    assert isinstance(answers.get(timeout=60), WorkerGoneError)
    worker.stop()
