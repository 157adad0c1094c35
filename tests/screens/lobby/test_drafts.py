"""Drafts on the screen, by touch: taken up by a code, kept under one, erased, and told plainly when neither can be."""

from __future__ import annotations

import pytest

from kiosk.agent.draft_messages import DraftRefusal
from kiosk.agent.messages import AgentStatus, HubState
from kiosk.flow import draft_events as dr
from kiosk.flow import events as ev
from kiosk.flow.code_events import CodeGiven
from kiosk.flow.stage import Outcome, Stage
from kiosk.i18n import Language, tr
from screens.theme import Look, Panel
from tests.journeys.drafts_way import DRAFT_CODE, LOOKUP, UNTIL, kept_on_the_web
from tests.screens.lobby.bench import Bench, journeys, world

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]


def said(window, key: str, **values: object) -> bool:
    return tr(key, window.ui.language, **values) in window.texts()


@pytest.mark.parametrize("language", Language)
def test_a_code_from_elsewhere_is_typed_and_the_filing_goes_on(kiosk_window, language: Language) -> None:
    """One quiet offer, a code, what was found, and on to the papers."""
    kiosk_window.reset(Panel(1080, 1920), Look(language=language))
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.CAPACITY)
    kiosk_window.tap("capacity.elsewhere")
    kiosk_window.tap("draft_code.code")
    kiosk_window.type_keys(*DRAFT_CODE.replace("-", ""), "done")
    kiosk_window.tap("nav.continue")
    assert said(kiosk_window, "lobby.draft_code.asking")
    bench.happen(dr.DraftCame(kept_on_the_web(journeys()[Stage.FEE], world()), LOOKUP, UNTIL))
    assert said(kiosk_window, "lobby.draft_found.scan")
    assert bench.session.journey.require_draft().cause is None
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.stage is Stage.EVIDENCE


def test_a_code_that_gave_nothing_is_still_there_to_be_corrected(kiosk_window) -> None:
    """One letter wrong does not mean eighteen letters again."""
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.DRAFT_CODE)
    kiosk_window.find("draft_code.code").field.value = DRAFT_CODE
    kiosk_window.tap("nav.continue")
    bench.happen(dr.DraftStays(DraftRefusal.ANOTHER_PERSON))
    assert said(kiosk_window, "lobby.draft_code.refused.another_person")
    assert kiosk_window.find("draft_code.code").field.value == DRAFT_CODE
    kiosk_window.find("draft_code.code").field.value = DRAFT_CODE[:-1] + "2"
    kiosk_window.tap("nav.continue")
    assert said(kiosk_window, "lobby.draft_code.wrong")
    kiosk_window.tap("nav.back")
    assert bench.session.journey.stage is Stage.CAPACITY


def test_the_slip_under_the_camera_is_as_good_as_typing(kiosk_window) -> None:
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.DRAFT_CODE)
    bench.happen(CodeGiven((DRAFT_CODE,)))
    assert said(kiosk_window, "lobby.draft_code.asking")


def test_who_has_written_something_already_is_not_offered_to_lose_it(kiosk_window) -> None:
    bench = Bench(kiosk_window)
    bench.open(journeys()[Stage.FEE].at(Stage.CAPACITY))
    assert "capacity.elsewhere" not in kiosk_window.names()


@pytest.mark.parametrize("door", ["service.stop", "service.at_window"])
def test_whoever_leaves_can_keep_it(kiosk_window, door: str) -> None:
    """The third answer in the dialog, a yes, and the code on the screen until the person goes."""
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.OPTIONS)
    kiosk_window.tap(door)
    kiosk_window.tap("leave.keep" if door == "service.stop" else "window.keep")
    assert said(kiosk_window, "lobby.draft_keeping.what")
    kiosk_window.tap("draft_keeping.yes")
    assert said(kiosk_window, "lobby.draft_keeping.saving")
    bench.happen(dr.DraftWasKept(DRAFT_CODE, UNTIL))
    shown = " ".join(kiosk_window.texts())
    assert all(group in shown for group in DRAFT_CODE.split("-"))
    assert said(kiosk_window, "lobby.draft_kept.not_filed")
    bench.happen(ev.SlipChanged(ev.PaperState.NOT_PRINTED))
    assert said(kiosk_window, "lobby.draft_kept.slip.not_printed")
    kiosk_window.tap("draft_kept.reprint")
    assert bench.events[-1] == ev.Reprint()
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.outcome is Outcome.KEPT


def test_no_is_as_large_as_yes_and_leads_back(kiosk_window) -> None:
    """N6: a free answer."""
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.OPTIONS)
    kiosk_window.tap("service.stop")
    kiosk_window.tap("leave.keep")
    yes, no = kiosk_window.find("draft_keeping.yes"), kiosk_window.find("draft_keeping.no")
    assert tuple(yes.size) == tuple(no.size)
    kiosk_window.tap("draft_keeping.no")
    assert bench.session.journey.stage is Stage.OPTIONS


def test_without_the_network_the_choice_says_so(kiosk_window) -> None:
    bench = Bench(kiosk_window, live=True)
    bench.surroundings.agent = AgentStatus(HubState.OFFLINE, 0, accepting=True)
    bench.at(Stage.OPTIONS)
    kiosk_window.tap("service.stop")
    assert said(kiosk_window, "lobby.keep.offline")
    assert not kiosk_window.find("leave.keep").enabled


def test_erasing_asks_before_it_is_done(kiosk_window) -> None:
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.DRAFT_FOUND)
    kiosk_window.tap("draft_found.erase")
    kiosk_window.tap("erase_draft.no")
    assert bench.session.journey.stage is Stage.DRAFT_FOUND
    kiosk_window.tap("draft_found.erase")
    kiosk_window.tap("erase_draft.yes")
    bench.happen(dr.DraftErased())
    assert said(kiosk_window, "lobby.capacity.erased")


def test_before_anything_is_written_leaving_is_asked_as_ever(kiosk_window) -> None:
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.CAPACITY)
    kiosk_window.tap("service.stop")
    assert "leave.keep" not in kiosk_window.names()
    kiosk_window.tap("leave.no")
