"""Rating invitations as tokens: signed by the court, one per matter, checked anywhere without the hub.

    token = base64url(canonical JSON of the Invitation) "." base64url(Ed25519 signature)

both without padding. The signature covers DOMAIN before the JSON, so that no receipt or other document the court signs
can ever pass for an invitation. A token has one spelling only: whatever is not the canonical form of what it says is
refused even where its signature holds.

Whether an invitation was already answered is the hub's to know. A pad that is offline checks signature and time here
and keeps the answer until the hub can be reached.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError

from kiosk.court.canonical import canonical_json
from kiosk.court.keys import SigningKey, VerifyKey
from kiosk.court.rating import Invitation

DOMAIN = b"court-kiosk rating invitation v1\x00"
SKEW = timedelta(minutes=5)
"""How far a pad's clock may lie from the court's: allowed before `issued` and after `expires`, as for requests."""

LONGEST_TOKEN = 2_000

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 12


class InvitationRefusedError(Exception):
    """A token is not a valid invitation at this moment. The text carries nothing of the token."""


class ForgedError(InvitationRefusedError):
    """Not made by this court, changed, or not a token at all."""


class NotYetValidError(InvitationRefusedError):
    """Issued later than now, beyond SKEW: one of the two clocks is wrong."""


class ExpiredError(InvitationRefusedError):
    """Its time is over: the matter stays "not rated"."""


def sign(invitation: Invitation, key: SigningKey) -> str:
    """The token of `invitation`; the same invitation and key always give the same token."""
    payload = canonical_json(invitation)
    return f"{_encode(payload)}.{_encode(key.sign(DOMAIN + payload))}"


def read(token: str, key: VerifyKey) -> Invitation:
    """What a token of the court with `key` says, whenever it was made. Raises ForgedError."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise ForgedError("not an invitation")
    first, dot, second = token.partition(".")
    try:
        payload, signature = _decode(first), _decode(second)
    except (binascii.Error, ValueError) as error:
        raise ForgedError("not an invitation") from error
    if not dot or not key.verifies(signature, DOMAIN + payload):
        raise ForgedError("the invitation was not signed by this court")
    try:
        invitation = Invitation.model_validate_json(payload)
    except ValidationError:
        # Not the cause: it would repeat what the token holds.
        raise ForgedError("the invitation cannot be read") from None
    if canonical_json(invitation) != payload:
        raise ForgedError("the invitation is not in its canonical form")
    return invitation


def require_in_time(invitation: Invitation, moment: datetime) -> None:
    """Raise NotYetValidError or ExpiredError unless `invitation` is valid at `moment`, give or take SKEW."""
    if moment < invitation.issued - SKEW:
        raise NotYetValidError("the invitation was issued later than now")
    if moment > invitation.expires + SKEW:
        raise ExpiredError("the time for rating is over")


def verify(token: str, key: VerifyKey, now: datetime) -> Invitation:
    """What a token says that is valid at `now`. Raises ForgedError, NotYetValidError, ExpiredError."""
    invitation = read(token, key)
    require_in_time(invitation, now)
    return invitation


def short_code(invitation_id: UUID) -> str:
    """A name of the invitation that fits on a slip and can be typed: 12 characters in three groups (59 bits of a
    hash of its random id, so it cannot be guessed), without I, L, O, 0 and 1."""
    number = int.from_bytes(hashlib.sha256(DOMAIN + invitation_id.bytes).digest(), "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, rest = divmod(number, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[rest])
    return "-".join("".join(letters[start : start + 4]) for start in range(0, _CODE_LENGTH, 4))


def normalise_code(typed: str) -> str | None:
    """The code a person typed, however it was grouped; None where it cannot be one."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    if len(letters) != _CODE_LENGTH or not set(letters) <= set(_CODE_ALPHABET):
        return None
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    if "=" in text:
        raise ValueError("padding")
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(raw) != text:  # bits after the end must be zero: one token, one spelling
        raise ValueError("not canonical base64url")
    return raw
