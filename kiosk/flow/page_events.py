"""Pages on their way: what a person does with them, and what becomes of them in camera, scanner and page worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.api.records import Flaw, ScanEnd
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.pages.model import Turn, Unusable
from kiosk.session.scratch import ScratchKey


class PageSource(StrEnum):
    """What pages come from."""

    CAMERA = "camera"
    FLATBED = "flatbed"
    FEEDER = "feeder"


# -- the person


@dataclass(frozen=True, slots=True)
class RescanPage:
    """Scan one page of the open line again; the new one takes its place."""

    page: int


@dataclass(frozen=True, slots=True)
class MovePage:
    """Move one page of the open line before (-1) or behind (+1) its neighbour, or further."""

    page: int
    by: int


@dataclass(frozen=True, slots=True)
class GivePage:
    """One page of the open line belongs to another line: put it at that line's end."""

    page: int
    line: int


@dataclass(frozen=True, slots=True)
class SwitchAutoCapture:
    """Whether the camera takes a page by itself once it lies still."""

    on: bool


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Turn the page just taken a quarter to the right."""


@dataclass(frozen=True, slots=True)
class KeepColours:
    """Keep the page just taken as a photograph with all its colours and greys, or again as what it was taken for."""

    on: bool


@dataclass(frozen=True, slots=True)
class ChooseSource:
    """Where the next pages come from."""

    source: PageSource


@dataclass(frozen=True, slots=True)
class StartScanner:
    """Scan what lies on the glass, or everything in the feeder; after a jam go on with the page that was lost."""


@dataclass(frozen=True, slots=True)
class StopScanner:
    """No more pages."""


@dataclass(frozen=True, slots=True)
class ScanFirst:
    """Scan a paper before filling in what stands on it; it becomes a line of the evidence list."""


PageTouch = (
    RescanPage
    | MovePage
    | GivePage
    | SwitchAutoCapture
    | TurnPage
    | KeepColours
    | ChooseSource
    | StartScanner
    | StopScanner
    | ScanFirst
)


# -- camera, scanner and page worker


@dataclass(frozen=True, slots=True)
class PageCleaned:
    """The page `key` is straight, light and small now. `findings` is what the person should look at, `same` the page
    that it looks like, `turned` how it had lain."""

    key: ScratchKey
    findings: tuple[Flaw, ...]
    turned: Turn
    same: ScratchKey | None = None


@dataclass(frozen=True, slots=True)
class PageSpoiled:
    """The picture `key` could not be made into a page; it lies there as it came."""

    key: ScratchKey
    reason: Unusable


@dataclass(frozen=True, slots=True)
class PageUnderstood:
    """The page `key` was read. `title` is what it might be called in the evidence list, empty where nothing speaks for
    a name; `paper` is what it seems to be, `readings` what fields might be filled with. All of it is offered, never
    taken."""

    key: ScratchKey
    title: str = field(repr=False)  # what stands on somebody's paper stays out of logs and tracebacks
    paper: PageClass = PageClass.OTHER
    readings: tuple[FieldProposal, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SheetScanned:
    """A page from the scanner, in the scratch; `number` counts from 1 and goes on after a jam."""

    key: ScratchKey
    number: int


@dataclass(frozen=True, slots=True)
class ScannerEnded:
    """No more pages come; `pages` is the number of the last that came."""

    reason: ScanEnd
    pages: int


PageNews = PageCleaned | PageSpoiled | PageUnderstood | SheetScanned | ScannerEnded
