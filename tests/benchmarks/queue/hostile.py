"""`script/bench ratings`: thousands of hostile presses at a running hub, and whether each matter has its one rating.

A press comes over HTTP, signed as a pad signs it, from many connections at once and in no order: honest ones, double
taps, answers sent again, whole requests recorded and sent again, other grades for the same matter, another matter's
words under this one's signature, invitations of a forger, invitations that ran out, answers from a clock that is wrong,
requests signed by a stranger. Among the matters some were never to be rated: their invitations ran out or were forged.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import secrets
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from kiosk.clock import SystemClock
from kiosk.court import signing
from kiosk.court.invitations import SKEW, sign
from kiosk.court.keys import SigningKey, development_device_key
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome
from provisioning.hub import journal
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import DEVELOPMENT_SAFE_AFTER, HubOptions, open_hub, prepare_data
from provisioning.hub.ratings.invitations import Issued, invite
from provisioning.hub.ratings.schema import rating_counts, ratings
from tests.benchmarks.queue.serving import MakeUrl, databases
from tests.benchmarks.queue.wire import Line, Request
from tests.hub.processes import HubProcess

MATTERS = 200
RUN_OUT = 20
CONNECTIONS = 32
FORGER = SigningKey(b"\x66" * 32)
LONG_AGO = timedelta(days=90)


class Sort(StrEnum):
    """What a press is."""

    HONEST = "honest"
    DOUBLE_TAP = "double tap"
    AGAIN = "sent again"
    OTHER_GRADE = "other grade"
    REPLAY = "recorded request"
    WRONG_MATTER = "wrong matter"
    FORGED = "forged"
    RUN_OUT = "run out"
    CLOCK = "wrong clock"
    STRANGER = "stranger's key"
    SILENCE = "time-out"


HONEST = {Sort.HONEST, Sort.DOUBLE_TAP, Sort.AGAIN, Sort.OTHER_GRADE, Sort.SILENCE}
"""Sorts that must be answered with the matter's rating, or with what became of it so far."""

HOSTILE = {Sort.WRONG_MATTER, Sort.FORGED, Sort.RUN_OUT, Sort.CLOCK, Sort.STRANGER}
"""Sorts that must never become a rating. One from a wrong clock is told the rating that is there already."""


@dataclass
class Storm:
    """Everything that was sent and came back."""

    matters: list[Issued]
    run_out: list[Issued]
    statuses: dict[Sort, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    grades: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    firsts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    hostile_firsts: int = 0
    recorded: int = 0  # different honest requests, of which one sending each is taken


def press_requests(storm: Storm, count: int, now: datetime, chance: random.Random) -> list[tuple[Sort, str, bytes]]:
    """`count` presses of every sort, in no order: sort, text of the answer, and the request as it is sent."""
    made: list[tuple[Sort, str, bytes]] = []
    honest: list[tuple[str, bytes]] = []
    while len(made) < count:
        sort = chance.choice(list(Sort))
        if sort in (Sort.AGAIN, Sort.REPLAY) and not honest:
            continue
        if sort is Sort.REPLAY:
            made.append((sort, *chance.choice(honest)))
            continue
        text = chance.choice(honest)[0] if sort is Sort.AGAIN else _answer(storm, sort, now, chance).model_dump_json()
        for _ in range(2 if sort is Sort.DOUBLE_TAP else 1):
            wire = _wire(text, FORGER if sort is Sort.STRANGER else development_device_key(), now)
            made.append((sort, text, wire))
        if sort is Sort.HONEST:
            honest.append((text, made[-1][2]))
    chance.shuffle(made)
    made = made[:count]
    storm.recorded = len({wire for sort, _, wire in made if sort in (Sort.HONEST, Sort.REPLAY)})
    return made


def _answer(storm: Storm, sort: Sort, now: datetime, chance: random.Random) -> RatingAnswer:
    issued = chance.choice(storm.run_out if sort is Sort.RUN_OUT else storm.matters)
    token, answered = issued.token, now
    outcome = RatingOutcome.TIMED_OUT if sort is Sort.SILENCE else RatingOutcome.RATED
    match sort:
        case Sort.WRONG_MATTER:
            other = chance.choice([one for one in storm.matters if one is not issued])
            token = f"{other.token.partition('.')[0]}.{token.partition('.')[2]}"
        case Sort.FORGED:
            stranger = issued.invitation.model_copy(update={"invitation_id": uuid4()})
            token = sign(stranger, FORGER)
        case Sort.CLOCK:
            before, after = issued.invitation.issued - 2 * SKEW, now + 2 * SKEW
            answered = chance.choice([before, after])
    return RatingAnswer(
        token=token,
        outcome=outcome,
        grade=chance.randint(1, 5) if outcome is RatingOutcome.RATED else None,
        channel=RatingChannel.PAD,
        answered=answered + timedelta(microseconds=chance.randint(0, 1000)),
        device=f"DEV{chance.randint(10, 19)}",
        form_version="1",
    )


def _wire(text: str, key: SigningKey, now: datetime) -> bytes:
    body, headers = text.encode(), {"content-type": "application/json"}
    nonce = secrets.token_urlsafe(12)
    added = signing.sign("POST", "/v1/ratings", headers, body, key=key, created=now, nonce=nonce)
    return Request("POST", "/v1/ratings", headers | added, body).wire("hub")


async def send(storm: Storm, url: str, requests: list[tuple[Sort, str, bytes]]) -> float:
    """Send everything over CONNECTIONS connections; the seconds it took."""
    waiting = list(reversed(requests))

    async def connection() -> None:
        line = Line(url)
        while waiting:
            sort, text, wire = waiting.pop()
            reply = await line.send(wire)
            storm.statuses[sort][reply.status] += 1
            if reply.status == 200:
                receipt = json.loads(reply.body)
                if receipt["grade"] is not None:
                    storm.grades[receipt["matter"]].add(receipt["grade"])
                    if receipt["first"]:
                        storm.firsts[receipt["matter"]].add(text)
                        storm.hostile_firsts += sort in HOSTILE
        line.close()

    begin = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return time.perf_counter() - begin


def account(storm: Storm, data: Path, url: str | None) -> dict[str, int]:
    """Compare with what the hub holds; everything must be zero."""
    database = prepare_data(DataDirectory(data), url, SystemClock())
    with database.reading.connect() as connection:
        held = list(connection.execute(sa.select(ratings.c.matter, ratings.c.grade)))
        counted = connection.scalar(
            sa.select(sa.func.sum(rating_counts.c["count"])).where(rating_counts.c.outcome == "rated")
        )
        broken = len(journal.faults(connection))
    database.close()
    grade_of = {row.matter: row.grade for row in held}
    expected = {one.invitation.matter for one in storm.matters}  # each was pressed many times
    return {
        "matters rated twice": len(held) - len(grade_of),
        "matters without their rating": len(expected - set(grade_of)),
        "ratings of matters that were not to be rated": len(set(grade_of) - expected),
        "receipts that name another grade": sum(seen != {grade_of.get(m)} for m, seen in storm.grades.items()),
        "two answers told to be the first": sum(len(texts) > 1 for texts in storm.firsts.values()),
        "hostile presses taken": storm.hostile_firsts
        + sum(storm.statuses[sort][200] for sort in HOSTILE - {Sort.CLOCK}),
        "requests taken twice": storm.statuses[Sort.HONEST][200] + storm.statuses[Sort.REPLAY][200] - storm.recorded,
        "honest presses refused": sum(
            many for sort in HONEST - {Sort.HONEST} for status, many in storm.statuses[sort].items() if status != 200
        ),
        "counter and ratings differ by": abs(int(counted or 0) - len(held)),
        "breaks in the journal": broken,
    }


def run(arguments: argparse.Namespace) -> int:
    """One storm on each database; 1 where something is wrong."""
    wrong = 0
    with databases(arguments.database) as found:
        for kind, make_url in found.items():
            wrong += _storm(kind, make_url, arguments.presses)
    return min(wrong, 1)


def _storm(kind: str, make_url: MakeUrl, count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="ratings-bench-") as name:
        data, url = Path(name) / "hub", make_url()
        now = SystemClock().now()
        storm = Storm(_invite(data, url, MATTERS, now), _invite(data, url, RUN_OUT, now - LONG_AGO))
        requests = press_requests(storm, count, SystemClock().now(), random.Random(count))
        hub = HubProcess(data, *(("--database", url) if url else ()))
        try:
            seconds = asyncio.run(send(storm, hub.url, requests))
        finally:
            hub.stop()
        problems = account(storm, data, url)
    print(f"{kind}: {count} presses at {MATTERS + RUN_OUT} matters in {seconds:.1f} s")  # noqa: T201 - the result
    for sort in Sort:
        answers = ", ".join(f"{many} × {status}" for status, many in sorted(storm.statuses[sort].items()))
        print(f"  {sort.value}: {answers}")  # noqa: T201
    print("  " + ", ".join(f"{what} {many}" for what, many in problems.items()), flush=True)  # noqa: T201
    return sum(problems.values())


def _invite(data: Path, url: str | None, count: int, now: datetime) -> list[Issued]:
    options = HubOptions(production=False, development_terminals=True, safe_after=DEVELOPMENT_SAFE_AFTER)
    hub = open_hub(DataDirectory(data), url, options)
    try:
        return [
            hub.writer.submit(
                partial(
                    invite,
                    office=hub.ratings,
                    matter=f"ticket:{uuid4()}",
                    window="1",
                    staff="clerk001",
                    service="filing",
                    now=now,
                )
            ).result(30)
            for _ in range(count)
        ]
    finally:
        hub.close()
