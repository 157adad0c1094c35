"""The four sides of a supposed page, measured: where exactly the colour steps, and how much of each side shows it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.document_camera.geometry import Image, Quad

Floats = npt.NDArray[np.float64]

SAMPLES = 48
"""Places along each side at which its profile is looked at."""

_ENDS = 0.05  # of a side: left out at both ends, where corners are bent, stapled or held
_WING = 5  # pixels on each side of the edge whose mean is compared
_GAP = 1  # pixels around the edge left out of it, where the picture is unsharp
_STRIP_GAP = 4  # pixels around the edge in which a drawn line may end again; surfaces go on beyond
_STRIP_SHARE = 0.12  # of the shortest side: how deep the strip of surface inside a side is
_LEAST_STEP = 7.0  # Lab units that stand above sensor noise and JPEG
_OUTER_SHARE = 0.6
_NEAR = 1.6  # pixels a place may be off its line and still count


@dataclass(frozen=True)
class Measured:
    """A quad after its sides were fitted. `support` is the share of places on each side where the colour steps right
    on the line, `step` the median height of the step on each side in Lab units."""

    quad: Quad
    support: Floats
    step: Floats

    @property
    def confidence(self) -> float:
        """0 to 1: every side must show, and show clearly."""
        share = 0.5 * float(self.support.mean()) + 0.5 * float(self.support.min())
        clear = min(1.0, float(self.step.mean()) / 20.0) * min(1.0, max(0.0, float(self.step.min()) / 10.0))
        return share * float(np.sqrt(clear))


def _profiles(picture: Image, quad: Quad, reach: int) -> tuple[Floats, Floats, Floats]:
    """CIE Lab colours on lines across each side: (4, SAMPLES, 2 reach + 1, 3) from inside to outside, with the places
    they are centred on (4, SAMPLES, 2) and the outward normals (4, 2)."""
    along = np.roll(quad, -1, axis=0) - quad
    length = np.linalg.norm(along, axis=1, keepdims=True)
    normal = np.stack([along[:, 1], -along[:, 0]], axis=1) / length  # outward for clockwise corners, y down
    share = np.linspace(_ENDS, 1 - _ENDS, SAMPLES)
    places = quad[:, None, :] + along[:, None, :] * share[None, :, None]
    offsets = np.arange(-reach, reach + 1)
    points = places[:, :, None, :] + normal[:, None, None, :] * offsets[None, None, :, None]
    grid = (points - 0.5).astype(np.float32).reshape(4 * SAMPLES, -1, 2)
    seen = cv2.remap(picture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    colours = cv2.cvtColor(seen, cv2.COLOR_BGR2Lab)
    return colours.reshape(4, SAMPLES, offsets.size, 3).astype(np.float64), places, normal


def _steps(profiles: Floats) -> Floats:
    """The height of the colour step at every offset, seen along each side's own colour difference: (4, SAMPLES, n)."""
    size = profiles.shape[2]
    sums = np.concatenate([np.zeros_like(profiles[:, :, :1]), profiles.cumsum(axis=2)], axis=2)
    at = np.arange(size)
    inner = _window(sums, at - _GAP - _WING, at - _GAP)
    outer = _window(sums, at + _GAP + 1, at + _GAP + 1 + _WING)
    difference = inner - outer
    across = np.median(profiles[:, :, : size // 2], axis=(1, 2)) - np.median(
        profiles[:, :, size // 2 + 1 :], axis=(1, 2)
    )
    strength = np.linalg.norm(across, axis=1, keepdims=True)
    direction = np.where(strength > 1e-6, across / np.maximum(strength, 1e-6), [1.0, 0.0, 0.0])
    steps: Floats = np.einsum("snoc,sc->sno", difference, direction)
    return steps


def _window(sums: Floats, begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Floats:
    size = sums.shape[2] - 1
    begin, end = np.clip(begin, 0, size), np.clip(end, 0, size)
    count = np.maximum(end - begin, 1)[None, None, :, None]
    mean: Floats = (sums[:, :, end] - sums[:, :, begin]) / count
    return mean


def support_of(picture: Image, quad: Quad) -> Measured:
    """Measure the sides in a BGR picture where they are, without moving them."""
    reach = _WING + _GAP + 2
    steps = _steps(_profiles(picture, quad, reach)[0])
    here = steps[:, :, reach - 1 : reach + 2].max(axis=2)
    return Measured(quad, (here > _LEAST_STEP).mean(axis=1), np.median(here, axis=1))


def lasting(picture: Image, quad: Quad) -> Floats:
    """How far the surface inside each side differs from the one outside, as a share of the step at the side itself:
    about 1 for the edge of a sheet, about 0 for a line drawn on one surface. The medians see the paper between what
    is printed on it."""
    along = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    depth = int(np.clip(_STRIP_SHARE * along.min(), 16, 60))
    profiles = _profiles(picture, quad, depth)[0]
    step = np.median(
        profiles[:, :, depth - _GAP - _WING : depth - _GAP].mean(axis=2)
        - profiles[:, :, depth + _GAP + 1 : depth + _GAP + 1 + _WING].mean(axis=2),
        axis=1,
    )
    inside = np.median(profiles[:, :, : depth - _STRIP_GAP], axis=(1, 2))
    outside = np.median(profiles[:, :, depth + _STRIP_GAP : depth + 3 * _STRIP_GAP], axis=(1, 2))
    kept: Floats = (step * (inside - outside)).sum(axis=1) / np.maximum((step * step).sum(axis=1), 1e-6)
    return np.clip(kept, 0.0, 1.0)


def refit(picture: Image, quad: Quad, reach: int) -> Measured | None:
    """Move every side to where the colour steps, up to `reach` pixels away, and fit a line to it with sub-pixel
    accuracy. None where the lines do not close to four corners."""
    wide = reach + _WING + _GAP
    profiles, places, normal = _profiles(picture, quad, wide)
    steps = _steps(profiles)[:, :, wide - reach : wide + reach + 1]
    # Outermost of the clear steps: a frame printed near the paper's edge may step higher than the edge itself.
    clear = steps >= _OUTER_SHARE * steps.max(axis=2, keepdims=True)
    outermost = steps.shape[2] - 1 - clear[:, :, ::-1].argmax(axis=2)
    best = _climb(steps, outermost)
    height = np.take_along_axis(steps, best[..., None], axis=2)[..., 0]
    offset = best - reach + _peak(steps, best)
    points = places + normal[:, None, :] * offset[..., None]
    usable = height > np.maximum(_LEAST_STEP, 0.4 * np.median(height, axis=1, keepdims=True))
    lines = [_line(points[side], usable[side]) for side in range(4)]
    if any(line is None for line in lines):
        return None
    fitted = [line for line in lines if line is not None]
    corners = [_meet(fitted[side - 1], fitted[side]) for side in range(4)]
    if any(corner is None for corner in corners):
        return None
    near = np.stack([np.abs(points[side] @ fitted[side][:2] - fitted[side][2]) < _NEAR for side in range(4)])
    return Measured(np.array(corners), (near & usable).mean(axis=1), np.median(height, axis=1))


def _climb(steps: Floats, start: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """From each start inward to the top of its own hill."""
    at = start
    for _ in range(2 * _WING):
        inward = np.maximum(at - 1, 0)
        higher = np.take_along_axis(steps, inward[..., None], 2) > np.take_along_axis(steps, at[..., None], 2)
        at = np.where(higher[..., 0], inward, at)
    return at


def _peak(steps: Floats, best: npt.NDArray[np.int64]) -> Floats:
    """The sub-pixel place of each maximum: the middle of the plateau that two facing means make around an edge."""
    at = np.clip(best, 1, steps.shape[2] - 2)[..., None]
    left, top, right = (np.take_along_axis(steps, at + d, axis=2)[..., 0] for d in (-1, 0, 1))
    bend = left - 2 * top + right
    shift = np.where(bend < -1e-6, 0.5 * (left - right) / np.where(bend < -1e-6, bend, 1.0), 0.0)
    return np.clip(shift, -0.5, 0.5)


def _line(points: Floats, usable: npt.NDArray[np.bool_]) -> Floats | None:
    """The line (nx, ny, d) with n.p = d through most of the points: Tukey's biweight, begun from the median."""
    points = points[usable]
    if len(points) < SAMPLES // 4:
        return None
    # Begin with the pair of places, far apart, that most others agree with; a bent corner cannot pull it away.
    third = len(points) // 3
    starts, ends = points[:third:2], points[-third::2]
    along = ends[None, :, :] - starts[:, None, :]
    normals = np.stack([along[..., 1], -along[..., 0]], axis=-1)
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-9)
    apart = np.abs(np.einsum("ijc,kc->ijk", normals, points) - np.einsum("ijc,ic->ij", normals, starts)[..., None])
    i, j = np.unravel_index(np.argmax((apart < _NEAR).sum(axis=2)), apart.shape[:2])
    normal, distance = normals[i, j], float(normals[i, j] @ starts[i])
    for _ in range(4):
        residual = np.abs(points @ normal - distance)
        cut = max(1.0, 4.0 * float(np.median(residual)))
        weight = np.clip(1 - (residual / cut) ** 2, 0, None) ** 2
        if weight.sum() < 4:
            return None
        centre = (points * weight[:, None]).sum(axis=0) / weight.sum()
        spread = (points - centre) * np.sqrt(weight)[:, None]
        turned = np.linalg.svd(spread, full_matrices=False)[2][1]
        normal = turned if turned @ normal > 0 else -turned
        distance = float(centre @ normal)
    return np.array([normal[0], normal[1], distance])


def _meet(first: Floats, second: Floats) -> Floats | None:
    matrix = np.stack([first[:2], second[:2]])
    if abs(np.linalg.det(matrix)) < 0.05:
        return None
    corner: Floats = np.linalg.solve(matrix, np.array([first[2], second[2]]))
    return corner
