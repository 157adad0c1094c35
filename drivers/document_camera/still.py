"""One photograph from a file: the page found, cut out and saved. Serves `court-kiosk device scan`."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageOps, UnidentifiedImageError

from drivers.document_camera.picture import cut_out
from drivers.document_camera.protocol import CameraProtocolError, check_size
from drivers.imaging.geometry import Image

FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")


def scan_file(image: Path, out: Path) -> dict[str, object]:
    """Find the page in `image`, save it flat and straight as `out` (the whole picture where there is none).

    Returns `corners` (four [x, y] clockwise from the page's top left, or None), `confidence` (0 to 1), and `width`
    and `height`. All are in pixels of the upright picture: a photograph that carries an EXIF orientation is turned
    as viewers turn it before anything is measured. Pixel centres lie at halves, so the picture spans 0 to `width`.

    Raises ValueError, in one line, for a picture that cannot be read or is too large, and for an `out` that cannot
    be written.
    """
    picture = _read(image)
    page = cut_out(picture)
    try:
        written = cv2.imwrite(str(out), page.image)
    except cv2.error:
        written = False
    if not written:
        raise ValueError(f"{out}: cannot be written; its name ends in .png or .jpg, its folder exists")
    corners = [list(corner) for corner in page.corners] if page.corners else None
    return {
        "corners": corners,
        "confidence": page.confidence,
        "width": picture.shape[1],
        "height": picture.shape[0],
    }


def _read(path: Path) -> Image:
    try:
        with PillowImage.open(path, formats=FORMATS) as opened:
            check_size(*opened.size)
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                paper = PillowImage.new("RGBA", upright.size, "white")
                paper.alpha_composite(upright.convert("RGBA"))
                upright = paper
            elif upright.mode.startswith("I;16"):
                upright = upright.point(lambda value: value / 256).convert("L")
            rgb = np.asarray(upright.convert("RGB"), dtype=np.uint8)
    except CameraProtocolError as error:
        raise ValueError(f"{path}: {error}") from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except UnidentifiedImageError as error:
        raise ValueError(f"{path}: not a picture ({', '.join(FORMATS)})") from error
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
        raise ValueError(f"{path}: the picture is damaged or cut off") from error
    return np.ascontiguousarray(rgb[..., ::-1])
