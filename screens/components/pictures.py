"""Pictures that are made while the program runs: QR codes and photographs."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil

from kivy.graphics import Color, Ellipse, InstructionGroup, Line, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget
from PIL import Image, UnidentifiedImageError

from kiosk.i18n import Language
from kiosk.qr import qr_modules
from screens.components.context import Styled, Ui, Words, in_language, words
from screens.components.icons import Icon, draw_icon
from screens.components.text_block import TextBlock
from screens.theme import TextRole

Image.MAX_IMAGE_PIXELS = 400_000_000
"""A scan of 20,000 × 20,000 pixels is shown; anything larger is refused as a decompression bomb."""


class QrView(Styled, Widget):
    """`data` as a QR code (ISO/IEC 18004, error correction M) with its quiet zone, black on white in every theme."""

    def __init__(self, ui: Ui, data: str, *, spoken: Words, side_mm: float = 45.0) -> None:
        self.ui = ui
        self.spoken = spoken
        self._side_mm = side_mm
        super().__init__(size_hint=(None, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._texture = _qr_texture(data)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()

    def accessible_text(self, language: Language) -> str:
        """What the code is for."""
        return in_language(self.spoken, language)

    def restyle(self) -> None:
        modules = self._texture.width
        side = modules * max(1, round(self.ui.px(self._side_mm) / modules))
        self.size = (side, side)
        self._draw()

    def _draw(self) -> None:
        self._group.clear()
        self._group.add(Color(1, 1, 1, 1))
        pos = (round(self.x), round(self.y))
        self._group.add(Rectangle(texture=self._texture, pos=pos, size=self.size))


def _qr_texture(data: str) -> Texture:
    rows = qr_modules(data)
    pixels = b"".join(bytes(0 if dark else 255 for dark in row) for row in reversed(rows))
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    return texture


Outline = Sequence[tuple[float, float]]
"""Corners of something in a picture, in pixels of that picture, x to the right and y down."""

Area = tuple[float, float, float, float]
"""Left, top, right, bottom of a place in a picture, as shares of it."""


_SMALL_MM = 58.0
_MARK = (0.7, 0.05, 0.05, 1)  # in every theme: it lies on a photograph


class ImageView(Styled, Widget):
    """A photograph or scan from its bytes (JPEG, PNG …), whole, in the given height; `show` replaces it.

    `width_mm` fixes the width too, for a thumbnail in a row; `paper` lays a transparent drawing on white. What cannot
    be read is said to be so in words. Only the drawn texture is kept: it may show a person's papers.
    """

    natural_height = NumericProperty(0.0)

    def __init__(
        self,
        ui: Ui,
        data: bytes = b"",
        *,
        spoken: Words,
        height_mm: float = 100.0,
        width_mm: float = 0.0,
        paper: bool = False,
    ) -> None:
        self.ui = ui
        self.spoken = spoken
        self._height_mm = height_mm
        self._width_mm = width_mm
        self._paper = paper
        self._size = (1, 1)
        self._outlines: Sequence[Outline] = ()
        self._marks: Sequence[Area] = ()
        self._texture: Texture | None = None
        super().__init__(size_hint=(None if width_mm else 1, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._broken = TextBlock(ui, "", halign="center")
        self.add_widget(self._broken)
        role = TextRole.NUMBER if height_mm > _SMALL_MM else TextRole.BODY
        self._badge = TextBlock(ui, "", role=role, ink="on_header", bold=True, halign="center")
        self._plate = InstructionGroup()
        self._badge.canvas.before.add(self._plate)
        self.add_widget(self._badge)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()
        self.show(data)

    def accessible_text(self, language: Language) -> str:
        """What the picture shows."""
        return in_language(self.spoken, language)

    @property
    def shown(self) -> bool:
        """Whether there is a picture to see."""
        return self._texture is not None

    @property
    def badge(self) -> Words:
        """A sign or two over the middle of the picture, such as a count; empty for none."""
        return self._badge.text

    @badge.setter
    def badge(self, badge: Words) -> None:
        if badge != self._badge.text:
            self._badge.text = badge
            self._draw()

    def show(self, data: bytes, *outlines: Outline, marks: Sequence[Area] = (), brief: bool = False) -> None:
        """Show the encoded picture `data`, with a line round each of `outlines`, and the places `marks` pointed at.
        Empty data takes the picture away. A `brief` one is followed by another within a moment: it is scaled where it
        is drawn, which is quick, and coarser than what is looked at for long deserves."""
        self._outlines = [outline for outline in outlines if outline]
        self._marks = marks
        self._texture = self._decoded(data, brief=brief) if data else None
        self._broken.text = words("toolkit.picture.broken") if data and self._texture is None else ""
        self._draw()

    def _decoded(self, data: bytes, *, brief: bool) -> Texture | None:
        """A texture no larger than it is drawn (a brief JPEG: less than twice that), or None for what is no picture. A
        texture of the same size is used again."""
        room = self.ui.panel.width, max(1, int(self.height))
        try:
            with Image.open(BytesIO(data)) as image:
                self._size = image.size
                share = min(1.0, *(most / side for most, side in zip(room, image.size, strict=True)))
                image.draft("RGB", (ceil(image.width * share), ceil(image.height * share)))
                image.load()
                picture: Image.Image = image
                if self._paper:
                    picture = _on_paper(image)
                elif image.mode != "RGB":
                    picture = image.convert("RGB")
                if not brief:
                    picture.thumbnail(room, Image.Resampling.BILINEAR)
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return None
        texture = self._texture
        if texture is None or tuple(texture.size) != picture.size:
            texture = Texture.create(size=picture.size, colorfmt="rgb")
            texture.flip_vertical()
        texture.blit_buffer(picture.tobytes(), colorfmt="rgb", bufferfmt="ubyte")
        return texture

    @property
    def height_mm(self) -> float:
        """How high the picture's place is."""
        return self._height_mm

    @height_mm.setter
    def height_mm(self, height_mm: float) -> None:
        self._height_mm = height_mm
        self.restyle()

    def restyle(self) -> None:
        self.natural_height = self.height = self.ui.px(self._height_mm)
        if self._width_mm:
            self.width = self.ui.px(self._width_mm)
        self._draw()

    def _draw(self) -> None:
        self._group.clear()
        self._broken.width = self.width
        self._broken.x, self._broken.center_y = self.x, self.y + self.height / 2
        box = (self.x + 1, self.y + 1, self.width - 2, self.height - 2)
        self._group.add(Color(rgba=self.ui.palette.border))
        self._group.add(Line(rectangle=box, width=1.0))
        self._draw_badge()
        if self._texture is None:
            return
        width, height = self._texture.size
        scale = min((self.width - 4) / width, (self.height - 4) / height)
        size = (width * scale, height * scale)
        pos = (self.x + (self.width - size[0]) / 2, self.y + (self.height - size[1]) / 2)
        self._group.add(Color(1, 1, 1, 1))
        self._group.add(Rectangle(texture=self._texture, pos=pos, size=size))
        across, along = size[0] / self._size[0], size[1] / self._size[1]
        for outline in self._outlines:
            line = [v for x, y in outline for v in (pos[0] + x * across, pos[1] + size[1] - y * along)]
            for colour, thick in ((self.ui.palette.header, 1.6), (self.ui.palette.on_header, 0.8)):
                self._group.add(Color(rgba=colour))
                self._group.add(Line(points=line, close=True, width=self.ui.px(thick) / 2, joint="round"))
        for left, top, right, bottom in self._marks:
            place = (pos[0] + left * size[0], pos[1] + (1 - bottom) * size[1])
            self._draw_mark(*place, (right - left) * size[0], (bottom - top) * size[1])

    def _draw_mark(self, x: float, y: float, width: float, height: float) -> None:
        """A frame of its own form and colour round a place, and a warning sign in its corner."""
        for colour, thick in (((1, 1, 1, 1), 2.2), (_MARK, 1.2)):
            self._group.add(Color(rgba=colour))
            self._group.add(Line(rectangle=(x, y, width, height), width=self.ui.px(thick) / 2, joint="miter"))
        side = min(self.ui.px(9.0), self.height / 4)
        self._group.add(Color(1, 1, 1, 1))
        self._group.add(Rectangle(pos=(x, y + height - side), size=(side, side)))
        self._group.add(Color(rgba=_MARK))
        draw_icon(self._group, Icon.WARNING, x + side * 0.1, y + height - side * 0.9, side * 0.8)

    def _draw_badge(self) -> None:
        """The sign in the middle, on a round plate."""
        self._badge.width = self.width
        self._badge.x, self._badge.center_y = self.x, self.y + self.height / 2
        self._plate.clear()
        if not self._badge.text:
            return
        side = self._badge.height * 1.5
        self._plate.add(Color(rgba=self.ui.palette.header))
        self._plate.add(Ellipse(pos=(self.center_x - side / 2, self._badge.center_y - side / 2), size=(side, side)))


def _on_paper(image: Image.Image) -> Image.Image:
    """`image` with white where it is transparent."""
    drawing = image.convert("RGBA")
    paper = Image.new("RGB", image.size, (255, 255, 255))
    paper.paste(drawing, mask=drawing.getchannel("A"))
    return paper
