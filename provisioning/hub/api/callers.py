"""Which terminal signed a request."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request

from kiosk.court.signing import SignatureRefusedError
from provisioning.hub.api.exchange import ProblemError
from provisioning.hub.hub import Hub
from provisioning.hub.terminals import Caller

THREAD_FROM = 64 * 1024
"""Bodies from this size on are hashed and verified in a thread, so that others need not wait."""


async def signed_caller(hub: Hub, request: Request, body: bytes) -> Caller:
    """The terminal behind `request`. Raises ProblemError 401 for strangers, changed requests and replays."""
    target = request.scope["raw_path"].decode("latin-1").split("?", 1)[0]
    if query := request.scope["query_string"].decode("latin-1"):
        target += f"?{query}"
    headers = dict(request.headers)
    arguments = (request.method, target, headers, body)
    try:
        if len(body) >= THREAD_FROM:
            return await to_thread.run_sync(hub.terminals.verify, *arguments)
        return hub.terminals.verify(*arguments)
    except SignatureRefusedError as error:
        # A terminal whose clock is wrong learns the hub's time from this reply and signs again.
        hint = {"X-Hub-Time": hub.clock.now().isoformat()} if error.clock else {}
        raise ProblemError(401, str(error), headers=hint) from error
