"""How a page lies: which way its lines run, how far askew, which end is up, and whether it is bent."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.pages import folds, ink, orientation, skew
from kiosk.pages.laying import Laying, turned
from kiosk.pages.model import PageHints, Paper, Turn
from kiosk.pages.orientation import Axis, Reading
from kiosk.pages.paper import Sheet
from kiosk.pages.pixels import VIEW_DPI, Image
from kiosk.pages.text_lines import text_boxes, without_rules

_LEAST_LINES = 3  # a signature alone has a slope, and tells nothing of the page's


@dataclass(frozen=True)
class Judged:
    """How a page is laid level, how it lay, whether that is `sure`, along which axes its lines may run, the likelier
    first, and whether they bend."""

    laying: Laying
    turn: Turn
    sure: bool
    axes: tuple[Axis, ...]
    bends: bool


def judge(mask: Image, sheet: Sheet, hints: PageHints) -> Judged:
    """How the page lies, from its ink (VIEW_DPI) as it lies."""
    cleared = mask.copy()
    ink.clear_edges(cleared, VIEW_DPI)
    ruleless = without_rules(cleared)
    ruled, plain = skew.axes_of(cleared), skew.axes_of(ruleless)
    if ruled is None or plain is None:
        told = hints.turned or Turn.UNKNOWN
        return Judged(Laying(sheet, 0.0), told, hints.turned is not None, tuple(Axis), bends=False)
    angle = skew.angle_of(plain, ruled)
    full = {Axis.ROWS: skew.fullness(plain.rows, angle), Axis.COLUMNS: skew.fullness(plain.columns, angle)}
    axes = orientation.axes_of(full[Axis.ROWS].level, full[Axis.COLUMNS].level)
    telling = tuple(axis for axis in axes if full[axis].tells)
    # Rules are known by lying along the axes, which they do only when the page is level.
    askew = not Laying(sheet, angle).level and bool(telling)
    level = without_rules(_levelled(cleared, angle)) if askew else ruleless
    lines = [_lines(level, axis) for axis in telling or axes[:1]]
    best = max(lines, key=lambda one: 0 if one.reading.down is None else one.reading.weight)
    # A card's own edges are straighter than what its few words tell.
    straight = sheet.paper is Paper.ID_1 or not telling or not any(one.told for one in lines)
    turn = hints.turned or orientation.turn_of(best.axis, best.reading.down)
    if not straight:
        angle = skew.along_rows(plain.columns if best.axis is Axis.COLUMNS else plain.rows, angle)
    sure = hints.turned is not None or best.reading.sure
    return Judged(Laying(sheet, 0.0 if straight else angle), turn, sure, axes, best.bend)


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
    return Laying(Sheet(Paper.FREE, 2 * mask.shape[1], 2 * mask.shape[0]), angle).lay(mask, VIEW_DPI)
