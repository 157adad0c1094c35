"""Several things in one picture, both sides of a card or receipts: what lies there, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.api.records import Corners, Flaw
from kiosk.session.scratch import ScratchKey


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things, cut out, in the scratch and on its way to the page worker. `card`: it is as large as an
    identity card (ID-1). `corners` say where it lies in the overview, `flaws` what the camera saw on it."""

    key: ScratchKey
    card: bool
    corners: Corners
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Several:
    """The things in reading order; `whole` is the picture with all of them, `overview` a small copy of it. `shown` is
    the one that is looked at, None for all. `together`: they were laid on one page, which takes the place of
    `whole` and is looked at."""

    whole: ScratchKey
    overview: ScratchKey
    items: tuple[Item, ...]
    shown: int | None = None
    together: bool = False

    @property
    def keys(self) -> tuple[ScratchKey, ...]:
        """Everything of it in the scratch."""
        return (self.whole, self.overview, *(item.key for item in self.items))

    @property
    def is_one_card(self) -> bool:
        """Whether they are two sides of a card, as it seems."""
        return len(self.items) == 2 and all(item.card for item in self.items)


# -- the person


@dataclass(frozen=True, slots=True)
class ShowItem:
    """Look at one of the things, counted from 0; None for all."""

    number: int | None


@dataclass(frozen=True, slots=True)
class LeaveOutItem:
    """The thing that is looked at is not wanted."""


@dataclass(frozen=True, slots=True)
class TakeSeparately:
    """Each thing becomes a page."""


@dataclass(frozen=True, slots=True)
class TakeTogether:
    """All things are laid on one page, each in its true size."""


@dataclass(frozen=True, slots=True)
class TakeAsItLies:
    """The picture becomes one page as it is: it is one thing after all."""


@dataclass(frozen=True, slots=True)
class ChooseAgain:
    """Not on one page: back to the things."""


SeveralTouch = ShowItem | LeaveOutItem | TakeSeparately | TakeTogether | TakeAsItLies | ChooseAgain


# -- camera and scanner


@dataclass(frozen=True, slots=True)
class SeveralTaken:
    """Several things were taken. `number` counts the scanner's pages, 0 where they come from the camera."""

    several: Several
    number: int = 0
