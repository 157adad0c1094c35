"""The ASGI application: the contract for terminals, the console for staff, and the work between requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import sqlalchemy as sa
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from provisioning.hub.api.exchange import ProblemError, problem_response
from provisioning.hub.api.handlers import Api
from provisioning.hub.backlogs import alarm_backlogs
from provisioning.hub.blobs import BlobStoreError
from provisioning.hub.console.pages import Console
from provisioning.hub.console.presses import sweep_presses
from provisioning.hub.data import DataError
from provisioning.hub.display.announcements import sweep_announcements
from provisioning.hub.display.pages import Display
from provisioning.hub.hub import Hub
from provisioning.hub.push.events import sweep_events
from provisioning.hub.push.relay import Relay
from provisioning.hub.push.stream import EventStream
from provisioning.hub.ratings.phone import PhonePage
from provisioning.hub.unresolved.overdue import alarm_overdue
from provisioning.hub.writer import WriterClosedError

INDEX_EVERY = 5.0
"""Seconds between looks for envelopes that another hub process or an earlier run left waiting."""

TIDY_EVERY = 3600.0
"""Seconds between looks for events and announcements that nobody will ask for any more."""

OVERDUE_EVERY = 300.0
"""Seconds between looks for missed deadlines; these end at midnight."""

SWEEP_LOOK = 3600.0
"""Seconds between looks whether today's sweep is still to be done."""

log = logging.getLogger(__name__)


def application(hub: Hub) -> Starlette:
    """The application over an open hub. Whoever opened the hub closes it."""
    work = asyncio.Event()
    relay = Relay(hub.database)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        await relay.begin()
        jobs = (_index(hub, work), _sweep(hub), _tidy(hub), _watch(hub), _look_ahead(hub), relay.run())
        tasks = [asyncio.create_task(job) for job in jobs]
        yield
        for task in tasks:
            task.cancel()

    async def home(request: Request) -> Response:
        del request
        return RedirectResponse("/console/", status_code=303)

    app = Starlette(
        routes=[
            *EventStream(hub, relay).routes(),
            Mount("/console", app=Console(hub, changed=work.set).application()),
            *Api(hub, received=work.set).routes(),
            *Display(hub).routes(),
            *PhonePage(hub).routes(),
            Route("/", home, methods=["GET"]),
        ],
        exception_handlers={404: _not_found, 405: _not_allowed, 500: _failed},
        lifespan=lifespan,
    )
    app.state.relay = relay  # the server ends the streams before it ends
    return app


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


async def _sweep(hub: Hub) -> None:
    while True:
        try:
            await to_thread.run_sync(hub.sweep_if_due)
        except (OSError, sa.exc.DBAPIError, BlobStoreError, DataError, WriterClosedError) as error:
            # What is left lies there until tomorrow; `court-hub sweep` says why in words.
            log.warning("sweeping stopped: %s", type(error).__name__)
        await asyncio.sleep(SWEEP_LOOK)


async def _tidy(hub: Hub) -> None:
    while True:
        now = hub.clock.now()
        try:
            await hub.writer.run(partial(sweep_events, now=now))
            await hub.writer.run(partial(sweep_announcements, now=now))
            await hub.writer.run(partial(sweep_presses, now=now))
        except (sa.exc.SQLAlchemyError, WriterClosedError) as error:
            log.warning("old events stay: %s", type(error).__name__)
        await asyncio.sleep(TIDY_EVERY)


async def _watch(hub: Hub) -> None:
    while True:
        try:
            await hub.writer.run(partial(alarm_overdue, now=hub.clock.now()))
            for held, undelivered in hub.undelivered.items():
                late = partial(alarm_backlogs, held=held, undelivered=undelivered, now=hub.clock.now())
                await hub.writer.run(late)
        except (sa.exc.SQLAlchemyError, WriterClosedError) as error:
            log.warning("missed deadlines are not told: %s", type(error).__name__)
        await asyncio.sleep(OVERDUE_EVERY)


async def _look_ahead(hub: Hub) -> None:
    """Read what the waiting times are made from before somebody waits for it."""
    try:
        await to_thread.run_sync(hub.forecaster.current)
    except sa.exc.SQLAlchemyError as error:
        log.warning("waiting times are not foretold yet: %s", type(error).__name__)


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
