"""What the commands over a hub's data share."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from kiosk.commands.shell import RefusedError
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.engine import Database, open_database

COMMAND_LINE = "command line"
"""Who did it, in the journal."""

MOST_DAYS = 36_500


def data_arguments(parser: argparse.ArgumentParser) -> None:
    """`--data` and `--database`."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hub's data directory")
    parser.add_argument("--database", metavar="URL", help="PostgreSQL instead of SQLite in the data directory")


@contextmanager
def existing(arguments: argparse.Namespace) -> Iterator[Database]:
    """The database of a hub that has been started before. Raises DataError."""
    data = DataDirectory(arguments.data)
    data.require()
    database = open_database(data, arguments.database)
    try:
        if not sa.inspect(database.reading).has_table("settings"):
            raise DataError(f"{data.root} holds no hub data")
        yield database
    finally:
        database.close()


def days(number: int) -> timedelta:
    """A number of days from the command line. Raises RefusedError for one that no calendar holds."""
    if not 0 <= number <= MOST_DAYS:
        raise RefusedError(f"{number} days are not between 0 and {MOST_DAYS}")
    return timedelta(days=number)
