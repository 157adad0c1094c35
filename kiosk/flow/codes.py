"""The field that waits for a code on paper: what was read goes through the same check as what is typed.

A code counts only while such a field is on the screen with nothing over it; then camera and handheld scanner listen,
and at no other time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from kiosk.court.paper_codes import PaperUse, read_paper
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeTouch, CodeUnreadable, UseLyingCode
from kiosk.flow.draft_events import GiveDraftCode
from kiosk.flow.effects import ReadCodes, StopCodes
from kiosk.flow.journey import Journey, Overlay, Remark, Step
from kiosk.flow.rating_events import AskRating
from kiosk.flow.stage import Stage
from kiosk.flow.touches import AskMyCase
from kiosk.flow.visit_touches import GiveAppointmentCode
from kiosk.flow.world import World

Typed = AskMyCase | GiveAppointmentCode | AskRating | GiveDraftCode

FIELDS: Mapping[Stage, tuple[PaperUse, Callable[[str], Typed]]] = MappingProxyType(
    {
        Stage.MY_CASE: (PaperUse.RECEIPT, AskMyCase),
        Stage.CHECK_IN: (PaperUse.APPOINTMENT, GiveAppointmentCode),
        Stage.RATING: (PaperUse.RATING, AskRating),
        Stage.DRAFT_CODE: (PaperUse.DRAFT, GiveDraftCode),
    }
)
"""What each field wants, and how it is told what was typed into it."""


def waits(journey: Journey) -> bool:
    """Whether a code that is read now goes into a field."""
    free = journey.overlay is Overlay.NONE and not journey.querying and journey.outcome is None
    return journey.stage in FIELDS and free


def heard(journey: Journey, event: CodeTouch | CodeLies, world: World) -> Journey | Typed:
    """The journey after what was read, or what it means as if it had been typed."""
    if not waits(journey):
        return journey
    match event:
        case CodeLies(texts):
            return replace(journey, lying_codes=texts)
        case CodeUnreadable():
            return replace(journey, notice=Remark.CODE_UNREADABLE)
        case UseLyingCode():
            return _given(journey, journey.lying_codes, world)
        case CodeGiven(texts):
            return _given(journey, texts, world)


def _given(journey: Journey, texts: tuple[str, ...], world: World) -> Journey | Typed:
    wanted, typed = FIELDS[journey.stage]
    found = [read_paper(text, world.fee_notices) for text in texts]
    fitting = next((paper.value for paper in found if paper.use is wanted), None)
    if fitting is not None:
        return typed(fitting)
    known = [paper.use for paper in found if paper.use is not PaperUse.UNKNOWN]
    return replace(journey, notice=known[0] if known else PaperUse.UNKNOWN) if found else journey


def another_paper(journey: Journey, text: str, world: World) -> PaperUse | None:
    """What was typed, where it is a known code of another paper than this field wants."""
    use = read_paper(text, world.fee_notices).use
    return use if use not in (FIELDS[journey.stage][0], PaperUse.UNKNOWN) else None


def listening(before: Journey, step: Step) -> Step:
    """`step` with what camera and scanner have to begin or to stop."""
    place = step.journey.stage if waits(step.journey) else None
    place_before = before.stage if waits(before) else None
    if place is place_before:
        return step
    stopping = (StopCodes(),) if place_before is not None else ()
    starting = (ReadCodes(),) if place is not None else ()
    return Step(replace(step.journey, lying_codes=()), (*step.effects, *stopping, *starting))
