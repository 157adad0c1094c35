"""The whole state of a rating pad: which page it shows, to whom, and what was entered so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from kiosk.agent.rating_messages import AnswerRating, RatingInvited
from kiosk.agent.unresolved_messages import UnresolvedRefusal
from kiosk.flow.unresolved_draft import UnresolvedDraft
from kiosk.i18n import Language
from kiosk.rating.pad_events import Effect, ReplaceWindow, TellShown, TellWaiting

NEVER = float("-inf")
LONGEST_COMMENT = 300
LONGEST_CALL_BACK = 20


class PadStage(StrEnum):
    """The page that is shown. Those of a report bear the names they have at the terminal (kiosk/flow/stage.py)."""

    IDLE = "idle"
    INVITED = "invited"
    REASONS = "reasons"
    COMMENT = "comment"
    CALL_BACK = "call_back"
    SAVING = "saving"
    THANKS = "thanks"
    NOT_SAVED = "not_saved"
    UNRESOLVED_KIND = "unresolved_kind"  # 办不成事
    UNRESOLVED_DAY = "unresolved_day"
    UNRESOLVED_OTHER_DAY = "unresolved_other_day"
    UNRESOLVED_PLACE = "unresolved_place"
    UNRESOLVED_WHICH = "unresolved_which"
    UNRESOLVED_ACCOUNT = "unresolved_account"
    UNRESOLVED_CALL_BACK = "unresolved_call_back"
    UNRESOLVED_CONTACT = "unresolved_contact"
    UNRESOLVED_REVIEW = "unresolved_review"
    UNRESOLVED_SENDING = "unresolved_sending"
    UNRESOLVED_NOT_KEPT = "unresolved_not_kept"
    UNRESOLVED_DONE = "unresolved_done"


AFTER_GRADE = frozenset({PadStage.REASONS, PadStage.COMMENT, PadStage.CALL_BACK})
ANSWERING = AFTER_GRADE | {PadStage.INVITED, PadStage.SAVING}
"""Somebody is busy with an invitation."""

REPORTING = frozenset(stage for stage in PadStage if stage.value.startswith("unresolved_"))
"""Somebody is busy with a report."""


@dataclass(frozen=True, slots=True)
class PadLimits:
    """Seconds. `settle`: a touch so soon after its page came was meant for the page before. `debounce`: so soon after
    an answer nobody has read the next question. `thanks_offer`: the thank-you page where it offers something.
    `give_up`: an agent that hangs is replaced before (kiosk/liveness.py); `slow`: from then on whoever waits is told
    why. Of a report: `alert` after the last touch somebody is asked whether they are there, and has `countdown` to say
    so; `done` is how long number and day can be copied."""

    timeout: float = 60.0
    thanks: float = 5.0
    thanks_offer: float = 20.0
    settle: float = 0.5
    debounce: float = 5.0
    retry: float = 2.0
    give_up: float = 45.0
    not_saved: float = 12.0
    alert: float = 45.0
    countdown: float = 30.0
    done: float = 120.0
    retry_report: float = 8.0
    give_up_report: float = 45.0
    slow: float = 4.0


@dataclass(frozen=True, slots=True)
class Pad:
    """The whole state. Times are seconds of a monotonic clock: when this page came, when somebody last touched it, when
    the answer or report was last sent to the agent, when a question was last answered. `following` are invitations that
    came while somebody was busy; `personal`: something was typed since this process began. `dissatisfied`: a bad grade
    was given a moment ago. `today`: the day on which the report was begun; `words_fit`: the panel has a keyboard for
    words. `left`: how many seconds somebody has to say that they are still there, None where nobody is
    asked. `mistaken`: what was typed is not what the page asks for; `refused`: why a report was not taken in."""

    stage: PadStage = PadStage.IDLE
    language: Language = Language.ZH
    question: RatingInvited | None = None
    following: tuple[RatingInvited, ...] = ()
    grade: int | None = None
    reasons: tuple[str, ...] = ()
    comment: str = ""
    call_back: str = ""
    saving: AnswerRating | None = None
    dissatisfied: bool = False
    report: UnresolvedDraft | None = None
    today: date | None = None
    words_fit: bool = True
    typed: str = ""
    mistaken: bool = False
    refused: UnresolvedRefusal | None = None
    left: int | None = None
    personal: bool = False
    entered: float = NEVER
    touched: float = NEVER
    tried: float = NEVER
    answered: float = NEVER

    @property
    def answering(self) -> str:
        """The invitation somebody is busy with; empty where there is none."""
        return self.question.invitation_id if self.question is not None and self.stage in ANSWERING else ""

    def waits_long(self, limits: PadLimits) -> bool:
        """Whether what was handed in had to be sent again, and whoever waits should hear that it takes long."""
        handed_in = self.stage in {PadStage.SAVING, PadStage.UNRESOLVED_SENDING}
        return handed_in and self.tried - self.entered >= limits.slow

    def knows(self, invitation_id: str) -> bool:
        """Whether this invitation is asked or waits."""
        known = (self.question, *self.following)
        return any(one is not None and one.invitation_id == invitation_id for one in known)

    def at(self, stage: PadStage, now: float, **changes: Any) -> Pad:
        """This pad on another page."""
        changed = {"typed": "", "mistaken": False, "left": None, **changes}
        return replace(self, stage=stage, entered=now, touched=now, **changed)

    def require_report(self) -> UnresolvedDraft:
        """The report in the making. Raises RuntimeError where there is none: a page was reached that has none."""
        if self.report is None:
            raise RuntimeError(f"{self.stage}: no report")
        return self.report


@dataclass(frozen=True, slots=True)
class PadStep:
    """What one event led to."""

    pad: Pad
    effects: tuple[Effect, ...] = ()


def onwards(pad: Pad, now: float) -> PadStep:
    """The next question, or the idle page; a process that holds something personal makes room for a fresh one, to which
    the agent tells what waits."""
    fresh = Pad(following=pad.following, answered=pad.answered)
    if pad.personal:
        waiting = tuple(TellWaiting(one.invitation_id) for one in pad.following)
        return PadStep(fresh.at(PadStage.IDLE, now, following=()), (*waiting, ReplaceWindow()))
    if not fresh.following:
        return PadStep(fresh.at(PadStage.IDLE, now))
    question, *rest = fresh.following
    asked = fresh.at(
        PadStage.INVITED, now, question=question, following=tuple(rest), language=Language(question.language)
    )
    return PadStep(asked, (TellShown(question.invitation_id),))
