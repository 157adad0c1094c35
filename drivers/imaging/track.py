"""Follow a page from one preview frame to the next, which costs a tenth of finding it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.find_page import fit_closely, look
from drivers.imaging.geometry import Image
from drivers.imaging.judging import judged
from drivers.imaging.seen import FoundPage, Seen
from drivers.imaging.sides import least_step

_REACH = 8  # pixels a side may have moved since the last frame to be followed
_GLANCE = (160, 90)  # places at which frames are compared
_MOVED = 10.0  # grey levels by which a place must differ: more than grain and a flickering lamp
_MOVED_SHARE = 0.002  # of the places
_PATIENCE = 30  # frames without motion after which is looked anew where no page was


class Tracker:
    """Follows the page from one preview frame to the next: fits the last sides anew, and searches when that fails, or
    when the picture has come to rest and is no longer the one that was searched. While nothing moves and there is no
    page, it waits."""

    def __init__(self) -> None:
        self._last: Seen = None
        self._shape: tuple[int, ...] = ()
        self._before: npt.NDArray[np.int16] | None = None
        self._searched: npt.NDArray[np.int16] | None = None
        self._waited = 0
        self._least_step = 0.0

    def update(self, picture: Image) -> FoundPage | None:
        """The page in the next frame, or None."""
        seen = self.look(picture)
        return seen if isinstance(seen, FoundPage) else None

    def look(self, picture: Image) -> Seen:
        """What the next frame shows."""
        if picture.shape != self._shape:
            self._shape, self._last, self._before, self._searched = picture.shape, None, None, None
        glance = _glance(picture)
        still = self._before is not None and not _moved(glance, self._before)
        same = self._searched is not None and not _moved(glance, self._searched)
        self._before = glance
        if isinstance(self._last, FoundPage):
            followed = self._follow(picture, self._last)
            if followed is not None and (same or not still):
                self._last = followed
                return followed
        elif same and self._waited < _PATIENCE:
            self._waited += 1
            return self._last
        self._last, self._searched, self._waited = look(picture), glance, 0
        self._least_step = least_step(picture)  # a camera's grain is the same from frame to frame
        return self._last

    def _follow(self, picture: Image, last: FoundPage) -> FoundPage | None:
        fits = fit_closely(picture, last.corners[None], _REACH, self._least_step)
        if np.abs(fits.quads[0] - last.corners).max() > _REACH - 1 and fits.usable[0]:
            # As far as it was looked: the sides may lie farther out.
            fits = fit_closely(picture, fits.quads, _REACH, self._least_step)
        for fitted in judged(picture, fits):
            seen = fitted.seen
            if (
                isinstance(seen, FoundPage)
                and not fitted.printed
                and np.abs(seen.corners - last.corners).max() < 2 * _REACH
            ):
                return seen
        return None


def _glance(picture: Image) -> npt.NDArray[np.int16]:
    rows = max(1, picture.shape[0] // _GLANCE[1])
    columns = max(1, picture.shape[1] // _GLANCE[0])
    return picture[rows // 2 :: rows, columns // 2 :: columns, 1].astype(np.int16)


def _moved(one: npt.NDArray[np.int16], other: npt.NDArray[np.int16]) -> bool:
    away = np.abs(cv2.blur(one - other, (3, 3)))
    return bool((away > _MOVED).mean() > _MOVED_SHARE)
