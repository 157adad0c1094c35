"""Listens to a synthetic voice: which words were said? Connected-word recognition by dynamic time warping.

Each word of a small vocabulary is spoken alone once and becomes a template of mel-frequency cepstra. The sentence is
then explained as the cheapest chain of templates by Ney's one-pass algorithm (H. Ney, "The use of a one-stage dynamic
programming algorithm for connected word recognition", IEEE ASSP 32 (2), 1984). The recogniser is told neither how many
words there are nor where they begin.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RATE = 22_050
FRAME, HOP, BANDS, CEPSTRA = 512, 220, 26, 13
SILENCE = "…"


def samples_of(sound: bytes) -> npt.NDArray[np.int16]:
    """The samples of a WAV file; fails on anything but 16 bit mono at RATE."""
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def spoken_seconds(sound: bytes) -> float:
    """From the first to the last sample that can be heard."""
    loud = np.flatnonzero(np.abs(samples_of(sound).astype(int)) > 300)
    return float(loud[-1] - loud[0]) / RATE


def cepstra(samples: npt.NDArray[np.int16], *, trim: bool) -> Floats:
    """One row of CEPSTRA coefficients and their slopes per 10 ms."""
    signal = np.append(samples[0], samples[1:] - 0.97 * samples[:-1].astype(float)) / 32_768
    count = 1 + max(0, len(signal) - FRAME) // HOP
    frames = np.stack([signal[i * HOP : i * HOP + FRAME] for i in range(count)]) * np.hamming(FRAME)
    power = np.abs(np.fft.rfft(frames, FRAME)) ** 2
    mels = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), BANDS + 2)
    bins = np.floor((FRAME + 1) * 700 * (10 ** (mels / 2595) - 1) / RATE).astype(int)
    bank = np.zeros((BANDS, FRAME // 2 + 1))
    for band, (left, middle, right) in enumerate(zip(bins, bins[1:], bins[2:], strict=False)):
        bank[band, left:middle] = np.linspace(0, 1, max(1, middle - left), endpoint=False)[: middle - left]
        bank[band, middle:right] = np.linspace(1, 0, max(1, right - middle), endpoint=False)[: right - middle]
    energies = np.log(power @ bank.T + 1e-6)
    cosine = np.cos(np.pi / BANDS * (np.arange(BANDS) + 0.5)[:, None] * np.arange(CEPSTRA)[None, :])
    static = energies @ cosine / BANDS
    slope = np.gradient(static, axis=0) if len(static) > 1 else np.zeros_like(static)
    rows = np.hstack([static, 2 * slope])
    if trim:
        loudness = energies.max(axis=1)
        heard = np.flatnonzero(loudness > loudness.max() - 9)
        rows = rows[heard[0] : heard[-1] + 1]
    return rows


class Listener:
    """Knows the words that `speak` says alone, and hears them in a sentence."""

    def __init__(self, vocabulary: Mapping[str, str], speak: Callable[[str], bytes]) -> None:
        self._words = [*vocabulary, SILENCE]
        templates = [cepstra(samples_of(speak(text)), trim=True) for text in vocabulary.values()]
        quiet = cepstra(np.zeros(FRAME + HOP * 3, dtype=np.int16), trim=False)
        self._templates = [*templates, quiet[:2]]

    def hear(self, sound: bytes) -> Sequence[str]:
        """The words of `sound`, without the pauses."""
        heard = cepstra(samples_of(sound), trim=False)
        distances = [
            np.sqrt(((heard[:, None, :] - template[None, :, :]) ** 2).sum(axis=2)) for template in self._templates
        ]
        best_end = np.full(len(heard) + 1, np.inf)
        best_end[0] = 0
        back: list[tuple[int, int]] = [(-1, 0)] * (len(heard) + 1)
        costs = [np.full(len(template), np.inf) for template in self._templates]
        starts = [np.zeros(len(template), dtype=int) for template in self._templates]
        for moment in range(len(heard)):
            for word, template in enumerate(self._templates):
                cost, start, local = costs[word], starts[word], distances[word][moment]
                entered = np.concatenate([[best_end[moment]], cost[:-1]])
                skipped = np.concatenate([[np.inf, best_end[moment]], cost[:-2]])[: len(template)]
                choices = np.stack([cost + 0.3 * local, entered, skipped + 0.3 * local])
                came = choices.argmin(axis=0)
                from_start = np.concatenate([[moment], start[:-1]])
                from_skip = np.concatenate([[moment, moment], start[:-2]])[: len(template)]
                starts[word] = np.choose(came, [start, from_start, from_skip])
                costs[word] = choices.min(axis=0) + local
                if costs[word][-1] < best_end[moment + 1]:
                    best_end[moment + 1] = costs[word][-1]
                    back[moment + 1] = (word, int(starts[word][-1]))
        found: list[str] = []
        moment = len(heard)
        while moment > 0:
            word, start_at = back[moment]
            assert start_at < moment
            if word >= 0 and self._words[word] != SILENCE:
                found.append(self._words[word])
            moment = start_at
        return found[::-1]
