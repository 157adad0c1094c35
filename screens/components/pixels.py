"""What the window really shows, read back from the graphics card."""

from __future__ import annotations

from pathlib import Path

from kivy.core.window import WindowBase
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glFinish, glReadPixels
from PIL import Image


def window_image(window: WindowBase) -> Image.Image:
    """The last frame drawn. Call it after a frame, before the next buffer swap clears it."""
    width, height = (int(side) for side in window.system_size)
    glFinish()
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    return Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def save_window(window: WindowBase, file: Path) -> None:
    """Write the last frame as PNG."""
    window_image(window).save(file)
