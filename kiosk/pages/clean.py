"""One picture of a page made into what is kept of it: upright, straight, evenly lit, small."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import dataclass

from drivers.api.records import Flaw, FlawKind
from kiosk.pages import coding, folds, ink, layers
from kiosk.pages.decode import decode
from kiosk.pages.judging import Judged, judge
from kiosk.pages.layers import Layers, Lying, Marks, View
from kiosk.pages.laying import Laying
from kiosk.pages.made import Made
from kiosk.pages.model import CleanedPage, PageHints, PageKind, Paper, Turn, WayStrips
from kiosk.pages.paper import Sheet, sheet_of
from kiosk.pages.pixels import PAGE_DPI, VIEW_DPI, Image, grey, resized
from kiosk.pages.strips import strips_of

_PICTURE_SHARE = 0.35  # of the page: with more pictures and colour than this, the page is one picture
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
    return made(laid(decode(data), hints), hints, aside).page(hints, aside)


@dataclass(frozen=True)
class Laid:
    """A picture laid level on its sheet, how it looks then, and how it lies."""

    picture: Image
    sheet: Sheet
    view: View
    judged: Judged

    def strips(self) -> WayStrips | None:
        """Lines whose words may tell which way up it is, where their shape does not surely."""
        return None if self.judged.sure else strips_of(self.view, self.judged.axes)


def laid(picture: Image, hints: PageHints, *, level: bool = False) -> Laid:
    """Lay a picture; `level`: nothing on it lies askew."""
    sheet = sheet_of(picture.shape[1], picture.shape[0], hints)
    much = picture.shape[1] * picture.shape[0] > _MUCH_LARGER * sheet.width * sheet.height
    if much and sheet.paper is not Paper.ID_1:
        picture = resized(picture, sheet.width, sheet.height)
    view = layers.look(Laying(sheet, 0.0).lay(picture, VIEW_DPI))
    judged = _level(sheet, hints) if level else judge(view.ink, sheet, hints)
    if not judged.laying.level:
        view = layers.look(judged.laying.lay(picture, VIEW_DPI))
    ink.clear_edges(view.ink, VIEW_DPI, judged.laying.spread)
    return Laid(picture, sheet, view, judged)


def made(page: Laid, hints: PageHints, aside: Executor) -> Made:
    """Decide what the page is, and part it into its layers."""
    picture, view, laying = page.picture, page.view, page.judged.laying
    card = page.sheet.paper is Paper.ID_1
    inked = hints.kind is not PageKind.PICTURE and not (card and hints.kind is None)
    grey_page = aside.submit(lambda: laying.lay(grey(picture), PAGE_DPI)) if inked else None
    soft = inked and hints.kind is None and ink.is_soft(grey(view.even), view.ink)
    colours = layers.colours_of(view)
    mask: Future[Image] | None = None
    if grey_page is not None and not soft:
        lying = grey_page.result()
        mask = aside.submit(lambda: layers.ink_layer(lying, view, colours.fields, laying))
    marks = layers.marks_of(view, colours)
    kind = hints.kind or _kind(marks, page.sheet.paper)
    soft = soft and kind is not PageKind.PICTURE
    strips = page.strips()
    small = coding.small(view.colour if kind is PageKind.PICTURE else view.even)
    return Made(
        layers=layers.soft_layers(view) if soft else _layers(kind, Lying(picture, laying), view, marks, mask),
        kind=PageKind.PICTURE if soft else kind,
        paper=page.sheet.paper,
        small=small,
        even=grey(view.even),
        bent=None if kind is PageKind.PICTURE else _bent(page.judged, view, hints),
        skew=laying.skew,
        turn=page.judged.turn,
        strips=strips,
    )


def _level(sheet: Sheet, hints: PageHints) -> Judged:
    return Judged(Laying(sheet, 0.0), hints.turned or Turn.UPRIGHT, True, (), bends=False)


def _layers(kind: PageKind, lying: Lying, view: View, marks: Marks, mask: Future[Image] | None) -> Layers:
    if kind is PageKind.PICTURE or mask is None:
        return layers.picture_layers(lying, view, marks, _picture_dpi(lying.picture, lying.laying.sheet))
    if kind is PageKind.TEXT:
        return layers.text_layers(mask.result())
    return layers.sealed_layers(mask.result(), view, marks, lying)


def _bent(judged: Judged, view: View, hints: PageHints) -> Flaw | None:
    """Beside a page that was not cut out, the desk or the scanner's lid is to be seen anyway."""
    if judged.bends:
        return Flaw(FlawKind.FOLDED)
    return folds.edge_bends(view.grey) if hints.straight else None


def _kind(marks: Marks, paper: Paper) -> PageKind:
    if paper is Paper.ID_1 or marks.share() > _PICTURE_SHARE:
        return PageKind.PICTURE
    return PageKind.SEALED if marks.any() else PageKind.TEXT


def _picture_dpi(picture: Image, sheet: Sheet) -> int:
    finest = _FINEST[sheet.paper]
    return int(max(_COARSEST, min(finest, PAGE_DPI * picture.shape[1] // sheet.width)))
