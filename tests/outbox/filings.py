"""Synthetic filings for the tests of outbox and agent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kiosk.agent.assembly import Filing, Part
from kiosk.agent.core import Agent
from kiosk.clock import SystemClock
from kiosk.court.contract import BlobRole, Channel
from kiosk.court.envelope import Capacity, Envelope, FeeNotice, IdentitySource, Party, PartyKind
from kiosk.court.uuid7 import uuid7
from kiosk.outbox.filing import Committed

NUMBER = "110101199003072316"
"""A number in the form of a resident identity number, of nobody."""
NAME = "示例原告甲"
SLIP = b"\x89PNG slip of the person"
SLIP_COPY = b"\x89PNG slip, copy"


def envelope(submission_id: UUID, receipt_no: str, created: datetime, court: str = "吉0102") -> Envelope:
    """A complaint of the smallest kind, with an identity number and a name in it."""
    return Envelope(
        submission_id=submission_id,
        receipt_no=receipt_no,
        created=created,
        language="zh",
        channel=Channel.TERMINAL,
        handling_court=court,
        competent_court=court,
        identity_source=IdentitySource.CARD,
        identity_document="resident",
        identity_number=NUMBER,
        capacity=Capacity.SELF,
        parties=(Party(role="plaintiff", kind=PartyKind.NATURAL, name=NAME, fields={"number": NUMBER}),),
        cause_code="9999",
        cause_name="民间借贷纠纷",
        cause_version="2026-01-01",
        form_id="general",
        form_version="1",
        answers={"facts": f"{NAME} {NUMBER}"},
        fee=FeeNotice(kind="property", amount_in_dispute="1000", fee="50", prepaid=True, table_version="2007-04-01"),
        evidence=(),
        mediation=None,
        consents=(),
        service_address={"address": "示例路1号"},
        corrections=(),
        signed_on=created.date(),
    )


def fresh_id() -> UUID:
    """A submission id as a window makes it."""
    return uuid7(SystemClock().now())


@dataclass(frozen=True)
class Documents:
    """Sizes in bytes of the scans and of the complaint."""

    volume: int = 2000
    complaint: int = 1000


def filing(agent: Agent, submission_id: UUID, sizes: Documents | None = None) -> Filing:
    """A filing whose number is reserved; its documents hold the identity number in the clear."""
    sizes = sizes or Documents()
    held = agent.reserve_receipt(submission_id)
    inside = envelope(submission_id, held.receipt_no, held.received_at, agent.terminal.court_code)
    marked = f"%PDF {NAME} {NUMBER} ".encode()
    return Filing(
        submission_id,
        (
            Part(BlobRole.ENVELOPE, "application/json", inside.model_dump_json().encode()),
            Part(BlobRole.COMPLAINT, "application/pdf", marked + os.urandom(sizes.complaint)),
            Part(BlobRole.VOLUME, "application/pdf", marked + os.urandom(sizes.volume)),
        ),
        SLIP,
        SLIP_COPY,
    )


def hand_in(agent: Agent, sizes: Documents | None = None) -> Committed:
    """One whole filing, committed."""
    return agent.commit(filing(agent, fresh_id(), sizes))
