"""What could not be got done: the list with what is overdue first, one report with its steps, and the notice."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.unresolved import UnresolvedKind
from kiosk.i18n import Language, tr
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.unresolved import reports
from provisioning.hub.unresolved.notice import notice, place_words
from provisioning.hub.unresolved.opened import OpenedReport, open_report
from provisioning.hub.unresolved.reports import LONGEST_LIST, LONGEST_NOTE, Act, Step, Viewer, Wanted
from provisioning.hub.unresolved.states import OPEN, ReportRefusal, ReportRefusedError, ReportState

_SHOWN = {"open": OPEN, "all": frozenset[ReportState](), "overdue": OPEN} | {
    state.value: frozenset({state}) for state in ReportState
}
"""What the list can be narrowed to."""


class UnresolvedPages:
    """Everything below `/unresolved` that deals with reports."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The pages and the steps."""
        gate, may = self._desk.gate, Permission.HANDLE_UNRESOLVED
        return [
            Route("/unresolved", gate(may, self.overview), methods=["GET"]),
            Route("/unresolved/{report_id:uuid}", gate(may, self.show), methods=["GET"]),
            Route("/unresolved/{report_id:uuid}", gate(may, self.advance), methods=["POST"]),
            Route("/unresolved/{report_id:uuid}/notice", gate(may, self.notice), methods=["GET"]),
        ]

    async def overview(self, visit: Visit) -> Response:
        """What is overdue first, then by deadline."""
        hub, asked = self._desk.hub, visit.request.query_params
        now, viewer = hub.clock.now(), self._viewer(visit)
        shown = asked.get("show", "open")
        kind: UnresolvedKind | None = None
        with suppress(ValueError):
            kind = UnresolvedKind(asked.get("kind", ""))
        wanted = Wanted(
            states=_SHOWN.get(shown, OPEN),
            kind=kind,
            number=asked.get("number", "").strip()[:20],
            only_overdue=shown == "overdue",
        )
        found = await self._desk.read(partial(reports.listed, viewer=viewer, wanted=wanted, now=now))
        values = {
            "reports": found,
            "late": sum(one.overdue(now) for one in found),
            "now": now,
            "asked": {"show": shown, "kind": kind.value if kind else "", "number": wanted.number},
            "shown": list(_SHOWN),
            "kinds": [one.value for one in UnresolvedKind],
            "most": LONGEST_LIST,
        }
        values |= self._naming(visit)
        return await self._desk.show(visit.request, "unresolved.html", values, person=visit.person)

    async def show(self, visit: Visit) -> Response:
        """One, with the person's words; the journal says who looked."""
        return await self._page(visit)

    async def advance(self, visit: Visit) -> Response:
        """Answer, promise, or close."""
        hub, form = self._desk.hub, visit.form
        report_id: UUID = visit.request.path_params["report_id"]
        revision = form.get("revision", "")
        seen = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
        act = Act(report_id, seen, self._viewer(visit), hub.clock.now())
        promised: date | None = None
        with suppress(ValueError):
            promised = date.fromisoformat(form.get("promised", ""))
        try:
            to = ReportState(form.get("to", ""))
        except ValueError:
            return await self._page(visit, error=ReportRefusal.STEP, status=422)
        note = form.get("note", "")
        try:
            await hub.writer.run(lambda c: reports.advance(c, hub.unresolved, act, to, note=note, promised=promised))
        except ReportRefusedError as refused:
            conflict = refused.refusal is ReportRefusal.CONFLICT
            return await self._page(visit, error=refused.refusal, status=409 if conflict else 422)
        except LookupError:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        return RedirectResponse(f"/console/unresolved/{report_id}", status_code=303)

    async def notice(self, visit: Visit) -> Response:
        """What is printed for the person."""
        found = await self._opened(visit)
        if found is None:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        opened, steps = found
        values = {
            "notice": notice(opened, steps, self._desk.hub.hall.configuration, self._desk.hub.court),
            "taken": "",
            "back": f"/console/unresolved/{opened.report.report_id}",
        }
        return await self._desk.show(visit.request, "unresolved_notice.html", values, person=visit.person)

    async def _page(self, visit: Visit, *, error: ReportRefusal | None = None, status: int = 200) -> Response:
        hub = self._desk.hub
        found = await self._opened(visit)
        if found is None:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        opened, steps = found
        now = hub.clock.now()
        today = now.astimezone(CHINA).date()
        values = {
            "report": opened.report,
            "opened": opened,
            "history": steps,
            "now": now,
            "today": today,
            "latest": today + timedelta(days=hub.unresolved.longest_promise_days),
            "longest_note": LONGEST_NOTE,
            "error": f"unresolved_refusal.{error.value}" if error else "",
            "entered": visit.form,
        }
        values |= self._naming(visit)
        return await self._desk.show(
            visit.request, "unresolved_report.html", values, person=visit.person, status=status
        )

    async def _opened(self, visit: Visit) -> tuple[OpenedReport, list[Step]] | None:
        hub, viewer = self._desk.hub, self._viewer(visit)
        report_id: UUID = visit.request.path_params["report_id"]
        now = hub.clock.now()

        def job(connection: sa.Connection) -> tuple[OpenedReport, list[Step]]:
            opened = open_report(connection, hub.keys.sealing, report_id, viewer=viewer, now=now)
            return opened, reports.history(connection, report_id)

        try:
            return await hub.writer.run(job)
        except LookupError:
            return None

    def _viewer(self, visit: Visit) -> Viewer:
        return Viewer(visit.person.name, self._desk.hub.court.code)

    def _naming(self, visit: Visit) -> dict[str, object]:
        language = Language(visit.language.value)
        return {
            "kind_name": lambda value: tr(f"unresolved.kind.{value}", language),
            "place_name": partial(place_words, configuration=self._desk.hub.hall.configuration, language=language),
        }
