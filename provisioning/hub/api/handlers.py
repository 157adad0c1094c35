"""What each endpoint of the contract does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol, TypeVar

import sqlalchemy as sa
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.court.canonical import manifest_sha256
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
    Receipt,
)
from kiosk.court.kept_drafts import KeepDraft
from kiosk.court.queueing import CheckIn, LeaseRequest, OfflineTickets, TicketFiling, TicketQuery, TicketRequest
from kiosk.court.rating import RatingAnswer, RatingQuery
from kiosk.court.unresolved import UnresolvedReport
from kiosk.rating.scales import published
from provisioning.hub import assistance, blobs, safety
from provisioning.hub.api.callers import signed_caller
from provisioning.hub.api.endpoint import Door, Endpoint
from provisioning.hub.api.endpoints import ENDPOINTS, openapi_document
from provisioning.hub.api.exchange import (
    ProblemError,
    header_flag,
    header_integer,
    model_response,
    parse,
    problem_response,
    read_body,
)
from provisioning.hub.blobs import HASH, UploadState
from provisioning.hub.cases import QueryRefusedError, find_cases
from provisioning.hub.drafts import api as drafts
from provisioning.hub.drafts.keeping import Keeper
from provisioning.hub.hub import Hub
from provisioning.hub.queue import api as queue
from provisioning.hub.ratings.api import find_ratings, take_answer
from provisioning.hub.receive import BlobsMissing, OtherContent, Received, receive, stored_receipt
from provisioning.hub.terminals import Caller
from provisioning.hub.unresolved import api as unresolved


class _FromTerminal(Protocol):
    @property
    def terminal(self) -> str: ...


M = TypeVar("M", bound=_FromTerminal)
Handler = Callable[[Request, Caller, bytes], Awaitable[Response]]
ChannelHandler = Callable[[Request, Keeper, bytes], Awaitable[Response]]

MAX_JSON = 1024 * 1024


class Api:
    """The contract's handlers over one hub."""

    def __init__(self, hub: Hub, received: Callable[[], None]) -> None:
        self._hub = hub
        self._received = received
        self._document = json.dumps(openapi_document(), ensure_ascii=False)

    def routes(self) -> list[Route]:
        """One route per endpoint, and the three that are public."""
        found = [
            Route(endpoint.path, self._checked(endpoint, getattr(self, endpoint.operation)), methods=[endpoint.method])
            for endpoint in ENDPOINTS
            if endpoint.door is Door.TERMINAL
        ]
        for_channels = [
            Route(endpoint.path, self._keyed(getattr(self, endpoint.operation)), methods=[endpoint.method])
            for endpoint in ENDPOINTS
            if endpoint.door is Door.CHANNEL
        ]
        return [
            *found,
            *for_channels,
            Route("/v1/court", self.court_info, methods=["GET"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
            Route("/healthz", self.health, methods=["GET"]),
        ]

    def _checked(self, endpoint: Endpoint, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        limit = blobs.MAX_CHUNK if endpoint.binary else MAX_JSON

        async def handle(request: Request) -> Response:
            try:
                body = await read_body(request, limit)
                caller = await signed_caller(self._hub, request, body)
                return await handler(request, caller, body)
            except ProblemError as error:
                return problem_response(error)

        return handle

    def _keyed(self, handler: ChannelHandler) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            try:
                keeper = await drafts.channel_keeper(self._hub, request)
                return await handler(request, keeper, await read_body(request, MAX_JSON))
            except ProblemError as error:
                return problem_response(error)

        return handle

    async def missing_blobs(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/blobs/missing`."""
        del request, caller
        asked = parse(MissingBlobsRequest, body)
        missing = await to_thread.run_sync(self._hub.store.missing, list(asked.hashes))
        return model_response(MissingBlobs(missing=tuple(missing)))

    async def upload_state(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`HEAD /v1/blobs/{sha256}`."""
        del body
        sha256 = _hash(request)
        return await _upload(lambda: self._hub.store.state(caller.key_id, sha256))

    async def append_chunk(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`PATCH /v1/blobs/{sha256}`."""
        sha256 = _hash(request)
        offset = header_integer(request, "Upload-Offset")
        last = header_flag(request, "Upload-Complete")
        return await _upload(lambda: self._hub.store.append(caller.key_id, sha256, offset, body, last=last))

    async def put_submission(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`PUT /v1/submissions/{submission_id}`."""
        manifest = _own(caller, parse(Manifest, body))
        submission_id = str(manifest.submission_id)
        if not submission_id == request.path_params["submission_id"] == request.headers.get("idempotency-key"):
            raise ProblemError(400, "path, Idempotency-Key and manifest must name the same submission")
        if missing := await to_thread.run_sync(self._missing, manifest):
            # What is stored already is acknowledged again, whatever has become of its blobs.
            sha256 = manifest_sha256(manifest)
            stored = await to_thread.run_sync(
                self._hub.database.read, lambda c: stored_receipt(c, submission_id, sha256)
            )
            if isinstance(stored, Receipt):
                return model_response(stored)
            raise ProblemError(424, "blobs are missing", missing=missing)
        signature = json.dumps({name: request.headers[name] for name in ("signature-input", "signature")})
        now = self._hub.clock.now()
        hub = self._hub
        outcome: Received | OtherContent | BlobsMissing = await hub.writer.run(
            lambda connection: receive(
                connection, manifest, caller, signature=signature, key=hub.keys.signing, store=hub.store, now=now
            )
        )
        match outcome:
            case Received():
                self._received()
                return model_response(outcome.receipt)
            case BlobsMissing():
                raise ProblemError(424, "blobs are missing", missing=list(outcome.hashes))
            case OtherContent():
                raise ProblemError(422, "this submission is already stored with another content")

    async def heartbeat(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/heartbeat`."""
        del request
        beat = _own(caller, parse(Heartbeat, body))
        now, rule, key = self._hub.clock.now(), self._hub.safety, self._hub.keys.signing
        reply: HeartbeatReply = await self._hub.writer.run(
            lambda connection: safety.heartbeat(connection, beat, caller, key=key, now=now, rule=rule)
        )
        return model_response(reply)

    async def query_cases(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/cases/query`."""
        del request, caller
        query = parse(CaseQuery, body)
        hub = self._hub
        try:
            found: CaseList = await to_thread.run_sync(
                self._hub.database.read, lambda c: find_cases(c, query, key=hub.keys.sealing, personal=hub.personal)
            )
        except QueryRefusedError as error:
            raise ProblemError(422, str(error)) from error
        return model_response(found)

    async def call_assistance(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/assistance`."""
        del request
        call = _own(caller, parse(AssistanceCall, body))
        now = self._hub.clock.now()
        taken: AssistanceTaken = await self._hub.writer.run(lambda c: assistance.take_in(c, call, at=now))
        return model_response(taken)

    async def queue_board(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`GET /v1/queues`."""
        del request, caller, body
        return model_response(await queue.board(self._hub))

    async def issue_ticket(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/tickets`."""
        del request
        asked = _own(caller, parse(TicketRequest, body))
        return model_response(await queue.issue_ticket(self._hub, asked))

    async def check_in(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/appointments/check-in`."""
        del request
        asked = _own(caller, parse(CheckIn, body))
        return model_response(await queue.check_in(self._hub, asked))

    async def ticket_state(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/tickets/{ticket_id}/state`."""
        _own(caller, parse(TicketQuery, body))
        return model_response(await queue.state(self._hub, request.path_params["ticket_id"]))

    async def cancel_ticket(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/tickets/{ticket_id}/cancel`."""
        query = _own(caller, parse(TicketQuery, body))
        return model_response(await queue.cancel_ticket(self._hub, request.path_params["ticket_id"], query))

    async def filing_while_waiting(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/tickets/{ticket_id}/filing`."""
        told = _own(caller, parse(TicketFiling, body))
        return model_response(await queue.filing_while_waiting(self._hub, request.path_params["ticket_id"], told))

    async def lease_numbers(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/queues/lease`."""
        del request
        asked = _own(caller, parse(LeaseRequest, body))
        return model_response(await queue.lease_numbers(self._hub, asked))

    async def accept_offline_tickets(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/tickets/offline`."""
        del request
        sent = _own(caller, parse(OfflineTickets, body))
        return model_response(await queue.accept_offline(self._hub, sent))

    async def rate(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/ratings`."""
        del request
        given = parse(RatingAnswer, body)
        _require_own(caller, given.device)
        return model_response(await take_answer(self._hub, given))

    async def find_ratings(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/ratings/invitation`."""
        del request
        return model_response(await find_ratings(self._hub, _own(caller, parse(RatingQuery, body))))

    async def rating_scales(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`GET /v1/ratings/scales`."""
        del request, caller, body
        office = self._hub.ratings
        return model_response(published(office.scales, office.rules.scale))

    async def report_unresolved(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/unresolved`."""
        del request
        report = _own(caller, parse(UnresolvedReport, body))
        return model_response(await unresolved.take_report(self._hub, report))

    async def duty_roster(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`GET /v1/duty`."""
        del request, caller, body
        return model_response(await unresolved.duty(self._hub))

    async def keep_draft(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`PUT /v1/drafts/{lookup}`."""
        return await self.keep_channel_draft(request, drafts.terminal_keeper(self._hub, caller), body)

    async def fetch_draft(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`GET /v1/drafts/{lookup}`."""
        return await self.fetch_channel_draft(request, drafts.terminal_keeper(self._hub, caller), body)

    async def forget_draft(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`DELETE /v1/drafts/{lookup}`."""
        return await self.forget_channel_draft(request, drafts.terminal_keeper(self._hub, caller), body)

    async def keep_channel_draft(self, request: Request, keeper: Keeper, body: bytes) -> Response:
        """`PUT /v1/channel/drafts/{lookup}`."""
        lookup, asked = drafts.asked_lookup(request), parse(KeepDraft, body)
        return model_response(await drafts.keep_draft(self._hub, keeper, lookup, asked))

    async def fetch_channel_draft(self, request: Request, keeper: Keeper, body: bytes) -> Response:
        """`GET /v1/channel/drafts/{lookup}`."""
        del body
        return model_response(await drafts.fetch_draft(self._hub, keeper, drafts.asked_lookup(request)))

    async def forget_channel_draft(self, request: Request, keeper: Keeper, body: bytes) -> Response:
        """`DELETE /v1/channel/drafts/{lookup}`."""
        del body
        return model_response(await drafts.forget_draft(self._hub, keeper, drafts.asked_lookup(request)))

    async def court_info(self, request: Request) -> Response:
        """`GET /v1/court`."""
        del request
        info: CourtInfo = await to_thread.run_sync(self._hub.database.read, self._hub.court_info)
        return model_response(info)

    async def openapi(self, request: Request) -> Response:
        """`GET /openapi.json`."""
        del request
        return Response(self._document, media_type="application/json")

    async def health(self, request: Request) -> Response:
        """`GET /healthz`: 200 while the hub can acknowledge, 503 with the reason while it cannot."""
        del request
        reason = self._hub.store.failed
        if reason is None:
            try:
                await to_thread.run_sync(self._hub.database.read, safety.current_epoch)
            except sa.exc.DBAPIError:
                reason = "the database does not answer"
        status = HTTPStatus.OK if reason is None else HTTPStatus.SERVICE_UNAVAILABLE
        content = {"status": "ok" if reason is None else "failed", "reason": reason}
        return Response(json.dumps(content), status_code=status, media_type="application/json")

    def _missing(self, manifest: Manifest) -> list[str]:
        store = self._hub.store
        sizes = {blob.sha256: store.size(blob.sha256) for blob in manifest.blobs}
        for blob in manifest.blobs:
            if sizes[blob.sha256] not in (None, blob.size):
                raise ProblemError(422, "a blob is not as long as the manifest says", blob.sha256)
        return [sha256 for sha256, size in sizes.items() if size is None]


def _hash(request: Request) -> str:
    sha256: str = request.path_params["sha256"]
    if not HASH.fullmatch(sha256):
        raise ProblemError(404, "not a blob")
    return sha256


def _own(caller: Caller, message: M) -> M:
    """`message`, if it speaks for the terminal that signed it."""
    _require_own(caller, message.terminal)
    return message


def _require_own(caller: Caller, code: str) -> None:
    if not caller.speaks_for(code):
        raise ProblemError(403, "a terminal speaks for itself only")


async def _upload(step: Callable[[], UploadState]) -> Response:
    try:
        state = await to_thread.run_sync(step)
    except blobs.WrongOffsetError as error:
        raise ProblemError(409, str(error), headers={"Upload-Offset": str(error.offset)}) from error
    except blobs.UploadBusyError as error:
        raise ProblemError(423, str(error), headers={"Retry-After": "1"}) from error
    except blobs.HashMismatchError as error:
        raise ProblemError(422, str(error), headers={"Upload-Offset": "0"}) from error
    except blobs.TooLargeError as error:
        raise ProblemError(413, str(error)) from error
    except blobs.StoreUnavailableError as error:
        raise ProblemError(503, "the store is out of service", headers={"Retry-After": "30"}) from error
    return Response(
        status_code=204,
        headers={
            "Upload-Offset": str(state.offset),
            "Upload-Complete": "?1" if state.complete else "?0",
            "Cache-Control": "no-store",
        },
    )
