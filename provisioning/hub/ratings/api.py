"""Finding what a terminal's person can rate, and taking a terminal's answer, over the contract."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

import sqlalchemy as sa
from anyio import to_thread

from kiosk.court.rating import RatingAnswer, RatingChannel, RatingQuery, RatingReceipt, RatingsFound
from provisioning.hub.api.exchange import ProblemError
from provisioning.hub.cases import QueryRefusedError, open_number
from provisioning.hub.hub import Hub
from provisioning.hub.ratings import lookup
from provisioning.hub.ratings.answers import AnswerRefusedError, Refusal, Source, answer, report_forgery

_TERMINAL_CHANNELS = frozenset({RatingChannel.PAD, RatingChannel.KIOSK})
_STATUS = {
    Refusal.FORGED: HTTPStatus.FORBIDDEN,
    Refusal.EXPIRED: HTTPStatus.GONE,
    Refusal.NOT_YET_VALID: HTTPStatus.CONFLICT,
    Refusal.FROM_THE_FUTURE: HTTPStatus.CONFLICT,
    Refusal.GRADE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.OWN_RATING: HTTPStatus.FORBIDDEN,
}
_TITLE = {
    Refusal.FORGED: "this court made no such invitation",
    Refusal.EXPIRED: "the time for rating was over",
    Refusal.NOT_YET_VALID: "the answer is older than its invitation",
    Refusal.FROM_THE_FUTURE: "the answer is given later than now",
    Refusal.GRADE: "the invitation's scale has no such grade",
    Refusal.OWN_RATING: "nobody enters a rating of themselves",
}


async def take(hub: Hub, given: RatingAnswer, source: Source) -> RatingReceipt:
    """Take `given` from `source` at the hub's clock; a forged invitation raises an alarm. Raises AnswerRefusedError."""
    now: datetime = hub.clock.now()

    def job(connection: sa.Connection) -> RatingReceipt:
        return answer(connection, given, source, office=hub.ratings, now=now)

    try:
        return await hub.writer.run(job)
    except AnswerRefusedError as refused:
        if refused.refusal is Refusal.FORGED:
            await hub.writer.run(lambda connection: report_forgery(connection, source, now=now))
        raise


async def take_answer(hub: Hub, given: RatingAnswer) -> RatingReceipt:
    """Take the answer of a terminal that signed its request as `given.device`. Raises ProblemError."""
    if given.channel not in _TERMINAL_CHANNELS:
        raise ProblemError(422, "a terminal gives its own answers only", "channel")
    try:
        return await take(hub, given, Source.terminal(given.device))
    except AnswerRefusedError as refused:
        status = _STATUS[refused.refusal]
        clock = {"X-Hub-Time": hub.clock.now().isoformat()} if status is HTTPStatus.CONFLICT else {}
        raise ProblemError(status, _TITLE[refused.refusal], headers=clock) from refused


async def find_ratings(hub: Hub, query: RatingQuery) -> RatingsFound:
    """What can be rated by a code or a card. Raises ProblemError."""
    now = hub.clock.now()

    def by_code(connection: sa.Connection) -> list[lookup.Asked]:
        return [lookup.by_link(connection, hub.ratings, query.code or "", now=now)]

    def by_card(connection: sa.Connection) -> list[lookup.Asked]:
        number = open_number(query.identity_sealed or "", hub.keys.sealing)
        return lookup.by_person(connection, hub.ratings, hub.hall.court, hub.personal.mac(number), now=now)

    try:
        found = await to_thread.run_sync(hub.database.read, by_card if query.code is None else by_code)
    except QueryRefusedError as error:
        raise ProblemError(422, str(error)) from error
    return lookup.told(found, hub.ratings, now=now)
