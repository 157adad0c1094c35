"""Which points of a page are ink: a threshold that follows light and local contrast, so that faint pencil and pale
thermal print stay and shadows do not become black."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.pages.light import WHITE
from kiosk.pages.pixels import Image, as_image, below, both, crowded, dimmed, grown, odd, resized, view_pixels

_WINDOW = 3.5  # mm; a character and the paper around it
_SOLID = 0.5  # of the paper's brightness: darker than this is ink, whatever surrounds it
_STROKE = 7  # pixels, 1.2 mm: a stroke and its sides
_SIDE = 0.35  # of the way from paper to a stroke's middle, its side begins
_LEAST_CONTRAST = 0.045  # of the paper's brightness: what is paler is texture of the paper
_MOST_CONTRAST = 0.15
_SURE = 0.04  # of the paper's brightness darker than the limit: ink whatever is near; pale ink belongs to such
_REACH = 11  # pixels at 300 dpi from sure ink to the pale end of its stroke
_NOISE_KEPT = 0.45  # of the noise is left after the smoothing that comes before the threshold
_DEVIATIONS = 4.0  # of the noise that is left: beyond this it is no noise
_SPECK = 5  # pixels in a window of 5 × 5; a line one pixel wide has as many
_EDGE = 3.0  # mm
_SOFT = 0.20  # of a stroke's depth from one pixel of the view to the next, at its side: below, characters run together
_LEAST_EDGES = 2_000  # pixels; fewer tell nothing
_LEAST_DEPTH = 12  # levels
_EDGES = 20_000  # looked at


def noise_of(view: Image) -> float:
    """The standard deviation of grain in a grey picture, in its levels."""
    lines = view[:: max(1, view.shape[0] // 200)].astype(np.int16)
    return float(np.median(np.abs(np.diff(lines, axis=1)))) / 0.954  # of normal differences: 0.6745 √2 σ


def thresholds(view: Image, field: Image, noise: float) -> Image:
    """Below which brightness a point is ink, for a grey picture at VIEW_DPI and the brightness of its paper."""
    paper = resized(field, view.shape[1], view.shape[0])
    level = float(max(1.0, np.median(field)))
    contrast = float(np.clip(_DEVIATIONS * _NOISE_KEPT * noise / level, _LEAST_CONTRAST, _MOST_CONTRAST))
    side = odd(view_pixels(_WINDOW))
    around = as_image(cv2.min(as_image(cv2.blur(view, (side, side))), paper))
    faint = as_image(cv2.subtract(around, dimmed(paper, contrast)))
    # The side of a stroke is a blur between ink and paper; taking all of it makes fine print run together.
    darkest = as_image(cv2.min(as_image(cv2.erode(view, np.ones((_STROKE, _STROKE), np.uint8))), paper))
    edge = as_image(cv2.addWeighted(paper, 1 - _SIDE, darkest, _SIDE, 0))
    return as_image(cv2.max(dimmed(paper, _SOLID), as_image(cv2.min(faint, edge))))


def is_soft(even: Image, mask: Image) -> bool:
    """Whether print is so blurred that black and white would lose it, though in grey it can still be read: from an
    evenly lit grey page at VIEW_DPI and its ink."""
    edges = cv2.findNonZero(as_image(cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))))
    if edges is None or len(edges) < _LEAST_EDGES:
        return False
    places = edges.reshape(-1, 2)[:: max(1, len(edges) // _EDGES)]
    x, y = places[:, 0], places[:, 1]
    across, down = (cv2.Sobel(even, cv2.CV_16S, *way)[y, x].astype(np.float32) for way in ((1, 0), (0, 1)))
    depth = WHITE - cv2.erode(even, np.ones((_STROKE, _STROKE), np.uint8))[y, x].astype(np.float32)
    steepness = np.hypot(across, down) / 8 / np.maximum(depth, _LEAST_DEPTH)
    return bool(np.median(steepness) < _SOFT)


def ink_mask(picture: Image, limit: Image) -> Image:
    """255 where a grey picture of any resolution is darker than `limit` (at VIEW_DPI) and some of the stroke clearly
    so; without specks."""
    calm = as_image(cv2.GaussianBlur(picture, (3, 3), 0))
    whole = resized(limit, picture.shape[1], picture.shape[0])
    sure = crowded(below(calm, dimmed(whole, 1 - _SURE)), _SPECK)
    return both(below(calm, whole), grown(sure, _REACH))


def clear_edges(mask: Image, dpi: int, spread: float = 0.0) -> None:
    """Take away, in place, what touches the frame and lies within 3 mm of it: slivers of the desk, never writing that
    reaches further in. `spread` is the share of its sides by which the page grew when it was straightened."""
    height, width = mask.shape[:2]
    wanted = round(_EDGE * dpi / 25.4 + spread * max(height, width))
    strip = min(wanted, height // 4, width // 4)
    if strip < 2:
        return
    for view in (mask[:strip], mask[-strip:][::-1], mask[:, :strip].T, mask[:, -strip:].T[::-1]):
        # `view` has the frame as its first row and shares its pixels with the mask.
        if not view[0].any():
            continue
        band = np.ascontiguousarray(view)
        _, labels = cv2.connectedComponents(band, connectivity=8)
        touching = np.zeros(int(labels.max()) + 1, bool)
        touching[labels[0]] = True
        touching[labels[-1, strip:-strip]] = False  # it goes on into the page, not only along the next edge
        touching[0] = False
        view[touching[labels]] = 0
