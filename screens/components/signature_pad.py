"""A place to sign with a finger. What leaves it is the strokes, and a picture drawn from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from kivy.graphics import Color, InstructionGroup, Line, RoundedRectangle
from kivy.input.motionevent import MotionEvent
from kivy.properties import NumericProperty
from PIL import Image, ImageDraw

from kiosk.i18n import Language
from screens.components.button import Button
from screens.components.context import Action, Ui, words
from screens.components.icons import Icon
from screens.components.layout import Stack
from screens.components.text_block import TextBlock
from screens.components.touch_target import TouchTarget

_MIN_INK_MM = 15.0
"""Less ink than this is a tap or a slip, not a signature."""
_PNG_DOTS_PER_MM = 11.8
"""300 dpi, as printed on the complaint."""
_PEN_MM = 0.7


@dataclass(frozen=True, slots=True)
class InkPoint:
    """Where the finger was: millimetres from the top left of the pad, and seconds since the first touch."""

    x: float
    y: float
    t: float


Ink = tuple[tuple[InkPoint, ...], ...]


def ink_length(ink: Ink) -> float:
    """Length of all strokes together, in millimetres."""
    return sum(math.hypot(b.x - a.x, b.y - a.y) for stroke in ink for a, b in pairwise(stroke))


def draw_ink(ink: Ink, width_mm: float, height_mm: float) -> bytes:
    """The strokes as a PNG: black on transparent, 300 dpi, cropped to the pad."""
    scale = _PNG_DOTS_PER_MM
    image = Image.new("RGBA", (max(1, round(width_mm * scale)), max(1, round(height_mm * scale))), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    width = round(_PEN_MM * scale)
    for stroke in ink:
        points = [(p.x * scale, p.y * scale) for p in stroke]
        if len(points) > 1:
            pen.line(points, fill=(0, 0, 0, 255), width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=(0, 0, 0, 255))
    out = BytesIO()
    image.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


class InkArea(TouchTarget):
    """The framed area itself. One finger writes; a palm laid down meanwhile leaves no mark."""

    natural_height = NumericProperty(0.0)

    def __init__(self, ui: Ui, *, name: str, height_mm: float, on_change: Action) -> None:
        self._height_mm = height_mm
        self._on_change = on_change
        self._strokes: list[list[InkPoint]] = []
        self._started: float | None = None
        super().__init__(ui, name=name, spoken=words("toolkit.signature.spoken"))
        self.can_focus = False
        self._frame = InstructionGroup()
        self._marks = InstructionGroup()
        self.canvas.add(self._frame)
        self.canvas.add(self._marks)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()

    def accessible_text(self, language: Language) -> str:
        return words("toolkit.signature.spoken").in_(language)

    @property
    def ink(self) -> Ink:
        """What was written."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def restyle(self) -> None:
        self.natural_height = self.height = self.ui.px(self._height_mm)
        self._draw()

    def clear(self) -> None:
        """Wipe the area."""
        self._strokes = []
        self._started = None
        self._draw()
        self._on_change()

    def _point(self, touch: MotionEvent) -> InkPoint:
        now = self.ui.clock.monotonic()
        if self._started is None:
            self._started = now
        x = min(max(touch.x, self.x), self.x + self.width) - self.x
        y = self.y + self.height - min(max(touch.y, self.y), self.y + self.height)
        return InkPoint(round(self.ui.panel.mm(x), 2), round(self.ui.panel.mm(y), 2), round(now - self._started, 3))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        if self.disabled or self.ui.held is not None:
            return True
        touch.grab(self)
        self.ui.held = self
        self.ui.focus_on(None)
        self._strokes.append([self._point(touch)])
        self._draw_last()
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        self._strokes[-1].append(self._point(touch))
        self._draw_last()
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self.release()
        self._on_change()
        return True

    def _screen_points(self, stroke: Sequence[InkPoint]) -> list[float]:
        pitch = self.ui.panel.pitch_mm
        return [v for p in stroke for v in (self.x + p.x / pitch, self.y + self.height - p.y / pitch)]

    def _draw_last(self) -> None:
        """Add only the newest piece: a long signature must not slow down the next stroke."""
        stroke = self._strokes[-1]
        points = self._screen_points(stroke[-2:])
        if len(points) == 2:
            points *= 2
        self._marks.add(Line(points=points, width=self.ui.px(_PEN_MM) / 2, cap="round"))

    def _draw(self) -> None:
        colours = self.ui.palette
        thick = self.ui.px(0.5)
        half = thick / 2
        box = (self.x + half, self.y + half, self.width - thick, self.height - thick, self.ui.px(1.6))
        base = self.y + self.height * 0.22
        self._frame.clear()
        self._frame.add(Color(rgba=colours.surface))
        self._frame.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[self.ui.px(1.6)]))
        self._frame.add(Color(rgba=colours.border))
        self._frame.add(Line(rounded_rectangle=box, width=thick))
        inset = self.width * 0.06
        self._frame.add(Line(points=[self.x + inset, base, self.right - inset, base], width=1.0))
        self._marks.clear()
        self._marks.add(Color(rgba=colours.text))
        for stroke in self._strokes:
            points = self._screen_points(stroke)
            self._marks.add(Line(points=points * 2 if len(points) == 2 else points, width=self.ui.px(_PEN_MM) / 2))


class SignaturePad(Stack):
    """An InkArea with its instruction and a button to begin again.

    `signed` says whether there is enough ink to be a signature; `ink` and `png()` give it away. `on_change` is called
    with `signed` after each stroke.
    """

    def __init__(
        self,
        ui: Ui,
        *,
        name: str = "signature",
        height_mm: float = 70.0,
        on_change: Callable[[bool], None] | None = None,
    ) -> None:
        self.name = name
        self._on_change = on_change
        self.area = InkArea(ui, name=name, height_mm=height_mm, on_change=self._changed)
        again = Button(
            ui,
            name=f"{name}.clear",
            text=words("toolkit.signature.clear"),
            on_press=self.area.clear,
            icon=Icon.PEN,
            fit=True,
        )
        super().__init__(ui, (TextBlock(ui, words("toolkit.signature.here")), self.area, again), gap_mm=3.0)

    @property
    def ink(self) -> Ink:
        """The strokes, in millimetres and seconds."""
        return self.area.ink

    @property
    def signed(self) -> bool:
        """Whether this is more than a slip of the finger."""
        return ink_length(self.ink) >= _MIN_INK_MM

    def png(self) -> bytes:
        """The signature as a PNG for the documents."""
        panel = self.ui.panel
        return draw_ink(self.ink, panel.mm(self.area.width), panel.mm(self.area.height))

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change(self.signed)
