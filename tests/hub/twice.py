"""`court-hub serve`, whose writer runs every job twice: first inside a savepoint that is rolled back, as where a batch
failed. A job that leaves anything outside its transaction shows in whatever test hands it in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from provisioning.hub import cli, writer


def _run_twice(work: Any, connection: sa.Connection) -> None:
    with connection.begin_nested() as savepoint:
        work.job(connection)
        savepoint.rollback()
    work.result = work.job(connection)


if __name__ == "__main__":
    writer._Work.run = _run_twice  # type: ignore[method-assign, assignment]  # which is the point
    raise SystemExit(cli.main())
