"""The hub's journal: whatever is done to it shows (N2)."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.clock import ManualClock
from provisioning.hub import journal
from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import Database
from provisioning.hub.hub import prepare_data
from provisioning.hub.schema import journal as journal_table
from tests.hub.conftest import NOW
from tests.hub.processes import hub_command


def _filled(database: Database) -> None:
    with database.writing.begin() as connection:
        for number in range(6):
            journal.append(
                connection,
                chain="staff",
                at=NOW,
                actor="clerk",
                action="test",
                subject=str(number),
                detail={"n": number},
            )


def test_the_database_refuses_to_change_the_journal(database: Database) -> None:
    """Append-only is held by the database itself (N2)."""
    _filled(database)
    for statement in (sa.update(journal_table).values(actor="x"), sa.delete(journal_table)):
        with pytest.raises(sa.exc.DBAPIError, match="append only"), database.writing.begin() as connection:
            connection.execute(statement)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE journal SET subject = '9' WHERE chain = 'staff' AND number = 3",
        "UPDATE journal SET at = at + 1 WHERE chain = 'staff' AND number = 3",
        "DELETE FROM journal WHERE chain = 'staff' AND number = 3",
        "DELETE FROM journal WHERE chain = 'staff' AND number >= 5",
        "DELETE FROM journal WHERE chain = 'staff'",
        "UPDATE journal SET number = number + 1 WHERE chain = 'staff' AND number = 6",
    ],
)
def test_whoever_goes_round_the_database_is_found(tmp_path: Path, damage: str) -> None:
    """Edited, removed, cut off, renumbered: each shows (N2, S20)."""
    database = prepare_data(DataDirectory(tmp_path), None, ManualClock(NOW))
    _filled(database)
    with database.reading.connect() as connection:
        assert journal.faults(connection) == []
    with database.writing.begin() as connection:
        for name in ("journal_no_update", "journal_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(damage)
    with database.reading.connect() as connection:
        assert journal.faults(connection)
    database.close()
    done = hub_command("journal", "--data", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
