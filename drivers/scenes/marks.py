"""What people and offices add to a paper: handwriting, signatures, red seals, codes."""

from __future__ import annotations

import math

import numpy as np
import zxingcpp
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFilter

from drivers.scenes.sheet import BLUE_PEN, INK, SEAL_RED, Colour, Face, Random, Sheet, font


def hand(sheet: Sheet, random: Random, text: str, size: float, ink: Colour = BLUE_PEN) -> None:
    """Write `text` by hand between the margins: no two characters of one size, height or slant."""
    for line in sheet.broken(text, size * 1.06):
        x = sheet.margin
        for character in line:
            x += _glyph(sheet, random, character, (x, sheet.y), size=size, ink=ink)
        sheet.lines.append(line)
        sheet.y += size * 25.4 / 72 * 1.85


def _glyph(sheet: Sheet, random: Random, character: str, at: tuple[float, float], *, size: float, ink: Colour) -> float:
    """One character; returns how far the pen moves on."""
    side = sheet.points(size * random.uniform(0.94, 1.08))
    face = font(Face.SANS, side)
    cell = PillowImage.new("L", (side * 2, side * 2), 0)
    ImageDraw.Draw(cell).text((side // 2, side // 4), character, font=face, fill=255)
    slant, lean = random.uniform(0.02, 0.16), random.uniform(-4, 3)
    sheared = cell.transform(cell.size, PillowImage.Transform.AFFINE, (1, slant, -slant * side, 0, 1, 0), 2)
    turned = sheared.rotate(lean, PillowImage.Resampling.BILINEAR)
    left = sheet.px(at[0]) - side // 2
    top = sheet.px(at[1] + random.uniform(-0.35, 0.35)) - side // 4
    sheet.image.paste(ink, (left, top), turned.point(lambda value: min(255, round(value * 1.1))))
    return float(face.getlength(character)) * 25.4 / sheet.dpi * 1.06


def signature(sheet: Sheet, random: Random, at: tuple[float, float], width: float = 28, ink: Colour = INK) -> None:
    """A scribble of a name that nobody could read."""
    x = at[0] + np.cumsum(random.uniform(0.2, 1.8, 14)) * width / 14
    y = at[1] + random.uniform(-3.2, 3.2, 14)
    t = np.linspace(0, 13, 400)
    knots = np.arange(14)
    smooth = np.stack([np.interp(t, knots, x), np.interp(t, knots, y)], axis=1)
    kernel = np.hanning(41) / np.hanning(41).sum()
    padded = np.pad(smooth, ((20, 20), (0, 0)), mode="edge")
    path = np.stack([np.convolve(padded[:, c], kernel, "valid") for c in (0, 1)], axis=1)
    places = [(sheet.px(float(px)), sheet.px(float(py))) for px, py in path]
    sheet.draw.line(places, fill=ink, width=max(1, sheet.px(0.45)), joint="curve")


def seal(sheet: Sheet, random: Random, text: str, at: tuple[float, float], diameter: float = 40) -> None:
    """A round red seal (公章): a ring, the name along it, a star in the middle; unevenly inked."""
    side = sheet.px(diameter)
    mask = PillowImage.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    ring = max(2, sheet.px(1.1))
    draw.ellipse((ring, ring, side - ring, side - ring), outline=255, width=ring)
    middle = side / 2
    points = [
        (middle + math.sin(k * math.pi / 5) * r, middle - math.cos(k * math.pi / 5) * r)
        for k in range(10)
        for r in [side * (0.15 if k % 2 == 0 else 0.06)]
    ]
    draw.polygon(points, fill=255)
    face = font(Face.SANS, max(5, round(side * 0.12)))
    arc = math.radians(min(250, 24 * len(text)))
    for number, character in enumerate(text):
        angle = (number / max(1, len(text) - 1) - 0.5) * arc
        cell = PillowImage.new("L", (round(face.size) * 2,) * 2, 0)
        ImageDraw.Draw(cell).text((face.size, face.size), character, font=face, fill=255, anchor="mm")
        turned = cell.rotate(-math.degrees(angle), PillowImage.Resampling.BILINEAR)
        radius = side * 0.37
        x, y = middle + math.sin(angle) * radius, middle - math.cos(angle) * radius
        mask.paste(255, (round(x - face.size), round(y - face.size)), turned)
    turned = mask.rotate(random.uniform(-20, 20), PillowImage.Resampling.BILINEAR)
    grain = PillowImage.fromarray(random.integers(90, 256, (max(2, side // 6),) * 2).astype(np.uint8))
    worn = np.asarray(grain.resize(turned.size, PillowImage.Resampling.BICUBIC), dtype=np.float32) / 255
    inked = (np.asarray(turned, dtype=np.float32) * np.clip(worn * 1.25, 0, 1)).astype(np.uint8)
    sheet.stamp(PillowImage.fromarray(inked).filter(ImageFilter.GaussianBlur(side / 600)), at, SEAL_RED)


def code(sheet: Sheet, text: str, at: tuple[float, float], size: tuple[float, float], *, bars: bool = False) -> None:
    """A QR code, or Code 128 with `bars`, its top left at `at`, within `size`."""
    kind = zxingcpp.BarcodeFormat.Code128 if bars else zxingcpp.BarcodeFormat.QRCode
    modules = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=False))
    drawn = PillowImage.fromarray(modules[:1] if bars else modules)
    box = (sheet.px(size[0]), sheet.px(size[1]))
    sheet.image.paste(drawn.resize(box, PillowImage.Resampling.NEAREST), (sheet.px(at[0]), sheet.px(at[1])))
