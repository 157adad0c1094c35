"""The part of the agent's messages about what could not be got done (办不成事) and the leader on duty (带班院领导);
kiosk/agent/messages.py holds the rest.

    GetDuty          -> DutyFound                               from the hub, else what it said earlier today
    ReportUnresolved -> UnresolvedKept | UnresolvedRefused      within seconds; kept for good before it is answered

`ReportUnresolved.request_id` is a UUIDv7 chosen by the window when the person begins; the same again is the same
report, and gets the number it has by then.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from kiosk.config.model import Names
from kiosk.court.unresolved import LeaderPost, UnresolvedChannel, UnresolvedKind, UnresolvedPlace


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of these messages."""


class UnresolvedRefusal(StrEnum):
    """Why a report was not taken in."""

    AWAY = "away"  # the agent does not answer; what the window says then
    NO_SPACE = "no_space"  # the disk is full
    OUT_OF_SERVICE = "out_of_service"  # the store failed; the terminal must be looked at
    NOT_A_REPORT = "not_a_report"  # a place without its window or service, a day to come, an id that is none
    NOT_TAKEN = "not_taken"  # the court's system will not take it; it stays here for a person to look at


class LeaderView(msgspec.Struct, frozen=True):
    """One leader on duty, from `opens` until before `closes` (HH:MM, China time)."""

    name: str
    post: LeaderPost
    opens: str
    closes: str
    place: Names


# -- requests


class GetDuty(_Message, frozen=True, tag="get_duty"):
    """Who receives people today? Answered by DutyFound."""

    request: str


class ReportUnresolved(_Message, frozen=True, tag="report_unresolved"):
    """What could not be got done. `window` or `service` is given for the place of that name and for no other;
    `happened` is a date (ISO 8601). `account` is what the person wrote, `name` and `phone` are given only by whoever
    wants to be called back; none of them leaves the agent's memory but sealed to the court's key. `matter` is the
    ticket, submission or case it was about (kiosk/court/rating.py, MatterId), empty where none is known."""

    request: str
    request_id: str
    kind: UnresolvedKind
    place: UnresolvedPlace
    happened: str
    channel: UnresolvedChannel
    window: str = ""
    service: str = ""
    account: str = ""
    name: str = ""
    phone: str = ""
    matter: str = ""
    language: Literal["zh", "ko", "en"] = "zh"


# -- answers


class DutyFound(_Message, frozen=True, tag="duty_found"):
    """Who receives people on `day` (ISO 8601), by rising hours; nobody where the roster has a gap. `reception` is the
    service a number for the reception is taken for, empty where the court gives none. `known` is false where the hub
    does not answer and nothing of today is remembered."""

    request: str
    day: str = ""
    on_duty: tuple[LeaderView, ...] = ()
    reception: str = ""
    known: bool = True


class UnresolvedKept(_Message, frozen=True, tag="unresolved_kept"):
    """The report is on disk for good and reaches the court, however long that takes. `number` is the court's, and
    `answer_by` (ISO 8601) the day by whose end it answers; both empty while the hub does not answer. `reference` is the
    terminal's own, by which the staff find the report until it has its number and afterwards. `received` is the moment
    of receipt (ISO 8601)."""

    request: str
    reference: str
    received: str
    number: str = ""
    answer_by: str = ""


class UnresolvedRefused(_Message, frozen=True, tag="unresolved_refused"):
    """The report was not taken in; what the person wrote is still only in the window."""

    request: str
    reason: UnresolvedRefusal


UnresolvedRequests = GetDuty | ReportUnresolved
UnresolvedEvents = DutyFound | UnresolvedKept | UnresolvedRefused
