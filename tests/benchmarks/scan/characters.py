"""Characters read right: the error rate of a text against what stands on the paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def plain(lines: Sequence[str]) -> str:
    """The text of lines in one piece: NFKC, without spaces, so that neither typography nor line breaks count."""
    return "".join(unicodedata.normalize("NFKC", "".join(lines)).split())


def distance(read: str, true: str) -> int:
    """The fewest insertions, deletions and substitutions between two texts (Levenshtein)."""
    row = list(range(len(true) + 1))
    for number, character in enumerate(read, start=1):
        before, row[0] = row[0], number
        for at, wanted in enumerate(true, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (character != wanted))
    return row[-1]


def right(read: Sequence[str], true: Sequence[str]) -> tuple[int, int]:
    """Characters read right (never below 0) and characters on the paper; 1 minus their ratio is the error rate."""
    wanted = plain(true)
    return max(0, len(wanted) - distance(plain(read), wanted)), len(wanted)
