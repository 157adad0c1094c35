"""A page's words as one text, each character knowing the line it stands on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kiosk.ocr.geometry import box_of, pieces, rows
from kiosk.ocr.model import FieldProposal, PageText, TextLine

_FULL = 0.6  # of the width: a shorter line that ends at the right edge was set there


def plain(text: str) -> str:
    """One spelling for widths (NFKC), without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Running:
    """A text joined from lines; `owners` names for each character the number of its line."""

    lines: tuple[TextLine, ...]
    text: str
    owners: tuple[int, ...]

    @classmethod
    def paragraphs(cls, page: PageText) -> Running:
        """The lines in reading order; one that fills the text's width up to its right edge goes on in the next without
        a break, the others end with a line feed."""
        boxes = [box_of(line.quad) for line in page.lines]
        left, right = min((box.left for box in boxes), default=0.0), max((box.right for box in boxes), default=0.0)
        ends = [box.right < right - 2.5 * box.height or box.width < _FULL * (right - left) for box in boxes]
        return cls._joined(page, [[number] for number in range(len(boxes))], ends)

    @classmethod
    def rows(cls, page: PageText) -> Running:
        """The lines row by row from left to right, each row on its own."""
        grouped = [[piece.number for piece in row] for row in rows(pieces(page.lines))]
        return cls._joined(page, grouped, [True] * len(grouped))

    @classmethod
    def _joined(cls, page: PageText, grouped: list[list[int]], ends: list[bool]) -> Running:
        text: list[str] = []
        owners: list[int] = []
        for numbers, end in zip(grouped, ends, strict=True):
            for number in numbers:
                piece = plain(page.lines[number].text)
                text.append(piece)
                owners += [number] * len(piece)
            if end and numbers:
                text.append("\n")
                owners.append(numbers[-1])
        return cls(page.lines, "".join(text), tuple(owners))

    def proposal(
        self, field: str, value: str, span: tuple[int, int], *, checked: bool = False, doubt: float = 0.0
    ) -> FieldProposal:
        """A value and where it was read; its confidence is that of the worst line, less by the share `doubt`."""
        numbers = sorted(set(self.owners[span[0] : span[1]]))
        worst = min((self.lines[number].confidence for number in numbers), default=0.0)
        quads = tuple(self.lines[number].quad for number in numbers)
        return FieldProposal(field, value, quads, round(worst * (1 - doubt), 4), checked)

    def found(self, field: str, match: re.Match[str], group: str | int = 1, *, checked: bool = False) -> FieldProposal:
        """A value as a group of a match has it."""
        return self.proposal(field, match[group], match.span(group), checked=checked)

    def twice(self, words: str) -> bool:
        """Whether the paper says the same words in two lines."""
        return sum(words in line for line in self.text.split("\n")) > 1 or self.text.count(words) > 1
