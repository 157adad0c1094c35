"""Pages made one after another. One whose words are asked which way up it is stays until the next order, so that it
need only be turned when they have told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from msgspec import structs

from kiosk.pages.clean import laid, made
from kiosk.pages.decode import decode
from kiosk.pages.made import Made
from kiosk.pages.model import CleanedPage, PageHints
from kiosk.pages.together import lay_together


@dataclass(frozen=True)
class _Asked:
    """A page, and what it was made from."""

    picture: bytes
    hints: PageHints
    page: Made


class Maker:
    """Makes pages. `aside` is one thread that works beside the caller's."""

    def __init__(self, aside: Executor) -> None:
        self._aside = aside
        self._asked: _Asked | None = None

    def clean(self, picture: bytes, hints: PageHints) -> CleanedPage:
        """The page in a JPEG or PNG picture. Raises UnusablePictureError for a picture that cannot be used."""
        asked, self._asked = self._asked, None
        same = structs.replace(hints, seems=None, earlier=())
        if asked is None or asked.hints != same or asked.picture != picture:
            asked = _Asked(picture, same, made(laid(decode(picture), hints), hints, self._aside))
        page = asked.page.page(hints, self._aside)
        if page.strips is not None:
            self._asked = asked
        return page

    def lay_together(self, pictures: Sequence[bytes], each: Sequence[PageHints], hints: PageHints) -> CleanedPage:
        """Several things on one sheet (kiosk/pages/together.py). Raises UnusablePictureError."""
        self._asked = None
        return lay_together(pictures, each, hints, self._aside)
