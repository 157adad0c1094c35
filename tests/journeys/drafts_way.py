"""The ways of a draft that was begun elsewhere, and of one that is kept, for walking them without a window."""

from __future__ import annotations

from kiosk.court.contract import MatterChannel
from kiosk.court.kept_drafts import KeptDraft
from kiosk.flow import draft_events as dr
from kiosk.flow import events as ev
from kiosk.flow.draft_document import written
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.flow.world import World

DRAFT_CODE = "99Y-CKA-BN3-QZS-96F-M5M"
LOOKUP = "8a47003674bafdad7a6b3e2636ff76be"
UNTIL = "2026-12-23"

DRAFTS = (Stage.DRAFT_CODE, Stage.DRAFT_FOUND, Stage.DRAFT_KEEPING, Stage.DRAFT_KEPT)
"""Every place on these ways."""


def agreed(filing: Journey, now: World) -> Journey:
    """`filing`, whose person leaves and has agreed that it is kept; the court has not answered yet."""
    for event in (ev.AskLeave(), dr.AskKeep(), ev.AnswerConsent(granted=True)):
        filing = transition(filing, event, now).journey
    return filing


def kept_on_the_web(filing: Journey, now: World) -> KeptDraft:
    """What `filing` is as a draft that was begun on the court's website."""
    return written(agreed(filing, now), now).model_copy(update={"begun_in": MatterChannel.WEB})


def draft_journeys(capacity: Journey, filing: Journey, now: World) -> dict[Stage, Journey]:
    """The journey as it first stood at each of DRAFTS: what `filing` has written is found again at `capacity`."""
    asked = transition(capacity, dr.AskDraftCode(), now).journey
    came = dr.DraftCame(kept_on_the_web(filing, now), LOOKUP, UNTIL)
    looking = transition(asked, dr.GiveDraftCode(DRAFT_CODE), now).journey
    leaving = transition(transition(filing, ev.AskLeave(), now).journey, dr.AskKeep(), now).journey
    kept = transition(agreed(filing, now), dr.DraftWasKept(DRAFT_CODE, UNTIL), now).journey
    return {
        Stage.DRAFT_CODE: asked,
        Stage.DRAFT_FOUND: transition(looking, came, now).journey,
        Stage.DRAFT_KEEPING: leaving,
        Stage.DRAFT_KEPT: kept,
    }


DRAFT_TOUCHES: tuple[ev.Event, ...] = (
    dr.AskDraftCode(),
    dr.GiveDraftCode(DRAFT_CODE),
    dr.GiveDraftCode("nonsense"),
    dr.AskErase(),
    dr.AskKeep(),
)
"""What a person could touch on these pages, sensible or not."""
