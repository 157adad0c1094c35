"""The input methods of this machine: what is installed decides, and a missing one is missing openly."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from screens.keyboard.hangul import HangulComposer
from screens.keyboard.kinds import Layer
from screens.keyboard.pinyin_table import PinyinTable
from screens.keyboard.rime import PINYIN_SCHEMA, STROKE_SCHEMA, RimeEngine, RimeUnavailableError
from screens.keyboard.typist import InputMethod

_log = logging.getLogger(__name__)


def rime_directory() -> Path:
    """Where the compiled dictionaries lie: COURT_KIOSK_RIME, or share/court-kiosk/rime of this installation."""
    given = os.environ.get("COURT_KIOSK_RIME")
    return Path(given) if given else Path(sys.prefix) / "share" / "court-kiosk" / "rime"


@cache
def engine() -> RimeEngine:
    """The one librime engine of this process. Raises RimeUnavailableError."""
    return RimeEngine(rime_directory())


@cache
def input_methods() -> Mapping[Layer, InputMethod]:
    """One input method per layer. Without librime pinyin comes from a small table and strokes are not offered."""
    methods: dict[Layer, InputMethod] = {Layer.HANGUL: HangulComposer()}
    try:
        methods[Layer.PINYIN] = engine().input_method(PINYIN_SCHEMA)
        methods[Layer.STROKE] = engine().input_method(STROKE_SCHEMA)
    except RimeUnavailableError as reason:
        _log.warning("pinyin is reduced to single characters and court words, strokes are off: %s", reason)
        methods[Layer.PINYIN] = PinyinTable()
    return methods
