"""Where a page might be: quadrilaterals from edges and from regions that differ from the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.closing import AT_FRAME, closed_quads
from drivers.imaging.desk import CHROMA_GAIN, unlike_the_desk
from drivers.imaging.geometry import Image, areas, as_image, clockwise, page_like

Outline = npt.NDArray[np.int32]
Quads = npt.NDArray[np.float64]
Gradient = npt.NDArray[np.int16]

_CANNY = ((40, 110), (18, 50), (90, 240))  # low and high thresholds on the strongest channel's gradient
_LEAST_SHARE = 0.015  # of the picture's area
_MOST_SHARE = 0.97
_MOST_WHOLE = 36  # quads inside the picture
_MOST_LEAVING = 40  # quads that leave it
_MOST_OPEN = 4  # outlines without four sides whose straight parts are closed to quads
_NEAR_COPY = 2.5  # pixels
_FOUR_SIDED = 0.97  # of a hull's area that a quad takes up which it is
_CLOSE = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
_SMOOTH = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


class Proposals:
    """Quadrilaterals worth measuring in a small Lab picture; what has been worked out of it is kept."""

    def __init__(self, lab: Image, *, least_share: float = _LEAST_SHARE) -> None:
        self._lab = lab
        self._least = least_share * lab.shape[0] * lab.shape[1]
        self._direct: list[npt.NDArray[np.float32]] = []
        self._open: list[tuple[float, Outline]] = []
        self._gradient = _strongest_gradient(lab)
        self._plain = False

    def plain(self) -> Quads:
        """Those that outlines of middling strength are by themselves; most pages are among them."""
        if not self._plain:
            self._add_edges(_CANNY[0])
            self._plain = True
        return self._quads(())

    def every(self) -> Quads:
        """Those of all edges and regions."""
        for thresholds in _CANNY[1 if self._plain else 0 :]:
            self._add_edges(thresholds)
        half = as_image(cv2.resize(self._lab, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        for picture in _region_maps(half):
            self._add(outline * 2 + 1 for outline in _large(picture, self._least / 4))
        self._open.sort(key=lambda pair: -pair[0])
        return self._quads([closed_quads(outline, self._lab.shape) for _, outline in self._open[:_MOST_OPEN]])

    def _add_edges(self, thresholds: tuple[int, int]) -> None:
        edges = cv2.Canny(*self._gradient, *thresholds, L2gradient=True)
        self._add(_large(as_image(cv2.dilate(edges, _CLOSE)), self._least))

    def _add(self, outlines: Iterable[Outline]) -> None:
        for outline in outlines:
            hull = np.asarray(cv2.convexHull(outline), dtype=np.int32)
            size = cv2.contourArea(hull)
            if len(hull) < 4 or size < self._least:
                continue
            found, complete = _four_sided(hull, size)
            self._direct.extend(found)
            if not complete or _at_frame(outline, self._lab.shape):
                self._open.append((size, outline))

    def _quads(self, closed: Sequence[Quads]) -> Quads:
        """Clockwise, without near copies: (n, 4, 2). First those in the picture, then those of which corners lie
        outside it or at its frame; each largest first."""
        shape = self._lab.shape
        groups = [*([clockwise(np.array(self._direct))] if self._direct else []), *closed]
        if not groups:
            return np.zeros((0, 4, 2))
        every = np.concatenate(groups)
        size = areas(every)
        every = every[(size > self._least) & (size < _MOST_SHARE * shape[0] * shape[1]) & page_like(every)]
        every = every[np.argsort(-areas(every))]
        cut = leaving(every, shape)
        return np.concatenate(
            [distinct(every[~cut], _NEAR_COPY)[:_MOST_WHOLE], distinct(every[cut], _NEAR_COPY)[:_MOST_LEAVING]]
        )


def leaving(found: Quads, shape: tuple[int, ...], margin: float = 1.0) -> npt.NDArray[np.bool_]:
    """Which of the quads have a corner nearer than `margin` pixels to the picture's frame, or outside it."""
    limit = np.array([shape[1], shape[0]]) - margin
    return np.asarray(((found < margin) | (found > limit)).any(axis=(1, 2)), dtype=np.bool_)


def distinct(found: Quads, apart: float) -> Quads:
    """The quads that are not copies, within `apart` pixels, of one before them."""
    if len(found) < 2:
        return found
    away = np.abs(found[:, None] - found[None]).max(axis=(2, 3)) <= apart
    kept: list[int] = []
    for number in range(len(found)):
        if not away[number, kept].any():
            kept.append(number)
    return found[kept]


def _at_frame(outline: Outline, shape: tuple[int, ...]) -> bool:
    left, top, width, height = cv2.boundingRect(outline)
    right, bottom = shape[1] - left - width, shape[0] - top - height
    return bool(min(left, top, right, bottom) <= AT_FRAME)


def _large(picture: Image, least: float) -> Iterator[Outline]:
    contours, _ = cv2.findContours(picture, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        if len(contour) >= 4:
            _, _, width, height = cv2.boundingRect(contour)
            if width * height >= least:
                yield np.asarray(contour, dtype=np.int32)


def _four_sided(hull: Outline, size: float) -> tuple[list[npt.NDArray[np.float32]], bool]:
    """Quads of a hull, and whether one of them is all of it."""
    found = []
    complete = False
    around = cv2.arcLength(hull, True)
    for tolerance in (0.015, 0.03, 0.06):
        simple = cv2.approxPolyDP(hull, tolerance * around, True)
        if len(simple) == 4:
            found.append(simple.reshape(4, 2).astype(np.float32) + np.float32(0.5))
            complete = bool(cv2.contourArea(simple) / size > _FOUR_SIDED)
            break
    if not complete:
        # The smallest quadrilateral around the hull keeps its sides where a corner is bent or covered.
        enclosing = cv2.approxPolyN(hull, 4, ensure_convex=True)
        if enclosing is not None and enclosing.size == 8:
            found.append(enclosing.reshape(4, 2).astype(np.float32) + np.float32(0.5))
    return found, complete


def _strongest_gradient(lab: Image) -> tuple[Gradient, Gradient]:
    """Across and down, of the channel in which it is steepest, place by place."""
    soft = cv2.GaussianBlur(lab, (5, 5), 0)
    across = list(cv2.split(cv2.Sobel(soft, cv2.CV_16S, 1, 0)))
    down = list(cv2.split(cv2.Sobel(soft, cv2.CV_16S, 0, 1)))
    strongest_x, strongest_y = across[0], down[0]
    strength = cv2.add(np.abs(strongest_x), np.abs(strongest_y))
    gain = int(CHROMA_GAIN)
    for c in (1, 2):
        x, y = across[c] * gain, down[c] * gain
        here = cv2.add(np.abs(x), np.abs(y))
        stronger = cv2.compare(here, strength, cv2.CMP_GT)
        for source, target in ((x, strongest_x), (y, strongest_y), (here, strength)):
            cv2.copyTo(source, stronger, target)
    return np.asarray(strongest_x, dtype=np.int16), np.asarray(strongest_y, dtype=np.int16)


def _region_maps(half: Image) -> Iterator[Image]:
    soft = as_image(cv2.medianBlur(half, 3))
    for single in (unlike_the_desk(soft), soft[..., 0], 255 - _chroma(soft)):
        yield solid(as_image(single))


def solid(single: Image) -> Image:
    """The brighter of a picture's two classes (Otsu), without holes and specks."""
    _, mask = cv2.threshold(single, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _SMOOTH)
    return as_image(cv2.morphologyEx(closed, cv2.MORPH_OPEN, _SMOOTH))


def _chroma(lab: Image) -> Image:
    _, green_red, blue_yellow = cv2.split(lab)
    middle = np.full_like(green_red, 128)
    strongest = cv2.max(cv2.absdiff(green_red, middle), cv2.absdiff(blue_yellow, middle))
    return as_image(cv2.convertScaleAbs(strongest, alpha=2))
