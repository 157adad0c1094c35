"""Several things that were taken in one picture: each looked at, and what shall become of them."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from kivy.uix.widget import Widget

from drivers.api.records import FlawKind
from kiosk.flow.events import PageTaken, RetakePage
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import TurnPage
from kiosk.flow.scanning import PageState
from kiosk.flow.several import laid_together
from kiosk.flow.several_events import (
    ChooseAgain,
    LeaveOutItem,
    Several,
    ShowItem,
    TakeAsItLies,
    TakeSeparately,
    TakeTogether,
)
from screens.components import ButtonStyle, Icon, ImageView, Notice, Row, Stack, Words, words
from screens.lobby.drag_tile import DragTile
from screens.lobby.page_tile import page_tile, state_of
from screens.lobby.scan_taken import deciding, page_button, said_of_page, scan_button
from screens.lobby.screen import ScreenContext
from screens.theme import TextSize

_TILE_MM = {True: (24.0, 34.0), False: (20.0, 24.0)}
"""Width and height, by whether the screen stands upright."""

_IN_A_ROW = 6


def several_title(several: Several) -> Words:
    """What the page is about: all of them, or one."""
    if several.shown is None:
        return words("lobby.several.title", count=len(several.items))
    return words("lobby.several.one", number=several.shown + 1, count=len(several.items))


def seen_of_several(journey: Journey, several: Several) -> Hashable:
    """What tiles and buttons are made from."""
    return (several, tuple(state_of(journey, item.key) for item in several.items))


def said_of_several(context: ScreenContext, journey: Journey, several: Several) -> list[Widget]:
    """Small pictures of them to touch, and what there is to say of the one that is looked at."""
    ui = context.ui
    tiles = [_tile(context, journey, several, number) for number in range(len(several.items))]
    rows = [Row(ui, tiles[start : start + _IN_A_ROW], gap_mm=2.6) for start in range(0, len(tiles), _IN_A_ROW)]
    said: list[Widget] = []
    if several.shown is None:
        said += [Notice(ui, words("lobby.several.hint"), framed=False)] if _has_room(context) else []
    else:
        said = said_of_page(context, journey, PageTaken(several.items[several.shown].key, found=True))
    return [Stack(ui, rows, gap_mm=2.6), *said]


def _tile(context: ScreenContext, journey: Journey, several: Several, number: int) -> DragTile:
    ui, item = context.ui, several.items[number]
    width, height = _TILE_MM[ui.panel.portrait]
    picture = page_tile(context, journey, item.key, number + 1, height_mm=height, width_mm=width)
    state = state_of(journey, item.key)
    if isinstance(picture, ImageView) and not picture.badge and _wants_a_look(state):
        picture.badge = "!"
    return DragTile(
        ui,
        picture,
        name=f"several.{number}",
        place=number,
        spoken=words("lobby.several.look", number=number + 1, count=len(several.items)),
        marked=several.shown == number,
        on_press=partial(context.dispatch, ShowItem(None if several.shown == number else number)),
    )


def _has_room(context: ScreenContext) -> bool:
    """Whether there is room to explain: both ways must be in sight, or one is put before the other."""
    return context.ui.look.size is not TextSize.LARGEST


def _wants_a_look(state: PageState) -> bool:
    return any(flaw.kind is not FlawKind.TURNED for flaw in state.findings)


def choosing(context: ScreenContext, journey: Journey, several: Several) -> list[Widget]:
    """A page each or one page with all, neither before the other; or as they lie, or again. Of one that is looked at:
    turn it, leave it out."""
    ui = context.ui
    if several.shown is not None:
        state = state_of(journey, several.items[several.shown].key)
        turn = scan_button(context, "turn", Icon.TURN, ButtonStyle.SECONDARY, TurnPage())
        turn.enabled = not state.waiting and state.spoiled is None
        leave = page_button(context, "several.leave_out", words("lobby.several.leave_out"), Icon.CROSS, LeaveOutItem())
        back = page_button(
            context, "several.all", words("lobby.several.all"), Icon.BACK, ShowItem(None), style=ButtonStyle.PRIMARY
        )
        return [back, Row(ui, (turn, leave))]
    count = len(several.items)
    separate = page_button(
        context,
        "several.separate",
        words("lobby.several.separate", count=count),
        Icon.DOCUMENT,
        TakeSeparately(),
        style=ButtonStyle.CHOICE,
        hint=words("lobby.several.separate_hint") if _has_room(context) else None,
    )
    kind = "sides" if several.is_one_card else "together"
    together = page_button(
        context,
        "several.together",
        words(f"lobby.several.{kind}"),
        Icon.DOCUMENT,
        TakeTogether(),
        style=ButtonStyle.CHOICE,
        hint=words("lobby.several.together_hint") if _has_room(context) else None,
    )
    together.enabled = bool(laid_together(several, journey))
    as_it_lies = page_button(
        context, "several.as_it_lies", words("lobby.several.as_it_lies"), Icon.CAMERA, TakeAsItLies()
    )
    again = scan_button(context, "retake", Icon.CAMERA, ButtonStyle.SECONDARY, RetakePage())
    return [separate, together, Row(ui, (as_it_lies, again))]


def deciding_on_all(context: ScreenContext, state: PageState) -> list[Widget]:
    """What can be done with the page on which all were laid."""
    other = page_button(context, "several.choose_again", words("lobby.several.choose_again"), Icon.BACK, ChooseAgain())
    return [*deciding(context, state), other]
