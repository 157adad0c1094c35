"""The contract of matters that could not be got done ("办不成事"), and of the leader on duty (带班院领导).

1. `POST /v1/unresolved` (UnresolvedReport → UnresolvedTaken) takes a report in. The same `request_id` gives the same
   number. The court answers at once, or it says why not and promises a date: 及时受理，及时解答，当即不能解决的问题
   说明原因，承诺解决时限 (S2-11).
2. `GET /v1/duty` (DutyRoster) tells who receives people today, when and where. A number for the reception is a ticket
   of the service `reception_service`.

What a person writes, and how to call them back, is sealed to the court's key.
"""

from __future__ import annotations

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from kiosk.clock import CHINA
from kiosk.court.model import ContractModel
from kiosk.court.queueing import Names, ServiceCode
from kiosk.court.rating import MatterId

RECEPTION_SERVICE = "reception"
"""The service of `queues.toml` that is the reception by the leader on duty."""

LONGEST_ACCOUNT = 1_000
LONGEST_CALL_BACK = 60
"""Characters a person may write, before sealing."""

ReportNumber = Annotated[str, Field(pattern=r"^B\d{8}-\d{3,6}$")]
"""What the slip says: B, the day, and the day's count (B20261123-001)."""


_REFERENCE = re.compile(r"(?:T-?)?([0-9A-F]{8})")


def report_reference(request_id: UUID) -> str:
    """What stands for a report that has no number yet, on the slip and for the staff: the end of its id, which is drawn
    at random (T-3F9A12C7). Two reports may share it once in thousands of millions; it is looked up, never a key."""
    return f"T-{request_id.hex[-8:].upper()}"


def reference_ending(typed: str) -> str | None:
    """How the id of the report with this reference ends, in small letters; None for what is no reference."""
    found = _REFERENCE.fullmatch(typed.strip().upper())
    return found[1].lower() if found else None


class UnresolvedKind(StrEnum):
    """What could not be got done."""

    NOT_ACCEPTED = "not_accepted"  # 不收材料、不给办理
    SENT_BACK = "sent_back"  # 反复要求补材料、多次往返
    NOT_TOLD = "not_told"  # 没有一次性告知要办什么
    PASSED_ON = "passed_on"  # 互相推诿
    NO_ANSWER = "no_answer"  # 超过期限没有答复
    NOBODY_THERE = "nobody_there"  # 窗口没有人
    UNREACHABLE = "unreachable"  # 联系不上法官
    FEES = "fees"  # 缴费、退费
    SYSTEM = "system"  # 设备、网站不能用
    OTHER = "other"


class UnresolvedPlace(StrEnum):
    """Where it could not be got done."""

    WINDOW = "window"
    SERVICE = "service"  # 事项: the person knows for what they came, not at which window
    TERMINAL = "terminal"  # 自助终端
    PHONE = "phone"  # 12368
    ONLINE = "online"
    ELSEWHERE = "elsewhere"


class UnresolvedChannel(StrEnum):
    """Where the report was made."""

    KIOSK = "kiosk"
    PAD = "pad"
    PAPER = "paper"  # entered by staff from a paper form or from what they were told


class EarlierNumber(ContractModel):
    """What a hub told the person before it was restored from a backup that does not hold the report."""

    number: ReportNumber
    answer_by: date


class UnresolvedReport(ContractModel):
    """One report. `earlier` is there where it is brought again to a restored hub. `window` and `service` are there for
    the place of that name and for no other. `account_sealed` is what the person wrote, `call_back_sealed` name and
    number where they wish to be called back; both sealed to the court's key, in base64."""

    request_id: UUID  # UUIDv7; the idempotency key
    terminal: str = Field(max_length=40)
    kind: UnresolvedKind
    account_sealed: str | None = Field(default=None, max_length=20_000)
    place: UnresolvedPlace
    window: str | None = Field(default=None, pattern=r"^[A-Z0-9]{1,4}$")
    service: ServiceCode | None = None
    happened: date
    reported: AwareDatetime
    matter: MatterId | None = None  # the ticket, submission or case it was about
    channel: UnresolvedChannel
    language: Literal["zh", "ko", "en"] = "zh"
    call_back_sealed: str | None = Field(default=None, max_length=4_000)
    earlier: EarlierNumber | None = None

    @model_validator(mode="after")
    def _where_and_when(self) -> UnresolvedReport:
        if (self.window is not None) != (self.place is UnresolvedPlace.WINDOW):
            raise ValueError("a window belongs to the place window and to no other")
        if (self.service is not None) != (self.place is UnresolvedPlace.SERVICE):
            raise ValueError("a service belongs to the place service and to no other")
        if self.happened > self.reported.astimezone(CHINA).date():
            raise ValueError("it cannot have happened after it was reported")
        return self


class UnresolvedTaken(ContractModel):
    """The court holds the report. By the end of `answer_by` it has answered, or said why not and promised a date."""

    request_id: UUID
    number: ReportNumber
    received: AwareDatetime
    answer_by: date


class LeaderPost(StrEnum):
    """Who among the leaders of a court receives people."""

    PRESIDENT = "president"  # 院长
    VICE_PRESIDENT = "vice_president"  # 副院长
    DISCIPLINE = "discipline"  # 派驻纪检监察组组长
    POLITICAL = "political"  # 政治部主任
    COMMITTEE = "committee"  # 审判委员会专职委员
    ENFORCEMENT = "enforcement"  # 执行局局长
    OTHER = "other"  # 其他院领导


class DutyLeader(ContractModel):
    """One leader on duty, from `opens` until before `closes` (China time)."""

    name: str = Field(min_length=1, max_length=40)
    post: LeaderPost
    opens: time
    closes: time
    place: Names


class DutyRoster(ContractModel):
    """Who receives people on `day`, by rising hours; nobody where the roster has a gap. `reception_service` None: this
    court gives no numbers for the reception."""

    day: date
    on_duty: tuple[DutyLeader, ...]
    reception_service: ServiceCode | None = None
