"""Finding what can be rated: by an invitation's token or code, or by the card with which numbers were taken.

Nothing of it is written down: that a person asked, and which matters were theirs, is nobody's business (N10).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.invitations import ForgedError, InvitationRefusedError, read, require_in_time
from kiosk.court.rating import Invitation, RatingKind, RatingOutcome, RatingsFound, RatingStanding
from provisioning.hub.queue.schema import tickets
from provisioning.hub.queue.tickets import matter_id
from provisioning.hub.ratings import invitations
from provisioning.hub.ratings.answers import state_of
from provisioning.hub.ratings.office import RatingOffice

MOST = 10
"""Matters told at once."""

HOLIDAYS = timedelta(days=14)
"""The longest run of days on which no court works, with a margin."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How an invitation stands, and which one it is: the second of its matter where the first was answered and remedied
    (追评); None where there is none."""

    standing: RatingStanding
    invitation: Invitation | None = None


def by_link(connection: sa.Connection, office: RatingOffice, given: str, *, now: datetime) -> Asked:
    """The invitation with this token or code, as it was typed or scanned."""
    try:
        first = read(given, office.key.verify_key) if "." in given else invitations.find_by_code(connection, given)
    except ForgedError:
        first = None
    return _standing(connection, first, now) if first is not None else Asked(RatingStanding.UNKNOWN)


def by_person(
    connection: sa.Connection, office: RatingOffice, court: str, person: str, *, now: datetime
) -> list[Asked]:
    """The matters of the tickets that the person with this keyed hash took in the days in which they can be rated, the
    newest first."""
    matters = _matters_of(connection, office, court, person, now)
    firsts = (invitations.find(connection, matter, RatingKind.FIRST) for matter in matters)
    found = [_standing(connection, first, now) for first in firsts if first is not None]
    return sorted(found, key=_moment, reverse=True)


def told(found: list[Asked], office: RatingOffice, *, now: datetime) -> RatingsFound:
    """What a terminal is told: tokens of what is open; else that it is done, over, or not there."""
    tokens = [
        invitations.token_of(one.invitation, office)
        for one in found
        if one.standing is RatingStanding.OPEN and one.invitation is not None
    ]
    if tokens:
        return RatingsFound(standing=RatingStanding.OPEN, now=now, tokens=tuple(tokens[:MOST]))
    standings = {one.standing for one in found}
    for standing in (RatingStanding.DONE, RatingStanding.EXPIRED):
        if standing in standings:
            return RatingsFound(standing=standing, now=now)
    return RatingsFound(standing=RatingStanding.UNKNOWN, now=now)


def _standing(connection: sa.Connection, invitation: Invitation, now: datetime) -> Asked:
    if state_of(connection, invitation) is RatingOutcome.RATED:
        again = invitations.find(connection, invitation.matter, RatingKind.AGAIN)
        if again is None or state_of(connection, again) is RatingOutcome.RATED:
            return Asked(RatingStanding.DONE, invitation)
        invitation = again
    try:
        require_in_time(invitation, now)
    except InvitationRefusedError:
        return Asked(RatingStanding.EXPIRED, invitation)
    return Asked(RatingStanding.OPEN, invitation)


def _moment(asked: Asked) -> datetime:
    return asked.invitation.issued if asked.invitation is not None else datetime.min.replace(tzinfo=CHINA)


def _matters_of(connection: sa.Connection, office: RatingOffice, court: str, person: str, now: datetime) -> list[str]:
    # The second invitation of a matter comes after its remedy; two days of the calendar hold at least one to work.
    working = 2 * office.rules.valid_days + office.rules.remedy_days
    since = now.astimezone(CHINA).date() - timedelta(days=2 * working) - HOLIDAYS
    rows = connection.execute(
        sa.select(tickets.c.ticket_id, tickets.c.matter).where(
            tickets.c.court == court, tickets.c.business_day >= since, tickets.c.person == person
        )
    )
    return [matter_id(ticket_id, matter) for ticket_id, last in rows for matter in range(1, last + 1)]
