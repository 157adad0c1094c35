"""One page as it is taken: cut out of the camera's own picture, judged, and its codes read."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.api.records import Corners, Flaw, PaperCode, SeveralItems
from drivers.document_camera.picture import PAGE_QUALITY, cut_out, decode, encode
from drivers.document_camera.viewer import Viewer
from drivers.imaging import quality
from drivers.imaging.codes import read_page_codes
from drivers.imaging.cutting import MOST_ITEMS, Cut, around, cropped, cut_out_each, together
from drivers.imaging.geometry import Image, Quad, as_corners
from drivers.imaging.items import find_items


@dataclass(frozen=True)
class Taken:
    """A page as JPEG of `size` (width, height), where it was in the camera's picture, and what is known of it; the
    whole picture, and `corners` None, where no page was found, and the part with all of them where there are
    `several`."""

    jpeg: bytes
    size: tuple[int, int]
    corners: Corners | None
    confidence: float
    flaws: tuple[Flaw, ...]
    codes: tuple[PaperCode, ...]
    several: SeveralItems | None = None


def take(jpeg: bytes, corners: Corners | None, viewer: Viewer, earlier: tuple[bytes, ...], room: int) -> Taken:
    """Take the page, or several things, out of a picture, and tell the viewer that it was. What is made of it takes at
    most `room` bytes where that is in question. Raises CameraProtocolError and cv2.error for a picture that cannot be
    read."""
    picture = decode(jpeg)
    if corners is None:
        taken = _several(picture, viewer, earlier, room)
        if taken is not None:
            return taken
    page = cut_out(picture, corners, viewer.page_in((picture.shape[1], picture.shape[0])))
    if page.quad is not None:
        judged = quality.look_at_page(picture, page.quad, page.image, earlier=earlier)
    else:
        judged = quality.Judged(quality.outside(page.outside) if page.outside else (), ())
    viewer.took((judged.hashes,) if judged.hashes else ())
    height, width = page.image.shape[:2]
    data = encode(page.image, PAGE_QUALITY)
    return Taken(data, (width, height), page.corners, page.confidence, judged.flaws, read_page_codes(page.image))


def _several(picture: Image, viewer: Viewer, earlier: tuple[bytes, ...], room: int) -> Taken | None:
    """What lies there where it is more than one thing. What the live picture showed counts where the large one shows
    less: the person has seen it."""
    found = [page.corners for page in find_items(picture)]
    shown: list[Quad] = viewer.items_in((picture.shape[1], picture.shape[0]))
    quads = found if len(found) >= len(shown) else shown
    if not 1 < len(quads) <= MOST_ITEMS:
        return None
    rectangle = around(picture, quads)
    whole = cropped(picture, rectangle)
    data = encode(whole, PAGE_QUALITY)
    cuts, hashes = [], []
    for cut in cut_out_each(picture, quads):
        judged = quality.look_at_page(picture, cut.quad, cut.image, earlier=earlier)
        cuts.append(Cut(cut.image, cut.quad, judged.flaws, read_page_codes(cut.image)))
        hashes.append(judged.hashes)
    several = together(picture, cuts, lambda image: encode(image, PAGE_QUALITY), room - len(data))
    if several is None:
        return None
    viewer.took(tuple(hashes))
    size = (whole.shape[1], whole.shape[0])
    return Taken(data, size, as_corners(rectangle), 1.0, (), read_page_codes(whole), several)
