"""The part of the agent's messages about drafts that are kept for another place (S0-32); kiosk/agent/messages.py holds
the rest.

    KeepDraft    -> DraftKept | DraftRefused
    TakeUpDraft  -> DraftFound | DraftRefused
    ForgetDraft  -> DraftGone | DraftRefused      each within seconds: all three need the hub just then

`document` is the JSON of kiosk.court.kept_drafts.KeptDraft. The agent writes nothing of it down.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of these messages."""


class DraftRefusal(StrEnum):
    """Why a draft was not kept, given out or forgotten."""

    AWAY = "away"  # the agent does not answer; what the window says then
    OFFLINE = "offline"  # the hub does not answer, or not this terminal
    UNKNOWN = "unknown"  # nothing is kept under this code, or not any more
    ANOTHER_PERSON = "another_person"  # the code is of somebody else's draft
    UNREADABLE = "unreadable"  # what is kept is damaged, or was written by a program that this one does not know
    NOT_TAKEN = "not_taken"  # the hub will not keep this one: too large, or too many


# -- requests


class KeepDraft(_Message, frozen=True, tag="keep_draft"):
    """Keep this draft. `replaces` is the lookup id of the one it was taken up from, which is forgotten then; empty
    where it was begun here."""

    request: str
    document: bytes
    replaces: str = ""


class TakeUpDraft(_Message, frozen=True, tag="take_up_draft"):
    """Give out the draft of `code` to the person with `identity_number`."""

    request: str
    code: str
    identity_number: str


class ForgetDraft(_Message, frozen=True, tag="forget_draft"):
    """The person wants this draft, by its lookup id, erased."""

    request: str
    lookup: str


# -- answers


class DraftKept(_Message, frozen=True, tag="draft_kept"):
    """It is kept until the end of the day `until` (ISO 8601), for whoever has `code` and is its owner."""

    request: str
    code: str
    until: str


class DraftFound(_Message, frozen=True, tag="draft_found"):
    """The draft of the person who asked."""

    request: str
    document: bytes
    lookup: str
    until: str


class DraftGone(_Message, frozen=True, tag="draft_gone"):
    """Nothing is kept any more."""

    request: str


class DraftRefused(_Message, frozen=True, tag="draft_refused"):
    """It was not done; nothing was shown of anybody's draft."""

    request: str
    reason: DraftRefusal


DraftRequests = KeepDraft | TakeUpDraft | ForgetDraft
DraftEvents = DraftKept | DraftFound | DraftGone | DraftRefused
