"""A hub's database with a rating office, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA, ManualClock
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome, RatingReceipt
from kiosk.court.sealing import CourtPrivateKey
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import INDEX_KEY, DataDirectory
from provisioning.hub.engine import Database
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role
from provisioning.hub.ratings.answers import Source, answer
from provisioning.hub.ratings.invitations import Issued, invite
from provisioning.hub.ratings.office import Pseudonyms, RatingOffice
from provisioning.hub.staff import add_account
from provisioning.hub.writer import Writer
from tests.hub.conftest import StartHub
from tests.hub.consoles import Browser
from tests.hub.processes import HubProcess
from tests.hub.ratings.hall import Hall, OpenAs

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
"""A Monday."""

PAD = Source.terminal("DEV01")
CLERK = "示例书记员"
LEADER = "示例主任"


@dataclass
class Court:
    """What the tests of ratings work with."""

    database: Database
    writer: Writer
    office: RatingOffice
    sealing: CourtPrivateKey
    clock: ManualClock
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, job: Callable[[sa.Connection], T]) -> T:
        """A job of the writer."""
        return self.writer.submit(job).result(60)

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """A query."""
        with self.database.reading.connect() as connection:
            return query(connection)

    def invite(self, matter: str | None = None, **changes: str) -> Issued:
        """An invitation to rate a ticket served by CLERK at window 3."""
        values = {"window": "3", "staff": CLERK, "service": "filing"} | changes
        named, now = matter or f"ticket:{next(self.numbers)}", self.clock.now()
        return self.run(lambda c: invite(c, self.office, matter=named, now=now, **values))

    def form(self, token: str, grade: int | None = 5, **changes: object) -> RatingAnswer:
        """An answer at the pad, now."""
        values: dict[str, object] = {
            "token": token,
            "outcome": RatingOutcome.RATED if grade else RatingOutcome.TIMED_OUT,
            "grade": grade,
            "channel": RatingChannel.PAD,
            "answered": self.clock.now(),
            "device": "DEV01",
            "form_version": self.office.scales.version,
        }
        return RatingAnswer.model_validate(values | changes)

    def answer(self, given: RatingAnswer, source: Source = PAD) -> RatingReceipt:
        """Hand it in. Raises AnswerRefusedError."""
        now = self.clock.now()
        return self.run(lambda c: answer(c, given, source, office=self.office, now=now))

    def rate(self, grade: int, **changes: str) -> Issued:
        """Invite to a new matter and rate it."""
        issued = self.invite(**changes)
        assert self.answer(self.form(issued.token, grade)).first
        return issued

    def count(self, table: sa.Table) -> int:
        """Rows of a table."""
        return self.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


@pytest.fixture
def court(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[Court]:
    """An empty court, once on each engine."""
    yield from open_court(tmp_path, database_options[1] if database_options else None)


@pytest.fixture
def sqlite_court(tmp_path: Path) -> Iterator[Court]:
    """An empty court on SQLite, for what does not touch the engine."""
    yield from open_court(tmp_path, None)


def open_court(root: Path, url: str | None) -> Iterator[Court]:
    """A court that is closed at the end."""
    data, clock = DataDirectory(root / "hub"), ManualClock(NOW)
    database = prepare_data(data, url, clock)
    with database.writing.begin() as connection:
        for name, role in ((CLERK, Role.CLERK), (LEADER, Role.SUPERVISOR), ("示例科长", Role.SUPERVISOR)):
            add_account(connection, name=name, role=role, password_hash="-", at=NOW, by="test")
    keys = load_court_keys(data, create=True)
    office = RatingOffice(keys.signing, Pseudonyms(data.secret(INDEX_KEY)))
    writer = Writer(database.writing)
    writer.start()
    yield Court(database, writer, office, keys.sealing, clock)
    writer.close()
    database.close()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """The hall, filled; close it before the hub is started."""
    made = Hall(tmp_path / "hub")
    made.fill()
    return made


@pytest.fixture
def served(hall: Hall, start_hub: StartHub) -> HubProcess:
    """The hub over it."""
    hall.database.close()
    return start_hub(data=hall.data.root)


@pytest.fixture
def as_person(served: HubProcess) -> Iterator[OpenAs]:
    """Opens a signed-in browser."""
    opened: list[Browser] = []

    def open_as(name: str) -> Browser:
        browser = Browser(served.url)
        assert browser.sign_in(name).status_code == 200
        opened.append(browser)
        return browser

    yield open_as
    for browser in opened:
        browser.http.close()


@pytest.fixture
def open_invitation(hall: Hall) -> Issued:
    """An invitation of a minute ago that nobody has answered."""
    with hall.database.writing.begin() as connection:
        return hall.invite(connection, hall.now - timedelta(minutes=1), window="3")
