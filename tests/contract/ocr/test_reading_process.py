"""The reading process with its real engine: reads, is confined, fetches nothing, dies and ends as it should (N5)."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.scenes import cards, documents
from drivers.scenes.sheet import Face, Paper, Sheet, font
from kiosk.ocr.client import PageReader
from kiosk.ocr.layer import layer
from kiosk.ocr.model import PageClass, PageRead, PageUnread, Reading
from kiosk.pages.clean import laid
from kiosk.pages.coding import g4, jpeg
from kiosk.pages.model import PageHints, PageKind, StoredPage, Turn, WayStrips
from kiosk.pages.orientation import Axis
from kiosk.pages.strips import strips_of

SECONDS = 90.0


def png(paper: Paper) -> bytes:
    return cv2.imencode(".png", paper.image)[1].tobytes()


def ask(reader: PageReader, picture: StoredPage | bytes) -> Reading:
    answers: queue.SimpleQueue[Reading] = queue.SimpleQueue()
    reader.read(picture, answers.put)
    return answers.get(timeout=SECONDS)


def ask_way(reader: PageReader, strips: WayStrips | None) -> Turn:
    assert strips is not None
    told: queue.SimpleQueue[Turn] = queue.SimpleQueue()
    reader.tell_way(strips, told.put)
    return told.get(timeout=SECONDS)


def strips_on(picture: np.ndarray) -> WayStrips | None:
    """What the page worker cuts out of a picture."""
    page = laid(picture, PageHints())
    return strips_of(page.view, tuple(Axis))


def ended(pid: int) -> bool:
    """Whether a process is gone or only waits to be buried; asked until a deadline."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if ") Z" in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"):
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
def card() -> Paper:
    return cards.identity_front(np.random.default_rng(1), 300.0)


def test_a_card_is_read_with_its_fields(reader: PageReader, card: Paper) -> None:
    reading = ask(reader, png(card))
    assert isinstance(reading, PageRead)
    assert reading.paper.kind is PageClass.IDENTITY_CARD
    values = {one.field: one.value for one in reading.proposals}
    assert values == card.fields


def test_the_date_under_a_seal_is_read(reader: PageReader) -> None:
    judgment = documents.judgment(np.random.default_rng(3), 150.0)
    reading = ask(reader, png(judgment))
    assert isinstance(reading, PageRead)
    values = {one.field: one.value for one in reading.proposals}
    assert values["date"] == "2025-03-06"
    assert values["case_number"] == judgment.fields["case"]


def test_invisible_text_lies_on_the_letters(reader: PageReader) -> None:
    """The baseline and the em against the typeface's own, for a line set at a known place."""
    sheet = Sheet((210, 100), 200.0, notice=False)
    sheet.put("当事人应当提供证据", (30, 40), 14)
    reading = ask(reader, png(sheet.paper("one line")))
    assert isinstance(reading, PageRead)
    (line,) = layer(reading.text)
    face = font(Face.SANS, sheet.points(14))
    em, baseline = sheet.points(14), sheet.px(40) + face.getmetrics()[0]
    assert line.text == "当事人应当提供证据"
    assert abs(line.y - baseline) < 0.15 * em
    assert abs(line.size - em) < 0.2 * em
    assert abs(line.x - sheet.px(30)) < 0.5 * em
    assert abs(line.width - 9 * em) < 0.9 * em


def test_a_stored_page_is_read_in_its_own_pixels(reader: PageReader) -> None:
    sheet = Sheet((210, 100), 200.0, notice=False)
    sheet.put("本院依照法律规定判决如下", (30, 40), 16)
    picture = sheet.paper("one line").image
    height, width = picture.shape[:2]
    ink = g4((255 * (picture.min(axis=2) < 128)).astype(np.uint8))
    seal = jpeg(np.full((height // 3, width // 3, 3), 255, np.uint8), 70)
    page = StoredPage(PageKind.SEALED, width, height, 200, ink, seal, b"", b"", 0.01, False, Turn.UPRIGHT)
    reading = ask(reader, page)
    assert isinstance(reading, PageRead)
    assert (reading.text.width, reading.text.height) == (width, height)
    (line,) = reading.text.lines
    assert line.text == "本院依照法律规定判决如下"
    assert abs(line.quad[0][0] - sheet.px(30)) < 12


def test_what_is_no_picture_is_unread_and_the_next_page_is_read(reader: PageReader) -> None:
    assert ask(reader, b"\xff\xd8 no picture") == PageUnread()
    assert ask(reader, b"") == PageUnread()
    assert isinstance(ask(reader, cv2.imencode(".png", np.full((90, 90, 3), 255, np.uint8))[1].tobytes()), PageRead)


def test_the_process_can_open_and_write_nothing_and_is_alone(reader: PageReader, card: Paper) -> None:
    ask(reader, png(card))
    limits = Path(f"/proc/{reader.pid}/limits").read_text(encoding="ascii").splitlines()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits}
    assert (soft["Max open files"], soft["Max file size"], soft["Max core file size"]) == ("0", "0", "0")
    assert int(soft["Max address space"]) <= 3 << 30
    assert len(list(Path(f"/proc/{reader.pid}/task").iterdir())) <= 6


def test_a_killed_process_is_replaced_and_the_page_read(reader: PageReader, card: Paper) -> None:
    ask(reader, png(card))
    before = reader.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    reading = ask(reader, png(card))
    assert isinstance(reading, PageRead)
    assert reader.pid != before


def test_nothing_is_left_when_the_window_is_killed(tmp_path: Path) -> None:
    window = (
        "import sys, time\n"
        "from kiosk.ocr.client import PageReader\n"
        "reader = PageReader()\n"
        "reader.start()\n"
        "while reader.pid is None: time.sleep(0.01)\n"
        "print(reader.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", window], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert ended(pid)


def test_loading_and_reading_fetch_nothing_and_write_nothing() -> None:
    """Every connection, name look-up and file opened for writing is refused while the engine loads and reads."""
    code = (
        "import sys, os\n"
        "sys.dont_write_bytecode = True\n"
        "def refuse(event, args):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'urllib.Request', 'subprocess.Popen', 'os.mkdir'):\n"
        "        os._exit(3)\n"
        "    if event == 'open' and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):\n"
        "        os._exit(4)\n"
        "sys.addaudithook(refuse)\n"
        "from kiosk.ocr.engine import Engine\n"
        "engine = Engine()\n"
        "engine.warm()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=SECONDS).returncode == 0


@pytest.mark.parametrize("draw", [cards.licence, cards.identity_front, documents.iou, documents.fee_notice])
def test_a_few_lines_tell_which_way_up_a_page_is(reader: PageReader, draw: Callable[..., Paper]) -> None:
    dpi = 300 if draw is cards.identity_front else 200
    paper = draw(np.random.default_rng(4), float(dpi)).image
    for quarters, turn in enumerate((Turn.UPRIGHT, Turn.LEFT, Turn.UPSIDE_DOWN, Turn.RIGHT)):
        assert ask_way(reader, strips_on(np.ascontiguousarray(np.rot90(paper, quarters)))) is turn


def test_a_page_without_words_is_not_guessed_at(reader: PageReader) -> None:
    grains = np.random.default_rng(2).uniform(0, 255, (1400, 1000, 3)).astype(np.float32)
    scene = cv2.normalize(cv2.GaussianBlur(grains, (0, 0), 12), None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    assert strips_on(scene) is None or ask_way(reader, strips_on(scene)) is Turn.UNKNOWN
    strokes = np.full((1400, 1000, 3), 250, np.uint8)
    for top in range(200, 1200, 60):
        for left in range(120, 860, 26):
            cv2.line(strokes, (left, top), (left + 14, top + (left * 7 + top) % 26), (30, 30, 30), 3)
    assert ask_way(reader, strips_on(strokes)) is Turn.UNKNOWN
