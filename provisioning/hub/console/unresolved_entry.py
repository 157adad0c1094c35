"""Entering a report that somebody made in person or on paper; the answer is the notice for them."""

from __future__ import annotations

from uuid import UUID

from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.sealing import seal_text
from kiosk.court.unresolved import (
    LONGEST_ACCOUNT,
    LONGEST_CALL_BACK,
    UnresolvedChannel,
    UnresolvedKind,
    UnresolvedPlace,
    UnresolvedReport,
)
from kiosk.court.uuid7 import uuid7
from kiosk.i18n import Language, tr
from provisioning.hub.console.rating_names import service_names
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.console.words import say
from provisioning.hub.permissions import Permission
from provisioning.hub.unresolved.notice import notice
from provisioning.hub.unresolved.opened import OpenedReport
from provisioning.hub.unresolved.reports import history, just_taken
from provisioning.hub.unresolved.taking import OtherTerminalError, take

CONSOLE = "console"


class UnresolvedEntry:
    """The form."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """`/unresolved/new`."""
        gate, may = self._desk.gate, Permission.TAKE_UNRESOLVED
        return [
            Route("/unresolved/new", gate(may, self.show), methods=["GET"]),
            Route("/unresolved/new", gate(may, self.enter), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """An empty form with the key of its report, so that sending it twice makes one."""
        return await self._page(visit)

    async def enter(self, visit: Visit) -> Response:
        """Take it in and show the notice."""
        hub, account = self._desk.hub, visit.form.get("account", "").strip()[:LONGEST_ACCOUNT]
        now = hub.clock.now()
        try:
            report = UnresolvedReport.model_validate(self._fields(visit, account) | {"reported": now})
            taken = await hub.writer.run(lambda c: take(c, hub.unresolved, report, by=visit.person.name, now=now))
        except (ValidationError, OtherTerminalError):
            return await self._page(visit, error="unresolved.incomplete", status=422)

        held = await self._desk.read(lambda c: just_taken(c, report.request_id))
        steps = await self._desk.read(lambda c: history(c, report.request_id))
        opened = OpenedReport(held, account or None, None, damaged=False)
        values = {
            "notice": notice(opened, steps, hub.hall.configuration, hub.court),
            "taken": say("unresolved.taken", visit.language, number=taken.number),
            "back": "/console/unresolved/new",
        }
        return await self._desk.show(visit.request, "unresolved_notice.html", values, person=visit.person)

    def _fields(self, visit: Visit, account: str) -> dict[str, object]:
        form, key = visit.form, self._desk.hub.keys.sealing.public
        place, call_back = form.get("place", ""), form.get("call_back", "").strip()[:LONGEST_CALL_BACK]
        return {
            "request_id": form.get("request_id", ""),
            "terminal": CONSOLE,
            "kind": form.get("kind", ""),
            "account_sealed": seal_text(account, key) if account else None,
            "place": place,
            "window": (form.get("window") or None) if place == UnresolvedPlace.WINDOW else None,
            "service": (form.get("service") or None) if place == UnresolvedPlace.SERVICE else None,
            "happened": form.get("happened", ""),
            "matter": form.get("matter", "").strip() or None,
            "channel": UnresolvedChannel.PAPER,
            "language": form.get("language", ""),
            "call_back_sealed": seal_text(call_back, key) if call_back else None,
        }

    async def _page(self, visit: Visit, *, error: str = "", status: int = 200) -> Response:
        hub, language = self._desk.hub, Language(visit.language.value)
        now = hub.clock.now()
        values = {
            "request_id": _known_key(visit.form.get("request_id", "")) or str(uuid7(now)),
            "kinds": {kind.value: tr(f"unresolved.kind.{kind.value}", language) for kind in UnresolvedKind},
            "places": {place.value: tr(f"unresolved.place.{place.value}", language) for place in UnresolvedPlace},
            "windows": [window.code for window in hub.hall.configuration.windows],
            "services": service_names(hub, visit.language),
            "languages": [one.value for one in Language],
            "today": now.astimezone(CHINA).date(),
            "longest_account": LONGEST_ACCOUNT,
            "longest_call_back": LONGEST_CALL_BACK,
            "entered": visit.form,
            "error": error,
        }
        return await self._desk.show(visit.request, "unresolved_new.html", values, person=visit.person, status=status)


def _known_key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
