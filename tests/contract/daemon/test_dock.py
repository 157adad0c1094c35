"""The dock: all simulators by one command, orders by command line and by web page, and a daemon on what it wrote."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from drivers.api.messages import SlipWidth
from drivers.api.status import (
    CodeScannerReady,
    DeviceClass,
    Paper,
    PrinterNeedsAttention,
    PrinterReady,
    QueueReady,
    ReaderReady,
    ScannerReady,
)
from drivers.cli import main
from kiosk.receipts import render, to_png
from tests.contract.daemon.conftest import Bench
from tests.unit.receipts.slips import NUMBER, TYPICAL


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "drivers.cli", *words], capture_output=True, text=True, check=False)


@dataclass
class Dock:
    """A dock that is up."""

    directory: Path
    config: Path

    def do(self, *words: str) -> dict[str, dict[str, object]]:
        done = _run("dock", *words, "--dir", str(self.directory), "--json")
        assert done.returncode == 0, done.stderr
        answer: dict[str, dict[str, object]] = json.loads(done.stdout)
        return answer

    def refused(self, *words: str) -> str:
        done = _run("dock", *words, "--dir", str(self.directory))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        return done.stderr


def _background(*words: str) -> tuple[subprocess.Popen[str], dict[str, object]]:
    process = subprocess.Popen([sys.executable, "-m", "drivers.cli", *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready: dict[str, object] = json.loads(process.stdout.readline())
    return process, ready


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    assert process.wait(10) == 0
    if process.stdout:
        process.stdout.close()


@pytest.fixture(scope="module")
def dock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dock]:
    directory = tmp_path_factory.mktemp("dock")
    process, ready = _background(
        "dock", "up", "--dir", str(directory), "--no-camera", "--a4", "--width", "384", "--json"
    )
    yield Dock(directory, Path(str(ready["config"])))
    _end(process)
    assert not list(directory.glob("*.control")), "every simulator ended and took its socket along"


@pytest.fixture(scope="module")
def panel(dock: Dock) -> Iterator[str]:
    process, ready = _background("dock", "panel", "--dir", str(dock.directory), "--port", "0", "--json")
    yield urlsplit(str(ready["url"])).netloc
    _end(process)


def _request(
    place: str, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(place, timeout=5)
    body = urlencode(fields) if fields else None
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_a_daemon_finds_all_simulators_by_the_configuration_written(dock: Dock, bench: Bench) -> None:
    bench.start_daemon(dock.config.read_text(encoding="utf-8"), "--allow-simulated")
    client = bench.client()
    assert client.next(SlipWidth) == SlipWidth(384)
    client.until_status(DeviceClass.ID_READER, ReaderReady)
    client.until_status(DeviceClass.RECEIPT_PRINTER, PrinterReady)
    client.until_status(DeviceClass.DOCUMENT_PRINTER, QueueReady)
    client.until_status(DeviceClass.PAGE_SCANNER, ScannerReady)
    client.until_status(DeviceClass.CODE_SCANNER, CodeScannerReady)
    dock.do("paper", "out")
    status = client.until_status(DeviceClass.RECEIPT_PRINTER, PrinterNeedsAttention)
    assert isinstance(status.value, PrinterNeedsAttention)
    assert status.value.paper is Paper.OUT
    dock.do("paper", "ok")
    client.until_status(DeviceClass.RECEIPT_PRINTER, PrinterReady)


def test_orders_change_what_the_simulators_say(dock: Dock) -> None:
    assert dock.do("insert", "anna")["reader"]["card"] == "anna"
    assert dock.do("remove")["reader"]["card"] is None
    assert dock.do("unplug", "reader")["reader"]["plugged"] is False
    assert dock.do("plug", "reader")["reader"]["plugged"] is True
    assert dock.do("cover", "open")["printer"]["cover"] == "open"
    assert dock.do("a4-paper", "out")["a4"]["paper"] == "out"
    assert dock.do("a4-paper", "ok")["a4"]["paper"] == "ok"
    assert dock.do("cover", "closed")["printer"]["cover"] == "closed"
    assert dock.do("load", "2", "--first", "9")["scanner"]["tray"] == [1, 2, 3, 4, 5, 9, 10]
    assert dock.do("lay", "receipts")["scanner"]["glass"] == "receipts"
    assert dock.do("scanner-cover", "open")["scanner"]["adf"] == "ScannerAdfHatchOpen"
    assert dock.do("scanner-cover", "closed")["scanner"]["adf"] == "ScannerAdfLoaded"
    assert set(dock.do("status")) == {"reader", "printer", "camera", "a4", "scanner", "handheld"}
    assert "maximilian" in dock.do("people")


def test_what_cannot_be_done_is_refused_in_one_line(dock: Dock) -> None:
    assert "there is no card nobody" in dock.refused("insert", "nobody")
    assert "camera: no simulator" in dock.refused("next-photo")


def test_a_second_dock_in_the_same_folder_is_refused(dock: Dock) -> None:
    assert "a dock is up there already" in dock.refused("up")
    assert dock.do("status")["reader"]["plugged"] is True


def test_a_dock_without_simulators_says_so(tmp_path: Path) -> None:
    done = _run("dock", "insert", "zhang", "--dir", str(tmp_path))
    assert done.returncode == 1
    assert "no simulator" in done.stderr


def test_a_card_is_read_by_the_command(dock: Dock) -> None:
    dock.do("insert", "chan")
    done = _run("device", "read-id", "--port", str(dock.directory / "id-reader"), "--json")
    card = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (card["kind"], card["name"], card["permit_number"]) == ("hmt_permit", "陳示例", "H12345678")
    assert {"sex", "nation", "birth", "address", "number", "authority", "valid_from", "valid_to"} <= set(card)
    dock.do("remove")
    none = _run("device", "read-id", "--port", str(dock.directory / "id-reader"), "--timeout", "0.2")
    assert (none.returncode, none.stdout) == (1, "")
    assert none.stderr == "court-kiosk device read-id: no card within 0.2 s\n"


def test_the_newest_slip_is_scanned_by_the_handheld_scanner(dock: Dock) -> None:
    """Its code is read from the paper that the printer's simulator has kept, and comes as the scanner's bytes."""
    assert "no slip was printed yet" in dock.refused("scan-slip")
    slips = dock.directory / "slips"
    slips.mkdir(exist_ok=True)
    for number, slip in enumerate((NUMBER, TYPICAL)):
        (slips / f"{number:05}.png").write_bytes(to_png(render(slip, 384)))
    words = ["device", "read-code", "--port", str(dock.directory / "code-scanner"), "--timeout", "30", "--json"]
    reading = subprocess.Popen([sys.executable, "-m", "drivers.cli", *words], stdout=subprocess.PIPE, text=True)
    while reading.poll() is None:  # what is scanned before it listens is dropped
        dock.do("scan-slip")
        with contextlib.suppress(subprocess.TimeoutExpired):
            reading.wait(1.0)
    said, _ = reading.communicate()
    assert json.loads(said)["text"] == TYPICAL.qr


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (["device", "read-id"], 2, "--port"),
        (["device", "read-id", "--port", "x", "--timeout", "soon"], 2, "number of seconds"),
        (["device", "read-id", "--port", "/dev/nothing-there"], 1, "no such port"),
        (["device", "read-id", "--port", "socket://127.0.0.1:1"], 1, "refused"),
        (["device", "read-id", "--port", "socket://127.0.0.1:99999"], 1, "HOST:PORT"),
        (["device", "read-id", "--port", "socket://"], 1, "HOST:PORT"),
        (["device", "read-id", "--port", "/dev"], 1, "not a serial port"),
        (["device", "read-id", "--port", "/dev/null"], 1, "not a serial port"),
        (["device", "print-test", "--to", "tcp://127.0.0.1:1"], 1, "tcp://127.0.0.1:1"),
        (["dock", "paper", "burning", "--dir", "/nowhere"], 2, "burning"),
        (["dock", "panel", "--dir", "/nowhere", "--port", "70000"], 2, "70000"),
        (["coffee"], 2, "coffee"),
    ],
)
def test_mistakes_at_the_command_line_are_one_line(
    words: list[str], code: int, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        returned: object = main(words)
    except SystemExit as ended:  # argparse's way
        returned = ended.code
    written = capsys.readouterr()
    assert (returned, written.out) == (code, "")
    assert complaint in written.err
    assert written.err.count("\n") == 1


def test_the_panel_has_a_button_for_everything_in_both_languages(panel: str) -> None:
    for language, words in (("zh", "身份证阅读器"), ("en", "Identity card reader")):
        status, text = _request(panel, "GET", f"/?lang={language}")
        assert status == 200
        assert words in text
        for order in ("insert", "remove-mid-read", "paper", "cover", "unplug", "plug", "load", "lay", "jam", "hang"):
            assert f'value="{order}"' in text


def test_a_button_of_the_panel_lays_a_card(panel: str, dock: Dock) -> None:
    status, _ = _request(panel, "POST", "/", {"device": "reader", "do": "insert", "card": "li", "lang": "en"})
    assert status == 200
    assert dock.do("status")["reader"]["card"] == "li"
    _, text = _request(panel, "POST", "/", {"device": "reader", "do": "insert", "card": "<b>", "lang": "en"})
    assert "there is no card &lt;b&gt;" in text
    dock.do("remove")


def test_the_panel_obeys_no_foreign_page(panel: str, dock: Dock) -> None:
    fields = {"device": "reader", "do": "insert", "card": "zhang"}
    assert _request(panel, "POST", "/", fields, Origin="https://elsewhere.example")[0] == 403
    assert _request(panel, "POST", "/", fields, Host="elsewhere.example")[0] == 403
    assert dock.do("status")["reader"]["card"] is None
