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
_THIRD = np.linspace(0, 1 / 3, _ANCHORS)  # of what shows of a side: where they lie
_CUTS = (3.0, 2.0, 1.5)  # pixels at which a place loses its say, pass by pass (Tukey's biweight)
_LEAST_USABLE = 0.25
_LEAST_BOW = 0.7  # pixels: below it a side is straight
_BOW_GAIN = 1.1  # times the places that lie on the line must lie on the bow
_HANKEL = np.add.outer(np.arange(3), np.arange(3))  # which power of t stands where in the normal equations


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


def _anchors(shows: Flags) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of places of each side, one in the first third of those that count and one in the last: (sides, pairs)."""
    count = shows.shape[1]
    first = shows.argmax(axis=1)
    span = np.maximum(count - 1 - shows[:, ::-1].argmax(axis=1) - first, 0)
    within = (span[:, None] * _THIRD).astype(np.int64)
    starts, ends = first[:, None] + within, (first + span)[:, None] - within
    return np.repeat(starts, _ANCHORS, axis=1), np.tile(ends, (1, _ANCHORS))


def _agreed(t: Floats, y: Floats, shows: Flags) -> tuple[Floats, Floats]:
    """Of the lines through pairs of places, far apart, the one most others agree with: a bent corner or a finger
    cannot pull it away."""
    i, j = _anchors(shows)
    rows = np.arange(len(y))[:, None]
    y_i, t_i, apart = y[rows, i], t[i], t[j] - t[i]
    slope = (y[rows, j] - y_i) / np.where(apart > 0, apart, 1.0)
    value = y_i - slope * t_i
    off = slope.astype(np.float32)[..., None] * t.astype(np.float32)
    off += value.astype(np.float32)[..., None]
    off -= y.astype(np.float32)[:, None]
    agreeing = np.count_nonzero((np.abs(off, out=off) < NEAR) & shows[:, None], axis=2)
    agreeing = np.where(shows[rows, i] & shows[rows, j] & (apart > 0), agreeing, -1)
    best = agreeing.argmax(axis=1)
    rows = rows[:, 0]
    some = agreeing[rows, best] > 0
    return np.where(some, value[rows, best], 0.0), np.where(some, slope[rows, best], 0.0)


def _weights(residual: Floats, cut: float, shows: Flags) -> Floats:
    inside = np.clip(1 - (residual / cut) ** 2, 0, None)
    weights: Floats = inside * inside * shows
    return weights


def _straight(t: Floats, y: Floats, weight: Floats, value: Floats, slope: Floats) -> tuple[Floats, Floats]:
    terms = _powers(t)
    total, first, second = (weight @ terms[:, :3]).T
    high, turned = ((weight * y) @ terms[:, :2]).T
    safe = np.where(total > 3, total, 1.0)
    mean_t, mean_y = first / safe, high / safe
    spread = second - first * mean_t
    shared = turned - high * mean_t
    enough = (total > 3) & (spread > 0.01)
    fitted = shared / np.where(enough, spread, 1.0)
    return np.where(enough, mean_y - fitted * mean_t, value), np.where(enough, fitted, slope)


def _powers(t: Floats) -> Floats:
    return np.stack([np.ones_like(t), t, t * t, t * t * t, t * t * t * t], axis=1)


def _bowed(t: Floats, y: Floats, shows: Flags, value: Floats, slope: Floats) -> tuple[Floats, Floats, Floats]:
    """A parabola instead of the line where it takes in clearly more places: paper that was rolled or is held up."""
    straight_near = np.count_nonzero(shows & (np.abs(y - value[:, None] - slope[:, None] * t) < NEAR / 2), axis=1)
    least = np.maximum(straight_near * _BOW_GAIN + 2, 0.5 * t.size - 0.5)
    bend = np.zeros(value.shape)
    # Most sides lie so straight that no bow could take in enough more.
    some = np.flatnonzero(np.count_nonzero(shows, axis=1) > least)
    if not some.size:
        return value, slope, bend
    terms = _powers(t)
    shows, y = shows[some], y[some]
    a, b, c = value[some], slope[some], bend[some]
    for cut in (6.0, 3.0, 1.5):
        weight = _weights(y - a[:, None] - b[:, None] * t - c[:, None] * (t * t), cut, shows)
        sums = weight @ terms
        square = sums[:, _HANKEL] + 1e-6 * np.eye(3)
        solved = np.linalg.solve(square, ((weight * y) @ terms[:, :3])[..., None])
        a, b, c = (np.asarray(solved[:, k, 0], dtype=np.float64) for k in range(3))
    bent_near = np.count_nonzero(
        shows & (np.abs(y - a[:, None] - b[:, None] * t - c[:, None] * (t * t)) < NEAR / 2), axis=1
    )
    better = (bent_near > least[some]) & (np.abs(c) / 4 > _LEAST_BOW)
    chosen = some[better]
    value, slope = value.copy(), slope.copy()
    value[chosen], slope[chosen], bend[chosen] = a[better], b[better], c[better]
    return value, slope, bend
