"""Pictures that are made while the program runs: QR codes and photographs."""

from __future__ import annotations

from io import BytesIO

import qrcode
from kivy.graphics import Color, InstructionGroup, Line, Rectangle
from kivy.graphics.texture import Texture
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


class ImageView(Styled, Widget):
    """A photograph or scan from its bytes (JPEG, PNG …), whole, in the given height; replaced by setting `data`.

    A picture that cannot be read is said to be so in words. Nothing is cached: it may show a person's papers.
    """

    def __init__(self, ui: Ui, data: bytes = b"", *, spoken: Words, height_mm: float = 100.0) -> None:
        self.ui = ui
        self.spoken = spoken
        self._height_mm = height_mm
        self._data = b""
        self._texture: Texture | None = None
        super().__init__(size_hint=(1, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._broken = TextBlock(ui, "", halign="center")
        self.add_widget(self._broken)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()
        self.data = data

    def accessible_text(self, language: Language) -> str:
        """What the picture shows."""
        return in_language(self.spoken, language)

    @property
    def data(self) -> bytes:
        """The encoded picture."""
        return self._data

    @data.setter
    def data(self, data: bytes) -> None:
        self._data = data
        self._texture = self._decoded(data) if data else None
        self._broken.text = words("toolkit.picture.broken") if data and self._texture is None else ""
        self._draw()

    def _decoded(self, data: bytes) -> Texture | None:
        """A texture no larger than the screen needs, or None for what is no picture."""
        limit = max(self.ui.panel.width, self.ui.panel.height)
        try:
            with Image.open(BytesIO(data)) as image:
                image.draft("RGB", (limit, limit))
                picture = image.convert("RGB")
                picture.thumbnail((limit, limit))
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return None
        texture = Texture.create(size=picture.size, colorfmt="rgb")
        texture.blit_buffer(picture.tobytes(), colorfmt="rgb", bufferfmt="ubyte")
        texture.flip_vertical()
        return texture

    def restyle(self) -> None:
        self.height = self.ui.px(self._height_mm)
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
