"""Where a page might be: quadrilaterals from edges and from regions that differ from the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from drivers.document_camera.geometry import Image, Quad, area, as_image, clockwise, is_page_like

Outline = npt.NDArray[np.int32]

_CANNY = ((18, 50), (40, 110), (90, 240))  # low and high thresholds on the strongest channel's gradient
_CHROMA_GAIN = 2  # colour differences are smaller than those of lightness and mean as much
_LEAST_SHARE = 0.03  # of the picture's area
_MOST_SHARE = 0.97
_CLOSE = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
_SMOOTH = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))


def quads(lab: Image) -> list[Quad]:
    """Quadrilaterals worth measuring in a small Lab picture, without near copies, largest first."""
    whole = lab.shape[0] * lab.shape[1]
    found: list[Quad] = []
    for outline in _outlines(lab):
        for corners in _four_sided(outline):
            quad = clockwise(corners)
            share = area(quad) / whole
            if _LEAST_SHARE < share < _MOST_SHARE and is_page_like(quad):
                found.append(quad)
    found.sort(key=area, reverse=True)
    return _distinct(found)


def _distinct(found: Sequence[Quad]) -> list[Quad]:
    kept: list[Quad] = []
    for quad in found:
        if all(np.abs(quad - other).max() > 2.5 for other in kept):
            kept.append(quad)
    return kept


def _outlines(lab: Image) -> Iterator[Outline]:
    least = _LEAST_SHARE * lab.shape[0] * lab.shape[1]
    for picture in (*_edge_maps(lab), *_region_maps(lab)):
        contours, _ = cv2.findContours(picture, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in (np.asarray(found, dtype=np.int32) for found in contours):
            if len(contour) < 4 or _box_area(contour) < least:
                continue
            hull = np.asarray(cv2.convexHull(contour), dtype=np.int32)
            if len(hull) >= 4 and cv2.contourArea(hull) > least:
                yield hull


def _box_area(contour: Outline) -> int:
    _, _, width, height = cv2.boundingRect(contour)
    return int(width * height)


def _four_sided(hull: Outline) -> Iterator[npt.NDArray[np.float32]]:
    around = cv2.arcLength(hull, True)
    for tolerance in (0.015, 0.03, 0.06):
        simple = cv2.approxPolyDP(hull, tolerance * around, True)
        if len(simple) == 4:
            yield simple.reshape(4, 2).astype(np.float32)
            break
    # The smallest quadrilateral around the hull keeps its sides where a corner is bent or covered.
    enclosing = cv2.approxPolyN(hull, 4, ensure_convex=True)
    if enclosing is not None and enclosing.size == 8:
        yield enclosing.reshape(4, 2).astype(np.float32)


def _edge_maps(lab: Image) -> Iterator[Image]:
    soft = cv2.GaussianBlur(lab, (5, 5), 0)
    across = [cv2.Sobel(soft[..., c], cv2.CV_16S, 1, 0) for c in range(3)]
    down = [cv2.Sobel(soft[..., c], cv2.CV_16S, 0, 1) for c in range(3)]
    strongest_x, strongest_y = across[0], down[0]
    strength = np.abs(strongest_x) + np.abs(strongest_y)
    for c in (1, 2):
        x, y = across[c] * _CHROMA_GAIN, down[c] * _CHROMA_GAIN
        stronger = np.abs(x) + np.abs(y) > strength
        strongest_x, strongest_y = np.where(stronger, x, strongest_x), np.where(stronger, y, strongest_y)
        strength = np.abs(strongest_x) + np.abs(strongest_y)
    for low, high in _CANNY:
        edges = cv2.Canny(strongest_x, strongest_y, low, high, L2gradient=True)
        yield as_image(cv2.morphologyEx(edges, cv2.MORPH_DILATE, _CLOSE))


def _region_maps(lab: Image) -> Iterator[Image]:
    soft = as_image(cv2.medianBlur(lab, 5))
    half = as_image(cv2.resize(soft, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    desk = cv2.resize(_unlike_the_desk(half), soft.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    for single in (desk, soft[..., 0], 255 - _chroma(soft)):
        _, mask = cv2.threshold(single, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        solid = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _SMOOTH)
        yield as_image(cv2.morphologyEx(solid, cv2.MORPH_OPEN, _SMOOTH))


def _chroma(lab: Image) -> Image:
    offset = lab[..., 1:].astype(np.int16) - 128
    return as_image(np.clip(2 * np.abs(offset).max(axis=2), 0, 255).astype(np.uint8))


def _unlike_the_desk(lab: Image) -> Image:
    """How far each pixel's colour is from that of the desk, which is seen along the frame and, because light falls
    off, taken as a quadratic surface through it."""
    height, width = lab.shape[:2]
    rim = max(3, round(0.03 * max(height, width)))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = 2 * x / width - 1, 2 * y / height - 1
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)
    on_rim = np.ones((height, width), dtype=bool)
    on_rim[rim:-rim, rim:-rim] = False
    known = terms[on_rim][::7]
    colours = lab[on_rim][::7].astype(np.float32)
    weight = np.ones(len(known), dtype=np.float32)
    for _ in range(3):  # what crosses the rim (a hand, a cable, another sheet) loses its say
        surface = np.linalg.lstsq(known * weight[:, None], colours * weight[:, None], rcond=None)[0]
        residual = np.linalg.norm(known @ surface - colours, axis=1)
        weight = 1 / (1 + (residual / (2 + 2 * np.median(residual))) ** 2)
    away = lab.astype(np.float32) - terms @ surface
    away[..., 1:] *= _CHROMA_GAIN
    return as_image(np.clip(np.linalg.norm(away, axis=2) * 1.5, 0, 255).astype(np.uint8))
