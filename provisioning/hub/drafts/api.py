"""Kept drafts over the contract (kiosk/court/kept_drafts.py): one way in for terminals, one for other channels."""

from __future__ import annotations

import base64
import binascii
import math
from functools import partial

from anyio import to_thread
from starlette.requests import Request

from kiosk.court.kept_drafts import DraftForgotten, DraftKept, HeldDraft, KeepDraft
from provisioning.hub.api.exchange import ProblemError
from provisioning.hub.drafts.channels import channel_of
from provisioning.hub.drafts.keeping import (
    TERMINAL_DOOR,
    Keeper,
    OtherDraftError,
    TooManyError,
    What,
    forget,
    give_out,
    keep,
)
from provisioning.hub.hub import Hub
from provisioning.hub.terminals import Caller

_SCHEME = "bearer "
_LOOKUP = frozenset("0123456789abcdef")
_LOOKUP_LENGTH = 32


def terminal_keeper(hub: Hub, caller: Caller) -> Keeper:
    """The terminal that signed a request. Raises ProblemError 429 where it asks too often."""
    keeper = Keeper(TERMINAL_DOOR, caller.code or caller.key_id)
    _take_turn(hub, keeper, hub.drafts.terminal_per_minute)
    return keeper


async def channel_keeper(hub: Hub, request: Request) -> Keeper:
    """The channel behind a request's key. Raises ProblemError 401 for a key that is none, 429 for too many requests."""
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(_SCHEME):
        raise _not_let_in()
    key = given[len(_SCHEME) :].strip()
    keeper = await to_thread.run_sync(hub.database.read, partial(channel_of, key=key))
    if keeper is None:
        raise _not_let_in()
    _take_turn(hub, keeper, hub.drafts.channel_per_minute)
    return keeper


def _not_let_in() -> ProblemError:
    return ProblemError(401, "this is not the key of a channel", headers={"WWW-Authenticate": "Bearer"})


def _take_turn(hub: Hub, keeper: Keeper, per_minute: int) -> None:
    if wait := hub.draft_pace.take(keeper.text, per_minute):
        raise ProblemError(429, "asked too often", headers={"Retry-After": str(math.ceil(wait))})


def asked_lookup(request: Request) -> str:
    """The lookup id in the path. Raises ProblemError 404 for what cannot be one."""
    lookup: str = request.path_params["lookup"]
    if len(lookup) != _LOOKUP_LENGTH or not _LOOKUP.issuperset(lookup):
        raise ProblemError(404, "there is no such draft")
    return lookup


async def keep_draft(hub: Hub, keeper: Keeper, lookup: str, asked: KeepDraft) -> DraftKept:
    """Keep a sealed draft. Raises ProblemError."""
    try:
        sealed = base64.b64decode(asked.sealed, validate=True)
    except binascii.Error as error:
        raise ProblemError(422, "the sealed draft is not base64", "sealed") from error
    if len(sealed) > hub.drafts.longest_bytes:
        raise ProblemError(413, "the draft is too large", f"at most {hub.drafts.longest_bytes} bytes")
    job = partial(
        keep, lookup=lookup, sealed=sealed, days=asked.days, keeper=keeper, rules=hub.drafts, now=hub.clock.now()
    )
    try:
        return DraftKept(until=await hub.writer.run(job))
    except OtherDraftError as error:
        raise ProblemError(409, str(error)) from error
    except TooManyError as error:
        raise ProblemError(507, str(error)) from error


async def fetch_draft(hub: Hub, keeper: Keeper, lookup: str) -> HeldDraft:
    """Give a sealed draft out. Raises ProblemError 404."""
    held = await hub.writer.run(partial(give_out, lookup=lookup, keeper=keeper, now=hub.clock.now()))
    if held is None:
        raise ProblemError(404, "there is no such draft (any more)")
    return HeldDraft(sealed=base64.b64encode(held.sealed).decode("ascii"), until=held.until)


async def forget_draft(hub: Hub, keeper: Keeper, lookup: str) -> DraftForgotten:
    """Forget a draft on the person's wish; where there is none, that is so already."""
    job = partial(forget, lookup=lookup, door=keeper.door, what=What.FORGOTTEN, now=hub.clock.now())
    await hub.writer.run(job)
    return DraftForgotten()
