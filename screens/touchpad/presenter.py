"""What the pad shows: the page that is due, in the language that was chosen, and nothing of an answer that is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from kiosk.rating import pad_events as ev
from kiosk.rating.pad import Pad, PadStage
from screens.components import Stage
from screens.components.context import Ui
from screens.theme import Look, TextSize
from screens.touchpad import pages
from screens.touchpad.page import IdlePage
from screens.touchpad.typing import TypingPage, words_fit

ARMS_LENGTH_MM = 160.0
"""A panel lower than this is used from 50 cm at most, where capitals of 6.7 mm (LARGE) are 0.77° high: more than the
0.7° that EN 301 549 5.1.4 asks of its large mode."""


class PadPresenter:
    """Builds pages and replaces them as the pad goes on."""

    def __init__(self, root: Stage, ui: Ui, idle: IdlePage, dispatch: Callable[[ev.Event], None]) -> None:
        self._root = root
        self._ui = ui
        self._idle = idle
        self._dispatch = dispatch
        self._page: pages.Page | None = None
        self._shown: object = None
        self._pad = Pad()
        if ui.panel.mm(min(ui.panel.width, ui.panel.height)) < ARMS_LENGTH_MM:
            ui.largest = TextSize.LARGE
        ui.on_look(self._look_changed)

    def show(self, pad: Pad) -> None:
        """Show `pad` as it is now."""
        self._pad = pad
        # The list of reasons has as many columns as its letters allow.
        size = self._ui.look.size if pad.stage is PadStage.REASONS else None
        due = (pad.stage, pad.question.invitation_id if pad.question is not None else "", size)
        if due != self._shown:
            self._shown = due
            if pad.stage is PadStage.IDLE:
                self._ui.look = self._ui.default_look  # whoever comes next finds everything as it was
            self._speak(pad)
            self._page = self._build(pad)
            self._root.show(self._idle if self._page is None else self._page.widget)
        else:
            self._speak(pad)
            if self._page is not None:
                self._page.refresh(pad)

    def _speak(self, pad: Pad) -> None:
        if self._ui.language is not pad.language:
            self._ui.look = self._ui.look.with_(language=pad.language)

    def _look_changed(self, look: Look) -> None:
        if look.language is not self._pad.language:
            self._dispatch(ev.ChooseLanguage(look.language))
        else:
            self._dispatch(ev.Touched())

    def _build(self, pad: Pad) -> pages.Page | None:
        ui, dispatch = self._ui, self._dispatch
        match pad.stage:
            case PadStage.IDLE:
                return None
            case PadStage.INVITED:
                return pages.invited(ui, pad, dispatch, self._idle.window.window)
            case PadStage.REASONS:
                return pages.ReasonsPage(ui, pad, dispatch, words_offered=words_fit(ui))
            case PadStage.COMMENT | PadStage.CALL_BACK:
                return TypingPage(ui, pad, dispatch)
            case PadStage.SAVING:
                return pages.saving(ui)
            case PadStage.THANKS:
                return pages.thanks(ui, pad)
            case PadStage.NOT_SAVED:
                return pages.not_saved(ui)
            case _:
                assert_never(pad.stage)
