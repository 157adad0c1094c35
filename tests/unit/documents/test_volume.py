"""The volume read back: index, stamps, bookmarks and pictures agree (S1-32)."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import date

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from kiosk.documents.render import Renderer
from kiosk.documents.scans import BadScanError
from kiosk.documents.volume import PageContent, ScannedPage, Volume, VolumeFront, VolumePart

FRONT = VolumeFront(
    "延边林区基层法院（示例）",
    "民间借贷纠纷",
    ("张示例",),
    ("李示例", "延边示例商贸有限公司"),
    date(2026, 3, 16),
    "YBLQ01-20260316-00012-7",
)
EXIF_ORIENTATION = 0x0112


def picture(
    mark: int, size: tuple[int, int] = (124, 175), form: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, size[0] // 2, size[1] // 4), fill=(180, 20, 20))
    draw.text((10, size[1] // 2), str(mark), fill="black")
    out = io.BytesIO()
    image.convert(mode).save(out, form, **options)
    return out.getvalue()


def scan(item: int, data: bytes) -> ScannedPage:
    return ScannedPage(item, lambda: PageContent(data))


def whole(volume: Volume) -> VolumePart:
    """The only part of a volume."""
    (part,) = volume.parts
    return volume.bind(part)


def page_texts(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def rendered(pdf: bytes, page: int) -> Image.Image:
    done = subprocess.run(
        ["pdftoppm", "-r", "72", "-f", str(page), "-l", str(page), "-png", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


@pytest.fixture(scope="module")
def volume(renderer: Renderer) -> Volume:
    pages = [
        scan(0, picture(1)),
        scan(2, picture(4, (175, 124), "PNG")),
        scan(1, picture(2)),
        scan(1, picture(3, form="PNG", mode="L")),
        scan(2, picture(5, form="PNG", mode="1")),
    ]
    return Volume(pages, ["借条", "银行转账凭证", "微信聊天记录", "未扫描的证据"], FRONT, renderer=renderer)


@pytest.fixture(scope="module")
def part(volume: Volume) -> VolumePart:
    return whole(volume)


def test_entries_say_which_pages_belong_to_which_title(volume: Volume) -> None:
    assert [(entry.title, entry.first_page, entry.last_page) for entry in volume.entries] == [
        ("借条", 1, 1),
        ("银行转账凭证", 2, 3),
        ("微信聊天记录", 4, 5),
        ("未扫描的证据", 0, 0),
    ]


def test_stamps_count_every_scan_and_agree_with_index_and_labels(volume: Volume, part: VolumePart) -> None:
    texts = page_texts(part.pdf)
    assert len(texts) == part.front_pages + volume.pages
    stamps = ["".join(text.split()) for text in texts[part.front_pages :]]
    assert stamps == [f"第{number}页" for number in range(1, volume.pages + 1)]
    index = "".join("".join(texts[1 : part.front_pages]).split())
    assert "1借条1" in index
    assert "2银行转账凭证2–3" in index
    assert "3微信聊天记录4–5" in index
    assert "4未扫描的证据—" in index
    assert f"共{volume.pages}页" in "".join(texts[0].split())
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        assert [str(page.label) for page in pdf.pages] == ["i", "ii", "1", "2", "3", "4", "5"]


def test_bookmarks_and_links_lead_to_the_first_page_of_each_title(volume: Volume, part: VolumePart) -> None:
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        with pdf.open_outline() as outline:
            marks = {}
            for item in outline.root:
                target = item.destination
                assert isinstance(target, pikepdf.Array)
                marks[item.title] = numbers[target[0].objgen] - part.front_pages + 1
        links = [annotation for annotation in pdf.pages[1].Annots if annotation.Subtype == "/Link"]
    assert {entry.title: entry.first_page for entry in volume.entries if entry.first_page} == {
        title: page for title, page in marks.items() if title != "目录"
    }
    assert len(links) == 3


def test_volume_is_pdfa_with_embedded_fonts(part: VolumePart) -> None:
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert "/OutputIntents" in pdf.Root
    fonts = subprocess.run(["pdffonts", "-"], input=part.pdf, capture_output=True, check=True).stdout.decode()
    assert all(row.split()[-5] == "yes" for row in fonts.splitlines()[2:])


def test_jpeg_data_is_copied_byte_for_byte(renderer: Renderer) -> None:
    data = picture(7, (400, 600), quality=60)
    part = whole(Volume([scan(0, data)], ["借条"], FRONT, renderer=renderer))
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        (image,) = pdf.pages[part.front_pages].get_images().values()
        assert image.read_raw_bytes() == data


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "RGBA", "P", "LA"])
def test_png_pixels_arrive_unchanged(renderer: Renderer, mode: str) -> None:
    data = picture(8, (123, 175), "PNG", mode)
    part = whole(Volume([scan(0, data)], ["借条"], FRONT, renderer=renderer))
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        (image,) = pdf.pages[part.front_pages].get_images().values()
        assert isinstance(image, pikepdf.Stream)
        seen = np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("RGB"))
    with Image.open(io.BytesIO(data)) as original:
        assert np.array_equal(seen, np.asarray(original.convert("RGB")))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_shown_upright(renderer: Renderer, orientation: int) -> None:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    data = picture(9, (300, 420), exif=exif)
    part = whole(Volume([scan(0, data)], ["借条"], FRONT, renderer=renderer))
    page = rendered(part.pdf, part.front_pages + 1)
    with Image.open(io.BytesIO(data)) as stored:
        upright = ImageOps.exif_transpose(stored).convert("RGB")
    assert (page.width > page.height) == (upright.width > upright.height)
    left, top, right, bottom = 8 / 25.4 * 72, 14 / 25.4 * 72, page.width - 8 / 25.4 * 72, page.height - 8 / 25.4 * 72
    scale = min((right - left) / upright.width, (bottom - top) / upright.height)
    size = (round(upright.width * scale), round(upright.height * scale))
    corner = (round((left + right - size[0]) / 2), round((top + bottom - size[1]) / 2))
    seen = np.asarray(page.crop((*corner, corner[0] + size[0], corner[1] + size[1])), dtype=np.int16)
    wanted = np.asarray(upright.resize(size), dtype=np.int16)
    assert np.abs(seen - wanted).mean() < 6


def test_landscape_scans_lie_on_landscape_pages_below_the_stamp(renderer: Renderer) -> None:
    part = whole(Volume([scan(0, picture(1, (1754, 1240)))], ["合同"], FRONT, renderer=renderer))
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        left, bottom, right, top = (float(edge) for edge in pdf.pages[-1].mediabox)
    assert right - left > top - bottom
    page = np.asarray(rendered(part.pdf, part.front_pages + 1).convert("L"))
    stamp_rows = np.flatnonzero((page[: round(14 / 25.4 * 72)] < 128).any(axis=1))
    assert stamp_rows.size
    assert stamp_rows.max() < 14 / 25.4 * 72 - 2


def test_same_scans_give_same_bytes(renderer: Renderer) -> None:
    pages = [scan(0, picture(1)), scan(0, picture(2, form="PNG"))]
    first, second = (whole(Volume(pages, ["借条"], FRONT, renderer=renderer)) for _ in range(2))
    assert first == second


def test_an_empty_volume_is_title_page_and_index(renderer: Renderer) -> None:
    volume = Volume([], ["口头约定"], FRONT, renderer=renderer)
    part = whole(volume)
    assert (volume.pages, part.front_pages) == (0, 2)
    assert len(page_texts(part.pdf)) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a JPEG or PNG"),
        (b"GIF89a" + b"\x00" * 50, "not a JPEG or PNG"),
        (picture(1, (600, 800), quality=95)[:-2000], "cut off"),
        (picture(1, (20_001, 20), "PNG"), "too large"),
    ],
)
def test_a_bad_scan_is_named_by_its_page(renderer: Renderer, data: bytes, why: str) -> None:
    with pytest.raises(BadScanError, match=why) as caught:
        Volume([scan(0, picture(1)), scan(0, data)], ["借条"], FRONT, renderer=renderer)
    assert caught.value.page == 2


def test_a_page_of_no_title_is_refused(renderer: Renderer) -> None:
    with pytest.raises(ValueError, match="item 1"):
        Volume([scan(1, picture(1))], ["借条"], FRONT, renderer=renderer)


@settings(max_examples=15, deadline=None)
@given(items=st.lists(st.integers(0, 5), max_size=40))
def test_index_and_stamps_always_agree(items: list[int]) -> None:
    """S1-32: whatever the order of scanning, each title's range covers exactly its own pages."""
    marks = [picture(number, (30, 40)) for number in range(len(items))]
    pages = [scan(item, mark) for item, mark in zip(items, marks, strict=True)]
    volume = Volume(pages, [f"证据{letter}" for letter in "甲乙丙丁戊己"], FRONT)
    part = whole(volume)
    expected = [mark for item in range(6) for chosen, mark in zip(items, marks, strict=True) if chosen == item]
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        placed = [next(iter(page.get_images().values())).read_raw_bytes() for page in pdf.pages[part.front_pages :]]
    assert placed == expected
    for item, entry in enumerate(volume.entries):
        assert items.count(item) == (entry.last_page - entry.first_page + 1 if entry.first_page else 0)
    stamps = [re.sub(r"\s", "", text) for text in page_texts(part.pdf)[part.front_pages :]]
    assert stamps == [f"第{number}页" for number in range(1, len(items) + 1)]
