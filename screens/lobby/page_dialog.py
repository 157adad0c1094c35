"""What can be done with one scanned page: scan it again, put it elsewhere, take it away."""

from __future__ import annotations

from functools import partial

from kiosk.flow.events import RemovePage
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import GivePage, MovePage, RescanPage
from kiosk.services.dossier import Dossier
from screens.components import Action, Button, Dialog, Icon, Words, words
from screens.lobby.asking import ask_before_removing
from screens.lobby.page_tile import page_tile
from screens.lobby.screen import ScreenContext

_PICTURE_MM = {True: 70.0, False: 36.0}
"""By whether the screen stands upright."""


def ask_about_page(context: ScreenContext, journey: Journey, number: int) -> None:
    """Lay the choice over the page of the line; `number` counts from 0."""
    ui, pages = context.ui, journey.require_evidence()[1].pages
    if number >= len(pages):
        return

    def then(do: Action) -> Action:
        def close() -> None:
            ui.close_overlay(dialog)
            do()

        return close

    def button(name: str, text: Words, do: Action, icon: Icon | None = None) -> Button:
        return Button(ui, name=f"page.{name}", text=text, icon=icon, on_press=then(do))

    def remove() -> None:
        ask_before_removing(
            ui,
            text=words("lobby.evidence.remove_page_text", number=number + 1),
            remove=partial(context.dispatch, RemovePage(number)),
        )

    buttons = [button("rescan", words("lobby.page.rescan"), context.send(RescanPage(number)), Icon.CAMERA)]
    if number > 0:
        buttons.append(button("earlier", words("lobby.page.earlier"), context.send(MovePage(number, -1)), Icon.BACK))
    if number + 1 < len(pages):
        buttons.append(button("later", words("lobby.page.later"), context.send(MovePage(number, 1)), Icon.FORWARD))
    for entry in Dossier(journey, context.world()).evidence:
        if entry.index != journey.open_evidence:
            title = entry.filled.text("title") or words("lobby.evidence.number", number=entry.index + 1)
            text = words("lobby.page.give", what=title)
            buttons.append(button(f"give.{entry.index}", text, context.send(GivePage(number, entry.index))))
    buttons.append(button("remove", words("lobby.page.remove"), remove, Icon.CROSS))
    buttons.append(button("nothing", words("lobby.page.nothing"), lambda: None))
    dialog = Dialog(
        ui,
        name="page",
        title=words("lobby.page.dialog", number=number + 1),
        body=page_tile(context, journey, pages[number], number + 1, height_mm=_PICTURE_MM[ui.panel.portrait]),
        buttons=buttons,
        stacked=True,
    )
    ui.open_overlay(dialog)
