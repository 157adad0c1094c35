"""The ASGI application: the contract for terminals, the console for staff, and the work between requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from provisioning.hub.api.exchange import ProblemError, problem_response
from provisioning.hub.api.handlers import Api
from provisioning.hub.console.pages import Console
from provisioning.hub.hub import Hub

INDEX_EVERY = 5.0
"""Seconds between looks for envelopes that another hub process or an earlier run left waiting."""

log = logging.getLogger(__name__)


def application(hub: Hub) -> Starlette:
    """The application over an open hub. Whoever opened the hub closes it."""
    work = asyncio.Event()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        task = asyncio.create_task(_index(hub, work))
        yield
        task.cancel()

    async def home(request: Request) -> Response:
        del request
        return RedirectResponse("/console/", status_code=303)

    return Starlette(
        routes=[
            *Api(hub, received=work.set).routes(),
            Route("/", home, methods=["GET"]),
            Mount("/console", app=Console(hub, changed=work.set).application()),
        ],
        exception_handlers={404: _not_found, 405: _not_allowed, 500: _failed},
        lifespan=lifespan,
    )


async def _index(hub: Hub, work: asyncio.Event) -> None:
    while True:
        work.clear()
        try:
            while await to_thread.run_sync(hub.indexer.step):
                pass
        except (OSError, sa.exc.DBAPIError) as error:
            # What is waiting stays waiting in the database and is tried again below.
            log.warning("indexing stopped: %s", type(error).__name__)
        try:
            async with asyncio.timeout(INDEX_EVERY):
                await work.wait()
        except TimeoutError:
            continue


async def _not_found(request: Request, error: Exception) -> Response:
    del request, error
    return problem_response(ProblemError(404, "there is nothing here"))


async def _not_allowed(request: Request, error: Exception) -> Response:
    del request, error
    return problem_response(ProblemError(405, "this cannot be done here"))


async def _failed(request: Request, error: Exception) -> Response:
    # The error itself goes to the log by uvicorn; the reply tells a stranger nothing about the inside.
    del request, error
    return problem_response(ProblemError(500, "the hub has failed; nothing was acknowledged"))
