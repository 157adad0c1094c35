"""The voice says the number that was called, in Chinese and Korean, and nothing that was not announced."""

from __future__ import annotations

import hashlib
import random
import shutil
from functools import cache
from itertools import pairwise

import httpx
import numpy as np
import pytest

from kiosk.i18n import Language
from provisioning.hub.display.announcements import announce
from provisioning.hub.display.spoken import DIGITS_KO, DIGITS_ZH, LETTERS_KO, LETTERS_ZH, Spoken, call
from provisioning.hub.display.voice import KEPT_SOUNDS, Voice, VoiceUnavailableError, chime
from tests.hub.display.listening import Listener, samples_of, spoken_seconds
from tests.hub.push.live import LiveHub

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")

ZH_WORDS = {**DIGITS_ZH, "一": "yi1", "十": "shi2", "号": "hao4", "到": "dao4", "请": "qing3", "窗口": "chuang1 kou3"}
ZH_LETTERS = (
    "A",
    "B",
    "C",
    "P",
    "U",
)  # E (yi4) and 一 (yi1) differ in their tone only, which the listener does not hear
KO_WORDS = {**DIGITS_KO, "번": "번", "손님은": "손님은", "호": "호", "창구로": "창구로", "오십시오": "오십시오"}


@cache
def voice() -> Voice:
    return Voice()


@cache
def listener(language: Language, letter: str) -> Listener:
    """Knows digits, the sentence's words, and the letter of the queue."""
    words = ZH_WORDS if language is Language.ZH else KO_WORDS
    letters = LETTERS_ZH if language is Language.ZH else LETTERS_KO
    return Listener({**words, letter: letters[letter]}, lambda text: voice().sound(Spoken(language, text)))


def test_numbers_are_read_as_people_read_them() -> None:
    """Digits one by one with 幺 for 1; windows as counts with 一; every syllable has its tone."""
    zh = [call(Language.ZH, number, window).text for number, window in (("A012", "3"), ("B710", "1"), ("A100", "12"))]
    assert zh == [
        "qing3 ei1 ling2 yao1 er4 hao4, dao4 san1 hao4 chuang1 kou3",
        "qing3 bi4 qi1 yao1 ling2 hao4, dao4 yi1 hao4 chuang1 kou3",
        "qing3 ei1 yao1 ling2 ling2 hao4, dao4 shi2 er4 hao4 chuang1 kou3",
    ]
    assert call(Language.ZH, "A001", "20").text.endswith("dao4 er4 shi2 hao4 chuang1 kou3")
    assert call(Language.ZH, "A001", "B2").text.endswith("dao4 bi4 er4 hao4 chuang1 kou3")
    assert call(Language.KO, "A012", "3").text == "에이 공 일 이 번 손님은, 삼 호 창구로 오십시오"
    assert call(Language.KO, "A012", "21").text.endswith("이십일 호 창구로 오십시오")
    assert call(Language.EN, "A012", "12").text == "Number A 0 1 2, please go to window 12"


@pytest.mark.parametrize("number", ["", "a012", "A01 2", "A012; rm", "A012345678", "甲012"])
def test_only_numbers_are_said(number: str) -> None:
    """Nothing but letters and digits can reach the voice."""
    with pytest.raises(ValueError, match="1 to 8"):
        call(Language.ZH, number, "1")
    with pytest.raises(ValueError, match="1 to 8"):
        call(Language.ZH, "A012", number)


@needs_espeak
def test_a_sentence_is_as_long_as_its_syllables() -> None:
    """Nothing is left out and nothing spelt: 0.2 to 0.45 s for each Chinese syllable, and one syllable more is
    longer."""
    for number, window in (("A012", "3"), ("B7", "12"), ("A9876543", "1"), ("U000", "6")):
        spoken = call(Language.ZH, number, window)
        syllables = len(spoken.text.split())
        assert 0.2 * syllables < spoken_seconds(voice().sound(spoken)) < 0.45 * syllables
    lengths = [spoken_seconds(voice().sound(call(Language.ZH, "A" + "8" * digits, "3"))) for digits in range(1, 7)]
    assert all(after - before > 0.15 for before, after in pairwise(lengths))


@needs_espeak
def test_each_number_sounds_different_and_always_the_same() -> None:
    """No two of sampled numbers, nor the same number for two windows, give one sound; a new voice gives the same."""
    random.seed(20_261_123)
    pairs = [(f"A{number:03d}", str(number % 12 + 1)) for number in random.sample(range(1000), 40)]
    pairs += [("A012", window) for window in map(str, range(1, 13))]
    for language in Language:
        sounds = {voice().sound(call(language, *pair)) for pair in pairs}
        assert len(sounds) == len(set(pairs))
        assert Voice().sound(call(language, *pairs[0])) == voice().sound(call(language, *pairs[0]))


@needs_espeak
@pytest.mark.parametrize("letter", ZH_LETTERS)
def test_the_chinese_voice_says_the_digits_asked_for(letter: str) -> None:
    """A recogniser that knows the words alone, but not the sentence, hears exactly what was to be said."""
    random.seed(letter)
    for _ in range(10):
        number, window = f"{letter}{random.randrange(1000):03d}", random.randint(1, 12)
        tens, ones = divmod(window, 10)
        said = ("十" if tens else "") + ({0: "", 1: "一"}.get(ones, str(ones)))
        heard = "".join(listener(Language.ZH, letter).hear(voice().sound(call(Language.ZH, number, str(window)))))
        assert heard == f"请{number}号到{said}号窗口"


@needs_espeak
@pytest.mark.parametrize("letter", ["A", "C"])
def test_the_korean_voice_says_the_digits_asked_for(letter: str) -> None:
    """The same in Korean, where 오 오 and 에이 이 would run together without a pause between words."""
    random.seed(letter)
    doubled = [f"{letter}{digit}{digit}{digit}" for digit in "2559"]
    for number in doubled + [f"{letter}{random.randrange(1000):03d}" for _ in range(12)]:
        window = random.randint(1, 9)
        heard = "".join(listener(Language.KO, letter).hear(voice().sound(call(Language.KO, number, str(window)))))
        assert heard == f"{number}번손님은{window}호창구로오십시오"


@needs_espeak
def test_the_voice_remembers_a_bounded_number_of_sounds() -> None:
    """A long day does not fill the memory."""
    speaking = Voice()
    for number in range(KEPT_SOUNDS + 10):
        speaking.sound(call(Language.KO, f"A{number:03d}", "1"))
    assert len(speaking._sounds) == KEPT_SOUNDS


def test_the_chime_is_heard_and_not_clipped() -> None:
    """It reaches half of full scale and ends in silence."""
    samples = samples_of(chime())
    assert 0.45 < np.abs(samples.astype(int)).max() / 32_768 < 0.55
    assert np.abs(samples[-200:].astype(int)).max() < 1500


def test_only_announcements_are_spoken(sqlite_live: LiveHub) -> None:
    """Strangers cannot make the hub say anything: a sound exists only for a sentence that was announced."""
    spoken = call(Language.ZH, "A012", "3")
    address = f"{sqlite_live.url}/display/voice/{spoken.hash}.wav"
    assert httpx.get(address, trust_env=False).status_code == 404
    at = sqlite_live.hub.clock.now()
    sqlite_live.do(
        lambda c: announce(c, ticket_id="t", number="A012", window="3", masked_name="张*", recalled=False, at=at)
    )
    reply = httpx.get(address, trust_env=False)
    if shutil.which("espeak-ng"):
        assert (reply.status_code, reply.headers["content-type"]) == (200, "audio/wav")
        assert reply.content == voice().sound(spoken)
    for other in ("0" * 32, hashlib.sha256(b"anything").hexdigest()[:32], "A012", "..%2fstate", spoken.hash.upper()):
        assert httpx.get(f"{sqlite_live.url}/display/voice/{other}.wav", trust_env=False).status_code == 404


def test_without_espeak_the_display_stays_silent() -> None:
    """A missing or failing program is an error that the page survives."""
    with pytest.raises(VoiceUnavailableError, match="not installed"):
        Voice("no-such-program").sound(call(Language.ZH, "A012", "3"))
    with pytest.raises(VoiceUnavailableError):
        Voice("true").sound(call(Language.ZH, "A012", "3"))
