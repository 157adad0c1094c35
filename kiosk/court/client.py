"""The terminal's side of the published contract (kiosk/court/contract.py): one method per operation.

A reply counts only if it is what the contract says: status, media type, schema. Everything else (a portal's page, half
a document, a redirect) is treated like silence.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from kiosk.clock import Clock
from kiosk.court.canonical import canonical_json
from kiosk.court.contract import (
    AssistanceCall,
    AssistanceTaken,
    CaseList,
    CaseQuery,
    CourtInfo,
    Heartbeat,
    HeartbeatReply,
    Manifest,
    MissingBlobs,
    MissingBlobsRequest,
    Problem,
    Receipt,
)
from kiosk.court.hub_errors import (
    BlobsMissingError,
    HubBusyError,
    HubFailedError,
    HubRefusedError,
    HubUnreachableError,
    TerminalRefusedError,
)
from kiosk.court.kept_drafts import DRAFT_PATH, DraftForgotten, DraftKept, HeldDraft, KeepDraft
from kiosk.court.keys import SigningKey
from kiosk.court.queueing import (
    CheckIn,
    Lease,
    LeaseRequest,
    OfflineAccepted,
    OfflineTickets,
    QueueBoard,
    Ticket,
    TicketFiling,
    TicketQuery,
    TicketRequest,
    TicketState,
)
from kiosk.court.rating import RatingAnswer, RatingQuery, RatingReceipt, RatingScales, RatingsFound
from kiosk.court.sealing import CourtPublicKey, seal_text
from kiosk.court.transport import HubLink, Reply
from kiosk.court.unresolved import DutyRoster, UnresolvedReport, UnresolvedTaken

M = TypeVar("M", bound=BaseModel)

QUERY_SECONDS = 20.0
CHUNK_SECONDS = 60.0
MAX_RETRY_AFTER = 3600.0
_JSON = {"content-type": "application/json"}


class HubClient:
    """Asks one hub. Not for several threads at once. Every method raises the errors of hub_errors."""

    def __init__(self, url: str, key: SigningKey, clock: Clock, ca_file: Path | None = None) -> None:
        self._link = HubLink(url, key, clock, ca_file)
        self._clock = clock
        self.query_seconds = QUERY_SECONDS
        self.chunk_seconds = CHUNK_SECONDS

    def close(self) -> None:
        """Drop the connection."""
        self._link.close()

    def court_info(self) -> CourtInfo:
        """`GET /v1/court`."""
        return _parsed(self._checked(self._link.request("GET", "/v1/court", seconds=self.query_seconds)), CourtInfo)

    def missing_blobs(self, hashes: tuple[str, ...]) -> tuple[str, ...]:
        """`POST /v1/blobs/missing`: which of `hashes` the hub lacks."""
        asked = self._post("/v1/blobs/missing", MissingBlobsRequest(hashes=hashes), MissingBlobs)
        return tuple(name for name in asked.missing if name in hashes)

    def upload_offset(self, sha256: str) -> int:
        """`HEAD /v1/blobs/{sha256}`: how many bytes of it the hub has."""
        reply = self._link.request("HEAD", f"/v1/blobs/{sha256}", seconds=self.query_seconds)
        if 400 <= reply.status <= 499 and reply.status != 429:
            raise HubFailedError(f"status {reply.status}")  # a HEAD reply has no body that could say more
        return _offset(self._checked(reply))

    def append_chunk(self, sha256: str, offset: int, chunk: bytes, *, last: bool) -> int:
        """`PATCH /v1/blobs/{sha256}`: add `chunk` at `offset`; how many bytes the hub has now. Where the upload stands
        elsewhere, or was discarded because its hash was wrong, that is told the same way."""
        headers = {
            "content-type": "application/octet-stream",
            "upload-offset": str(offset),
            "upload-complete": "?1" if last else "?0",
        }
        reply = self._link.request(
            "PATCH", f"/v1/blobs/{sha256}", body=chunk, headers=headers, seconds=self.chunk_seconds
        )
        if reply.status in {409, 422} and "upload-offset" in reply.headers:
            return _offset(reply)
        return _offset(self._checked(reply))

    def put_submission(self, manifest: Manifest) -> Receipt:
        """`PUT /v1/submissions/{id}`; the receipt still has to be verified."""
        reply = self._link.request(
            "PUT",
            f"/v1/submissions/{manifest.submission_id}",
            body=canonical_json(manifest),
            headers={**_JSON, "idempotency-key": str(manifest.submission_id)},
            seconds=self.query_seconds,
        )
        return _parsed(self._checked(reply), Receipt)

    def heartbeat(self, beat: Heartbeat) -> HeartbeatReply:
        """`POST /v1/heartbeat`; the reply still has to be verified."""
        return self._post("/v1/heartbeat", beat, HeartbeatReply)

    def cases_by_receipt(self, receipt_no: str, seconds: float) -> CaseList:
        """`POST /v1/cases/query` by receipt number."""
        return self._post("/v1/cases/query", CaseQuery(receipt_no=receipt_no), CaseList, seconds)

    def cases_by_identity(self, number: str, court: CourtPublicKey, seconds: float) -> CaseList:
        """`POST /v1/cases/query` by identity number, which leaves the terminal only sealed to the court."""
        sealed = seal_text(number, court)
        return self._post("/v1/cases/query", CaseQuery(identity_sealed=sealed), CaseList, seconds)

    def call_assistance(self, call: AssistanceCall, seconds: float | None = None) -> UUID:
        """`POST /v1/assistance`; the id of the call that was taken."""
        return self._post("/v1/assistance", call, AssistanceTaken, seconds).call_id

    # -- numbers

    def queue_board(self, seconds: float) -> QueueBoard:
        """`GET /v1/queues`."""
        return _parsed(self._checked(self._link.request("GET", "/v1/queues", seconds=seconds)), QueueBoard)

    def issue_ticket(self, request: TicketRequest, seconds: float) -> Ticket:
        """`POST /v1/tickets`; the same request again gives the same ticket. HubRefusedError says by `reason` why none
        is given."""
        return self._post("/v1/tickets", request, Ticket, seconds)

    def ticket_state(self, ticket_id: UUID, terminal: str, seconds: float) -> TicketState:
        """`POST /v1/tickets/{ticket_id}/state`."""
        return self._post(f"/v1/tickets/{ticket_id}/state", TicketQuery(terminal=terminal), TicketState, seconds)

    def cancel_ticket(self, ticket_id: UUID, terminal: str, seconds: float) -> TicketState:
        """`POST /v1/tickets/{ticket_id}/cancel`."""
        return self._post(f"/v1/tickets/{ticket_id}/cancel", TicketQuery(terminal=terminal), TicketState, seconds)

    def filing_while_waiting(self, ticket_id: UUID, told: TicketFiling, seconds: float) -> TicketState:
        """`POST /v1/tickets/{ticket_id}/filing`."""
        return self._post(f"/v1/tickets/{ticket_id}/filing", told, TicketState, seconds)

    def check_in(self, arrival: CheckIn, seconds: float) -> Ticket:
        """`POST /v1/appointments/check-in`; the same again gives the same ticket. HubRefusedError says by `reason` why
        none is given."""
        return self._post("/v1/appointments/check-in", arrival, Ticket, seconds)

    def lease_numbers(self, request: LeaseRequest) -> Lease:
        """`POST /v1/queues/lease`; the same request again gives the same numbers."""
        return self._post("/v1/queues/lease", request, Lease)

    def bring_in_offline(self, tickets: OfflineTickets) -> OfflineAccepted:
        """`POST /v1/tickets/offline`."""
        return self._post("/v1/tickets/offline", tickets, OfflineAccepted)

    # -- ratings

    def rating_scales(self) -> RatingScales:
        """`GET /v1/ratings/scales`."""
        reply = self._link.request("GET", "/v1/ratings/scales", seconds=self.query_seconds)
        return _parsed(self._checked(reply), RatingScales)

    def find_ratings(self, query: RatingQuery, seconds: float) -> RatingsFound:
        """`POST /v1/ratings/invitation`."""
        return self._post("/v1/ratings/invitation", query, RatingsFound, seconds)

    def rate(self, answer: RatingAnswer) -> RatingReceipt:
        """`POST /v1/ratings`: what the hub holds for the matter afterwards. HubRefusedError says that it never will
        take this answer; clocks that differ are no such reason."""
        reply = self._link.request(
            "POST", "/v1/ratings", body=canonical_json(answer), headers=_JSON, seconds=self.query_seconds
        )
        if reply.status == 409:
            raise HubFailedError("the clocks of hub and terminal differ")
        return _parsed(self._checked(reply), RatingReceipt)

    # -- what could not be got done

    def report_unresolved(self, report: UnresolvedReport, seconds: float | None = None) -> UnresolvedTaken:
        """`POST /v1/unresolved`; the same report again gives the same number."""
        return self._post("/v1/unresolved", report, UnresolvedTaken, seconds)

    def duty_roster(self, seconds: float) -> DutyRoster:
        """`GET /v1/duty`."""
        return _parsed(self._checked(self._link.request("GET", "/v1/duty", seconds=seconds)), DutyRoster)

    # -- drafts

    def keep_draft(self, lookup: str, draft: KeepDraft, seconds: float) -> DraftKept:
        """`PUT /v1/drafts/{lookup}`; the same again gives the same day."""
        body = draft.model_dump_json().encode()
        reply = self._link.request("PUT", f"{DRAFT_PATH}/{lookup}", body=body, headers=_JSON, seconds=seconds)
        return _parsed(self._checked(reply), DraftKept)

    def fetch_draft(self, lookup: str, seconds: float) -> HeldDraft | None:
        """`GET /v1/drafts/{lookup}`; None where the hub has none under it (any more)."""
        reply = self._link.request("GET", f"{DRAFT_PATH}/{lookup}", seconds=seconds)
        if reply.status == 404:
            _parsed(reply, Problem, problem=True)  # a portal has no pages either, but says so in other words
            return None
        return _parsed(self._checked(reply), HeldDraft)

    def forget_draft(self, lookup: str, seconds: float) -> None:
        """`DELETE /v1/drafts/{lookup}`; again is without effect."""
        reply = self._link.request("DELETE", f"{DRAFT_PATH}/{lookup}", seconds=seconds)
        _parsed(self._checked(reply), DraftForgotten)

    def _post(self, path: str, content: BaseModel, expected: type[M], seconds: float | None = None) -> M:
        reply = self._link.request(
            "POST", path, body=content.model_dump_json().encode(), headers=_JSON, seconds=seconds or self.query_seconds
        )
        return _parsed(self._checked(reply), expected)

    def _checked(self, reply: Reply) -> Reply:
        """`reply` if it reports success; else the error that says what to do about it."""
        match reply.status:
            case 200 | 201 | 204:
                return reply
            case 429 | 503:
                raise HubBusyError(f"status {reply.status}", self._retry_after(reply))
            case 424:
                raise BlobsMissingError(_parsed(reply, Problem, problem=True).missing)
            case 401 | 403:
                raise TerminalRefusedError(_parsed(reply, Problem, problem=True).title)
            case 423:
                raise HubFailedError("the upload is being changed by another request")
            case status if 500 <= status <= 599:
                raise HubFailedError(f"status {status}")
            case status if 400 <= status <= 499 and status != 408:
                # A portal refuses too, but it does not speak RFC 9457.
                problem = _parsed(reply, Problem, problem=True)
                raise HubRefusedError(f"status {status}: {problem.title}", problem.detail)
            case status:
                raise HubUnreachableError(f"status {status} is not of this contract")

    def _retry_after(self, reply: Reply) -> float | None:
        text = reply.headers.get("retry-after", "")
        if text.isascii() and text.isdigit() and len(text) < 10:
            return min(float(text), MAX_RETRY_AFTER)
        try:
            moment = _moment(text)
        except ValueError:
            return None
        try:
            sent = _moment(reply.headers.get("date", ""))
        except ValueError:
            sent = self._clock.now()
        return min(max(0.0, (moment - sent).total_seconds()), MAX_RETRY_AFTER)


def _moment(text: str) -> datetime:
    """An HTTP date (RFC 9110, 5.6.7); a time zone of -0000 means that none is told, which is UTC there."""
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _offset(reply: Reply) -> int:
    text = reply.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise HubUnreachableError("the reply does not tell an offset")
    return int(text)


def _parsed(reply: Reply, expected: type[M], *, problem: bool = False) -> M:
    wanted = "application/problem+json" if problem else "application/json"
    if reply.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise HubUnreachableError("the reply is not of the announced media type")
    try:
        return expected.model_validate_json(reply.content)
    except ValidationError:
        # The chained error would repeat the content.
        raise HubUnreachableError(f"the reply is not a {expected.__name__}") from None
