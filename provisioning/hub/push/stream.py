"""`GET /v1/events?topics=…`: server-sent events (WHATWG HTML, section 9.2) with replay from the database.

`id:` is the event's cursor (its moment in microseconds since 1970, by which a pad sees what comes too late to be
shown), `event:` its kind, `data:` its JSON. A client that comes back says in `Last-Event-ID`
what it saw last and gets the rest. A page that has just read a state, which names its cursor, says `after=<cursor>`
instead. Where a cursor is not known (any more) the stream begins with `event: reset`: read the state again.

Strangers may listen to `display` and `ticket:<id>`. The other topics need a terminal's signature, or the session of a
member of staff, whose cookie is sent below /console only: the same stream is at `/console/events`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from anyio import to_thread
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from provisioning.hub import staff
from provisioning.hub.api.callers import signed_caller
from provisioning.hub.api.exchange import ProblemError, problem_response
from provisioning.hub.console.visit import SESSION_COOKIE
from provisioning.hub.hub import Hub
from provisioning.hub.push.pads import note_listening, windows_in
from provisioning.hub.push.relay import PAGE, Client, Frame, Relay
from provisioning.hub.push.topics import TopicRefusedError, is_public, parse_topics

HEARTBEAT_SECONDS = 15.0
CHECK_SECONDS = 30.0
"""How long whoever was signed out or revoked may still listen."""

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
    (b"x-content-type-options", b"nosniff"),
]
_BEGIN = b"retry: 1000\n\n"
_HEARTBEAT = b":\n\n"

Permit = Callable[[], Awaitable[bool]]


async def _always() -> bool:
    return True


class EventStream:
    """The endpoint, as an ASGI application: a response object per chunk would double what a broadcast costs."""

    def __init__(self, hub: Hub, relay: Relay) -> None:
        self._hub = hub
        self._relay = relay

    def routes(self) -> list[Route]:
        """For terminals, displays and phones, and for the console."""
        return [Route("/v1/events", self), Route("/console/events", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            self._require_room(request)
            topics = _topics(request)
            permit = await self._permit(request, topics)
            after = _after(request)
        except ProblemError as error:
            await problem_response(error)(scope, receive, send)
            return
        with self._relay.client(topics) as client:
            sending = asyncio.ensure_future(self._send(client, after, permit, send))
            gone = asyncio.ensure_future(_gone(receive))
            try:
                await asyncio.wait({sending, gone, client.too_slow}, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
            finally:
                gone.cancel()
                sending.cancel()

    def _require_room(self, request: Request) -> None:
        if request.method != "GET":
            raise ProblemError(405, "this cannot be done here")
        if self._relay.full:
            raise ProblemError(503, "too many are listening", headers={"Retry-After": "5"})

    async def _send(self, client: Client, after: int | None, permit: Permit, send: Send) -> None:
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": _HEADERS})
        await send(_body(_BEGIN))
        last = 0
        if after is not None:
            last = await self._replay(client, after, send)
        loop = asyncio.get_running_loop()
        check_at = loop.time() + CHECK_SECONDS
        while not client.over:
            frames = await client.frames(HEARTBEAT_SECONDS)
            if permit is not _always and loop.time() >= check_at:
                if not await permit():
                    break
                check_at = loop.time() + CHECK_SECONDS
            # What the replay brought may also have come by the relay.
            wire = b"".join(frame.wire for frame in frames if frame.cursor > last)
            if wire or not frames:
                await send(_body(wire or _HEARTBEAT))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _replay(self, client: Client, after: int, send: Send) -> int:
        """Send what was missed, until nothing more came while the database was asked; returns the last cursor sent."""
        client.catching_up = True
        while True:
            client.behind = False
            frames: Sequence[Frame] | None = await self._relay.replay(client.topics, after)
            if frames is None:
                client.catching_up = client.behind = False
                newest = await self._relay.newest()
                await send(_body(f"id: {newest}\nevent: reset\ndata: {{}}\n\n".encode()))
                return newest
            if frames:
                await send(_body(b"".join(frame.wire for frame in frames)))
                after = frames[-1].cursor
            if len(frames) < PAGE and not client.behind:
                client.catching_up = False
                return after

    async def _permit(self, request: Request, topics: frozenset[str]) -> Permit:
        """Whether whoever asks may listen, as a question that can be asked again. Raises ProblemError."""
        if all(is_public(topic) for topic in topics):
            return _always
        if token := request.cookies.get(SESSION_COOKIE):

            async def permit() -> bool:
                return await to_thread.run_sync(self._signed_in, token)
        else:
            caller = await signed_caller(self._hub, request, b"")

            windows = windows_in(topics)

            async def permit() -> bool:
                known = await to_thread.run_sync(self._hub.terminals.knows, caller)
                if known and windows:
                    now = self._hub.clock.now()
                    await self._hub.writer.run(lambda connection: note_listening(connection, windows, at=now))
                return known

        if not await permit():
            raise ProblemError(401, "sign in first")
        return permit

    def _signed_in(self, token: str) -> bool:
        now = self._hub.clock.now()
        return self._hub.database.read(lambda connection: staff.who(connection, token, now=now)) is not None


def _topics(request: Request) -> frozenset[str]:
    try:
        return parse_topics(request.query_params.get("topics", ""))
    except TopicRefusedError as error:
        raise ProblemError(400, str(error)) from error


def _after(request: Request) -> int | None:
    text = request.headers.get("last-event-id") or request.query_params.get("after") or None
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ProblemError(400, "Last-Event-ID must be an id that was sent")
    return int(text)


async def _gone(receive: Receive) -> None:
    message: Message = {"type": "http.request"}
    while message["type"] != "http.disconnect":
        message = await receive()


def _body(wire: bytes) -> Message:
    return {"type": "http.response.body", "body": wire, "more_body": True}
