"""How a page that was made of a photograph lies against the paper as it is: turned by how much, and right side up?"""

from __future__ import annotations

import cv2
import numpy as np

from drivers.imaging.geometry import Image

_FEATURES = 3000
_LEAST = 25  # places that agree
_LONGEST = 1300  # pixels


def turned_by(page: Image, reference: Image) -> float | None:
    """Degrees by which `page` (grey) must be turned clockwise for its rows to run as those of `reference` (grey) do,
    from -180 to 180; None where the two cannot be laid over each other."""
    both = [_sized(one) for one in (page, reference)]
    finder = cv2.ORB.create(_FEATURES)
    (places, words), (true_places, true_words) = (finder.detectAndCompute(one, None) for one in both)
    if words is None or true_words is None:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(words, true_words)
    if len(pairs) < _LEAST:
        return None
    here = np.array([places[pair.queryIdx].pt for pair in pairs])
    there = np.array([true_places[pair.trainIdx].pt for pair in pairs])
    # Freely scaled and sheared: where a page's proportions are a little off, a turn alone would be fitted askew.
    matrix, agree = cv2.estimateAffine2D(
        there, here, method=cv2.RANSAC, ransacReprojThreshold=3.0, maxIters=20000, confidence=0.999
    )
    if matrix is None or int(agree.sum()) < _LEAST:
        return None
    return -float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))


def _sized(picture: Image) -> Image:
    scale = _LONGEST / max(picture.shape[:2])
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def split(angle: float) -> tuple[int, float]:
    """Quarter turns (0 to 3) and what is left of the angle, in degrees."""
    quarters = round(angle / 90)
    return quarters % 4, angle - 90 * quarters
