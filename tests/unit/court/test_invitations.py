"""Rating invitations as tokens: one spelling, bound to every word of theirs, and to the time."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import CHINA
from kiosk.court.canonical import canonical_json
from kiosk.court.invitations import (
    DOMAIN,
    LONGEST_TOKEN,
    SKEW,
    ExpiredError,
    ForgedError,
    NotYetValidError,
    normalise_code,
    read,
    short_code,
    sign,
    verify,
)
from kiosk.court.keys import SigningKey
from kiosk.court.rating import Invitation, RatingKind

KEY = SigningKey(b"\x07" * 32)
OTHER = SigningKey(b"\x08" * 32)
ISSUED = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
EXPIRES = ISSUED + timedelta(days=7)

names = st.text("abcdefgh窗口调解 0123456789", min_size=1, max_size=12)
times = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(lambda moment: moment.replace(tzinfo=CHINA))  # noqa: DTZ001 - the zone follows
invitations = st.builds(
    Invitation,
    invitation_id=st.uuids(),
    matter=st.uuids().map(lambda one: f"ticket:{one}"),
    kind=st.sampled_from(RatingKind),
    window=names,
    staff=names,
    service=names,
    mediator=st.none() | names,
    scale=st.sampled_from(["gb-5", "henan-4"]),
    issued=times,
    expires=times,
)


def make(**changes: object) -> Invitation:
    """An invitation for a week."""
    values: dict[str, object] = {
        "invitation_id": uuid4(),
        "matter": "ticket:1",
        "window": "3",
        "staff": "p1",
        "service": "filing",
        "scale": "gb-5",
        "issued": ISSUED,
        "expires": EXPIRES,
    }
    return Invitation.model_validate(values | changes)


def respell(token: str, payload: bytes) -> str:
    """`token` with other content and its old signature."""
    body = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    return f"{body}.{token.partition('.')[2]}"


@given(invitations)
def test_what_was_signed_is_read(invitation: Invitation) -> None:
    """Everything comes back; the token is short enough for a QR code and the same each time."""
    token = sign(invitation, KEY)
    assert read(token, KEY.verify_key) == invitation
    assert token == sign(invitation, KEY)
    assert len(token) <= LONGEST_TOKEN
    with pytest.raises(ForgedError):
        read(token, OTHER.verify_key)


@given(st.data())
def test_no_changed_token_passes(data: st.DataObject) -> None:
    """Any character replaced, dropped or added anywhere: forged. Not one second spelling of a token exists."""
    token = sign(make(), KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCabc019-_.=+/ \n\u00e9"))
    changed = data.draw(
        st.sampled_from(
            [
                token[:place] + letter + token[place + 1 :],
                token[:place] + letter + token[place:],
                token[:place] + token[place + 1 :],
                token + letter,
            ]
        )
    )
    if changed != token:
        with pytest.raises(ForgedError):
            read(changed, KEY.verify_key)


@given(st.text(max_size=300))
def test_rubbish_is_forged(rubbish: str) -> None:
    """Whatever is scanned by mistake gets the same answer, never another error."""
    with pytest.raises(ForgedError):
        verify(rubbish, KEY.verify_key, ISSUED)


def test_a_signature_for_something_else_is_no_invitation() -> None:
    """The same bytes signed without the domain, and a well-signed payload that is no invitation or not canonical."""
    payload = canonical_json(make())
    plain = base64.urlsafe_b64encode(KEY.sign(payload)).rstrip(b"=").decode()
    with pytest.raises(ForgedError, match="not signed"):
        read(respell(f".{plain}", payload), KEY.verify_key)
    for content in (b"{}", b"[]", payload.replace(b'"window":"3"', b'"window": "3"')):
        signature = base64.urlsafe_b64encode(KEY.sign(DOMAIN + content)).rstrip(b"=").decode()
        with pytest.raises(ForgedError, match=r"cannot be read|canonical"):
            read(respell(f".{signature}", content), KEY.verify_key)


def test_the_time_and_the_stated_allowance() -> None:
    """Valid from SKEW before it was issued to SKEW after it expires, to the microsecond; closed errors outside."""
    token, moment = sign(make(), KEY), timedelta(microseconds=1)
    for inside in (ISSUED - SKEW, ISSUED, EXPIRES, EXPIRES + SKEW):
        assert verify(token, KEY.verify_key, inside).matter == "ticket:1"
    with pytest.raises(NotYetValidError):
        verify(token, KEY.verify_key, ISSUED - SKEW - moment)
    with pytest.raises(ExpiredError):
        verify(token, KEY.verify_key, EXPIRES + SKEW + moment)


@given(st.uuids(), st.sampled_from(["", " ", "-", " - "]))
def test_a_code_is_found_however_it_is_typed(invitation_id: UUID, between: str) -> None:
    """From a slip: groups, blanks and small letters do not matter; other letters are no code."""
    code = short_code(invitation_id)
    assert normalise_code(between.join(code.split("-")).lower()) == code
    assert normalise_code(code[:-1]) is None
    assert normalise_code(code[:-1] + "0") is None
    assert not set(code) & set("ILO01")
