"""Find one page in a picture: candidates in a small copy, measured, the best fitted on the picture itself.

No page is an answer, and so is a page that leaves the picture: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.imaging.candidates import Proposals, distinct, leaving
from drivers.imaging.geometry import Image, area, areas, as_image, widened
from drivers.imaging.judging import Fitted, judged, ranks, runs_out, two_meet
from drivers.imaging.paper import is_paper
from drivers.imaging.seen import FoundPage, PageOutside, Seen, enlarged
from drivers.imaging.shrinking import shrunk
from drivers.imaging.sides import Measured, Quads, least_step, refit

SEARCH_SIDE = 640
"""Pixels of the longer side of the copy that is searched."""

FIT_SIDE = 1920
"""Pixels of the longer side of the copy that sides are fitted on; more adds time and no accuracy that can be seen."""

_LARGER = 1.08  # times a page: less, and it is the page itself
_WITHIN = 0.9  # of what is printed on a page lies in it
_CLEARLY = 0.2  # by which a confidence is higher
_AROUND_CONFIDENCE = 0.7  # at least, of a page of which only a frame that is printed on it was found
_FITTED = 4  # candidates that get the full treatment
_FITTED_LEAVING = 4
_CONVERGED = 3.0  # pixels: guesses that come this near to each other are one
_MARGINS = (12 / 1920, 24 / 1920, 36 / 1920, 48 / 1920)  # of the longer side, around a printed frame
_UNSEEN = 0.45  # support of a side that does not show
_AT_FRAME = 0.35  # support where a side leaves the picture, on the small copy
_ALONG_FRAME = 3.0  # pixels of the small copy
_SMALL_REACH = 4  # pixels of the small copy that a candidate may be off


@dataclass(frozen=True)
class Guesses:
    """Quads worth fitting, in pixels of the picture that is fitted on, those first that show most clearly and are
    largest: `whole` in the picture, and `leaving` it."""

    whole: Quads
    leaving: Quads


class Search:
    """Looks for quads that may be pages in a picture to fit on, on a small copy of it. `least_step` is how high a step
    of colour must be there."""

    def __init__(self, picture: Image) -> None:
        self.picture = picture
        self.least_step = least_step(picture)
        self._small, self._scale = shrunk(picture, SEARCH_SIDE)
        self._lab = as_image(cv2.cvtColor(self._small, cv2.COLOR_BGR2Lab))
        self._proposals = Proposals(self._lab)

    @property
    def reach(self) -> int:
        """Pixels that the sides of a quad found here may be off."""
        longest = int(max(self.picture.shape[:2]))
        return max(4, round(_SMALL_REACH * longest / SEARCH_SIDE / 2))

    def plain(self) -> Guesses:
        """The one quad inside the picture that shows best where it is looked for in the plainest of ways."""
        found = self._guesses(self._proposals.plain(), 1)
        return Guesses(found.whole, found.leaving[:0])

    def every(self, *, most: int = _FITTED) -> Guesses:
        """All that may be pages, after `plain`; at most `most` whole ones."""
        return self._guesses(self._proposals.every(), most)

    def around(self, page: Seen) -> Guesses:
        """Quads a little larger than a page: the sheet, where what was found is a frame that is printed on it."""
        none = np.zeros((0, 4, 2))
        if not isinstance(page, FoundPage):
            return Guesses(none, none)
        longest = float(max(self.picture.shape[:2]))
        return Guesses(np.stack([widened(page.corners, share * longest) for share in _MARGINS]), none)

    def fitted(self, guesses: Guesses) -> list[Fitted]:
        """Guesses with their sides fitted twice, the second time closely: those that are something."""
        together = np.concatenate([guesses.whole, guesses.leaving])
        if not len(together):
            return []
        first = refit(self.picture, together, self.reach, self.least_step, samples=24)
        near = np.where(first.usable[:, None, None], first.quads, together)
        # A page that leaves the picture and what is seen of it in the picture are two things, however near they are.
        groups = np.split(near, [len(guesses.whole)])
        again = np.concatenate([distinct(group, _CONVERGED) for group in groups])
        return judged(self.picture, refit(self.picture, again, 4, self.least_step, samples=48))

    def is_paper(self, fitted: Fitted) -> bool:
        """Whether what was fitted may be paper (`paper.is_paper`)."""
        return is_paper(self._lab, fitted.quad * self._scale)

    def best(self, found: Iterable[Fitted], kind: type[FoundPage] | type[PageOutside]) -> Fitted | None:
        """The one of that kind that is worth most among those that may be paper."""
        those = (one for one in found if isinstance(one.seen, kind) and not one.printed)
        ordered = sorted(those, key=lambda one: -one.worth)
        return next((one for one in ordered if self.is_paper(one)), None)

    def _guesses(self, found: Quads, most: int) -> Guesses:
        if not len(found):
            return Guesses(found, found)
        shape = self._lab.shape
        measured = refit(self._lab, found, _SMALL_REACH, self.least_step, samples=20, lab=True)
        rank = ranks(measured, shape)
        quads = drawn_to_frame(measured, shape)
        cut = leaving(quads, shape)
        # Of a page that leaves the picture two sides that meet are seen, each up to the frame where it gets there.
        rank[cut & ~(two_meet(measured.told) & runs_out(measured, shape, _AT_FRAME))] = 0
        order = np.argsort(-rank)
        order = order[rank[order] > 0]
        whole, going = (distinct(quads[order[cut[order] == side]], 2.0) / self._scale for side in (False, True))
        return Guesses(whole[:most], going[:_FITTED_LEAVING])


def drawn_to_frame(measured: Measured, shape: tuple[int, ...]) -> Quads:
    """The quads, those of their sides laid on the picture's frame that run along it and do not show: there the page
    leaves the picture."""
    quads = measured.quads.copy()
    unseen = measured.support < _UNSEEN
    for axis in (0, 1):
        for place in (0.0, float(shape[1 - axis])):
            near = np.abs(quads[..., axis] - place) < _ALONG_FRAME
            along = near & near[:, [1, 2, 3, 0]] & unseen
            quads[..., axis] = np.where(along | along[:, [3, 0, 1, 2]], place, quads[..., axis])
    return quads


def find_page(picture: Image) -> FoundPage | None:
    """The page in a BGR picture, or None where there is none that lies wholly in the picture."""
    seen = look(picture)
    return seen if isinstance(seen, FoundPage) else None


def look(picture: Image) -> Seen:
    """What a BGR picture shows: a page, a page that leaves the picture, or none."""
    if min(picture.shape[:2]) < 64:
        return None
    fine, scale = shrunk(picture, FIT_SIDE)
    search = Search(fine)
    for fitted in search.fitted(search.plain()):
        if fitted.plain and search.is_paper(fitted):
            return enlarged(fitted.seen, scale)
    return enlarged(_best(search, search.fitted(search.every())), scale)


def _best(search: Search, found: list[Fitted]) -> Seen:
    """The best of the pages, unless a page that leaves the picture is so much larger that it must be something printed
    on that one."""
    page = search.best(found, FoundPage)
    if page is None:
        frame = max((one for one in found if one.printed), key=lambda one: one.worth, default=None)
        around = search.fitted(search.around(frame.seen)) if frame else []
        page = search.best((one for one in around if one.seen.confidence >= _AROUND_CONFIDENCE), FoundPage)
    elif not page.alone:
        page = search.best([page, *search.fitted(search.around(page.seen))], FoundPage)
    cut = search.best(found, PageOutside)
    if page is None or cut is None:
        return page.seen if page else cut.seen if cut else None
    return cut.seen if _beyond(cut, page) else page.seen


def _beyond(cut: Fitted, page: Fitted) -> bool:
    """Whether what leaves the picture is the sheet, and the page, which lies in the picture, a part of it: what is
    printed on it and shows no more clearly, or what is seen of it with a side that is not there."""
    ahead = cut.seen.confidence - page.seen.confidence
    outline = cut.seen.outline if isinstance(cut.seen, PageOutside) else cut.quad
    size = area(page.quad)
    shared, _ = cv2.intersectConvexConvex(outline.astype(np.float32), page.quad.astype(np.float32))
    if shared <= _WITHIN * size:
        return False
    # What is printed on a sheet is not lighter than all of the sheet around it.
    printed = not page.alone and ahead >= 0 and float(areas(outline)) > _LARGER * size
    return printed or ahead > _CLEARLY


def fit_closely(picture: Image, guesses: Quads, reach: int, least: float) -> Measured:
    """Fit the sides of quads that are known to be near."""
    return refit(picture, guesses, reach, least, samples=24)
