"""Lines to nowhere for tests: a reader in this process behind a fake clock, and a recorded one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from drivers.id_reader.protocol import FrameDecoder, encode_frame
from drivers.id_reader.sim_sam import SimulatedSam
from drivers.transports.serial_line import LineLostError

Mangle = Callable[[bytes, bytes], "bytes | None"]
"""(request body, reply frame) to what arrives, None for nothing."""


class FakeClock:
    """Seconds that pass only when a line waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class SamLine:
    """A simulated module at the end of a line. `mangle` may spoil any reply; replies arrive in `pieces` bytes each,
    0.5 ms apart."""

    def __init__(self, sam: SimulatedSam, clock: FakeClock) -> None:
        self.sam = sam
        self.clock = clock
        self.mangle: Mangle = lambda _request, frame: frame
        self.pieces = 10_000
        self.lost = False
        self.requests: list[bytes] = []
        self.baud = 115200
        self.closed = False
        self._decoder = FrameDecoder()
        self._arrived = bytearray()

    def read(self, size: int, timeout: float) -> bytes:
        self._check()
        end, chunk = self.clock.now + timeout, b""
        while len(chunk) < size and self._arrived and self.clock.now < end:
            piece = bytes(self._arrived[: min(size - len(chunk), self.pieces)])
            del self._arrived[: len(piece)]
            chunk += piece
            self.clock.now += 0.0005
        if len(chunk) < size:
            self.clock.now = end
        return chunk

    def write(self, data: bytes) -> None:
        self._check()
        for request in self._decoder.feed(data):
            self.requests.append(request)
            if self.baud != self.sam.baud:
                self._arrived += b"\x83\x5c\xf0"
                continue
            self._arrived += self.mangle(request, encode_frame(self.sam.handle(request))) or b""

    def flush_input(self) -> None:
        self._check()
        self._arrived.clear()

    def set_baud(self, baud: int) -> None:
        self._check()
        self.baud = baud

    def close(self) -> None:
        self.closed = True

    def _check(self) -> None:
        if self.lost or self.closed:
            raise LineLostError("unplugged")


class TranscriptLine:
    """Plays a recorded conversation: lines `> hex` from the host, `< hex` from the reader, # comments. Any other
    request than the recorded one is an error of the test."""

    baud = 115200

    def __init__(self, text: str, clock: FakeClock) -> None:
        self._clock = clock
        self._script = deque(
            (line[0], bytes.fromhex(line[1:])) for line in text.splitlines() if line and not line.startswith("#")
        )
        self._arrived = bytearray()

    @property
    def finished(self) -> bool:
        """The whole recording was played."""
        return not self._script

    def read(self, size: int, timeout: float) -> bytes:
        chunk = bytes(self._arrived[:size])
        del self._arrived[: len(chunk)]
        if len(chunk) < size:
            self._clock.now += timeout
        return chunk

    def write(self, data: bytes) -> None:
        direction, recorded = self._script.popleft()
        assert direction == ">", "the recording expects no request here"
        assert data == recorded
        while self._script and self._script[0][0] == "<":
            self._arrived += self._script.popleft()[1]

    def flush_input(self) -> None:
        self._arrived.clear()

    def set_baud(self, baud: int) -> None:
        self.baud = baud

    def close(self) -> None:
        """Nothing is held."""
