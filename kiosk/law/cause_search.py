"""Finding the cause of action from plain words, in Chinese, Korean, English or pinyin; ranked and explained.

The result is advice: staff correct it, and a cause a layman chose never blocks a filing.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from kiosk.law.cause_lexicon import Query, Rule, lexicon, pinyin_of, query_of
from kiosk.law.causes import Cause, CauseTable, table


class Why(StrEnum):
    """Through what a cause was found."""

    PHRASE = "phrase"  # people's words for it
    NAME = "name"  # its official name
    TRANSLATION = "translation"  # its Korean or English name
    PINYIN = "pinyin"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: through what, and the words that matched."""

    why: Why
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that fits, how well (only the order means anything) and why."""

    cause: Cause
    score: float
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Tally:
    scores: list[float] = field(default_factory=list)
    reasons: list[tuple[float, Reason]] = field(default_factory=list)

    def add(self, score: float, why: Why, words: tuple[str, ...]) -> None:
        self.scores.append(score)
        self.reasons.append((score, Reason(why, words)))

    def total(self) -> float:
        """The best reason counts in full, the others confirm it."""
        best = max(self.scores)
        return best + 0.2 * min(sum(self.scores) - best, best)


_WHOLE = 12.0  # the words are all that was typed, so nothing speaks for another cause
_CORE = re.compile(r"^申请|(?:责任|合同|权利)?纠纷$|案件$|之诉$|[、（）]|合同(?=纠纷)")
_WORD = re.compile(r"[a-z]{3,}")
_STOP = frozenset({"the", "and", "for", "with", "from", "dispute", "disputes", "right", "rights", "contract", "not"})


_IN_EVERY_OTHER_NAME = frozenset({"公司", "开发", "分配"})
"""Words of many names that tell none from the others: alone they find nothing."""


def core_of(name: str) -> str:
    """What tells a cause from others: its name without 申请, 责任, 合同 and 纠纷."""
    return _CORE.sub("", name) or name


def stem_of(name: str) -> str:
    """The name as people type it in pinyin: without 纠纷 at its end."""
    return name.removesuffix("纠纷")


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in _WORD.findall(text.casefold())} - _STOP


class CauseSearch:
    """An index over one edition of the table; build once, ask often."""

    def __init__(self, causes: CauseTable) -> None:
        self._causes = {cause.code: cause for cause in causes.fileable()}
        self._cores = {code: core_of(cause.name) for code, cause in self._causes.items()}
        self._pinyin = {code: pinyin_of(stem_of(cause.name)) for code, cause in self._causes.items()}
        self._rules = {code: rules for code, rules in lexicon().rules.items() if code in self._causes}
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for code, cause in self._causes.items():
            for pair in _pairs(self._cores[code]) | _pairs(cause.ko.replace("분쟁", "").replace(" ", "")):
                self._by_pair[pair].append(code)
            for word in _words(cause.en):
                self._by_word[word].append(code)

    def search(self, text: str, limit: int = 10) -> tuple[Found, ...]:
        """The causes that fit `text`, best first; none if nothing fits."""
        query = query_of(text)
        tallies: dict[str, _Tally] = defaultdict(_Tally)
        self._by_rules(query, tallies)
        self._by_name(query, tallies)
        if query.letters:
            self._by_letters(query, tallies)
        common = lexicon().common
        found = [
            Found(
                self._causes[code],
                round(tally.total() + (1.0 if code in common else 0.0), 3),
                tuple(reason for _, reason in sorted(tally.reasons, key=lambda entry: -entry[0])[:3]),
            )
            for code, tally in tallies.items()
        ]
        return tuple(sorted(found, key=lambda entry: (-entry.score, entry.cause.code))[:limit])

    def _by_rules(self, query: Query, tallies: dict[str, _Tally]) -> None:
        for code, rules in self._rules.items():
            for rule in rules:
                if hit := _match(rule, query, by_sound=False):
                    tallies[code].add(hit[0], Why.PHRASE, hit[1])
                elif query.syllables and (hit := _match(rule, query, by_sound=True)):
                    tallies[code].add(0.8 * hit[0], Why.PINYIN, hit[1])

    def _by_name(self, query: Query, tallies: dict[str, _Tally]) -> None:
        shared: dict[str, list[str]] = defaultdict(list)
        for pair in _pairs(query.dense):
            for code in self._by_pair.get(pair, ()):
                shared[code].append(pair)
        for code, pairs in shared.items():
            if query.dense != pairs[0] and _IN_EVERY_OTHER_NAME.issuperset(pairs):
                continue
            core, name = self._cores[code], self._causes[code].name
            rarity = sum(math.log(len(self._causes) / len(self._by_pair[pair])) / 2.3 for pair in pairs)
            score = rarity * len(pairs) / max(len(core) - 1, 1)
            if query.dense in (name, core):
                score += 30.0
            elif core in query.dense:
                score += 2.0 * len(core)
            elif query.dense in name:
                score += 2.0 + 6.0 * len(query.dense) / len(name)
            tallies[code].add(score, Why.NAME, tuple(sorted(pairs)))
        if not query.letters and not query.latin.isascii():
            return
        for word in _words(query.latin):
            for code in self._by_word.get(word, ()):
                size = len(_words(self._causes[code].en))
                tallies[code].add(5.0 / size, Why.TRANSLATION, (word,))

    def _by_letters(self, query: Query, tallies: dict[str, _Tally]) -> None:
        for code, (syllables, initials) in self._pinyin.items():
            if query.syllables.count("|") >= 3 or len(query.letters) >= 4:
                if query.syllables and query.syllables in syllables:
                    share = len(query.syllables) / len(syllables)
                    tallies[code].add(5.0 + 12.0 * share, Why.PINYIN, (self._cores[code],))
                elif len(syllables) > 8 and syllables in query.syllables:
                    tallies[code].add(1.6 * syllables.count("|"), Why.PINYIN, (self._cores[code],))
            if 2 <= len(query.letters) <= 10 and initials.startswith(query.letters):
                share = len(query.letters) / len(initials)
                tallies[code].add(2.0 + 8.0 * share, Why.INITIALS, (self._cores[code],))
        if not 2 <= len(query.letters) <= 8:
            return
        for code, rules in self._rules.items():
            for rule in rules:
                if len(rule.groups) == 1:
                    for term in rule.groups[0]:
                        if len(term.initials) >= 2 and term.initials == query.letters:
                            tallies[code].add(6.0, Why.INITIALS, (term.text,))


def _match(rule: Rule, query: Query, *, by_sound: bool) -> tuple[float, tuple[str, ...]] | None:
    """The rule's score and the words that met it, or None."""
    occurs = query.sounds_like if by_sound else query.has
    if any(occurs(term) for term in rule.unless):
        return None
    score, words = 3.0 * (len(rule.groups) - 1), []
    for group in rule.groups:
        best = max((term for term in group if occurs(term)), key=lambda term: term.weight, default=None)
        if best is None:
            return None
        score += best.weight + (_WHOLE if query.is_just(best) else 0.0)
        words.append(best.text)
    return score, tuple(words)


@cache
def index(version: str | None = None) -> CauseSearch:
    """The index over the edition called `version`, or the newest. Raises NoEditionError if it is not held."""
    return CauseSearch(table(version))


def search(text: str, limit: int = 10, version: str | None = None) -> tuple[Found, ...]:
    """The causes that fit plain words, best first; none if nothing fits. Raises NoEditionError."""
    return index(version).search(text, limit)
