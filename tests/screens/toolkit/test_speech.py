"""Speech: what is said, how Chinese is read, and what is never said (requirements section 0 item 10)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.i18n import Language, Text
from screens.components import Choice, ChoiceList, PageFrame, ServiceActions, Stack
from screens.speech import EspeakSpeaker, numbered_pinyin

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("银行", "yin2 hang2"),
        ("重庆", "chong2 qing4"),
        ("2026年", "er4 ling2 er4 liu4 nian2"),
        ("原告，被告。", "yuan2 gao4 , bei4 gao4 ,"),
    ],
)
def test_chinese_is_read_by_pinyin_and_digits_one_by_one(text: str, said: str) -> None:
    assert numbered_pinyin(text) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("仇建国", "qiu2 jian4 guo2"), ("解军", "xie4 jun1"), ("尉迟明", "yu4 chi2 ming2"), ("王伟", "wang2 wei3")],
)
def test_surnames_have_their_own_readings(name: str, said: str) -> None:
    assert numbered_pinyin(name, is_name=True) == said


def test_the_same_character_elsewhere_is_read_as_usual() -> None:
    assert numbered_pinyin("解除合同").startswith("jie3")


@pytest.mark.window
def test_speech_is_off_until_asked_for_and_follows_focus(kiosk_window: KioskWindow) -> None:
    """Rule 14: the question, then each element as it gets the focus, in the chosen language."""

    def nothing() -> None:
        return None

    page = PageFrame(
        kiosk_window.ui,
        name="p",
        title=Text("您要告谁？", "누구를?", "Whom is the case against?"),
        body=Stack(
            kiosk_window.ui,
            [ChoiceList(kiosk_window.ui, name="c", choices=[Choice("a", Text("个人", "개인", "A person"))])],
        ),
        service=ServiceActions(nothing, nothing, nothing),
        on_continue=nothing,
    )
    kiosk_window.show(page)
    kiosk_window.key(9)
    assert kiosk_window.speaker.said == []
    kiosk_window.tap("service.sound")
    assert kiosk_window.speaker.said == ["您要告谁？"]
    kiosk_window.ui.look = kiosk_window.ui.look.with_(language=Language.EN)
    seen = set()
    for _ in range(len(kiosk_window.names()) + 1):
        kiosk_window.key(9)
        seen.add(kiosk_window.speaker.said[-1])
    assert {"A person, not selected", "Continue", "Call a person"} <= seen
    kiosk_window.tap("service.sound")
    assert kiosk_window.speaker.said[-1] == "(silence)"


def test_text_goes_through_a_pipe_and_a_new_sentence_cuts_off_the_last(tmp_path: Path) -> None:
    """On a command line, other users of the machine could read it."""
    out, started = tmp_path / "out", tmp_path / "started"
    program = tmp_path / "talker"
    program.write_text(f'#!/bin/sh\necho "$@" >> {started}\ncat >> {out}\necho >> {out}\nexec sleep 60\n')
    program.chmod(0o755)
    speaker = EspeakSpeaker(str(program))
    speaker.say("Hello", Language.EN)
    first = speaker._running
    assert first is not None
    while not (out.exists() and "Hello" in out.read_text()):
        assert first.poll() is None
    speaker.say("你好", Language.ZH)
    assert first.poll() is not None
    second = speaker._running
    assert second is not None
    while "ni3 hao3" not in out.read_text():
        assert second.poll() is None
    speaker.stop()
    assert second.poll() is not None
    assert "Hello" not in started.read_text()
    assert "-v cmn-latn-pinyin" in started.read_text()


def test_a_missing_program_is_silent_not_fatal() -> None:
    speaker = EspeakSpeaker("no-such-program")
    assert not speaker.available
    speaker.say("你好", Language.ZH)
    speaker.stop()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_every_voice_exists() -> None:
    """espeak-ng exits with an error for a voice it does not have."""
    import subprocess

    for voice in ("cmn-latn-pinyin", "ko", "en"):
        done = subprocess.run(
            ["espeak-ng", "-v", voice, "-w", os.devnull, "--stdin"], input=b"ni3 hao3", capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
