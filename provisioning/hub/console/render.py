"""Templates, formats and the headers of every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kiosk.clock import CHINA
from kiosk.court.contract import SubmissionState
from provisioning.hub.console.labels import court_name, money
from provisioning.hub.console.words import ConsoleLanguage, name_of, say
from provisioning.hub.deadlines import days_left
from provisioning.hub.html import PAGE_HEADERS, templates_of
from provisioning.hub.permissions import Permission, may
from provisioning.hub.staff import SignedIn

LANGUAGE_COOKIE = "hub_language"
LIVE_HEADERS = PAGE_HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
}
"""Of pages that keep themselves up to date by the one script of the console."""


@dataclass(frozen=True, slots=True)
class ClockFace:
    """The seven days as shown: a tone for the colour, and always words."""

    tone: str
    words: str
    due: str
    law: str


def language_of(request: Request) -> ConsoleLanguage:
    """The language chosen on this machine, Chinese at first."""
    try:
        return ConsoleLanguage(request.cookies.get(LANGUAGE_COOKIE, ""))
    except ValueError:
        return ConsoleLanguage.ZH


def clock_face(state: SubmissionState, due: datetime, now: datetime, language: ConsoleLanguage) -> ClockFace | None:
    """How the seven days of a matter stand; None once it is decided."""
    date = say("clock.until", language, date=due.astimezone(CHINA).strftime("%Y-%m-%d"))
    match state:
        case SubmissionState.ACCEPTED | SubmissionState.TRANSFERRED:
            return None
        case SubmissionState.CORRECTION_REQUESTED:
            return ClockFace("paused", say("clock.stopped", language), "", "")
        case SubmissionState.RECEIVED:
            pass
    left = days_left(due, now)
    if left < 0:
        return ClockFace("late", say("clock.overdue", language, days=-left), date, say("clock.law", language))
    if left == 0:
        return ClockFace("late", say("clock.today", language), date, say("clock.law", language))
    if left == 1:
        return ClockFace("soon", say("clock.tomorrow", language), date, "")
    return ClockFace("soon" if left <= 2 else "calm", say("clock.days", language, days=left), date, "")


def _moment(value: datetime | None) -> str:
    return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if value else ""


def _clock(value: datetime | None) -> str:
    return value.astimezone(CHINA).strftime("%H:%M") if value else ""


def _day(value: datetime | None) -> str:
    return value.astimezone(CHINA).strftime("%Y-%m-%d") if value else ""


@cache
def _templates() -> Environment:
    environment = templates_of(__package__)
    environment.filters["moment"] = _moment
    environment.filters["day"] = _day
    environment.filters["clock"] = _clock
    return environment


def page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    person: SignedIn | None,
    here: Mapping[ConsoleLanguage, str],
    development: bool,
    calls: int = 0,
    overdue: int = 0,
    status: int = 200,
    live: bool = False,
) -> HTMLResponse:
    """Render `template` with what every page needs."""
    language = language_of(request)
    content = (
        _templates()
        .get_template(template)
        .render(
            dict(values)
            | {
                "t": partial(say, language=language),
                "name_of": partial(name_of, language=language),
                "court": partial(court_name, language=language),
                "money": partial(money, language=language),
                "language": language.value,
                "person": person,
                "can": lambda name: person is not None and may(person.role, Permission(name)),
                "csrf": person.csrf if person else "",
                "court_name": here[language],
                "development": development,
                "open_calls": calls,
                "overdue_reports": overdue,
                "here": request.url.path,
                "full_here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            }
        )
    )
    return HTMLResponse(content, status_code=status, headers=LIVE_HEADERS if live else PAGE_HEADERS)
