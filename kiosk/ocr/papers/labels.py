"""Labels and the values beside them, as cards, certificates and forms print them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.ocr.geometry import Box, Piece, pieces, rows
from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.running import plain

_NEXT_ROW = 1.9  # heights of a line from its middle to the next one's
_ALIGNED = 1.6  # heights by which a line that goes on may begin further left or right
_GAP = 4.0  # heights between pieces of one value; beyond stands something else, such as a portrait's caption
_WIDE = str.maketrans("()", "（）")
_SEPARATORS = ":：、,.·"


@dataclass(frozen=True)
class Value:
    """What stands beside a label; `pieces` are where."""

    text: str
    pieces: tuple[Piece, ...]

    def proposal(self, field: str, value: str | None = None, *, checked: bool = False) -> FieldProposal:
        """This value, or what was made of it, for a field."""
        worst = min((piece.line.confidence for piece in self.pieces), default=0.0)
        quads = tuple(piece.line.quad for piece in self.pieces)
        return FieldProposal(field, self.text if value is None else value, quads, round(worst, 4), checked)


@dataclass(frozen=True)
class _Part:
    """A stretch of a row: a label (its key) or text; `box` by its share of the piece's width."""

    key: str
    text: str
    piece: Piece
    box: Box


def labelled(page: PageText, labels: Mapping[str, str], *, going_on: frozenset[str] = frozenset()) -> dict[str, Value]:
    """The value of each label that the page has, by its key in `labels`, which gives the labels as patterns.

    A value stands to the right of its label, in the same row, before the next label. Those of `going_on` may go on in
    the rows below, aligned with their beginning.
    """
    pattern = re.compile("|".join(f"(?P<{key}>{label})" for key, label in labels.items()))
    parts = [_parts(row, pattern) for row in rows(pieces(page.lines))]
    found: dict[str, Value] = {}
    for number, row in enumerate(parts):
        for place, label in enumerate(row):
            if not label.key or label.key in found:
                continue
            value: list[_Part] = []
            for part in row[place + 1 :]:
                if part.key or (value and part.box.left - value[-1].box.right > _GAP * part.box.height):
                    break
                value.append(part)
            if label.key in going_on and value:
                value += _goes_on(parts[number + 1 :], value, label)
            text = _whole("".join(part.text for part in value).strip(_SEPARATORS))
            if text:
                found[label.key] = Value(text, tuple(dict.fromkeys(part.piece for part in value)))
    return found


def _whole(text: str) -> str:
    """Brackets in Chinese width beside Chinese, and the last one, which the detector often cuts off, put back."""
    if not text.isascii():
        text = text.translate(_WIDE)
        if text.count("（") == text.count("）") + 1:
            text += "）"
    return text


def _parts(row: Sequence[Piece], pattern: re.Pattern[str]) -> list[_Part]:
    """A row cut at its labels, also where a label is spread over several pieces (名  称)."""
    text, owners = "", []
    for piece in row:
        words = plain(piece.line.text)
        text += words
        owners += [(piece, at / len(words)) for at in range(len(words))]
    labels = list(pattern.finditer(text))
    cuts: list[tuple[int, int, str]] = []
    end = 0
    for found in labels:
        cuts += [(end, found.start(), ""), (found.start(), found.end(), found.lastgroup or "")]
        end = found.end()
    cuts.append((end, len(text), ""))
    parts: list[_Part] = []
    for first, last, key in cuts:
        if key and first < last:
            parts.append(_part(key, text[first:last], owners[first]))
            continue
        for piece in dict.fromkeys(owner for owner, _ in owners[first:last]):
            inside = [at for at in range(first, last) if owners[at][0] is piece]
            parts.append(_part("", text[inside[0] : inside[-1] + 1], owners[inside[0]]))
    return parts


def _part(key: str, text: str, owner: tuple[Piece, float]) -> _Part:
    piece, share = owner
    left = piece.box.left + share * piece.box.width
    return _Part(key, text, piece, Box(left, piece.box.top, piece.box.right, piece.box.bottom))


def _goes_on(below: Sequence[Sequence[_Part]], value: Sequence[_Part], label: _Part) -> list[_Part]:
    """The parts below that belong to the value: aligned with it, close to the row before, without a label."""
    last, begin = value[-1].box, value[0].box
    more: list[_Part] = []
    for row in below:
        first = next((part for part in row if abs(part.box.left - begin.left) <= _ALIGNED * begin.height), None)
        close = [part for part in row if part.box.middle - last.middle <= _NEXT_ROW * last.height]
        if not close:
            break
        if any(part.key and abs(part.box.left - label.box.left) <= _ALIGNED * begin.height for part in row):
            break
        if first is None:
            continue  # something else beside it: a portrait's caption, the other column
        if first.key or first not in close:
            break
        more.append(first)
        last = first.box
    return more
