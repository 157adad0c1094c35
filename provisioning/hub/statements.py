"""Statements that are run thousands of times an hour: compiled once, then given to the driver as they are.

A statement is written in SQLAlchemy Core like every other. Core's own way to run it costs some forty microseconds each
time; SQLite itself needs four. What Core does is kept: values are turned into those of the database and back by the
column types, and an error of the driver is raised as SQLAlchemy's, without the values, which may be personal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""An INSERT that can say what to do on a conflict, by the name of the engine's dialect."""

Values: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement in the words of one engine. `order`: names of the values where they go by position."""

    text: str
    fixed: dict[str, Any]
    into: tuple[tuple[str, _Convert], ...]
    order: tuple[str, ...] | None
    out: tuple[tuple[int, _Convert], ...]

    def given(self, values: Values) -> Any:
        """`values` as the driver takes them. Raises KeyError where one is missing."""
        given = {**self.fixed, **values}
        for name, convert in self.into:
            given[name] = convert(given[name])
        return given if self.order is None else [given[name] for name in self.order]

    def row(self, found: Sequence[Any]) -> Sequence[Any]:
        """A row as the program takes it."""
        if not self.out:
            return found
        row = list(found)
        for place, convert in self.out:
            row[place] = convert(row[place])
        return row


class Prepared:
    """A statement whose values are all named by `bindparam` or by `columns` (of an INSERT of whole rows). A list of
    values (`IN` of a bound list) is not possible."""

    def __init__(self, statement: Any, *, columns: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._forms: dict[str, _Form] = {}

    def first(self, connection: sa.Connection, values: Values) -> Sequence[Any] | None:
        """The first row, None where there is none. Raises sqlalchemy.exc.DBAPIError."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def all(self, connection: sa.Connection, values: Values) -> list[Sequence[Any]]:
        """Every row. Raises sqlalchemy.exc.DBAPIError."""
        form = self._form(connection)
        found: list[Sequence[Any]] = self._on_driver(
            connection, form, lambda cursor: cursor.execute(form.text, form.given(values)).fetchall()
        )
        return [form.row(row) for row in found] if form.out else found

    def run(self, connection: sa.Connection, values: Values) -> None:
        """Run it for its effect. Raises sqlalchemy.exc.DBAPIError."""
        form = self._form(connection)
        self._on_driver(connection, form, lambda cursor: cursor.execute(form.text, form.given(values)))

    def run_many(self, connection: sa.Connection, rows: Iterable[Values]) -> None:
        """Run it once for each of `rows`. Raises sqlalchemy.exc.DBAPIError."""
        form = self._form(connection)
        self._on_driver(connection, form, lambda cursor: cursor.executemany(form.text, [form.given(v) for v in rows]))

    @staticmethod
    def _on_driver(connection: sa.Connection, form: _Form, work: Callable[[Any], Any]) -> Any:
        if not connection.in_transaction():
            connection.begin()
        driver: Any = connection.connection
        cursor = driver.cursor()
        try:
            return work(cursor)
        except connection.dialect.loaded_dbapi.Error as error:
            lost = connection.dialect.is_disconnect(error, driver, cursor)
            if lost:
                connection.invalidate(error)
            raise sa.exc.DBAPIError.instance(
                form.text,
                None,
                error,
                connection.dialect.loaded_dbapi.Error,
                hide_parameters=True,
                connection_invalidated=lost,
                dialect=connection.dialect,
            ) from error
        finally:
            cursor.close()

    def _form(self, connection: sa.Connection) -> _Form:
        dialect = connection.dialect
        found = self._forms.get(dialect.name)
        if found is None:
            found = self._forms[dialect.name] = _compiled(self._statement, dialect, self._columns)
        return found


def _compiled(statement: Any, dialect: sa.Dialect, columns: list[str] | None) -> _Form:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    # A name may stand in several places: its value is turned once.
    types = {name: bound.type for bound, name in compiled.bind_names.items()}
    into = [
        (name, convert)
        for name, kind in types.items()
        if (convert := kind.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    out = [
        (place, convert)
        for place, column in enumerate(statement.exported_columns)
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]
    fixed = {name: bound.value for bound, name in compiled.bind_names.items() if not bound.required}
    order = tuple(compiled.positiontup) if compiled.positional else None
    return _Form(str(compiled), fixed, tuple(into), order, tuple(out))
