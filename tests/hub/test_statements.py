"""Statements that go to the driver as they are behave as Core's do, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from provisioning.hub.engine import Database
from provisioning.hub.schema import Moment
from provisioning.hub.statements import Prepared
from provisioning.hub.writer import Writer
from tests.hub.conftest import NOW

DAY = date(2026, 11, 23)
ROW = {"name": "甲 100%", "day": DAY, "at": NOW, "open": True, "bytes": b"\0\xff", "many": 2**40, "empty": None}


@pytest.fixture
def table(database: Database) -> sa.Table:
    """One column of each type that the hub's tables have."""
    made = sa.Table(
        "things",
        sa.MetaData(),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("day", sa.Date),
        sa.Column("at", Moment),
        sa.Column("open", sa.Boolean),
        sa.Column("bytes", sa.LargeBinary),
        sa.Column("many", sa.BigInteger),
        sa.Column("empty", Moment),
    )
    with database.writing.begin() as connection:
        made.create(connection)
    return made


def test_values_come_back_as_they_were_given(database: Database, table: sa.Table) -> None:
    """Every type is turned as by Core, both ways, by INSERT … RETURNING and by SELECT."""
    insert = Prepared(sa.insert(table).returning(*table.c), columns=table.c.keys())
    select = Prepared(
        sa.select(*table.c).where(
            table.c.day == sa.bindparam("when"), sa.or_(table.c.at < sa.bindparam("until", type_=Moment), sa.false())
        )
    )
    with database.writing.begin() as connection:
        assert list(insert.first(connection, ROW) or ()) == list(ROW.values())
        found = select.all(connection, {"when": DAY, "until": NOW + timedelta(microseconds=1)})
        assert [list(row) for row in found] == [list(ROW.values())]
        assert [list(row) for row in connection.execute(sa.select(table))] == [list(ROW.values())]
        assert select.first(connection, {"when": DAY, "until": NOW}) is None


def test_fixed_values_and_a_name_in_two_places(database: Database, table: sa.Table) -> None:
    """Values that stand in the statement itself need not be given; a name that stands twice is given once."""
    change = Prepared(
        sa.update(table)
        .where(table.c.day <= sa.bindparam("when"), table.c.day >= sa.bindparam("when"))
        .values(many=table.c.many + 1, open=False, name="乙")
        .returning(table.c.name, table.c.many, table.c.open)
    )
    with database.writing.begin() as connection:
        connection.execute(sa.insert(table), [ROW])
        assert list(change.first(connection, {"when": DAY}) or ()) == ["乙", 2**40 + 1, False]


def test_many_rows_and_what_a_rollback_takes_back(database: Database, table: sa.Table) -> None:
    """The transaction is the connection's: a savepoint that is rolled back takes its rows with it."""
    insert = Prepared(sa.insert(table), columns=table.c.keys())
    with database.writing.begin() as connection:
        insert.run_many(connection, [ROW | {"name": str(number)} for number in range(5)])
        with connection.begin_nested() as savepoint:
            insert.run(connection, ROW)
            savepoint.rollback()
    with database.reading.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 5


def test_a_refused_row_is_sqlalchemys_error_without_what_it_held(database: Database, table: sa.Table) -> None:
    """The writer knows a row that was there before by IntegrityError; no value of it reaches a log (N1)."""
    insert = Prepared(sa.insert(table), columns=table.c.keys())
    with database.writing.begin() as connection:
        insert.run(connection, ROW)
    with pytest.raises(sa.exc.IntegrityError) as refused, database.writing.begin() as connection:
        insert.run(connection, ROW)
    assert refused.value.params is None
    assert "2026" not in str(refused.value.statement)


def test_a_missing_value_is_found(database: Database, table: sa.Table) -> None:
    """A value that is forgotten is an error here and not an empty column."""
    insert = Prepared(sa.insert(table), columns=table.c.keys())
    with database.writing.begin() as connection, pytest.raises((KeyError, sa.exc.ProgrammingError)):
        insert.run(connection, {name: value for name, value in ROW.items() if name != "many"})


def test_a_lost_connection_is_replaced(database: Database) -> None:
    """The database server was started again: the next job of the writer finds it."""
    if database.name == "sqlite":
        pytest.skip("a file has no connection to lose")
    ask = Prepared(sa.select(sa.func.pg_backend_pid()).where(sa.bindparam("one", type_=sa.Integer) == 1))
    with database.writing.begin() as connection:
        before = ask.first(connection, {"one": 1})
    with database.reading.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": (before or [0])[0]})
    with pytest.raises(sa.exc.OperationalError) as lost, database.writing.begin() as connection:
        ask.first(connection, {"one": 1})
    assert lost.value.connection_invalidated
    with database.writing.begin() as connection:
        assert ask.first(connection, {"one": 1}) not in (None, before)


def test_the_writer_runs_a_job_again_that_lost_its_connection(database: Database) -> None:
    """Nobody at a window or a terminal hears of a database server that was started again."""
    if database.name == "sqlite":
        pytest.skip("a file has no connection to lose")
    ask = Prepared(sa.select(sa.func.pg_backend_pid()).where(sa.bindparam("one", type_=sa.Integer) == 1))
    runs: list[int] = []

    def job(connection: sa.Connection) -> int:
        ((backend,),) = ask.all(connection, {"one": 1})
        if not runs:
            with database.reading.connect() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
        runs.append(backend)
        ((backend,),) = ask.all(connection, {"one": 1})
        return int(backend)

    writer = Writer(database.writing)
    writer.start()
    assert writer.submit(job).result(30) == runs[1] != runs[0]
    writer.close()
