"""The caller's page (叫号): choose a window, call the next person, and everything that is one press."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioning.hub.console.calling_deeds import deeds_without_words
from provisioning.hub.console.calling_press import Deed, Done, Outcome, press
from provisioning.hub.console.calling_view import FORMS, KEYS, Act, CallerView, in_language, look
from provisioning.hub.console.presses import PageChangedError, new_key
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.hub import Hub
from provisioning.hub.permissions import Permission
from provisioning.hub.push.relay import newest_cursor
from provisioning.hub.queue import windows
from provisioning.hub.queue.problems import QueueRefusedError

HOME = "/console/window"
CHOOSE = "/console/windows"
KEYS_COOKIE = "hub_keys"
NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{3,6}")


class CallingPages:
    """Both pages and their presses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._deeds = deeds_without_words(desk.hub)

    def routes(self) -> list[Route]:
        """`/windows` and what is one press below `/window`."""
        gate, may = self._desk.gate, Permission.SERVE_WINDOW
        return [
            Route("/windows", gate(may, self.choose), methods=["GET"]),
            Route("/windows/{code}", gate(may, self.sign_on), methods=["POST"]),
            Route("/window", gate(may, self.show), methods=["GET"]),
            Route("/window/keys", gate(may, self.keys), methods=["POST"]),
            Route("/window/{act}", gate(may, self.one_press), methods=["POST"]),
        ]

    async def choose(self, visit: Visit) -> Response:
        """The windows, and who has which."""
        return await self._windows_page(visit)

    async def sign_on(self, visit: Visit) -> Response:
        """Take a window; it is nobody else's until one signs off."""
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        desk = windows.Desk(visit.request.path_params["code"], visit.person.name)
        try:
            await hub.writer.run(lambda connection: windows.sign_in(connection, hub.hall, desk, at=now))
        except QueueRefusedError as refused:
            return await self._windows_page(visit, error=f"queue_problem.{refused.problem.value}", status=409)
        return back(Outcome(Done.SIGNED_ON))

    async def show(self, visit: Visit) -> Response:
        """The caller's page of one's own window."""
        return await caller_page(self._desk, visit)

    async def keys(self, visit: Visit) -> Response:
        """Turn the keys on or off, for this browser (WCAG 2.1.4)."""
        response = RedirectResponse(HOME, status_code=303)
        chosen = "off" if visit.form.get("to") == "off" else "on"
        response.set_cookie(
            KEYS_COOKIE, chosen, max_age=365 * 86_400, path="/console", samesite="strict", httponly=True
        )
        return response

    async def one_press(self, visit: Visit) -> Response:
        """Whatever is done by one press."""
        hub = self._desk.hub
        deed: Deed | None = None
        with suppress(ValueError):
            deed = self._deeds.get(Act(visit.request.path_params["act"]))
        if deed is None:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        try:
            return back(await press(hub, visit, deed))
        except (QueueRefusedError, PageChangedError) as error:
            return await caller_page(self._desk, visit, error=problem_key(error), status=409)

    async def _windows_page(self, visit: Visit, *, error: str = "", status: int = 200) -> Response:
        hub, now = self._desk.hub, self._desk.hub.clock.now()

        def read(connection: sa.Connection) -> tuple[int, tuple[windows.WindowState, ...], str | None]:
            return (
                newest_cursor(connection),
                windows.window_states(connection, hub.hall, at=now),
                windows.window_of(connection, hub.hall, visit.person.name, at=now),
            )

        cursor, states, mine = await self._desk.read(read)
        values = {
            "cursor": cursor,
            "states": states,
            "mine": mine,
            "configured": hub.hall.configuration.by_window,
            "queues": hub.hall.configuration.by_queue,
            "said": in_language(visit.language),
            "error": error,
        }
        return await self._desk.show(
            visit.request, "windows.html", values, person=visit.person, status=status, live=True
        )


async def caller_page(desk: Desk, visit: Visit, *, error: str = "", status: int = 200) -> Response:
    """The caller's page of the person's window; without a window, the choice of one."""
    hub, now = desk.hub, desk.hub.clock.now()

    def read(connection: sa.Connection) -> CallerView | None:
        window = windows.window_of(connection, hub.hall, visit.person.name, at=now)
        return None if window is None else look(connection, hub.hall, window, at=now)

    view = await desk.read(read)
    if view is None:
        return RedirectResponse(CHOOSE, status_code=303)
    asked = visit.request.query_params
    number = asked.get("number", "")
    keys_on = visit.request.cookies.get(KEYS_COOKIE) != "off"
    values = {
        "view": view,
        "error": error,
        "done": asked.get("done", "") if asked.get("done", "") in set(Done) and not error else "",
        "number": number if NUMBER.fullmatch(number) else "",
        "keys_on": keys_on,
        "key_of": {act.value: key for act, key in KEYS.items()} if keys_on else {},
        "forms": {act.value for act in FORMS},
        "new_key": new_key,
        "may_skip": visit.may(Permission.SKIP_AHEAD),
        **names_of_hall(hub, visit),
    }
    return await desk.show(visit.request, "caller.html", values, person=visit.person, status=status, live=True)


def names_of_hall(hub: Hub, visit: Visit) -> Mapping[str, object]:
    """What templates need to say a ticket in words."""
    configuration = hub.hall.configuration
    return {
        "said": in_language(visit.language),
        "services": configuration.by_service,
        "queues": configuration.by_queue,
        "windows": configuration.by_window,
    }


def problem_key(error: QueueRefusedError | PageChangedError) -> str:
    """The wording of a refusal."""
    return f"queue_problem.{error.problem.value}" if isinstance(error, QueueRefusedError) else "queue_problem.changed"


def back(outcome: Outcome) -> Response:
    """To the caller's page, which says what was done; after signing off, to the choice of windows."""
    if outcome.done is Done.SIGNED_OFF:
        return RedirectResponse(CHOOSE, status_code=303)
    told = {"done": outcome.done.value} | ({"number": outcome.number} if outcome.number else {})
    return RedirectResponse(f"{HOME}?{urlencode(told)}", status_code=303)
