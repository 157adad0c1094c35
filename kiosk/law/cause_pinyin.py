"""Writes the pinyin the cause search answers to: `python -m kiosk.law.cause_pinyin`, after lexicon or causes change.

The readings stand in data/cause-pinyin.csv, so that a session needs no dictionary; a test tells when they are stale.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from kiosk.law.cause_lexicon import han_of
from kiosk.law.cause_search import stem_of
from kiosk.law.causes import table
from kiosk.law.editions import editions, read_toml


def _texts() -> list[str]:
    """Every Chinese text that has a reading: names without 纠纷, and the words of the lexicon."""
    found = {
        han_of(stem_of(cause.name)) for edition in editions("causes") for cause in table(edition.version).fileable()
    }
    for by_language in read_toml("cause-lexicon.toml", dict[str, Any])["rules"].values():
        for rule in by_language.get("zh", ()):
            found.update(han_of(term.casefold()) for group in rule.split("+") for term in group.split("|"))
    return sorted(found - {""})


def readings() -> dict[str, str]:
    """Pinyin without tones of every text, syllables apart. In this field 还 is always "give back" (huan)."""
    from pypinyin import lazy_pinyin  # late: only whoever writes the table needs the dictionary

    return {
        text: " ".join(
            "huan" if sign == "还" else sound for sign, sound in zip(text, lazy_pinyin(text, v_to_u=False), strict=True)
        )
        for text in _texts()
    }


def main() -> None:
    """Rewrite the table in this checkout."""
    with Path(__file__).with_name("data").joinpath("cause-pinyin.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("text", "pinyin"))
        writer.writerows(readings().items())


if __name__ == "__main__":
    main()
