"""The hub's answer to a heartbeat is believed only as the court's word on exactly that heartbeat."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kiosk.court.canonical import canonical_json
from kiosk.court.contract import Heartbeat, HeartbeatReply
from kiosk.court.heartbeats import ReplyRefusedError, fresh_nonce, sign_reply, verify_reply
from kiosk.court.keys import SigningKey

COURT = SigningKey.generate()
ASKED = (uuid4(), uuid4(), uuid4())
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


def beat(asked: tuple[UUID, ...] = ASKED) -> Heartbeat:
    return Heartbeat(
        nonce=fresh_nonce(),
        terminal="YJ01",
        epoch="e1",
        max_sequence=3,
        awaiting_safety=asked,
        software="test",
        queue_depth=0,
    )


def reply(to: Heartbeat, key: SigningKey = COURT, safe: tuple[UUID, ...] = ASKED[:1]) -> HeartbeatReply:
    return sign_reply(key, to, epoch="e1", server_time=NOW, safe=safe)


@given(st.sets(st.sampled_from(ASKED)))
def test_the_courts_answer_is_accepted_after_the_wire(safe: set[UUID]) -> None:
    asked = beat()
    arrived = HeartbeatReply.model_validate_json(reply(asked, safe=tuple(safe)).model_dump_json())
    verify_reply(arrived, COURT.verify_key, asked)


@pytest.mark.parametrize(
    "change",
    [
        {"safe": ASKED},
        {"safe": ()},
        {"epoch": "e2"},
        {"server_time": datetime(2027, 1, 1, tzinfo=UTC)},
        {"signature": ""},
        {"signature": "not base64!"},
        {"signature": "AAAA"},
    ],
)
def test_a_changed_answer_is_refused(change: dict[str, object]) -> None:
    """N3: what is called safe is erased."""
    asked = beat()
    with pytest.raises(ReplyRefusedError):
        verify_reply(reply(asked).model_copy(update=change), COURT.verify_key, asked)


def test_an_answer_counts_once() -> None:
    first, second = beat(), beat()
    recorded = reply(first)
    with pytest.raises(ReplyRefusedError, match="another heartbeat"):
        verify_reply(recorded, COURT.verify_key, second)
    with pytest.raises(ReplyRefusedError, match="not signed"):
        verify_reply(recorded.model_copy(update={"nonce": second.nonce}), COURT.verify_key, second)


def test_another_courts_answer_is_refused() -> None:
    asked = beat()
    with pytest.raises(ReplyRefusedError, match="not signed by this court"):
        verify_reply(reply(asked, SigningKey.generate()), COURT.verify_key, asked)


def test_what_was_not_asked_is_not_believed_even_from_the_court() -> None:
    asked = beat(ASKED[:1])
    with pytest.raises(ReplyRefusedError, match="not asked"):
        verify_reply(reply(asked, safe=ASKED[1:2]), COURT.verify_key, asked)


def test_nothing_else_the_court_signs_passes_for_an_answer() -> None:
    """Receipts are signed with the same key, over canonical JSON as well."""
    asked = beat()
    answer = reply(asked)
    plain = canonical_json(answer.model_dump(mode="json", exclude={"signature"}))
    other = answer.model_copy(update={"signature": base64.b64encode(COURT.sign(plain)).decode()})
    with pytest.raises(ReplyRefusedError, match="not signed"):
        verify_reply(other, COURT.verify_key, asked)


@pytest.mark.parametrize("nonce", ["", "short", "A" * 65, "A" * 21 + "="])
def test_a_heartbeat_needs_a_nonce_worth_the_name(nonce: str) -> None:
    with pytest.raises(ValidationError):
        Heartbeat.model_validate_json(beat().model_copy(update={"nonce": nonce}).model_dump_json())
