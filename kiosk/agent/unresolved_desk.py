"""Takes in what could not be got done (办不成事), and knows who of the leaders is on duty (带班院领导).

Everything works without the hub: a report is sealed and on disk before anybody is thanked, and what the hub said of
today's duty is remembered for the rest of the day.
"""

from __future__ import annotations

import logging
import threading
from datetime import date
from uuid import UUID

from pydantic import ValidationError

from kiosk.agent.terminal import Terminal
from kiosk.agent.unresolved_messages import DutyFound, LeaderView, ReportUnresolved
from kiosk.clock import CHINA, Clock
from kiosk.config.model import Names
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubError
from kiosk.court.sealing import seal_text
from kiosk.court.unresolved import (
    LONGEST_ACCOUNT,
    LONGEST_CALL_BACK,
    DutyLeader,
    DutyRoster,
    UnresolvedReport,
)
from kiosk.outbox import delivery, unresolved
from kiosk.outbox.store import Outbox
from kiosk.outbox.unresolved import HeldReport

log = logging.getLogger(__name__)

ANSWER_SECONDS = 3.0
"""How long a person waits for the hub."""

_ROSTER = "duty_roster"


class BadReportError(Exception):
    """A window sent what is no report. Says which of its fields are wrong, without what was entered."""


class UnresolvedDesk:
    """Reports and duty roster of one terminal. Methods may be called from any thread; each raises OutboxError where the
    store fails."""

    def __init__(self, outbox: Outbox, terminal: Terminal, clock: Clock, client: HubClient) -> None:
        self._outbox = outbox
        self._terminal = terminal
        self._clock = clock
        self._client = client
        self._asking = threading.Lock()

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def keep(self, told: ReportUnresolved) -> HeldReport:
        """Keep a report for good, once however often it is sent. Raises BadReportError."""
        now = self._clock.now()
        call_back = " ".join(filter(None, (told.name.strip(), told.phone.strip())))
        try:
            report = UnresolvedReport(
                request_id=UUID(told.request_id),
                terminal=self._terminal.code,
                kind=told.kind,
                account_sealed=self._sealed(told.account, LONGEST_ACCOUNT),
                place=told.place,
                window=told.window or None,
                service=told.service or None,
                happened=date.fromisoformat(told.happened),
                reported=now,
                matter=told.matter or None,
                channel=told.channel,
                language=told.language,
                call_back_sealed=self._sealed(call_back, LONGEST_CALL_BACK),
            )
        except ValidationError as error:
            places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
            # The chained error would repeat what was entered.
            raise BadReportError(f"not a report: {', '.join(filter(None, places)) or 'its parts do not fit'}") from None
        except ValueError:
            raise BadReportError("not a report: its id or its day") from None
        return self._outbox.run(lambda c: unresolved.keep(c, report, now))

    def held(self, report_id: UUID) -> HeldReport | None:
        """How it stands with a report."""
        return self._outbox.run(lambda c: unresolved.find(c, report_id))

    def _sealed(self, text: str, longest: int) -> str | None:
        plain = text.strip()[:longest]
        return seal_text(plain, self._terminal.sealing_key) if plain else None

    # -- who is on duty

    def duty(self, request: str) -> DutyFound:
        """Who receives people today, from the hub or from what it said earlier today."""
        try:
            with self._asking:
                roster = self._client.duty_roster(ANSWER_SECONDS)
        except HubError as error:
            log.info("the hub does not tell who is on duty: %s", error)
            remembered = self._remembered()
            return _view(request, remembered) if remembered is not None else DutyFound(request, known=False)
        text = roster.model_dump_json()
        self._outbox.run(lambda c: delivery.put_setting(c, _ROSTER, text))
        return _view(request, roster)

    def _remembered(self) -> DutyRoster | None:
        text = self._outbox.run(lambda c: delivery.get_setting(c, _ROSTER))
        if text is None:
            return None
        try:
            roster = DutyRoster.model_validate_json(text)
        except ValidationError:
            return None  # written by another version; the hub's next answer replaces it
        return roster if roster.day == self._clock.now().astimezone(CHINA).date() else None


def _view(request: str, roster: DutyRoster) -> DutyFound:
    return DutyFound(
        request,
        roster.day.isoformat(),
        tuple(_leader(one) for one in roster.on_duty),
        roster.reception_service or "",
    )


def _leader(one: DutyLeader) -> LeaderView:
    place = Names(zh=one.place.zh, ko=one.place.ko, en=one.place.en)
    return LeaderView(one.name, one.post, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}", place)
