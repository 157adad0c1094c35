"""What the pages of taking a number show, by real touches in a real window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from kiosk.agent.messages import AgentStatus, HubState
from kiosk.court.queueing import TicketStatus
from kiosk.flow import events as ev
from kiosk.flow.stage import Stage
from kiosk.i18n import Language, catalogue
from screens.theme import Look
from tests.screens.lobby.bench import A_TICKET, OFFERS, Bench, journeys
from tests.screens.lobby.states import STATES

pytestmark = pytest.mark.window


def shown(window, state: str) -> Bench:
    bench = Bench(window)
    STATES[state](bench)
    return bench


def test_the_way_to_a_number_by_touch_alone(kiosk_window) -> None:
    """Matter, class, without a card: four touches from the home screen."""
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.HOME)
    kiosk_window.tap("home.ticket")
    assert catalogue()["lobby.ticket_matter.asking"].zh in kiosk_window.texts()
    bench.happen(ev.QueuesFound(OFFERS))
    kiosk_window.tap("ticket_matter.filing")
    kiosk_window.tap("ticket_class.ordinary")
    kiosk_window.tap("ticket_holder.without")
    bench.happen(ev.TicketTaken(A_TICKET))
    assert "A012" in kiosk_window.texts()


@pytest.mark.parametrize("language", Language)
def test_each_matter_says_how_it_stands(kiosk_window, language: Language) -> None:
    """Waiting people and the range where it is known; what is closed says why and cannot be touched."""
    kiosk_window.ui.look = Look(language=language)
    shown(kiosk_window, "number_matter")
    texts = kiosk_window.texts()
    filing, closed = OFFERS[0], next(offer for offer in OFFERS if offer.closed is not None)
    wait = catalogue()["wait.range"].in_(language).format(low=10, high=25)
    standing = catalogue()["lobby.ticket_matter.waiting_range"].in_(language).format(count=4, wait=wait)
    assert {getattr(filing.names, language.value), standing} <= set(texts)
    assert getattr(closed.closed, language.value) in texts
    assert not kiosk_window.find(f"ticket_matter.{closed.service}").enabled


def test_numbers_are_offered_only_where_the_court_gives_them(kiosk_window) -> None:
    bench = Bench(kiosk_window)
    bench.surroundings.agent = AgentStatus(HubState.ONLINE, 0, accepting=True)
    bench.at(Stage.HOME)
    assert "home.ticket" not in kiosk_window.names()
    bench.surroundings.agent = AgentStatus(HubState.ONLINE, 0, accepting=True, numbers=True)
    bench.surroundings_changed()
    assert "home.ticket" in kiosk_window.names()


def test_the_number_is_the_largest_thing_and_needs_no_paper(kiosk_window) -> None:
    """F30: paper out: number and code stay on the screen, and it is said that there is no slip."""
    from screens.components import QrView, TextBlock

    shown(kiosk_window, "number_no_paper")
    blocks = [w for w in kiosk_window.reachable() if isinstance(w, TextBlock) and w.lines]
    largest = max(blocks, key=lambda block: block.font_px)
    assert (largest.text, len(largest.lines)) == ("A012", 1)
    assert catalogue()["lobby.ticket.slip.not_printed"].zh in kiosk_window.texts()
    assert any(isinstance(widget, QrView) for widget in kiosk_window.reachable())
    assert kiosk_window.find("ticket.reprint").enabled


def test_people_ahead_and_a_call_are_shown_as_they_happen(kiosk_window) -> None:
    bench = shown(kiosk_window, "number")
    ahead = catalogue()["lobby.ticket.ahead"].zh
    assert ahead.format(count=4) in kiosk_window.texts()
    bench.happen(ev.TicketNews(A_TICKET.ticket_id, TicketStatus.WAITING, ahead=1))
    assert ahead.format(count=1) in kiosk_window.texts()
    bench.happen(ev.TicketNews(A_TICKET.ticket_id, TicketStatus.CALLED, "3"))
    assert catalogue()["lobby.ticket.called"].zh.format(window="3") in kiosk_window.texts()


@pytest.mark.parametrize("state", ["number", "number_holder", "number_card", "number_already"])
def test_no_page_shows_name_or_number_of_the_card(kiosk_window, state: str) -> None:
    """N4: whoever looks over a shoulder reads 陈**例 at most."""
    shown(kiosk_window, state)
    identity = journeys()[Stage.TICKET].require_visit().identity
    assert identity is not None
    texts = " ".join(kiosk_window.texts())
    assert identity.name not in texts
    assert identity.number not in texts
    assert identity.number[6:14] not in texts


def test_called_in_the_middle_of_a_form_and_back_again(kiosk_window) -> None:
    """The call, the four digits, a page that shows nothing, and the same form again, by touch alone."""
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.AWAY)
    nothing_of_anybody = kiosk_window.texts()
    bench.at(Stage.CLAIM, visit=journeys()[Stage.TICKET].require_visit())
    form = {text for text in kiosk_window.texts() if len(text) > 1}
    bench.happen(ev.TicketNews(A_TICKET.ticket_id, TicketStatus.CALLED, "3"))
    code = bench.session.journey.require_visit().code
    assert {code, catalogue()["lobby.called.title"].zh.format(window="3", number="A012")} <= set(kiosk_window.texts())
    kiosk_window.tap("called.keep")
    assert kiosk_window.texts() == nothing_of_anybody
    assert code not in nothing_of_anybody
    kiosk_window.tap("away.code")
    kiosk_window.type_keys(*code, "done")
    assert bench.session.journey.stage is Stage.CLAIM
    assert form <= set(kiosk_window.texts())


def test_a_number_for_another_matter_is_shown_for_that_matter(kiosk_window) -> None:
    """Who has a number for advice and asks for another sees what the number is for."""
    bench = Bench(kiosk_window)
    visit = journeys()[Stage.TICKET].require_visit()
    had = structs.replace(A_TICKET, service="advice", already=True)
    bench.at(Stage.TICKET, visit=replace(visit, ticket=had, slip=None))
    assert OFFERS[4].names.zh in kiosk_window.texts()
    assert catalogue()["lobby.ticket.already"].zh in kiosk_window.texts()
