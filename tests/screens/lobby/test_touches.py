"""What the lobby's screens send when they are touched, by real touches in a real window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.api.status import DeviceClass, Disconnected, ReaderReady
from kiosk.agent.messages import AgentStatus, HubState
from kiosk.court.envelope import MediationWish
from kiosk.court.queueing import TicketClass
from kiosk.flow import events as ev
from kiosk.flow.draft import Represented
from kiosk.flow.journey import Overlay
from kiosk.flow.stage import DONE_STAGES, Outcome, Stage
from kiosk.i18n import Language, catalogue
from screens.theme import Look, TextSize
from tests.screens.lobby.bench import CASES, COURT, PROOF, RECEIPT_NO, Bench, a_filed, journeys, reference
from tests.screens.lobby.states import STATES

pytestmark = pytest.mark.window

TOUCHES = [
    ("attract", "attract", ev.Touched()),
    ("home", "home.file_case", ev.ChooseService(ev.Service.FILE_CASE)),
    ("home", "home.my_case", ev.ChooseService(ev.Service.MY_CASE)),
    ("home", "nav.back", ev.Back()),
    ("language", "language.choose.ko", ev.ChooseLanguage(Language.KO)),
    ("language", "nav.continue", ev.Continue()),
    ("privacy", "nav.continue", ev.AnswerConsent(granted=True)),
    ("privacy", "privacy.refuse", ev.AnswerConsent(granted=False)),
    ("identity", "identity.card", ev.ChooseIdentityMethod(ev.IdentityMethod.CARD)),
    ("identity", "identity.typed", ev.ChooseIdentityMethod(ev.IdentityMethod.TYPED)),
    ("card", "card.type", ev.ChooseIdentityMethod(ev.IdentityMethod.TYPED)),
    ("card_failed", "card.again", ev.Continue()),
    ("confirm", "nav.continue", ev.Continue()),
    ("capacity", "capacity.other_person", ev.ChooseRepresented(Represented.OTHER_PERSON)),
    ("court", f"court.{COURT}", ev.ChooseCourt(COURT)),
    ("materials", "nav.continue", ev.Continue()),
    ("fee", "nav.continue", ev.Continue()),
    ("options", "nav.continue", ev.Continue()),
    ("mediation", "mediation.no", ev.AnswerMediation(MediationWish.NO)),
    ("e_service", "e_service.yes", ev.AnswerConsent(granted=True)),
    ("e_service", "e_service.no", ev.AnswerConsent(granted=False)),
    ("undertaking", "nav.continue", ev.AnswerConsent(granted=True)),
    ("undertaking", "undertaking.refuse", ev.AnswerConsent(granted=False)),
    ("submitting_failed", "submitting.again", ev.Continue()),
    ("receipt", "receipt.reprint", ev.Reprint()),
    ("receipt", "receipt.a4", ev.PrintA4()),
    ("receipt", "nav.continue", ev.Finish()),
    ("ticket", "nav.continue", ev.Finish()),
    ("home", "home.ticket", ev.ChooseService(ev.Service.TICKET)),
    ("number_matter", "ticket_matter.filing", ev.ChooseMatter("filing")),
    ("number_matter_offline", "ticket_matter.advice", ev.ChooseMatter("advice")),
    ("number_matter_away", "ticket_matter.again", ev.Continue()),
    ("number_class", "ticket_class.special", ev.ChooseTicketClass(TicketClass.SPECIAL)),
    ("number_proof", "nav.continue", ev.GiveProof(PROOF)),
    ("number_holder", "ticket_holder.card", ev.ChooseIdentityMethod(ev.IdentityMethod.CARD)),
    ("number_holder", "ticket_holder.without", ev.WithoutCard()),
    ("number_card", "ticket_card.without", ev.WithoutCard()),
    ("number_card_failed", "card.again", ev.Continue()),
    ("number_refused", "nav.continue", ev.Continue()),
    ("number_refused", "nav.back", ev.Back()),
    ("number", "ticket.file", ev.ChooseService(ev.Service.FILE_CASE)),
    ("called", "called.keep", ev.GoNow(keep=True)),
    ("called", "called.discard", ev.GoNow(keep=False)),
    ("called", "called.later", ev.AnswerQuestion(yes=False)),
    ("called_at_the_end", "called.go", ev.AnswerQuestion(yes=True)),
    ("number", "ticket.reprint", ev.Reprint()),
    ("number", "ticket.give_up", ev.AskGiveUp()),
    ("number", "nav.continue", ev.Finish()),
    ("number_give_up", "give_up.yes", ev.AnswerQuestion(yes=True)),
    ("number_give_up", "give_up.no", ev.AnswerQuestion(yes=False)),
    ("my_case", "my_case.card", ev.ChooseIdentityMethod(ev.IdentityMethod.CARD)),
    ("my_case_result", "nav.continue", ev.Finish()),
    ("leave", "leave.yes", ev.AnswerQuestion(yes=True)),
    ("leave", "leave.no", ev.AnswerQuestion(yes=False)),
    ("to_window", "window.yes", ev.AnswerQuestion(yes=True)),
    ("to_window", "window.no", ev.AnswerQuestion(yes=False)),
    ("idle", "idle.more_time", ev.NeedTime()),
    ("idle", "idle.end", ev.AnswerQuestion(yes=False)),
    ("capacity", "service.call_person", ev.CallPerson()),
    ("capacity", "service.more_time", ev.NeedTime()),
    ("capacity", "service.at_window", ev.AskWindow()),
    ("capacity", "service.stop", ev.AskLeave()),
]


def shown(window, state: str, **options: bool) -> Bench:
    bench = Bench(window, **options)
    STATES[state](bench)
    bench.events.clear()
    return bench


@pytest.mark.parametrize(("state", "target", "event"), TOUCHES, ids=[f"{s}:{t}" for s, t, _ in TOUCHES])
def test_a_touch_says_what_its_words_say(kiosk_window, state: str, target: str, event: ev.Event) -> None:
    """Journey of the issue: each choice and each service leads to its event, once."""
    bench = shown(kiosk_window, state)
    kiosk_window.tap(target)
    assert bench.events == [event]


@pytest.mark.parametrize("state", STATES)
def test_whoever_is_on_the_way_can_stop_and_whoever_is_done_sees_no_dead_button(kiosk_window, state: str) -> None:
    """N1: a chosen cancellation is offered on every screen of a journey, and nowhere else."""
    bench = shown(kiosk_window, state)
    journey = bench.session.journey
    done = DONE_STAGES | {Stage.AWAY}
    handing_in = journey.stage in {Stage.SUBMITTING, Stage.UNRESOLVED_SENDING} and journey.notice is None
    covered = journey.overlay is not Overlay.NONE or journey.outcome is not None
    expected = journey.service is not None and journey.stage not in done and not handing_in and not covered
    assert ("service.stop" in kiosk_window.names()) is expected


def test_hand_in_touched_twice_is_sent_once(kiosk_window) -> None:
    """One-time actions (rule 13): trembling fingers and impatient ones hand in one complaint."""
    bench = shown(kiosk_window, "signature")
    pad = kiosk_window.find("signature")
    kiosk_window.drag([(pad.x + 40, pad.y + 60), (pad.x + 200, pad.y + 160), (pad.x + 360, pad.y + 60)])
    button = kiosk_window.find("nav.continue")
    for pause in (1.0, 0.05, 0.4, 1.5):
        kiosk_window.tap_at(*button.center, pause=pause)
    assert [type(event) for event in bench.events] == [ev.Signed, ev.Continue]
    assert bench.session.scratch.get(bench.events[0].key).startswith(b"\x89PNG")


def test_a_bounce_on_the_card_page_is_one_event(kiosk_window) -> None:
    """kivy#1903: a bouncing panel touches the same target twice within 0.3 s."""
    bench = shown(kiosk_window, "card_failed")
    button = kiosk_window.find("card.again")
    kiosk_window.tap_at(*button.center)
    kiosk_window.tap_at(*button.center, pause=0.1)
    assert bench.events == [ev.Continue()]


# Language


@pytest.mark.parametrize("language", [Language.KO, Language.EN])
def test_another_language_keeps_what_was_typed(kiosk_window, language: Language) -> None:
    """Rule 6 and the issue: language on every screen, nothing entered is lost."""
    bench = shown(kiosk_window, "my_case")
    kiosk_window.tap("my_case.number")
    kiosk_window.type_keys(*"T01-2026", "done")
    kiosk_window.tap("service.language")
    kiosk_window.tap(f"language.{language.value}")
    assert bench.session.journey.language is language
    assert kiosk_window.find("my_case.number").field.value == "T01-2026"
    assert catalogue()["lobby.my_case.title"].in_(language) in kiosk_window.texts()


def test_the_review_page_follows_the_language(kiosk_window) -> None:
    """Question and answer of the review page change together, not the heading alone."""
    bench = shown(kiosk_window, "review")
    kiosk_window.until(lambda: any("姓名" in text for text in kiosk_window.texts()))
    bench.happen(ev.ChooseLanguage(Language.EN))
    kiosk_window.until(lambda: any("Name" in text for text in kiosk_window.texts()))
    assert not any("姓名" in text for text in kiosk_window.texts())


def test_larger_text_and_another_theme_keep_the_search(kiosk_window) -> None:
    """Rule 6: text size and contrast change live, without losing an answer."""
    shown(kiosk_window, "cause")
    kiosk_window.find("cause.words").field.value = "借钱不还"
    kiosk_window.tap("service.text_size")
    kiosk_window.tap("service.contrast")
    assert kiosk_window.find("cause.words").field.value == "借钱不还"


def test_whoever_comes_next_finds_the_usual_look(kiosk_window) -> None:
    """Rule 6: size, contrast and language are back to default when the idle picture is."""
    bench = shown(kiosk_window, "home", live=True)
    kiosk_window.ui.look = Look(size=TextSize.LARGEST, language=Language.EN)
    kiosk_window.frames()
    kiosk_window.tap("nav.back")
    assert bench.session.journey.stage is Stage.ATTRACT
    assert kiosk_window.ui.look == Look()


# Searching


def test_plain_words_lead_to_a_cause(kiosk_window) -> None:
    """S1-26: said in plain words, found among all causes, chosen by a touch."""
    bench = shown(kiosk_window, "cause", live=True)
    kiosk_window.tap("cause.words")
    kiosk_window.type_keys(*"jieqianbuhuan")
    kiosk_window.tap("candidate.0")
    kiosk_window.type_keys("done")
    first = next(n for n in kiosk_window.names() if n.startswith("cause.") and n[6:] in reference().causes)
    kiosk_window.tap(first)
    cause = bench.session.journey.require_draft().cause
    assert cause is not None
    assert cause.code == first.removeprefix("cause.")


def test_a_receipt_number_is_asked_for_as_typed(kiosk_window) -> None:
    """The agent repairs and checks the number; the screen sends what was typed, and nothing for an empty field."""
    bench = shown(kiosk_window, "my_case")
    kiosk_window.tap("nav.continue")
    assert bench.events == []
    kiosk_window.find("my_case.number").field.value = "t01-20260305-00001-5"
    kiosk_window.tap("nav.continue")
    assert bench.events == [ev.AskMyCase("t01-20260305-00001-5")]


# Surroundings


def test_filing_waits_for_the_agent_and_says_so(kiosk_window) -> None:
    """F1: without the agent nothing can be filed; the card is not touchable and the words say why, until it is back."""
    bench = shown(kiosk_window, "home_no_agent")
    card = kiosk_window.find("home.file_case")
    kiosk_window.tap("home.file_case")
    assert bench.events == []
    assert catalogue()["lobby.trouble.agent"].zh in kiosk_window.texts()
    bench.surroundings.agent_up = True
    bench.surroundings_changed()
    assert kiosk_window.find("home.file_case") is card, "a finger that is already down must not lose its target"
    assert catalogue()["lobby.trouble.agent"].zh not in kiosk_window.texts()
    kiosk_window.tap("home.file_case")
    assert bench.events == [ev.ChooseService(ev.Service.FILE_CASE)]


def test_an_offline_court_is_told_and_does_not_stop_anybody(kiosk_window) -> None:
    """Reliability: works with the hub off for days; the person is told that papers wait here."""
    bench = shown(kiosk_window, "home")
    bench.surroundings.agent = AgentStatus(HubState.OFFLINE, 2, accepting=True)
    bench.surroundings_changed()
    assert catalogue()["lobby.trouble.hub_offline"].zh in kiosk_window.texts()
    kiosk_window.tap("home.file_case")
    assert bench.events == [ev.ChooseService(ev.Service.FILE_CASE)]


def test_a_lost_reader_takes_the_card_away_and_a_found_one_brings_it_back(kiosk_window) -> None:
    """Rule 15 and EN 301 549 5.3: a card is never the only way."""
    bench = shown(kiosk_window, "identity_no_reader")
    kiosk_window.tap("identity.card")
    assert bench.events == []
    kiosk_window.tap("identity.typed")
    assert bench.events == [ev.ChooseIdentityMethod(ev.IdentityMethod.TYPED)]
    bench.surroundings.devices[DeviceClass.ID_READER] = ReaderReady("sam")
    bench.surroundings_changed()
    assert kiosk_window.find("identity.card").enabled
    bench.surroundings.devices[DeviceClass.ID_READER] = Disconnected()
    bench.surroundings_changed()
    assert not kiosk_window.find("identity.card").enabled


def test_where_the_reader_is_gone_typing_comes_first(kiosk_window) -> None:
    """Trying a dead reader again is offered, but is not the best advice."""
    shown(kiosk_window, "card_gone")
    names = kiosk_window.names()
    assert names.index("card.type") < names.index("card.again")


def test_help_is_told_without_moving_the_page(kiosk_window) -> None:
    """S0-24: somebody was called; the journey goes on meanwhile and the choices are where they were."""
    bench = shown(kiosk_window, "capacity")
    item = kiosk_window.find("capacity.self")
    bench.open(replace(bench.session.journey, help=ev.HelpState.QUEUED))
    assert catalogue()["lobby.help.queued"].zh in kiosk_window.texts()
    assert kiosk_window.find("capacity.self") is item


# Time


def test_the_countdown_counts(kiosk_window) -> None:
    """Rule 7: the warning shows the seconds that are left."""
    bench = shown(kiosk_window, "idle")
    assert "25 秒" in kiosk_window.texts()
    bench.seconds = 7
    kiosk_window.until(lambda: "7 秒" in kiosk_window.texts())


def test_a_warning_answered_leads_back_to_the_same_page(kiosk_window) -> None:
    """Rule 7: more time leaves everything as it was."""
    bench = shown(kiosk_window, "confirm", live=True)
    page = kiosk_window.stage.page
    bench.happen(ev.IdleWarned())
    kiosk_window.tap("idle.more_time")
    assert bench.session.journey.overlay is Overlay.NONE
    assert kiosk_window.stage.page is page
    assert kiosk_window.stage.overlays == ()


# Personal data


def test_a_number_is_masked_for_whoever_looks_on(kiosk_window) -> None:
    """N4: "is this you?" shows enough to recognise one's own number, too little for others; speech says neither."""
    kiosk_window.ui.look = kiosk_window.ui.look.with_(sound=True)
    shown(kiosk_window, "confirm")
    person = journeys()[Stage.IDENTITY_CONFIRM].require_draft().identity
    assert person is not None
    spoken_and_shown = " ".join([*kiosk_window.texts(), *kiosk_window.speaker.said])
    assert person.number not in spoken_and_shown
    assert person.number[6:14] not in spoken_and_shown
    assert person.name not in " ".join(kiosk_window.speaker.said)


@pytest.mark.parametrize("state", ["confirm", "review", "receipt", "my_case_result", "signature"])
def test_after_the_end_nothing_of_the_session_is_drawn(kiosk_window, state: str) -> None:
    """N1 and S0-31: the goodbye stands alone; neither above nor below it is anything of the person."""
    bench = shown(kiosk_window, state)
    journey = bench.session.journey
    before = {text for text in everything_drawn(kiosk_window) if len(text) > 1}
    bench.open(replace(journey, outcome=Outcome.CANCELLED))
    after = everything_drawn(kiosk_window)
    personal = [RECEIPT_NO, *(case.receipt_no for case in CASES)]
    if journey.draft is not None and journey.draft.identity is not None:
        personal += [journey.draft.identity.name, journey.draft.identity.address]
    assert not [text for text in after if any(piece in text for piece in personal)]
    assert not before & after
    assert kiosk_window.stage.overlays == ()
    assert bench.presenter.screen is not None
    assert bench.presenter.screen.journey.draft is None
    kiosk_window.tap("goodbye")
    assert bench.goodbyes == 1


def everything_drawn(window) -> set[str]:
    """Every text in the whole tree, also what a dialog covers."""
    from screens.components import TextBlock
    from screens.components.context import in_visual_order

    return {window.ui.say(w.text) for w in in_visual_order(window.stage) if isinstance(w, TextBlock) and w.lines}


# The receipt


def test_the_receipt_tells_number_dates_and_what_became_of_the_papers(kiosk_window) -> None:
    """登记立案规定 2 and 8: a dated receipt, and by when the court decides; each paper's news in its own words."""
    bench = shown(kiosk_window, "receipt_waiting")
    words = catalogue()
    assert {RECEIPT_NO, "2026年3月5日 09:12", "2026年3月12日"} <= set(kiosk_window.texts())
    assert words["lobby.receipt.on_its_way"].zh in kiosk_window.texts()
    assert not kiosk_window.find("receipt.reprint").enabled
    for state in (ev.PaperState.PRINTED, ev.PaperState.NOT_PRINTED, ev.PaperState.UNKNOWN):
        bench.happen(ev.SlipChanged(state))
        bench.happen(ev.A4Changed(ev.PaperState.SAVED))
        assert words[f"lobby.receipt.slip.{state.value}"].zh in kiosk_window.texts()
        assert words["lobby.receipt.a4.saved"].zh in kiosk_window.texts()
    bench.happen(ev.Acknowledged())
    assert words["lobby.receipt.acknowledged"].zh in kiosk_window.texts()
    assert kiosk_window.find("receipt.reprint").enabled


def test_the_number_is_the_largest_thing_on_the_receipt(kiosk_window) -> None:
    """It must be read from a step away and photographed."""
    from screens.components import TextBlock

    bench = Bench(kiosk_window)
    bench.at(Stage.RECEIPT, filed=a_filed())
    blocks = [w for w in kiosk_window.reachable() if isinstance(w, TextBlock) and w.lines]
    largest = max(blocks, key=lambda block: block.font_px)
    assert (largest.text, len(largest.lines)) == (RECEIPT_NO, 1)


def test_my_case_says_what_must_be_corrected(kiosk_window) -> None:
    """The court's one complete correction list reaches the person, point by point."""
    shown(kiosk_window, "my_case_result")
    texts = kiosk_window.texts()
    for number, correction in enumerate(CASES[0].corrections, 1):
        assert f"{number}. {correction}" in texts
    assert CASES[1].case_number in texts
