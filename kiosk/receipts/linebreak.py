"""Breaking Chinese, Korean and English text into lines (禁则; W3C "Requirements for Chinese Text Layout" 3.1.3).

Chinese may break between any two characters except before closing and after opening punctuation. Korean and Latin
words stay whole; a word wider than the line is broken where it must.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]

NOT_AT_START = frozenset("、，。．：；！？）〕］｝〉》」』】〗〙’”…—～·％‰℃°々ー,.:;!?)]}%")
"""Never begins a line (行首禁则)."""

NOT_AT_END = frozenset("（〔［｛〈《「『【〖〘‘“￥¥＄$([{№")
"""Never ends a line (行尾禁则)."""

_ATOM = re.compile(
    r"\s+"
    r"|[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    r"\U00020000-\U0003ffff]"
    r"|[^\s\u2e80-\u2fdf\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    r"\U00020000-\U0003ffff]+"
)


def _joins_previous(atom: str) -> bool:
    first = atom[0]
    return first in NOT_AT_START or unicodedata.combining(first) != 0 or unicodedata.category(first) in {"Mn", "Me"}


def _atoms(text: str) -> Iterator[str]:
    """Pieces that stay on one line; white space comes as pieces of its own, as a single blank."""
    held = ""
    for piece in _ATOM.findall(text):
        if piece.isspace():
            if held:
                yield held
            held = ""
            yield " "
        elif held and (_joins_previous(piece) or held[-1] in NOT_AT_END):
            held += piece
        else:
            if held:
                yield held
            held = piece
    if held:
        yield held


def _force(atom: str, width: float, measure: Measure) -> Iterator[str]:
    """Cut an atom wider than the line; every part but the last is as long as fits, at least one character."""
    part = ""
    for character in atom:
        if part and measure(part + character) > width:
            keep = part[:-1] if character in NOT_AT_START and len(part) > 1 else part
            yield keep
            part = part[len(keep) :] + character
        else:
            part += character
    yield part


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of `text`, none wider than `width` by `measure` unless it is a single character. Line feeds in `text`
    are kept. Nothing but white space at breaks is lost. An empty text gives one empty line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for atom in _atoms(paragraph.strip()):
            if measure(line + atom) <= width:
                line += atom
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = ""
            if atom == " ":
                continue
            *whole, line = _force(atom, width, measure)
            lines.extend(whole)
        lines.append(line.rstrip())
    return lines


def balance_lines(text: str, width: float, measure: Measure) -> list[str]:
    """As few lines as `break_lines` gives, of about the same length, so that a centred title does not end in a lonely
    character."""
    best = break_lines(text, width, measure)
    widest = max((measure(atom) for atom in _atoms(text)), default=0.0)
    step = measure("一") / 4
    narrower = width - step
    while len(best) > 1 and narrower >= widest:
        candidate = break_lines(text, narrower, measure)
        if len(candidate) > len(best):
            break
        best = candidate
        narrower -= step
    return best
