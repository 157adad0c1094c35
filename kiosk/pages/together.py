"""Several things laid on one sheet of A4, each upright and in its true size: both sides of an identity card one below
the other (as copies of cards are handed in), receipts beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.pages import layers, light
from kiosk.pages.clean import laid, made
from kiosk.pages.decode import decode
from kiosk.pages.laying import quarters, turned
from kiosk.pages.light import WHITE
from kiosk.pages.model import CleanedPage, PageHints, PageKind, Paper, Turn
from kiosk.pages.pixels import PAGE_DPI, Image, resized
from kiosk.pages.sizes import SIZES

_MARGIN_MM = 12.0
_GAP_MM = 8.0
_CORNER_MM = 3.18  # ISO/IEC 7810: the radius of a card's corners
_LINE = 90.0  # level of the line around a paper
_RIM_MM = 0.8  # of a paper's edge: what shows there of the desk and of its shadow


@dataclass(frozen=True)
class _Piece:
    """One thing upright at PAGE_DPI."""

    image: Image
    paper: Paper


def lay_together(
    pictures: Sequence[bytes], each: Sequence[PageHints], hints: PageHints, aside: Executor
) -> CleanedPage:
    """The sheet with the things in JPEG or PNG `pictures` on it, in their order; `each` is what is known of each. Of
    `hints` counts how the sheet is turned, and what came `earlier`. Things that need more room than there is are made
    smaller, all by as much.

    Raises UnusablePictureError for a picture that cannot be used.
    """
    pieces = [_piece(decode(data), known) for data, known in zip(pictures, each, strict=True)]
    # A card is a picture, and stays one among other things.
    kind = PageKind.PICTURE if any(piece.paper is Paper.ID_1 for piece in pieces) else None
    whole = PageHints(
        dpi=PAGE_DPI, paper=Paper.A4, kind=kind, turned=hints.turned or Turn.UPRIGHT, earlier=hints.earlier
    )
    sheet = laid(_together([piece.image for piece in pieces]), whole, level=True)
    return made(sheet, whole, aside).page(whole, aside)


def _piece(picture: Image, hints: PageHints) -> _Piece:
    page = laid(picture, hints)
    paper = page.sheet.paper
    level, count = page.judged.laying.lay(picture, PAGE_DPI), quarters(page.judged.turn)
    if paper is Paper.ID_1:
        marks = layers.marks_of(page.view, layers.colours_of(page.view))
        return _Piece(_rounded(turned(light.lifted(level, page.view.field, marks.pictures), count)), paper)
    return _Piece(_framed(turned(light.even_light(level, page.view.field), count)), paper)


def _rounded(card: Image) -> Image:
    """The card without what shows of the desk beside its round corners."""
    radius = _pixels(_CORNER_MM)
    cover = np.ones((radius, radius), np.uint8)
    cv2.circle(cover, (radius, radius), radius, (0.0,), -1)
    height, width = card.shape[:2]
    for rows, columns, mask in (
        (slice(0, radius), slice(0, radius), cover),
        (slice(0, radius), slice(width - radius, width), cover[:, ::-1]),
        (slice(height - radius, height), slice(0, radius), cover[::-1]),
        (slice(height - radius, height), slice(width - radius, width), cover[::-1, ::-1]),
    ):
        card[rows, columns][mask > 0] = WHITE
    return card


def _framed(paper: Image) -> Image:
    """The paper in a fine line, which tells where it ends; on white, nothing else does."""
    rim = _pixels(_RIM_MM)
    height, width = paper.shape[:2]
    framed: Image = np.full((height, width, 3), WHITE, np.uint8)
    if min(height, width) > 4 * rim:
        framed[rim:-rim, rim:-rim] = paper[rim:-rim, rim:-rim]
    cv2.rectangle(framed, (0, 0), (width - 1, height - 1), (_LINE, _LINE, _LINE), 2)
    return framed


def _pixels(millimetres: float) -> int:
    return round(millimetres * PAGE_DPI / 25.4)


@dataclass(frozen=True)
class _Rows:
    """Things in rows of so many; `scale` is how large they can be, at most 1."""

    columns: int
    scale: float


def _together(images: Sequence[Image]) -> Image:
    """The sheet; rows and columns as they make things smallest the least, and as few columns as do."""
    width, height = (_pixels(side) for side in SIZES[Paper.A4])
    room = (width - 2 * _pixels(_MARGIN_MM), height - 2 * _pixels(_MARGIN_MM))
    ways = [_Rows(columns, _fitting(images, columns, room)) for columns in range(1, len(images) + 1)]
    way = max(ways, key=lambda one: (one.scale, -one.columns))
    rows = _in_rows([_scaled(image, way.scale) for image in images], way.columns)
    sheet: Image = np.full((height, width, 3), WHITE, np.uint8)
    free = height - sum(_tallest(row) for row in rows)
    top = float(_pixels(_MARGIN_MM))
    between = (free - 2 * top) / (len(rows) + 1)
    for row in rows:
        top += between
        across = sum(image.shape[1] for image in row) + _pixels(_GAP_MM) * (len(row) - 1)
        left = (width - across) // 2
        for image in row:
            down = int(top)
            sheet[down : down + image.shape[0], left : left + image.shape[1]] = image
            left += image.shape[1] + _pixels(_GAP_MM)
        top += _tallest(row)
    return sheet


def _fitting(images: Sequence[Image], columns: int, room: tuple[int, int]) -> float:
    rows, gap = _in_rows(images, columns), _pixels(_GAP_MM)
    across = max(sum(int(image.shape[1]) for image in row) for row in rows)
    down = sum(_tallest(row) for row in rows)
    widest = max(len(row) for row in rows)
    return min(1.0, (room[0] - gap * (widest - 1)) / across, (room[1] - gap * (len(rows) - 1)) / down)


def _in_rows(images: Sequence[Image], columns: int) -> list[Sequence[Image]]:
    return [images[start : start + columns] for start in range(0, len(images), columns)]


def _tallest(row: Sequence[Image]) -> int:
    return max(int(image.shape[0]) for image in row)


def _scaled(image: Image, scale: float) -> Image:
    if scale == 1.0:
        return image
    return resized(image, max(1, int(image.shape[1] * scale)), max(1, int(image.shape[0] * scale)))
