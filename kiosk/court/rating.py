"""The rating's part of the contract: one matter, one rating (一事一评、一案一评; GB/T 39734-2020, 39735-2020).

A **rating invitation** is a token signed by the court. Whoever holds it may answer once, at the pad of the window, at a
terminal, on a phone, or on paper; the pad can check it without the hub. `POST /v1/ratings` (RatingAnswer →
RatingReceipt) stores the first answer of a matter; every further one gets that first answer back, unchanged. An
invitation that runs out is "not rated", never "satisfied". `GET /v1/ratings/scales` (RatingScales) tells pads and
terminals the grades and reasons in the three languages. At a terminal `POST /v1/ratings/invitation` (RatingQuery →
RatingsFound) turns the code of an invitation, or the identity card a number was taken with, into what can be rated.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from kiosk.court.model import ContractModel
from kiosk.court.queueing import Names

MatterId = Annotated[str, Field(pattern=r"^[A-Za-z0-9:._()（）〔〕\u4e00-\u9fff-]{1,64}$")]
"""What is rated: a ticket (`ticket:<id>`), a submission (`submission:<id>`), a case (`case:<number>`)."""

ReasonCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]

GRADES = range(1, 6)


class RatingKind(StrEnum):
    """First rating, or the one re-rating (追评) after a remedy, or after a later stage."""

    FIRST = "first"
    AGAIN = "again"


class RatingChannel(StrEnum):
    """Where the answer was given."""

    PAD = "pad"
    KIOSK = "kiosk"
    PHONE = "phone"
    PAPER = "paper"  # entered by staff from a paper form


class RatingOutcome(StrEnum):
    """What became of an invitation; only RATED has a grade."""

    RATED = "rated"
    DECLINED = "declined"  # the person said no
    TIMED_OUT = "timed_out"  # nobody touched it: not rated, never satisfied


class Invitation(ContractModel):
    """What a token says. It names no person who rates; `staff` is a pseudonym."""

    invitation_id: UUID
    matter: MatterId
    kind: RatingKind = RatingKind.FIRST
    window: str = Field(max_length=40)
    staff: str = Field(max_length=40)
    service: str = Field(max_length=40)
    mediator: str | None = Field(default=None, max_length=40)  # pseudonym, for matters of mediation (S4-11)
    scale: str = Field(max_length=40)  # id in the published scales
    issued: AwareDatetime
    expires: AwareDatetime


class RatingAnswer(ContractModel):
    """One answer to one invitation. `comment_sealed` and `named_sealed` are sealed to the court's key (base64); the
    second is there only where the person chose to be named or asked to be called back (N10)."""

    token: str = Field(max_length=2000)
    outcome: RatingOutcome
    grade: int | None = Field(default=None, ge=1, le=5)
    reasons: tuple[ReasonCode, ...] = Field(default=(), max_length=20)
    comment_sealed: str | None = Field(default=None, max_length=20_000)
    named_sealed: str | None = Field(default=None, max_length=4_000)
    channel: RatingChannel
    language: Literal["zh", "ko", "en"] = "zh"
    answered: AwareDatetime
    device: str = Field(max_length=40)
    form_version: str = Field(max_length=40)

    @model_validator(mode="after")
    def _grade_only_where_rated(self) -> RatingAnswer:
        if (self.grade is not None) != (self.outcome is RatingOutcome.RATED):
            raise ValueError("a grade belongs to a rated answer and to no other")
        return self


class RatingQuery(ContractModel):
    """What can be rated here? By exactly one of both: an invitation's `code` as it was typed, or the identity number of
    the tickets, sealed to the court's key (base64)."""

    terminal: str
    code: str | None = Field(default=None, max_length=40)
    identity_sealed: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> RatingQuery:
        if (self.code is None) == (self.identity_sealed is None):
            raise ValueError("either a code or an identity number")
        return self


class RatingStanding(StrEnum):
    """How it stands with what somebody wants to rate."""

    OPEN = "open"
    DONE = "done"  # rated already; how, is nobody's business
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class RatingsFound(ContractModel):
    """What can be rated: where OPEN, the invitations' tokens, the newest first. `now` is the hub's time, by which a
    terminal dates the answer."""

    standing: RatingStanding
    now: AwareDatetime
    tokens: tuple[str, ...] = Field(default=(), max_length=10)


class RatingReceipt(ContractModel):
    """What the hub holds for this matter: `first` says that it is this very answer, else it is the earlier one."""

    invitation_id: UUID
    matter: MatterId
    outcome: RatingOutcome
    grade: int | None
    received: AwareDatetime
    first: bool


class PublishedGrade(ContractModel):
    """One grade as a person sees it; a `bad` one is followed by the offer to say why."""

    value: int = Field(ge=1, le=5)
    bad: bool
    names: Names


class PublishedScale(ContractModel):
    """One scale, best grade first."""

    id: str
    source: str
    grades: tuple[PublishedGrade, ...]


class PublishedReason(ContractModel):
    """One reason offered with a bad grade."""

    code: ReasonCode
    names: Names


class RatingScales(ContractModel):
    """The scales and reasons in force. `version` is what an answer names as `form_version`."""

    version: str
    default: str
    scales: tuple[PublishedScale, ...]
    reasons: tuple[PublishedReason, ...]
