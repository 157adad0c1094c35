"""A hub to be measured: its data, its windows and clerks, what earlier days left in it, and its process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from kiosk.clock import SystemClock
from provisioning.hub.data import DEVELOPMENT_COURT, DataDirectory
from provisioning.hub.engine import Database
from provisioning.hub.hub import prepare_data
from provisioning.hub.queue.config import parse_queues
from provisioning.hub.staff import add_account
from tests.benchmarks.queue.court_hub import CLERK_ROLE, clerk_name
from tests.hub.consoles import PASSWORD_HASH
from tests.hub.processes import PostgresCluster, postgres_programs

MakeUrl = Callable[[], str | None]
"""Makes an empty database; None is the SQLite in the hub's data directory."""

_QUEUES = """
hours = []
[policy]
credit_minutes = { special = 15, expedited = 10 }
[[queues]]
code = "A"
names = { zh = "立案", ko = "립안", en = "Filing" }
[[services]]
code = "filing"
names = { zh = "立案登记", ko = "립안등록", en = "File a case" }
queue = "A"
classes = ["ordinary", "special", "expedited"]
filing = true
"""
_WINDOW = """
[[windows]]
code = "{code}"
names = {{ zh = "{code}号窗口", ko = "{code}호창구", en = "Window {code}" }}
duties = [{{ queue = "A" }}]
"""

# Three hundred days with about as many tickets each as a middling court has; all of them done.
_OLD_TICKETS = """
INSERT INTO queue_tickets (ticket_id, request_id, court, business_day, queue, number, queue_now, service,
  further_services, matter, ticket_class, status, rank, language, terminal, masked_name, filing_while_waiting, issued,
  joined, counts_from, called, ended, times_called, times_missed, visits, "window", staff, note, prediction)
SELECT {ticket}, {request}, :court, {day}, 'A', n / 300 + 1, 'A', 'filing', '[]', 1, 'ordinary',
  'finished', {start}, 'zh', 'DEV01', '张*', {false}, {start}, {start}, {start}, {start} + 600000000,
  {start} + 1200000000, 1, 0, 1, '1', 'clerk001', '', :prediction
FROM {series}
"""
_OLD_VISITS = """
INSERT INTO queue_visits (ticket_id, visit, court, business_day, queue, service, "window", staff, joined, called,
  occupied_from, ended, outcome)
SELECT ticket_id, 1, court, business_day, queue, service, "window", staff, joined, called, called, ended, 'finished'
FROM queue_tickets WHERE status = 'finished'
"""
_SERIES = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < :count) SELECT n FROM s)",
    "postgresql": "generate_series(0, :count - 1) AS s(n)",
}
_DAY = {
    "sqlite": "date('now', '-' || (n % 300 + 1) || ' days')",
    "postgresql": "CAST(CURRENT_DATE - (n % 300 + 1) AS date)",
}
_START = {
    "sqlite": "(CAST(strftime('%s', 'now') AS integer) - (n % 300 + 1) * 86400 + n / 300) * 1000000",
    "postgresql": "(CAST(extract(epoch FROM now()) AS bigint) - (n % 300 + 1) * 86400 + n / 300) * 1000000",
}
# Ids that sort before those of today, as ids made from the time do: an index then grows at its end only.
_ID = {
    "sqlite": "printf('01000000-0000-7000-8{place}-%012x', n)",
    "postgresql": "'01000000-0000-7000-8{place}-' || lpad(to_hex(n), 12, '0')",
}
_PREDICTION = (
    '{"low": 10, "high": 20, "median": 480.0, "ninth": 900.0, "ahead": 4, "windows": 6, "formulas": {}, "stretch": 1.0}'
)


def prepare(data: Path, url: str | None, *, windows: int, old: int) -> None:
    """Data directory and database of a development hub with `windows` windows of one queue, a clerk for each, and `old`
    finished tickets of earlier days."""
    clock = SystemClock()
    database = prepare_data(DataDirectory(data), url, clock)
    text = _QUEUES + "".join(_WINDOW.format(code=window + 1) for window in range(windows))
    parse_queues(text, "benchmark")
    (data / "queues.toml").write_text(text, encoding="utf-8")
    with database.writing.begin() as connection:
        for window in range(windows):
            add_account(
                connection,
                name=clerk_name(window),
                role=CLERK_ROLE,
                password_hash=PASSWORD_HASH,
                at=clock.now(),
                by="benchmark",
            )
    if old:
        _fill(database, old)
    database.close()


def _fill(database: Database, count: int) -> None:
    name = database.name
    with database.writing.begin() as connection:
        text = _OLD_TICKETS.format(
            series=_SERIES[name],
            ticket=_ID[name].format(place="000"),
            request=_ID[name].format(place="001"),
            day=_DAY[name],
            start=_START[name],
            false="false" if name == "postgresql" else "0",
        )
        connection.execute(sa.text(text), {"court": DEVELOPMENT_COURT, "count": count, "prediction": _PREDICTION})
        connection.execute(sa.text(_OLD_VISITS))
    if name == "postgresql":
        with database.writing.connect() as connection:  # what autovacuum would have done by now
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


@contextmanager
def databases(kinds: list[str]) -> Iterator[dict[str, MakeUrl]]:
    """Makers of empty databases of the kinds asked for; PostgreSQL only where it is installed."""
    with tempfile.TemporaryDirectory(prefix="queue-pg-") as folder:
        cluster: PostgresCluster | None = None
        found: dict[str, MakeUrl] = {}
        if "sqlite" in kinds:
            found["sqlite"] = lambda: None
        if "postgresql" in kinds and (programs := postgres_programs()):
            cluster = PostgresCluster(programs, Path(folder))
            found["postgresql"] = cluster.database
        try:
            yield found
        finally:
            if cluster is not None:
                cluster.stop()
