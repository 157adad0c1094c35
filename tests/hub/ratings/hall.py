"""A service hall with four weeks of ratings, before and while its hub is served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from kiosk.clock import SystemClock
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome
from kiosk.court.sealing import seal_text
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import INDEX_KEY, DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role
from provisioning.hub.ratings.answers import Source, answer
from provisioning.hub.ratings.invitations import Issued, invite
from provisioning.hub.ratings.office import Pseudonyms, RatingOffice
from provisioning.hub.ratings.schema import ratings
from provisioning.hub.staff import add_account
from tests.hub.consoles import PASSWORD_HASH, Browser

COMMENT = "窗口一直没有人"
CONTACT = "李示例 13800000000"


OpenAs = Callable[[str], Browser]
"""Opens a browser signed in under a name."""


class Hall:
    """A hub's data before it is served: accounts, four weeks of ratings, and open invitations."""

    def __init__(self, root: Path) -> None:
        self.data, self.clock = DataDirectory(root), SystemClock()
        self.database = prepare_data(self.data, None, self.clock)
        keys = load_court_keys(self.data, create=True)
        self.office = RatingOffice(keys.signing, Pseudonyms(self.data.secret(INDEX_KEY)))
        self.sealing = keys.sealing.public
        self.now = self.clock.now()
        self.number = 0

    def invite(self, connection: sa.Connection, at: datetime, **changes: str) -> Issued:
        """One more matter."""
        self.number += 1
        values = {"window": "1", "staff": Role.CLERK.value, "service": "filing"} | changes
        return invite(connection, self.office, matter=f"ticket:{self.number}", now=at, **values)

    def rate(self, connection: sa.Connection, issued: Issued, grade: int, *, named: bool = False) -> None:
        """Its rating, a minute later."""
        bad = grade < 3
        given = RatingAnswer(
            token=issued.token,
            outcome=RatingOutcome.RATED,
            grade=grade,
            reasons=("nobody_there",) if bad else (),
            comment_sealed=seal_text(COMMENT, self.sealing) if bad else None,
            named_sealed=seal_text(CONTACT, self.sealing) if named else None,
            channel=RatingChannel.PAD,
            answered=issued.invitation.issued,
            device="DEV01",
            form_version="2026.1",
        )
        source = Source.terminal("DEV01")
        answer(connection, given, source, office=self.office, now=issued.invitation.issued + timedelta(minutes=1))

    def fill(self) -> None:
        """Four weeks: three windows with many ratings, a fourth with too few to show."""
        grades = [5, 4, 5, 3, 4, 5, 2, 4, 5, 5, 4, 1]
        with self.database.writing.begin() as connection:
            for role in Role:
                add_account(connection, name=role.value, role=role, password_hash=PASSWORD_HASH, at=self.now, by="test")
            add_account(
                connection, name="示例主任", role=Role.SUPERVISOR, password_hash=PASSWORD_HASH, at=self.now, by="test"
            )
            for day in range(28, 0, -1):
                at = self.now - timedelta(days=day)
                for number in range(9):
                    window = str(1 + number % 3)
                    mediator = {"mediator": "示例调解员"} if number == 4 else {}
                    service = "mediation" if mediator else ("filing" if number % 2 else "enquiry")
                    issued = self.invite(connection, at, window=window, service=service, **mediator)
                    if (number + day) % 4:
                        self.rate(connection, issued, grades[(number * 5 + day) % len(grades)], named=number == 6)
            self.rate(connection, self.invite(connection, self.now - timedelta(days=1), window="4"), 1)


def rated(hall: Hall, issued: Issued) -> list[tuple[int, str]]:
    """Grade and channel of what the hub holds for a matter."""
    database = prepare_data(hall.data, None, hall.clock)
    with database.reading.connect() as connection:
        query = sa.select(ratings.c.grade, ratings.c.channel).where(ratings.c.matter == issued.invitation.matter)
        found = [(row.grade, row.channel) for row in connection.execute(query)]
    database.close()
    return found
