"""What could not be got done, handed in: everything once more, on its way to the disk, the number."""

from __future__ import annotations

from dataclasses import replace

from kiosk.agent.unresolved_messages import UnresolvedRefusal
from kiosk.flow.effects import EndSession, PrintReport, ReportUnresolved
from kiosk.flow.events import Back, Continue, Event, Finish, JumpTo, PaperState, Reprint, SlipChanged
from kiosk.flow.journey import Journey, Overlay, Remark, Step, stay
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.unresolved_events import ReportKept, ReportNotKept
from kiosk.flow.world import World

TRY_AGAIN = frozenset({UnresolvedRefusal.AWAY, UnresolvedRefusal.NO_SPACE, UnresolvedRefusal.OUT_OF_SERVICE})
"""After these the same report may be handed in once more; after the others only a person can help."""

MAY_HAVE_IT = frozenset({UnresolvedRefusal.AWAY, UnresolvedRefusal.NOT_TAKEN})
"""After these the agent may hold the report already: it is not changed any more, or there would be two."""

CORRECTABLE = (
    Stage.UNRESOLVED_KIND,
    Stage.UNRESOLVED_PLACE,
    Stage.UNRESOLVED_DAY,
    Stage.UNRESOLVED_ACCOUNT,
    Stage.UNRESOLVED_CALL_BACK,
)
"""Where the summary leads to, in its order."""


def review(journey: Journey, event: Event, _: World) -> Step:
    """Everything once more."""
    draft = journey.require_unresolved()
    match event:
        case JumpTo(stage) if stage in CORRECTABLE:
            return stay(journey.with_unresolved(correcting=True).at(stage))
        case Continue():
            return stay(journey.with_unresolved(correcting=False).at(Stage.UNRESOLVED_SENDING), ReportUnresolved())
        case Back():
            stage = Stage.UNRESOLVED_CONTACT if draft.call_back else Stage.UNRESOLVED_CALL_BACK
            return stay(journey.with_unresolved(correcting=False).at(stage))
        case _:
            return stay(journey)


def sending(journey: Journey, event: Event, world: World) -> Step:
    """On its way to the agent's disk, and to the court if it answers soon enough."""
    match event:
        case ReportKept(kept):
            return stay(journey.with_unresolved(kept=kept).at(Stage.UNRESOLVED_DONE), PrintReport(copy=False))
        case ReportNotKept(reason):
            return stay(replace(journey, notice=reason))
        case Continue() if journey.notice in TRY_AGAIN:
            return stay(replace(journey, notice=None), ReportUnresolved())
        case Continue() if journey.notice is not None:
            return stay(replace(journey, overlay=Overlay.WINDOW))
        case Back() if journey.notice is not None and journey.notice not in MAY_HAVE_IT:
            return stay(journey.with_unresolved(request_id=world.fresh_id).at(Stage.UNRESOLVED_REVIEW))
        case _:
            return stay(journey)


def done(journey: Journey, event: Event, _: World) -> Step:
    """The number and the day of the answer, until the person goes."""
    draft = journey.require_unresolved()
    match event:
        case SlipChanged(state):
            return stay(journey.with_unresolved(slip=state))
        case Reprint() if draft.slip is not PaperState.WAITING:
            return stay(journey.with_unresolved(slip=PaperState.WAITING), PrintReport(copy=True))
        case Back():
            return stay(replace(journey, notice=Remark.ALREADY_SUBMITTED))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.REPORTED))
        case _:
            return stay(journey)
