"""Whether what lies in a quad may be paper: not the keys of a keyboard or a calculator, not a dark slab, not a screen.

All of it is looked at in the small copy that was searched, laid flat with a little of what lies around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image, Quad, area, as_image, page_size

Floats = npt.NDArray[np.float32]

_LONGEST = 320  # pixels of the flat view's longer side, less where the small copy has less
_MARGIN = 0.13  # of the longer side, around the quad
_LEAST_SHOWN = 0.05  # of a quad, for shares of it to mean something
_BAND = slice(2, 5)  # pixels inside or outside the edge, where the picture is sharp again
_LEAST_UNLIKE = 6  # L of Lab (0 to 255) by which a key is unlike what holds it
_CLEARLY = 0.7  # of what keys usually are unlike it: a narrow gap is blurred
_WRITING = np.ones((3, 3), np.uint8)
_CELL = (0.0012, 0.22)  # of the quad's area that a key may take
_SPOTS = np.stack(np.meshgrid((0.2, 0.5, 0.8), (0.2, 0.5, 0.8)), axis=-1).reshape(-1, 2)  # of a key's box
_LEAST_CELL = 4  # pixels
_FULL = 0.7  # of its upright box that a key takes
_LONG = 3.2  # times as long as high: a row's last keys
_ALIKE = 0.3  # of the usual height, by which keys differ
_MANY = ((4, 0.5), (9, 0.18), (16, 0.1))  # keys, and of the quad's area
_NEAR_EDGE, _NEAR_EDGE_SHARE = 3.0, 0.05  # pixels, and of a key's height, between keys and a side they reach
_FEW, _MORE, _PART = 2, 4, 0.3  # keys inside, keys of that kind around them, and of the quad's area
_DARK = 0.2  # of the lightness beyond every side: the darkest paper is lighter
_SCREEN = 0.45  # of the lightness of a screen, and of what lies around it: the frame between them
_BEYOND_FRAME = 10.0  # L of Lab between that frame and what lies around it
_EVEN = 0.6  # of their mean by which opposite parts of a frame differ
_SIDES = 3  # that must show it
_ASKEW = 0.2  # of a frame's width that its ends may be off, as it is seen askew
_STRAIGHT = 0.7  # of a side along which the frame ends as far out


@dataclass(frozen=True)
class _Flat:
    """The lightness of a quad seen from above with `rim` pixels of what lies around it; `size` is the quad's (width,
    height), `shown` its area in the picture, `seen` which of its sides (from the top, clockwise) are."""

    light: Image
    size: tuple[int, int]
    rim: int
    shown: float
    seen: tuple[bool, bool, bool, bool]

    def bands(self, *, outside: bool) -> Floats:
        """The usual lightness right inside or outside each side: (4,)."""
        values = np.zeros(4, np.float32)
        for side in range(4):
            strip = np.rot90(self.light, side)[:, self.rim : -self.rim]
            low, high = _BAND.start, _BAND.stop
            rows = strip[self.rim - high : self.rim - low] if outside else strip[self.rim + low : self.rim + high]
            values[side] = np.median(rows)
        return values


def is_paper(lab: Image, quad: Quad) -> bool:
    """Whether the quad, clockwise, in a small Lab picture may be paper, as far as can be seen."""
    flat = _flat(lab, quad)
    inside, outside = flat.bands(outside=False), flat.bands(outside=True)
    told = np.array(flat.seen)
    if not told.any():
        return True
    dark = bool((inside[told] < _DARK * outside[told]).all())
    return not (dark or _is_screen(flat) or _has_keys(flat, inside) or _has_keys(flat, outside, to_edge=True))


def _flat(lab: Image, quad: Quad) -> _Flat:
    across, down = page_size(quad, (lab.shape[1], lab.shape[0]))
    longest = float(np.sqrt(((quad[[1, 2, 3, 0]] - quad) ** 2).sum(axis=1)).max())
    scale = min(_LONGEST, longest) / max(across, down)
    size = (max(16, round(across * scale)), max(16, round(down * scale)))
    rim = max(8, round(_MARGIN * max(size)))
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], dtype=np.float32) + np.float32(rim)
    matrix = cv2.getPerspectiveTransform((quad - 0.5).astype(np.float32), target - np.float32(0.5))
    whole = (size[0] + 2 * rim, size[1] + 2 * rim)
    light = np.ascontiguousarray(lab[..., 0])
    light = as_image(cv2.warpPerspective(light, matrix, whole, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    height, width = lab.shape[:2]
    middles = (quad + quad[[1, 2, 3, 0]]) / 2
    top, right, bottom, left = (
        _BAND.stop < x < width - _BAND.stop and _BAND.stop < y < height - _BAND.stop for x, y in middles.tolist()
    )
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    share = float(cv2.intersectConvexConvex(quad.astype(np.float32), frame)[0]) / max(area(quad), 1.0)
    shown = size[0] * size[1] * max(share, _LEAST_SHOWN)
    return _Flat(light, size, rim, shown, (top, right, bottom, left))


def _is_screen(flat: _Flat) -> bool:
    """Whether a dark frame of even width runs around the quad's bright inside, and something lighter around it."""
    widths = np.full(4, np.nan)
    deep = 2 * _BAND.stop
    for side in np.flatnonzero(flat.seen).tolist():
        strip = np.rot90(flat.light, side)[: flat.rim + deep, flat.rim : -flat.rim]
        middle = strip.shape[1] // 8
        strip = strip[::-1, middle : strip.shape[1] - middle]  # from inside to outside
        usual = strip.mean(axis=1)
        bright = float(np.percentile(strip[: deep // 2], 75))
        darkest = deep // 2 + int(usual[deep // 2 :].argmin())
        beyond = float(usual[darkest:].max())
        dark = float(usual[darkest])
        if dark > _SCREEN * min(bright, beyond) or beyond < dark + _BEYOND_FRAME:
            return False
        lighter = strip > (dark + min(bright, beyond)) / 2
        ends = darkest + lighter[darkest:].argmax(axis=0)
        starts = darkest - lighter[: darkest + 1][::-1].argmax(axis=0)
        end, start = float(np.median(ends)), float(np.median(starts))
        askew = max(2.0, _ASKEW * (end - start))
        straight = min(float((np.abs(at - line) <= askew).mean()) for at, line in ((ends, end), (starts, start)))
        if straight < _STRAIGHT:
            return False
        widths[side] = end - start
    pairs = widths.reshape(2, 2).T
    uneven = np.abs(pairs[:, 0] - pairs[:, 1]) > np.maximum(1.5, _EVEN * pairs.mean(axis=1))
    return bool(np.isfinite(widths).sum() >= _SIDES and not uneven.any())


@dataclass(frozen=True)
class _Cells:
    """Solid pieces of about a key's size: their boxes (left, top, width, height, area) and lightness."""

    boxes: npt.NDArray[np.int32]
    light: Floats

    def alike(self) -> _Cells:
        """Those as high as most of them are, and as light or as wide: keys have one colour, little pictures on a screen
        one size."""
        if not len(self.boxes):
            return self
        across, down = self.boxes[:, 2], self.boxes[:, 3]
        light = float(np.median(self.light))
        kept = np.abs(self.light - light) < 2 * _LEAST_UNLIKE + 0.1 * light
        kept |= _near_middle(across)
        kept &= _near_middle(down)
        return _Cells(self.boxes[kept], self.light[kept])


def _near_middle(lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    usual = float(np.median(lengths))
    return np.asarray(np.abs(lengths - usual) <= max(1.5, _ALIKE * usual), dtype=np.bool_)


def _cells(light: Image, unlike: Image, whole: float) -> _Cells:
    outlines, places = cv2.findContours(unlike, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holders = () if places is None else places.reshape(-1, 4)[:, 3].tolist()
    found = []
    for outline, holder in zip(outlines, holders, strict=True):
        if holder >= 0:
            continue  # a hole
        left, top, across, down = cv2.boundingRect(outline)
        box = across * down
        if min(across, down) < _LEAST_CELL or not _CELL[0] * whole < box < _CELL[1] * whole:
            continue
        # What is printed on a key is part of it; an outline runs through the middles of its pixels.
        size = cv2.contourArea(outline) + across + down - 1
        if size > _FULL * box and max(across, down) < _LONG * min(across, down):
            found.append((left, top, across, down, round(size)))
    boxes = np.array(found, dtype=np.int32).reshape(-1, 5)
    spots = boxes[:, None, :2] + (boxes[:, None, 2:4] * _SPOTS).astype(np.int32)
    return _Cells(boxes, np.median(light[spots[..., 1], spots[..., 0]], axis=1).astype(np.float32))


def _unlike(flat: _Flat, bands: Floats) -> Iterator[Image]:
    """What is lighter, and what is darker, than the four sides, whose lightness runs evenly from one to the other."""
    light, seen = flat.light, flat.seen
    height, width = light.shape
    known = [side for side in range(4) if seen[side]]
    usual = float(bands[known].mean())
    top, right, bottom, left = (
        float(bands[side] if seen[side] else bands[side - 2] if seen[side - 2] else usual) for side in range(4)
    )
    middle = (top + right + bottom + left) / 4
    down = np.linspace(top - middle, bottom - middle, height)[:, None]
    holder = as_image(np.clip(down + np.linspace(left, right, width), 0, 255).astype(np.uint8))
    for away in (cv2.subtract(light, holder), cv2.subtract(holder, light)):
        within = away[flat.rim : -flat.rim : 2, flat.rim : -flat.rim : 2]
        counts = np.bincount(within.ravel(), minlength=256)[_LEAST_UNLIKE + 1 :].cumsum()
        half = int(np.searchsorted(counts, counts[-1] / 2)) + _LEAST_UNLIKE + 1
        _, unlike = cv2.threshold(away, max(_LEAST_UNLIKE, _CLEARLY * half), 1, cv2.THRESH_BINARY)
        yield as_image(cv2.morphologyEx(unlike, cv2.MORPH_OPEN, _WRITING))  # without what is thinner than any key


def _has_keys(flat: _Flat, bands: Floats, *, to_edge: bool = False) -> bool:
    """Whether many solid pieces of one kind lie in the quad, in what has the lightness of `bands` (and reach its sides,
    where they must: the cells of a form do not); or a few, and more of that kind around it."""
    for unlike in _unlike(flat, bands):
        keys = _cells(flat.light, unlike, flat.shown).alike()
        middles = keys.boxes[:, :2] + keys.boxes[:, 2:4] / 2 - flat.rim
        within = np.asarray(((middles > 0) & (middles < flat.size)).all(axis=1), dtype=np.bool_)
        much = float(keys.boxes[within, 4].sum()) / flat.shown
        inside, beside = int(within.sum()), len(within) - int(within.sum())
        if any(inside >= many and much > least for many, least in _MANY) and (
            not to_edge or _reach_sides(keys.boxes[within], flat)
        ):
            return True
        if inside >= _FEW and beside >= _MORE and much > _PART:
            return True
    return False


def _reach_sides(boxes: npt.NDArray[np.int32], flat: _Flat) -> bool:
    """Whether the boxes come right up to most sides of the quad."""
    low = boxes[:, :2].min(axis=0) - flat.rim
    high = flat.rim + np.array(flat.size) - (boxes[:, :2] + boxes[:, 2:4]).max(axis=0)
    near = _NEAR_EDGE + _NEAR_EDGE_SHARE * float(np.median(boxes[:, 3]))
    return bool((np.concatenate([low, high]) <= near).sum() >= _SIDES)
