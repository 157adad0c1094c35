"""What displays, consoles and phones hear over /v1/events."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from provisioning.hub import staff
from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import open_database
from provisioning.hub.permissions import Role
from provisioning.hub.push.events import EventKind, record, sweep_events
from provisioning.hub.push.relay import LONGEST_LINE, Relay
from provisioning.hub.push.schema import events
from provisioning.hub.schema import staff_sessions
from provisioning.hub.server import GRACE_SECONDS
from tests.hub.conftest import StartHub
from tests.hub.filings import WireTerminal
from tests.hub.processes import wait_for
from tests.hub.push.live import Listener, LiveHub


def test_a_commit_is_heard_at_once_by_those_it_is_for(live: LiveHub) -> None:
    """Each topic hears its own events, in their order, well before the next poll; others hear nothing."""
    mine, other = f"ticket:{uuid4()}", f"ticket:{uuid4()}"
    with Listener(live.url, f"display,{mine}") as listener, Listener(live.url, other) as stranger:
        times = []
        for number in range(10):
            begin = time.perf_counter()
            live.tell("display" if number % 2 else mine, number=number, text="换行\n\n없음")
            heard = listener.next()
            times.append(time.perf_counter() - begin)
            assert heard.data == {"number": number, "text": "换行\n\n없음"}
            assert heard.kind == "ticket_status"
        assert sorted(times)[5] < 0.25, times
        assert stranger.silent_for(0.1)


def test_what_another_process_commits_is_heard_too(live: LiveHub, tmp_path: Path) -> None:
    """Several hub processes share one database; each tells its own clients what the others did."""
    url = live.hub.database.writing.url
    other = open_database(
        DataDirectory(tmp_path / "hub"),
        None if live.hub.database.name == "sqlite" else url.render_as_string(hide_password=False),
    )
    with Listener(live.url, "display") as listener:
        with other.writing.begin() as connection:
            now = live.hub.clock.now()
            record(connection, kind=EventKind.WINDOW_CHANGED, audience="display", data={"window": "3"}, at=now)
        assert listener.next().data == {"window": "3"}
    other.close()


def test_whoever_comes_back_gets_what_was_missed(live: LiveHub) -> None:
    """Last-Event-ID replays from the database, more than one page of it, once each and in order; then goes on live."""
    with Listener(live.url, "display") as listener:
        live.tell(number=0)
        first = listener.next()
    now = live.hub.clock.now()

    def many(connection: sa.Connection) -> None:
        for number in range(1, 1203):
            audience = "display" if number % 6 else "queue"
            record(connection, kind=EventKind.TICKET_STATUS, audience=audience, data={"number": number}, at=now)

    live.do(many)
    with Listener(live.url, "display", last=first.id) as again:
        live.tell(number=1203)
        heard = [again.next() for _ in range(1003)]
    assert [event.data["number"] for event in heard] == [*(n for n in range(1, 1203) if n % 6), 1203]
    cursors = [int(event.id) for event in heard]
    assert cursors == sorted(set(cursors))
    assert cursors[0] > int(first.id)


def test_nothing_is_lost_or_doubled_while_clients_come_and_go(live: LiveHub) -> None:
    """A client that reconnects all the time, in the middle of a stream of commits, hears every event exactly once."""
    total = 400
    live.tell(number=0)
    with live.hub.database.reading.connect() as connection:
        last = str(connection.scalar(sa.select(sa.func.max(events.c.cursor))))

    def tell_all() -> None:
        for number in range(1, total + 1):
            live.tell(number=number)

    teller = threading.Thread(target=tell_all)
    teller.start()
    heard: list[int] = []
    while len(heard) < total:
        with Listener(live.url, "display", last=last) as listener:
            for _ in range(7):
                event = listener.next()
                heard.append(event.data["number"])
                last = event.id
                if len(heard) == total:
                    break
    teller.join()
    assert heard == list(range(1, total + 1))


def test_a_page_begins_where_its_state_was_read(live: LiveHub) -> None:
    """`after=` does for a fresh page what Last-Event-ID does for a reconnecting one; the header wins."""
    live.tell(number=1)
    with Listener(live.url, "display&after=0") as listener:
        first = listener.next()
        assert first.data == {"number": 1}
    live.tell(number=2)
    with Listener(live.url, "display&after=0", last=first.id) as listener:
        assert listener.next().data == {"number": 2}


def test_an_unknown_cursor_says_read_the_state_again(live: LiveHub) -> None:
    """A client that slept through the sweep, or whose hub was restored from a backup, is told so instead of getting a
    gap."""
    for number in range(3):
        live.tell(number=number)
    with Listener(live.url, "display&after=0") as listener:
        ids = [listener.next().id for _ in range(3)]
    later = live.hub.clock.now().replace(year=2100)
    assert live.do(lambda connection: sweep_events(connection, now=later)) == 2
    with Listener(live.url, "display", last=ids[0]) as listener:
        reset = listener.next()
        assert (reset.kind, reset.id) == ("reset", ids[2])
        live.tell(number=4)
        assert listener.next().data == {"number": 4}
    with Listener(live.url, "display", last=ids[2]) as listener:
        assert listener.next().data == {"number": 4}, "the newest event outlives the sweep"


@pytest.mark.parametrize(
    ("topics", "status"),
    [
        ("", 400),
        ("everything", 400),
        ("display,", 400),
        ("window:../3", 400),
        ("ticket:1", 400),
        (",".join(["display"] + [f"window:{n}" for n in range(8)]), 400),
        ("queue", 401),
        ("window:3", 401),
        ("display,queue", 401),
    ],
)
def test_strangers_hear_only_display_and_tickets(sqlite_live: LiveHub, topics: str, status: int) -> None:
    """Public topics are the display and a ticket for whoever knows its id."""
    with Listener(sqlite_live.url, topics) as listener:
        assert listener.status == status


def test_a_terminal_listens_by_its_signature(sqlite_live: LiveHub) -> None:
    """A touchpad signs the request for its window's events; the same request a second time is refused."""
    with WireTerminal(sqlite_live.url) as terminal:
        headers = terminal.signed("GET", "/v1/events?topics=window:3")
    with Listener(sqlite_live.url, "window:3", headers=headers) as listener:
        sqlite_live.tell("window:3", kind=EventKind.RATING_INVITED, ticket="A012")
        assert listener.next().kind == "rating_invited"
    with Listener(sqlite_live.url, "window:3", headers=headers) as replayed:
        assert replayed.status == 401


def test_staff_listen_by_their_session_until_it_ends(sqlite_live: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A console hears `queue`; after signing out it soon hears nothing more."""
    monkeypatch.setattr("provisioning.hub.push.stream.CHECK_SECONDS", 0.0)
    monkeypatch.setattr("provisioning.hub.push.stream.HEARTBEAT_SECONDS", 0.05)
    now = sqlite_live.hub.clock.now()

    def sign_in(connection: sa.Connection) -> str:
        staff.add_account(connection, name="example", role=Role.CLERK, password_hash="none", at=now, by="test")
        return staff.sign_in(connection, "example", now=now)

    token = sqlite_live.do(sign_in)
    headers = {"cookie": f"hub_session={token}"}
    with Listener(sqlite_live.url, "queue", headers=headers, path="/console/events") as listener:
        sqlite_live.tell("queue", number=1)
        assert listener.next().data == {"number": 1}
        sqlite_live.do(lambda connection: connection.execute(sa.delete(staff_sessions)))
        with pytest.raises(EOFError):
            listener.next()
        assert listener.ended, "the stream has an ordered end"


def test_silence_is_filled_with_comments(sqlite_live: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies cut connections that stay silent; a comment goes out after every 15 s of silence (here 50 ms)."""
    monkeypatch.setattr("provisioning.hub.push.stream.HEARTBEAT_SECONDS", 0.05)
    with Listener(sqlite_live.url, "display") as listener:
        assert not listener.silent_for(5)
        sqlite_live.tell(number=1)
        listener.next()
        assert listener.comments >= 1


def test_clients_are_forgotten_when_they_go(sqlite_live: LiveHub) -> None:
    """A phone whose page was closed takes no memory."""
    listeners = [Listener(sqlite_live.url, f"ticket:{uuid4()}") for _ in range(20)]
    relay = sqlite_live.relay
    wait_for(lambda: relay.clients == 20)
    for listener in listeners:
        listener.__exit__()
    wait_for(lambda: relay.clients == 0)


def test_a_stopping_hub_ends_its_streams(start_hub: StartHub) -> None:
    """SIGTERM: whoever listens sees an ordered end and comes back to the next process; nobody waits for a time-out."""
    hub = start_hub()
    with Listener(hub.url, "display") as listener:
        begin = time.monotonic()
        code, errors = hub.stop()
        assert code == 0
        assert "ERROR" not in errors
        assert time.monotonic() - begin < GRACE_SECONDS / 2
        with pytest.raises(EOFError):
            listener.next()
        assert listener.ended


def test_what_is_told_while_the_hub_starts_is_heard_by_whoever_is_there(sqlite_live: LiveHub) -> None:
    """A client let in before the first look at the events, which a busy machine delays."""

    async def play() -> int:
        relay = Relay(sqlite_live.hub.database)
        await relay.begin()
        with relay.client(frozenset({"display"})) as client:
            sqlite_live.tell(number=1)
            running = asyncio.ensure_future(relay.run())
            async with asyncio.timeout(20):
                heard = await client.frames(5)
        running.cancel()
        return len(heard)

    assert asyncio.run(play()) == 1


def test_a_slow_client_is_let_go_and_harms_nobody(sqlite_live: LiveHub) -> None:
    """Its line is bounded; after LONGEST_LINE events that it does not take it is cut off."""

    async def play() -> tuple[bool, int]:
        relay = Relay(sqlite_live.hub.database)
        await relay.begin()
        running = asyncio.ensure_future(relay.run())
        with relay.client(frozenset({"display"})) as slow, relay.client(frozenset({"display"})) as quick:
            await asyncio.sleep(0)
            taken = 0
            while taken <= LONGEST_LINE:
                sqlite_live.tell(number=taken)
                taken += len(await quick.frames(5))
            cut = slow.too_slow.done()
        running.cancel()
        return cut, taken

    cut, taken = asyncio.run(play())
    assert cut
    assert taken == LONGEST_LINE + 1
