"""What was read on a page, invisible over its picture, so that a volume can be searched and copied from.

Text rendering mode 3 (ISO 32000-1, 9.3.6) in a font whose glyphs are empty. Codes are the characters themselves: code,
CID and UTF-16 value agree for everything in the Basic Multilingual Plane; characters beyond it take codes from the
range of surrogates, which are no characters, in the order in which they come. So the same font serves every page, and
a page's operators do not depend on those before it unless it has such rare characters.
"""

from __future__ import annotations

import io
import math
import unicodedata
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from kiosk.ocr.layer import LayerLine, layer
from kiosk.ocr.model import PageText

FONT_NAME = "CourtKioskNoInk"

_EM = 1000
_ASCENT, _DESCENT = 880, -120
_HALF, _FULL = 1, 2  # glyphs: half an em wide, one em wide
_ASTRAL_CODES = range(0xD800, 0xE000)
_TOO_MANY = ord("〓")  # stands for characters that are missing from a set of type

Matrix = tuple[float, ...]


class TextLayer:
    """The text of one PDF's pages, and the font of all of them."""

    def __init__(self) -> None:
        self._astral: dict[str, int] = {}

    def operators(self, text: PageText, place: Matrix) -> bytes:
        """The content-stream operators for one page. `place` maps the unit square of its picture (y upwards) to the
        sheet, as for an image. The font must be the resource /Read."""
        lines = b"\n".join(filter(None, (self._line(line, text, place) for line in layer(text))))
        # The rendering mode outlasts the text object: without q and Q the page's stamp would be invisible, too.
        return b"q 3 Tr\n" + lines + b"\nQ\n" if lines else b""

    def _line(self, line: LayerLine, text: PageText, place: Matrix) -> bytes:
        codes = self._codes(line.text)
        if not codes:
            return b""
        a, b, c, d, e, f = place
        across, down = 1 / text.width, -1 / text.height  # of the unit square, for one pixel
        cosine, sine = math.cos(math.radians(line.angle)), math.sin(math.radians(line.angle))

        def on_sheet(x: float, y: float) -> tuple[float, float]:
            return a * x * across + c * y * down, b * x * across + d * y * down

        along, up = on_sheet(line.width * cosine, line.width * sine), on_sheet(line.size * sine, -line.size * cosine)
        length, size = math.hypot(*along), math.hypot(*up)
        stretch = length / (sum(_FULL if _is_wide(code) else _HALF for code in codes) / _FULL * size)
        x, y = on_sheet(line.x, line.y)
        numbers = along[0] / length, along[1] / length, up[0] / size, up[1] / size, x + c + e, y + d + f
        matrix = " ".join(f"{number:.4f}" for number in numbers)
        shown = "".join(f"{code:04X}" for code in codes)
        return f"BT /Read {size:.3f} Tf {stretch * 100:.3f} Tz {matrix} Tm <{shown}> Tj ET".encode()

    def _codes(self, text: str) -> list[int]:
        return [self._code(character) for character in text.strip() if _is_text(character)]

    def _code(self, character: str) -> int:
        if ord(character) <= 0xFFFF:
            return ord(character)
        if character not in self._astral:
            if len(self._astral) == len(_ASTRAL_CODES):
                return _TOO_MANY
            self._astral[character] = _ASTRAL_CODES[len(self._astral)]
        return self._astral[character]

    def font(self, pdf: Pdf) -> Object:
        """The font, after all pages were laid: Type0, Identity-H, embedded (ISO 32000-1, 9.7)."""
        program = Stream(pdf, _font_program())
        program.Length1 = len(_font_program())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{FONT_NAME}"),
            Flags=4,
            FontBBox=Array([0, _DESCENT, _EM, _ASCENT]),
            ItalicAngle=0,
            Ascent=_ASCENT,
            Descent=_DESCENT,
            CapHeight=_ASCENT,
            StemV=80,
            FontFile2=pdf.make_indirect(program),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{FONT_NAME}"),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_EM,
            W=Array(_widths()),
            CIDToGIDMap=pdf.make_indirect(Stream(pdf, _glyphs_of_codes())),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{FONT_NAME}"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_indirect(Stream(pdf, self._to_unicode())),
            )
        )

    def _to_unicode(self) -> bytes:
        """The CMap from codes to characters; its ranges may not cross a first byte (ISO 32000-1, 9.10.3)."""
        ranges = [
            f"<{first << 8 | low:04X}> <{first << 8 | high:04X}> <{first << 8 | low:04X}>"
            for first in range(0x100)
            if first << 8 not in _ASTRAL_CODES
            for low, high in _TEXT_IN_ROW.get(first, ((0x00, 0xFF),))
        ]
        single = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in self._astral.items()]
        blocks = [_block("bfrange", ranges[at : at + 100]) for at in range(0, len(ranges), 100)]
        blocks += [_block("bfchar", single[at : at + 100]) for at in range(0, len(single), 100)]
        return "\n".join((_CMAP_HEAD, *blocks, _CMAP_FOOT)).encode()


_TEXT_IN_ROW = {0x00: ((0x20, 0x7E), (0xA0, 0xFF)), 0xFE: ((0x00, 0xFE),), 0xFF: ((0x00, 0xFD),)}
"""Which low bytes are characters, where not all are: no controls, no byte order mark, no non-characters."""

_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange"""
_CMAP_FOOT = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def _block(kind: str, rows: list[str]) -> str:
    return "\n".join((f"{len(rows)} begin{kind}", *rows, f"end{kind}"))


@cache
def _is_text(character: str) -> bool:
    code = ord(character)
    if code > 0xFFFF:
        return True
    lows = _TEXT_IN_ROW.get(code >> 8, ((0x00, 0xFF),))
    return code not in _ASTRAL_CODES and any(low <= code & 0xFF <= high for low, high in lows)


@cache
def _is_wide(code: int) -> bool:
    """One em, as Chinese type has it; ambiguous ones (“ ” — ·) are wide among Chinese."""
    return code in _ASTRAL_CODES or unicodedata.east_asian_width(chr(code)) in "WFA"


@cache
def _widths() -> list[int]:
    """The W array of a CIDFont (ISO 32000-1, 9.7.4.3): runs of codes half an em wide."""
    runs: list[int] = []
    start: int | None = None
    for code in range(0x10000 + 1):
        half = code <= 0xFFFF and not _is_wide(code)
        if half and start is None:
            start = code
        elif not half and start is not None:
            runs += [start, code - 1, _EM // 2]
            start = None
    return runs


@cache
def _glyphs_of_codes() -> bytes:
    return b"".join((_FULL if _is_wide(code) else _HALF).to_bytes(2) for code in range(0x10000))


@cache
def _font_program() -> bytes:
    """A TrueType font of two empty glyphs beside .notdef, the same bytes every time."""
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "half", "full"])
    builder.setupCharacterMap({})
    builder.setupGlyf({name: Glyph() for name in (".notdef", "half", "full")})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0), "half": (_EM // 2, 0), "full": (_EM, 0)})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = 0
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()
