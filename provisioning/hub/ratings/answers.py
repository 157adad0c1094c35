"""Taking answers: one rating per matter and kind, whatever is pressed, repeated, late, early, forged or concurrent.

* The first answer **with a grade** is the matter's rating. It is never changed; everything that comes later gets it
  back (S2-16).
* A refusal or a time-out is kept as "not rated" (S2-15) and does not stand in the way of a rating that still comes
  while the invitation is valid: whoever stands at the pad may not be the person it is for (docs/decisions/0012).
* The moment that counts is the moment of the answer. One given in time at a pad that was offline is taken when it
  arrives, for as long as the court's rules say; only a known terminal may vouch for such a moment.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from kiosk.court.canonical import canonical_json
from kiosk.court.invitations import (
    SKEW,
    ExpiredError,
    ForgedError,
    InvitationRefusedError,
    NotYetValidError,
    read,
    require_in_time,
)
from kiosk.court.rating import Invitation, RatingAnswer, RatingChannel, RatingOutcome, RatingReceipt
from kiosk.rating.scales import Verdict
from provisioning.hub import journal
from provisioning.hub.alarms import AlarmKind, raise_alarm
from provisioning.hub.push import events
from provisioning.hub.ratings import followups, invitations
from provisioning.hub.ratings.counts import Counted, count, counted_as
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.schema import insert_new, rating_sealed, rating_silences, ratings


class Refusal(StrEnum):
    """Why an answer is not taken. None of them says anything about the matter."""

    FORGED = "forged"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    FROM_THE_FUTURE = "from_the_future"  # the answer claims to be given later than now
    GRADE = "grade"  # the invitation's scale has no such grade
    OWN_RATING = "own_rating"  # a member of staff enters a paper form about themselves


class AnswerRefusedError(Exception):
    """An answer that is not taken. Nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Source:
    """Who brings an answer: the name for the journal, its chain, and whether it is a terminal whose signature holds
    (only such a one may vouch that an answer which arrives late was given in time)."""

    actor: str
    chain: str
    known_terminal: bool = False
    staff_pseudonym: str | None = None

    @classmethod
    def terminal(cls, code: str) -> Source:
        """A pad or terminal that signed its request."""
        return cls(code, journal.terminal_chain(code), known_terminal=True)

    @classmethod
    def phone(cls) -> Source:
        """Somebody with the link."""
        return cls("phone", journal.HUB_CHAIN)

    @classmethod
    def staff(cls, name: str, pseudonym: str) -> Source:
        """A member of staff with a paper form."""
        return cls(name, journal.STAFF_CHAIN, staff_pseudonym=pseudonym)


def answer(
    connection: sa.Connection, given: RatingAnswer, source: Source, *, office: RatingOffice, now: datetime
) -> RatingReceipt:
    """Take `given`; what the hub holds for its matter afterwards. Raises AnswerRefusedError."""
    try:
        invitation = read(given.token, office.key.verify_key)
    except ForgedError as error:
        raise AnswerRefusedError(Refusal.FORGED) from error
    if source.staff_pseudonym == invitation.staff:
        raise AnswerRefusedError(Refusal.OWN_RATING)
    kept = invitations.hold(connection, office, invitation)
    sha256 = hashlib.sha256(canonical_json(given)).hexdigest()
    if (held := _held(connection, kept, sha256)) is not None:
        return held
    _require_time(invitation, given, source, office=office, now=now)
    match given.outcome:
        case RatingOutcome.RATED:
            _rate(connection, kept, given, source, office=office, sha256=sha256, now=now)
        case RatingOutcome.DECLINED | RatingOutcome.TIMED_OUT:
            _keep_silence(connection, kept, given, source, sha256=sha256, now=now)
    receipt = _held(connection, kept, sha256) or _silence(connection, kept, sha256)
    if receipt is None:
        raise LookupError("an answer that was just stored is not there")
    return receipt


def report_forgery(connection: sa.Connection, source: Source, *, now: datetime) -> None:
    """Tell the staff that somebody sends forged invitations: one alarm until somebody has dealt with it, however many
    are sent. A job of its own, for the refused one changes nothing."""
    terminal = source.actor if source.known_terminal else None
    if raise_alarm(connection, at=now, kind=AlarmKind.RATING_FORGED, detail=source.actor, terminal=terminal):
        journal.append(
            connection, chain=source.chain, at=now, actor=source.actor, action="rating_forged", subject=source.actor
        )


def state_of(connection: sa.Connection, invitation: Invitation) -> RatingOutcome | None:
    """What has become of an invitation, without its grade; None where nothing came yet."""
    if (held := _held(connection, invitation, "") or _silence(connection, invitation, "")) is None:
        return None
    return held.outcome


def has_rating(connection: sa.Connection, invitation: Invitation) -> bool:
    """Whether the matter has its rating; who said nothing may still be asked."""
    return _held(connection, invitation, "") is not None


def _require_time(
    invitation: Invitation, given: RatingAnswer, source: Source, *, office: RatingOffice, now: datetime
) -> None:
    if given.answered > now + SKEW:
        raise AnswerRefusedError(Refusal.FROM_THE_FUTURE)
    try:
        require_in_time(invitation, given.answered)
        if not (source.known_terminal or given.channel is RatingChannel.PAPER):
            require_in_time(invitation, now)
        elif now > invitation.expires + SKEW + office.rules.late:
            raise ExpiredError("the answer comes too late")
    except InvitationRefusedError as error:
        early = isinstance(error, NotYetValidError)
        raise AnswerRefusedError(Refusal.NOT_YET_VALID if early else Refusal.EXPIRED) from error


def _rate(
    connection: sa.Connection,
    invitation: Invitation,
    given: RatingAnswer,
    source: Source,
    *,
    office: RatingOffice,
    sha256: str,
    now: datetime,
) -> None:
    grade = given.grade or 0
    try:
        verdict = office.scales.scale(invitation.scale).grade(grade).verdict
    except KeyError as error:
        raise AnswerRefusedError(Refusal.GRADE) from error
    key = {"matter": invitation.matter, "kind": invitation.kind.value}
    row = key | {
        "invitation_id": str(invitation.invitation_id),
        "grade": grade,
        "reasons": json.dumps(given.reasons),
        "channel": given.channel.value,
        "language": given.language,
        "answered": given.answered,
        "received": now,
        "device": given.device,
        "form_version": given.form_version,
        "named": given.named_sealed is not None,
        "answer_sha256": sha256,
    }
    if not insert_new(connection, ratings, row):
        return  # another hub process was first
    if given.comment_sealed or given.named_sealed:
        sealed = {"comment_sealed": given.comment_sealed, "named_sealed": given.named_sealed, "received": now}
        connection.execute(sa.insert(rating_sealed).values(key | sealed))
    silence = _silence(connection, invitation, "")
    if silence is not None:
        connection.execute(
            sa.delete(rating_silences).where(
                rating_silences.c.matter == invitation.matter, rating_silences.c.kind == invitation.kind.value
            )
        )
        count(connection, invitation, counted_as(silence.outcome), change=-1)
    count(connection, invitation, Counted.RATED, grade=grade)
    if verdict is Verdict.BAD:
        named = given.named_sealed is not None
        followups.open_one(connection, office, invitation, grade=grade, named=named, now=now)
    _tell(connection, invitation, given, source, now)


def _keep_silence(
    connection: sa.Connection,
    invitation: Invitation,
    given: RatingAnswer,
    source: Source,
    *,
    sha256: str,
    now: datetime,
) -> None:
    row = {
        "matter": invitation.matter,
        "kind": invitation.kind.value,
        "invitation_id": str(invitation.invitation_id),
        "outcome": given.outcome.value,
        "received": now,
        "device": given.device,
        "answer_sha256": sha256,
    }
    if insert_new(connection, rating_silences, row):
        count(connection, invitation, counted_as(given.outcome))
        _tell(connection, invitation, given, source, now)


def _tell(
    connection: sa.Connection, invitation: Invitation, given: RatingAnswer, source: Source, now: datetime
) -> None:
    """The journal and the window's pad learn that an answer came; the grade is nobody's business there (N10)."""
    journal.append(
        connection,
        chain=source.chain,
        at=now,
        actor=source.actor,
        action="rating_received",
        subject=str(invitation.invitation_id),
        detail={"outcome": given.outcome.value, "channel": given.channel.value, "kind": invitation.kind.value},
    )
    events.record(
        connection,
        kind=events.EventKind.RATING_CLOSED,
        audience=events.window_topic(invitation.window),
        data={"invitation_id": str(invitation.invitation_id)},
        at=now,
    )


_RATING = sa.select(ratings.c.invitation_id, ratings.c.grade, ratings.c.received, ratings.c.answer_sha256).where(
    ratings.c.matter == sa.bindparam("of"), ratings.c.kind == sa.bindparam("which")
)
_SILENCE = sa.select(rating_silences).where(
    rating_silences.c.matter == sa.bindparam("of"), rating_silences.c.kind == sa.bindparam("which")
)


def _key(invitation: Invitation) -> dict[str, str]:
    return {"of": invitation.matter, "which": invitation.kind.value}


def _held(connection: sa.Connection, invitation: Invitation, sha256: str) -> RatingReceipt | None:
    row = connection.execute(_RATING, _key(invitation)).first()
    if row is None:
        return None
    return RatingReceipt(
        invitation_id=row.invitation_id,
        matter=invitation.matter,
        outcome=RatingOutcome.RATED,
        grade=row.grade,
        received=row.received,
        first=row.answer_sha256 == sha256,
    )


def _silence(connection: sa.Connection, invitation: Invitation, sha256: str) -> RatingReceipt | None:
    row = connection.execute(_SILENCE, _key(invitation)).first()
    if row is None:
        return None
    return RatingReceipt(
        invitation_id=row.invitation_id,
        matter=invitation.matter,
        outcome=RatingOutcome(row.outcome),
        grade=None,
        received=row.received,
        first=row.answer_sha256 == sha256,
    )
