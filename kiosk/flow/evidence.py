"""The evidence list (证据清单) and its lines, each titled, with source and purpose (证据规定 19), and their pages."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.draft import EvidenceDraft
from kiosk.flow.effects import DropScratch
from kiosk.flow.events import (
    AddEvidence,
    AddInstance,
    Back,
    Continue,
    EditEvidence,
    Event,
    FieldAnswered,
    MoveEvidence,
    RemoveEvidence,
    RemoveInstance,
    RemovePage,
    StartScan,
)
from kiosk.flow.filling import edit_evidence, replace_evidence, turn_page, without_empty_line
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.page_events import GivePage, MovePage, RescanPage
from kiosk.flow.route import after
from kiosk.flow.scanning import without
from kiosk.flow.stage import Stage
from kiosk.flow.taking import open_scan
from kiosk.flow.world import World
from kiosk.forms.answers import Answers
from kiosk.session.scratch import ScratchKey


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
            return _thrown_away(journey.with_draft(evidence=kept), lines[index].pages)
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
            return open_scan(journey)
        case RescanPage(page) | RemovePage(page) | MovePage(page, _) | GivePage(page, _):
            there = 0 <= page < len(journey.require_evidence()[1].pages)
            return _page(journey, event) if there else stay(journey)
        case Continue() | Back():
            turned = turn_page(journey, world.evaluate_evidence(journey), event)
            return stay(turned if turned is not None else _close(journey))
        case _:
            return stay(journey)


def _page(journey: Journey, event: RescanPage | RemovePage | MovePage | GivePage) -> Step:
    """What is done with one page that is there."""
    index, line = journey.require_evidence()
    key, rest = line.pages[event.page], line.pages[: event.page] + line.pages[event.page + 1 :]
    match event:
        case RescanPage(page):
            return open_scan(journey, replaces=page)
        case RemovePage():
            return _thrown_away(replace_evidence(journey, index, replace(line, pages=rest)), (key,))
        case MovePage(page, by):
            place = min(max(page + by, 0), len(rest))
            moved = (*rest[:place], key, *rest[place:])
            return stay(replace_evidence(journey, index, replace(line, pages=moved)))
        case GivePage(_, to):
            lines = journey.require_draft().evidence
            if to == index or not 0 <= to < len(lines):
                return stay(journey)
            given = replace_evidence(journey, index, replace(line, pages=rest))
            return stay(replace_evidence(given, to, replace(lines[to], pages=(*lines[to].pages, key))))


def _thrown_away(journey: Journey, keys: tuple[ScratchKey, ...]) -> Step:
    states = without(journey.require_draft().pages, keys)
    return Step(journey.with_draft(pages=states), tuple(DropScratch(key) for key in keys))


def _close(journey: Journey) -> Journey:
    return without_empty_line(journey).at(Stage.EVIDENCE, open_evidence=None)
