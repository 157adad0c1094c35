"""Which quads, fitted to a picture, are pages: by their sides, and by the surfaces on both sides of those."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import CARD_RATIO, Image, Quad, area, areas, clockwise, page_like, page_size
from drivers.imaging.seen import FoundPage, FrameSide, PageOutside
from drivers.imaging.sides import Measured, brighter_within, surfaces

LEAST_CONFIDENCE = 0.5
_PLAIN_CONFIDENCE = 0.75  # from which on a page that shows plainly is looked no further for
_LEAST_SIDE_SUPPORT = 0.45
_LEAST_HELD_SUPPORT = 0.3  # of a side that a hand holds, where all others show plainly
_PLAINLY = 0.95
_LEAST_LASTING = 0.35
_FRAME_MARGIN = 8 / 1920  # of the longer side: a page nearer to the frame may be cut off
_NARROW_MARGIN = 3 / 1920  # where all of every side is seen
_CERTAIN_SUPPORT = 0.65
_RIM = 3.0  # pixels
_LEAST_AT_RIM = 0.55
_AREA_WEIGHT = 0.35
_FLAT_WORTH = 0.5  # of a quad whose surface does not differ from the desk beyond its outline
_LEAST_PAGE_SHARE = 0.03  # of the picture
_CARD_TOLERANCE = 0.26
_LEAST_OUTSIDE_SHARE = 0.07  # of the picture: less is the corner of something that nobody wants to show
_BRIGHTER = 10.0  # L of Lab: paper's middle is no lighter than its rim, whatever the light does
_PART_WORTH = 0.7
_UNEVEN = 0.18  # of the middle step of a quad's sides: a side that steps by less is unlike the others
_OTHER_TINT = 16.0  # a or b of Lab
_SET_OFF = 15.0  # L of Lab: less, and what lies around may be the same sheet
_MIXED_CONFIDENCE = 0.8  # at least, of what is lighter than its surroundings on some sides and darker on others


@dataclass(frozen=True)
class Fitted:
    """A quad that was fitted and is a page, or a page that leaves the picture: what is seen, its quad, clockwise, by
    how much it is preferred to others, whether it shows so plainly that there is no need to look further, and whether
    it is set off from what lies around it: what is not may be the inside of a frame that is printed on a sheet. What is
    `printed` is drawn on one surface and no page itself."""

    seen: FoundPage | PageOutside
    quad: Quad
    worth: float
    plain: bool = False
    alone: bool = True
    printed: bool = False


def ranks(measured: Measured, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """By which quads are preferred: how clearly they show and how much of the picture they take up."""
    limit = np.array([shape[1], shape[0]], dtype=np.float64)
    share = areas(np.clip(measured.quads, 0, limit)) / float(limit.prod())
    rank: npt.NDArray[np.float64] = measured.clearness * share**_AREA_WEIGHT
    return rank


def judged(picture: Image, fits: Measured) -> list[Fitted]:
    """Which of the quads are pages, or pages that leave the picture, and which are frames that are printed."""
    told, clear = fits.told, fits.clearness
    support = np.sort(np.where(told, fits.support, 1.0), axis=1)
    least = support[:, 0]
    enough = np.where(support[:, 1] >= _PLAINLY, _LEAST_HELD_SUPPORT, _LEAST_SIDE_SUPPORT)
    fair = fits.usable & (least >= enough) & (clear >= LEAST_CONFIDENCE) & told.any(axis=1)
    fair[fair] &= page_like(fits.quads[fair])
    chosen = np.flatnonzero(fair)
    if not len(chosen):
        return []
    surface = surfaces(picture, fits.quads[chosen], fits.least_step)
    rank, out = ranks(fits, picture.shape), runs_out(fits, picture.shape)
    step = np.sort(np.where(told, fits.step, np.inf), axis=1)
    typical = np.take_along_axis(step, (told.sum(axis=1, keepdims=True) - 1) // 2, axis=1)[:, 0]
    uneven = step[:, 0] < _UNEVEN * typical
    results: list[Fitted] = []
    for row, number in enumerate(chosen.tolist()):
        lasting, lighter = float(surface.lasting[row].min()), float(surface.lighter[row].min())
        confidence = round(float(clear[number]), 3)
        dark = surface.lighter[row] < 0
        mixed = dark.any() and (~dark & told[number]).any()
        # A dark thing is dark on all sides; one that is not has rows of its own beside it: part of a keyboard.
        quad = clockwise(fits.quads[number])
        if lasting < _LEAST_LASTING and told[number].all():
            results.append(Fitted(FoundPage(quad, confidence), quad, float(rank[number]), alone=False, printed=True))
        if lasting < _LEAST_LASTING or (mixed and (dark.sum() >= 2 or confidence < _MIXED_CONFIDENCE)):
            continue
        worth = float(rank[number]) * min(1.0, _FLAT_WORTH + lasting)
        if mixed or uneven[number] or _tinted(surface.tint[row]):
            # Part of a page ends so: where a darker part of it begins, at a fold, or at a hand that lies over it.
            worth, confidence = _PART_WORTH * worth, round(_PART_WORTH * confidence, 3)
        certain = bool(fits.seen[number].min() == 1.0 and least[number] >= _CERTAIN_SUPPORT and lighter > 0)
        beyond = over(quad, picture.shape, _NARROW_MARGIN if certain else _FRAME_MARGIN)
        large = area(quad) >= _LEAST_PAGE_SHARE * picture.shape[0] * picture.shape[1]
        if not beyond and told[number].all() and (large or (lighter > 0 and _like_a_card(quad, picture.shape))):
            alone = int(np.count_nonzero(surface.set_off[row] < _SET_OFF)) <= 1
            plain = lighter > 0 and alone and confidence >= _PLAIN_CONFIDENCE
            results.append(Fitted(FoundPage(quad, confidence), quad, worth, plain, alone))
        elif beyond and lighter >= 0 and out[number]:
            outside = _outside(quad, told[number], beyond, confidence, picture.shape)
            # All four sides seen: it would be a page, were it further from the frame.
            if outside and (told[number].all() or not np.nanmean(brighter_within(picture, quad)) > _BRIGHTER):
                results.append(Fitted(outside, quad, worth))
    return results


def _tinted(tint: npt.NDArray[np.float64]) -> bool:
    """Whether the surface is of another colour along one side than along another; paper is not."""
    told = tint[np.isfinite(tint[:, 0])]
    return bool(np.ptp(told, axis=0).max() > _OTHER_TINT) if len(told) else False


def _like_a_card(quad: Quad, shape: tuple[int, ...]) -> bool:
    """Desks are full of small quadrilaterals: what takes up little of the picture is a page only where it has about a
    card's proportion."""
    width, height = page_size(quad, (shape[1], shape[0]))
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


def runs_out(fits: Measured, shape: tuple[int, ...], least: float = _LEAST_AT_RIM) -> npt.NDArray[np.bool_]:
    """Of each quad whether its sides show up to where they leave the picture, with at least that support; a side of a
    whole page that is only drawn on beyond its corner does not."""
    limit = np.array([shape[1], shape[0]], dtype=np.float64)
    out = np.asarray(((fits.quads <= _RIM) | (fits.quads >= limit - _RIM)).any(axis=2))
    begins, ends = fits.ends[..., 0], fits.ends[..., 1]
    missing = fits.told & ((out & (begins < least)) | (out[:, [1, 2, 3, 0]] & (ends < least)))
    # One may end early: something as light lies beside the page there.
    return np.asarray(missing.sum(axis=1) <= 1, dtype=np.bool_)


def _outside(
    quad: Quad, told: npt.NDArray[np.bool_], beyond: tuple[FrameSide, ...], confidence: float, shape: tuple[int, ...]
) -> PageOutside | None:
    """A page that leaves the picture is one of which two sides that meet are seen, and enough of its surface."""
    if not two_meet(told[None])[0]:
        return None
    frame = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], dtype=np.float32)
    size, outline = cv2.intersectConvexConvex(quad.astype(np.float32), frame)
    if outline is None or size < _LEAST_OUTSIDE_SHARE * shape[0] * shape[1]:
        return None
    return PageOutside(beyond, np.asarray(outline.reshape(-1, 2), dtype=np.float64), confidence)


def two_meet(told: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return np.asarray((told & np.roll(told, 1, axis=1)).any(axis=1), dtype=np.bool_)
