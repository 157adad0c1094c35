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
from typing import TYPE_CHECKING

import msgspec

from drivers.api.wire import Channel, WireError
from kiosk.pages.confine import allow_page, confine, shut
from kiosk.pages.model import CleanedPage, PageHints, PageUnusable, Unusable

if TYPE_CHECKING:
    from collections.abc import Callable

    Clean = Callable[[bytes, PageHints], CleanedPage | PageUnusable]


class CleanPage(msgspec.Struct, frozen=True, tag="clean_page", tag_field="type"):
    """Clean one picture, a whole JPEG or PNG."""

    request: str
    picture: bytes
    hints: PageHints


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    """Everything is loaded and shut. `own_network`: whether the kernel gave the process a network of its own; without
    one, it still can open no socket."""

    own_network: bool


class PageDone(msgspec.Struct, frozen=True, tag="page_done", tag_field="type"):
    """The answer to CleanPage."""

    request: str
    outcome: CleanedPage | PageUnusable


WorkerOrder = CleanPage
WorkerReport = Ready | PageDone


def _loaded() -> Clean:
    """The cleaning with everything it will ever need, tried once. Loaded late: the process must be confined first."""
    import cv2
    import numpy as np

    from kiosk.pages.clean import clean
    from kiosk.pages.decode import UnusablePictureError

    cv2.setNumThreads(1)  # two threads that do different things are quicker than two that wait for each other
    aside = ThreadPoolExecutor(1, thread_name_prefix="aside")

    def cleaned(picture: bytes, hints: PageHints) -> CleanedPage | PageUnusable:
        try:
            return clean(picture, hints, aside)
        except UnusablePictureError as error:
            return PageUnusable(error.reason)
        except (cv2.error, MemoryError):
            return PageUnusable(Unusable.FAILED)

    # Loads every codec and starts every thread, which nothing can afterwards.
    sample = np.full((400, 300, 3), 240, np.uint8)
    sample[150:160, 50:250] = (40, 40, 200)
    for extension in (".png", ".jpg"):
        cleaned(cv2.imencode(extension, sample)[1].tobytes(), PageHints(straight=False))
    return cleaned


def _serve(channel: Channel[WorkerOrder, WorkerReport], clean: Clean) -> None:
    while True:
        try:
            order = channel.receive()
        except (OSError, WireError):
            return
        if order is None:
            return
        allow_page()
        channel.send(PageDone(order.request, clean(order.picture, order.hints)))


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the parent is gone."""
    parser = argparse.ArgumentParser(prog="kiosk.pages.worker")
    parser.add_argument("--fd", type=int, required=True)
    arguments = parser.parse_args(argv)
    confinement = confine()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # nothing here multiplies matrices, and every thread takes address space
    channel: Channel[WorkerOrder, WorkerReport] = Channel(socket.socket(fileno=arguments.fd), WorkerOrder)
    clean = _loaded()
    shut()
    try:
        channel.send(Ready(confinement.own_network))
        _serve(channel, clean)
    except BrokenPipeError:
        pass  # the parent went while an answer was under way
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
