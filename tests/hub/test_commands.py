"""`court-hub` from the command line: what staff and scripts rely on."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from kiosk.court.keys import SigningKey
from provisioning.hub.api.endpoints import openapi_document
from provisioning.hub.cli import main
from tests.hub.conftest import StartHub
from tests.hub.processes import hub_command

PASSWORD = "correct horse battery\n"


def user(action: str, data: Path, *more: str, password: str | None = None) -> tuple[int, str, str]:
    """One `court-hub user` command: exit code, output, errors."""
    done = hub_command("user", action, "--data", str(data), *more, password=password)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("dance",), 2),
        (("serve",), 2),
        (("serve", "--data", "x", "--port", "many"), 2),
        (("serve", "--data", "x", "--port", "99999"), 2),
        (("serve", "--data", __file__, "--port", "0"), 1),
        (("user", "add", "--data", "x", "--name", "a", "--role", "king"), 2),
        (("submissions", "--data", "nowhere", "--json"), 1),
        (("export", "--data", "nowhere", "--submission", "x", "--out", "y"), 1),
        (("backup", "--data", "nowhere", "--to", "y"), 1),
        (("restore", "--data", "new", "--from", "nowhere"), 1),
        (("journal", "--data", "nowhere"), 1),
        (("sweep",), 2),
        (("sweep", "--data", "x", "--older-than", "long"), 2),
        (("sweep", "--data", "nowhere"), 1),
        (("serve", "--data", "new", "--sweep-after", "2", "--port", "0"), 1),
        (("serve", "--data", "new", "--sweep-after", "999999999", "--port", "0"), 1),
        (("serve", "--data", "new", "--production", "--port", "0"), 1),
        (("serve", "--data", "new", "--production", "--safe-after", "5", "--port", "0"), 1),
        (("terminal", "add", "--data", "new", "--code", "LB01", "--key", "not a key"), 1),
        (("terminal", "add", "--data", "new", "--code", "DEV9", "--key", SigningKey.generate().verify_key.text), 1),
        (("terminal", "add", "--data", "new", "--code", "l b", "--key", SigningKey.generate().verify_key.text), 1),
    ],
)
def test_refusals_are_one_clear_line(
    arguments: tuple[str, ...],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A usage error is 2, a refused value 1, each with one line on stderr and nothing on stdout."""
    monkeypatch.chdir(tmp_path)
    try:
        ended = main(arguments)
    except SystemExit as left:
        ended = int(str(left.code))
    said = capfd.readouterr()
    assert (ended, said.out, said.err.count("\n")) == (code, "", 1), said.err


def test_accounts(tmp_path: Path) -> None:
    """Add, list, close, reopen; weak passwords and taken names are refused; the password is read from stdin."""
    account = ("--name", "示例书记员", "--role", "clerk", "--password-stdin")
    assert user("add", tmp_path, *account, password="short\n")[0] == 1
    assert user("add", tmp_path, *account, password=PASSWORD) == (0, "", "")
    assert user("add", tmp_path, *account, password=PASSWORD)[0] == 1
    listed = json.loads(user("list", tmp_path, "--json")[1])
    assert listed == [{"name": "示例书记员", "role": "clerk", "active": True}]
    assert user("close", tmp_path, "--name", "示例书记员")[0] == 0
    assert "closed" in user("list", tmp_path)[1]
    assert user("open", tmp_path, "--name", "示例书记员")[0] == 0
    assert user("close", tmp_path, "--name", "nobody")[0] == 1


def test_the_first_account_is_told_once(start_hub: StartHub) -> None:
    """A fresh development hub prints one password on stderr; at the next start it does not, nor in production."""
    hub = start_hub()
    _, errors = hub.stop()
    assert errors.count("first account") == 1
    hub.start()
    assert hub.stop() == (0, "")


def test_a_taken_port_is_refused(start_hub: StartHub, tmp_path: Path) -> None:
    """A second hub on the same port says so instead of dying with a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = hub_command("serve", "--data", str(tmp_path / "other"), "--port", str(port))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert str(port) in done.stderr


def test_a_damaged_court_file_is_refused(tmp_path: Path) -> None:
    """court.toml with a missing name, a key too many, no address or no TOML at all: one line that names the file."""
    (tmp_path / "keys").mkdir()
    whole = 'code = "吉2401"\nname_zh = "示例法院"\nname_ko = "례시법원"\nname_en = "Example Court"\n'
    addresses = (
        "hub.court.example",
        "ftp://hub.court.example",
        "https://",
        "https://a b",
        "https://h/?q=1",
        "https://h:0",
    )
    wrong = [f'{whole}public_url = "{address}"\n' for address in addresses]
    for content in ('code = "吉2401"\n', "not toml [", whole + "public_url = 3\n", whole + 'other = "x"\n', *wrong):
        (tmp_path / "court.toml").write_text(content)
        done = hub_command("serve", "--data", str(tmp_path), "--port", "0")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "court.toml" in done.stderr


def test_phones_reach_a_hub_in_production_by_https_only(tmp_path: Path) -> None:
    """The page of a ticket shows where a person is; nobody on the way shall read that."""
    court = 'code = "吉2401"\nname_zh = "示例法院"\nname_ko = "례시법원"\nname_en = "Example Court"\n'
    (tmp_path / "court.toml").write_text(court + 'public_url = "http://hub.court.example"\n')
    done = hub_command("serve", "--data", str(tmp_path), "--port", "0", "--production")
    assert (done.returncode, "https://" in done.stderr) == (1, True)


def test_openapi_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """`court-hub openapi` is how docs/openapi.json is renewed."""
    assert main(["openapi"]) == 0
    assert json.loads(capfd.readouterr().out) == openapi_document()
