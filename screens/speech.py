"""Speaks the page's question and the focused element, for whoever cannot read the screen (EN 301 549 5.1.3).

espeak-ng runs as its own process (GPL-3, never linked). Chinese goes through pypinyin, because espeak's Mandarin voice
reads 银行 as yin xing and its `cmn` voice is broken altogether (espeak-ng#1236); surnames have their own readings, and
digits are read one by one, as case and identity numbers are. Speech is off until asked for, and never says what a
masked field holds.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Protocol

from kivy.uix.widget import Widget
from pypinyin import Style, lazy_pinyin

from kiosk.i18n import Language
from screens.components.context import Ui, Words, in_language
from screens.components.focusable import Focusable

_log = logging.getLogger(__name__)

_VOICES = {Language.ZH: "cmn-latn-pinyin", Language.KO: "ko", Language.EN: "en"}
_WORDS_PER_MINUTE = 150
_DIGITS = dict(
    zip("0123456789", ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"), strict=True)
)
_SURNAME_TONES = {
    "仇": "qiu2", "单": "shan4", "解": "xie4", "查": "zha1", "曾": "zeng1", "任": "ren2", "朴": "piao2", "盖": "ge3",
    "华": "hua4", "覃": "qin2", "区": "ou1", "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "令狐": "ling2 hu2", "翟": "zhai2",
    "长孙": "zhang3 sun1", "乐": "yue4", "冼": "xian3", "缪": "miao4", "员": "yun4", "逄": "pang2", "那": "na1",
}  # fmt: skip  # one table


class Speaker(Protocol):
    """Says one thing at a time; a new one cuts off the one before."""

    def say(self, text: str, language: Language) -> None:
        """Say `text`."""
        ...

    def stop(self) -> None:
        """Be quiet."""
        ...


def _surname_reading(name: str) -> tuple[str, str] | None:
    """Surname and its reading, where `name` is a person's name whose surname is read otherwise than as a word."""
    for length in (2, 1):
        surname = name[:length]
        if surname in _SURNAME_TONES and len(name) > length:
            return surname, _SURNAME_TONES[surname]
    return None


def numbered_pinyin(text: str, *, is_name: bool = False) -> str:
    """`text` as pinyin with tone numbers for espeak; marks become pauses, digits are read one by one.

    With `is_name` a leading surname has its own reading: 仇 is qiu2, not chou2.
    """
    prefix = ""
    if is_name:
        surname = _surname_reading(text)
        if surname is not None:
            prefix, text = surname[1] + " ", text[len(surname[0]) :]
    spoken: list[str] = []
    for part in re.findall(r"[0-9]|[一-鿿㐀-䶿𠀀-𳎯]+|[A-Za-z]+|.", text):
        if part in _DIGITS:
            spoken.append(_DIGITS[part])
        elif len(part) == 1 and not part.isalnum():
            spoken.append("," if part in "，。、；：？！,.;:?!\n" else "")
        else:
            spoken.extend(lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True))
    return prefix + " ".join(filter(None, spoken))


class EspeakSpeaker:
    """espeak-ng in a subprocess. The text goes through a pipe: on a command line other users could read it."""

    def __init__(self, program: str = "espeak-ng") -> None:
        self._program = shutil.which(program)
        self._running: subprocess.Popen[bytes] | None = None
        if self._program is None:
            _log.warning("%s is not installed; the sound button stays silent", program)

    @property
    def available(self) -> bool:
        """Whether there is anything to speak with."""
        return self._program is not None

    def say(self, text: str, language: Language) -> None:
        self.stop()
        if self._program is None:
            return
        said = numbered_pinyin(text) if language is Language.ZH else text
        command = [self._program, "-v", _VOICES[language], "-s", str(_WORDS_PER_MINUTE), "--stdin"]
        try:
            self._running = subprocess.Popen(  # noqa: S603 - a fixed program found on PATH, text by pipe
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self._running.stdin is not None:
                self._running.stdin.write(said.encode())
                self._running.stdin.close()
        except OSError as error:
            _log.warning("speech failed: %s", error.strerror)

    def stop(self) -> None:
        running, self._running = self._running, None
        if running is None:
            return
        if running.poll() is None:
            running.terminate()
        running.wait()


class SpeechGuide:
    """Follows `ui`: speaks each page's question, then each element that gets the focus, while the sound is on."""

    def __init__(self, ui: Ui, speaker: Speaker) -> None:
        self._ui = ui
        self._speaker = speaker
        self._was_on = ui.look.sound
        self._page: Widget | None = None
        ui.on_page(self._page_opened)
        ui.on_focus(self._focus_moved)
        ui.on_announce(self.say)
        ui.on_look(lambda _look: self._look_changed())

    def say(self, said: Words) -> None:
        """Say something now, such as a reminder to take the card, if the sound is on."""
        if self._ui.look.sound:
            self._speaker.say(in_language(said, self._ui.language), self._ui.language)

    def _page_opened(self, page: Widget) -> None:
        self._page = page
        heading: Callable[[], Words] | None = getattr(page, "spoken_heading", None)
        if heading is not None:
            self.say(heading())

    def _focus_moved(self, widget: Widget | None) -> None:
        if isinstance(widget, Focusable):
            self.say(widget.accessible_text(self._ui.language))

    def _look_changed(self) -> None:
        on = self._ui.look.sound
        if self._was_on and not on:
            self._speaker.stop()
        elif on and not self._was_on and self._page is not None:
            self._page_opened(self._page)
        self._was_on = on
