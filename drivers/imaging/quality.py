"""What is wrong with a picture of a page, and where: every gate, for live frames and for the page as taken.

A flaw warns and never blocks: the person can always overrule. TURNED is not told here: which way a page's writing runs
is found where its lines are read.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.api.likeness import most_alike, turned_hashes
from drivers.api.records import Flaw, FlawKind
from drivers.imaging import light, sharpness
from drivers.imaging.crease import crease
from drivers.imaging.edges import edges_of
from drivers.imaging.geometry import Image, Quad, as_image
from drivers.imaging.page_view import Box, PageView, shrunk_for_view, view_of
from drivers.imaging.seen import FrameSide, PageOutside
from drivers.imaging.shrinking import shrunk

READING_SIDE = 1754
"""Pixels of the longer side of A4 at 150 dpi, at which sharpness and ink of a page as taken are measured."""

_SOFT = 1.76  # pixels of spread: sharp pictures stay below, whatever is on the page
_SOFT_SHRUNK = 1.5  # in a copy that is much smaller than the camera's picture and hides most of it
_SHRUNK = 1.5
_SOFT_MM = 0.16  # finer than strokes of small print: a large picture may be soft in its pixels and yet be read
_COVERS = 0.5  # of a shadow's box: what covers as much of it is what is dark there
_FAR_MM = 0.20  # on paper per pixel, 127 dpi
_FAR_ROOM = 0.52  # of the picture's sides: a page that takes more cannot come much nearer
_INK = 205  # level, bare paper being 230
_MARGIN = 0.03  # of the page: its own edges are no ink
_BLANK_LIVE = 0.0012  # share of ink in the small view, which washes thin strokes out
_BLANK = 0.0025
_NARROW = 0.12


@dataclass(frozen=True)
class Judged:
    """A page in a picture: what is wrong, with areas as shares of that picture, and its hashes as it may be turned."""

    flaws: tuple[Flaw, ...]
    hashes: tuple[bytes, ...]


def look_at_frame(picture: Image, quad: Quad, *, finer: float = 1.0, earlier: tuple[bytes, ...] = ()) -> Judged:
    """The page at `quad` in a live frame (BGR). `finer` is how many times more pixels along a side the camera's own
    picture has; `earlier` are hashes of pages taken before (drivers/api/likeness.py)."""
    view = _view(picture, quad)
    found = _light_and_edges(view)
    if _is_far(view, finer * picture.shape[1] / view.picture[0]):
        found.append((FlawKind.FAR, (0.0, 0.0, 1.0, 1.0)))
    if _ink_share(view.even) < _BLANK_LIVE:
        found.append((FlawKind.BLANK, None))
    elif _is_soft(_grey_page(picture, quad), view, _SOFT_SHRUNK if finer > _SHRUNK else _SOFT):
        found.append((FlawKind.BLURRED, None))
    flaws = [Flaw(kind, view.in_picture(box) if box else None) for kind, box in found]
    return _with_same(flaws, view, earlier)


def look_at_page(picture: Image, quad: Quad, page: Image, *, earlier: tuple[bytes, ...] = ()) -> Judged:
    """The page as taken: `page` is what was cut out of `picture` (both BGR) at `quad`. Areas are shares of the page."""
    view = _view(picture, quad)
    found = _light_and_edges(view)
    grey = _reading_copy(page)
    if _is_far(view, picture.shape[1] / view.picture[0]):
        found.append((FlawKind.FAR, None))
    if _ink_share(_even(grey)) < _BLANK:
        found.append((FlawKind.BLANK, None))
    elif _is_soft(grey, view, _SOFT):
        found.append((FlawKind.BLURRED, None))
    return _with_same([Flaw(kind, box) for kind, box in found], view, earlier)


def outside(page: PageOutside) -> tuple[Flaw, ...]:
    """A page that leaves the picture: one flaw for each of the picture's sides that it leaves over."""
    strips: dict[FrameSide, Box] = {
        FrameSide.LEFT: (0.0, 0.0, _NARROW, 1.0),
        FrameSide.TOP: (0.0, 0.0, 1.0, _NARROW),
        FrameSide.RIGHT: (1 - _NARROW, 0.0, 1.0, 1.0),
        FrameSide.BOTTOM: (0.0, 1 - _NARROW, 1.0, 1.0),
    }
    return tuple(Flaw(FlawKind.OUTSIDE, strips[side]) for side in page.sides)


def _view(picture: Image, quad: Quad) -> PageView:
    small, scale = shrunk_for_view(picture, quad)
    return view_of(small, quad * scale)


def _light_and_edges(view: PageView) -> list[tuple[FlawKind, Box | None]]:
    edges = edges_of(view)
    dark = light.dark(view)
    found: list[tuple[FlawKind, Box | None]] = [
        (FlawKind.COVERED, edges.covered),
        (FlawKind.DARK, dark),
        (FlawKind.SHADOW, _shadow(view, edges.covered) if dark is None else None),
        (FlawKind.GLARE, light.glare(view)),
        (FlawKind.FOLDED, edges.bent or crease(view)),
    ]
    return [(kind, box) for kind, box in found if box is not None]


def _shadow(view: PageView, covered: Box | None) -> Box | None:
    """Where a shadow lies that is not the dark thing itself which covers the page there."""
    shaded = light.shadow(view)
    if shaded is None or covered is None:
        return shaded
    across = min(shaded[2], covered[2]) - max(shaded[0], covered[0])
    down = min(shaded[3], covered[3]) - max(shaded[1], covered[1])
    size = (shaded[2] - shaded[0]) * (shaded[3] - shaded[1])
    return shaded if max(across, 0.0) * max(down, 0.0) < _COVERS * size else None


def _with_same(flaws: list[Flaw], view: PageView, earlier: tuple[bytes, ...]) -> Judged:
    hashes = turned_hashes(view.even)
    blank = any(flaw.kind is FlawKind.BLANK for flaw in flaws)  # all blank pages are alike
    same = None if blank else most_alike(hashes, earlier)
    if same is not None:
        flaws.append(Flaw(FlawKind.SAME, page=same))
    return Judged(tuple(flaws), hashes)


def _grey_page(picture: Image, quad: Quad) -> Image:
    """The page upright in its own pixels."""
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    width, height = int(max(sides[0], sides[2])), int(max(sides[1], sides[3]))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    low = np.clip(np.floor(quad.min(axis=0)).astype(int), 0, None)
    high = np.ceil(quad.max(axis=0)).astype(int)
    part = cv2.cvtColor(picture[low[1] : high[1], low[0] : high[0]], cv2.COLOR_BGR2GRAY)
    matrix = cv2.getPerspectiveTransform((quad - low - 0.5).astype(np.float32), target - 0.5)
    return as_image(cv2.warpPerspective(part, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _reading_copy(page: Image) -> Image:
    grey = as_image(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))
    return shrunk(grey, READING_SIDE)[0]


def _is_soft(grey: Image, view: PageView, most: float) -> bool:
    spread = sharpness.spread(grey)
    if spread is None:
        return False
    return spread > most and spread * view.mm / max(grey.shape) > _SOFT_MM


def _is_far(view: PageView, finer: float) -> bool:
    corners = np.array(view.in_picture((0.0, 0.0, 1.0, 1.0)))
    room = max(corners[2] - corners[0], corners[3] - corners[1])
    return bool(room < _FAR_ROOM and view.mm / (view.long_side * finer) > _FAR_MM)


def _even(grey: Image) -> Image:
    """Bare paper at one level: the paper's brightness is closed over on a quarter of the size."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), 5)
    whole = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return as_image(cv2.divide(cv2.medianBlur(grey, 3), np.maximum(whole, 1), scale=230.0))


def _ink_share(even: Image) -> float:
    height, width = even.shape
    top, left = max(1, round(_MARGIN * height)), max(1, round(_MARGIN * width))
    return float((even[top:-top, left:-left] < _INK).mean())
