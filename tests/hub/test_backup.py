"""Backup and restore, on both engines (docs/decisions/0004)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import open_database
from provisioning.hub.schema import journal_heads
from tests.hub.conftest import StartHub
from tests.hub.filings import WireTerminal, make_filing
from tests.hub.processes import hub_command, wait_for


def test_restore_begins_a_new_epoch_and_everything_is_there(
    start_hub: StartHub, database_options: tuple[str, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Backup while serving, restore into the other engine; what came later is offered again and stored once (F23)."""
    hub = start_hub(*database_options)
    backup, copy = tmp_path / "backup", tmp_path / "copy"
    with WireTerminal(hub.url) as terminal:
        before = terminal.court()
        early, late = make_filing(before), make_filing(before, sequence=2)
        receipt = terminal.deliver(early).content
        wait_for(lambda: _rows(hub.data, *database_options)[0]["index_state"] == "indexed")
        done = hub_command("backup", "--data", str(hub.data), *database_options, "--to", str(backup), "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["submissions"] == 1
        assert terminal.deliver(late).status_code == 200
    hub.stop()
    assert "李示例".encode() not in (backup / "000001" / "snapshot.db").read_bytes()
    assert not list(backup.rglob("*.key"))

    refused = hub_command("restore", "--from", str(backup), "--data", str(copy))
    assert refused.returncode == 1
    assert "keys" in refused.stderr
    (copy / "keys").mkdir(parents=True, mode=0o700, exist_ok=True)
    for path in (hub.data / "keys").iterdir():
        if path.name != "database.key":
            (copy / "keys" / path.name).write_bytes(path.read_bytes())
            (copy / "keys" / path.name).chmod(0o600)
    other: tuple[str, ...] = ()
    if not database_options:
        other = ("--database", request.getfixturevalue("postgres").database())
    restored = hub_command("restore", "--from", str(backup), "--data", str(copy), *other)
    assert restored.returncode == 0, restored.stderr
    again = hub_command("restore", "--from", str(backup), "--data", str(copy), *other)
    assert again.returncode == 1

    second = start_hub(*other, data=copy)
    with WireTerminal(second.url) as terminal:
        after = terminal.court()
        assert after.epoch != before.epoch
        assert after.sealing_key == before.sealing_key
        assert terminal.put(early.manifest).content == receipt
        assert terminal.put(late.manifest).status_code == 424
        assert terminal.deliver(late).status_code == 200
    assert len(_rows(copy, *other)) == 2
    assert hub_command("journal", "--data", str(copy), *other).returncode == 0


def test_a_backup_with_a_missing_paper_marks_nothing(start_hub: StartHub, tmp_path: Path) -> None:
    """A backup that could not be restored must not let terminals forget."""
    hub = start_hub()
    with WireTerminal(hub.url) as terminal:
        filing = make_filing(terminal.court())
        terminal.deliver(filing)
    name = next(iter(filing.blobs))
    (hub.data / "blobs" / name[:2] / name).unlink()
    done = hub_command("backup", "--data", str(hub.data), "--to", str(tmp_path / "b"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    data = DataDirectory(hub.data)
    database = open_database(data, None)
    with database.reading.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM submissions WHERE safe_backup IS NULL").scalar() == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(journal_heads)) is not None
    database.close()


def _rows(data: Path, *options: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        hub_command("submissions", "--data", str(data), *options, "--json").stdout
    )
    return found
