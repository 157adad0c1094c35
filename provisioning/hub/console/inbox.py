"""The inbox: what came in, filtered."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from kiosk.court.contract import SubmissionState
from provisioning.hub.console.render import ClockFace, clock_face
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.decisions import Track
from provisioning.hub.listing import PAGE, Due, Filter, Matter, courts, find_matters
from provisioning.hub.permissions import Permission
from provisioning.hub.personal import Summary, SummaryDamagedError

E = TypeVar("E", bound=StrEnum)
NAMES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox."""

    matter: Matter
    summary: Summary | None
    clock: ClockFace | None


class Inbox:
    """One page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """`/inbox`."""
        return [Route("/inbox", self._desk.gate(Permission.LIST_MATTERS, self.show), methods=["GET"])]

    async def show(self, visit: Visit) -> Response:
        """The matters that fit the filter."""
        asked = dict(visit.request.query_params)
        wanted, now = read_filter(asked), self._desk.hub.clock.now()
        number = int(asked["page"]) if asked.get("page", "").isdecimal() and asked["page"] != "0" else 1
        number = min(number, 100_000)
        found, total = await self._desk.read(lambda c: find_matters(c, wanted, now=now, page=number))
        known_courts = await self._desk.read(courts)
        see_names = visit.may(Permission.SEE_NAMES)
        lines = [
            Line(
                matter,
                self._summary(matter) if see_names else None,
                clock_face(matter.state, matter.decision_due, now, visit.language),
            )
            for matter in found
        ]
        kept = {key: value for key, value in asked.items() if value and key != "page"}
        values = {
            "lines": lines,
            "total": total,
            "page": number,
            "pages": max(1, -(-total // PAGE)),
            "asked": asked,
            "kept": urlencode(kept),
            "courts": known_courts,
            "states": [state.value for state in SubmissionState],
            "tracks": [track.value for track in Track],
            "names_shown": NAMES_SHOWN,
        }
        return await self._desk.show(visit.request, "inbox.html", values, person=visit.person)

    def _summary(self, matter: Matter) -> Summary | None:
        if matter.summary is None:
            return None
        try:
            return self._desk.hub.personal.open(matter.summary, matter.submission_id)
        except SummaryDamagedError:
            return None


def read_filter(asked: Mapping[str, str]) -> Filter:
    """The filter of a query string; what cannot be understood is left out."""
    return Filter(
        state=_one_of(SubmissionState, asked.get("state")),
        court=asked.get("court") or None,
        cause=asked.get("cause", "").strip() or None,
        track=_one_of(Track, asked.get("track")),
        since=_day(asked.get("since")),
        until=_day(asked.get("until")),
        due=_one_of(Due, asked.get("due")),
        text=asked.get("text", "").strip() or None,
        needs_person=asked.get("needs_person") == "1",
    )


def _one_of(kind: type[E], text: str | None) -> E | None:
    with suppress(ValueError):
        return kind(text or "")
    return None


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text or "")
    return None
