"""Opening a data folder: what it must refuse, and what a crash may leave behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.agent.core import Agent
from kiosk.agent.terminal import AgentStartError
from kiosk.clock import ManualClock
from kiosk.config.load import parse_config
from kiosk.court.keys import SigningKey
from kiosk.court.secret_file import SecretFileError
from kiosk.outbox.errors import OutboxDamagedError, OutboxInUseError, UnsafeEngineError
from kiosk.outbox.sqlcipher import require_safe_engine
from kiosk.outbox.store import Outbox
from tests.outbox.conftest import START
from tests.outbox.filings import filing, fresh_id, hand_in
from tests.outbox.stub_hub import StubHub


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.0"])
def test_an_engine_that_may_corrupt_is_refused(version: str) -> None:
    """F10."""
    with pytest.raises(UnsafeEngineError, match="WAL"):
        require_safe_engine(version, "4.19.0")


def test_an_engine_that_does_not_encrypt_is_refused() -> None:
    with pytest.raises(UnsafeEngineError, match="encrypt"):
        require_safe_engine("3.53.4", None)


def test_one_process_per_folder(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    with pytest.raises(OutboxInUseError):
        Agent.open(agent.outbox.directory.parent, hub.url, clock)


def test_ordinary_sqlite_cannot_read_it(agent: Agent) -> None:
    hand_in(agent)
    connection = sqlite3.connect(f"file:{agent.outbox.directory / 'outbox.db'}?mode=ro", uri=True)
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT * FROM submission").fetchall()
    connection.close()


def test_files_no_filing_owns_are_removed(hub: StubHub, clock: ManualClock, tmp_path: Path) -> None:
    """A crash between the files and the transaction leaves files; nobody was told anything of them."""
    agent = Agent.open(tmp_path / "data", hub.url, clock)
    kept = hand_in(agent)
    one = filing(agent, fresh_id())
    agent.outbox.blobs.put({f"{number:064x}": part.data for number, part in enumerate(one.parts)})
    (agent.outbox.directory / "blobs" / "ff.tmp").write_bytes(b"half")
    agent.close()
    again = Agent.open(tmp_path / "data", hub.url, clock)
    assert len(list((again.outbox.directory / "blobs").iterdir())) == 3
    assert again.outbox.find(kept.submission_id) is not None
    assert again.outbox.find(one.submission_id) is None
    again.close()


def database_of(tmp_path: Path) -> bytes:
    outbox = Outbox.open(tmp_path / "outbox", ManualClock(START))
    outbox.close()
    return (tmp_path / "outbox" / "outbox.db").read_bytes()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_flipped_bit_of_the_database_is_found(data: st.DataObject, tmp_path: Path) -> None:
    """F8: the page HMAC finds what plain integrity checks miss; the damaged file is left as it is."""
    file = tmp_path / "outbox" / "outbox.db"
    whole = tmp_path / "whole.db"
    if not whole.exists():
        whole.write_bytes(database_of(tmp_path))
    damaged = bytearray(whole.read_bytes())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(damaged)
    with pytest.raises(OutboxDamagedError):
        Outbox.open(tmp_path / "outbox", ManualClock(START))
    assert file.read_bytes() == bytes(damaged)


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    database_of(tmp_path)
    key = tmp_path / "outbox" / "terminal.key"
    key.write_bytes(b"\x01" * 32)
    with pytest.raises(OutboxDamagedError):
        Outbox.open(tmp_path / "outbox", ManualClock(START))


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    database_of(tmp_path)
    (tmp_path / "outbox" / "terminal.key").chmod(0o644)
    with pytest.raises(SecretFileError):
        Outbox.open(tmp_path / "outbox", ManualClock(START))


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """F26."""
    outbox = Outbox.open(tmp_path / "outbox", ManualClock(START))
    outbox.run(lambda c: c.exec_driver_sql("PRAGMA user_version = 99"))
    outbox.close()
    with pytest.raises(OutboxDamagedError, match="newer"):
        Outbox.open(tmp_path / "outbox", ManualClock(START))


def test_the_very_first_start_needs_the_hub_and_no_later_one_does(
    hub: StubHub, clock: ManualClock, tmp_path: Path
) -> None:
    hub.stop()
    with pytest.raises(AgentStartError, match="first start"):
        Agent.open(tmp_path / "data", hub.url, clock)
    hub.start()
    first = Agent.open(tmp_path / "data", hub.url, clock)
    code = first.terminal.code
    assert code.startswith("DEV")
    first.close()
    hub.stop()
    later = Agent.open(tmp_path / "data", hub.url, clock)
    assert later.terminal.code == code
    assert later.terminal.sealing_key.key_id == hub.sealing.key_id
    hand_in(later)
    later.close()


PROVISIONED = """
terminal = "LB0102A"
[court]
code = "吉0102"
name = { zh = "示例市人民法院", ko = "시범시인민법원", en = "Example People's Court" }
"""


def test_a_provisioned_terminal_needs_its_own_key_and_folder(hub: StubHub, clock: ManualClock, tmp_path: Path) -> None:
    config = parse_config(PROVISIONED)
    with pytest.raises(AgentStartError, match="not enrolled"):
        Agent.open(tmp_path / "data", hub.url, clock, config=config)
    (tmp_path / "data").mkdir()
    key = SigningKey.generate()
    key.store(tmp_path / "data" / "device.key")
    agent = Agent.open(tmp_path / "data", hub.url, clock, config=config)
    assert (agent.terminal.code, agent.terminal.key.key_id) == ("LB0102A", key.key_id)
    agent.close()
    with pytest.raises(AgentStartError, match="configuration is missing"):
        Agent.open(tmp_path / "data", hub.url, clock)
