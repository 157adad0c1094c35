"""Reports of ratings, and their export."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.clock import CHINA
from provisioning.hub import journal
from provisioning.hub.console import charts
from provisioning.hub.console.rating_names import service_names, staff_names
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.ratings.export import RatingExport, as_csv, make_export
from provisioning.hub.ratings.periods import Period, PeriodKind, period_of
from provisioning.hub.ratings.reports import report

LONGEST_EXPORT = timedelta(days=366)
_MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
_BOM = "\ufeff"  # spreadsheets take a CSV file without it for another encoding


class RatingReports:
    """The page and the download."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """`/reports` and `/reports/export`."""
        gate = self._desk.gate
        return [
            Route("/reports", gate(Permission.SEE_REPORTS, self.show), methods=["GET"]),
            Route("/reports/export", gate(Permission.EXPORT_RATINGS, self.export), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """One period. Staff who may be rated themselves see whole days only: from one minute to the next, the
        difference of two reports would be a single rating (N10)."""
        hub, asked = self._desk.hub, visit.request.query_params
        today = hub.clock.now().astimezone(CHINA).date()
        until = today if visit.may(Permission.HANDLE_FOLLOWUPS) else today - timedelta(days=1)
        kind = PeriodKind.WEEK
        with suppress(ValueError):
            kind = PeriodKind(asked.get("kind", ""))
        period = period_of(kind, min(_day(asked.get("day")) or until, until))
        found = await self._desk.read(lambda c: report(c, hub.ratings, period, until=until))
        names = dict(service_names(hub, visit.language))
        if visit.may(Permission.HANDLE_FOLLOWUPS):
            names |= await self._desk.read(lambda c: staff_names(c, hub))
        following = period.shifted(1)
        values = {
            "report": found,
            "period": period,
            "kinds": [one.value for one in PeriodKind],
            "until": until,
            "today_counts": until == today,
            "previous": period.shifted(-1).last,
            "next": following.first if following.first <= until else None,
            "trend": charts.trend([(_label(one), line) for one, line in found.trend]),
            "bar": charts.bar,
            "bar_width": charts.BAR,
            "names": names,
            "least": hub.ratings.rules.suppress_below,
        }
        return await self._desk.show(visit.request, "reports.html", values, person=visit.person)

    async def export(self, visit: Visit) -> Response:
        """The joined records of a range of days (S2-14); each download is in the journal."""
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        first, last = _day(visit.form.get("first")), _day(visit.form.get("last"))
        style = visit.form.get("style", "")
        if first is None or last is None or not timedelta(0) <= last - first < LONGEST_EXPORT or style not in _MEDIA:
            return RedirectResponse("/console/reports", status_code=303)
        begin, end = first, last

        def job(connection: sa.Connection) -> RatingExport:
            journal.append(
                connection,
                chain=journal.STAFF_CHAIN,
                at=now,
                actor=visit.person.name,
                action="ratings_exported",
                subject=f"{begin} {end}",
            )
            return make_export(connection, hub.ratings, court=hub.court.code, first=begin, last=end, now=now)

        made = await hub.writer.run(job)
        content = made.model_dump_json(indent=1) if style == "json" else _BOM + as_csv(made)
        name = f"ratings-{begin}-{end}.{style}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=_MEDIA[style], headers=headers)


def _label(period: Period) -> str:
    return f"{period.first:%Y-%m}" if period.kind is PeriodKind.MONTH else f"{period.last:%m-%d}"


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text or "")
    return None
