"""The voice of the waiting area: espeak-ng, offline, as a program of its own (GPL-3, never linked).

Chinese is read by its `cmn-latn-pinyin` voice from pinyin with tones; the `cmn` voice reads its own pinyin as English
(espeak-ng#1236). The same sentence always gives the same sound, so sounds are kept in memory by the sentence's hash.
"""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import threading
import wave
from collections import OrderedDict
from functools import cache

import numpy as np
import numpy.typing as npt

from kiosk.i18n import Language
from provisioning.hub.display.spoken import Spoken

RATE = 22_050
"""Samples per second of espeak-ng's sounds, and of the chime."""

VOICES = {Language.ZH: "cmn-latn-pinyin", Language.KO: "ko", Language.EN: "en-gb"}
WORDS_PER_MINUTE = {Language.ZH: 140, Language.KO: 140, Language.EN: 140}
"""Slower than espeak's 175: behind a hall's noise, for old people, in a second language."""

GAPS = {Language.ZH: 0, Language.KO: 8, Language.EN: 2}
"""Pause between words, in 10 ms. Without one 오 오 and 씨 이 run together and a digit is lost."""

KEPT_SOUNDS = 64
SECONDS = 20
_CHIME = ((659.3, 0.45), (523.3, 0.75))
"""Hertz and seconds: a falling third, E5 and C5."""


class VoiceUnavailableError(Exception):
    """espeak-ng is not installed, or failed; the display shows without speaking."""


class Voice:
    """Makes sounds, one at a time. Blocks, so it belongs in a thread."""

    def __init__(self, program: str = "espeak-ng") -> None:
        self._program = shutil.which(program)
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def sound(self, spoken: Spoken) -> bytes:
        """`spoken` as WAV, 16 bit, mono, RATE. Raises VoiceUnavailableError."""
        with self._lock:
            found = self._sounds.get(spoken.hash)
            if found is None:
                found = self._speak(spoken)
            self._sounds[spoken.hash] = found
            self._sounds.move_to_end(spoken.hash)
            if len(self._sounds) > KEPT_SOUNDS:
                self._sounds.popitem(last=False)
            return found

    def _speak(self, spoken: Spoken) -> bytes:
        if self._program is None:
            raise VoiceUnavailableError("espeak-ng is not installed")
        language = spoken.language
        manner = ["-v", VOICES[language], "-s", str(WORDS_PER_MINUTE[language]), "-g", str(GAPS[language])]
        command = [self._program, *manner, "--stdin", "--stdout"]
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed program found on PATH, text by pipe
                command, input=spoken.text.encode(), capture_output=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise VoiceUnavailableError(f"espeak-ng failed: {type(error).__name__}") from error
        return as_wav(_samples(ended.stdout))


def _samples(piped: bytes) -> npt.NDArray[np.int16]:
    """What espeak-ng wrote: a RIFF header whose lengths are those of a pipe, then the samples."""
    begin = piped.find(b"data")
    if not piped.startswith(b"RIFF") or begin < 0:
        raise VoiceUnavailableError("espeak-ng wrote no sound")
    content = piped[begin + 8 :]
    return np.frombuffer(content[: len(content) // 2 * 2], dtype="<i2")


def as_wav(samples: npt.NDArray[np.int16]) -> bytes:
    """Mono samples at RATE as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()


@cache
def chime() -> bytes:
    """Two soft tones before a call, so that people look up."""
    tones = []
    for hertz, seconds in _CHIME:
        time = np.arange(int(RATE * seconds)) / RATE
        wave_form = sum(np.sin(2 * math.pi * hertz * part * time) / part**2 for part in (1, 2, 3))
        tones.append(wave_form * np.exp(-time * 5) * np.minimum(1, time * 200))
    samples = np.concatenate(tones)
    return as_wav((samples / np.abs(samples).max() * 0.5 * 32_767).astype(np.int16))
