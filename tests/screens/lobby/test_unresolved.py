"""The pages about what could not be got done, and the roster, by real touches in a real window."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace
from kiosk.flow import events as ev
from kiosk.flow import unresolved_events as un
from kiosk.flow.stage import Stage
from kiosk.i18n import catalogue
from tests.journeys.unresolved_way import DUTY, KEPT, KEPT_OFFLINE, PHONE
from tests.screens.lobby.bench import OFFERS, Bench
from tests.screens.lobby.unresolved_states import UNRESOLVED_STATES

pytestmark = pytest.mark.window

TOUCHES = [
    ("unresolved", "unresolved.report", ev.ChooseService(ev.Service.UNRESOLVED)),
    ("unresolved", "unresolved.duty", ev.ChooseService(ev.Service.DUTY)),
    ("unresolved_kind", "unresolved_kind.passed_on", un.ChooseKind(UnresolvedKind.PASSED_ON)),
    ("unresolved_place", "unresolved_place.online", un.ChoosePlace(UnresolvedPlace.ONLINE)),
    ("unresolved_service", "unresolved_which.materials", ev.ChooseMatter("materials")),
    ("unresolved_window", "unresolved_which.3", un.ChooseWindow("3")),
    ("unresolved_window", "unresolved_which.unsure", un.ChoosePlace(UnresolvedPlace.ELSEWHERE)),
    ("unresolved_window_typed", "nav.continue", un.ChooseWindow("3")),
    ("unresolved_day", "unresolved_day.0", un.ChooseDay(date(2026, 3, 5))),
    ("unresolved_day", "unresolved_day.6", un.ChooseDay(date(2026, 2, 27))),
    ("unresolved_day", "unresolved_day.other", un.AskOtherDay()),
    ("unresolved_other_day", "nav.continue", un.ChooseDay(date(2026, 2, 21))),
    ("unresolved_account_empty", "nav.continue", ev.Continue()),
    ("unresolved_call_back", "unresolved_call_back.no", un.AnswerCallBack(wanted=False)),
    ("unresolved_contact", "unresolved_contact.card", ev.ChooseIdentityMethod(ev.IdentityMethod.CARD)),
    ("unresolved_card_gone", "unresolved_card.type", ev.ChooseIdentityMethod(ev.IdentityMethod.TYPED)),
    ("unresolved_review", "unresolved_review.place.change", ev.JumpTo(Stage.UNRESOLVED_PLACE)),
    ("unresolved_review", "nav.continue", ev.Continue()),
    ("unresolved_away", "nav.continue", ev.Continue()),
    ("unresolved_done", "unresolved_done.reprint", ev.Reprint()),
    ("unresolved_done", "nav.continue", ev.Finish()),
    ("duty", "duty.take", ev.ChooseMatter("reception")),
    ("duty_unknown", "duty.again", ev.Continue()),
]


def shown(window, state: str, **options: bool) -> Bench:
    bench = Bench(window, **options)
    UNRESOLVED_STATES[state](bench)
    bench.events.clear()
    return bench


def zh(key: str) -> str:
    return catalogue()[key].zh


@pytest.mark.parametrize(("state", "target", "event"), TOUCHES, ids=[f"{s}:{t}" for s, t, _ in TOUCHES])
def test_a_touch_says_what_its_words_say(kiosk_window, state: str, target: str, event: ev.Event) -> None:
    bench = shown(kiosk_window, state)
    kiosk_window.tap(target)
    assert bench.events == [event]


def test_yes_and_no_are_as_large(kiosk_window) -> None:
    """PIPL 14: nobody is led to leave a telephone number."""
    shown(kiosk_window, "unresolved_call_back")
    yes, no = kiosk_window.find("unresolved_call_back.yes"), kiosk_window.find("unresolved_call_back.no")
    assert tuple(yes.size) == tuple(no.size)


def test_own_words_are_kept_letter_by_letter_and_change_the_button(kiosk_window) -> None:
    """Back and forth loses nothing; the button says whether something is left out."""
    bench = shown(kiosk_window, "unresolved_account_empty", live=True)
    assert kiosk_window.find("nav.continue").text.zh == zh("lobby.unresolved_account.skip")
    kiosk_window.tap("unresolved_account.text")
    kiosk_window.type_keys(*"nihao")
    kiosk_window.tap("candidate.0")
    kiosk_window.type_keys("done")
    assert bench.session.journey.require_unresolved().account == "你好"
    assert kiosk_window.find("nav.continue").text.zh == zh("toolkit.page.continue")
    kiosk_window.tap("nav.continue")
    kiosk_window.tap("nav.back")
    assert kiosk_window.find("unresolved_account.text").field.value == "你好"


def test_a_telephone_number_that_is_none_is_named_at_its_field(kiosk_window) -> None:
    """ux-rule 12: above the page and at the field; corrected, the page goes on."""
    bench = shown(kiosk_window, "unresolved_contact", live=True)
    kiosk_window.tap("unresolved_contact.phone")
    kiosk_window.type_keys(*["backspace"] * len(PHONE), "1", "2", "done")
    kiosk_window.tap("nav.continue")
    wrong = zh("lobby.unresolved_contact.phone_wrong")
    assert kiosk_window.texts().count(wrong) == 2
    kiosk_window.tap("unresolved_contact.phone")
    kiosk_window.type_keys(*"3456789", "done")
    assert wrong not in kiosk_window.texts()
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.stage is Stage.UNRESOLVED_REVIEW


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ("unresolved_window_typed", "lobby.unresolved_which.window_wrong"),
        ("unresolved_other_day", "lobby.unresolved_other_day.wrong"),
    ],
)
def test_what_is_typed_wrongly_does_not_lead_on(kiosk_window, state: str, key: str) -> None:
    bench = shown(kiosk_window, state)
    field = next(name for name in kiosk_window.names() if name.endswith((".number", ".day")))
    kiosk_window.find(field).field.value = ""
    kiosk_window.tap("nav.continue")
    assert bench.events == []
    assert zh(key) in kiosk_window.texts()


def test_the_number_or_the_reference_is_the_largest_on_the_page(kiosk_window) -> None:
    """S2-11, F30: without paper it is all they have; without the court it says what will follow."""
    shown(kiosk_window, "unresolved_done_no_paper")
    assert KEPT.number in kiosk_window.texts()
    assert "2026年3月12日" in kiosk_window.texts()
    assert zh("lobby.unresolved_done.slip.not_printed") in kiosk_window.texts()
    shown(kiosk_window, "unresolved_done_offline")
    texts = kiosk_window.texts()
    assert KEPT_OFFLINE.reference in texts
    assert zh("lobby.unresolved_done.follows") in texts
    assert not any("2026年3月12日" in text for text in texts)


def test_the_roster_is_told_as_it_is(kiosk_window) -> None:
    """S2-12: who, which office, when, where, and who receives just now; nobody and not known are said plainly."""
    shown(kiosk_window, "duty")
    told = "\n".join(kiosk_window.texts())
    for one in DUTY.on_duty:
        assert f"{zh(f'unresolved.post.{one.post.value}')}　{one.name}" in told
        assert one.place.zh in told
    assert "08:30—11:30，正在接待" in told
    assert "13:30—17:00，正在接待" not in told
    shown(kiosk_window, "duty_nobody")
    assert zh("lobby.duty.nobody") in kiosk_window.texts()
    assert "duty.take" not in kiosk_window.names()
    shown(kiosk_window, "duty_no_number")
    assert zh("lobby.duty.no_number") in kiosk_window.texts()


def test_the_board_that_comes_late_completes_the_page(kiosk_window) -> None:
    """The person need not wait for it; once it is there, services can be named too."""
    bench = shown(kiosk_window, "unresolved_place_unknown", live=True)
    assert "unresolved_place.service" not in kiosk_window.names()
    bench.happen(ev.QueuesFound(OFFERS))
    assert "unresolved_place.service" in kiosk_window.names()


def test_without_the_agent_nobody_begins_what_could_not_be_kept(kiosk_window) -> None:
    """The home screen says why; once the agent is back the way is open."""
    bench = Bench(kiosk_window)
    bench.surroundings.agent_up = False
    bench.at(Stage.HOME)
    assert not kiosk_window.find("home.unresolved").enabled
    bench.surroundings.agent_up = True
    bench.surroundings_changed()
    kiosk_window.tap("home.unresolved")
    assert bench.events == [ev.ChooseService(ev.Service.UNRESOLVED)]
