"""A page made and not coded yet: it can still be turned, which loses nothing, before it is kept."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from drivers.api import likeness
from drivers.api.records import Flaw, FlawKind
from kiosk.pages import coding
from kiosk.pages.layers import Coloured, Layers
from kiosk.pages.laying import quarters, turned
from kiosk.pages.model import CleanedPage, PageHints, PageKind, Paper, StoredPage, Turn, WayStrips
from kiosk.pages.pixels import Image

BLANK = 0.005
"""Share of ink below which a page is called blank: text has at least 1.2 %, an empty sheet at most 0.1 %."""

Area = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the page."""


@dataclass(frozen=True)
class Made:
    """A page as it lies, level: its layers, a small picture of it, the same evenly lit in grey at VIEW_DPI, by which it
    is compared, where it is bent, how far askew it lay, and how it lies as far as its lines or the person tell.
    `strips` are lines whose words can tell where that is not sure."""

    layers: Layers
    kind: PageKind
    paper: Paper
    small: Image
    even: Image
    bent: Flaw | None
    skew: float
    turn: Turn
    strips: WayStrips | None

    def page(self, hints: PageHints, aside: Executor) -> CleanedPage:
        """The page upright and coded, and what is to be looked at. `hints.seems` counts where lines are not sure."""
        turn = self.turn if self.strips is None else hints.seems or self.turn
        count = quarters(turn)
        layers = self.layers.turned(count)
        rest = aside.submit(self._colours, layers, count)
        strip = b"" if layers.ink is None else coding.g4(layers.ink)
        background, ink_colour, thumbnail, dhash = rest.result()
        page = StoredPage(
            kind=self.kind,
            width=layers.width,
            height=layers.height,
            dpi=layers.dpi,
            ink=strip,
            background=background,
            thumbnail=thumbnail,
            dhash=dhash,
            ink_share=round(layers.share, 5),
            blank=layers.share < BLANK,
            turned=turn,
            ink_colour=ink_colour,
            paper=self.paper,
        )
        strips = None if hints.seems is not None or page.blank else self.strips
        return CleanedPage(page, self._findings(page, hints, count), self.skew, strips)

    def _colours(self, layers: Layers, count: int) -> tuple[bytes, bytes, bytes, bytes]:
        return (
            _jpeg(layers.background),
            _jpeg(layers.ink_colour),
            coding.jpeg(turned(self.small, count), coding.THUMBNAIL_QUALITY),
            likeness.dhash(turned(self.even, count)),
        )

    def _findings(self, page: StoredPage, hints: PageHints, count: int) -> tuple[Flaw, ...]:
        found = []
        if page.blank:
            found.append(Flaw(FlawKind.BLANK))
        elif (same := likeness.most_alike((page.dhash,), hints.earlier)) is not None:
            found.append(Flaw(FlawKind.SAME, page=same))
        if hints.turned is None and page.turned not in {Turn.UPRIGHT, Turn.UNKNOWN}:
            found.append(Flaw(FlawKind.TURNED))
        if self.bent is not None:
            area = self.bent.area
            found.append(self.bent if area is None else Flaw(self.bent.kind, _turned_area(area, count)))
        return tuple(found)


def _jpeg(layer: Coloured | None) -> bytes:
    return b"" if layer is None else coding.jpeg(layer.image, layer.quality)


def _turned_area(area: Area, count: int) -> Area:
    """An area after `count` quarter turns clockwise."""
    left, top, right, bottom = area
    for _ in range(count % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom
