"""Entering a rating that was given on paper, against the invitation whose code stands on the form."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time

from starlette.responses import Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.rating import Invitation, RatingAnswer, RatingChannel, RatingOutcome
from kiosk.court.sealing import seal_text
from kiosk.rating.scales import Verdict
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.ratings.answers import AnswerRefusedError, Refusal, Source
from provisioning.hub.ratings.api import take
from provisioning.hub.ratings.invitations import find_by_code, token_of

DEVICE = "console"
LONGEST_COMMENT = 500
LONGEST_NAMED = 60


class PaperRatings:
    """The form. Nothing is filled in beforehand, and nothing tells how a matter was rated already."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """`/paper-rating`."""
        gate, may = self._desk.gate, Permission.ENTER_PAPER_RATING
        return [
            Route("/paper-rating", gate(may, self.show), methods=["GET"]),
            Route("/paper-rating", gate(may, self.enter), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """First the code; with it the form of that invitation's scale."""
        code = visit.request.query_params.get("code", "")
        if not code:
            return await self._page(visit)
        invitation = await self._desk.read(lambda c: find_by_code(c, code))
        if invitation is None:
            return await self._page(visit, error="paper_rating.unknown_code", status=404)
        return await self._page(visit, invitation=invitation)

    async def enter(self, visit: Visit) -> Response:
        """Take the answer as the person who enters it."""
        hub, form, name = self._desk.hub, visit.form, visit.person.name
        invitation = await self._desk.read(lambda c: find_by_code(c, form.get("code", "")))
        if invitation is None:
            return await self._page(visit, error="paper_rating.unknown_code", status=404)
        scale = hub.ratings.scales.scale(invitation.scale)
        chosen = next((grade for grade in scale.grades if str(grade.value) == form.get("grade")), None)
        answered = _answered(form.get("day", ""), invitation, hub.clock.now())
        if chosen is None or answered is None:
            error = "paper_rating.no_grade" if chosen is None else "paper_rating.no_day"
            return await self._page(visit, invitation=invitation, error=error, status=422)
        reasons = tuple(one.code for one in hub.ratings.scales.reasons if f"reason_{one.code}" in form)
        given = RatingAnswer(
            token=token_of(invitation, hub.ratings),
            outcome=RatingOutcome.RATED,
            grade=chosen.value,
            reasons=reasons if chosen.verdict is Verdict.BAD else (),
            comment_sealed=self._sealed(form.get("comment", ""), LONGEST_COMMENT),
            named_sealed=self._sealed(form.get("named", ""), LONGEST_NAMED),
            channel=RatingChannel.PAPER,
            answered=answered,
            device=DEVICE,
            form_version=hub.ratings.scales.version,
        )
        try:
            receipt = await take(hub, given, Source.staff(name, hub.ratings.pseudonyms.of_staff(name)))
        except AnswerRefusedError as refused:
            return await self._page(visit, error=f"paper_rating.{_key(refused.refusal)}", status=422)
        return await self._page(visit, done="paper_rating.done" if receipt.first else "paper_rating.already")

    def _sealed(self, text: str, longest: int) -> str | None:
        plain = text.strip()[:longest]
        return seal_text(plain, self._desk.hub.keys.sealing.public) if plain else None

    async def _page(
        self,
        visit: Visit,
        *,
        invitation: Invitation | None = None,
        error: str = "",
        done: str = "",
        status: int = 200,
    ) -> Response:
        hub = self._desk.hub
        values = {
            "invitation": invitation,
            "code": visit.form.get("code") or visit.request.query_params.get("code", ""),
            "grades": hub.ratings.scales.scale(invitation.scale).grades if invitation else (),
            "reasons": hub.ratings.scales.reasons,
            "entered": visit.form,
            "error": error,
            "done": done,
            "longest_comment": LONGEST_COMMENT,
            "longest_named": LONGEST_NAMED,
        }
        return await self._desk.show(visit.request, "paper_rating.html", values, person=visit.person, status=status)


def _key(refusal: Refusal) -> str:
    match refusal:
        case Refusal.EXPIRED:
            return "expired"
        case Refusal.OWN_RATING:
            return "own"
        case Refusal.FORGED | Refusal.NOT_YET_VALID | Refusal.FROM_THE_FUTURE | Refusal.GRADE:
            return "no_day"


def _answered(text: str, invitation: Invitation, now: datetime) -> datetime | None:
    """The day written on the form as a moment: within it, not before the invitation and not after now."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if invitation.issued.astimezone(CHINA).date() <= day <= now.astimezone(CHINA).date():
            return max(invitation.issued, min(now, datetime.combine(day, time(12), CHINA)))
    return None
