"""Staff accounts and their sessions: passwords hashed with argon2id, lock-out after failures, tokens stored hashed."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from provisioning.hub import journal
from provisioning.hub.permissions import Role
from provisioning.hub.schema import staff, staff_sessions
from provisioning.hub.statements import Prepared

NAME = re.compile(r"[\w.\-]{2,40}")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
FREE_FAILURES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=10)
TOUCH_EVERY = timedelta(minutes=1)


class StaffRefusedError(Exception):
    """An account cannot be made or changed so; the text says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the staff list."""

    name: str
    role: Role
    active: bool
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever holds a valid session cookie."""

    name: str
    role: Role
    csrf: str
    token_hash: str
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a password outside the writer."""

    password_hash: str
    usable: bool


@cache
def _hasher() -> PasswordHasher:
    # OWASP's second argon2id profile: 19 MiB and two passes, so that a small court server copes with many at once.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex())


def hash_password(password: str) -> str:
    """Argon2id hash. Raises StaffRefusedError for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise StaffRefusedError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return _hasher().hash(password)


def password_fits(credentials: Credentials | None, password: str) -> bool:
    """Whether `password` opens the account. Takes as long for an unknown or locked account as for a known one."""
    try:
        fits = _hasher().verify(credentials.password_hash if credentials else _nobody(), password[:LONGEST_PASSWORD])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return fits and credentials is not None and credentials.usable


def add_account(connection: sa.Connection, *, name: str, role: Role, password_hash: str, at: datetime, by: str) -> None:
    """Make an account. Raises StaffRefusedError for a name that is malformed or taken."""
    if not NAME.fullmatch(name):
        raise StaffRefusedError("a name has 2 to 40 letters, digits, dots, hyphens or underscores")
    if connection.scalar(sa.select(staff.c.name).where(staff.c.name == name)) is not None:
        raise StaffRefusedError(f"there is already an account {name}")
    connection.execute(
        sa.insert(staff).values(
            name=name, role=role.value, password_hash=password_hash, active=True, failures=0, added=at
        )
    )
    _journal(connection, "account_added", name, by, at, role=role.value)


def set_password(connection: sa.Connection, *, name: str, password_hash: str, at: datetime, by: str) -> None:
    """Replace a password, lift a lock and end the account's sessions. Raises StaffRefusedError."""
    _update(connection, name, password_hash=password_hash, failures=0, locked_until=None)
    connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.staff == name))
    _journal(connection, "password_set", name, by, at)


def set_active(connection: sa.Connection, *, name: str, active: bool, at: datetime, by: str) -> None:
    """Close or reopen an account; closing ends its sessions. Raises StaffRefusedError."""
    _update(connection, name, active=active)
    if not active:
        connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.staff == name))
    _journal(connection, "account_opened" if active else "account_closed", name, by, at)


def accounts(connection: sa.Connection) -> list[Account]:
    """Every account, by name."""
    rows = connection.execute(sa.select(staff).order_by(staff.c.name))
    return [Account(row.name, Role(row.role), row.active, row.locked_until) for row in rows]


def credentials_of(connection: sa.Connection, name: str, *, now: datetime) -> Credentials | None:
    """What `password_fits` needs; None for an unknown name."""
    row = connection.execute(sa.select(staff).where(staff.c.name == name)).first()
    if row is None:
        return None
    return Credentials(row.password_hash, row.active and (row.locked_until is None or row.locked_until <= now))


def sign_in(connection: sa.Connection, name: str, *, now: datetime) -> str:
    """Begin a session after the password was found right; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    _update(connection, name, failures=0, locked_until=None)
    connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.started < now - ABSOLUTE_LIMIT))
    connection.execute(
        sa.insert(staff_sessions).values(
            token_hash=_token_hash(token), staff=name, csrf=secrets.token_urlsafe(24), started=now, last_seen=now
        )
    )
    _journal(connection, "signed_in", name, name, now)
    return token


def note_failure(connection: sa.Connection, name: str, *, now: datetime) -> None:
    """Count a wrong password; from the fifth on the account is locked, twice as long each time."""
    query = sa.select(staff.c.failures, staff.c.locked_until).where(staff.c.name == name).with_for_update()
    row = connection.execute(query).first()
    if row is None or (row.locked_until and row.locked_until > now):
        return  # trying on while locked must not lock a colleague out for good
    failures = row.failures + 1
    locked: datetime | None = None
    if failures >= FREE_FAILURES:
        locked = now + min(FIRST_LOCK * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_LOCK)
    connection.execute(sa.update(staff).where(staff.c.name == name).values(failures=failures, locked_until=locked))
    _journal(connection, "sign_in_refused", name, name, now, failures=failures)


class _Session(NamedTuple):
    token_hash: str
    staff: str
    csrf: str
    started: datetime
    last_seen: datetime
    role: str


_SESSION = Prepared(
    sa.select(*(staff_sessions.c[name] for name in _Session._fields[:-1]), staff.c.role)
    .join(staff, staff.c.name == staff_sessions.c.staff)
    .where(staff_sessions.c.token_hash == sa.bindparam("token"), staff.c.active)
)


def who(connection: sa.Connection, token: str, *, now: datetime) -> SignedIn | None:
    """The person behind a session cookie, None where it is unknown, idle for 30 minutes or ten hours old."""
    found = _SESSION.first(connection, {"token": _token_hash(token)})
    if found is None:
        return None
    row = _Session(*found)
    if now - row.last_seen > IDLE_LIMIT or now - row.started > ABSOLUTE_LIMIT:
        return None
    return SignedIn(row.staff, Role(row.role), row.csrf, row.token_hash, row.last_seen)


def touch(connection: sa.Connection, token_hash: str, *, now: datetime) -> None:
    """Put off the idle limit."""
    connection.execute(sa.update(staff_sessions).where(staff_sessions.c.token_hash == token_hash).values(last_seen=now))


def sign_out(connection: sa.Connection, person: SignedIn, *, now: datetime) -> None:
    """End a session."""
    connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.token_hash == person.token_hash))
    _journal(connection, "signed_out", person.name, person.name, now)


def _update(connection: sa.Connection, name: str, **values: object) -> None:
    if connection.execute(sa.update(staff).where(staff.c.name == name).values(**values)).rowcount == 0:
        raise StaffRefusedError(f"there is no account {name}")


def _journal(connection: sa.Connection, action: str, subject: str, actor: str, at: datetime, **detail: object) -> None:
    journal.append(
        connection, chain=journal.STAFF_CHAIN, at=at, actor=actor, action=action, subject=subject, detail=detail
    )


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
