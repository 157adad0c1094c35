"""One picture of a page made into what is kept of it: upright, straight, evenly lit, small."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import assert_never

from drivers.api import likeness
from drivers.api.records import Flaw, FlawKind
from kiosk.pages import coding, folds, ink, layers, orientation, skew
from kiosk.pages.decode import decode
from kiosk.pages.layers import Layers, Lying, Marks, View
from kiosk.pages.laying import Laying, quarters, turned
from kiosk.pages.model import CleanedPage, PageHints, PageKind, Paper, StoredPage, Turn
from kiosk.pages.orientation import Axis, Reading
from kiosk.pages.paper import Sheet, sheet_of
from kiosk.pages.pixels import PAGE_DPI, VIEW_DPI, Image, grey, resized
from kiosk.pages.text_lines import text_boxes, without_rules

BLANK = 0.005
"""Share of ink below which a page is called blank: text has at least 1.2 %, an empty sheet at most 0.1 %."""

_PICTURE_SHARE = 0.35  # of the page: with more pictures and colour than this, the page is one picture
_LEAST_LINES = 3  # a signature alone has a slope, and tells nothing of the page's
_COARSEST = 72  # dpi
_FINEST = {  # dpi of a page that is a picture
    Paper.A4: 200,
    Paper.A5: 300,
    Paper.ID_1: 600,  # what has a card's proportion may be a larger slip
    Paper.SLIP: 300,
    Paper.FREE: 200,
}
_MUCH_LARGER = 1.7  # times the points the page will have


def clean(data: bytes, hints: PageHints, aside: Executor) -> CleanedPage:
    """The page in a JPEG or PNG picture. `aside` is one thread that works beside this one.

    Raises UnusablePictureError for a picture that cannot be used.
    """
    return cleaned(decode(data), hints, aside)


def cleaned(picture: Image, hints: PageHints, aside: Executor, *, level: bool = False) -> CleanedPage:
    """The page in a picture; `level`: nothing on it lies askew."""
    sheet = sheet_of(picture.shape[1], picture.shape[0], hints)
    card = sheet.paper is Paper.ID_1
    if picture.shape[1] * picture.shape[0] > _MUCH_LARGER * sheet.width * sheet.height and not card:
        picture = resized(picture, sheet.width, sheet.height)
    view = layers.look(Laying(sheet, Turn.UPRIGHT, 0.0).lay(picture, VIEW_DPI))
    turned_only = Laying(sheet, hints.turned or Turn.UPRIGHT, 0.0)
    laying, bends = (turned_only, False) if level else judge(view.ink, sheet, hints)
    page = aside.submit(lambda: laying.lay(grey(picture), PAGE_DPI))
    view = layers.turn(view, quarters(laying.turn)) if laying.level else layers.look(laying.lay(picture, VIEW_DPI))
    ink.clear_edges(view.ink, VIEW_DPI, laying.spread)
    marks = layers.marks_of(view)
    kind = hints.kind or _kind(marks, sheet.paper)
    soft = hints.kind is None and kind is not PageKind.PICTURE and ink.is_soft(grey(view.even), view.ink)
    made: Layers
    match kind:
        case PageKind.TEXT | PageKind.SEALED if soft:
            made = layers.soft_layers(view)
        case PageKind.TEXT:
            made = layers.text_layers(layers.ink_layer(page.result(), view, marks, laying))
        case PageKind.SEALED:
            mask = layers.ink_layer(page.result(), view, marks, laying)
            made = layers.sealed_layers(mask, view, marks, Lying(picture, laying), aside)
        case PageKind.PICTURE:
            made = layers.picture_layers(Lying(picture, laying), view, marks, _picture_dpi(picture, sheet))
        case _:
            assert_never(kind)
    shown = view.colour if kind is PageKind.PICTURE else view.even
    page_kept = _stored(made, PageKind.PICTURE if soft else kind, view, laying, shown)
    findings = _findings(page_kept, hints)
    if kind is not PageKind.PICTURE:
        # Beside a page that was not cut out, the desk or the scanner's lid is to be seen anyway.
        bent = Flaw(FlawKind.FOLDED) if bends else folds.edge_bends(view.grey) if hints.straight else None
        findings += (bent,) if bent is not None else ()
    return CleanedPage(page_kept, findings, laying.skew)


def judge(mask: Image, sheet: Sheet, hints: PageHints) -> tuple[Laying, bool]:
    """How the page lies, from its ink as it lies, and whether its lines bend."""
    cleared = mask.copy()
    ink.clear_edges(cleared, VIEW_DPI)
    ruled, plain = skew.axes_of(cleared), skew.axes_of(without_rules(cleared))
    if ruled is None or plain is None:
        return Laying(sheet, hints.turned or hints.seems or Turn.UNKNOWN, 0.0), False
    angle = skew.angle_of(plain, ruled)
    full = {Axis.ROWS: skew.fullness(plain.rows, angle), Axis.COLUMNS: skew.fullness(plain.columns, angle)}
    axes = orientation.axes_of(full[Axis.ROWS].level, full[Axis.COLUMNS].level)
    telling = tuple(axis for axis in axes if full[axis].tells)
    # Rules are known by lying along the axes, which they do only now.
    level = without_rules(_levelled(cleared, angle) if telling else cleared)
    lines = [_lines(level, axis) for axis in telling or axes[:1]]
    best = max(lines, key=lambda one: 0 if one.reading.down is None else one.reading.weight)
    # A card's own edges are straighter than what its few words tell.
    straight = sheet.paper is Paper.ID_1 or not telling or not any(one.told for one in lines)
    read = orientation.turn_of(best.axis, best.reading.down)
    turn = hints.turned or (read if read is not Turn.UNKNOWN else hints.seems or read)
    if not straight:
        angle = skew.along_rows(plain.columns if best.axis is Axis.COLUMNS else plain.rows, angle)
    return Laying(sheet, turn, 0.0 if straight else angle), best.bend


@dataclass(frozen=True)
class _Lines:
    """What the lines along one axis tell; `told`: there are enough of them."""

    axis: Axis
    told: bool
    reading: Reading
    bend: bool


def _lines(level: Image, axis: Axis) -> _Lines:
    mask = turned(level, 1) if axis is Axis.COLUMNS else level
    boxes = text_boxes(mask)
    if len(boxes) < _LEAST_LINES:
        return _Lines(axis, told=False, reading=Reading(None, 0), bend=False)
    return _Lines(axis, told=True, reading=orientation.read(mask, boxes), bend=folds.lines_bend(mask, boxes))


def _levelled(mask: Image, angle: float) -> Image:
    here = Laying(Sheet(Paper.FREE, 2 * mask.shape[1], 2 * mask.shape[0]), Turn.UPRIGHT, angle)
    return mask if here.level else here.lay(mask, VIEW_DPI)


def _kind(marks: Marks, paper: Paper) -> PageKind:
    if paper is Paper.ID_1 or marks.share() > _PICTURE_SHARE:
        return PageKind.PICTURE
    return PageKind.SEALED if marks.any() else PageKind.TEXT


def _picture_dpi(picture: Image, sheet: Sheet) -> int:
    finest = _FINEST[sheet.paper]
    return int(max(_COARSEST, min(finest, PAGE_DPI * picture.shape[1] // sheet.width)))


def _stored(made: Layers, kind: PageKind, view: View, laying: Laying, shown: Image) -> StoredPage:
    return StoredPage(
        kind=kind,
        width=made.width,
        height=made.height,
        dpi=made.dpi,
        ink=made.ink,
        background=made.background,
        thumbnail=coding.thumbnail(shown),
        dhash=likeness.dhash(grey(view.even)),
        ink_share=round(made.share, 5),
        blank=made.share < BLANK,
        turned=laying.turn,
        ink_colour=made.ink_colour,
        paper=laying.sheet.paper,
    )


def _findings(page: StoredPage, hints: PageHints) -> tuple[Flaw, ...]:
    found = []
    if page.blank:
        found.append(Flaw(FlawKind.BLANK))
    elif (same := likeness.most_alike((page.dhash,), hints.earlier)) is not None:
        found.append(Flaw(FlawKind.SAME, page=same))
    if hints.turned is None and page.turned not in {Turn.UPRIGHT, Turn.UNKNOWN}:
        found.append(Flaw(FlawKind.TURNED))
    return tuple(found)
