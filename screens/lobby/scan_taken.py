"""A page that was just taken: what there is to look at, and what can be done with it."""

from __future__ import annotations

from kivy.uix.widget import Widget

from drivers.api.records import FlawKind
from kiosk.flow.events import AcceptPage, Event, PageTaken, RetakePage
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import KeepColours, TurnPage
from kiosk.flow.scanning import PageState
from screens.components import Button, ButtonStyle, Icon, Notice, NoticeKind, Row, Words, words
from screens.lobby.flaw_words import finding_words, in_order
from screens.lobby.page_pictures import thumbnail
from screens.lobby.page_tile import state_of
from screens.lobby.picture_beside import picture_beside
from screens.lobby.screen import ScreenContext

MOST_SAID = {True: 2, False: 1}
"""By whether the screen stands upright: more findings are not read, and buttons and picture need the room."""


def page_button(
    context: ScreenContext,
    name: str,
    text: Words,
    icon: Icon,
    event: Event,
    *,
    style: ButtonStyle = ButtonStyle.SECONDARY,
    hint: Words | None = None,
) -> Button:
    """A button of the scan page with words of its own."""
    return Button(
        context.ui,
        name=name,
        text=text,
        hint=hint,
        icon=icon,
        style=style,
        min_height_mm=18,
        on_press=context.send(event),
    )


def scan_button(context: ScreenContext, name: str, icon: Icon, style: ButtonStyle, event: Event) -> Button:
    """A button of the scan page, with the words of its name."""
    return page_button(context, f"scan.{name}", words(f"lobby.scan.{name}"), icon, event, style=style)


def said_of_page(context: ScreenContext, journey: Journey, taken: PageTaken) -> list[Widget]:
    """What is told about the page: that it is being cleaned, what to look at, or why it cannot be used."""
    ui, state = context.ui, state_of(journey, taken.key)
    if state.waiting:
        return [Notice(ui, words("lobby.scan.cleaning"), framed=False)]
    if state.spoiled is not None:
        return [Notice(ui, words(f"pages.unusable.{state.spoiled.value}"), kind=NoticeKind.ERROR)]
    said: list[Widget] = []
    for flaw in in_order(state.findings):
        text = finding_words(flaw, state.same, journey, context.world())
        turned = flaw.kind is FlawKind.TURNED
        notice = Notice(ui, text, kind=NoticeKind.SUCCESS if turned else NoticeKind.WARNING, framed=not turned)
        if flaw.kind is FlawKind.SAME and state.same is not None:
            data = thumbnail(context.session.scratch, state.same)
            said.append(picture_beside(ui, data, text, notice))
        else:
            said.append(notice)
    if not taken.found:
        said.append(Notice(ui, words("lobby.scan.no_edges")))
    return said[: MOST_SAID[ui.panel.portrait]]


def deciding(context: ScreenContext, state: PageState) -> list[Widget]:
    """Keep it, take it again, turn it, keep its colours."""
    style = ButtonStyle.SECONDARY if state.spoiled is None else ButtonStyle.PRIMARY
    again = scan_button(context, "retake", Icon.CAMERA, style, RetakePage())
    if state.spoiled is not None:
        if not state.can_be_kept:
            return [again]
        keep = scan_button(context, "keep_as_it_is", Icon.CHECK, ButtonStyle.SECONDARY, AcceptPage())
        return [again, keep]
    turn = scan_button(context, "turn", Icon.TURN, ButtonStyle.SECONDARY, TurnPage())
    name, icon = ("black_and_white", Icon.DOCUMENT) if state.in_colour else ("in_colour", Icon.PICTURE)
    colours = scan_button(context, name, icon, ButtonStyle.SECONDARY, KeepColours(not state.in_colour))
    turn.enabled = colours.enabled = not state.waiting
    accept = scan_button(context, "accept", Icon.CHECK, ButtonStyle.PRIMARY, AcceptPage())
    if context.ui.panel.portrait:
        return [accept, Row(context.ui, (again, turn, colours))]
    return [accept, Row(context.ui, (again, turn)), colours]  # three beside each other would break their words
