"""Pictures that are made while the program runs: QR codes and photographs."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import qrcode
from kivy.graphics import Color, InstructionGroup, Line, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget
from PIL import Image, UnidentifiedImageError

from kiosk.i18n import Language
from screens.components.context import Styled, Ui, Words, in_language, words
from screens.components.text_block import TextBlock

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
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(data)
    code.make(fit=True)
    rows = code.get_matrix()
    pixels = b"".join(bytes(0 if dark else 255 for dark in row) for row in reversed(rows))
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    return texture


Outline = Sequence[tuple[float, float]]
"""Corners of something in a picture, in pixels of that picture, x to the right and y down."""


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
        self._outline: Outline = ()
        self._texture: Texture | None = None
        super().__init__(size_hint=(None if width_mm else 1, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._broken = TextBlock(ui, "", halign="center")
        self.add_widget(self._broken)
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

    def show(self, data: bytes, outline: Outline = ()) -> None:
        """Show the encoded picture `data`, with a line round `outline`. Empty data takes the picture away."""
        self._outline = outline
        self._texture = self._decoded(data) if data else None
        self._broken.text = words("toolkit.picture.broken") if data and self._texture is None else ""
        self._draw()

    def _decoded(self, data: bytes) -> Texture | None:
        """A texture no larger than it is drawn, or None for what is no picture. A live picture keeps its texture."""
        room = self.ui.panel.width, max(1, int(self.height))
        try:
            with Image.open(BytesIO(data)) as image:
                self._size = image.size
                image.draft("RGB", room)
                picture = _on_paper(image) if self._paper else image.convert("RGB")
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
        if self._texture is None:
            return
        width, height = self._texture.size
        scale = min((self.width - 4) / width, (self.height - 4) / height)
        size = (width * scale, height * scale)
        pos = (self.x + (self.width - size[0]) / 2, self.y + (self.height - size[1]) / 2)
        self._group.add(Color(1, 1, 1, 1))
        self._group.add(Rectangle(texture=self._texture, pos=pos, size=size))
        if self._outline:
            across, along = size[0] / self._size[0], size[1] / self._size[1]
            line = [v for x, y in self._outline for v in (pos[0] + x * across, pos[1] + size[1] - y * along)]
            for colour, thick in ((self.ui.palette.header, 1.6), (self.ui.palette.on_header, 0.8)):
                self._group.add(Color(rgba=colour))
                self._group.add(Line(points=line, close=True, width=self.ui.px(thick) / 2, joint="round"))


def _on_paper(image: Image.Image) -> Image.Image:
    """`image` with white where it is transparent."""
    drawing = image.convert("RGBA")
    paper = Image.new("RGB", image.size, (255, 255, 255))
    paper.paste(drawing, mask=drawing.getchannel("A"))
    return paper
