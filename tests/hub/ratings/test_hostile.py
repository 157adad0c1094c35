"""Hostile presses, all at once: however they come, each matter has exactly one rating, and it is the first accepted."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from kiosk.court.invitations import SKEW, sign
from kiosk.court.keys import SigningKey
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingReceipt
from provisioning.hub import journal
from provisioning.hub.ratings.answers import AnswerRefusedError, Refusal, Source, answer
from provisioning.hub.ratings.invitations import Issued
from provisioning.hub.ratings.schema import rating_counts, ratings
from provisioning.hub.writer import Writer
from tests.hub.ratings.conftest import Court

THREADS = 8
FORGER = SigningKey(b"\x66" * 32)

SORTS = ("press", "press", "double", "replay", "phone", "silence", "moved", "forged", "old", "skew")

Press = tuple[str, RatingAnswer, Source]


def presses(court: Court, matters: Sequence[Issued], count: int, chance: random.Random) -> list[Press]:
    """Presses of every hostile sort, in no order: most of them valid on their face."""
    now = court.clock.now()
    late = now + timedelta(days=60)
    made: list[Press] = []
    seen: list[RatingAnswer] = []
    while len(made) < count:
        issued = chance.choice(matters)
        sort = chance.choice(
            ["press", "press", "double", "replay", "phone", "silence", "moved", "forged", "old", "skew"]
        )
        given = court.form(issued.token, chance.randint(1, 5), device=f"DEV{chance.randint(1, 9)}")
        match sort:
            case "double":
                made.append((sort, given, Source.terminal(given.device)))
            case "replay" if seen:
                given = chance.choice(seen)
            case "phone":
                given = given.model_copy(update={"channel": RatingChannel.PHONE})
                made.append((sort, given, Source.phone()))
                continue
            case "silence":
                given = court.form(issued.token, None)
            case "moved":  # another matter's words under this one's signature
                other = chance.choice(matters)
                body, _, _ = other.token.partition(".")
                _, _, signature = issued.token.partition(".")
                if other is issued:
                    continue
                given = given.model_copy(update={"token": f"{body}.{signature}"})
            case "forged":
                stranger = issued.invitation.model_copy(update={"invitation_id": uuid4()})
                given = given.model_copy(update={"token": sign(stranger, FORGER)})
            case "old":
                given = given.model_copy(update={"answered": late})
            case "skew":
                wrong = chance.choice([SKEW, -SKEW]) * 1.01
                given = given.model_copy(update={"answered": now + wrong})
            case _:
                seen.append(given)
        made.append((sort, given, Source.terminal(given.device)))
    return made[:count]


def storm(court: Court, matters: int, count: int) -> None:
    """Send `count` presses at `matters` matters from many threads over two writers, as two hub processes would."""
    chance = random.Random(count)
    issued = [court.invite() for _ in range(matters)]
    todo = presses(court, issued, count, chance)
    writers = [court.writer]
    if court.database.name == "postgresql":  # SQLite belongs to one process
        second = Writer(court.database.writing)
        second.start()
        writers.append(second)
    receipts: dict[str, list[tuple[RatingAnswer, RatingReceipt]]] = defaultdict(list)
    refused: Counter[tuple[str, Refusal]] = Counter()
    lock, now = threading.Lock(), court.clock.now()

    def send(mine: Sequence[Press], writer: Writer) -> None:
        waiting = [
            (sort, given, writer.submit(lambda c, g=given, s=source: press(c, g, s))) for sort, given, source in mine
        ]
        for sort, given, done in waiting:
            try:
                receipt = done.result(120)
            except AnswerRefusedError as error:
                with lock:
                    refused[sort, error.refusal] += 1
            else:
                with lock:
                    receipts[receipt.matter].append((given, receipt))

    def press(connection: sa.Connection, given: RatingAnswer, source: Source) -> RatingReceipt:
        return answer(connection, given, source, office=court.office, now=now)

    threads = [
        threading.Thread(target=send, args=(todo[number::THREADS], writers[number % len(writers)]))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers[1:]:
        writer.close()
    check(court, issued, receipts, refused, now)


def check(
    court: Court,
    issued: Sequence[Issued],
    receipts: dict[str, list[tuple[RatingAnswer, RatingReceipt]]],
    refused: Counter[tuple[str, Refusal]],
    now: datetime,
) -> None:
    """Exactly one rating per matter; all receipts that name a grade agree with it; counters and journal agree too."""
    with court.database.reading.connect() as connection:
        held = {row.matter: row for row in connection.execute(sa.select(ratings))}
        counts = connection.execute(
            sa.select(rating_counts.c.outcome, sa.func.sum(rating_counts.c["count"]).label("n")).group_by(
                rating_counts.c.outcome
            )
        ).all()
        faults = journal.faults(connection)
    assert set(held) == {one.invitation.matter for one in issued}
    for one in issued:
        matter = one.invitation.matter
        grades = {receipt.grade for _, receipt in receipts[matter] if receipt.grade is not None}
        assert grades == {held[matter].grade}
        firsts = {given.model_dump_json() for given, receipt in receipts[matter] if receipt.first and receipt.grade}
        assert len(firsts) == 1, "two different answers were told that they are the first"
        assert held[matter].received == now
    told = {row.outcome: row.n for row in counts if row.n}
    assert told == {"invited": len(issued), "rated": len(issued)}
    assert faults == []
    assert {refusal for (sort, refusal) in refused if sort in ("moved", "forged")} == {Refusal.FORGED}
    assert {refusal for (sort, refusal) in refused if sort in ("press", "double", "phone", "silence")} == set()


def test_hostile_presses(court: Court) -> None:
    """S2-16: replay, double tap, wrong matter, expired, forged, clock skew, in parallel: one accepted per matter."""
    storm(court, matters=40, count=1_000)


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_ten_thousand_hostile_presses(court: Court) -> None:
    """The same with ten thousand."""
    storm(court, matters=200, count=10_000)
