"""A matter begun in one place and finished in another, through every program between them (S0-32).

Two terminals and a website, a real hub: sockets, sealing, HTTP, papers. The website's part knows the project only from
docs/kept-drafts.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kiosk.agent.draft_desk import same_number
from kiosk.agent.draft_messages import DraftRefusal
from kiosk.court.contract import BlobRole
from kiosk.flow import draft_events as dr
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.services.synthetic import SyntheticPerson
from tests.hub.drafts.web_client import WebChannel, a_document, draw_code
from tests.hub.processes import HubProcess, hub_command
from tests.journeys.bad_input.terminal import Litigant, Terminal, at_the_court

CARD = SyntheticPerson(7).card
"""The litigant's; SyntheticPerson(1) is somebody else."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path_factory.mktemp("hub") / "data")
    yield process
    process.stop()


@pytest.fixture(scope="module")
def web(hub: HubProcess) -> Iterator[WebChannel]:
    made = hub_command("channel", "add", "--data", str(hub.data), "--name", "web-1", "--channel", "web", "--json")
    channel = WebChannel(hub.url, json.loads(made.stdout)["key"])
    yield channel
    channel.close()


@pytest.fixture
def terminal(hub: HubProcess, tmp_path: Path) -> Iterator[Terminal]:
    running = Terminal(tmp_path, hub.url)
    yield running
    running.close()


def at_capacity(terminal: Terminal, person: SyntheticPerson) -> Journey:
    """The person is known, and is asked for whom they file."""
    return terminal.touch(
        ev.Touched(),
        ev.ChooseService(ev.Service.FILE_CASE),
        ev.Continue(),
        ev.AnswerConsent(granted=True),
        ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
        ev.CardRead(person.card),
        ev.Continue(),
    )


def give_code(terminal: Terminal, code: str) -> Journey:
    """The code at the field, and what came of it."""
    terminal.touch(dr.AskDraftCode(), dr.GiveDraftCode(code))
    return terminal.wait_for(lambda journey: not journey.querying)


def keep(terminal: Terminal) -> Journey:
    """Leaves, agrees, and sees what came of it."""
    terminal.touch(ev.AskLeave(), dr.AskKeep(), ev.AnswerConsent(granted=True))
    return terminal.wait_for(lambda journey: not journey.querying)


def envelope_of(hub: HubProcess, submission: UUID) -> Any:
    return json.loads(at_the_court(hub, submission)[BlobRole.ENVELOPE])


def test_begun_on_the_web_and_finished_at_a_terminal(hub: HubProcess, web: WebChannel, terminal: Terminal) -> None:
    """Resume across two channels: same matter id, the channel of its beginning, and the draft is gone afterwards."""
    code, kept = web.keep(a_document(CARD.number.lower()))
    assert kept.status_code == 200
    assert at_capacity(terminal, Litigant()).stage is Stage.CAPACITY
    found = give_code(terminal, code.replace("-", " ").lower())
    here = found.require_taken_up()
    assert found.stage is Stage.DRAFT_FOUND
    assert [one.written for one in here.left_out] == ["经营周转"], "an edition's question that is asked no more"
    went = terminal.touch(ev.Continue())
    assert went.stage is Stage.PLAINTIFF, "who the plaintiff is was not written on the web"
    assert went.require_draft().answers_of(FormSlot.CLAIM)["principal_owed"]
    terminal.walk(Litigant(), Stage.SIGNATURE)
    submission = terminal.receipt()
    terminal.deliver()
    read = envelope_of(hub, submission)
    assert read["origin"]["matter_id"] == a_document()["matter_id"] != str(submission)
    assert read["origin"]["begun_in"] == "web"
    assert datetime.fromisoformat(read["origin"]["begun"]) == datetime.fromisoformat(a_document()["begun"])
    assert "借条" in [line["title"] for line in read["evidence"]]
    assert web.fetch(code).status_code == 404, "a filing that was received forgets its draft"
    assert "keep_draft" not in [one["purpose"] for one in read["consents"]]


def test_begun_at_a_terminal_and_finished_at_another(hub: HubProcess, terminal: Terminal, tmp_path: Path) -> None:
    """Answers come over as they were given, and the code of the first slip is good for nothing then."""
    at_capacity(terminal, Litigant())
    terminal.walk(Litigant(), Stage.FEE)
    begun = terminal.journey.require_draft()
    kept = keep(terminal)
    code = kept.require_keeping().code
    assert (kept.stage, kept.draft) == (Stage.DRAFT_KEPT, None)
    (tmp_path / "other").mkdir()
    other = Terminal(tmp_path / "other", hub.url)
    try:
        at_capacity(other, Litigant())
        assert give_code(other, code).require_taken_up().left_out == ()
        went = other.touch(ev.Continue())
        assert went.stage is Stage.EVIDENCE
        for slot in (FormSlot.PLAINTIFF, FormSlot.CLAIM, FormSlot.OTHERS):
            assert went.require_draft().answers_of(slot) == begun.answers_of(slot)
        other.walk(Litigant(), Stage.SIGNATURE)
        submission = other.receipt()
        other.deliver()
        origin = envelope_of(hub, submission)["origin"]
        assert (origin["matter_id"], origin["begun_in"]) == (str(begun.submission_id), "hall")
        other.next_person()
        at_capacity(other, Litigant())
        assert give_code(other, code).notice is DraftRefusal.UNKNOWN
    finally:
        other.close()


def test_begun_at_a_terminal_and_read_on_the_web(web: WebChannel, terminal: Terminal) -> None:
    """The other way: what a terminal keeps, a program that was written from the page alone can open."""
    at_capacity(terminal, Litigant())
    terminal.walk(Litigant(), Stage.FEE)
    submission = terminal.journey.require_draft().submission_id
    kept = keep(terminal).require_keeping()
    document = web.opened(kept.code)
    assert (document["matter_id"], document["begun_in"]) == (str(submission), "hall")
    assert document["owner"]["number"] == CARD.number
    assert document["cause_code"] == "108.03"
    assert {one["place"] for one in document["forms"]} >= {"plaintiff", "claim", "others"}
    assert document["consent"]["granted"] is True
    assert web.fetch(kept.code).json()["until"] == kept.until


def test_somebody_else_with_the_code_is_shown_nothing(web: WebChannel, terminal: Terminal) -> None:
    """A slip that was found: the window is told that it is another's, and gets nothing of it."""
    code, _ = web.keep(a_document(CARD.number))
    at_capacity(terminal, SyntheticPerson(1))
    refused = give_code(terminal, code)
    assert (refused.stage, refused.notice) == (Stage.DRAFT_CODE, DraftRefusal.ANOTHER_PERSON)
    assert refused.taken_up is None
    assert terminal.touch(ev.Back(), ev.Continue()).stage is Stage.PLAINTIFF
    assert web.fetch(code).status_code == 200, "and it stays for its owner"


def test_kept_again_only_the_new_code_is_good(web: WebChannel, terminal: Terminal) -> None:
    first, _ = web.keep(a_document(CARD.number))
    at_capacity(terminal, Litigant())
    give_code(terminal, first)
    terminal.touch(ev.Continue())
    second = keep(terminal).require_keeping().code
    assert second != first
    assert (web.fetch(first).status_code, web.fetch(second).status_code) == (404, 200)
    document = web.opened(second)
    assert (document["matter_id"], document["begun_in"]) == (a_document()["matter_id"], "web")


def test_erased_on_the_person_s_wish(web: WebChannel, terminal: Terminal) -> None:
    code, _ = web.keep(a_document(CARD.number))
    at_capacity(terminal, Litigant())
    give_code(terminal, code)
    terminal.touch(dr.AskErase(), ev.AnswerQuestion(yes=True))
    assert terminal.wait_for(lambda journey: not journey.querying).stage is Stage.CAPACITY
    assert web.fetch(code).status_code == 404


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document | {"version": "2"},
        lambda document: document | {"pages": []},
        lambda document: document | {"consent": document["consent"] | {"granted": False}},
        lambda document: document | {"forms": document["forms"] * 2},
    ],
    ids=["another version", "unknown member", "without consent", "a place twice"],
)
def test_a_document_that_is_none_is_not_used(web: WebChannel, terminal: Terminal, spoil: Any) -> None:
    code, _ = web.keep(spoil(a_document(CARD.number)))
    at_capacity(terminal, Litigant())
    assert give_code(terminal, code).notice is DraftRefusal.UNREADABLE


def test_bytes_that_were_changed_at_the_hub_are_not_used(web: WebChannel, terminal: Terminal) -> None:
    code = draw_code()
    sealed = bytearray(web.sealed(json.dumps(a_document(CARD.number)).encode(), code))
    sealed[-1] ^= 1
    assert web.send(code, bytes(sealed)).status_code == 200
    at_capacity(terminal, Litigant())
    assert give_code(terminal, code).notice is DraftRefusal.UNREADABLE


def test_without_the_hub_nothing_is_lost_and_nothing_is_kept(tmp_path: Path) -> None:
    """F-rows: told plainly at both ends, and the filing goes on to its receipt."""
    hub = HubProcess(tmp_path / "hub")
    terminal = Terminal(tmp_path, hub.url)
    try:
        hub.kill()
        at_capacity(terminal, Litigant())
        assert give_code(terminal, draw_code()).notice is DraftRefusal.OFFLINE
        terminal.touch(ev.Back(), ev.Continue())
        terminal.walk(Litigant(), Stage.FEE)
        before = terminal.journey.require_draft()
        refused = keep(terminal)
        assert (refused.stage, refused.notice) == (Stage.DRAFT_KEEPING, DraftRefusal.OFFLINE)
        back = terminal.touch(ev.AnswerConsent(granted=False))
        assert (back.stage, back.draft) == (Stage.FEE, before)
        terminal.walk(Litigant(), Stage.SIGNATURE)
        assert terminal.receipt()
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("kept", "shown", "same"),
    [
        ("11010119900101001X", "11010119900101001x", True),
        ("E1234567 8", "e12345678", True),
        ("110101199001010015", "110101199001010016", False),
        ("", "", False),
        ("-", " ", False),
    ],
)
def test_numbers_are_compared_as_numbers(kept: str, shown: str, same: bool) -> None:
    """Typed or read, with or without spaces; no number is nobody's."""
    assert same_number(kept, shown) is same
