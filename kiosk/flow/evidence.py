"""The evidence list (证据清单) and its scans: each line titled, with source and purpose (证据规定 19)."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.draft import EvidenceDraft
from kiosk.flow.effects import CapturePage, DropScratch, StartPreview, StopPreview
from kiosk.flow.events import (
    AcceptPage,
    AddEvidence,
    AddInstance,
    Back,
    Continue,
    EditEvidence,
    Event,
    FieldAnswered,
    MoveEvidence,
    PageTaken,
    PictureFailed,
    RemoveEvidence,
    RemoveInstance,
    RemovePage,
    RetakePage,
    StartScan,
    TakePicture,
)
from kiosk.flow.filling import edit_evidence, replace_evidence, turn_page
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.route import after
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.forms.answers import Answers


def evidence(journey: Journey, event: Event, _: World) -> Step:
    """The list."""
    lines = journey.require_draft().evidence
    match event:
        case AddEvidence():
            opened = journey.with_draft(evidence=(*lines, EvidenceDraft(Answers())))
            return stay(opened.at(Stage.EVIDENCE_ITEM, open_evidence=len(lines)))
        case EditEvidence(index) if 0 <= index < len(lines):
            return stay(journey.at(Stage.EVIDENCE_ITEM, open_evidence=index))
        case RemoveEvidence(index) if 0 <= index < len(lines):
            kept = lines[:index] + lines[index + 1 :]
            return Step(journey.with_draft(evidence=kept), tuple(DropScratch(key) for key in lines[index].pages))
        case MoveEvidence(index, by) if 0 <= index < len(lines) and 0 <= index + by < len(lines):
            moved = list(lines)
            moved.insert(index + by, moved.pop(index))
            return stay(journey.with_draft(evidence=tuple(moved)))
        case Continue():
            return stay(journey.at(after(journey.require_draft(), Stage.EVIDENCE)))
        case Back():
            return stay(journey.at(Stage.FEE))
        case _:
            return stay(journey)


def evidence_item(journey: Journey, event: Event, world: World) -> Step:
    """One line: its title, kind, source, purpose and pages."""
    match event:
        case FieldAnswered() | AddInstance() | RemoveInstance():
            return stay(edit_evidence(journey, event))
        case StartScan():
            return stay(journey.at(Stage.SCAN), StartPreview())
        case RemovePage(page):
            index, line = journey.require_evidence()
            if not 0 <= page < len(line.pages):
                return stay(journey)
            kept = line.pages[:page] + line.pages[page + 1 :]
            return stay(replace_evidence(journey, index, replace(line, pages=kept)), DropScratch(line.pages[page]))
        case Continue() | Back():
            turned = turn_page(journey, world.evaluate_evidence(journey), event)
            return stay(turned if turned is not None else _close(journey))
        case _:
            return stay(journey)


def _close(journey: Journey) -> Journey:
    index, line = journey.require_evidence()
    lines = journey.require_draft().evidence
    if not line.pages and all(value is None for value in line.answers.values()):
        lines = lines[:index] + lines[index + 1 :]
    return journey.with_draft(evidence=lines).at(Stage.EVIDENCE, open_evidence=None)


def scan(journey: Journey, event: Event, _: World) -> Step:
    """Page by page under the camera; each is shown and kept only when the person accepts it."""
    match event:
        case TakePicture() if not journey.capturing and journey.taken is None:
            return stay(replace(journey, capturing=True, notice=None), CapturePage())
        case PageTaken():
            return stay(replace(journey, capturing=False, taken=event))
        case PictureFailed(failure):
            return stay(replace(journey, capturing=False, notice=failure))
        case AcceptPage() if journey.taken is not None:
            index, line = journey.require_evidence()
            kept = replace(line, pages=(*line.pages, journey.taken.key))
            return stay(replace(replace_evidence(journey, index, kept), taken=None))
        case RetakePage() if journey.taken is not None:
            return stay(replace(journey, taken=None), DropScratch(journey.taken.key))
        case Continue() if journey.taken is not None:
            return stay(journey)  # first keep it or throw it away: neither must happen unseen
        case Continue() | Back():
            dropped = (DropScratch(journey.taken.key),) if journey.taken else ()
            return Step(journey.at(Stage.EVIDENCE_ITEM, taken=None, capturing=False), (StopPreview(), *dropped))
        case _:
            return stay(journey)
