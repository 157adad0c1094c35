"""Scans as one paginated volume (卷宗): title page, index, and pages whose stamped numbers the index names (S1-32)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from kiosk.documents.render import Renderer, shared_renderer
from kiosk.documents.scans import Scan, image_object, look_at, placement
from kiosk.i18n import Language

_MM = 72 / 25.4
_SIDE = 8 * _MM
_STAMP_STRIP = 14 * _MM  # the stamp's strip at the top, which no scan covers


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page of evidence as JPEG or PNG; `item` is the index of its title."""

    item: int
    image: bytes


@dataclass(frozen=True, slots=True)
class VolumeFront:
    """What the title page says."""

    court: str
    cause_of_action: str
    plaintiffs: tuple[str, ...]
    defendants: tuple[str, ...]
    filed: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class VolumeEntry:
    """One line of the index. Pages count from 1 at the first scan; both 0 where nothing was scanned."""

    title: str
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class Volume:
    """A finished volume. `front_pages` (title page and index) come before page 1; `pages` is the number of scans."""

    pdf: bytes
    entries: tuple[VolumeEntry, ...]
    front_pages: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    number: int
    landscape: bool


@dataclass(frozen=True, slots=True)
class _VolumeDocument:
    front: VolumeFront
    entries: tuple[VolumeEntry, ...]
    sheets: tuple[_Sheet, ...]


def index_entries(pages: Sequence[ScannedPage], titles: Sequence[str]) -> tuple[VolumeEntry, ...]:
    """Which pages each title has, in the order of the titles. Raises ValueError for a page of an unknown title."""
    counts = [0] * len(titles)
    for page in pages:
        if not 0 <= page.item < len(titles):
            raise ValueError(f"a page belongs to item {page.item}, of which there are {len(titles)}")
        counts[page.item] += 1
    entries = []
    first = 1
    for title, count in zip(titles, counts, strict=True):
        entries.append(VolumeEntry(title, first, first + count - 1) if count else VolumeEntry(title, 0, 0))
        first += count
    return tuple(entries)


def build_volume(
    pages: Sequence[ScannedPage], titles: Sequence[str], front: VolumeFront, renderer: Renderer | None = None
) -> Volume:
    """All scans as one PDF/A-2b: pages in the order of `titles`, within one title in the order given.

    The same input gives the same bytes. Raises BadScanError for a picture that cannot go in, MissingGlyphError for a
    title that cannot be printed, ValueError for a page of an unknown title.
    """
    entries = index_entries(pages, titles)
    ordered = sorted(pages, key=lambda page: page.item)
    scans = [look_at(page.image, number) for number, page in enumerate(ordered, start=1)]
    sheets = tuple(_Sheet(number, scan.landscape) for number, scan in enumerate(scans, start=1))
    frame = (renderer or shared_renderer()).set_type(
        "volume", _VolumeDocument(front, entries, sheets), front.filed, (Language.ZH,), tagged=False
    )
    with Pdf.open(io.BytesIO(frame)) as pdf:
        front_pages = len(pdf.pages) - len(scans)
        for number, scan in enumerate(scans, start=1):
            _lay(pdf, pdf.pages[front_pages + number - 1], scan, number)
        _bookmarks(pdf, entries, front_pages)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return Volume(out.getvalue(), entries, front_pages, len(scans))


def _lay(pdf: Pdf, page: pikepdf.Page, scan: Scan, number: int) -> None:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    matrix = placement(scan, (left + _SIDE, bottom + _SIDE, right - _SIDE, top - _STAMP_STRIP))
    name = page.add_resource(image_object(pdf, scan, number), Name.XObject, Name.Scan)
    numbers = " ".join(f"{value:.4f}" for value in matrix)
    page.contents_add(f"q {numbers} cm {name} Do Q".encode(), prepend=True)


def _bookmarks(pdf: Pdf, entries: Sequence[VolumeEntry], front_pages: int) -> None:
    labels = [0, Dictionary(S=Name.r)]
    if len(pdf.pages) > front_pages:
        labels += [front_pages, Dictionary(S=Name.D)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))
    with pdf.open_outline() as outline:
        outline.root.clear()
        outline.root.append(OutlineItem("目录", 1))
        outline.root.extend(
            OutlineItem(entry.title, front_pages + entry.first_page - 1) for entry in entries if entry.first_page
        )
    pdf.Root.PageMode = Name.UseOutlines
