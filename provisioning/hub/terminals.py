"""Which terminals may speak to the hub, and the check of every request they sign (RFC 9421)."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.clock import Clock
from kiosk.court.keys import DEVELOPMENT_TERMINAL_PREFIX, VerifyKey, development_device_key
from kiosk.court.signing import MAX_AGE, SignatureRefusedError, VerifiedRequest, verify
from provisioning.hub import journal
from provisioning.hub.backlogs import Backlog, Held, backlogs_of_all
from provisioning.hub.schema import terminals

TERMINAL_CODE = re.compile(r"[A-Z0-9]{2,12}")
REFRESH_SECONDS = 5.0
"""A revoked terminal is refused by every hub process after at most this long."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The terminal behind a verified request. Development terminals share one published key, so theirs names none."""

    key_id: str
    code: str | None

    def speaks_for(self, code: str) -> bool:
        """Whether this caller may act as the terminal `code`."""
        if self.code is not None:
            return code == self.code
        return code.startswith(DEVELOPMENT_TERMINAL_PREFIX) and TERMINAL_CODE.fullmatch(code) is not None


@dataclass(frozen=True, slots=True)
class _Known:
    code: str | None
    key: VerifyKey


class NonceWindow:
    """Nonces seen within the time a signature is valid. It is lost at a restart, which is harmless: every request of
    the contract can be repeated without effect."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def first_time(self, key_id: str, nonce: str, now: float) -> bool:
        """Remember this nonce; False if it was already there. `now` is monotonic, in seconds."""
        with self._lock:
            while self._seen:
                oldest = next(iter(self._seen))
                if self._seen[oldest] > now:
                    break
                del self._seen[oldest]
            if (key_id, nonce) in self._seen:
                return False
            self._seen[key_id, nonce] = now + self._seconds
            return True


class TerminalDirectory:
    """Active terminals by key id, read again from the database every few seconds."""

    def __init__(self, engine: sa.Engine, clock: Clock, *, development: bool) -> None:
        self._engine = engine
        self._clock = clock
        self._development = development
        self._known: Mapping[str, _Known] = {}
        self._read_at: float | None = None
        self._lock = threading.Lock()
        # Twice the age a signature may have: it may also have been made that much in the future.
        self._nonces = NonceWindow(2 * MAX_AGE.total_seconds())

    def verify(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Caller:
        """Who sent this request. Raises SignatureRefusedError for strangers, changed requests and replays."""
        known = self._current()

        def find(key_id: str) -> VerifyKey | None:
            found = known.get(key_id)
            return found.key if found else None

        request: VerifiedRequest = verify(method, target, headers, body, find_key=find, now=self._clock.now())
        if not self._nonces.first_time(request.key_id, request.nonce, self._clock.monotonic()):
            raise SignatureRefusedError("the request was already received once")
        return Caller(request.key_id, known[request.key_id].code)

    def knows(self, caller: Caller) -> bool:
        """Whether a caller that was verified once is still let in."""
        return caller.key_id in self._current()

    def _current(self) -> Mapping[str, _Known]:
        now = self._clock.monotonic()
        with self._lock:
            if self._read_at is None or now - self._read_at >= REFRESH_SECONDS:
                self._known = self._load()
                self._read_at = now
            return self._known

    def _load(self) -> Mapping[str, _Known]:
        query = sa.select(terminals.c.code, terminals.c.public_key).where(terminals.c.active)
        development = development_device_key().verify_key
        found: dict[str, _Known] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                key = VerifyKey.from_text(row.public_key)
                if key != development:
                    found[key.key_id] = _Known(row.code, key)
        if self._development:
            found[development.key_id] = _Known(None, development)
        return found


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """One line of the console's list of terminals."""

    code: str
    place: str
    active: bool
    last_seen: datetime | None
    software: str | None
    queue_depth: int | None
    ratings: Backlog | None
    reports: Backlog | None


def add_terminal(
    connection: sa.Connection, *, code: str, key: VerifyKey, court: str, place: str, at: datetime, by: str
) -> None:
    """Let a terminal in. Raises ValueError for a code that is no terminal code, is reserved, or is taken."""
    if not TERMINAL_CODE.fullmatch(code):
        raise ValueError("a terminal code is 2 to 12 of the characters A-Z and 0-9")
    if code.startswith(DEVELOPMENT_TERMINAL_PREFIX):
        raise ValueError(f"codes that begin with {DEVELOPMENT_TERMINAL_PREFIX} belong to development terminals")
    if key == development_device_key().verify_key:
        raise ValueError("the published development key is worth nothing; the terminal must make its own")
    if connection.scalar(sa.select(terminals.c.code).where(terminals.c.code == code)) is not None:
        raise ValueError(f"there is already a terminal {code}")
    _insert(connection, code=code, key=key, court=court, place=place, at=at)
    journal.append(
        connection,
        chain=journal.HUB_CHAIN,
        at=at,
        actor=by,
        action="terminal_added",
        subject=code,
        detail={"key_id": key.key_id},
    )


def revoke_terminal(connection: sa.Connection, code: str, *, at: datetime, by: str) -> bool:
    """Shut a terminal out; False where there is no such active terminal."""
    changed = connection.execute(
        sa.update(terminals).where(terminals.c.code == code, terminals.c.active).values(active=False)
    )
    if changed.rowcount:
        journal.append(connection, chain=journal.HUB_CHAIN, at=at, actor=by, action="terminal_revoked", subject=code)
    return changed.rowcount == 1


_MAX_SEQUENCE = sa.select(terminals.c.max_sequence).where(terminals.c.code == sa.bindparam("terminal"))


def seen(connection: sa.Connection, caller: Caller, code: str, *, at: datetime, **facts: int | str) -> int | None:
    """Write down a sign of life and return the highest sequence known before. A development terminal gets its row at
    first contact."""
    before = connection.execute(_MAX_SEQUENCE, {"terminal": code}).first()
    if before is None and caller.code is None:
        key = development_device_key().verify_key
        _insert(connection, code=code, key=key, court="", place="", at=at)
    connection.execute(sa.update(terminals).where(terminals.c.code == code).values(last_seen=at, **facts))
    return before.max_sequence if before else None


def _insert(connection: sa.Connection, *, code: str, key: VerifyKey, court: str, place: str, at: datetime) -> None:
    connection.execute(
        sa.insert(terminals).values(
            code=code,
            key_id=key.key_id,
            public_key=key.text,
            court=court,
            place=place,
            active=True,
            added=at,
        )
    )


def list_terminals(connection: sa.Connection) -> list[TerminalRow]:
    """Every terminal, by code."""
    columns = terminals.c
    query = sa.select(
        columns.code, columns.place, columns.active, columns.last_seen, columns.software, columns.queue_depth
    ).order_by(columns.code)
    held = backlogs_of_all(connection)
    return [
        TerminalRow(*row, held.get((row.code, Held.RATINGS)), held.get((row.code, Held.REPORTS)))
        for row in connection.execute(query)
    ]
