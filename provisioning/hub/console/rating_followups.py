"""Bad ratings being followed up: the list with what is overdue, and one of them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioning.hub.console.rating_names import service_names
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.ratings import followups
from provisioning.hub.ratings.followups import Act, FollowupRefusal, FollowupRefusedError, FollowupState
from provisioning.hub.ratings.opened import OpenedRating, open_rating


class RatingFollowups:
    """Both pages and the steps."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below `/followups`."""
        gate, may = self._desk.gate, Permission.HANDLE_FOLLOWUPS
        return [
            Route("/followups", gate(may, self.list), methods=["GET"]),
            Route("/followups/{followup_id:uuid}", gate(may, self.show), methods=["GET"]),
            Route("/followups/{followup_id:uuid}", gate(may, self.advance), methods=["POST"]),
        ]

    async def list(self, visit: Visit) -> Response:
        """What is not closed, the nearest deadline first."""
        hub = self._desk.hub
        found = await self._desk.read(lambda c: followups.pending(c, hub.ratings, viewer=visit.person.name))
        now = hub.clock.now()
        late = sum(one.overdue(now) for one in found)
        values = {
            "followups": found,
            "late": late,
            "now": now,
            "scales": hub.ratings.scales,
            "services": service_names(hub, visit.language),
        }
        return await self._desk.show(visit.request, "followups.html", values, person=visit.person)

    async def show(self, visit: Visit) -> Response:
        """One, with the rating opened; the journal says who looked."""
        return await self._page(visit)

    async def advance(self, visit: Visit) -> Response:
        """Take a step."""
        hub = self._desk.hub
        followup_id: UUID = visit.request.path_params["followup_id"]
        revision = visit.form.get("revision", "")
        seen = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
        act = Act(followup_id, seen, visit.person.name, hub.clock.now())
        note, assignee = visit.form.get("note", ""), visit.form.get("assignee", "")
        try:
            to = FollowupState(visit.form.get("to", ""))
        except ValueError:
            return await self._page(visit, error=FollowupRefusal.STEP, status=422)
        try:
            await hub.writer.run(lambda c: followups.advance(c, hub.ratings, act, to, note=note, assignee=assignee))
        except FollowupRefusedError as refused:
            conflict = refused.refusal is FollowupRefusal.CONFLICT
            return await self._page(visit, error=refused.refusal, status=409 if conflict else 422)
        except LookupError:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        return RedirectResponse(f"/console/followups/{followup_id}", status_code=303)

    async def _page(self, visit: Visit, *, error: FollowupRefusal | None = None, status: int = 200) -> Response:
        hub = self._desk.hub
        followup_id: UUID = visit.request.path_params["followup_id"]
        viewer, now = visit.person.name, hub.clock.now()

        def job(connection: sa.Connection) -> OpenedRating:
            return open_rating(connection, hub.ratings, hub.keys.sealing, followup_id, viewer=viewer, now=now)

        try:
            opened = await hub.writer.run(job)
        except LookupError:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        values = {
            "followup": await self._desk.read(lambda c: followups.find(c, hub.ratings, followup_id, viewer=viewer)),
            "opened": opened,
            "history": await self._desk.read(lambda c: followups.history(c, followup_id)),
            "assignees": await self._desk.read(lambda c: followups.assignees(c, hub.ratings, followup_id)),
            "scales": hub.ratings.scales,
            "services": service_names(hub, visit.language),
            "now": now,
            "error": f"followup_refusal.{error.value}" if error else "",
            "entered": visit.form,
        }
        return await self._desk.show(visit.request, "followup.html", values, person=visit.person, status=status)
