"""The benchmark finds what it looks for: a server that does what the measured open systems do is found out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.benchmarks.queue import load
from tests.benchmarks.queue.adapter import AdapterError, Slip, adapter_class
from tests.benchmarks.queue.load import check
from tests.benchmarks.queue.wire import Line, Reply, Request

COUNT = 60


class Careless(BaseHTTPRequestHandler):
    """Takes the highest number and adds one; calls whoever is first. Between reading and writing others come."""

    protocol_version = "HTTP/1.1"
    numbers: list[int]
    waiting: list[int]
    together: threading.Barrier

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        given: int | None = None
        if self.path == "/ticket":
            given = max(self.numbers, default=0) + 1
            self._let_others_in()
            self.numbers.append(given)
            self.waiting.append(given)
        elif self.path == "/call" and self.waiting:
            given = self.waiting[0]
            self._let_others_in()
            if given in self.waiting:
                self.waiting.remove(given)
        body = json.dumps(given).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _let_others_in(self) -> None:
        try:
            self.together.wait(0.02)
        except threading.BrokenBarrierError:
            self.together.reset()

    def log_message(self, *arguments: object) -> None:
        """Nothing."""


class CarelessAdapter:
    """How Careless speaks."""

    name = "careless"

    def __init__(self, url: str, windows: int) -> None:
        self.url = url
        self.windows = windows

    def open(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def ticket(self) -> Request:
        """Anybody."""
        return Request("POST", "/ticket")

    def slip(self, reply: Reply) -> Slip:
        """A bare number."""
        number = json.loads(reply.body)
        if not isinstance(number, int):
            raise AdapterError("no number")
        return Slip(number, str(number), (number,))

    async def call(self, line: Line, window: int) -> str | None:
        """Whoever is first."""
        assert window < self.windows
        number = json.loads((await line.ask(Request("POST", "/call"))).body)
        return None if number is None else str(number)

    async def finish(self, line: Line, window: int) -> None:
        """Not kept."""


@pytest.fixture
def careless() -> Iterator[str]:
    """The URL of a careless server."""
    Careless.numbers, Careless.waiting, Careless.together = [], [], threading.Barrier(2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_careless_server_is_found_out(careless: str) -> None:
    """One that reads, then writes, gives numbers twice and calls one person to two windows when two clients come."""
    adapter = adapter_class("tests.hub.queue.test_bench:CarelessAdapter")(careless, 2)
    found = load.measure(adapter, careless, clients=2, count=COUNT)
    assert len(found.issues.each) == COUNT
    assert found.faults.duplicates > 0
    assert found.faults.double_calls > 0
    assert not found.faults.none


def test_each_fault_is_counted() -> None:
    """Numbers 1, 2, 4 and 4 again; 4 called before 1, 2 called twice."""
    slips = [Slip(number, f"A{number}", (number,)) for number in (1, 2, 4, 4)]
    found = check(slips, [["A4"], ["A1", "A2"], ["A2"]])
    assert (found.duplicates, found.gaps, found.double_calls) == (1, 1, 1)
    assert found.out_of_order == 2
    assert found.never_called == 0


def test_what_is_right_is_not_counted() -> None:
    """A class with credit first; within a turn any order."""
    slips = [Slip(1, "A1", (1, 1)), Slip(2, "A2", (0, 2)), Slip(3, "A3", (1, 3))]
    assert check(slips, [["A1", "A2"], ["A3"]]).none
    assert check(slips, [["A1", "A3"], ["A2"]]).out_of_order == 1


def test_an_adapter_that_is_not_there_is_told() -> None:
    """No traceback for a slip of the pen."""
    with pytest.raises(LookupError):
        adapter_class("tests.hub.queue:Nothing")
