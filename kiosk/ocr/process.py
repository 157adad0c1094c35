"""The reading process: `python -m kiosk.ocr.process --fd N`, a child of the window.

It takes pages over one end of a socket pair, answers each with what it read or with how it lies, and ends at once when
the other end closes, so that nothing of a page outlives the session. It can open nothing, write nothing and reach
nobody (kiosk/pages/confine.py).
"""

from __future__ import annotations

import argparse
import os
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from typing import assert_never

import msgspec

from drivers.api.wire import Channel, WireError
from kiosk.ocr.model import PageRead, PageUnread, Reading
from kiosk.pages.confine import allow_page, confine, give_back, shut
from kiosk.pages.model import PageKind, StoredPage, Turn, WayStrips
from kiosk.pages.worker import Ready

PAGE_SECONDS = 60
"""Of processor time for one page; a dense one takes three."""

_NICE = 5  # the window draws first


class ReadPage(msgspec.Struct, frozen=True, tag="read_page", tag_field="type"):
    """Read one page: a stored one, or an upright picture (JPEG or PNG)."""

    request: str
    page: StoredPage | bytes


class AskWay(msgspec.Struct, frozen=True, tag="ask_way", tag_field="type"):
    """Tell which way up a page is that was left as it lay, from some of its lines."""

    request: str
    strips: WayStrips


class WayTold(msgspec.Struct, frozen=True, tag="way_told", tag_field="type"):
    """The answer to AskWay: how the page lies; UNKNOWN where its words do not tell either."""

    request: str
    turn: Turn


class PageDone(msgspec.Struct, frozen=True, tag="page_done", tag_field="type"):
    """The answer to ReadPage."""

    request: str
    reading: Reading


ReaderOrder = ReadPage | AskWay
ReaderReport = Ready | PageDone | WayTold

Answer = Callable[[ReaderOrder], PageDone | WayTold]


def _loaded() -> Answer:
    """Reading with everything it will ever need, tried once. Loaded late: the process must be confined first."""
    import cv2
    import numpy as np
    from PIL import Image as PillowImage

    PillowImage.init()  # or it would look for its decoders when the first page comes, and find none
    cv2.setNumThreads(1)
    from kiosk.ocr.cuttings import cuttings
    from kiosk.ocr.engine import Engine, Image
    from kiosk.ocr.understand import load_tables, understood
    from kiosk.ocr.upright import which_way
    from kiosk.pages.coding import g4, jpeg
    from kiosk.pages.view import shown

    engine = Engine()
    engine.warm()
    load_tables()

    def read_picture(page: Image) -> PageRead:
        found = understood(engine.read(page))
        return msgspec.structs.replace(found, cuttings=cuttings(page, found.proposals))

    def read(page: StoredPage | bytes) -> Reading:
        try:
            if isinstance(page, StoredPage):
                return read_picture(np.ascontiguousarray(shown(page)[..., ::-1]))
            picture = cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_COLOR)
            if picture is None:
                return PageUnread()
            return read_picture(np.asarray(picture, dtype=np.uint8))
        except (cv2.error, ValueError, MemoryError):
            return PageUnread()

    def way_of(strips: WayStrips) -> Turn:
        try:
            return which_way(strips, engine.read_lines)
        except (cv2.error, ValueError, MemoryError):
            return Turn.UNKNOWN

    def answer(order: ReaderOrder) -> PageDone | WayTold:
        match order:
            case ReadPage(request, page):
                return PageDone(request, read(page))
            case AskWay(request, strips):
                return WayTold(request, way_of(strips))
            case _:
                assert_never(order)

    # Loads every codec, which nothing can afterwards.
    white = np.full((64, 64, 3), 255, np.uint8)
    ink, colour = g4(white[..., 0]), jpeg(white, 80)
    sample = StoredPage(PageKind.SEALED, 64, 64, 300, ink, colour, b"", b"", 1.0, False, Turn.UPRIGHT, colour)
    read(sample)
    way_of(WayStrips((jpeg(white[..., 0], 80),), ()))
    white[20:40, 20:40] = (40, 40, 220)  # a seal, whose removal loads more of NumPy
    read(cv2.imencode(".png", white)[1].tobytes())
    return answer


def _listen(channel: Channel[ReaderOrder, ReaderReport], orders: queue.SimpleQueue[ReaderOrder]) -> None:
    """Receive until the parent is gone, then end the process, whatever it is reading."""
    while True:
        try:
            order = channel.receive()
        except (OSError, WireError):
            order = None
        if order is None:
            os._exit(0)
        orders.put(order)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the parent is gone."""
    parser = argparse.ArgumentParser(prog="kiosk.ocr.process")
    parser.add_argument("--fd", type=int, required=True)
    arguments = parser.parse_args(argv)
    confinement = confine()
    os.nice(_NICE)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # every thread takes address space
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime would lay an id and a database into the home directory
    channel: Channel[ReaderOrder, ReaderReport] = Channel(socket.socket(fileno=arguments.fd), ReaderOrder)
    orders: queue.SimpleQueue[ReaderOrder] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, orders), name="orders", daemon=True).start()
    answer = _loaded()
    shut()
    try:
        channel.send(Ready(confinement.own_network))
        while True:
            order = orders.get()
            allow_page(PAGE_SECONDS)
            channel.send(answer(order))
            give_back()
    except BrokenPipeError:
        return 0  # the parent went while an answer was under way


if __name__ == "__main__":
    raise SystemExit(main())
