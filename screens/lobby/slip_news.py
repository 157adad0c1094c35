"""What became of a slip, and the button for another one; the same on every page that a slip belongs to."""

from __future__ import annotations

from kiosk.flow.events import PaperState, Reprint
from screens.components import Button, Icon, NoticeKind, words
from screens.lobby.screen import ScreenContext

SLIP_KIND = {
    PaperState.WAITING: NoticeKind.INFO,
    PaperState.PRINTED: NoticeKind.SUCCESS,
    PaperState.NOT_PRINTED: NoticeKind.WARNING,
    PaperState.UNKNOWN: NoticeKind.WARNING,
    PaperState.SAVED: NoticeKind.INFO,
}
"""How news of a slip are framed."""


def reprint_button(context: ScreenContext, page: str, slip: PaperState | None) -> Button:
    """Asks for the slip again; out of use while one is on its way. Its words are those of `page` in the catalogue."""
    return Button(
        context.ui,
        name=f"{page}.reprint",
        text=words(f"lobby.{page}.reprint"),
        icon=Icon.PRINTER,
        enabled=slip is not PaperState.WAITING,
        min_height_mm=18,
        on_press=context.send(Reprint()),
    )
