"""Breaks Chinese, Korean and English text into lines, in time linear in its length.

Chinese breaks between any two characters except where 禁则 forbids it: no line begins with a closing mark and none ends
with an opening one (GB/T 15834-2011 5.1.10; JIS X 4051 names the same classes). Latin words, numbers and Korean words
(어절) stay whole unless they are wider than the line. Kivy's own wrapping knows none of this and is quadratic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
"""Width of a string that holds no line break, in pixels."""

NOT_AT_START = frozenset("、。，．·：；？！）］｝〕〉》」』】〗’”…—～％‰℃°,.!?:;)]}%~々〃-/")
NOT_AT_END = frozenset("（［｛〔〈《「『【〖‘“([{￥¥$＃#№")


def is_ideograph(char: str) -> bool:
    """Whether a line may break on both sides of `char`: Han, kana, full-width forms and CJK punctuation."""
    code = ord(char)
    return (
        0x2E80 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
        or 0xFF00 <= code <= 0xFFEF
        or 0x20000 <= code <= 0x3FFFF
    )


def _units(paragraph: str) -> Iterator[str]:
    """Single ideographs, single spaces, and unbroken runs of everything else."""
    run = ""
    for char in paragraph:
        if char == " " or is_ideograph(char):
            if run:
                yield run
                run = ""
            yield char
        else:
            run += char
    if run:
        yield run


def _clusters(paragraph: str) -> Iterator[str]:
    """Units joined wherever a break between them is forbidden."""
    cluster = ""
    for unit in _units(paragraph):
        glued = cluster and cluster != " " and unit != " " and (unit[0] in NOT_AT_START or cluster[-1] in NOT_AT_END)
        if glued:
            cluster += unit
        else:
            if cluster:
                yield cluster
            cluster = unit
    if cluster:
        yield cluster


def _split(cluster: str, width: float, measure: Measure) -> Iterator[str]:
    """Pieces of a cluster that is wider than the line itself."""
    piece, used = "", 0.0
    for char in cluster:
        advance = measure(char)
        if piece and used + advance > width:
            yield piece
            piece, used = "", 0.0
        piece += char
        used += advance
    yield piece


def break_paragraph(paragraph: str, width: float, measure: Measure) -> list[str]:
    """The lines of one paragraph (no "\\n" in it), each at most `width` wide; joined they give it back.

    A space at a break stays at the end of the line it closes, and does not count towards that line's width.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for cluster in _clusters(paragraph):
        advance = measure(cluster)
        if line and cluster != " " and used + advance > width:
            lines.append(line)
            line, used = "", 0.0
        if advance > width and cluster != " ":
            *full, rest = _split(cluster, width, measure)
            lines.extend(full)
            line, used = rest, measure(rest)
        else:
            line += cluster
            used += advance
    lines.append(line)
    return lines


def break_text(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of `text`; its own line breaks are kept."""
    return [line for paragraph in text.split("\n") for line in break_paragraph(paragraph, width, measure)]
