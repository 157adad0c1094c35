"""The queue's endpoints for terminals (kiosk/court/queueing.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from anyio import to_thread

from kiosk.court.queueing import (
    CheckIn,
    Lease,
    LeaseRequest,
    OfflineAccepted,
    OfflineTickets,
    QueueBoard,
    Ticket,
    TicketClass,
    TicketFiling,
    TicketQuery,
    TicketRequest,
    TicketState,
)
from provisioning.hub.api.exchange import ProblemError
from provisioning.hub.cases import QueryRefusedError, open_number
from provisioning.hub.hub import Hub
from provisioning.hub.queue import appointments, leases
from provisioning.hub.queue.board import queue_board, slip_of, state_of, ticket_state
from provisioning.hub.queue.calling import cancel
from provisioning.hub.queue.filing import note_filing
from provisioning.hub.queue.issue import Bearer, issue, ticket_id_for
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.wait import Forecast

T = TypeVar("T")

_STATUS = {
    QueueProblem.UNKNOWN_TICKET: 404,
    QueueProblem.UNKNOWN_APPOINTMENT: 404,
    QueueProblem.APPOINTMENT_EARLY: 404,
    QueueProblem.APPOINTMENT_OVER: 404,
    QueueProblem.APPOINTMENT_USED: 404,
    QueueProblem.APPOINTMENT_CANCELLED: 404,
    QueueProblem.CLOSED: 409,
    QueueProblem.CAP_REACHED: 409,
    QueueProblem.WRONG_STATUS: 409,
}


async def board(hub: Hub) -> QueueBoard:
    """What is open today."""
    forecast, now = await _forecast(hub), hub.clock.now()
    return await _read(hub, lambda connection: queue_board(connection, hub.hall, forecast, at=now))


async def issue_ticket(hub: Hub, request: TicketRequest) -> Ticket:
    """One number. Raises ProblemError."""
    bearer = _bearer(hub, request)
    forecast, now = await _forecast(hub), hub.clock.now()
    ticket_id = ticket_id_for(now)
    given = await _write(
        hub,
        lambda c: issue(c, hub.hall, request, bearer, at=now, ticket_id=ticket_id, forecast=forecast),
    )
    return slip_of(hub.hall, given)


async def check_in(hub: Hub, request: CheckIn) -> Ticket:
    """The ticket of an appointment. Raises ProblemError."""
    asked = TicketRequest(
        request_id=request.request_id,
        terminal=request.terminal,
        service="booked",  # gives way to the booked service
        ticket_class=TicketClass.ORDINARY,
        language=request.language,
        identity_sealed=request.identity_sealed,
        masked_name=request.masked_name,
    )
    bearer = _bearer(hub, asked)
    forecast, now = await _forecast(hub), hub.clock.now()

    def job(connection: sa.Connection) -> Ticket:
        given = appointments.check_in(connection, hub.hall, asked, bearer, code=request.code, at=now, forecast=forecast)
        appointed = appointments.appointed_for(connection, hub.hall, given.ticket.ticket_id)
        return slip_of(hub.hall, given, appointed)

    return await _write(hub, job)


async def state(hub: Hub, ticket_id: str) -> TicketState:
    """Where a ticket stands. Raises ProblemError 404."""
    forecast = await _forecast(hub)
    return await _read(hub, lambda connection: ticket_state(connection, hub.hall, ticket_id, forecast))


async def cancel_ticket(hub: Hub, ticket_id: str, query: TicketQuery) -> TicketState:
    """The person does not want to wait any longer. Raises ProblemError 404, 409."""
    now = hub.clock.now()

    def job(connection: sa.Connection) -> TicketState:
        cancelled = cancel(connection, hub.hall, ticket_id, by=query.terminal, at=now)
        return state_of(connection, hub.hall, cancelled, None)

    return await _write(hub, job)


async def filing_while_waiting(hub: Hub, ticket_id: str, told: TicketFiling) -> TicketState:
    """What becomes of the filing of who waits. Raises ProblemError 404, 409."""
    now = hub.clock.now()

    def job(connection: sa.Connection) -> TicketState:
        noted = note_filing(connection, hub.hall, ticket_id, told.doing, by=told.terminal, at=now)
        return state_of(connection, hub.hall, noted, None)

    return await _write(hub, job)


async def lease_numbers(hub: Hub, request: LeaseRequest) -> Lease:
    """A block of numbers. Raises ProblemError."""
    now = hub.clock.now()
    return await _write(hub, lambda connection: leases.lease(connection, hub.hall, request, at=now))


async def accept_offline(hub: Hub, sent: OfflineTickets) -> OfflineAccepted:
    """Tickets that were issued while the hub did not answer."""
    bearers = {ticket.ticket_id: _bearer(hub, ticket.request, strict=False) for ticket in sent.tickets}
    now = hub.clock.now()
    return await _write(hub, lambda connection: leases.accept_offline(connection, hub.hall, sent, bearers, at=now))


def _bearer(hub: Hub, request: TicketRequest, *, strict: bool = True) -> Bearer:
    """Who asks. With `strict` a sealed number that does not open is refused; a ticket that was already given out stays
    valid without it, for the slip is in the person's hand."""
    person: str | None = None
    if request.identity_sealed is not None:
        try:
            person = hub.personal.mac(open_number(request.identity_sealed, hub.keys.sealing))
        except QueryRefusedError as error:
            if strict:
                raise ProblemError(422, str(error)) from error
    # Opened again by tickets.proof_of.
    proof = hub.personal.seal_text(request.proof, str(request.request_id)) if request.proof else None
    return Bearer(person, masked(request.masked_name), proof)


def masked(name: str | None) -> str | None:
    """A name that may be shown: as the terminal masked it, or all but the first character hidden here."""
    if not name or "*" in name:
        return name or None
    return name[0] + "*" * (len(name) - 1)


async def _forecast(hub: Hub) -> Forecast:
    fresh = hub.forecaster.fresh
    return fresh if fresh is not None else await to_thread.run_sync(hub.forecaster.current)


async def _read(hub: Hub, query: Callable[[sa.Connection], T]) -> T:
    try:
        return await to_thread.run_sync(hub.database.read, query)
    except QueueRefusedError as error:
        raise _problem(error) from error


async def _write(hub: Hub, job: Callable[[sa.Connection], T]) -> T:
    try:
        return await hub.writer.run(job)
    except QueueRefusedError as error:
        raise _problem(error) from error


def _problem(error: QueueRefusedError) -> ProblemError:
    return ProblemError(_STATUS.get(error.problem, 422), str(error), error.problem.value)
