"""Scans as one paginated volume (卷宗): title page, index, and pages whose stamped numbers the index names (S1-32).

Where a backend takes files of limited size, the volume is divided into parts (分册). Each has the title page and the
whole index; page numbers run through all of them. Parts are made one at a time and read their pages one at a time, so
that a volume of any length needs the memory of one part.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pikepdf import Array, Dictionary, Name, OutlineItem, Page, Pdf

from kiosk.documents import scans, stored
from kiosk.documents.render import Renderer, shared_renderer
from kiosk.documents.splitting import split
from kiosk.documents.text_layer import Matrix, TextLayer
from kiosk.i18n import Language
from kiosk.ocr.model import PageText
from kiosk.pages.model import StoredPage

PART_LIMIT = 20_000_000
"""Bytes of one part where nothing else is said."""

_MM = 72 / 25.4
_A4 = (210 * _MM, 297 * _MM)
_SIDE = 8 * _MM
_STAMP_STRIP = 14 * _MM  # the stamp's strip at the top, which no scan covers

_FRONT_MARGIN = 24_000  # what a part has beside its title page, index and pages: text font, outline, more digits
_PAGE_MARGIN = 1_500  # what a page has beside its layers: stamp, objects, their places in the file
_LINE_MARGIN = 100  # the operators around the characters of a line
_ENTRY_MARGIN = 600  # an entry's link and bookmark


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page of evidence: cleaned, or a JPEG or PNG picture as it came; `text` is what was read on it."""

    picture: StoredPage | bytes
    text: PageText | None = None


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page of the item with the index `item` among the titles. `load` brings its content, the same each time."""

    item: int
    load: Callable[[], PageContent]


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
class PartRange:
    """One part (分册): its number from 1, and its pages; both 0 in the only part of a volume without pages."""

    number: int
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class VolumePart:
    """A finished part. `front_pages` (title page and index) come before its first scan."""

    pdf: bytes
    range: PartRange
    front_pages: int


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What is known of a page before it is laid: whether its sheet lies across, and its bytes in the file."""

    landscape: bool
    size: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    number: int
    landscape: bool


@dataclass(frozen=True, slots=True)
class _IndexLine:
    """`parts` names the parts where there are several; `here` is the page to go to in this part, 0 for none."""

    title: str
    pages: str
    parts: str
    here: int


@dataclass(frozen=True, slots=True)
class _PartDocument:
    front: VolumeFront
    lines: tuple[_IndexLine, ...]
    sheets: tuple[_Sheet, ...]
    pages: int
    part: int
    parts: int
    range: str


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


class Volume:
    """All scans as one or more PDF/A-2b: pages in the order of `titles`, within one title in the order given.

    `limit` is the most bytes of one part. No item is divided that fits into a part; only a single page that exceeds
    the limit alone makes a part larger than that. The same input gives the same bytes. Making it looks at every page
    once and raises BadScanError for a picture that cannot go in, MissingGlyphError for a title that cannot be printed,
    ValueError for a page of an unknown title.
    """

    def __init__(
        self,
        pages: Sequence[ScannedPage],
        titles: Sequence[str],
        front: VolumeFront,
        *,
        limit: int = PART_LIMIT,
        renderer: Renderer | None = None,
    ) -> None:
        self._renderer = renderer or shared_renderer()
        self._front = front
        self.entries = index_entries(pages, titles)
        self._pages = sorted(pages, key=lambda page: page.item)
        self._leaves = [_look(page.load(), number) for number, page in enumerate(self._pages, start=1)]
        self.parts = self._divided(limit)

    @property
    def pages(self) -> int:
        """How many scans there are."""
        return len(self._pages)

    def _divided(self, limit: int) -> tuple[PartRange, ...]:
        # As if there were many parts, whose index says more than that of one.
        many = (PartRange(10, 1, max(1, self.pages)),) * 10
        front = len(self._frame(PartRange(10, 0, 0), many, sheets=())) + _FRONT_MARGIN
        front += _ENTRY_MARGIN * len(self.entries)
        sizes, items = [leaf.size for leaf in self._leaves], [page.item for page in self._pages]
        runs = split(sizes, items, max(0, limit - front))
        return tuple(
            PartRange(number, run.start + 1, run.stop) if run else PartRange(number, 0, 0)
            for number, run in enumerate(runs, start=1)
        )

    def bind(self, part: PartRange) -> VolumePart:
        """Make one of `parts`. Raises as the making of the volume."""
        numbers = range(part.first_page, part.last_page + 1) if part.first_page else range(0)
        sheets = tuple(_Sheet(number, self._leaves[number - 1].landscape) for number in numbers)
        with Pdf.open(io.BytesIO(self._frame(part, self.parts, sheets))) as pdf:
            front_pages = len(pdf.pages) - len(numbers)
            texts = TextLayer()
            read_on: list[Page] = []
            for place, number in enumerate(numbers):
                sheet, content = pdf.pages[front_pages + place], self._pages[number - 1].load()
                if _lay(pdf, sheet, content, number, texts):
                    read_on.append(sheet)
            if read_on:
                font = texts.font(pdf)
                for sheet in read_on:
                    sheet.add_resource(font, Name.Font, Name.Read)
            self._bookmarks(pdf, part, front_pages)
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
        return VolumePart(out.getvalue(), part, front_pages)

    def _frame(self, part: PartRange, parts: Sequence[PartRange], sheets: tuple[_Sheet, ...]) -> bytes:
        """Title page and index of one part, and its sheets with nothing on them but their numbers."""
        document = _PartDocument(
            front=self._front,
            lines=tuple(_index_line(entry, part, parts) for entry in self.entries),
            sheets=sheets,
            pages=self.pages,
            part=part.number,
            parts=len(parts),
            range=_range(part.first_page, part.last_page),
        )
        return self._renderer.set_type("volume", document, self._front.filed, (Language.ZH,), tagged=False)

    def _bookmarks(self, pdf: Pdf, part: PartRange, front_pages: int) -> None:
        labels = [0, Dictionary(S=Name.r)]
        if part.first_page:
            labels += [front_pages, Dictionary(S=Name.D, St=part.first_page)]
        pdf.Root.PageLabels = Dictionary(Nums=Array(labels))
        with pdf.open_outline() as outline:
            outline.root.clear()
            outline.root.append(OutlineItem("目录", 1))
            for entry in self.entries:
                if here := _first_here(entry, part):
                    outline.root.append(OutlineItem(entry.title, front_pages + here - part.first_page))
        pdf.Root.PageMode = Name.UseOutlines


def _index_line(entry: VolumeEntry, part: PartRange, parts: Sequence[PartRange]) -> _IndexLine:
    within = [one.number for one in parts if _first_here(entry, one)]
    named = _range(within[0], within[-1]) if within and len(parts) > 1 else ""
    return _IndexLine(entry.title, _range(entry.first_page, entry.last_page), named, _first_here(entry, part))


def _range(first: int, last: int) -> str:
    return "—" if not first else str(first) if first == last else f"{first}–{last}"


def _first_here(entry: VolumeEntry, part: PartRange) -> int:
    """The entry's first page in this part; 0 where it has none in it."""
    first = max(entry.first_page, part.first_page)
    return first if entry.first_page and part.first_page and first <= min(entry.last_page, part.last_page) else 0


def _look(content: PageContent, number: int) -> _Leaf:
    match content.picture:
        case StoredPage() as page:
            stored.check(page, number)
            width, height = stored.size_in_points(page)
            landscape, size = width > max(height, _A4[0] - 2 * _SIDE), stored.coded_bytes(page)
        case picture:
            scan = scans.look_at(picture, number)
            landscape, size = scan.landscape, scans.coded_bytes(scan, number)
    lines = content.text.lines if content.text is not None else ()
    # Every character is four digits in the operators, and may take a row of its own in the font's table.
    return _Leaf(landscape, size + _PAGE_MARGIN + sum(_LINE_MARGIN + 4 * len(line.text) for line in lines))


def _lay(pdf: Pdf, sheet: Page, content: PageContent, number: int, texts: TextLayer) -> bool:
    """Put one page onto its sheet, below what stands there; whether it brings text that needs the font."""
    left, bottom, right, top = (float(edge) for edge in sheet.mediabox)
    box = (left + _SIDE, bottom + _SIDE, right - _SIDE, top - _STAMP_STRIP)
    match content.picture:
        case StoredPage() as page:
            place = upright = _true_size(stored.size_in_points(page), box)
            painted = stored.draw(pdf, sheet, page, number)
        case picture:
            scan = scans.look_at(picture, number)
            place, upright = scans.placement(scan, box), scans.placed(scan, box)
            name = sheet.add_resource(scans.image_object(pdf, scan, number), Name.XObject, Name.Scan)
            painted = f"{name} Do ".encode()
    numbers = " ".join(f"{value:.4f}" for value in place)
    read = texts.operators(content.text, upright) if content.text is not None else b""
    sheet.contents_add(f"q {numbers} cm ".encode() + painted + b"Q\n" + read, prepend=True)
    return bool(read)


def _true_size(size: tuple[float, float], box: tuple[float, float, float, float]) -> Matrix:
    """The matrix that shows a page as large as its paper is, centred in `box`; smaller where it would not fit."""
    left, bottom, right, top = box
    scale = min(1.0, (right - left) / size[0], (top - bottom) / size[1])
    width, height = size[0] * scale, size[1] * scale
    return width, 0.0, 0.0, height, (left + right - width) / 2, (bottom + top - height) / 2
