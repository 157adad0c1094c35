"""`court-kiosk device key`: the only command that makes a terminal's key."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.court.keys import SigningKey, VerifyKey


def test_the_key_is_private_and_its_public_half_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "device.key"
    assert main(["device", "key", "--out", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = SigningKey.load(file)
    assert VerifyKey.from_text(told["public_key"]) == kept.verify_key
    assert told["key_id"] == kept.key_id


def test_a_key_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A terminal whose key is gone is a stranger to its hub, and what waits in its outbox with it."""
    file = tmp_path / "device.key"
    assert main(["device", "key", "--out", str(file)]) == 0
    before = file.read_bytes()
    capsys.readouterr()
    assert main(["device", "key", "--out", str(file), "--json"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "never overwritten" in said.err
    assert file.read_bytes() == before


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["device", "key", "--out", str(tmp_path / "none" / "device.key")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_file_it_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["device", "key"])
    assert ended.value.code == 2
    assert "--out" in capsys.readouterr().err
