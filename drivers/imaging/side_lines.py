"""Lines through the places at which sides step: robust, many sides at once.

A side is a row of offsets (pixels outward from a supposed side) at places (0 to 1) along it. Most lie on a line, or on
the slight bow of paper that does not lie flat; the rest is text, a finger, a bent corner, another edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEAR = 1.6
"""Pixels a place may be off its line and still count."""

_ANCHORS = 6  # places at each end of a side that pairs are made of
_CUTS = (3.0, 2.0, 1.5)  # pixels at which a place loses its say, pass by pass (Tukey's biweight)
_LEAST_USABLE = 0.25
_LEAST_BOW = 0.7  # pixels: below it a side is straight


@dataclass(frozen=True)
class Lines:
    """Offset and slope (pixels a side's length) of each side's line at its begin and end; `bow` is how far its middle
    lies off the chord; `near` the places that lie on it; `usable` whether there were enough of them."""

    begin: Floats
    begin_slope: Floats
    end: Floats
    end_slope: Floats
    bow: Floats
    near: Flags
    usable: Flags


def middle(values: npt.NDArray[np.float32], counted: Flags) -> npt.NDArray[np.float32]:
    """The median along the second axis of the values that count; 0 where none does."""
    if counted.all():
        half = values.shape[1] // 2
        return np.partition(values, half, axis=1)[:, half]
    number = counted.sum(axis=1)
    ordered = np.sort(np.where(counted, values, np.float32(np.inf)), axis=1)
    chosen = np.broadcast_to((number // 2)[:, None], ordered[:, :1].shape)
    taken = np.take_along_axis(ordered, np.minimum(chosen, values.shape[1] - 1), axis=1)[:, 0]
    found: npt.NDArray[np.float32] = np.where(np.isfinite(taken), taken, np.float32(0))
    return found


def fit_lines(shares: Floats, offsets: npt.NDArray[np.floating], shows: Flags) -> Lines:
    """Fit every side. `shares` are the places along a side, `offsets` and `shows` (whether a place counts) are of
    shape (sides, places)."""
    t = shares - 0.5
    y = np.asarray(offsets, dtype=np.float64)
    value, slope = _agreed(t, y, shows)
    for cut in _CUTS:
        weight = _weights(y - value[:, None] - slope[:, None] * t, cut, shows)
        value, slope = _straight(t, y, weight, value, slope)
    value, slope, bend = _bowed(t, y, shows, value, slope)
    residual = y - value[:, None] - slope[:, None] * t - bend[:, None] * (t * t)
    near = shows & (np.abs(residual) < NEAR)
    return Lines(
        value - slope / 2 + bend / 4,
        slope - bend,
        value + slope / 2 + bend / 4,
        slope + bend,
        -bend / 4,
        near,
        shows.mean(axis=1) >= _LEAST_USABLE,
    )


def _agreed(t: Floats, y: Floats, shows: Flags) -> tuple[Floats, Floats]:
    """Of the lines through pairs of places, far apart, the one most others agree with: a bent corner or a finger
    cannot pull it away."""
    count = t.size
    starts = np.unique(np.linspace(0, count // 3, _ANCHORS).astype(np.int64))
    ends = count - 1 - starts
    i, j = (index.ravel() for index in np.meshgrid(starts, ends, indexing="ij"))
    slope = (y[:, j] - y[:, i]) / (t[j] - t[i])
    value = y[:, i] - slope * t[i]
    apart = np.abs(y[:, None] - value[..., None] - slope[..., None] * t)
    agreeing = ((apart < NEAR) & shows[:, None]).sum(axis=2)
    agreeing = np.where(shows[:, i] & shows[:, j], agreeing, -1)
    best = agreeing.argmax(axis=1)[:, None]
    some = np.take_along_axis(agreeing, best, axis=1)[:, 0] > 0
    chosen_value = np.take_along_axis(value, best, axis=1)[:, 0]
    chosen_slope = np.take_along_axis(slope, best, axis=1)[:, 0]
    return np.where(some, chosen_value, 0.0), np.where(some, chosen_slope, 0.0)


def _weights(residual: Floats, cut: float, shows: Flags) -> Floats:
    inside = np.clip(1 - (residual / cut) ** 2, 0, None)
    weights: Floats = inside * inside * shows
    return weights


def _straight(t: Floats, y: Floats, weight: Floats, value: Floats, slope: Floats) -> tuple[Floats, Floats]:
    total = weight.sum(axis=1)
    enough = total > 3
    safe = np.where(enough, total, 1.0)
    mean_t, mean_y = (weight @ t) / safe, (weight * y).sum(axis=1) / safe
    spread = (weight * (t - mean_t[:, None]) ** 2).sum(axis=1)
    shared = (weight * (t - mean_t[:, None]) * (y - mean_y[:, None])).sum(axis=1)
    enough &= spread > 0.01
    fitted = shared / np.where(enough, spread, 1.0)
    return np.where(enough, mean_y - fitted * mean_t, value), np.where(enough, fitted, slope)


def _bowed(t: Floats, y: Floats, shows: Flags, value: Floats, slope: Floats) -> tuple[Floats, Floats, Floats]:
    """A parabola instead of the line where it takes in clearly more places: paper that was rolled or is held up."""
    straight_near = (shows & (np.abs(y - value[:, None] - slope[:, None] * t) < NEAR / 2)).sum(axis=1)
    terms = np.stack([np.ones_like(t), t, t * t], axis=1)
    a, b, c = value, slope, np.zeros_like(value)
    for cut in (6.0, 3.0, 1.5):
        weight = _weights(y - a[:, None] - b[:, None] * t - c[:, None] * (t * t), cut, shows)
        square = np.einsum("sk,ki,kj->sij", weight, terms, terms) + 1e-6 * np.eye(3)
        solved = np.linalg.solve(square, ((weight * y) @ terms)[..., None])
        a, b, c = solved[:, 0, 0], solved[:, 1, 0], solved[:, 2, 0]
    bent_near = (shows & (np.abs(y - a[:, None] - b[:, None] * t - c[:, None] * (t * t)) < NEAR / 2)).sum(axis=1)
    better = (bent_near > straight_near * 1.1 + 2) & (np.abs(c) / 4 > _LEAST_BOW) & (bent_near >= 0.5 * t.size)
    return np.where(better, a, value), np.where(better, b, slope), np.where(better, c, 0.0)
