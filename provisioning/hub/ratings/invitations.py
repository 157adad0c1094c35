"""Inviting: one invitation per matter and kind, the same one however often it is asked for (S2-15, S2-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.court.invitations import normalise_code, short_code, sign
from kiosk.court.rating import Invitation, RatingKind
from kiosk.court.uuid7 import uuid7
from provisioning.hub.ratings.counts import Counted, count
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.rules import end_of_working_day
from provisioning.hub.ratings.schema import insert_new, rating_invitations, take_turns


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation, its token for pads and QR codes, and the code for paper and phones (`/r/<code>`)."""

    invitation: Invitation
    token: str
    code: str


def invite(
    connection: sa.Connection,
    office: RatingOffice,
    *,
    matter: str,
    window: str,
    staff: str,
    service: str,
    now: datetime,
    mediator: str | None = None,
    kind: RatingKind = RatingKind.FIRST,
) -> Issued:
    """The invitation to rate `matter`; the first call for a matter and kind makes it, later ones return it unchanged.

    `staff` and `mediator` are account names and become pseudonyms. Raises pydantic.ValidationError for a matter that is
    not a MatterId.
    """
    pseudonyms = office.pseudonyms
    return store(
        connection,
        office,
        Invitation(
            invitation_id=uuid7(now),
            matter=matter,
            kind=kind,
            window=window,
            staff=pseudonyms.of_staff(staff),
            service=service,
            mediator=pseudonyms.of_staff(mediator) if mediator else None,
            scale=office.rules.scale,
            issued=now,
            expires=end_of_working_day(now, office.rules.valid_days, office.calendar),
        ),
    )


def invite_again(connection: sa.Connection, office: RatingOffice, first: Invitation, *, now: datetime) -> Issued:
    """The one further invitation (追评) to a matter whose bad rating was remedied."""
    expires = end_of_working_day(now, office.rules.valid_days, office.calendar)
    changed = {"invitation_id": uuid7(now), "kind": RatingKind.AGAIN, "issued": now, "expires": expires}
    return store(connection, office, first.model_copy(update=changed))


def store(connection: sa.Connection, office: RatingOffice, invitation: Invitation) -> Issued:
    """Keep `invitation` unless its matter has one of this kind; the one that is kept."""
    take_turns(connection)
    row = invitation.model_dump(mode="python") | {
        "invitation_id": str(invitation.invitation_id),
        "kind": invitation.kind.value,
        "code": short_code(invitation.invitation_id),
    }
    if insert_new(connection, rating_invitations, row):
        count(connection, invitation, Counted.INVITED)
        return _issued(invitation, office)
    held = find(connection, invitation.matter, invitation.kind)
    if held is None:
        raise LookupError("an invitation's id or code is taken by another matter")
    return _issued(held, office)


def hold(connection: sa.Connection, office: RatingOffice, invitation: Invitation) -> Invitation:
    """The kept invitation of the matter of `invitation`; answers come one after the other from here to the end of the
    transaction. A signed one that is not kept (a backup was restored) is taken in."""
    take_turns(connection)
    found = find(connection, invitation.matter, invitation.kind)
    return found or store(connection, office, invitation).invitation


def find(connection: sa.Connection, matter: str, kind: RatingKind) -> Invitation | None:
    """The invitation of a matter and kind."""
    return _one(connection, _OF_MATTER, {"of": matter, "kind": kind.value})


def find_by_code(connection: sa.Connection, typed: str) -> Invitation | None:
    """The invitation with the code a person typed or scanned."""
    code = normalise_code(typed)
    return _one(connection, _BY_CODE, {"code": code}) if code else None


def latest_at(connection: sa.Connection, window: str, *, since: datetime) -> Invitation | None:
    """The newest invitation that was made at `window` since then."""
    return _one(connection, _LATEST, {"at": window, "since": since})


def token_of(invitation: Invitation, office: RatingOffice) -> str:
    """The token of a kept invitation; it is not stored, for it is always the same."""
    return sign(invitation, office.key)


def _issued(invitation: Invitation, office: RatingOffice) -> Issued:
    return Issued(invitation, token_of(invitation, office), short_code(invitation.invitation_id))


_OF_MATTER = sa.select(rating_invitations).where(
    rating_invitations.c.matter == sa.bindparam("of"), rating_invitations.c.kind == sa.bindparam("kind")
)
_BY_CODE = sa.select(rating_invitations).where(rating_invitations.c.code == sa.bindparam("code"))
_LATEST = (
    sa.select(rating_invitations)
    .where(
        rating_invitations.c.window == sa.bindparam("at"),
        rating_invitations.c.issued >= sa.bindparam("since", type_=rating_invitations.c.issued.type),
    )
    .order_by(rating_invitations.c.issued.desc(), rating_invitations.c.invitation_id.desc())
    .limit(1)
)


def _one(connection: sa.Connection, query: sa.Executable, values: Mapping[str, object]) -> Invitation | None:
    row = connection.execute(query, values).first()
    if row is None:
        return None
    return Invitation(**{name: value for name, value in row._mapping.items() if name != "code"})
