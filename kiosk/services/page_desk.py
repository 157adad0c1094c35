"""From the picture of a page to the page in the scratch, and what was read on it: hands pictures to the page worker and
accepted pages to the reader, and tells what came of them.

The picture lies in the scratch from the start, under the key that the page will have; the cleaned page takes its place.
So nothing waits for the worker, and what it cannot make something of is handed in as it came.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import structs

from drivers.api.records import Flaw, FlawKind
from kiosk.flow.page_events import PageCleaned, PageNews, PageSpoiled, PageUnderstood
from kiosk.ocr.client import PageReader
from kiosk.ocr.model import PageRead, Reading
from kiosk.pages.client import Done, PageWorker
from kiosk.pages.model import CleanedPage, Outcome, PageHints, PageKind, PageUnusable, StoredPage, Turn, WayStrips
from kiosk.session.pages import keep_cuttings, keep_text, kept_page, kept_picture, lay_page
from kiosk.session.scratch import Beside, ScratchClosedError, ScratchKey
from kiosk.session.session import Session, SessionEndedError

Post = Callable[[PageNews], None]
"""Tells the flow; called from the worker's thread."""

Then = Callable[[], None]
"""Called when a page is done, whatever came of it."""


class Cleaner(Protocol):
    """What makes pages of pictures; the page worker."""

    def start(self) -> None:
        """Get ready."""
        ...

    def clean(self, picture: bytes, hints: PageHints, done: Done) -> None:
        """Make a page; `done` hears of it, in the order of the requests."""
        ...

    def lay_together(
        self, pictures: tuple[bytes, ...], each: tuple[PageHints, ...], hints: PageHints, done: Done
    ) -> None:
        """Make one page of the things in several pictures; `done` as for `clean`."""
        ...

    def stop(self) -> None:
        """Forget everything."""
        ...


class Reader(Protocol):
    """What reads pages; the reading process."""

    def start(self) -> None:
        """Get ready."""
        ...

    def read(self, page: StoredPage | bytes, done: Callable[[Reading], None]) -> None:
        """Read a page; `done` hears what stands on it, in the order of the requests."""
        ...

    def tell_way(self, strips: WayStrips, told: Callable[[Turn], None]) -> None:
        """Tell which way up a page is by some of its lines; `told` hears it, before what is read meanwhile."""
        ...

    def stop(self) -> None:
        """Forget everything."""
        ...


class PageDesk:
    """The pages of one window. Every method returns at once and can be called from any thread, but for `wait`."""

    def __init__(
        self,
        post: Post,
        make_cleaner: Callable[[], Cleaner] = PageWorker,
        make_reader: Callable[[], Reader] = PageReader,
    ) -> None:
        self._post = post
        self._make_cleaner = make_cleaner
        self._make_reader = make_reader
        self._cleaner: Cleaner | None = None
        self._reader: Reader | None = None
        self._hashes: dict[ScratchKey, bytes] = {}
        self._hints: dict[ScratchKey, PageHints] = {}
        self._accepted: set[ScratchKey] = set()
        self._making = self._reading = 0
        self._changed = threading.Condition()

    def warm(self) -> Cleaner:
        """Start worker and reader, so that they are ready when the first page comes. A window that scans nothing has
        none."""
        with self._changed:
            if self._cleaner is None:
                self._cleaner = self._make_cleaner()
                self._cleaner.start()
            if self._reader is None:
                self._reader = self._make_reader()
                self._reader.start()
            return self._cleaner

    def clean(self, session: Session, key: ScratchKey, hints: PageHints, then: Then | None = None) -> None:
        """Make a page of the picture `key`: PageCleaned or PageSpoiled. `hints` need not tell of earlier pages. Where
        its lines do not surely tell which way up it is, some are read first, so that it is seen upright at once."""
        picture = kept_picture(session.scratch, key)
        if picture is None:
            if then is not None:
                then()
            return
        hashes, made = self._promised(session, key, then)
        known = structs.replace(hints, earlier=hashes)
        cleaner = self.warm()
        with self._changed:
            self._hints[key] = hints

        def done(outcome: Outcome) -> None:
            reader = self._reader
            if reader is None or not isinstance(outcome, CleanedPage) or outcome.strips is None:
                made(outcome)
                return

            def told(turn: Turn) -> None:
                if turn in {Turn.UNKNOWN, outcome.page.turned}:
                    made(outcome)
                elif turn is Turn.UPRIGHT and outcome.page.turned is Turn.UNKNOWN:
                    made(structs.replace(outcome, page=structs.replace(outcome.page, turned=turn)))
                else:
                    cleaner.clean(picture, structs.replace(known, seems=turn), made)

            reader.tell_way(outcome.strips, told)

        cleaner.clean(picture, known, done)

    def lay_together(
        self, session: Session, key: ScratchKey, each: Mapping[ScratchKey, PageHints], turned: Turn | None = None
    ) -> None:
        """Lay the pages `each`, in their order, on one page that takes the place of the picture `key`; what is known of
        them need not tell how they lie. PageCleaned or PageSpoiled, of `key`."""
        pictures, known = [], []
        for one, hints in each.items():
            picture = kept_picture(session.scratch, one)
            if picture is not None:
                pictures.append(picture)
                known.append(structs.replace(hints, turned=_way_of(session, one)))
        hashes, made = self._promised(session, key, None, apart=frozenset(each))
        hints = PageHints(turned=turned, earlier=hashes)
        self.warm().lay_together(tuple(pictures), tuple(known), hints, made)

    def _promised(
        self, session: Session, key: ScratchKey, then: Then | None, apart: frozenset[ScratchKey] = frozenset()
    ) -> tuple[tuple[bytes, ...], Done]:
        """A page is on its way: the hashes that it is compared with, and what hears of it."""
        with self._changed:
            self._making += 1
            earlier = tuple(one for one in self._earlier(session, key) if one not in apart)
            hashes = tuple(self._hashes[one] for one in earlier)

        def made(outcome: Outcome) -> None:
            try:
                self._heard(session, key, outcome, earlier)
            finally:
                with self._changed:
                    self._making -= 1
                    self._changed.notify_all()
                if then is not None:
                    then()

        return hashes, made

    def hashes(self, session: Session) -> tuple[bytes, ...]:
        """The hashes of the pages that are there, in their order, by which the camera knows one that comes again."""
        with self._changed:
            return tuple(self._hashes[one] for one in self._earlier(session))

    def _earlier(self, session: Session, key: ScratchKey | None = None) -> tuple[ScratchKey, ...]:
        apart = {key, _replaced(session)}
        return tuple(one for one in self._hashes if one not in apart)

    def clean_again(self, session: Session, key: ScratchKey, turned: Turn | None, kind: PageKind | None = None) -> None:
        """Make the page anew: as one that lay so, where that is said, and of a kind, or of what it is taken for."""
        with self._changed:
            hints = self._hints.get(key, PageHints())
        self.clean(session, key, structs.replace(hints, turned=turned or hints.turned, kind=kind))

    def accept(self, session: Session, key: ScratchKey) -> None:
        """The page is kept: its picture is not needed once it is made."""
        with self._changed:
            self._accepted.add(key)
            session.scratch.detach(key, Beside.PICTURE)
            made = key in self._hashes
        if made:
            self._read(session, key)

    def drop(self, session: Session, key: ScratchKey) -> None:
        """Forget a page."""
        with self._changed:
            self._hashes.pop(key, None)
            self._hints.pop(key, None)
            self._accepted.discard(key)
            session.scratch.drop(key)

    def wait(self, *, made_within: float, read_within: float) -> None:
        """Wait until every page is made and read. Seconds; reading may take as long after the making. What is not made
        by then is in the scratch as it came, and what is not read has no words."""
        with self._changed:
            self._changed.wait_for(lambda: self._making == 0, made_within)
            self._changed.wait_for(lambda: self._reading == 0, read_within)

    def stop(self) -> None:
        """End the worker."""
        for child in (self._cleaner, self._reader):
            if child is not None:
                child.stop()

    def _heard(self, session: Session, key: ScratchKey, outcome: Outcome, earlier: tuple[ScratchKey, ...]) -> None:
        match outcome:
            case PageUnusable(reason=reason):
                self._post(PageSpoiled(key, reason))
            case CleanedPage(page=page, findings=findings):
                with self._changed:
                    if not lay_page(session.scratch, key, page, keep_picture=key not in self._accepted):
                        return
                    self._hashes[key] = page.dhash
                    accepted = key in self._accepted
                same, rest = self._same(findings, earlier)
                self._post(PageCleaned(key, rest, page.turned, same))
                if accepted:
                    self._read(session, key)

    def _read(self, session: Session, key: ScratchKey) -> None:
        """Read a page that the person keeps; one that cannot be read stays a picture."""
        try:
            page = kept_page(session.scratch, key)
        except (KeyError, ScratchClosedError):
            return
        self.warm()
        if self._reader is None:
            return
        with self._changed:
            self._reading += 1

        def done(reading: Reading) -> None:
            if isinstance(reading, PageRead):
                keep_text(session.scratch, key, reading.text)
                keep_cuttings(session.scratch, key, reading.cuttings)
                self._post(PageUnderstood(key, reading.title, reading.paper.kind, reading.proposals))
            with self._changed:
                self._reading -= 1
                self._changed.notify_all()

        self._reader.read(page, done)

    def _same(
        self, findings: tuple[Flaw, ...], earlier: tuple[ScratchKey, ...]
    ) -> tuple[ScratchKey | None, tuple[Flaw, ...]]:
        """Which page it looks like, and the findings; without that one where the other page is gone meanwhile."""
        flaw = next((one for one in findings if one.kind is FlawKind.SAME), None)
        if flaw is None:
            return None, findings
        same = earlier[flaw.page - 1] if flaw.page is not None and 0 < flaw.page <= len(earlier) else None
        if same is None or same not in self._hashes:
            return None, tuple(one for one in findings if one is not flaw)
        return same, findings


def _way_of(session: Session, key: ScratchKey) -> Turn | None:
    """How a page had lain, where it was made and could tell."""
    try:
        page = kept_page(session.scratch, key)
    except (KeyError, ScratchClosedError):
        return None
    return page.turned if isinstance(page, StoredPage) and page.turned is not Turn.UNKNOWN else None


def _replaced(session: Session) -> ScratchKey | None:
    """The page that is being scanned again: the new one looks like it, and nobody need be told."""
    try:
        journey = session.journey
    except SessionEndedError:
        return None
    place = journey.scanning.replaces
    if place is None or journey.open_evidence is None:
        return None
    pages = journey.require_evidence()[1].pages
    return pages[place] if place < len(pages) else None
