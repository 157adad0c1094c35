"""What each endpoint of the contract does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

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
from kiosk.court.signing import SignatureRefusedError
from provisioning.hub import assistance, blobs, safety
from provisioning.hub.api.endpoints import ENDPOINTS, Endpoint, openapi_document
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
from provisioning.hub.hub import Hub
from provisioning.hub.receive import OtherContent, Received, receive, stored_receipt
from provisioning.hub.terminals import Caller

T = TypeVar("T")
Handler = Callable[[Request, Caller, bytes], Awaitable[Response]]

MAX_JSON = 1024 * 1024
THREAD_FROM = 64 * 1024
"""Bodies from this size on are hashed and verified in a thread, so that others need not wait."""


class Api:
    """The contract's handlers over one hub."""

    def __init__(self, hub: Hub, received: Callable[[], None]) -> None:
        self._hub = hub
        self._received = received
        self._document = json.dumps(openapi_document(), ensure_ascii=False)

    def routes(self) -> list[Route]:
        """One route per endpoint, and the three that no terminal signs."""
        found = [
            Route(endpoint.path, self._checked(endpoint, getattr(self, endpoint.operation)), methods=[endpoint.method])
            for endpoint in ENDPOINTS
            if endpoint.signed
        ]
        return [
            *found,
            Route("/v1/court", self.court_info, methods=["GET"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
            Route("/healthz", self.health, methods=["GET"]),
        ]

    def _checked(self, endpoint: Endpoint, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        limit = blobs.MAX_CHUNK if endpoint.binary else MAX_JSON

        async def handle(request: Request) -> Response:
            try:
                body = await read_body(request, limit)
                caller = await self._verify(request, body)
                return await handler(request, caller, body)
            except ProblemError as error:
                return problem_response(error)

        return handle

    async def _verify(self, request: Request, body: bytes) -> Caller:
        target = request.scope["raw_path"].decode("latin-1").split("?", 1)[0]
        if query := request.scope["query_string"].decode("latin-1"):
            target += f"?{query}"
        headers = dict(request.headers)
        arguments = (request.method, target, headers, body)
        try:
            if len(body) >= THREAD_FROM:
                return await to_thread.run_sync(self._hub.terminals.verify, *arguments)
            return self._hub.terminals.verify(*arguments)
        except SignatureRefusedError as error:
            # A terminal whose clock is wrong learns the hub's time from this reply and signs again.
            hint = {"X-Hub-Time": self._hub.clock.now().isoformat()} if error.clock else {}
            raise ProblemError(401, str(error), headers=hint) from error

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
        manifest = parse(Manifest, body)
        submission_id = str(manifest.submission_id)
        if not submission_id == request.path_params["submission_id"] == request.headers.get("idempotency-key"):
            raise ProblemError(400, "path, Idempotency-Key and manifest must name the same submission")
        _require_own(caller, manifest.terminal)
        if missing := await to_thread.run_sync(self._missing, manifest):
            # What is stored already is acknowledged again, whatever has become of its blobs.
            sha256 = manifest_sha256(manifest)
            stored = await to_thread.run_sync(self._read, lambda c: stored_receipt(c, submission_id, sha256))
            if isinstance(stored, Receipt):
                return model_response(stored)
            raise ProblemError(424, "blobs are missing", missing=missing)
        signature = json.dumps({name: request.headers[name] for name in ("signature-input", "signature")})
        now = self._hub.clock.now()
        outcome: Received | OtherContent = await self._hub.writer.run(
            lambda connection: receive(
                connection, manifest, caller, signature=signature, key=self._hub.keys.signing, now=now
            )
        )
        match outcome:
            case Received():
                self._received()
                return model_response(outcome.receipt)
            case OtherContent():
                raise ProblemError(422, "this submission is already stored with another content")

    async def heartbeat(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/heartbeat`."""
        del request
        beat = parse(Heartbeat, body)
        _require_own(caller, beat.terminal)
        now, rule = self._hub.clock.now(), self._hub.safety
        reply: HeartbeatReply = await self._hub.writer.run(
            lambda connection: safety.heartbeat(connection, beat, caller, now=now, rule=rule)
        )
        return model_response(reply)

    async def query_cases(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/cases/query`."""
        del request, caller
        query = parse(CaseQuery, body)
        hub = self._hub
        try:
            found: CaseList = await to_thread.run_sync(
                self._read, lambda c: find_cases(c, query, key=hub.keys.sealing, personal=hub.personal)
            )
        except QueryRefusedError as error:
            raise ProblemError(422, str(error)) from error
        return model_response(found)

    async def call_assistance(self, request: Request, caller: Caller, body: bytes) -> Response:
        """`POST /v1/assistance`."""
        del request
        call = parse(AssistanceCall, body)
        _require_own(caller, call.terminal)
        now = self._hub.clock.now()
        taken: AssistanceTaken = await self._hub.writer.run(lambda c: assistance.take_in(c, call, at=now))
        return model_response(taken)

    async def court_info(self, request: Request) -> Response:
        """`GET /v1/court`."""
        del request
        court, keys = self._hub.court, self._hub.keys
        epoch: str = await to_thread.run_sync(self._read, safety.current_epoch)
        return model_response(
            CourtInfo(
                code=court.code,
                name_zh=court.name_zh,
                name_ko=court.name_ko,
                name_en=court.name_en,
                epoch=epoch,
                sealing_key=keys.sealing.public.text,
                sealing_key_id=keys.sealing.key_id,
                signing_key=keys.signing.verify_key.text,
                development=not self._hub.options.production,
            )
        )

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
                await to_thread.run_sync(self._read, safety.current_epoch)
            except sa.exc.DBAPIError:
                reason = "the database does not answer"
        status = HTTPStatus.OK if reason is None else HTTPStatus.SERVICE_UNAVAILABLE
        content = {"status": "ok" if reason is None else "failed", "reason": reason}
        return Response(json.dumps(content), status_code=status, media_type="application/json")

    def _read(self, query: Callable[[sa.Connection], T]) -> T:
        with self._hub.database.reading.connect() as connection:
            return query(connection)

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
