"""How pages are taken in this session, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from drivers.api.records import Flaw, ScanEnd
from kiosk.flow.page_events import PageCleaned, PageSource, PageSpoiled, PageUnderstood
from kiosk.flow.several_events import Several
from kiosk.flow.stage import Stage
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.pages.model import PageKind, Turn, Unusable
from kiosk.session.scratch import ScratchKey


@dataclass(frozen=True, slots=True)
class ScannerRun:
    """One run of the scanner. `came` is the number of its last page, `ended` why no more come, None while it runs."""

    came: int = 0
    ended: ScanEnd | None = None

    @property
    def resumes_from(self) -> int:
        """The page with which a run goes on that was stopped by a jam; 1 for a new one."""
        return self.came + 1 if self.ended in INTERRUPTED else 1


INTERRUPTED = frozenset(
    {ScanEnd.JAMMED, ScanEnd.DOUBLE_FEED, ScanEnd.COVER_OPEN, ScanEnd.HUNG, ScanEnd.FAILED, ScanEnd.NOT_TAKEN}
)
"""What leaves sheets behind: the run goes on where it stopped, once they are put back."""


@dataclass(frozen=True, slots=True)
class Left:
    """Where the person was, and is led back to: the stage, and the form page."""

    stage: Stage
    page: str | None


@dataclass(frozen=True, slots=True)
class Scanning:
    """`auto`: the camera takes a page by itself once it lies still. `replaces` is the page of the open line that is
    scanned again, None where pages are added. `left` is the page from which a paper is scanned before it is filled in,
    None where the person came from the line itself. `several` is what was taken and is more than one thing, until the
    person has decided what to make of it."""

    source: PageSource = PageSource.CAMERA
    auto: bool = True
    replaces: int | None = None
    run: ScannerRun | None = None
    left: Left | None = None
    several: Several | None = None

    @property
    def running(self) -> bool:
        """Whether the scanner is at work."""
        return self.run is not None and self.run.ended is None


@dataclass(frozen=True, slots=True)
class PageState:
    """What is known of one page. While `waiting` it is a picture as it came, and so it stays where it is `spoiled`.
    `title` is what was read on it as a name for the evidence list, empty where nothing was; `paper` is what it seems to
    be, `readings` what fields might be filled with. `in_colour`: the person wants it kept as a photograph."""

    waiting: bool = True
    findings: tuple[Flaw, ...] = ()
    turned: Turn = Turn.UNKNOWN
    same: ScratchKey | None = None
    spoiled: Unusable | None = None
    in_colour: bool = False
    title: str = field(default="", repr=False)
    paper: PageClass = PageClass.OTHER
    readings: tuple[FieldProposal, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> PageKind | None:
        """What the person says that it is."""
        return PageKind.PICTURE if self.in_colour else None

    @property
    def can_be_kept(self) -> bool:
        """Whether the volume can take it: a picture that is damaged cannot go into it."""
        return self.spoiled in (None, Unusable.FAILED)


States = Mapping[ScratchKey, PageState]

NO_STATES: States = MappingProxyType({})


def heard(states: States, news: PageCleaned | PageSpoiled | PageUnderstood) -> States:
    """The states after news of a page; a page that is not there any more changes nothing."""
    before = states.get(news.key)
    if before is None:
        return states
    match news:
        case PageCleaned(findings=findings, turned=turned, same=same):
            known = {flaw.kind for flaw in findings}
            # Where the page was turned, the camera's areas would show another place.
            kept = before.findings if turned in (Turn.UPRIGHT, Turn.UNKNOWN) else ()
            both = findings + tuple(flaw for flaw in kept if flaw.kind not in known)
            state = PageState(waiting=False, findings=both, turned=turned, same=same, in_colour=before.in_colour)
        case PageSpoiled(reason=reason):
            state = PageState(waiting=False, findings=before.findings, spoiled=reason)
        case PageUnderstood(title=title, paper=paper, readings=readings):
            state = replace(before, title=title, paper=paper, readings=readings)
    return {**states, news.key: state}


def without(states: States, keys: Iterable[ScratchKey]) -> States:
    """The states without those of `keys`."""
    gone = set(keys)
    return {key: state for key, state in states.items() if key not in gone}


def turned_further(turn: Turn) -> Turn:
    """How a page must have lain if it is to be seen a quarter further to the right."""
    order = (Turn.UPRIGHT, Turn.LEFT, Turn.UPSIDE_DOWN, Turn.RIGHT)
    return order[(order.index(turn) + 1) % 4] if turn in order else Turn.LEFT
