"""The page worker: `python -m kiosk.pages.worker --fd N`, a child of the window.

Pictures of strangers' papers are decoded and cleaned here and nowhere else. It takes orders over one end of a socket
pair, answers each, and ends when the other end closes. The parent kills it when an answer takes too long
(kiosk/pages/client.py). It can open nothing and reach nobody (kiosk/pages/confine.py).
"""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, assert_never

import msgspec

from drivers.api.wire import Channel, WireError
from kiosk.pages.confine import allow_page, confine, shut
from kiosk.pages.model import CleanedPage, PageHints, PageUnusable, Unusable

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[["CleanPage | LayTogether"], CleanedPage | PageUnusable]


class CleanPage(msgspec.Struct, frozen=True, tag="clean_page", tag_field="type"):
    """Clean one picture, a whole JPEG or PNG."""

    request: str
    picture: bytes
    hints: PageHints


class LayTogether(msgspec.Struct, frozen=True, tag="lay_together", tag_field="type"):
    """Lay the things in several pictures on one page; `each` is what is known of each, `hints` of the page."""

    request: str
    pictures: tuple[bytes, ...]
    each: tuple[PageHints, ...]
    hints: PageHints


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    """Everything is loaded and shut. `own_network`: whether the kernel gave the process a network of its own; without
    one, it still can open no socket."""

    own_network: bool


class PageDone(msgspec.Struct, frozen=True, tag="page_done", tag_field="type"):
    """The answer to an order."""

    request: str
    outcome: CleanedPage | PageUnusable


WorkerOrder = CleanPage | LayTogether
WorkerReport = Ready | PageDone


def _loaded() -> Make:
    """The cleaning with everything it will ever need, tried once. Loaded late: the process must be confined first."""
    import cv2
    import numpy as np

    from drivers.api.sound_jpeg import listen_for_good
    from kiosk.pages.decode import UnusablePictureError
    from kiosk.pages.maker import Maker

    cv2.setNumThreads(1)  # two threads that do different things are quicker than two that wait for each other
    maker = Maker(ThreadPoolExecutor(1, thread_name_prefix="aside"))

    def make(order: CleanPage | LayTogether) -> CleanedPage | PageUnusable:
        try:
            match order:
                case CleanPage(_, picture, hints):
                    return maker.clean(picture, hints)
                case LayTogether(_, pictures, each, hints):
                    return maker.lay_together(pictures, each, hints)
                case _:
                    assert_never(order)
        except UnusablePictureError as error:
            return PageUnusable(error.reason)
        except (cv2.error, MemoryError):
            return PageUnusable(Unusable.FAILED)

    listen_for_good()
    # Loads every codec and starts every thread, which nothing can afterwards.
    sample = np.full((400, 300, 3), 240, np.uint8)
    sample[150:160, 50:250] = (40, 40, 200)
    for extension in (".png", ".jpg"):
        make(CleanPage("", cv2.imencode(extension, sample)[1].tobytes(), PageHints(straight=False)))
    return make


def _serve(channel: Channel[WorkerOrder, WorkerReport], make: Make) -> None:
    while True:
        try:
            order = channel.receive()
        except (OSError, WireError):
            return
        if order is None:
            return
        allow_page()
        channel.send(PageDone(order.request, make(order)))


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the parent is gone."""
    parser = argparse.ArgumentParser(prog="kiosk.pages.worker")
    parser.add_argument("--fd", type=int, required=True)
    arguments = parser.parse_args(argv)
    confinement = confine()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # nothing here multiplies matrices, and every thread takes address space
    channel: Channel[WorkerOrder, WorkerReport] = Channel(socket.socket(fileno=arguments.fd), WorkerOrder)
    make = _loaded()
    shut()
    try:
        channel.send(Ready(confinement.own_network))
        _serve(channel, make)
    except BrokenPipeError:
        pass  # the parent went while an answer was under way
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
