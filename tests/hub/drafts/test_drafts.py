"""Kept drafts at the hub: two doors, exactly what was put in comes out, until its last day and no longer (S0-32)."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.canonical import canonical_json
from kiosk.court.contract import MatterChannel, MatterOrigin
from kiosk.court.draft_codes import fresh_code, lookup_id
from kiosk.court.kept_drafts import DRAFT_PATH, LONGEST_SEALED
from provisioning.hub import journal
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.drafts import keeping
from provisioning.hub.drafts.channels import add_channel, channel_of, channels, withdraw_channel
from provisioning.hub.drafts.keeping import Keeper, OtherDraftError, TooManyError, What
from provisioning.hub.drafts.pace import Pace
from provisioning.hub.drafts.rules import RULES_FILE, DraftRules, load_rules
from provisioning.hub.drafts.schema import kept_drafts, submission_origins
from provisioning.hub.engine import Database, open_database
from tests.hub.conftest import StartHub
from tests.hub.drafts.web_client import WebChannel, a_document, draw_code
from tests.hub.filings import WireTerminal, make_filing
from tests.hub.processes import HubProcess, hub_command

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
TODAY = NOW.date()
KEEPER = Keeper("terminal", "T01")
LOOKUP = "8a47003674bafdad7a6b3e2636ff76be"


def data_of(hub: HubProcess) -> tuple[str, ...]:
    """How a command reaches the hub's data."""
    return ("--data", str(hub.data), *hub.options)


def new_key(hub: HubProcess, name: str = "web-1") -> str:
    done = hub_command("channel", "add", *data_of(hub), "--name", name, "--channel", "web", "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["key"])


@pytest.fixture
def web(hub: HubProcess) -> Iterator[WebChannel]:
    channel = WebChannel(hub.url, new_key(hub))
    yield channel
    channel.close()


def put(terminal: WireTerminal, code: str, sealed: bytes, days: int = 30) -> tuple[int, str]:
    body = json.dumps({"sealed": base64.b64encode(sealed).decode(), "days": days}).encode()
    reply = terminal.send("PUT", f"{DRAFT_PATH}/{lookup_id(code)}", body)
    return reply.status_code, reply.text


# -- over HTTP


def test_what_one_door_keeps_the_other_gives_out_and_forgets(web: WebChannel, terminal: WireTerminal) -> None:
    """S0-32: begun on the web, there at a terminal, and the other way round; erased by either."""
    code, kept = web.keep(a_document())
    until = (datetime.now(CHINA).date() + timedelta(days=30)).isoformat()
    assert (kept.status_code, kept.json()) == (200, {"until": until})
    given = terminal.send("GET", f"{DRAFT_PATH}/{lookup_id(code)}").json()
    assert (given, web.opened(code)) == (web.fetch(code).json(), a_document())
    assert terminal.send("DELETE", f"{DRAFT_PATH}/{lookup_id(code)}").status_code == 200
    assert web.fetch(code).status_code == 404
    assert web.forget(code).status_code == 200, "what is gone already is gone"
    other = draw_code()
    assert put(terminal, other, web.sealed(b"{}", other)) == (200, json.dumps({"until": until}, separators=(",", ":")))
    assert web.opened(other) == {}


def test_the_same_again_changes_nothing_and_another_is_refused(web: WebChannel) -> None:
    code = draw_code()
    sealed = web.sealed(b"{}", code)
    first = web.send(code, sealed, days=3)
    assert web.send(code, sealed, days=20).json() == first.json(), "the day that was told stands"
    assert web.send(code, web.sealed(b"{}", code)).status_code == 409
    assert web.fetch(code).json()["sealed"] == base64.b64encode(sealed).decode()


def test_days_are_the_person_s_and_at_most_the_court_s(start_hub: StartHub, tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir(mode=0o700)
    (tmp_path / "hub" / RULES_FILE).write_text("keep_days = 7\nterminal_per_minute = 4\n")
    hub = start_hub()
    today = datetime.now(CHINA).date()
    with WireTerminal(hub.url) as terminal:
        for asked, kept in ((3, 3), (30, 7)):
            code = draw_code()
            assert str(today + timedelta(days=kept)) in put(terminal, code, b"sealed", asked)[1]
        assert put(terminal, fresh_code(), b"sealed", 0)[0] == 422
        # The rest of this minute's turns; how fast the machine is decides how many came back meanwhile.
        replies = [terminal.send("GET", f"{DRAFT_PATH}/{secrets.token_hex(16)}") for _ in range(12)]
        assert {one.status_code for one in replies} == {404, 429}
        assert 1 <= int(next(one for one in replies if one.status_code == 429).headers["retry-after"]) <= 15


def test_who_has_no_key_is_let_in_by_neither_door(hub: HubProcess, web: WebChannel, terminal: WireTerminal) -> None:
    code, _ = web.keep(a_document())
    key = new_key(hub, "hotline")
    for wrong in ("x", "nonsense", key[:-1] + ("A" if key[-1] != "A" else "B")):
        stranger = WebChannel(hub.url, wrong)
        assert stranger.fetch(code).status_code == 401
        stranger.close()
    assert (
        terminal.raw("GET", f"{DRAFT_PATH}/{lookup_id(code)}", b"", {"Authorization": f"Bearer {key}"}).status_code
        == 401
    )
    known = WebChannel(hub.url, key)
    assert known.fetch(code).status_code == 200
    assert hub_command("channel", "withdraw", *data_of(hub), "--name", "hotline").returncode == 0
    assert known.fetch(code).status_code == 401, "at once"
    known.close()
    assert web.fetch(code).status_code == 200
    listed = json.loads(hub_command("channel", "list", *data_of(hub), "--json").stdout)
    assert [(one["name"], one["withdrawn"] is None) for one in listed] == [("hotline", False), ("web-1", True)]
    again = hub_command("channel", "add", *data_of(hub), "--name", "hotline", "--channel", "hotline")
    assert (again.returncode, again.stdout) == (1, "")


def test_too_much_and_what_is_none_is_refused(web: WebChannel, terminal: WireTerminal) -> None:
    code = draw_code()
    assert web.send(code, bytes(LONGEST_SEALED)).status_code == 200
    assert web.send(draw_code(), bytes(LONGEST_SEALED + 1)).status_code in {413, 422}
    assert web.send(draw_code(), bytes(2 * LONGEST_SEALED)).status_code in {413, 422}
    for path in ("nonsense", "A" * 32, "0" * 31, "0" * 33):
        assert terminal.send("GET", f"{DRAFT_PATH}/{path}").status_code == 404
    body = b'{"sealed": "not base64!", "days": 3}'
    assert terminal.send("PUT", f"{DRAFT_PATH}/{LOOKUP}", body).status_code == 422


def test_a_received_filing_forgets_its_draft(hub: HubProcess, web: WebChannel, terminal: WireTerminal) -> None:
    """The same transaction that receives it; a filing that was offline for days does so when it comes."""
    code, _ = web.keep(a_document())
    origin = MatterOrigin(matter_id=uuid4(), begun_in=MatterChannel.WEB, begun=NOW, kept_draft=lookup_id(code))
    filing = make_filing(terminal.court())
    plain = filing.manifest
    assert b"origin" not in canonical_json(plain), "a manifest of before keeps its hash"
    filing = type(filing)(plain.model_copy(update={"origin": origin}), filing.blobs, filing.plain)
    assert terminal.deliver(filing).status_code == 200
    assert web.fetch(code).status_code == 404
    assert terminal.put(filing.manifest).status_code == 200, "again is without effect"
    told = json.loads(hub_command("drafts", *data_of(hub), "--json").stdout)
    assert told["kept"] == 0
    counted = {(one["door"], one["what"]): one["count"] for one in told["counts"]}
    assert counted == {("channel", "kept"): 1, ("terminal", "filed"): 1, ("channel", "unknown"): 1}


# -- in the database, on both engines


def keep(
    database: Database, lookup: str = LOOKUP, sealed: bytes = b"sealed", *, at: datetime = NOW, **more: object
) -> date:
    options = {"days": 30, "keeper": KEEPER, "rules": DraftRules()} | more
    with database.writing.begin() as connection:
        return keeping.keep(connection, lookup, sealed, now=at, **options)  # type: ignore[arg-type]


def test_a_draft_ends_with_its_last_day(database: Database) -> None:
    """Until midnight in China, then nobody is given it, and the sweep erases it."""
    assert keep(database, days=2) == TODAY + timedelta(days=2)
    last_minute = datetime(2026, 11, 25, 23, 59, tzinfo=CHINA)
    for moment, there in ((last_minute, True), (last_minute + timedelta(minutes=1), False)):
        with database.writing.begin() as connection:
            assert (keeping.give_out(connection, LOOKUP, keeper=KEEPER, now=moment) is not None) is there
            assert keeping.standing(connection, moment) == int(there)
    with database.writing.begin() as connection:
        assert keeping.sweep_drafts(connection, now=last_minute) == 0
        assert keeping.sweep_drafts(connection, now=last_minute + timedelta(minutes=1)) == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(kept_drafts)) == 0
        counted = {what: count for _, _, what, count in keeping.counts(connection, TODAY)}
    assert counted == dict.fromkeys((What.GIVEN_OUT, What.KEPT, What.EXPIRED, What.UNKNOWN), 1)


def test_an_ended_draft_gives_its_place_away(database: Database) -> None:
    """Not that two codes meet; but what nobody is given any more must not stand in the way either."""
    keep(database, days=1)
    later = NOW + timedelta(days=2)
    assert keep(database, sealed=b"another", at=later, days=1) == later.date() + timedelta(days=1)
    with pytest.raises(OtherDraftError):
        keep(database, at=later)


def test_one_keeper_has_so_many_and_others_are_not_hindered(database: Database) -> None:
    rules = DraftRules(most_of_one=10)
    for number in range(10):
        keep(database, f"{number:032x}", rules=rules)
    with pytest.raises(TooManyError):
        keep(database, f"{11:032x}", rules=rules)
    assert keep(database, f"{3:032x}", rules=rules), "the same again still has its day"
    keep(database, f"{12:032x}", rules=rules, keeper=Keeper("channel", "T01"))


def test_the_sweep_goes_in_steps(database: Database) -> None:
    with database.writing.begin() as connection:
        rows = [
            {"lookup": f"{n:032x}", "sealed": b"x", "keeper": "terminal:T01", "until": TODAY - timedelta(days=1)}
            for n in range(keeping.SWEPT_AT_ONCE + 7)
        ]
        connection.execute(sa.insert(kept_drafts), rows)
        assert keeping.sweep_drafts(connection, now=NOW) == keeping.SWEPT_AT_ONCE
        assert keeping.sweep_drafts(connection, now=NOW) == 7


def test_a_key_is_kept_as_its_hash_and_the_journal_tells_of_it(database: Database) -> None:
    with database.writing.begin() as connection:
        key = add_channel(connection, "circuit-2", MatterChannel.CIRCUIT, at=NOW, by="test")
        assert channel_of(connection, key) == Keeper("channel", "circuit-2")
        assert [one.channel for one in channels(connection)] == [MatterChannel.CIRCUIT]
        stored = connection.execute(sa.text("SELECT * FROM draft_channels")).one()
        assert all(key not in str(value) for value in stored)
        withdraw_channel(connection, "circuit-2", at=NOW, by="test")
        assert channel_of(connection, key) is None
    with database.reading.connect() as connection:
        actions = [entry.action for entry in journal.entries(connection) if entry.subject == "circuit-2"]
    assert actions == ["draft_channel_added", "draft_channel_withdrawn"]


def test_the_hub_notes_where_a_matter_was_begun(hub: HubProcess, terminal: WireTerminal) -> None:
    """S0-32: one matter id; two filings of one matter are found by it."""
    matter = uuid4()
    for number in range(2):
        origin = MatterOrigin(matter_id=matter, begun_in=MatterChannel.HOTLINE, begun=NOW, kept_draft=f"{number:032x}")
        filing = make_filing(terminal.court(), sequence=number + 1)
        changed = filing.manifest.model_copy(update={"origin": origin})
        assert terminal.deliver(type(filing)(changed, filing.blobs, filing.plain)).status_code == 200
    columns = submission_origins.c
    of_matter = sa.select(columns.begun_in).where(columns.matter_id == str(matter))
    database = open_database(DataDirectory(hub.data), hub.options[1] if hub.options else None)
    found = database.read(lambda connection: connection.execute(of_matter).all())
    database.close()
    assert [row.begun_in for row in found] == ["hotline", "hotline"]


# -- pace and rules


def test_turns_come_back_evenly_and_to_each_caller_alone() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    assert [pace.take("a", 3) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert pace.take("a", 3) == pytest.approx(20.0)
    assert pace.take("b", 3) == 0.0
    now += 19.0
    assert pace.take("a", 3) == pytest.approx(1.0)
    now += 1.5
    assert pace.take("a", 3) == 0.0
    assert pace.take("a", 3) > 0.0
    now += 600.0
    assert [pace.take("a", 3) > 0 for _ in range(4)] == [False, False, False, True]


def test_wrong_rules_are_named(tmp_path: Path) -> None:
    assert load_rules(tmp_path) == DraftRules()
    for wrong in ("keep_days = 0", "keep_days = 181", "keep_day = 3", "longest_bytes = 1", "keep_days = '3'"):
        (tmp_path / RULES_FILE).write_text(wrong)
        with pytest.raises(DataError, match=RULES_FILE):
            load_rules(tmp_path)
