"""`court-kiosk doctor`: what a new installer is told, part by part."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from drivers.api.status import (
    AnyStatus,
    CameraFrozen,
    CameraReady,
    CardPresent,
    CodeScannerReady,
    DeviceClass,
    Disconnected,
    FeederState,
    NotConfigured,
    Paper,
    PrinterNeedsAttention,
    PrinterReady,
    QueueReady,
    QueueStopped,
    ReaderFault,
    ReaderReady,
    SavesToFolder,
    ScannerBusy,
    ScannerFault,
    ScannerHung,
    ScannerNeedsAttention,
    ScannerReady,
    Unknown,
)
from kiosk.agent.core import Agent
from kiosk.agent.messages import Health, HubState
from kiosk.agent.service import Service
from kiosk.app import runtime_folder, sole_launcher
from kiosk.cli import main
from kiosk.clock import CHINA, ManualClock, SystemClock
from kiosk.config.load import load_config
from kiosk.court.keys import SigningKey
from kiosk.diagnosis import devices, machine, running
from kiosk.diagnosis import hub as line
from tests.outbox.certificates import self_signed, server_context
from tests.outbox.conftest import START
from tests.outbox.filings import hand_in
from tests.outbox.stub_hub import StubHub

CONFIG = """
terminal = "YJ01"
[court]
code = "吉2401"
name = {{ zh = "示例市人民法院", ko = "시범시인민법원", en = "Example Court" }}
[hub]
url = "{url}"
ca_file = "{ca_file}"
"""


@dataclass
class Told:
    """What one run of the doctor said."""

    code: int
    rows: dict[str, dict[str, object]]

    def ok(self, name: str) -> bool:
        return bool(self.rows[name]["ok"])

    def says(self, name: str) -> str:
        return f"{self.rows[name]['detail']} -> {self.rows[name]['remedy']}"


@pytest.fixture(autouse=True)
def no_runtime_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets of tests stay in their own folders."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


@pytest.fixture
def live_hub() -> Iterator[StubHub]:
    """A hub on the real clock, without TLS."""
    with StubHub() as stub:
        yield stub


def ask(capsys: pytest.CaptureFixture[str], data: Path, *options: str) -> Told:
    capsys.readouterr()
    code = main(["doctor", "--json", "--data", str(data), *options])
    return Told(code, {row["name"]: row for row in json.loads(capsys.readouterr().out)})


def configured(folder: Path, url: str, ca_file: Path | str = "") -> Path:
    """The configuration of a terminal in service."""
    file = folder / "config.toml"
    file.write_text(CONFIG.format(url=url, ca_file=ca_file), encoding="utf-8")
    return file


def enrol(data: Path, hub: StubHub) -> SigningKey:
    """The terminal makes its key, the hub is told."""
    key = SigningKey.generate()
    key.store(data / "device.key")
    hub.keys[key.key_id] = key.verify_key
    return key


def test_the_json_is_stable_and_the_exit_code_follows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts rely on names and keys; only what is needed and not there makes it exit 1."""
    told = ask(capsys, tmp_path)
    assert {
        "Python 3.11 or newer",
        "database engine without the WAL-reset bug",
        "fonts",
        "pinyin dictionary",
        "keyboard engine",
        "speech",
        "500 MB of free space",
        "clock",
        "device key",
        "outbox key",
        "devices",
    } == set(told.rows)
    for row in told.rows.values():
        assert set(row) == {"name", "ok", "needed", "detail", "remedy"}
        assert row["ok"] or row["remedy"], f"{row['name']} says what is wrong and not what to do"
    assert told.code == int(any(row["needed"] and not row["ok"] for row in told.rows.values()))
    assert list(tmp_path.iterdir()) == [], "looking changes nothing"


def test_for_a_person_each_remedy_stands_below_its_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--data", str(tmp_path), "--devices", str(tmp_path / "none.toml")])
    lines = capsys.readouterr().out.splitlines()
    (place,) = [number for number, line in enumerate(lines) if line.startswith("missing  devices:")]
    assert lines[place + 1].strip().startswith("-> ")


def test_a_hub_behind_the_courts_own_authority(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """S23: the doctor trusts whom the agent trusts, hub.ca_file, and nobody else."""
    pem, other = self_signed(tmp_path), self_signed(tmp_path, "other")
    with StubHub(server_context(pem)) as hub:
        enrol(tmp_path, hub)
        told = ask(capsys, tmp_path, "--config", str(configured(tmp_path, hub.url, pem)))
        assert told.code == 0
        assert told.says("hub").startswith("吉0102")
        assert all(told.ok(name) for name in ("encrypted line", "let in by the hub", "clock against the hub's"))
        for wrong in ("", other):
            told = ask(capsys, tmp_path, "--config", str(configured(tmp_path, hub.url, wrong)))
            assert told.code == 1
            assert "certificate is not trusted" in told.says("hub")
            assert "hub.ca_file" in told.says("hub") or "not the authority" in told.says("hub")


def test_authority_files_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    SigningKey.generate().store(tmp_path / "device.key")
    (tmp_path / "empty.pem").write_text("")
    for file in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
        told = ask(capsys, tmp_path, "--config", str(configured(tmp_path, "https://127.0.0.1:1", file)))
        assert told.code == 1
        assert file.name in told.says("hub")


def test_a_hub_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with StubHub() as hub:
        url = hub.url
    told = ask(capsys, tmp_path, "--hub", url)
    assert told.code == 1
    assert "nothing listens" in told.says("hub")
    told = ask(capsys, tmp_path, "--hub", "http://no-such-hub.invalid")
    assert "has no address" in told.says("hub")


def test_something_that_answers_and_is_no_hub(
    tmp_path: Path, live_hub: StubHub, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ask(capsys, tmp_path, "--hub", f"{live_hub.url}/nothing")
    assert told.code == 1
    assert "no hub" in told.says("hub")


def test_a_terminal_the_hub_does_not_know(
    tmp_path: Path, live_hub: StubHub, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key was made and nobody told the hub: the commonest mistake of a first installation."""
    SigningKey.generate().store(tmp_path / "device.key")
    told = ask(capsys, tmp_path, "--config", str(configured(tmp_path, live_hub.url)))
    assert told.code == 1
    assert told.ok("hub")
    assert "court-hub terminal add" in told.says("let in by the hub")


def test_a_clock_that_is_off(tmp_path: Path, live_hub: StubHub) -> None:
    """F11: signatures are corrected, the receipts' time is not: a person must hear of it."""
    key = enrol(tmp_path, live_hub)
    slow = ManualClock(SystemClock().now() - timedelta(hours=2))
    config = load_config(configured(tmp_path, live_hub.url))
    found = {check.name: check for check in line.look(config, key, slow)}
    assert not found["clock against the hub's"].ok
    assert "behind" in found["clock against the hub's"].detail
    assert found["let in by the hub"].ok


def test_keys_that_are_missing_or_open_to_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(configured(tmp_path, "http://127.0.0.1:1"))
    assert "court-kiosk device key --out" in ask(capsys, tmp_path, "--config", config).says("device key")
    SigningKey.generate().store(tmp_path / "device.key")
    assert ask(capsys, tmp_path, "--config", config).ok("device key")
    (tmp_path / "device.key").chmod(0o644)
    assert "chmod 600" in ask(capsys, tmp_path, "--config", config).says("device key")


def test_a_configuration_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text("colour = 'red'")
    told = ask(capsys, tmp_path, "--config", str(tmp_path / "config.toml"))
    assert told.code == 1
    assert "colour" in told.says("configuration")


def test_devices_are_tried_by_a_real_handshake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written down and does not answer is needed; what is left out is not."""
    monkeypatch.setattr(devices, "PATIENCE", 4.0)
    file = tmp_path / "d.toml"
    file.write_text(
        f'[id_reader]\nport = "{tmp_path}/nothing"\n[document_printer]\nuri = "folder:{tmp_path}/papers"\n',
        encoding="utf-8",
    )
    told = ask(capsys, tmp_path, "--devices", str(file), "--allow-simulated")
    assert told.code == 1
    assert not told.ok("identity card reader")
    assert "read-id" in told.says("identity card reader")
    assert "readable in a folder" in told.says("A4 printer")
    assert (told.ok("slip printer"), told.rows["slip printer"]["needed"]) == (False, False)


def test_a_devices_file_that_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.toml").write_text("[coffee_machine]\n")
    told = ask(capsys, tmp_path, "--devices", str(tmp_path / "d.toml"))
    assert told.code == 1
    assert "coffee_machine" in told.says("devices")


def test_a_terminal_that_runs_is_asked_itself(
    tmp_path: Path, live_hub: StubHub, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its devices are not opened a second time, and its outbox says what waits."""
    agent = Agent.open(tmp_path, live_hub.url)
    folder = runtime_folder(tmp_path)
    service = Service(agent, folder / "agent.sock", folder / "devices.sock", SystemClock())
    service.start()
    try:
        hand_in(agent)
        with (
            sole_launcher(tmp_path),
            devices.own_daemon(_empty(tmp_path), allow_simulated=False) as socket,
        ):
            (folder / "devices.sock").symlink_to(socket)
            told = ask(capsys, tmp_path, "--devices", str(tmp_path / "not looked at"))
    finally:
        service.stop()
        agent.close()
    assert told.says("outbox").startswith("1 waiting for the hub")
    assert told.says("slip printer").startswith("not configured")


def _empty(folder: Path) -> Path:
    file = folder / "empty.toml"
    file.write_text("")
    return file


READER, SLIPS, A4, CAMERA, SCANNER, HANDHELD = DeviceClass


@pytest.mark.parametrize(
    ("device", "status", "ok", "words"),
    [
        (READER, NotConfigured(), False, "[id_reader]"),
        (READER, Unknown(), False, "does not answer"),
        (READER, Disconnected("Permission denied"), False, "dialout"),
        (READER, ReaderReady("05.03"), True, "05.03"),
        (READER, CardPresent("05.03"), True, "card"),
        (READER, ReaderFault(0x21), False, "0x21"),
        (SLIPS, PrinterReady(Paper.ENOUGH), True, "ready"),
        (SLIPS, PrinterReady(Paper.NEAR_END), True, "new roll"),
        (
            SLIPS,
            PrinterNeedsAttention(Paper.OUT, cover_open=True, cutter_error=False, offline=False),
            False,
            "no paper, cover open put in a roll; close it",
        ),
        (A4, QueueReady(("toner-low",)), True, "toner-low"),
        (A4, QueueStopped(("media-jam",)), False, "media-jam"),
        (A4, SavesToFolder(), False, "trials"),
        (CAMERA, CameraReady(1920, 1080), True, "1920 x 1080"),
        (CAMERA, CameraFrozen(), False, "USB"),
        (SCANNER, ScannerReady(True, FeederState.LOADED, True), True, "flatbed and feeder for both sides, loaded"),
        (SCANNER, ScannerReady(False, FeederState.UNKNOWN, False), True, "ready, feeder"),
        (SCANNER, ScannerBusy(), True, "busy"),
        (SCANNER, ScannerNeedsAttention(ScannerFault.JAMMED), False, "take the sheet out"),
        (SCANNER, ScannerNeedsAttention(ScannerFault.DOUBLE_FEED), False, "fan them"),
        (SCANNER, ScannerNeedsAttention(ScannerFault.COVER_OPEN), False, "close it"),
        (SCANNER, ScannerNeedsAttention(ScannerFault.LOCKED), False, "transport lock"),
        (SCANNER, ScannerNeedsAttention(ScannerFault.OTHER), False, "panel"),
        (SCANNER, ScannerHung(), False, "off and on"),
        (HANDHELD, CodeScannerReady(heard=True), True, "ready"),
        (HANDHELD, CodeScannerReady(heard=False), True, "no code yet"),
        (HANDHELD, Disconnected("taken by another program"), False, "read-code"),
    ],
)
def test_every_status_has_its_words(device: DeviceClass, status: AnyStatus, ok: bool, words: str) -> None:
    fine, detail, remedy = devices.describe(device, status)
    assert fine is ok
    assert words in f"{detail} {remedy}"
    assert fine or remedy


HEALTHY = Health(
    "1",
    engine="",
    cipher="",
    disk_trusted=True,
    fsync_microseconds=900.0,
    free_bytes=10**9,
    accepting=True,
    out_of_service="",
    hub=HubState.ONLINE,
    hub_detail="",
    queue_depth=0,
    oldest_waiting_seconds=0.0,
    attention=0,
    unsettled_slips=0,
    unshown_receipts=0,
    ratings_waiting=0,
    oldest_rating_seconds=0.0,
    ratings_refused=0,
    unresolved_waiting=0,
    oldest_unresolved_seconds=0.0,
    unresolved_refused=0,
)


@pytest.mark.parametrize(
    ("facts", "ok", "words"),
    [
        ({}, True, "0 waiting"),
        ({"queue_depth": 3, "oldest_waiting_seconds": 7200.0}, True, "3 waiting for the hub, the oldest for 2.0 h"),
        ({"attention": 1}, False, "1 need a person"),
        ({"out_of_service": "fsync failed"}, False, "fsync failed"),
        ({"disk_trusted": False}, False, "write cache"),
        ({"accepting": False}, False, "nearly full"),
    ],
)
def test_the_outbox_in_words(facts: dict[str, object], ok: bool, words: str) -> None:
    check = running.outbox(msgspec.structs.replace(HEALTHY, **facts))
    assert check.ok is ok
    assert words in f"{check.detail} {check.remedy}"


@pytest.mark.parametrize(
    ("facts", "ok", "words"),
    [
        ({}, True, "0 waiting"),
        ({"ratings_waiting": 2, "oldest_rating_seconds": 600.0}, True, "2 waiting for the hub, the oldest for 0.2 h"),
        ({"ratings_waiting": 1, "oldest_rating_seconds": 7200.0}, False, "look at the terminal's log"),
        ({"ratings_waiting": 1, "oldest_rating_seconds": 7200.0, "hub": HubState.OFFLINE}, False, "network"),
        ({"ratings_refused": 1}, False, "1 refused by it"),
    ],
)
def test_ratings_on_their_way_in_words(facts: dict[str, object], ok: bool, words: str) -> None:
    """Never in the way of readiness: they are kept, and the terminal can be used."""
    check = running.ratings(msgspec.structs.replace(HEALTHY, **facts))
    assert (check.ok, check.needed) == (ok, False)
    assert words in f"{check.detail} {check.remedy}"
    assert check.ok or check.remedy


@pytest.mark.parametrize(
    ("now", "synchronised", "ok", "needed"),
    [
        (START, "yes", True, True),
        (START, "no", False, False),
        (START, "", True, True),
        (datetime(2000, 1, 1, tzinfo=CHINA), "yes", False, True),
    ],
)
def test_the_clock(now: datetime, synchronised: str, ok: bool, needed: bool) -> None:
    """F11: a dead battery is an error; a clock nobody sets is a warning."""
    check = machine.clock(ManualClock(now), START - timedelta(days=30), synchronised)
    assert (check.ok, check.needed) == (ok, needed)
    assert check.ok or check.remedy


def test_no_room_and_no_right_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.room(tmp_path / "not" / "yet").ok
    monkeypatch.setattr(machine, "FREE_SPACE_NEEDED", 2**62)
    assert "--data" in machine.room(tmp_path).remedy
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "chown" in machine.room(tmp_path).remedy


def test_what_set_up_brings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation that set-up never touched."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("COURT_KIOSK_FONTS", str(tmp_path))
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    for check in (machine.pinyin(), machine.keyboard_engine(), machine.speech(), machine.fonts()):
        assert not check.ok
        assert "script/setup" in check.remedy


def test_reading_aloud_needs_something_to_hear_it_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/espeak-ng")
    cards = tmp_path / "cards"
    cards.write_text("--- no soundcards ---\n")
    assert "loudspeaker" in machine.speech(cards).remedy
    cards.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n")
    assert machine.speech(cards).ok
