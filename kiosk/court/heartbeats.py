"""The hub's answer to a heartbeat, signed with the court's key: it is what lets a terminal erase a filing for good.

The signature covers DOMAIN before the canonical JSON of the other fields, so that no receipt can pass for an answer. It
holds the heartbeat's own nonce, so that an answer counts once: one that was recorded before a restore of the hub would
otherwise call safe what the restored hub no longer has (docs/decisions/0011-signed-heartbeat-replies.md).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kiosk.court.canonical import canonical_json
from kiosk.court.contract import Heartbeat, HeartbeatReply
from kiosk.court.hub_errors import HubFailedError
from kiosk.court.keys import SigningKey, VerifyKey

DOMAIN = b"court-kiosk heartbeat reply v1\x00"


class ReplyRefusedError(HubFailedError):
    """Not this court's answer to this heartbeat: nothing in it is believed. Carries no personal data."""


def fresh_nonce() -> str:
    """128 random bits, base64url: no two heartbeats share one."""
    return secrets.token_urlsafe(16)


def _signed_part(reply: HeartbeatReply) -> bytes:
    return DOMAIN + canonical_json(reply.model_dump(mode="json", exclude={"signature"}))


def sign_reply(
    key: SigningKey, beat: Heartbeat, *, epoch: str, server_time: datetime, safe: Iterable[UUID]
) -> HeartbeatReply:
    """The answer to `beat`, signed with the court's key."""
    unsigned = HeartbeatReply(nonce=beat.nonce, epoch=epoch, server_time=server_time, safe=tuple(safe), signature="")
    signature = base64.b64encode(key.sign(_signed_part(unsigned))).decode("ascii")
    return unsigned.model_copy(update={"signature": signature})


def verify_reply(reply: HeartbeatReply, key: VerifyKey, beat: Heartbeat) -> None:
    """Accept `reply` as the court's word on exactly `beat`, or raise ReplyRefusedError."""
    if reply.nonce != beat.nonce:
        raise ReplyRefusedError("the reply is for another heartbeat")
    if not set(reply.safe) <= set(beat.awaiting_safety):
        raise ReplyRefusedError("the reply calls safe what was not asked")
    try:
        signature = base64.b64decode(reply.signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ReplyRefusedError("the reply's signature is not base64") from error
    if not key.verifies(signature, _signed_part(reply)):
        raise ReplyRefusedError("the reply is not signed by this court")
