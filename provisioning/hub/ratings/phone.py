"""Rating on one's own phone: `/r/<token>` or `/r/<code>`, public, rendered here, without any script.

Whoever holds the link may answer, once. Nothing is chosen beforehand, every grade's button is as large as the others,
and the page never shows how a matter was rated. Where a bad rating was remedied, the same link asks once more (追评).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files

from anyio import to_thread
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome, RatingStanding
from kiosk.court.sealing import seal_text
from kiosk.i18n import Language, tr
from kiosk.rating.scales import Verdict
from provisioning.hub.console.visit import read_form
from provisioning.hub.html import HTML_LANGUAGES, LANGUAGE_NAMES, PAGE_HEADERS, templates_of
from provisioning.hub.hub import Hub
from provisioning.hub.ratings import invitations
from provisioning.hub.ratings.answers import AnswerRefusedError, Refusal, Source, report_forgery
from provisioning.hub.ratings.api import take
from provisioning.hub.ratings.lookup import Asked, by_link

DEVICE = "phone"
LONGEST_COMMENT = 500
LONGEST_NAMED = 60
# The address holds the token: no other page may learn of it.
HEADERS = PAGE_HEADERS | {"Referrer-Policy": "no-referrer"}


class PhonePage:
    """The page and its answer."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """The page, the form's target and the style sheet."""
        return [
            Route("/r/{given}", self.show, methods=["GET"]),
            Route("/r/{given}", self.rate, methods=["POST"]),
            Route("/static/rating.css", self.style, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """The question, or why it is not asked."""
        return self._page(request, await self._find(request))

    async def rate(self, request: Request) -> Response:
        """Take the answer; then the page says thank you."""
        found = await self._find(request)
        if found.standing is RatingStanding.UNKNOWN:
            await self._note_forgery(request)
        if found.standing is not RatingStanding.OPEN or found.invitation is None:
            return self._page(request, found)
        form, invitation = await read_form(request), found.invitation
        scale = self._hub.ratings.scales.scale(invitation.scale)
        chosen = next((grade for grade in scale.grades if str(grade.value) == form.get("grade")), None)
        if chosen is None:
            return self._page(request, found, form=form, error=True, status=422)
        given = RatingAnswer(
            token=invitations.token_of(invitation, self._hub.ratings),
            outcome=RatingOutcome.RATED,
            grade=chosen.value,
            reasons=self._reasons(form) if chosen.verdict is Verdict.BAD else (),
            comment_sealed=self._sealed(form.get("comment", ""), LONGEST_COMMENT),
            named_sealed=self._sealed(form.get("named", ""), LONGEST_NAMED),
            channel=RatingChannel.PHONE,
            language=language_of(request).value,
            answered=self._hub.clock.now(),
            device=DEVICE,
            form_version=self._hub.ratings.scales.version,
        )
        try:
            await take(self._hub, given, Source.phone())
        except AnswerRefusedError as refused:
            expired = refused.refusal is Refusal.EXPIRED
            return self._page(request, Asked(RatingStanding.EXPIRED if expired else RatingStanding.UNKNOWN))
        return RedirectResponse(f"{request.url.path}?lang={language_of(request).value}", 303, headers=HEADERS)

    async def style(self, request: Request) -> Response:
        """The style sheet."""
        del request
        return Response(_style(), media_type="text/css", headers={"Cache-Control": "max-age=300"})

    def _reasons(self, form: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(reason.code for reason in self._hub.ratings.scales.reasons if f"reason_{reason.code}" in form)

    def _sealed(self, text: str, longest: int) -> str | None:
        plain = text.strip()[:longest]
        return seal_text(plain, self._hub.keys.sealing.public) if plain else None

    async def _find(self, request: Request) -> Asked:
        given: str = request.path_params["given"]
        office, now = self._hub.ratings, self._hub.clock.now()
        return await to_thread.run_sync(self._hub.database.read, lambda c: by_link(c, office, given, now=now))

    async def _note_forgery(self, request: Request) -> None:
        if "." in request.path_params["given"]:  # a mistyped code is no forgery
            now = self._hub.clock.now()
            await self._hub.writer.run(lambda connection: report_forgery(connection, Source.phone(), now=now))

    def _page(
        self,
        request: Request,
        found: Asked,
        *,
        form: Mapping[str, str] | None = None,
        error: bool = False,
        status: int = 200,
    ) -> Response:
        spoken, office = language_of(request), self._hub.ratings
        invitation = found.invitation
        values = {
            "t": partial(tr, language=spoken),
            "language": spoken,
            "languages": LANGUAGE_NAMES,
            "html_languages": HTML_LANGUAGES,
            "path": request.url.path,
            "court_name": self._hub.court.name_in(spoken),
            "standing": found.standing.value,
            "invitation": invitation,
            "day": invitation.issued.astimezone(CHINA).strftime("%Y-%m-%d") if invitation else "",
            "grades": office.scales.scale(invitation.scale).grades if invitation else (),
            "reasons": office.scales.reasons,
            "form": form or {},
            "error": error,
            "longest_comment": LONGEST_COMMENT,
            "longest_named": LONGEST_NAMED,
        }
        status = 404 if found.standing is RatingStanding.UNKNOWN else status
        return HTMLResponse(_templates().get_template("phone.html").render(values), status, headers=HEADERS)


def language_of(request: Request) -> Language:
    """The language asked for in the address, else the first of the browser's that we have, else Chinese."""
    asked = request.query_params.get("lang", "")
    accepted = [
        part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")
    ]
    for one in (asked, *accepted):
        if one in set(Language):
            return Language(one)
    return Language.ZH


@cache
def _templates() -> Environment:
    return templates_of(__package__)


@cache
def _style() -> bytes:
    return files(__package__).joinpath("static/rating.css").read_bytes()
