"""A hub that speaks the contract over real HTTP and fails on demand: what the outbox must survive.

It keeps everything in memory, checks every signature, and can be set back to an earlier moment as if it had been
restored from a backup.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from uuid import UUID

from kiosk.court import invitations, signing
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
    Problem,
    Receipt,
)
from kiosk.court.heartbeats import sign_reply
from kiosk.court.keys import SigningKey, VerifyKey, development_device_key
from kiosk.court.rating import RatingAnswer, RatingReceipt
from kiosk.court.receipts import sign_receipt
from kiosk.court.sealing import CourtPrivateKey
from kiosk.court.unresolved import DutyRoster, UnresolvedReport, UnresolvedTaken
from kiosk.rating.scales import published, scales


class Fault(Enum):
    """What goes wrong with one request. BEFORE: nothing was done; AFTER: it was done and the reply is lost."""

    ERROR_BEFORE = "500 before"
    ERROR_AFTER = "500 after"
    RESET_BEFORE = "connection closed before"
    RESET_AFTER = "connection closed after"
    BUSY = "503 with Retry-After"
    PORTAL = "a captive portal's page with status 200"
    PORTAL_JSON = "somebody else's JSON with status 200"
    REDIRECT = "a portal's redirect"
    TRUNCATED = "half of the reply"
    RUBBISH = "no HTTP at all"
    DRIP = "one byte at a time, for ever"


@dataclass
class Stored:
    """What a backup of the hub would hold."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)
    receipts: dict[UUID, Receipt] = field(default_factory=dict)
    manifests: dict[UUID, Manifest] = field(default_factory=dict)
    epoch: str = "epoch-1"


class StubHub:
    """`with StubHub() as hub:` serves on `hub.url` until the block ends, over TLS where it has a context."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.sealing = CourtPrivateKey.generate()
        self.signing = SigningKey.generate()
        self.receipt_key = self.signing
        self.stored = Stored()
        self.safe: set[UUID] = set()
        self.calls: list[AssistanceCall] = []
        self.ratings: dict[str, RatingAnswer] = {}
        self.rating_posts: list[RatingAnswer] = []
        self.never: set[str] = set()
        self.failing: set[str] = set()
        self.reports: dict[UUID, UnresolvedTaken] = {}
        self.report_posts: list[UnresolvedReport] = []
        self.beats: list[Heartbeat] = []
        self.roster: DutyRoster | None = None
        self.scales = published(scales(), "gb-5")
        self.requests: list[str] = []
        self.nonces: set[str] = set()
        self.faults: list[Fault] = []
        self.fault_for: Callable[[str, str], Fault | None] = lambda _method, _path: None
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.alter_receipt: Callable[[Receipt], Receipt] = lambda receipt: receipt
        self.alter_reply: Callable[[HeartbeatReply], HeartbeatReply] = lambda reply: reply
        self.keys: dict[str, VerifyKey] = {}
        key = development_device_key()
        self.keys[key.key_id] = key.verify_key
        self.lock = threading.Lock()
        self.connections: list[socket.socket] = []
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    # -- life

    def __enter__(self) -> StubHub:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve; after a stop on the same port as before."""
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        if self._tls is not None:
            # The handshake belongs to the connection's own thread: one that fails must not hold up the others.
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Nothing listens any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for connection in self.connections:
            with contextlib.suppress(OSError):  # already gone
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def backup(self) -> Stored:
        """What a backup taken now would hold."""
        with self.lock:
            return copy.deepcopy(self.stored)

    def restore(self, backup: Stored, epoch: str) -> None:
        """Forget everything since `backup`."""
        with self.lock:
            self.stored = copy.deepcopy(backup)
            self.stored.epoch = epoch

    def take_fault(self, method: str, path: str) -> Fault | None:
        """The fault for the request that just came in."""
        with self.lock:
            if self.faults:
                return self.faults.pop(0)
        return self.fault_for(method, path)

    def court_info(self) -> CourtInfo:
        """What `GET /v1/court` tells."""
        return CourtInfo(
            code="吉0102",
            name_zh="示例市示例区人民法院",
            name_ko="시범시 시범구인민법원",
            name_en="People's Court of Example District",
            epoch=self.stored.epoch,
            sealing_key=self.sealing.public.text,
            sealing_key_id=self.sealing.key_id,
            signing_key=self.signing.verify_key.text,
            development=True,
        )


class _Handler(BaseHTTPRequestHandler):
    hub: StubHub
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Remember the connection, so that a stopped hub is deaf at once."""
        super().setup()
        self.hub.connections.append(self.connection)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Quiet."""

    def do_GET(self) -> None:
        self._handle()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815 - http.server's naming

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        self.hub.requests.append(f"{self.command} {self.path}")
        fault = self.hub.take_fault(self.command, self.path)
        match fault:
            case Fault.ERROR_BEFORE:
                return self._problem(500, "failed")
            case Fault.RESET_BEFORE:
                return self._hang_up()
            case Fault.BUSY:
                return self._reply(503, b"", {"retry-after": "7"})
            case Fault.PORTAL:
                return self._reply(200, b"<html>Please sign in</html>", {"content-type": "text/html"})
            case Fault.PORTAL_JSON:
                return self._reply(200, b'{"ok": true}', {"content-type": "application/json"})
            case Fault.REDIRECT:
                return self._reply(302, b"", {"location": "http://portal.example/"})
            case Fault.RUBBISH:
                self.wfile.write(b"\x00\xff rubbish \r\n\r\n")
                return self._hang_up()
            case Fault.DRIP:
                return self._drip()
            case _:
                status, content, fields = self._answer(body)
        match fault:
            case Fault.ERROR_AFTER:
                return self._problem(500, "failed")
            case Fault.RESET_AFTER:
                return self._hang_up()
            case Fault.TRUNCATED:
                self._head(status, len(content), fields)
                self.wfile.write(content[: len(content) // 2])
                return self._hang_up()
            case _:
                return self._reply(status, content, fields)

    # -- replies

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()

    def _drip(self) -> None:
        self.close_connection = True
        try:
            for byte in b"HTTP/1.1 200 OK\r\nx-filler: " + b"a" * 100_000:
                self.wfile.write(bytes([byte]))
                time.sleep(0.02)  # the fault itself: this is how slow the line is
        except OSError:
            return

    def _head(self, status: int, length: int, fields: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("content-length", str(length))
        self.end_headers()

    def _reply(self, status: int, content: bytes, fields: dict[str, str]) -> None:
        self._head(status, len(content), fields)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _problem(self, status: int, title: str, fields: dict[str, str] | None = None, **more: Any) -> None:
        self._reply(*_problem(status, title, fields, **more))

    # -- the contract

    def _answer(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        hub = self.hub
        if self.path == "/v1/court":
            return _json(hub.court_info().model_dump_json())
        try:
            caller = signing.verify(
                self.command,
                self.path,
                dict(self.headers.items()),
                body,
                find_key=hub.keys.get,
                now=hub.now(),
            )
        except signing.SignatureRefusedError as error:
            return _problem(401, str(error), {"X-Hub-Time": hub.now().isoformat()} if error.clock else None)
        with hub.lock:
            if caller.nonce in hub.nonces:
                return _problem(401, "seen before")
            hub.nonces.add(caller.nonce)
            return self._contract(body)

    def _contract(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        stored = self.hub.stored
        match self.command, self.path.split("/")[2:]:
            case "POST", ["blobs", "missing"]:
                asked = MissingBlobsRequest.model_validate_json(body)
                missing = tuple(name for name in asked.hashes if name not in stored.blobs)
                return _json(MissingBlobs(missing=missing).model_dump_json())
            case "HEAD", ["blobs", name]:
                done = stored.blobs.get(name)
                return 204, b"", {"upload-offset": str(len(stored.parts.get(name, b"") if done is None else done))}
            case "PATCH", ["blobs", name]:
                return self._append(name, body)
            case "PUT", ["submissions", name]:
                return self._submission(UUID(name), Manifest.model_validate_json(body))
            case "POST", ["heartbeat"]:
                beat = Heartbeat.model_validate_json(body)
                self.hub.beats.append(beat)
                safe = tuple(key for key in beat.awaiting_safety if key in self.hub.safe)
                reply = sign_reply(self.hub.signing, beat, epoch=stored.epoch, server_time=self.hub.now(), safe=safe)
                return _json(self.hub.alter_reply(reply).model_dump_json())
            case "POST", ["cases", "query"]:
                CaseQuery.model_validate_json(body)
                return _json(CaseList(cases=()).model_dump_json())
            case "GET", ["ratings", "scales"]:
                return _json(self.hub.scales.model_dump_json())
            case "POST", ["ratings"]:
                return self._rating(RatingAnswer.model_validate_json(body))
            case "POST", ["unresolved"]:
                return self._report(UnresolvedReport.model_validate_json(body))
            case "GET", ["duty"] if self.hub.roster is not None:
                return _json(self.hub.roster.model_dump_json())
            case "POST", ["assistance"]:
                call = AssistanceCall.model_validate_json(body)
                self.hub.calls.append(call)
                return _json(AssistanceTaken(call_id=call.call_id, received=self.hub.now()).model_dump_json())
            case _:
                return _problem(404, "nothing here")

    def _report(self, given: UnresolvedReport) -> tuple[int, bytes, dict[str, str]]:
        if given.kind.value in self.hub.never:
            return _problem(422, "not taken")
        if given.kind.value in self.hub.failing:
            return _problem(500, "failed")
        self.hub.report_posts.append(given)
        received = self.hub.now()
        fresh = UnresolvedTaken(
            request_id=given.request_id,
            number=f"B{received:%Y%m%d}-{len(self.hub.reports) + 1:03d}",
            received=received,
            answer_by=received.date() + timedelta(days=7),
        )
        return _json(self.hub.reports.setdefault(given.request_id, fresh).model_dump_json())

    def _rating(self, given: RatingAnswer) -> tuple[int, bytes, dict[str, str]]:
        invitation = invitations.read(given.token, self.hub.signing.verify_key)
        if invitation.matter in self.hub.never:
            return _problem(410, "the time for rating was over")
        if invitation.matter in self.hub.failing:
            return _problem(500, "failed")
        self.hub.rating_posts.append(given)
        first = self.hub.ratings.setdefault(invitation.matter, given)
        receipt = RatingReceipt(
            invitation_id=invitation.invitation_id,
            matter=invitation.matter,
            outcome=first.outcome,
            grade=first.grade,
            received=self.hub.now(),
            first=first == given,
        )
        return _json(receipt.model_dump_json())

    def _append(self, name: str, chunk: bytes) -> tuple[int, bytes, dict[str, str]]:
        stored = self.hub.stored
        part = stored.parts.get(name, b"")
        if int(self.headers["upload-offset"]) != len(part):
            return _problem(409, "wrong offset", {"upload-offset": str(len(part))})
        part += chunk
        stored.parts[name] = part
        if self.headers.get("upload-complete") == "?1":
            del stored.parts[name]
            if hashlib.sha256(part).hexdigest() != name:
                return _problem(422, "wrong hash", {"upload-offset": "0"})
            stored.blobs[name] = part
        return 204, b"", {"upload-offset": str(len(part))}

    def _submission(self, key: UUID, manifest: Manifest) -> tuple[int, bytes, dict[str, str]]:
        stored, digest = self.hub.stored, manifest_sha256(manifest)
        missing = tuple(blob.sha256 for blob in manifest.blobs if blob.sha256 not in stored.blobs)
        if key in stored.receipts:
            if stored.receipts[key].manifest_sha256 != digest:
                return _problem(422, "stored with another content")
        elif missing:
            return _problem(424, "blobs are missing", missing=missing)
        else:
            stored.manifests[key] = manifest
            stored.receipts[key] = sign_receipt(
                self.hub.receipt_key,
                submission_id=key,
                manifest_sha256=digest,
                receipt_no=manifest.receipt_no,
                epoch=stored.epoch,
                server_time=self.hub.now(),
            )
        return _json(self.hub.alter_receipt(stored.receipts[key]).model_dump_json())


def _json(text: str) -> tuple[int, bytes, dict[str, str]]:
    return 200, text.encode(), {"content-type": "application/json"}


def _problem(
    status: int, title: str, fields: dict[str, str] | None = None, missing: tuple[str, ...] = ()
) -> tuple[int, bytes, dict[str, str]]:
    content = Problem(title=title, status=status, missing=missing).model_dump_json().encode()
    return status, content, {"content-type": "application/problem+json", **(fields or {})}
