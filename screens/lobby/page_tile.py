"""One scanned page as a tile: its picture, or that it is on its way or cannot be used."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.flow.journey import Journey
from kiosk.flow.scanning import PageState
from kiosk.session.scratch import ScratchKey
from screens.components import ImageView, Spinner, Words, words
from screens.lobby.page_pictures import thumbnail
from screens.lobby.screen import ScreenContext

_AS_IT_CAME = PageState(waiting=False)


def state_of(journey: Journey, key: ScratchKey) -> PageState:
    """What is known of a page."""
    return journey.require_draft().pages.get(key, _AS_IT_CAME)


def page_tile(
    context: ScreenContext, journey: Journey, key: ScratchKey, number: int, *, height_mm: float, width_mm: float = 0.0
) -> Widget:
    """The tile of the `number`-th page of its line."""
    state = state_of(journey, key)
    if state.waiting and not width_mm:
        return Spinner(context.ui, _spoken(state, number), side_mm=height_mm / 2)
    picture = ImageView(
        context.ui,
        b"" if state.waiting else thumbnail(context.session.scratch, key),
        spoken=_spoken(state, number),
        height_mm=height_mm,
        width_mm=width_mm,
    )
    if state.waiting:
        picture.badge = "…"
    elif state.spoiled is not None:
        picture.badge = "!"
    return picture


def _spoken(state: PageState, number: int) -> Words:
    if state.waiting:
        return words("lobby.page.waiting", number=number)
    if state.spoiled is not None:
        return words("lobby.page.spoiled", number=number)
    return words("lobby.evidence.page", number=number)
