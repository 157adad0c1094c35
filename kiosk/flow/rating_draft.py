"""What somebody rates at the terminal. Lives only inside the Session."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.agent.rating_messages import MatterToRate, PadGrade
from kiosk.flow.draft import Identity
from kiosk.flow.rating_events import GiveReasons


@dataclass(frozen=True, slots=True)
class RatingDraft:
    """`identity` is that of the card while the court is asked what can be rated. The first of `matters` is asked about;
    `grade` is what was touched and is never changed, `more` what was added to it, and `saving` says that it is not yet
    on disk."""

    identity: Identity | None = None
    matters: tuple[MatterToRate, ...] = ()
    grade: int | None = None
    more: GiveReasons | None = None
    saving: bool = False

    @property
    def matter(self) -> MatterToRate:
        """What is asked about. Raises LookupError where there is nothing."""
        if not self.matters:
            raise LookupError("nothing to rate")
        return self.matters[0]

    def grade_of(self, value: int) -> PadGrade | None:
        """A grade of the present matter's scale."""
        return next((one for one in self.matter.question.grades if one.value == value), None)
