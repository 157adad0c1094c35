"""Pages as pictures on the screen: small ones at once, large ones made beside the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kivy.clock import Clock

from kiosk.pages.model import StoredPage
from kiosk.pages.view import shown
from kiosk.session.pages import kept_page
from kiosk.session.scratch import Scratch, ScratchClosedError, ScratchKey


def thumbnail(scratch: Scratch, key: ScratchKey) -> bytes:
    """A small picture of a page; the picture as it came where it was not cleaned, nothing where it is gone."""
    try:
        page = kept_page(scratch, key)
    except (KeyError, ScratchClosedError):
        return b""
    return page.thumbnail if isinstance(page, StoredPage) else page


class LargePicture:
    """Makes one large picture after another; what is asked last wins, and after `stop` nothing comes."""

    def __init__(self, scratch: Scratch, show: Callable[[bytes], None]) -> None:
        self._scratch = scratch
        self._show = show
        self._wanted: object = None

    def ask(self, key: ScratchKey, room: tuple[float, float]) -> None:
        """Show the page `key`, so large that it fits into `room`: width and height in pixels."""
        self._wanted = order = object()

        def make() -> None:
            picture = _picture(self._scratch, key, room)
            Clock.schedule_once(lambda _: self._done(order, picture))

        threading.Thread(target=make, name="large picture", daemon=True).start()

    def stop(self) -> None:
        """Show nothing more."""
        self._wanted = None

    def _done(self, order: object, picture: bytes) -> None:
        if self._wanted is order and picture:
            self._wanted = None
            self._show(picture)


def _picture(scratch: Scratch, key: ScratchKey, room: tuple[float, float]) -> bytes:
    try:
        page = kept_page(scratch, key)
        if not isinstance(page, StoredPage):
            return page
        share = min(room[0] / page.width, room[1] / page.height)
        pixels = shown(page, max(1, round(share * max(page.width, page.height))))
    except (KeyError, ScratchClosedError, ValueError):
        return b""
    height, width, _ = pixels.shape
    return b"P6 %d %d 255\n" % (width, height) + pixels.tobytes()  # Netpbm: nothing to code and to decode
