"""The truth file beside photographs: `{name: {"corners": [[x, y] × 4], "wh": [w, h]}}`, name by name what is where.

Corners are in pixels of the upright picture (EXIF orientation applied) of `wh` pixels, between pixel centres, so that a
picture spans 0 to its width; they lie outside it where a page is `clipped`, and are `null` where there is not one page.
The other keys are only in sets that are rendered: `clipped` (a page leaves the picture), `items` (several papers),
`paper`, `desk`, `hazards`, `millimetres`, `text` (lines), `fields`, `codes`, `reference` (a picture of the paper).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import msgspec
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageOps

from drivers.imaging.geometry import Image, Quad, as_image

Point = tuple[float, float]
FourPoints = Annotated[list[Point], msgspec.Meta(min_length=4, max_length=4)]

TRUTH_FILE = "truth.json"


class Item(msgspec.Struct, frozen=True):
    """One of several papers in a picture."""

    corners: FourPoints
    paper: str = ""


class Truth(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one picture shows."""

    corners: FourPoints | None
    wh: tuple[int, int]
    clipped: bool = False
    items: list[Item] = msgspec.field(default_factory=list)
    paper: str = ""
    desk: str = ""
    hazards: list[str] = msgspec.field(default_factory=list)
    millimetres: tuple[float, float] | None = None
    text: list[str] = msgspec.field(default_factory=list)
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    codes: list[str] = msgspec.field(default_factory=list)
    reference: str = ""


@dataclass(frozen=True)
class Photo:
    """One photograph and what it shows."""

    name: str
    path: Path
    truth: Truth

    def picture(self, longest: int | None = None) -> tuple[Image, Quad | None]:
        """The upright picture (BGR), at most `longest` pixels on its longer side, and the page's corners in it."""
        with PillowImage.open(self.path) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        picture = as_image(np.ascontiguousarray(np.asarray(upright)[..., ::-1]))
        if longest and max(picture.shape[:2]) > longest:
            scale = longest / max(picture.shape[:2])
            size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
            picture = as_image(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
        if self.truth.corners is None:
            return picture, None
        ratio = np.array(picture.shape[1::-1]) / np.array(self.truth.wh)
        return picture, np.asarray(self.truth.corners, dtype=np.float64) * ratio


def load(folder: Path, truth_file: Path | None = None) -> list[Photo]:
    """The photographs of a folder that its truth file names. Raises OSError, msgspec.DecodeError, ValueError."""
    truths = msgspec.json.decode((truth_file or folder / TRUTH_FILE).read_bytes(), type=dict[str, Truth])
    missing = [name for name in truths if not (folder / name).is_file()]
    if missing:
        raise ValueError(f"{folder}: {len(missing)} photographs of the truth file are missing, {missing[0]} first")
    return [Photo(name, folder / name, truth) for name, truth in sorted(truths.items())]


def save(folder: Path, truths: dict[str, Truth]) -> None:
    """Write the truth file."""
    encoded = msgspec.json.encode(dict(sorted(truths.items())))
    (folder / TRUTH_FILE).write_bytes(msgspec.json.format(encoded, indent=1))
