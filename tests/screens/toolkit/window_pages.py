"""A page with whatever components a test wants, in a real window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.i18n import Text
from screens.components import (
    PageFrame,
    ServiceActions,
    Stack,
)
from screens.keyboard.methods import input_methods

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow


class Log:
    """Remembers what was called, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, name: str):
        return lambda: self.calls.append(name)


def page_of(window: KioskWindow, *body: object, log: Log | None = None) -> PageFrame:
    log = log or Log()
    service = ServiceActions(log("call_person"), log("more_time"), log("at_window"))
    page = PageFrame(
        window.ui,
        name="page",
        title=Text("问题", "질문", "Question"),
        body=Stack(window.ui, body),
        service=service,
        on_continue=log("continue"),
        on_back=log("back"),
        methods=input_methods(),
    )
    window.show(page)
    return page
