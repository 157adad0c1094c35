"""The queue's endpoints over real HTTP, with the hub as its own process, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from pydantic import BaseModel

from kiosk.clock import CHINA
from kiosk.court.queueing import (
    Lease,
    LeaseRequest,
    OfflineAccepted,
    OfflineTicket,
    OfflineTickets,
    QueueBoard,
    Ticket,
    TicketClass,
    TicketQuery,
    TicketRequest,
    TicketState,
    TicketStatus,
)
from kiosk.court.sealing import CourtPublicKey, seal_text
from tests.hub.filings import IDENTITY_NUMBER, WireTerminal
from tests.hub.processes import HubProcess


def post(terminal: WireTerminal, path: str, body: BaseModel) -> httpx.Response:
    """A signed POST."""
    return terminal.send("POST", path, body.model_dump_json().encode(), {"content-type": "application/json"})


def request_for(service: str = "filing", **more: object) -> TicketRequest:
    """A request of DEV01."""
    return TicketRequest.model_validate({"request_id": uuid4(), "terminal": "DEV01", "service": service} | more)


def take(terminal: WireTerminal, request: TicketRequest) -> Ticket:
    """One number."""
    reply = post(terminal, "/v1/tickets", request)
    assert reply.status_code == 200, reply.text
    return Ticket.model_validate_json(reply.content)


def test_from_the_board_to_a_cancelled_ticket(hub: HubProcess, terminal: WireTerminal) -> None:
    """Choose, take a number by card, ask where it stands, give it up; the same card has one number (S2-6)."""
    board = QueueBoard.model_validate_json(terminal.send("GET", "/v1/queues").content)
    assert board.business_day == datetime.now(CHINA).date()
    filing = next(offer for offer in board.services if offer.service == "filing")
    assert (filing.queue, filing.waiting, filing.windows_open, filing.wait) == ("A", 0, 0, None)

    key = CourtPublicKey.from_text(terminal.court().sealing_key)

    def sealed(number: str) -> str:
        return seal_text(number, key)

    request = request_for(identity_sealed=sealed(IDENTITY_NUMBER), masked_name="李*")
    ticket = take(terminal, request)
    assert (ticket.number, ticket.ahead, ticket.wait, ticket.already) == ("A001", 0, None, False)
    assert take(terminal, request) == ticket
    again = take(terminal, request_for("materials", identity_sealed=sealed(IDENTITY_NUMBER.lower())))
    assert (again.ticket_id, again.already) == (ticket.ticket_id, True)

    path = f"/v1/tickets/{ticket.ticket_id}"
    query = TicketQuery(terminal="DEV01")
    state = TicketState.model_validate_json(post(terminal, f"{path}/state", query).content)
    assert (state.status, state.ahead, state.window) == (TicketStatus.WAITING, 0, None)
    state = TicketState.model_validate_json(post(terminal, f"{path}/cancel", query).content)
    assert (state.status, state.ahead) == (TicketStatus.CANCELLED, None)
    assert post(terminal, f"/v1/tickets/{uuid4()}/state", query).status_code == 404


@pytest.mark.parametrize(
    ("request_fields", "status", "detail"),
    [
        ({"service": "unknown"}, 422, "unknown_service"),
        ({"ticket_class": TicketClass.LEGAL_ADVICE}, 422, "class_not_offered"),
        ({"ticket_class": TicketClass.PROFESSIONAL}, 422, "proof_missing"),
        ({"terminal": "COURT9"}, 403, ""),
        ({"identity_sealed": "AAAA"}, 422, ""),
    ],
)
def test_refusals_say_why(
    sqlite_hub: HubProcess, terminal: WireTerminal, request_fields: dict[str, object], status: int, detail: str
) -> None:
    """The terminal can put a refusal into words: the detail names the problem."""
    reply = post(terminal, "/v1/tickets", request_for(**request_fields))
    assert (reply.status_code, reply.json()["detail"]) == (status, detail)


def test_nobody_takes_numbers_without_a_key(sqlite_hub: HubProcess) -> None:
    """An unsigned request takes no number."""
    with httpx.Client(base_url=sqlite_hub.url) as anybody:
        assert anybody.post("/v1/tickets", content=request_for().model_dump_json()).status_code == 401
        assert anybody.get("/v1/queues").status_code == 401


def test_numbers_of_a_lease_come_in_after_the_hub_was_away(hub: HubProcess, terminal: WireTerminal) -> None:
    """Leased, the hub killed, issued meanwhile, started, brought in twice: each once, and the next number follows."""
    reply = post(terminal, "/v1/queues/lease", LeaseRequest(request_id=uuid4(), terminal="DEV01", queue="A", size=5))
    lease = Lease.model_validate_json(reply.content)
    assert (lease.first, lease.last) == (1, 5)
    hub.kill()
    now = datetime.now(CHINA)
    given = tuple(
        OfflineTicket(
            ticket_id=uuid4(),
            lease_id=lease.lease_id,
            number=number,
            order=number,
            issued=now,
            request=request_for(identity_sealed="unreadable"),
        )
        for number in (1, 2)
    )
    hub.start()
    with WireTerminal(hub.url) as speaking:
        for _ in range(2):
            accepted = post(speaking, "/v1/tickets/offline", OfflineTickets(terminal="DEV01", tickets=given))
            expected = OfflineAccepted(accepted=tuple(ticket.ticket_id for ticket in given))
            assert OfflineAccepted.model_validate_json(accepted.content) == expected
        following = take(speaking, request_for())
    assert (following.number, following.ahead) == ("A006", 2)
