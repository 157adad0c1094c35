"""`court-kiosk device scan`: one photograph from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drivers.document_camera.still import scan_file
from drivers.imaging.geometry import Image, Quad, clockwise

EXIF_ORIENTATION = 0x0112


@pytest.fixture
def photo(scene: Callable[[int], tuple[Image, Quad]], tmp_path: Path) -> tuple[Path, Quad]:
    picture, corners = scene(9201)
    path = tmp_path / "photo.png"
    PillowImage.fromarray(picture[..., ::-1].copy()).save(path)
    return path, corners


def test_page_is_found_and_saved(
    photo: tuple[Path, Quad], tmp_path: Path, overlap: Callable[[Quad, Quad], float]
) -> None:
    out = tmp_path / "page.png"
    result = scan_file(photo[0], out)
    assert overlap(np.array(result["corners"]), photo[1]) > 0.98
    assert (result["width"], result["height"]) == (1920, 1080)
    with PillowImage.open(out) as page:
        assert page.format == "PNG"
        assert min(page.size) > 100


def test_an_empty_desk_gives_null_and_the_whole_picture(empty_desk: Callable[[int], Image], tmp_path: Path) -> None:
    path, out = tmp_path / "desk.jpg", tmp_path / "page.png"
    PillowImage.fromarray(empty_desk(9202)[..., ::-1].copy()).save(path)
    result = scan_file(path, out)
    assert result["corners"] is None
    with PillowImage.open(out) as page:
        assert page.size == (1920, 1080)


def test_an_exif_orientation_is_applied_before_measuring(
    photo: tuple[Path, Quad], tmp_path: Path, overlap: Callable[[Quad, Quad], float]
) -> None:
    turned = tmp_path / "turned.jpg"
    exif = PillowImage.Exif()
    exif[EXIF_ORIENTATION] = 6  # stored a quarter turn to the left of how it is seen
    with PillowImage.open(photo[0]) as picture:
        picture.transpose(PillowImage.Transpose.ROTATE_90).save(turned, exif=exif, quality=92)
    result = scan_file(turned, tmp_path / "page.png")
    assert (result["width"], result["height"]) == (1920, 1080)
    assert overlap(clockwise(np.array(result["corners"])), photo[1]) > 0.98


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "I;16", "1"])
def test_every_kind_of_picture_is_read(photo: tuple[Path, Quad], tmp_path: Path, mode: str) -> None:
    path = tmp_path / "kind.tif"
    with PillowImage.open(photo[0]) as picture:
        if mode == "I;16":
            grey = np.asarray(picture.convert("L")).astype(np.uint16) * 256
            PillowImage.fromarray(grey).save(path)
        else:
            picture.convert(mode).save(path)
    result = scan_file(path, tmp_path / "page.png")
    assert (result["width"], result["height"]) == (1920, 1080)
    assert result["corners"] is not None


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "not a picture"), (b"no picture at all", "not a picture"), (b"\x89PNG\r\n\x1a\n", "not a picture")],
)
def test_what_is_no_picture_is_said_in_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=why) as caught:
        scan_file(path, tmp_path / "page.png")
    assert "\n" not in str(caught.value)


def test_a_picture_cut_off_is_said_to_be_damaged(photo: tuple[Path, Quad], tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(photo[0].read_bytes()[:-40_000])
    with pytest.raises(ValueError, match="damaged"):
        scan_file(path, tmp_path / "page.png")


def test_a_picture_of_twenty_thousand_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    PillowImage.new("1", (20_001, 8)).save(path)
    with pytest.raises(ValueError, match="too large"):
        scan_file(path, tmp_path / "page.png")


def test_missing_files_and_folders_are_told(photo: tuple[Path, Quad], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No such file"):
        scan_file(tmp_path / "none.jpg", tmp_path / "page.png")
    with pytest.raises(ValueError, match="directory"):
        scan_file(tmp_path, tmp_path / "page.png")
    for out in (tmp_path / "nowhere" / "page.png", tmp_path / "page.unknown"):
        with pytest.raises(ValueError, match="cannot be written"):
            scan_file(photo[0], out)
