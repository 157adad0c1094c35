"""Pictures on slips: a neutral emblem and codes."""

from __future__ import annotations

import math
from functools import cache

from PIL import Image, ImageDraw

from kiosk.qr import qr_modules

_OVERSAMPLING = 8


@cache
def emblem(size: int) -> Image.Image:
    """A pair of scales in a ring, `size` dots square. It stands where a court puts its own mark; the state emblem
    (国徽) is not drawn, its use is regulated by law (国徽法)."""
    edge = size * _OVERSAMPLING
    picture = Image.new("L", (edge, edge), 255)
    pen = ImageDraw.Draw(picture)

    def at(x: float, y: float) -> tuple[float, float]:
        return x * edge / 100, y * edge / 100

    stroke = max(1, round(edge * 0.045))
    pen.ellipse([at(2, 2), at(98, 98)], outline=0, width=stroke)
    pen.ellipse([at(8.5, 8.5), at(91.5, 91.5)], outline=0, width=max(1, stroke // 3))
    pen.line([at(50, 24), at(50, 74)], fill=0, width=stroke)
    pen.line([at(22, 32), at(78, 32)], fill=0, width=stroke)
    pen.ellipse([at(46, 19), at(54, 27)], fill=0)
    pen.rounded_rectangle([at(35, 73), at(65, 79)], radius=edge * 0.02, fill=0)
    for centre in (25, 75):
        for side in (-10.5, 10.5):
            pen.line([at(centre, 33), at(centre + side, 54)], fill=0, width=max(1, stroke // 2))
        pen.chord([at(centre - 13, 43), at(centre + 13, 65)], start=0, end=180, fill=0)
    small = picture.resize((size, size), Image.Resampling.BOX)
    return small.point(lambda level: 255 if level > 140 else 0).convert("1", dither=Image.Dither.NONE)


def code(payload: str, at_most: int) -> Image.Image:
    """A QR code with even modules, at most `at_most` dots wide where its content allows it."""
    matrix = qr_modules(payload, quiet_zone=0)
    module = max(2, math.floor(at_most / len(matrix)) // 2 * 2)
    picture = Image.new("1", (len(matrix), len(matrix)), 1)
    picture.putdata([0 if dark else 1 for row in matrix for dark in row])
    return picture.resize((len(matrix) * module,) * 2, Image.Resampling.NEAREST)
