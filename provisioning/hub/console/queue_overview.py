"""The hall at a glance for the leader on duty: queues, windows, numbers held by terminals; pausing a queue, freeing a
window; and how good the told waiting times were."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from anyio import to_thread
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.court.queueing import Names, WaitRange
from provisioning.hub.console.calling import names_of_hall
from provisioning.hub.console.calling_view import Face, minutes
from provisioning.hub.console.pause_messages import READY, ReadyMessage
from provisioning.hub.console.presses import PageChangedError, new_key, once
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.push.relay import newest_cursor
from provisioning.hub.queue import windows
from provisioning.hub.queue.formulas import Formula
from provisioning.hub.queue.left_out import LeftOut, left_out_today
from provisioning.hub.queue.outlook import Block, Length, blocks_today, held_today, lengths
from provisioning.hub.queue.pauses import Pause, open_queue, pause_queue, paused_queues
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.scoring import Score, score_of_day
from provisioning.hub.queue.windows import WindowState
from provisioning.hub.writer import Job

HOME = "/console/queue"
DAYS_SCORED = 14


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue. `wait` is what a person who comes now is told."""

    code: str
    names: Names
    filing: bool
    length: Length
    oldest: int | None
    windows_open: int
    wait: WaitRange | None
    pause: Pause | None


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One window, with the ticket there."""

    state: WindowState
    face: Face | None


@dataclass(frozen=True, slots=True)
class HallView:
    """The hall as of `cursor`."""

    cursor: int
    queues: tuple[QueueLine, ...]
    windows: tuple[WindowLine, ...]
    held: tuple[Face, ...]
    blocks: tuple[Block, ...]
    left_out: tuple[LeftOut, ...]


class QueueOverview:
    """The pages and what can be done there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below `/queue`."""
        gate, may = self._desk.gate, Permission.MANAGE_QUEUE
        return [
            Route("/queue", gate(may, self.show), methods=["GET"]),
            Route("/queue/scores", gate(may, self.scores), methods=["GET"]),
            Route("/queue/windows/{code}/release", gate(may, self.release), methods=["POST"]),
            Route("/queue/{code}/pause", gate(may, self.pause), methods=["GET", "POST"]),
            Route("/queue/{code}/open", gate(may, self.open), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """The hall."""
        return await self._page(visit)

    async def release(self, visit: Visit) -> Response:
        """Take a window from whoever holds it."""
        hall, window, by = self._desk.hub.hall, visit.request.path_params["code"], visit.person.name
        now = self._desk.hub.clock.now()
        return await self._change(visit, lambda c: windows.release(c, hall, window, by=by, at=now))

    async def open(self, visit: Visit) -> Response:
        """Give numbers again."""
        hall, queue, by = self._desk.hub.hall, visit.request.path_params["code"], visit.person.name
        now = self._desk.hub.clock.now()
        return await self._change(visit, lambda c: open_queue(c, hall, queue, by=by, at=now))

    async def pause(self, visit: Visit) -> Response:
        """Give no more numbers of a queue, with a message in three languages."""
        hall, queue, by = self._desk.hub.hall, visit.request.path_params["code"], visit.person.name
        if queue not in hall.configuration.by_queue:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        if visit.request.method == "GET":
            return await self._pause_page(visit, queue)
        message = _message(visit)
        if message is None:
            return await self._pause_page(visit, queue, error="queue.message_missing", status=422)
        now = self._desk.hub.clock.now()
        return await self._change(visit, lambda c: pause_queue(c, hall, queue, message, by=by, at=now))

    async def scores(self, visit: Visit) -> Response:
        """How good the told ranges were, day by day."""
        hub = self._desk.hub
        today = business_day(hub.clock.now())

        def read(connection: sa.Connection) -> list[tuple[date, Score]]:
            days = [today - timedelta(days=back) for back in range(DAYS_SCORED)]
            found = [(day, score_of_day(connection, hub.hall, day)) for day in days]
            return [(day, score) for day, score in found if score.tickets]

        values = {"scores": await self._desk.read(read), "formulas": [one.value for one in Formula], "of": Formula}
        return await self._desk.show(visit.request, "queue_scores.html", values, person=visit.person)

    async def _change(self, visit: Visit, job: Job[None]) -> Response:
        """Run `job` once per form, and show the hall."""
        try:
            await once(self._desk.hub, visit, job)
        except PageChangedError:
            return await self._page(visit, error="queue_problem.changed", status=409)
        except QueueRefusedError as refused:
            if refused.problem in (QueueProblem.UNKNOWN_QUEUE, QueueProblem.UNKNOWN_WINDOW):
                return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
            return await self._page(visit, error=f"queue_problem.{refused.problem.value}", status=409)
        return RedirectResponse(HOME, status_code=303)

    async def _page(self, visit: Visit, *, error: str = "", status: int = 200) -> Response:
        hub = self._desk.hub
        view = await to_thread.run_sync(self._look, hub.clock.now())
        values = {"view": view, "error": error, "new_key": new_key, **names_of_hall(hub, visit)}
        return await self._desk.show(visit.request, "queue.html", values, person=visit.person, status=status, live=True)

    async def _pause_page(self, visit: Visit, queue: str, *, error: str = "", status: int = 200) -> Response:
        hub = self._desk.hub
        services = hub.hall.configuration.services
        values = {
            "queue": hub.hall.configuration.by_queue[queue],
            "filing": any(one.filing and queue in {one.queue, *one.routes.values()} for one in services),
            "ready": list(ReadyMessage),
            "messages": READY,
            "entered": visit.form,
            "error": error,
            "key": new_key(),
            **names_of_hall(hub, visit),
        }
        return await self._desk.show(visit.request, "queue_pause.html", values, person=visit.person, status=status)

    def _look(self, at: datetime) -> HallView:
        hub = self._desk.hub
        forecast = hub.forecaster.current()
        configuration = hub.hall.configuration
        filing = {queue for one in configuration.services if one.filing for queue in (one.queue, *one.routes.values())}
        with hub.database.reading.connect() as connection:
            cursor = newest_cursor(connection)
            waiting = lengths(connection, hub.hall, at=at)
            paused = paused_queues(connection, hub.hall, at=at)
            states = windows.window_states(connection, hub.hall, at=at)
            held = held_today(connection, hub.hall, at=at)
            blocks = blocks_today(connection, hub.hall, at=at)
            gaps = left_out_today(connection, hub.hall, at=at)

        def line(code: str) -> QueueLine:
            length = waiting[code]
            foretold = forecast.predict(code, length.waiting)
            serving = [
                state
                for state in states
                if state.open and code in {duty.queue for duty in configuration.by_window[state.window].duties}
            ]
            return QueueLine(
                code,
                configuration.by_queue[code].names,
                code in filing,
                length,
                None if length.oldest is None else minutes(at, length.oldest),
                len(serving),
                foretold.range if foretold else None,
                paused.get(code),
            )

        return HallView(
            cursor,
            tuple(line(code) for code in waiting),
            tuple(WindowLine(state, Face.of(state.current, at) if state.current else None) for state in states),
            tuple(Face.of(one, at) for one in held),
            tuple(blocks),
            tuple(gaps),
        )


def _message(visit: Visit) -> Names | None:
    """The ready message that was chosen, or the one that was written; None where a language is missing."""
    with suppress(ValueError):
        return READY[ReadyMessage(visit.form.get("ready", ""))]
    with suppress(ValidationError):
        return Names(**{code: visit.form.get(code, "").strip() for code in ("zh", "ko", "en")})
    return None
