"""Drawn icons. The font has no symbols such as ⌫, and a drawing stays sharp at every size.

An icon is a list of marks in a unit square whose origin is at the bottom left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kivy.graphics import Ellipse, InstructionGroup, Line, Mesh


@dataclass(frozen=True, slots=True)
class Stroke:
    """A polyline with round ends."""

    points: tuple[float, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """Part of an ellipse's outline, in degrees clockwise from the top."""

    x: float
    y: float
    rx: float
    ry: float
    start: float = 0.0
    end: float = 360.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled part of a circle, in degrees clockwise from the top."""

    x: float
    y: float
    r: float
    start: float = 0.0
    end: float = 360.0


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled convex polygon."""

    points: tuple[float, ...]


Mark = Stroke | Arc | Disc | Fill


class Icon(Enum):
    """Every icon of the toolkit."""

    PERSON = (Arc(0.5, 0.7, 0.18, 0.18), Arc(0.5, 0.12, 0.36, 0.36, -90, 90))
    CLOCK = (Arc(0.5, 0.5, 0.4, 0.4), Stroke((0.5, 0.76, 0.5, 0.5, 0.68, 0.4)))
    COUNTER = (
        Stroke((0.08, 0.3, 0.92, 0.3)),
        Stroke((0.16, 0.3, 0.16, 0.08, 0.84, 0.08, 0.84, 0.3)),
        Arc(0.5, 0.76, 0.13, 0.13),
        Arc(0.5, 0.32, 0.24, 0.26, -90, 90),
    )
    TEXT_SIZE = (
        Stroke((0.02, 0.18, 0.19, 0.6, 0.36, 0.18)),
        Stroke((0.09, 0.33, 0.29, 0.33)),
        Stroke((0.42, 0.18, 0.7, 0.86, 0.98, 0.18)),
        Stroke((0.53, 0.42, 0.87, 0.42)),
    )
    CONTRAST = (Arc(0.5, 0.5, 0.4, 0.4), Disc(0.5, 0.5, 0.4, 0, 180))
    GLOBE = (
        Arc(0.5, 0.5, 0.4, 0.4),
        Arc(0.5, 0.5, 0.17, 0.4),
        Stroke((0.1, 0.5, 0.9, 0.5)),
        Stroke((0.16, 0.7, 0.84, 0.7)),
        Stroke((0.16, 0.3, 0.84, 0.3)),
    )
    SOUND_ON = (
        Stroke((0.08, 0.38, 0.24, 0.38, 0.46, 0.18, 0.46, 0.82, 0.24, 0.62, 0.08, 0.62), closed=True),
        Arc(0.46, 0.5, 0.2, 0.2, 40, 140),
        Arc(0.46, 0.5, 0.38, 0.38, 40, 140),
    )
    SOUND_OFF = (
        Stroke((0.08, 0.38, 0.24, 0.38, 0.46, 0.18, 0.46, 0.82, 0.24, 0.62, 0.08, 0.62), closed=True),
        Stroke((0.62, 0.36, 0.9, 0.64)),
        Stroke((0.62, 0.64, 0.9, 0.36)),
    )
    BACK = (Stroke((0.42, 0.2, 0.12, 0.5, 0.42, 0.8)), Stroke((0.12, 0.5, 0.88, 0.5)))
    FORWARD = (Stroke((0.58, 0.2, 0.88, 0.5, 0.58, 0.8)), Stroke((0.12, 0.5, 0.88, 0.5)))
    UP = (Stroke((0.15, 0.36, 0.5, 0.7, 0.85, 0.36)),)
    DOWN = (Stroke((0.15, 0.64, 0.5, 0.3, 0.85, 0.64)),)
    LEFT = (Stroke((0.64, 0.15, 0.3, 0.5, 0.64, 0.85)),)
    RIGHT = (Stroke((0.36, 0.15, 0.7, 0.5, 0.36, 0.85)),)
    CHECK = (Stroke((0.14, 0.5, 0.4, 0.22, 0.88, 0.8)),)
    CROSS = (Stroke((0.2, 0.2, 0.8, 0.8)), Stroke((0.2, 0.8, 0.8, 0.2)))
    PLUS = (Stroke((0.5, 0.14, 0.5, 0.86)), Stroke((0.14, 0.5, 0.86, 0.5)))
    MINUS = (Stroke((0.14, 0.5, 0.86, 0.5)),)
    BACKSPACE = (
        Stroke((0.04, 0.5, 0.3, 0.22, 0.96, 0.22, 0.96, 0.78, 0.3, 0.78), closed=True),
        Stroke((0.48, 0.38, 0.76, 0.62)),
        Stroke((0.48, 0.62, 0.76, 0.38)),
    )
    ENTER = (Stroke((0.86, 0.78, 0.86, 0.4, 0.16, 0.4)), Stroke((0.38, 0.18, 0.14, 0.4, 0.38, 0.62)))
    SHIFT = (Stroke((0.5, 0.9, 0.1, 0.48, 0.32, 0.48, 0.32, 0.12, 0.68, 0.12, 0.68, 0.48, 0.9, 0.48), closed=True),)
    SHIFT_ON = (
        Fill((0.5, 0.9, 0.1, 0.48, 0.9, 0.48)),
        Fill((0.32, 0.5, 0.32, 0.12, 0.68, 0.12, 0.68, 0.5)),
    )
    SPACE = (Stroke((0.08, 0.5, 0.08, 0.28, 0.92, 0.28, 0.92, 0.5)),)
    HIDE = (Stroke((0.15, 0.8, 0.5, 0.46, 0.85, 0.8)), Stroke((0.12, 0.2, 0.88, 0.2)))
    WARNING = (
        Stroke((0.5, 0.9, 0.06, 0.12, 0.94, 0.12), closed=True),
        Stroke((0.5, 0.62, 0.5, 0.4)),
        Disc(0.5, 0.25, 0.05),
    )
    INFO = (Arc(0.5, 0.5, 0.4, 0.4), Stroke((0.5, 0.5, 0.5, 0.26)), Disc(0.5, 0.7, 0.055))
    ERROR = (
        Stroke((0.32, 0.92, 0.68, 0.92, 0.92, 0.68, 0.92, 0.32, 0.68, 0.08, 0.32, 0.08, 0.08, 0.32, 0.08, 0.68), True),
        Stroke((0.5, 0.74, 0.5, 0.46)),
        Disc(0.5, 0.28, 0.055),
    )
    SUCCESS = (Arc(0.5, 0.5, 0.4, 0.4), Stroke((0.3, 0.5, 0.45, 0.35, 0.72, 0.66)))
    CARD = (
        Stroke((0.06, 0.2, 0.94, 0.2, 0.94, 0.8, 0.06, 0.8), closed=True),
        Arc(0.3, 0.56, 0.09, 0.09),
        Arc(0.3, 0.32, 0.14, 0.13, -90, 90),
        Stroke((0.56, 0.62, 0.82, 0.62)),
        Stroke((0.56, 0.46, 0.82, 0.46)),
    )
    CAMERA = (
        Stroke((0.06, 0.18, 0.94, 0.18, 0.94, 0.7, 0.7, 0.7, 0.62, 0.84, 0.38, 0.84, 0.3, 0.7, 0.06, 0.7), closed=True),
        Arc(0.5, 0.44, 0.17, 0.17),
    )
    TURN = (Arc(0.5, 0.46, 0.36, 0.36, -60, 180), Stroke((0.02, 0.52, 0.18, 0.7, 0.38, 0.6)))
    DOCUMENT = (
        Stroke((0.2, 0.06, 0.8, 0.06, 0.8, 0.72, 0.58, 0.94, 0.2, 0.94), closed=True),
        Stroke((0.34, 0.56, 0.66, 0.56)),
        Stroke((0.34, 0.4, 0.66, 0.4)),
        Stroke((0.34, 0.24, 0.66, 0.24)),
    )
    PICTURE = (
        Stroke((0.06, 0.14, 0.94, 0.14, 0.94, 0.86, 0.06, 0.86), closed=True),
        Stroke((0.06, 0.26, 0.34, 0.58, 0.54, 0.34, 0.66, 0.46, 0.94, 0.22)),
        Arc(0.72, 0.68, 0.08, 0.08),
    )
    PRINTER = (
        Stroke((0.26, 0.62, 0.26, 0.92, 0.74, 0.92, 0.74, 0.62)),
        Stroke((0.26, 0.3, 0.06, 0.3, 0.06, 0.62, 0.94, 0.62, 0.94, 0.3, 0.74, 0.3)),
        Stroke((0.26, 0.42, 0.74, 0.42, 0.74, 0.08, 0.26, 0.08), closed=True),
    )
    PEN = (
        Stroke((0.12, 0.1, 0.18, 0.34, 0.7, 0.88, 0.88, 0.7, 0.36, 0.16), closed=True),
        Stroke((0.58, 0.76, 0.76, 0.58)),
    )
    SEARCH = (Arc(0.42, 0.58, 0.3, 0.3), Stroke((0.64, 0.36, 0.92, 0.08)))
    SCALES = (
        Stroke((0.5, 0.92, 0.5, 0.12)),
        Stroke((0.28, 0.1, 0.72, 0.1)),
        Stroke((0.14, 0.78, 0.86, 0.78)),
        Stroke((0.02, 0.42, 0.16, 0.76, 0.3, 0.42)),
        Stroke((0.7, 0.42, 0.84, 0.76, 0.98, 0.42)),
        Arc(0.16, 0.42, 0.14, 0.12, 90, 270),
        Arc(0.84, 0.42, 0.14, 0.12, 90, 270),
    )
    TICKET = (
        Stroke(
            (0.2, 0.14, 0.2, 0.94, 0.8, 0.94, 0.8, 0.14, 0.7, 0.06, 0.6, 0.14, 0.5, 0.06, 0.4, 0.14, 0.3, 0.06),
            closed=True,
        ),
        Stroke((0.34, 0.8, 0.66, 0.8)),
        Stroke((0.41, 0.56, 0.51, 0.65, 0.51, 0.3)),
        Stroke((0.41, 0.3, 0.61, 0.3)),
    )
    LIST = (
        Disc(0.12, 0.78, 0.06),
        Disc(0.12, 0.5, 0.06),
        Disc(0.12, 0.22, 0.06),
        Stroke((0.3, 0.78, 0.94, 0.78)),
        Stroke((0.3, 0.5, 0.94, 0.5)),
        Stroke((0.3, 0.22, 0.94, 0.22)),
    )

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the drawing."""
        marks: tuple[Mark, ...] = self.value
        return marks


def draw_icon(group: InstructionGroup, icon: Icon, x: float, y: float, side: float) -> None:
    """Add `icon` to `group` in the square at (x, y), in the colour that is current there."""
    pen = max(1.0, side * 0.042)

    def placed(points: tuple[float, ...]) -> list[float]:
        return [(x if i % 2 == 0 else y) + value * side for i, value in enumerate(points)]

    for mark in icon.marks:
        match mark:
            case Stroke(points, closed):
                group.add(Line(points=placed(points), width=pen, close=closed, cap="round", joint="round"))
            case Arc(cx, cy, rx, ry, start, end):
                box = (x + (cx - rx) * side, y + (cy - ry) * side, 2 * rx * side, 2 * ry * side)
                group.add(Line(ellipse=(*box, start, end, 48), width=pen))
            case Disc(cx, cy, r, start, end):
                corner = (x + (cx - r) * side, y + (cy - r) * side)
                group.add(Ellipse(pos=corner, size=(2 * r * side, 2 * r * side), angle_start=start, angle_end=end))
            case Fill(points):
                flat = placed(points)
                vertices = [v for i in range(0, len(flat), 2) for v in (flat[i], flat[i + 1], 0.0, 0.0)]
                group.add(Mesh(vertices=vertices, indices=list(range(len(points) // 2)), mode="triangle_fan"))
