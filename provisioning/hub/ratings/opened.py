"""Opening one rating, for whoever handles its follow-up: written down in the journal each time (N10).

Grade, reasons and the day are shown, and the comment. Which matter it was, and who, only where the person chose to be
named; and nothing at all to the person the rating is about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.rating import RatingChannel
from kiosk.court.sealing import CourtPrivateKey, SealRefusedError, unseal_text
from provisioning.hub import journal
from provisioning.hub.ratings import followups
from provisioning.hub.ratings.followups import FollowupState
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.rules import RatingRules
from provisioning.hub.ratings.schema import rating_followups, rating_sealed, ratings


@dataclass(frozen=True, slots=True)
class OpenedRating:
    """What may be read of one rating. `comment` and `named` are None where there is none, where they were erased, and
    where they do not open (`damaged`)."""

    reasons: tuple[str, ...]
    channel: RatingChannel
    language: str
    day: date
    comment: str | None
    named: str | None
    matter: str | None
    damaged: bool


def open_rating(
    connection: sa.Connection,
    office: RatingOffice,
    key: CourtPrivateKey,
    followup_id: UUID,
    *,
    viewer: str,
    now: datetime,
) -> OpenedRating:
    """The rating behind a follow-up. Raises LookupError where there is none that `viewer` may see."""
    followup = followups.find(connection, office, followup_id, viewer=viewer)
    if followup is None:
        raise LookupError("there is no such follow-up")
    row = connection.execute(
        sa.select(ratings, rating_sealed.c.comment_sealed, rating_sealed.c.named_sealed)
        .join(
            rating_followups,
            (rating_followups.c.matter == ratings.c.matter) & (rating_followups.c.kind == ratings.c.kind),
        )
        .outerjoin(
            rating_sealed, (rating_sealed.c.matter == ratings.c.matter) & (rating_sealed.c.kind == ratings.c.kind)
        )
        .where(rating_followups.c.followup_id == followup.followup_id)
    ).one()
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=now,
        actor=viewer,
        action="rating_opened",
        subject=followup.followup_id,
    )
    damaged = False
    texts: list[str | None] = []
    for sealed in (row.comment_sealed, row.named_sealed):
        try:
            texts.append(unseal_text(sealed, key) if sealed else None)
        except SealRefusedError:
            texts.append(None)
            damaged = True
    return OpenedRating(
        reasons=tuple(json.loads(row.reasons)),
        channel=RatingChannel(row.channel),
        language=row.language,
        day=row.received.astimezone(CHINA).date(),
        comment=texts[0],
        named=texts[1],
        matter=row.matter if row.named else None,
        damaged=damaged,
    )


def erase_sealed(connection: sa.Connection, rules: RatingRules, *, now: datetime) -> int:
    """Erase comments and names that are older than the court keeps them and whose follow-up, if any, is closed
    (个人信息保护法 19, 47); how many. The rating itself stays."""
    still_open = (
        sa.select(rating_followups.c.followup_id)
        .where(
            rating_followups.c.matter == rating_sealed.c.matter,
            rating_followups.c.kind == rating_sealed.c.kind,
            rating_followups.c.state != FollowupState.CLOSED.value,
        )
        .exists()
    )
    erased = connection.execute(
        sa.delete(rating_sealed).where(rating_sealed.c.received < now - rules.sealed_keep, ~still_open)
    ).rowcount
    journal.note_erased(connection, action="rating_texts_erased", subject="ratings", count=erased, at=now)
    return erased
