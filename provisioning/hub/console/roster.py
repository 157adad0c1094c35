"""The roster of leaders on duty: today, the coming weeks with their gaps, and putting in a new table (S2-12)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from starlette.datastructures import URL
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.unresolved import LeaderPost
from kiosk.i18n import Language, tr
from provisioning.hub.console.rating_names import service_names
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.unresolved import roster
from provisioning.hub.unresolved.roster_file import Fault, RosterFileError, read_roster

COMING = timedelta(days=30)


class RosterPage:
    """The page and the import."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """`/roster`."""
        gate, may = self._desk.gate, Permission.MANAGE_ROSTER
        return [
            Route("/roster", gate(may, self.show), methods=["GET"]),
            Route("/roster", gate(may, self.put_in, upload=True), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Today, what is to come, and the gaps."""
        return await self._page(visit)

    async def put_in(self, visit: Visit) -> Response:
        """Take a table, or say which of its lines are wrong."""
        hub = self._desk.hub
        try:
            turns = read_roster(visit.upload)
        except RosterFileError as error:
            return await self._page(visit, faults=error.faults, status=422)
        job = partial(roster.put_in, turns=turns, by=visit.person.name, now=hub.clock.now())
        done = await hub.writer.run(job)
        target = URL("/console/roster").include_query_params(days=done.days, past=done.past)
        return RedirectResponse(str(target), status_code=303)

    async def _page(self, visit: Visit, *, faults: tuple[Fault, ...] = (), status: int = 200) -> Response:
        hub, language = self._desk.hub, Language(visit.language.value)
        now = hub.clock.now()
        first = now.astimezone(CHINA).date()
        last = first + COMING
        turns = await self._desk.read(lambda c: roster.turns_between(c, first, last))
        duty = await self._desk.read(lambda c: roster.on_duty(c, hub.hall.configuration, now=now))
        asked = visit.request.query_params
        values = {
            "today": first,
            "turns": turns,
            "gaps": roster.gaps(turns, first, last),
            "coming": COMING.days,
            "reception": service_names(hub, visit.language).get(duty.reception_service or "", ""),
            "post_name": lambda post: tr(f"unresolved.post.{LeaderPost(post).value}", language),
            "posts": [tr(f"unresolved.post.{post.value}", Language.ZH) for post in LeaderPost],
            "faults": faults,
            "done": {name: _count(asked.get(name, "")) for name in ("days", "past")} if "days" in asked else None,
        }
        return await self._desk.show(visit.request, "roster.html", values, person=visit.person, status=status)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
