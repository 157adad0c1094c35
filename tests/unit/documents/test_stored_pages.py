"""Cleaned pages in the volume: their layers as they look, their true size, and their text found where it stands."""

from __future__ import annotations

import html
import io
import re
import subprocess
import unicodedata
from dataclasses import replace as changed
from datetime import date

import msgspec
import numpy as np
import numpy.typing as npt
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk.documents.render import Renderer
from kiosk.documents.scans import BadScanError
from kiosk.documents.volume import PageContent, ScannedPage, Volume, VolumeFront, VolumePart
from kiosk.ocr.model import PageText, TextLine
from kiosk.pages.model import PageKind, StoredPage
from tests.unit.documents.written_pages import A4, DPI, LINES, picture_page, sealed_page, stored, text_page, typed

FRONT = VolumeFront("延边林区基层法院（示例）", "民间借贷纠纷", ("张示例",), ("李示例",), date(2026, 3, 16), "T01")
MM = 72 / 25.4
SCALE = (210 - 16) / 210  # of an A4 page beside its margins

Pixels = npt.NDArray[np.uint8]


def bound(renderer: Renderer | None, *contents: PageContent) -> VolumePart:
    pages = [ScannedPage(0, lambda content=content: content) for content in contents]  # type: ignore[misc]  # bound at once
    volume = Volume(pages, ["借条"], FRONT, renderer=renderer)
    (only,) = volume.parts
    return volume.bind(only)


def seen(part: VolumePart, page: int, dpi: int = 72) -> Pixels:
    number = str(part.front_pages + page)
    done = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-f", number, "-l", number, "-png", "-"],
        input=part.pdf,
        capture_output=True,
        check=True,
    )
    assert not done.stderr, done.stderr
    return np.asarray(Image.open(io.BytesIO(done.stdout)).convert("RGB"))


def read(part: VolumePart, page: int, *options: str) -> str:
    number = str(part.front_pages + page)
    done = subprocess.run(
        ["pdftotext", "-f", number, "-l", number, *options, "-", "-"], input=part.pdf, capture_output=True, check=True
    )
    assert not done.stderr, done.stderr
    return done.stdout.decode()


# -- what is seen


def test_text_is_black_on_white_and_its_strip_is_copied(renderer: Renderer) -> None:
    """Not white on black: the polarity of G4 is where files made with care go wrong."""
    page = text_page().page
    part = bound(renderer, PageContent(page))
    pixels = seen(part, 1).mean(axis=2)
    expected = page.ink_share * SCALE**2
    assert 0.5 * expected < (255 - pixels).mean() / 255 < 2 * expected + 0.002  # the stamp is ink, too
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        (image,) = pdf.pages[part.front_pages].get_images().values()
        assert image.read_raw_bytes() == page.ink
        assert image.Filter == "/CCITTFaxDecode"


@pytest.mark.parametrize("blue", [False, True])
def test_a_seal_shows_through_below_the_ink(renderer: Renderer, blue: bool) -> None:
    made = sealed_page(blue=blue)
    pixels = seen(bound(renderer, PageContent(made.page)), 1, 100).astype(np.int16)
    red, green, ink_blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    lower = slice(pixels.shape[0] // 2, None)
    assert (red - green > 80)[lower].mean() > 0.001
    assert not (red - green > 80)[: pixels.shape[0] // 3].any()
    upper = slice(round(pixels.shape[0] * 0.06), pixels.shape[0] // 3)  # below the stamp
    dark = (pixels.min(axis=2) < 90)[upper]
    assert dark.sum() > 200
    assert (ink_blue - red > 60)[upper].any() == blue


def test_a_picture_is_copied(renderer: Renderer) -> None:
    page = picture_page()
    part = bound(renderer, PageContent(page))
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        (image,) = pdf.pages[part.front_pages].get_images().values()
        assert image.read_raw_bytes() == page.background


@pytest.mark.parametrize(
    ("size", "dpi", "landscape"),
    [((1011, 638), 300, False), ((945, 2000), 300, False), ((2480, 1748), 300, True), ((1748, 2480), 300, False)],
    ids=["card", "slip", "A5 across", "A5"],
)
def test_small_papers_keep_their_size_in_the_middle_of_an_a4_page(
    renderer: Renderer, size: tuple[int, int], dpi: int, landscape: bool
) -> None:
    part = bound(renderer, PageContent(picture_page(size, dpi)))
    pixels = seen(part, 1).astype(np.int16)
    assert (pixels.shape[1] > pixels.shape[0]) == landscape
    assert sorted(pixels.shape[:2]) == pytest.approx([210 * MM, 297 * MM], abs=1.5)
    rows, columns = np.nonzero(pixels[..., 1] - pixels[..., 0] > 60)
    across, down = columns.max() - columns.min() + 1, rows.max() - rows.min() + 1
    assert across == pytest.approx(min(size[0] * 72 / dpi, pixels.shape[1] - 16 * MM), abs=2)
    assert down == pytest.approx(across * size[1] / size[0], abs=2)
    assert (columns.max() + columns.min()) / 2 == pytest.approx(pixels.shape[1] / 2, abs=2)


def test_no_page_covers_its_stamp_or_leaves_its_sheet(renderer: Renderer) -> None:
    """Longer than A4, as a till's slip may be."""
    part = bound(renderer, PageContent(picture_page((945, 6000))), PageContent(picture_page((3508, 2480))))
    for page in (1, 2):
        pixels = seen(part, page).astype(np.int16)
        rows, columns = np.nonzero(pixels[..., 1] - pixels[..., 0] > 60)
        assert rows.min() >= 14 * MM - 1
        assert rows.max() <= pixels.shape[0] - 8 * MM + 1
        assert columns.min() >= 8 * MM - 1
        assert columns.max() <= pixels.shape[1] - 8 * MM + 1


# -- what is read


def test_text_comes_back_exactly_and_line_by_line(renderer: Renderer) -> None:
    made = text_page()
    part = bound(renderer, PageContent(made.page, made.text))
    assert read(part, 1, "-raw").splitlines()[: len(LINES)] == list(LINES)


def test_the_layer_leaves_the_picture_as_it_is(renderer: Renderer) -> None:
    made = text_page()
    with_text = bound(renderer, PageContent(made.page, made.text))
    assert np.array_equal(seen(with_text, 1), seen(bound(renderer, PageContent(made.page)), 1))


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_words_lie_on_their_ink(renderer: Renderer, scale: float) -> None:
    """A search hit marks the line it was found in, whatever the resolution in which it was read."""
    made = text_page()
    lines = tuple(
        TextLine(line.text, tuple((x * scale, y * scale) for x, y in line.quad), line.confidence)  # type: ignore[arg-type]  # four again
        for line in made.text.lines
    )
    text = PageText(round(made.text.width * scale), round(made.text.height * scale), lines)
    boxes = word_boxes(bound(renderer, PageContent(made.page, text)), 1)
    for line in made.text.lines:
        (left, top), _, (right, bottom), _ = line.quad
        first = line.text.split()[0]
        found = next(box for word, box in boxes if word == first)
        margin, strip, unit = 8 * MM, 14 * MM, 72 / DPI * SCALE
        down = strip + (297 * MM - 8 * MM - strip - A4[1] * unit) / 2
        assert found[0] == pytest.approx(margin + left * unit, abs=2)
        assert found[1] == pytest.approx(down + top * unit, abs=4)
        assert found[3] == pytest.approx(down + bottom * unit, abs=4)
        if first == line.text:
            assert found[2] == pytest.approx(margin + right * unit, abs=2)


def word_boxes(part: VolumePart, page: int) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Every word of a page with left, top, right and bottom in points from the top left."""
    pattern = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
    found = pattern.findall(read(part, page, "-bbox"))
    return [(html.unescape(word), tuple(map(float, box))) for *box, word in found]  # type: ignore[misc]  # four


def test_rare_characters_beyond_the_basic_plane(renderer: Renderer) -> None:
    """生僻字 in names are what a search must find."""
    lines = ("原告：李𠮷示例", "被告：𠀀𪚥示例", "第三人：𠮷示例")
    page = text_page().page
    _, text = typed(lines)
    part = bound(renderer, PageContent(page, text), PageContent(page, text))
    for number in (1, 2):
        assert [line for line in read(part, number, "-raw").splitlines() if "示例" in line] == list(lines)


def test_a_column_written_downwards_and_a_slanting_line(renderer: Renderer) -> None:
    column = TextLine("立据人李示例", ((2000, 500), (2060, 500), (2060, 900), (2000, 900)), 0.9)
    slanting = TextLine("斜写的一行字", ((300, 1500), (900, 1800), (880, 1860), (280, 1560)), 0.9)
    text = PageText(*A4, (column, slanting))
    part = bound(renderer, PageContent(text_page().page, text))
    raw = "".join(read(part, 1, "-raw").split())
    assert "立据人李示例" in raw
    assert "斜写的一行字" in raw


def test_a_volume_without_text_has_no_font_for_it(renderer: Renderer) -> None:
    part = bound(renderer, PageContent(text_page().page, PageText(*A4, ())))
    assert b"CourtKioskNoInk" not in part.pdf


SCRIPTS = st.one_of(
    *(
        st.characters(min_codepoint=first, max_codepoint=last, categories=("Lu", "Ll", "Lo", "Nd", "Po"))
        for first, last in (
            (0x21, 0x7E),  # Latin
            (0x400, 0x44F),  # Cyrillic
            (0x3041, 0x30FA),  # kana
            (0x3400, 0x9FFF),  # Chinese
            (0xAC00, 0xD7A3),  # Korean
            (0x20000, 0x2A6DF),  # rare Chinese, beyond the basic plane
            (0xFF01, 0xFF0F),  # wide punctuation
        )
    )
)


@settings(max_examples=25, deadline=None)
@given(said=st.text(SCRIPTS, min_size=1, max_size=12))
def test_whatever_was_read_can_be_read_again(said: str) -> None:
    """Any mixture of what stands on papers here: characters as codes never clash."""
    text = PageText(*A4, (TextLine(said, ((300, 300), (1500, 300), (1500, 380), (300, 380)), 0.9),))
    with_text = bound(None, PageContent(text_page(("字",)).page, text))
    seen_again, _, _ = read(with_text, 1, "-raw").partition("\n")
    assert unicodedata.normalize("NFKC", seen_again) == unicodedata.normalize("NFKC", said)


# -- what it is


def test_it_is_pdf_a_with_every_font_embedded(renderer: Renderer) -> None:
    """PDF/A-2b (ISO 19005-2): fonts embedded (6.2.11.4.1), no transparency or interpolation, no other colours than the
    output intent covers, and no glyph .notdef (6.2.11.8)."""
    made, sealed = text_page(), sealed_page(blue=True)
    part = bound(renderer, PageContent(made.page, made.text), PageContent(sealed.page, sealed.text))
    fonts = subprocess.run(["pdffonts", "-"], input=part.pdf, capture_output=True, check=True).stdout.decode()
    rows = fonts.splitlines()[2:]
    assert any(row.startswith("CourtKioskNoInk") for row in rows)
    assert all(row.split()[-5] == "yes" for row in rows)
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert "/OutputIntents" in pdf.Root
        for page in pdf.pages[part.front_pages :]:
            for image in page.get_images().values():
                assert "/Interpolate" not in image
                assert "/SMask" not in image
                assert image.get("/ColorSpace", "/DeviceGray") in ("/DeviceGray", "/DeviceRGB")
            font = page.Resources.Font["/Read"].DescendantFonts[0]
            glyphs = font.CIDToGIDMap.read_bytes()
            assert len(glyphs) == 2 * 0x10000
            assert 0 not in np.frombuffer(glyphs, ">u2")


def test_the_same_pages_give_the_same_bytes(renderer: Renderer) -> None:
    made = text_page()
    assert bound(renderer, PageContent(made.page, made.text)) == bound(renderer, PageContent(made.page, made.text))


def damaged(**changes: object) -> StoredPage:
    return msgspec.structs.replace(sealed_page().page, **changes)


@pytest.mark.parametrize(
    "page",
    [
        damaged(ink=b""),
        damaged(width=0),
        damaged(height=20_001),
        damaged(dpi=0),
        damaged(background=b"\xff\xd8 no picture"),
        damaged(ink_colour=b"GIF89a"),
        damaged(kind=PageKind.PICTURE, background=b""),
    ],
    ids=["no ink", "no width", "too high", "no resolution", "no background", "no colour", "no picture"],
)
def test_a_page_that_cannot_be_drawn_is_named(renderer: Renderer, page: StoredPage) -> None:
    with pytest.raises(BadScanError) as caught:
        bound(renderer, PageContent(text_page().page), PageContent(page))
    assert caught.value.page == 2


# -- parts


def many(count: int, kilobytes: int, item: int) -> list[ScannedPage]:
    noise = np.random.default_rng(item).integers(0, 2, (400, kilobytes * 16), dtype=np.uint8) * 255
    page = stored(PageKind.TEXT, noise)
    return [ScannedPage(item, lambda: PageContent(page)) for _ in range(count)]


def test_a_long_volume_goes_in_numbered_parts_whose_indexes_agree(renderer: Renderer) -> None:
    """S1-32: page numbers run through, every part has the whole index, an item lies in one part where it fits."""
    pages = [*many(3, 40, 0), *many(2, 40, 1), *many(9, 40, 2), *many(1, 10, 3)]
    page = pages[0].load().picture
    assert isinstance(page, StoredPage)
    limit = 6 * len(page.ink) + 60_000
    volume = Volume(
        pages, ["借条", "银行转账凭证", "微信聊天记录", "收据", "录音"], FRONT, limit=limit, renderer=renderer
    )
    parts = [volume.bind(part) for part in volume.parts]
    assert len(parts) > 2
    assert all(len(part.pdf) <= limit for part in parts)
    assert [one.range.first_page for one in parts[1:]] == [one.range.last_page + 1 for one in parts[:-1]]
    assert (parts[0].range.first_page, parts[-1].range.last_page) == (1, 15)
    assert parts[0].range.last_page == 5  # the third title is longer than a part, and begins one
    for number, part in enumerate(parts, start=1):
        texts = [
            "".join(text.split())
            for text in subprocess.run(
                ["pdftotext", "-layout", "-", "-"], input=part.pdf, capture_output=True, check=True
            )
            .stdout.decode()
            .split("\f")[:-1]
        ]
        own = range(part.range.first_page, part.range.last_page + 1)
        assert texts[part.front_pages :] == [f"第{page}页" for page in own]
        assert f"第{number}册（共{len(parts)}册），第{own[0]}" in texts[0]
        assert "共15页" in texts[0]
        index = "".join(texts[1 : part.front_pages])
        assert "1借条11–3" in index
        assert "2银行转账凭证14–5" in index
        assert f"3微信聊天记录2–{len(parts)}6–14" in index
        assert "5录音—" in index
        with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
            assert [str(page.label) for page in pdf.pages[part.front_pages :]] == [str(page) for page in own]
            with pdf.open_outline() as outline:
                marks = [item.title for item in outline.root]
        here = [e.title for e in volume.entries if e.first_page and e.first_page <= own[-1] and e.last_page >= own[0]]
        assert marks == ["目录", *here]


def test_one_page_larger_than_the_limit_is_a_part_of_its_own(renderer: Renderer) -> None:
    pages = [*many(1, 5, 0), *many(1, 200, 1), *many(1, 5, 2)]
    volume = Volume(pages, ["甲", "乙", "丙"], FRONT, limit=150_000, renderer=renderer)
    assert [(part.first_page, part.last_page) for part in volume.parts] == [(1, 1), (2, 2), (3, 3)]


@settings(max_examples=10, deadline=None)
@given(counts=st.lists(st.integers(0, 60), min_size=1, max_size=30), texts=st.booleans())
def test_no_part_is_ever_larger_than_the_limit(counts: list[int], texts: bool) -> None:
    """Whatever there is of titles, small pages and text: what is not layers is never underrated."""
    limit = 300_000
    page = text_page(("字",), (240, 340)).page
    text = PageText(
        240, 340, tuple(TextLine(chr(0x4E00 + n), ((9, n), (90, n), (90, n + 9), (9, n + 9)), 1) for n in range(40))
    )
    content = PageContent(page, text if texts else None)
    pages = [ScannedPage(item, lambda: content) for item, count in enumerate(counts) for _ in range(count)]
    volume = Volume(pages, [f"证据材料{n}" for n in range(len(counts))], changed(FRONT, reference=""), limit=limit)
    for part in volume.parts:
        assert len(volume.bind(part).pdf) <= limit
