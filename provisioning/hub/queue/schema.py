"""The queue's tables.

What must never happen is refused by the database itself: the same number twice on a day, two active tickets of one
person, two tickets at one window, two people at one window, one person at two windows.

On SQLite every page that a commit changes is encrypted and sealed anew, which costs more than the statement itself: so
rows lie in their primary key (no rowid), and an index holds only the rows it is for.

A person is known by the keyed hash of the identity number (`PersonalIndex.mac`) and by a masked name; a licence number
is encrypted.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kiosk.court.queueing import ACTIVE, TicketStatus
from provisioning.hub.schema import Moment, metadata, text_column


def _where(condition: sa.ColumnElement[bool]) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


counters = sa.Table(
    "queue_counters",
    metadata,
    text_column("court", primary_key=True),
    sa.Column("business_day", sa.Date, primary_key=True),
    text_column("queue", primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    # Microseconds from which the last number counts: rises with every number, whatever the clocks of hubs do.
    sa.Column("moment", sa.BigInteger, nullable=False),
)

_status = text_column("status")
_queue_now = text_column("queue_now")  # where it waits; `queue` gave the number and stays
_rank = sa.Column("rank", sa.BigInteger, nullable=False)
_person = text_column("person", null=True)
_window = text_column("window", null=True)
_offline_order = sa.Column("offline_order", sa.Integer)

tickets = sa.Table(
    "queue_tickets",
    metadata,
    text_column("ticket_id", primary_key=True),
    text_column("request_id", unique=True),
    text_column("court"),
    sa.Column("business_day", sa.Date, nullable=False),
    text_column("queue"),
    sa.Column("number", sa.Integer, nullable=False),
    _queue_now,
    text_column("service"),
    text_column("further_services"),
    sa.Column("matter", sa.Integer, nullable=False),  # 1 for the first service of the visit, 2 for the next …
    text_column("ticket_class"),
    _status,
    _rank,
    text_column("language"),
    text_column("terminal"),
    _person,
    text_column("masked_name", null=True),
    sa.Column("proof", sa.LargeBinary),
    sa.Column("filing_while_waiting", sa.Boolean, nullable=False),
    sa.Column("issued", Moment, nullable=False),
    sa.Column("joined", Moment, nullable=False),  # when it joined `queue_now`
    sa.Column("counts_from", Moment, nullable=False),  # what the rank was made from
    sa.Column("called", Moment),
    sa.Column("ended", Moment),
    sa.Column("times_called", sa.Integer, nullable=False),  # first call and recalls of this turn
    sa.Column("times_missed", sa.Integer, nullable=False),
    sa.Column("visits", sa.Integer, nullable=False),
    _window,
    text_column("wanted_window", null=True),
    text_column("staff", null=True),
    text_column("note"),
    text_column("lease_id", null=True),
    _offline_order,
    text_column("prediction", null=True),
    sa.UniqueConstraint("court", "business_day", "queue", "number"),
    sa.Index(
        "queue_tickets_offline_order",
        "terminal",
        "business_day",
        "offline_order",
        unique=True,
        **_where(_offline_order.is_not(None)),
    ),
    sa.Index(
        "queue_tickets_waiting",
        "court",
        "business_day",
        "queue_now",
        "rank",
        "ticket_id",
        **_where(_status == TicketStatus.WAITING.value),
    ),
    sa.Index(
        "queue_tickets_one_per_person",
        "court",
        "business_day",
        "person",
        unique=True,
        **_where(_status.in_(sorted(status.value for status in ACTIVE)) & _person.is_not(None)),
    ),
    sa.Index(
        "queue_tickets_one_per_window",
        "court",
        "business_day",
        "window",
        unique=True,
        **_where(_status.in_([TicketStatus.CALLED.value, TicketStatus.SERVING.value])),
    ),
    sa.Index(
        "queue_tickets_active",
        "court",
        "business_day",
        **_where(_status.in_(sorted(status.value for status in ACTIVE))),
    ),
    sqlite_with_rowid=False,
)

visits = sa.Table(
    "queue_visits",
    metadata,
    sa.Column("ticket_id", sa.ForeignKey("queue_tickets.ticket_id"), primary_key=True),
    sa.Column("visit", sa.Integer, primary_key=True, autoincrement=False),
    text_column("court"),
    sa.Column("business_day", sa.Date, nullable=False),
    text_column("queue"),
    text_column("service"),
    text_column("window"),
    text_column("staff"),
    sa.Column("joined", Moment, nullable=False),
    sa.Column("called", Moment, nullable=False),
    # From when on the window was this ticket's: the end of the one before where somebody waited, else the call.
    sa.Column("occupied_from", Moment, nullable=False),
    sa.Column("ended", Moment),
    text_column("outcome", null=True),
    sa.Index("queue_visits_called", "court", "called"),
    sqlite_with_rowid=False,
)

_signed_in_staff = text_column("staff", null=True)

windows = sa.Table(
    "queue_windows",
    metadata,
    text_column("court", primary_key=True),
    text_column("window", primary_key=True),
    sa.Column("business_day", sa.Date, nullable=False),
    _signed_in_staff,
    sa.Column("signed_in", Moment),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("free_since", Moment),
    sa.Index(
        "queue_windows_one_per_person",
        "court",
        "business_day",
        "staff",
        unique=True,
        **_where(_signed_in_staff.is_not(None)),
    ),
)

leases = sa.Table(
    "queue_leases",
    metadata,
    text_column("lease_id", primary_key=True),
    text_column("request_id", unique=True),
    text_column("court"),
    text_column("terminal"),
    text_column("queue"),
    sa.Column("business_day", sa.Date, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("granted", Moment, nullable=False),
)

numbers_left_out = sa.Table(
    "queue_numbers_left_out",
    metadata,
    text_column("court", primary_key=True),
    sa.Column("business_day", sa.Date, primary_key=True),
    text_column("queue", primary_key=True),
    sa.Column("restored", Moment, primary_key=True),
    sa.Column("backup", Moment, nullable=False),  # when it was finished
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
)

pauses = sa.Table(
    "queue_pauses",
    metadata,
    text_column("court", primary_key=True),
    text_column("queue", primary_key=True),
    sa.Column("business_day", sa.Date, nullable=False),
    text_column("zh"),
    text_column("ko"),
    text_column("en"),
    text_column("paused_by"),
    sa.Column("since", Moment, nullable=False),
)

_code = text_column("code")
_appointment_status = text_column("status")

appointments = sa.Table(
    "queue_appointments",
    metadata,
    text_column("appointment_id", primary_key=True),
    text_column("court"),
    sa.Column("business_day", sa.Date, nullable=False),
    sa.Column("at", Moment, nullable=False),
    text_column("service"),
    text_column("ticket_class"),
    _code,
    text_column("person", null=True),
    text_column("masked_name", null=True),
    _appointment_status,
    text_column("booked_by"),
    text_column("ticket_id", null=True),
    sa.UniqueConstraint("court", "business_day", "code"),
    sa.Index("queue_appointments_person", "court", "business_day", "person"),
)
