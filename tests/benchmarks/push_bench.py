"""What a push costs: one hub process, CLIENTS listening to /v1/events over loopback, from another process.

    python -m tests.benchmarks.push_bench [clients] [rounds]

Every client listens to `display` and to a ticket of its own. A *targeted* push is an event for one ticket, a
*broadcast* one for the display; the clock runs from handing the job to the writer, so the commit is inside, to the
bytes having been read by the client. Prints one JSON object; milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import multiprocessing.connection
import resource
import socket
import sys
import tempfile
import time
import uuid
from functools import partial
from pathlib import Path

CLIENTS = 2_000
ROUNDS = 20
TARGETED_PER_ROUND = 25
PAUSE = 0.02


def _serve(folder: str, pipe: multiprocessing.connection.Connection) -> None:
    """The hub: says its port, then records what it is asked to."""
    from tests.hub.push.live import LiveHub  # here, so that the clients' process does not load the hub

    live = LiveHub(Path(folder))
    pipe.send(live.port)
    while (asked := pipe.recv()) is not None:
        match asked:
            case "memory":
                status = Path("/proc/self/status").read_text()
                pipe.send(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")))
            case "cpu":
                pipe.send(time.process_time())
            case (str(audience), int(number)):
                live.tell(audience, number=number, sent=time.monotonic(), name="张*", window="3")
    live.stop()


class _Listener(asyncio.Protocol):
    """Reads a stream and notes when each event came."""

    def __init__(self, request: bytes, times: list[float], arrived: asyncio.Queue[None]) -> None:
        self._request = request
        self._times = times
        self._arrived = arrived
        self._begun = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        if not self._begun:
            if b"retry: 1000" in data:
                self._begun = True
                self.ready.set_result(None)
            return
        _, found, rest = data.partition(b'"sent":')
        while found:
            self._times.append(now - float(rest.partition(b",")[0]))
            self._arrived.put_nowait(None)
            _, found, rest = rest.partition(b'"sent":')

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(error or ConnectionError("refused"))


def _request(topic: str) -> bytes:
    return f"GET /v1/events?topics=display,{topic} HTTP/1.1\r\nhost: hub\r\n\r\n".encode()


async def _measure(
    port: int, pipe: multiprocessing.connection.Connection, clients: int, rounds: int
) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    tickets = [f"ticket:{uuid.uuid4()}" for _ in range(clients)]
    times: list[float] = []
    arrived: asyncio.Queue[None] = asyncio.Queue()
    pipe.send("memory")
    before = pipe.recv()
    begin = time.monotonic()
    transports = []
    for start in range(0, clients, 100):
        made = [
            loop.create_connection(partial(_Listener, _request(topic), times, arrived), "127.0.0.1", port)
            for topic in tickets[start : start + 100]
        ]
        for transport, listener in await asyncio.gather(*made):
            await listener.ready
            transports.append(transport)
    connected = time.monotonic() - begin
    pipe.send("memory")
    after = pipe.recv()

    async def push(audience: str, number: int, expected: int) -> list[float]:
        times.clear()
        pipe.send((audience, number))
        for _ in range(expected):
            await asyncio.wait_for(arrived.get(), 30)
        return list(times)

    broadcast: list[float] = []
    worst: list[float] = []
    targeted: list[float] = []
    await push("display", 0, clients)
    processor = 0.0
    for number in range(rounds):
        pipe.send("cpu")
        processor -= pipe.recv()
        took = await push("display", number, clients)
        pipe.send("cpu")
        processor += pipe.recv()
        broadcast += took
        worst.append(max(took))
        await asyncio.sleep(PAUSE * 5)
        for one in range(TARGETED_PER_ROUND):
            targeted += await push(tickets[(number * 97 + one * 31) % clients], one, 1)
            await asyncio.sleep(PAUSE)
    for transport in transports:
        transport.close()
    return {
        "clients": clients,
        "connect_s": round(connected, 2),
        "targeted_ms": _percentiles(targeted),
        "broadcast_ms": _percentiles(broadcast) | {"slowest_round": round(max(worst) * 1000, 1)},
        "hub_processor_ms_per_broadcast": round(processor / rounds * 1000, 1),
        "hub_rss_mib": {"before": before // 1024, "listening": after // 1024},
        "per_client_kib": round((after - before) / clients, 1),
    }


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)
        for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    }


def main() -> None:
    """Measure once."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    socket.setdefaulttimeout(None)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory(prefix="push-bench-") as folder:
        server = context.Process(target=_serve, args=(folder, theirs))
        server.start()
        try:
            print(json.dumps(asyncio.run(_measure(ours.recv(), ours, clients, rounds))))  # noqa: T201 - the result
            ours.send(None)
            server.join(30)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
