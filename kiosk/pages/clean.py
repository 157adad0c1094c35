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
from kiosk.pages.skew import Profile
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
    picture = decode(data)
    sheet = sheet_of(picture.shape[1], picture.shape[0], hints)
    card = sheet.paper is Paper.ID_1
    if picture.shape[1] * picture.shape[0] > _MUCH_LARGER * sheet.width * sheet.height and not card:
        picture = resized(picture, sheet.width, sheet.height)
    view = layers.look(Laying(sheet, Turn.UPRIGHT, 0.0).lay(picture, VIEW_DPI))
    laying, bends = _judge(view.ink, sheet, hints.turned)
    page = aside.submit(lambda: laying.lay(grey(picture), PAGE_DPI))
    view = layers.turn(view, quarters(laying.turn)) if laying.level else layers.look(laying.lay(picture, VIEW_DPI))
    ink.clear_edges(view.ink, VIEW_DPI, laying.spread)
    marks = layers.marks_of(view)
    kind = hints.kind or _kind(marks, sheet.paper)
    made: Layers
    match kind:
        case PageKind.TEXT:
            made = layers.text_layers(layers.ink_layer(page.result(), view, marks, laying))
        case PageKind.SEALED:
            mask = layers.ink_layer(page.result(), view, marks, laying)
            made = layers.sealed_layers(mask, view, marks, Lying(picture, laying), aside)
        case PageKind.PICTURE:
            made = layers.picture_layers(Lying(picture, laying), view, marks, _picture_dpi(picture, sheet))
        case _:
            assert_never(kind)
    page_kept = _stored(made, kind, view, laying)
    findings = _findings(page_kept, hints)
    if hints.straight and kind is not PageKind.PICTURE:
        bent = Flaw(FlawKind.FOLDED) if bends else folds.edge_bends(view.grey)
        findings += (bent,) if bent is not None else ()
    return CleanedPage(page_kept, findings, laying.skew)


def _judge(mask: Image, sheet: Sheet, given: Turn | None) -> tuple[Laying, bool]:
    """How the page lies, from its ink as it lies, and whether its lines bend; `given` where the person said how."""
    cleared = mask.copy()
    ink.clear_edges(cleared, VIEW_DPI)
    points = skew.ink_points(without_rules(cleared))
    if points is None:
        return Laying(sheet, given or Turn.UNKNOWN, 0.0), False
    profiles = {Axis.ROWS: skew.row_profile(points), Axis.COLUMNS: skew.column_profile(points)}
    axes = orientation.axes_of(profiles[Axis.ROWS].sharpness, profiles[Axis.COLUMNS].sharpness)
    clear = tuple(axis for axis in axes if skew.is_clear(profiles[axis]))
    lines = [_lines(cleared, axis, profiles[axis]) for axis in clear or axes[:1]]
    best = max(lines, key=lambda one: 0 if one.reading.down is None else one.reading.weight)
    # A card's own edges are straighter than what its few words tell.
    angle = 0.0 if sheet.paper is Paper.ID_1 else best.skew
    return Laying(sheet, given or orientation.turn_of(best.axis, best.reading.down), angle), best.bend


@dataclass(frozen=True)
class _Lines:
    """What the lines along one axis tell."""

    axis: Axis
    skew: float
    reading: Reading
    bend: bool


def _lines(mask: Image, axis: Axis, profile: Profile) -> _Lines:
    angle = profile.angle if skew.is_clear(profile) else 0.0
    # Rules are known by lying along the axes, which they do only now.
    level = without_rules(_levelled(turned(mask, 1) if axis is Axis.COLUMNS else mask, angle))
    boxes = text_boxes(level)
    if len(boxes) < _LEAST_LINES:
        return _Lines(axis, 0.0, Reading(None, 0), bend=False)
    return _Lines(axis, angle, orientation.read(level, boxes), folds.lines_bend(level, boxes))


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


def _stored(made: Layers, kind: PageKind, view: View, laying: Laying) -> StoredPage:
    return StoredPage(
        kind=kind,
        width=made.width,
        height=made.height,
        dpi=made.dpi,
        ink=made.ink,
        background=made.background,
        thumbnail=coding.thumbnail(view.colour if kind is PageKind.PICTURE else view.even),
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
