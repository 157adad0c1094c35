"""Find one page in a picture: candidates in a small copy, measured, the best fitted on the picture itself.

No page is an answer, and so is a page that leaves the picture: nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.candidates import distinct, leaving, quads
from drivers.imaging.geometry import (
    CARD_RATIO,
    Image,
    Quad,
    area,
    areas,
    as_image,
    clockwise,
    page_like,
    page_size,
)
from drivers.imaging.sides import Measured, Quads, least_step, refit, surfaces

SEARCH_SIDE = 640
"""Pixels of the longer side of the copy that is searched."""

FIT_SIDE = 1920
"""Pixels of the longer side of the copy that sides are fitted on; more adds time and no accuracy that can be seen."""

LEAST_CONFIDENCE = 0.5
_LEAST_SIDE_SUPPORT = 0.45
_LEAST_LASTING = 0.35
_FRAME_MARGIN = 8 / 1920  # of the longer side: a page nearer to the frame may be cut off
_NARROW_MARGIN = 6 / 1920  # where all of every side is seen
_CERTAIN_SUPPORT = 0.7
_RIM = 3.0  # pixels
_LEAST_AT_RIM = 0.6
_AREA_WEIGHT = 0.35
_FLAT_WORTH = 0.5  # of a quad whose surface does not differ from the desk beyond its outline
_MUCH_LARGER = 1.3  # times a page: less, and it is the page itself with some desk
_LEAST_PAGE_SHARE = 0.03  # of the picture
_CARD_TOLERANCE = 0.26
_LEAST_OUTSIDE_SHARE = 0.07  # of the picture: less is the corner of something that nobody wants to show
_FITTED = 4  # candidates that get the full treatment
_FITTED_LEAVING = 3
_CONVERGED = 3.0  # pixels: guesses that come this near to each other are one
_SMALL_REACH = 4  # pixels of the small copy that a candidate may be off


class FrameSide(StrEnum):
    """A side of the picture."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


@dataclass(frozen=True)
class FoundPage:
    """A page's corners in pixels of the picture, clockwise from its top left, and how sure they are (0 to 1)."""

    corners: Quad
    confidence: float


@dataclass(frozen=True)
class PageOutside:
    """A page of which a part lies outside the picture, or may: over which of its sides, and how sure that is (0 to 1).
    `outline` is what is seen of it, clockwise, in pixels of the picture: shape (n, 2)."""

    sides: tuple[FrameSide, ...]
    outline: npt.NDArray[np.float64]
    confidence: float


Seen = FoundPage | PageOutside | None


def shrunk(picture: Image, longest: int) -> tuple[Image, float]:
    """A copy of which the longer side has at most `longest` pixels, and its scale. Halved exactly as long as it can be,
    which is many times faster than a mean over odd areas and as smooth."""
    scale = min(1.0, longest / max(picture.shape[:2]))
    if scale == 1.0:
        return picture, 1.0
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    source = picture
    while source.shape[1] % 2 == 0 and source.shape[0] % 2 == 0 and max(source.shape[:2]) >= 2 * longest:
        source = as_image(cv2.resize(source, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    if source.shape[1::-1] != size:
        # Between half and whole size a linear mean of neighbours is as good as one over areas, and much faster.
        way = cv2.INTER_AREA if max(source.shape[:2]) > 2 * longest else cv2.INTER_LINEAR
        source = as_image(cv2.resize(source, size, interpolation=way))
    return source, scale


@dataclass(frozen=True)
class Guesses:
    """Quads worth fitting, in pixels of the picture that is fitted on, those first that show most clearly and are
    largest: `whole` in the picture, and `leaving` it."""

    whole: Quads
    leaving: Quads


def search(picture: Image, *, most: int = _FITTED) -> Guesses:
    """Quads that may be pages, measured on a small copy; at most `most` whole ones."""
    small, scale = shrunk(picture, SEARCH_SIDE)
    lab = as_image(cv2.cvtColor(small, cv2.COLOR_BGR2Lab))
    found = quads(lab)
    if not len(found):
        return Guesses(found, found)
    measured = refit(lab, found, _SMALL_REACH, least_step(picture), samples=20, lab=True)
    rank = ranks(measured, small.shape)
    cut = leaving(measured.quads, small.shape)
    # Of a page that leaves the picture two sides that meet are seen.
    rank[cut & ~_two_meet(measured.told)] = 0
    order = np.argsort(-rank)
    order = order[rank[order] > 0]
    whole, going = (distinct(measured.quads[order[cut[order] == side]], 2.0) / scale for side in (False, True))
    return Guesses(whole[:most], going[:_FITTED_LEAVING])


def _two_meet(told: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return np.asarray((told & np.roll(told, 1, axis=1)).any(axis=1), dtype=np.bool_)


def ranks(measured: Measured, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """By which quads are preferred: how clearly they show and how much of the picture they take up."""
    limit = np.array([shape[1], shape[0]], dtype=np.float64)
    share = areas(np.clip(measured.quads, 0, limit)) / float(limit.prod())
    rank: npt.NDArray[np.float64] = measured.clearness * share**_AREA_WEIGHT
    return rank


def find_page(picture: Image) -> FoundPage | None:
    """The page in a BGR picture, or None where there is none that lies wholly in the picture."""
    seen = look(picture)
    return seen if isinstance(seen, FoundPage) else None


def look(picture: Image) -> Seen:
    """What a BGR picture shows: a page, a page that leaves the picture, or none."""
    if min(picture.shape[:2]) < 64:
        return None
    fine, scale = shrunk(picture, FIT_SIDE)
    guesses = search(fine)
    reach = fit_reach(fine)
    best = best_of(fine, guesses.whole, reach)
    cut = best_of(fine, guesses.leaving, reach)
    if isinstance(cut, PageOutside) and (not isinstance(best, FoundPage) or _beyond(cut, best)):
        best = cut
    return enlarged(best, scale)


def fit_reach(picture: Image) -> int:
    """Pixels that the sides of a quad found by `search` in that picture may be off."""
    longest = int(max(picture.shape[:2]))
    return max(4, round(_SMALL_REACH * longest / SEARCH_SIDE / 2))


def best_of(picture: Image, guesses: Quads, reach: int) -> Seen:
    """Which of the guesses, fitted, is the best."""
    if not len(guesses):
        return None
    found = judged(picture, fit(picture, guesses, reach))
    return max(found, key=lambda pair: pair[1])[0] if found else None


def _beyond(cut: PageOutside, page: FoundPage) -> bool:
    """Whether what leaves the picture is so much more than the page that the page must be something printed on it."""
    return float(areas(cut.outline)) > _MUCH_LARGER * area(page.corners)


def fit(picture: Image, guesses: Quads, reach: int) -> Measured:
    """Fit the sides of quads twice, the second time closely."""
    least = least_step(picture)
    first = refit(picture, guesses, reach, least, samples=24)
    again = distinct(np.where(first.usable[:, None, None], first.quads, guesses), _CONVERGED)
    return refit(picture, again, 4, least, samples=48)


def fit_closely(picture: Image, guesses: Quads, reach: int) -> Measured:
    """Fit the sides of quads that are known to be near."""
    return refit(picture, guesses, reach, least_step(picture), samples=24)


def judged(picture: Image, fits: Measured) -> list[tuple[Seen, float]]:
    """Which of the quads are pages, or pages that leave the picture, and the rank of each."""
    told, clear = fits.told, fits.clearness
    least = np.where(told, fits.support, 1.0).min(axis=1)
    fair = fits.usable & (least >= _LEAST_SIDE_SUPPORT) & (clear >= LEAST_CONFIDENCE) & told.any(axis=1)
    fair[fair] &= page_like(fits.quads[fair])
    chosen = np.flatnonzero(fair)
    if not len(chosen):
        return []
    surface = surfaces(picture, fits.quads[chosen], fits.least_step)
    rank = ranks(fits, picture.shape)
    results: list[tuple[Seen, float]] = []
    for row, number in enumerate(chosen.tolist()):
        lasting, lighter = float(surface.lasting[row].min()), float(surface.lighter[row].min())
        dark = surface.lighter[row] < 0
        # A dark thing is dark on all sides; one that is not has rows of its own beside it: part of a keyboard.
        if lasting < _LEAST_LASTING or (dark.sum() >= 2 and (~dark & told[number]).any()):
            continue
        quad = fits.quads[number]
        worth = float(rank[number]) * min(1.0, _FLAT_WORTH + lasting)
        confidence = round(float(clear[number]), 3)
        certain = bool(fits.seen[number].min() == 1.0 and least[number] >= _CERTAIN_SUPPORT and lighter > 0)
        beyond = over(quad, picture.shape, _NARROW_MARGIN if certain else _FRAME_MARGIN)
        large = area(quad) >= _LEAST_PAGE_SHARE * picture.shape[0] * picture.shape[1]
        if not beyond and told[number].all() and (large or (lighter > 0 and _like_a_card(quad, picture.shape))):
            results.append((FoundPage(clockwise(quad), confidence), worth))
        elif beyond and lighter >= 0 and _runs_out(fits, number, picture.shape):
            outside = _outside(quad, told[number], beyond, confidence, picture.shape)
            if outside:
                results.append((outside, worth))
    return results


def _like_a_card(quad: Quad, shape: tuple[int, ...]) -> bool:
    """Desks are full of small quadrilaterals: what takes up little of the picture is a page only where it has about a
    card's proportion."""
    width, height = page_size(clockwise(quad), (shape[1], shape[0]))
    return abs(max(width, height) / min(width, height) / CARD_RATIO - 1) < _CARD_TOLERANCE


def over(quad: Quad, shape: tuple[int, ...], margin: float) -> tuple[FrameSide, ...]:
    """The sides of the picture that the quad reaches, or comes so near to (`margin`, a share of the longer side) that
    its page may be cut off."""
    margin *= max(shape[:2])
    low, high = quad.min(axis=0), quad.max(axis=0)
    reached = {
        FrameSide.LEFT: low[0] < margin,
        FrameSide.TOP: low[1] < margin,
        FrameSide.RIGHT: high[0] > shape[1] - margin,
        FrameSide.BOTTOM: high[1] > shape[0] - margin,
    }
    return tuple(side for side, there in reached.items() if there)


def _runs_out(fits: Measured, number: int, shape: tuple[int, ...]) -> bool:
    """Whether the sides show up to where they leave the picture; a side of a whole page that is only drawn on beyond
    its corner does not."""
    quad, told = fits.quads[number], fits.told[number]
    limit = np.array([shape[1], shape[0]], dtype=np.float64)
    out = ((quad <= _RIM) | (quad >= limit - _RIM)).any(axis=1)
    begins, ends = fits.ends[number, :, 0], fits.ends[number, :, 1]
    missing = (told & out & (begins < _LEAST_AT_RIM)) | (told & out[[1, 2, 3, 0]] & (ends < _LEAST_AT_RIM))
    return not missing.any()


def _outside(
    quad: Quad, told: npt.NDArray[np.bool_], beyond: tuple[FrameSide, ...], confidence: float, shape: tuple[int, ...]
) -> PageOutside | None:
    """A page that leaves the picture is one of which two sides that meet are seen, and enough of its surface."""
    if not _two_meet(told[None])[0]:
        return None
    frame = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], dtype=np.float32)
    size, outline = cv2.intersectConvexConvex(quad.astype(np.float32), frame)
    if outline is None or size < _LEAST_OUTSIDE_SHARE * shape[0] * shape[1]:
        return None
    return PageOutside(beyond, np.asarray(outline.reshape(-1, 2), dtype=np.float64), confidence)


def enlarged(seen: Seen, scale: float) -> Seen:
    """What was seen in a copy of that scale, in pixels of the picture."""
    match seen:
        case FoundPage():
            return FoundPage(seen.corners / scale, seen.confidence)
        case PageOutside():
            return PageOutside(seen.sides, seen.outline / scale, seen.confidence)
        case None:
            return None
