"""Rating invitations and their answers on this terminal: one a matter, durable before anybody is thanked (S2-16).

    WAITING --shown--> SHOWN --grade touched--> GRADED --done--> ANSWERED --hub has it--> DELIVERED
       |                 |--"no, thank you", time-out-------------^   |----never taken--> REFUSED
       +-----------------+--answered elsewhere--> CLOSED

What was touched first stays: a later grade, refusal or time-out of the same invitation changes nothing. A time-out is
no answer: after it the court may invite once more, and somebody may still rate. What was answered is erased here once
it lies in a backup of the hub; a hub that was restored from an earlier one is brought it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.court.canonical import canonical_json
from kiosk.court.rating import Invitation, RatingAnswer, RatingOutcome
from kiosk.outbox.errors import UnknownInvitationError
from kiosk.outbox.schema import rating

FORGET_AFTER = timedelta(days=1)
"""How long after its expiry a settled invitation is remembered; its token is refused by then."""


class RatingState(StrEnum):
    """Where an invitation stands on this terminal."""

    WAITING = "waiting"
    SHOWN = "shown"
    GRADED = "graded"  # a grade was touched; reasons may still follow
    ANSWERED = "answered"  # to be sent
    DELIVERED = "delivered"
    REFUSED = "refused"  # the hub will never take it; kept for a person to look at
    CLOSED = "closed"  # answered elsewhere


OPEN = (RatingState.WAITING, RatingState.SHOWN)
_SETTLED = (RatingState.DELIVERED, RatingState.REFUSED, RatingState.CLOSED)


@dataclass(frozen=True, slots=True)
class HeldInvitation:
    """One invitation this terminal holds. `language` is that of the person's ticket."""

    invitation_id: UUID
    matter: str
    token: str
    language: str
    received_at: datetime
    state: RatingState


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer on its way to the hub. `stored` are its bytes as they lie here."""

    invitation_id: UUID
    answer: RatingAnswer
    stored: bytes


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the hub does not have. `waiting`: ratings (touched grades too) or reports; `oldest`: when the first of them
    was given; `refused`: those it will never take."""

    waiting: int
    oldest: datetime | None
    refused: int


def add(connection: sa.Connection, invitation: Invitation, token: str, *, language: str, now: datetime) -> bool:
    """Take in an invitation; whether it is to be shown. One whose matter was answered, here or elsewhere, never is."""
    matter = rating.c.matter == invitation.matter, rating.c.kind == invitation.kind.value
    row = connection.execute(sa.select(rating).where(*matter)).first()
    fresh = {
        "invitation_id": str(invitation.invitation_id),
        "arrival": (connection.execute(sa.select(sa.func.max(rating.c.arrival))).scalar() or 0) + 1,
        "token": token,
        "language": language,
        "received_at": now.isoformat(),
        "expires": invitation.expires.isoformat(),
        "state": RatingState.WAITING.value,
    }
    if row is None:
        new = {"matter": invitation.matter, "kind": invitation.kind.value}
        connection.execute(rating.insert().values(**new, **fresh))
    elif row.outcome == RatingOutcome.TIMED_OUT.value and row.state not in OPEN:
        connection.execute(rating.update().where(*matter).values(**fresh))
    else:
        return False
    return True


def held(connection: sa.Connection, *states: RatingState) -> list[HeldInvitation]:
    """Invitations in one of `states`, the first to arrive first."""
    rows = connection.execute(
        sa.select(rating).where(rating.c.state.in_([state.value for state in states])).order_by(rating.c.arrival)
    )
    return [_held(row) for row in rows]


def find(connection: sa.Connection, invitation_id: UUID) -> HeldInvitation:
    """One invitation. Raises UnknownInvitationError."""
    return _held(_row(connection, invitation_id))


def shown(connection: sa.Connection, invitation_id: UUID) -> None:
    """It is on the screen. Raises UnknownInvitationError."""
    row = _row(connection, invitation_id)
    if row.state == RatingState.WAITING.value:
        _update(connection, invitation_id, state=RatingState.SHOWN.value)


def refresh(connection: sa.Connection, invitation_id: UUID, now: datetime) -> None:
    """It was not shown because the pad was busy, and counts as received `now`. Raises UnknownInvitationError."""
    row = _row(connection, invitation_id)
    if row.state == RatingState.WAITING.value:
        _update(connection, invitation_id, received_at=now.isoformat())


def answer(connection: sa.Connection, invitation_id: UUID, given: RatingAnswer, now: datetime, *, done: bool) -> None:
    """Keep `given` for good; until it is `done`, reasons, comment and name may still be added to its grade. Nothing
    happens where another answer was first. Raises UnknownInvitationError."""
    row = _row(connection, invitation_id)
    if row.state == RatingState.GRADED.value:
        first = RatingAnswer.model_validate_json(row.answer)
        if given.grade == first.grade and given.outcome is first.outcome:
            first = given
        given = first
    elif row.state not in OPEN:
        unanswered = row.outcome in {None, RatingOutcome.TIMED_OUT.value}
        if not unanswered or given.outcome is RatingOutcome.TIMED_OUT:
            return
    graded = given.outcome is RatingOutcome.RATED and not done
    state = RatingState.GRADED if graded else RatingState.ANSWERED
    _update(connection, invitation_id, state=state.value, outcome=given.outcome.value, answer=canonical_json(given))
    if state is RatingState.ANSWERED:
        detail = {"invitation": str(invitation_id), "outcome": given.outcome.value}
        append(connection, now, AuditKind.RATING_ANSWERED, detail)


def complete(connection: sa.Connection, invitation_id: UUID, now: datetime) -> None:
    """Whoever touched a grade has gone, or their window has: the grade stands as it is."""
    row = _row(connection, invitation_id)
    if row.state == RatingState.GRADED.value:
        answer(connection, invitation_id, RatingAnswer.model_validate_json(row.answer), now, done=True)


def close(connection: sa.Connection, invitation_id: UUID) -> bool:
    """It was answered elsewhere; whether it was open here until now."""
    chosen = rating.c.invitation_id == str(invitation_id), rating.c.state.in_([state.value for state in OPEN])
    changed = connection.execute(rating.update().where(*chosen).values(state=RatingState.CLOSED.value)).rowcount
    return bool(changed)


def drop_unshown(connection: sa.Connection, invitation_id: UUID) -> None:
    """It is too late to show it, and nobody has seen it; a time-out from before stands."""
    row = _row(connection, invitation_id)
    if row.state != RatingState.WAITING.value:
        return
    if row.outcome is None:
        connection.execute(rating.delete().where(rating.c.invitation_id == str(invitation_id)))
    else:
        before = RatingState.DELIVERED if row.answer is None else RatingState.ANSWERED
        _update(connection, invitation_id, state=before.value)


def undelivered(connection: sa.Connection, limit: int) -> list[HeldAnswer]:
    """Answers the hub does not have, the oldest first."""
    rows = connection.execute(
        sa.select(rating.c.invitation_id, rating.c.answer)
        .where(rating.c.state == RatingState.ANSWERED.value)
        .order_by(rating.c.arrival)
        .limit(limit)
    )
    return [
        HeldAnswer(UUID(row.invitation_id), RatingAnswer.model_validate_json(row.answer), row.answer) for row in rows
    ]


def backlog(connection: sa.Connection) -> Backlog:
    """How much the hub does not have, and for how long. A grade whose pad died at it counts: no pad may ever return."""
    unsent = rating.c.state.in_((RatingState.ANSWERED.value, RatingState.GRADED.value))
    given = [
        RatingAnswer.model_validate_json(row.answer).answered
        for row in connection.execute(sa.select(rating.c.answer).where(unsent))
    ]
    refused = sa.select(sa.func.count()).select_from(rating).where(rating.c.state == RatingState.REFUSED.value)
    return Backlog(len(given), min(given, default=None), connection.execute(refused).scalar_one())


def delivered(connection: sa.Connection, sent: HeldAnswer, now: datetime) -> None:
    """The hub has an answer to this matter, this one or an earlier one."""
    if _settle(connection, sent, RatingState.DELIVERED):
        append(connection, now, AuditKind.RATING_DELIVERED, {"invitation": str(sent.invitation_id)})


def refused(connection: sa.Connection, sent: HeldAnswer, reason: str, now: datetime) -> None:
    """The hub will never take this answer; it stays here until it is forgotten with its invitation."""
    if _settle(connection, sent, RatingState.REFUSED):
        detail = {"invitation": str(sent.invitation_id), "reason": reason[:200]}
        append(connection, now, AuditKind.RATING_REFUSED, detail)


def forget(connection: sa.Connection, now: datetime) -> int:
    """Delete settled invitations that expired long enough ago; how many."""
    settled = rating.c.state.in_([state.value for state in _SETTLED])
    rows = connection.execute(sa.select(rating.c.invitation_id, rating.c.expires).where(settled)).all()
    old = [row.invitation_id for row in rows if datetime.fromisoformat(row.expires) + FORGET_AFTER < now]
    if old:
        connection.execute(rating.delete().where(rating.c.invitation_id.in_(old)))
    return len(old)


def _row(connection: sa.Connection, invitation_id: UUID) -> sa.Row[tuple[object, ...]]:
    row = connection.execute(sa.select(rating).where(rating.c.invitation_id == str(invitation_id))).first()
    if row is None:
        raise UnknownInvitationError("no invitation of that id")
    return row


def _update(connection: sa.Connection, invitation_id: UUID, **values: object) -> None:
    connection.execute(rating.update().where(rating.c.invitation_id == str(invitation_id)).values(**values))


def _settle(connection: sa.Connection, sent: HeldAnswer, state: RatingState, **values: object) -> bool:
    """Only what was sent is settled: somebody may have answered after a time-out that was on its way."""
    chosen = rating.c.invitation_id == str(sent.invitation_id), rating.c.answer == sent.stored
    return bool(connection.execute(rating.update().where(*chosen).values(state=state.value, **values)).rowcount)


def _held(row: sa.Row[tuple[object, ...]]) -> HeldInvitation:
    return HeldInvitation(
        UUID(row.invitation_id),
        row.matter,
        row.token,
        row.language,
        datetime.fromisoformat(row.received_at),
        RatingState(row.state),
    )
