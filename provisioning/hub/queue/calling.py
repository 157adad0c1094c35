"""What a person at a window does with tickets (叫号). Each function is a job of the hub's writer.

    waiting → called → serving → finished      and with further services of the visit: waiting in the next queue
    called → no-show (过号) → waiting           called → waiting: called by mistake
    called, serving → held → called             called, serving → waiting in another queue, with a note

What departs from the ordinary course is written into the audit journal as well, above all a call out of turn with its
reason. Each raises QueueRefusedError: NOT_SIGNED_IN, WRONG_STATUS, UNKNOWN_TICKET, and what it names itself. A call
that was made while the answer was lost on the way is found again with `windows.current_ticket`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub.queue.asking import ask
from provisioning.hub.queue.changes import (
    IN_LINE,
    at_this,
    change,
    joining,
    leave,
    rank_behind,
    require_free,
    take,
    write_down,
    write_down_at,
    wrong_status,
)
from provisioning.hub.queue.choosing import take_next
from provisioning.hub.queue.issue import ahead_now, services_text
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import tickets
from provisioning.hub.queue.telling import tell_called, tell_status
from provisioning.hub.queue.tickets import AT_WINDOW, Hall, QueuedTicket, active_ticket_of, find_ticket, lock_ticket
from provisioning.hub.queue.visits import Outcome, begin_visit
from provisioning.hub.queue.windows import Desk
from provisioning.hub.ratings.office import RatingOffice

LONGEST_NOTE = 200


class SkipReason(StrEnum):
    """Why somebody is called out of turn."""

    ILL_OR_URGENT = "ill_or_urgent"  # 突发疾病等紧急情况
    HEARING_SOON = "hearing_soon"  # 即将开庭
    FRAIL = "frail"  # 老弱病残孕
    BACK_WITH_PAPERS = "back_with_papers"  # 补齐材料返回
    FAULT = "fault"  # 设备故障造成错号、漏号
    OTHER = "other"  # with a note


@dataclass(frozen=True, slots=True)
class Finished:
    """A service that was done at a window: the matter that may now be rated, with the token and the code of its
    invitation, and the ticket as it is afterwards."""

    matter: str
    service: str
    ticket: QueuedTicket
    token: str | None
    code: str | None

    @property
    def goes_on(self) -> bool:
        """Whether the person now waits for another service of this visit."""
        return self.ticket.status is TicketStatus.WAITING


def call_next(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> QueuedTicket | None:
    """The next person in the queues of the window; None where nobody waits. Raises WINDOW_OCCUPIED, WINDOW_PAUSED."""
    free_since = require_free(connection, hall, desk, at=at)
    ticket = take_next(connection, hall, desk, day=business_day(at), at=at)
    if ticket is not None:
        begin_visit(connection, hall, ticket, free_since=free_since, at=at)
        tell_called(connection, ticket, at=at)
    return ticket


def call_out_of_turn(
    connection: sa.Connection,
    hall: Hall,
    desk: Desk,
    ticket_id: str,
    *,
    reason: SkipReason,
    note: str,
    at: datetime,
) -> QueuedTicket:
    """Call this waiting ticket whatever its rank; reason and number of people passed go into the journal. Raises
    REASON_MISSING for OTHER without a note, WINDOW_OCCUPIED, WINDOW_PAUSED."""
    note = _short(note)
    if reason is SkipReason.OTHER and not note:
        raise QueueRefusedError(QueueProblem.REASON_MISSING, "say why this person is called out of turn")
    passed = ahead_now(connection, hall, find_ticket(connection, hall, ticket_id))
    ticket = take(connection, hall, desk, ticket_id, status=TicketStatus.WAITING, at=at)
    told = {"reason": reason.value, "note": note, "passed": passed}
    write_down_at(connection, "called_out_of_turn", ticket, desk, at=at, **told)
    return ticket


def recall(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> QueuedTicket:
    """Call the same person once more."""
    before = at_this(connection, hall, desk, TicketStatus.CALLED, at=at)
    ticket = change(connection, before, times_called=before.times_called + 1)
    tell_called(connection, ticket, at=at)
    return ticket


def serve(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> QueuedTicket:
    """The person has come."""
    before = at_this(connection, hall, desk, TicketStatus.CALLED, at=at)
    ticket = change(connection, before, status=TicketStatus.SERVING.value)
    tell_status(connection, ticket, left=None, at=at)
    return ticket


def no_show(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> QueuedTicket:
    """The person did not come. Someone who is still filing at a terminal waits on, a few places back, so that the call
    interrupts the filing without taking the place; anyone else is put back when they ask."""
    before = at_this(connection, hall, desk, TicketStatus.CALLED, at=at)
    missed = before.times_missed + 1
    kept = before.filing_while_waiting and missed <= hall.configuration.policy.filing_returns
    values: dict[str, object] = {"status": TicketStatus.NO_SHOW.value, "ended": at}
    if kept:
        values = IN_LINE | {"rank": rank_behind(connection, hall, before)}
    ticket = leave(connection, hall, before, Outcome.NO_SHOW, at=at, times_missed=missed, **values)
    write_down_at(connection, "no_show", ticket, desk, at=at, times_called=before.times_called, kept=kept)
    return ticket


def put_back(connection: sa.Connection, hall: Hall, ticket_id: str, *, by: str, at: datetime) -> QueuedTicket:
    """Return a missed ticket of today to its queue, behind the next people (过号顺延). Raises ALREADY_ACTIVE where the
    person has taken another number since."""
    before = lock_ticket(connection, hall, ticket_id)
    if before.status is not TicketStatus.NO_SHOW or before.business_day != business_day(at):
        raise wrong_status(before)
    person = connection.scalar(sa.select(tickets.c.person).where(tickets.c.ticket_id == ticket_id))
    if person is not None and active_ticket_of(connection, hall, person, before.business_day):
        raise QueueRefusedError(QueueProblem.ALREADY_ACTIVE, "this person has another number by now")
    rank = rank_behind(connection, hall, before)
    ticket = change(connection, before, **IN_LINE, rank=rank, joined=at, ended=None)
    write_down(connection, "put_back", ticket, by=by, at=at)
    tell_status(connection, ticket, left=None, at=at)
    return ticket


def undo_call(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> QueuedTicket:
    """Called by mistake: the ticket has its old place again."""
    before = at_this(connection, hall, desk, TicketStatus.CALLED, at=at)
    ticket = leave(connection, hall, before, Outcome.PUT_BACK, at=at, **IN_LINE)
    write_down_at(connection, "call_undone", ticket, desk, at=at)
    return ticket


def transfer(
    connection: sa.Connection,
    hall: Hall,
    desk: Desk,
    *,
    service: str,
    note: str,
    at: datetime,
    window: str | None = None,
    ticket_class: TicketClass | None = None,
) -> QueuedTicket:
    """Pass the person on to the queue of another service, or to one window of it, with a note for the colleague. The
    time already waited counts. A class that was taken without right is put right here (S1-24). Raises UNKNOWN_SERVICE,
    UNKNOWN_WINDOW."""
    before = at_this(connection, hall, desk, *AT_WINDOW, at=at)
    to = hall.configuration.by_service.get(service)
    if to is None:
        raise QueueRefusedError(QueueProblem.UNKNOWN_SERVICE, f"there is no service {service}")
    new_class = ticket_class or before.ticket_class
    _require_serving(hall, window, to.queue_for(new_class))
    values = joining(hall, before, to, new_class, at=at) | {"wanted_window": window, "note": _short(note)}
    ticket = leave(connection, hall, before, Outcome.TRANSFERRED, at=at, **values)
    told = {"service": service, "to_window": window}
    if new_class is not before.ticket_class:
        told["ticket_class"] = new_class.value
    write_down_at(connection, "transferred", ticket, desk, at=at, **told)
    return ticket


def hold(connection: sa.Connection, hall: Hall, desk: Desk, *, note: str, at: datetime) -> QueuedTicket:
    """The matter waits (暂缓), for a copy or a form; the window is free for others."""
    before = at_this(connection, hall, desk, *AT_WINDOW, at=at)
    values = {"status": TicketStatus.HELD.value, "note": _short(note)}
    ticket = leave(connection, hall, before, Outcome.HELD, at=at, **values)
    write_down_at(connection, "held", ticket, desk, at=at)
    return ticket


def resume(connection: sa.Connection, hall: Hall, desk: Desk, ticket_id: str, *, at: datetime) -> QueuedTicket:
    """Call a held ticket to this window. Raises WINDOW_OCCUPIED, WINDOW_PAUSED."""
    ticket = take(connection, hall, desk, ticket_id, status=TicketStatus.HELD, at=at)
    write_down_at(connection, "resumed", ticket, desk, at=at)
    return ticket


def finish(
    connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime, office: RatingOffice | None = None
) -> Finished:
    """The service is done. With further services the visit goes on in the next queue, the time already waited counting.
    `office` invites to rate what was done at this window (一事一评, S2-15)."""
    before = at_this(connection, hall, desk, *AT_WINDOW, at=at)
    services = hall.configuration.by_service
    following = [code for code in before.further_services if code in services]
    values: dict[str, object] = {"status": TicketStatus.FINISHED.value, "ended": at}
    if following:
        values = joining(hall, before, services[following[0]], before.ticket_class, at=at)
        values |= {"further_services": services_text(following[1:]), "matter": before.matter + 1}
    ticket = leave(connection, hall, before, Outcome.FINISHED, at=at, **values)
    if office is None:
        return Finished(before.matter_id, before.service, ticket, None, None)
    invited = ask(connection, hall, office, desk, before, at=at)
    return Finished(before.matter_id, before.service, ticket, invited.token, invited.code)


def cancel(connection: sa.Connection, hall: Hall, ticket_id: str, *, by: str, at: datetime) -> QueuedTicket:
    """The person does not want to wait any longer. Without effect on a cancelled ticket; raises WRONG_STATUS for one
    that is being served or over."""
    before = lock_ticket(connection, hall, ticket_id)
    ended: dict[str, object] = {"status": TicketStatus.CANCELLED.value, "ended": at}
    match before.status:
        case TicketStatus.CANCELLED:
            return before
        case TicketStatus.CALLED:
            ticket = leave(connection, hall, before, Outcome.CANCELLED, at=at, **ended)
        case TicketStatus.WAITING | TicketStatus.HELD | TicketStatus.NO_SHOW:
            ticket = change(connection, before, **ended)
            tell_status(connection, ticket, left=None, at=at)
        case TicketStatus.SERVING | TicketStatus.FINISHED:
            raise wrong_status(before)
    write_down(connection, "ticket_cancelled", ticket, by=by, at=at, was=before.status.value)
    return ticket


def _require_serving(hall: Hall, window: str | None, queue: str) -> None:
    if window is None:
        return
    found = hall.configuration.by_window.get(window)
    if found is None or queue not in {duty.queue for duty in found.duties}:
        raise QueueRefusedError(QueueProblem.UNKNOWN_WINDOW, f"window {window} does not serve queue {queue}")


def _short(note: str) -> str:
    return note.strip()[:LONGEST_NOTE]
