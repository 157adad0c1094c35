"""What the pad shows: the page that is due, in the language that was chosen, and nothing of an answer that is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import assert_never

from kiosk.clock import CHINA
from kiosk.court.uuid7 import uuid7
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import REPORTING, Pad, PadLimits, PadStage
from screens.components import IdleWarning, Stage
from screens.components.context import Ui
from screens.theme import Look, TextSize
from screens.touchpad import pages, report_pages
from screens.touchpad.asked import typed_on
from screens.touchpad.page import IdlePage
from screens.touchpad.typing import TypingPage, words_fit

ARMS_LENGTH_MM = 160.0
"""A panel lower than this is used from 50 cm at most, where capitals of 6.7 mm (LARGE) are 0.77° high: more than the
0.7° that EN 301 549 5.1.4 asks of its large mode."""

_SIZED = frozenset({PadStage.REASONS, PadStage.UNRESOLVED_KIND, PadStage.UNRESOLVED_PLACE, PadStage.UNRESOLVED_DONE})
"""Their answers stand in as many columns, or their number in such letters, as the size chosen allows."""


class PadPresenter:
    """Builds pages and replaces them as the pad goes on."""

    def __init__(self, root: Stage, ui: Ui, idle: IdlePage, dispatch: Callable[[ev.Event], None]) -> None:
        self._root = root
        self._ui = ui
        self._idle = idle
        self._dispatch = dispatch
        self._page: pages.Page | None = None
        self._shown: object = None
        self._warning: IdleWarning | None = None
        self._pad = Pad()
        idle.on_report = self._begin_report
        self._near = ui.panel.mm(min(ui.panel.width, ui.panel.height)) < ARMS_LENGTH_MM
        if self._near:
            ui.largest = TextSize.LARGE
        ui.on_look(self._look_changed)

    def show(self, pad: Pad) -> None:
        """Show `pad` as it is now."""
        self._pad = pad
        size = self._ui.look.size if pad.stage in _SIZED else None
        slow = pad.waits_long(PadLimits())
        due = (pad.stage, pad.question.invitation_id if pad.question is not None else "", size, slow)
        if due != self._shown:
            self._shown = due
            if pad.stage is PadStage.IDLE:
                self._ui.look = self._ui.default_look  # whoever comes next finds everything as it was
            self._speak(pad)
            self._page = self._build(pad)
            self._warning = None  # the stage takes away what lay over the page before
            self._root.show(self._idle if self._page is None else self._page.widget)
        else:
            self._speak(pad)
            if self._page is not None:
                self._page.refresh(pad)
        self._warn(pad.left)

    def _warn(self, left: int | None) -> None:
        """Ask whether somebody is still there, for `left` seconds more."""
        if left is None:
            if self._warning is not None:
                self._ui.close_overlay(self._warning)
                self._warning = None
        elif self._warning is not None:
            self._warning.set_seconds(left)
        else:
            self._warning = IdleWarning(
                self._ui,
                seconds=left,
                brief=self._near,
                on_more_time=lambda: self._dispatch(ev.MoreTime()),
                on_end=lambda: self._dispatch(ev.LeaveReport()),
            )
            self._ui.open_overlay(self._warning)

    def _speak(self, pad: Pad) -> None:
        if self._ui.language is not pad.language:
            self._ui.look = self._ui.look.with_(language=pad.language)

    def _look_changed(self, look: Look) -> None:
        if look.language is not self._pad.language:
            self._dispatch(ev.ChooseLanguage(look.language))
        else:
            self._dispatch(ev.Touched())

    def _begin_report(self) -> None:
        now, window = self._ui.clock.now(), self._idle.window.window
        self._dispatch(ev.BeginReport(uuid7(now), window, now.astimezone(CHINA).date(), words_fit(self._ui)))

    def _build(self, pad: Pad) -> pages.Page | None:
        ui, dispatch = self._ui, self._dispatch
        if (asked := typed_on(pad.stage)) is not None:
            ways = partial(report_pages.ways, ui, dispatch) if pad.stage in REPORTING else None
            return TypingPage(ui, asked, pad, dispatch, ways)
        match pad.stage:
            case PadStage.IDLE:
                return None
            case PadStage.INVITED:
                return pages.invited(ui, pad, dispatch, self._idle.window.window)
            case PadStage.REASONS:
                return pages.ReasonsPage(ui, pad, dispatch, words_offered=words_fit(ui))
            case PadStage.SAVING:
                return pages.saving(ui, slow=pad.waits_long(PadLimits()))
            case PadStage.THANKS:
                return pages.thanks(ui, pad, dispatch, self._begin_report)
            case PadStage.NOT_SAVED:
                return pages.not_saved(ui)
            case PadStage.UNRESOLVED_KIND:
                return report_pages.kind(ui, pad, dispatch)
            case PadStage.UNRESOLVED_DAY:
                return report_pages.day(ui, pad, dispatch)
            case PadStage.UNRESOLVED_PLACE:
                return report_pages.place(ui, pad, dispatch, self._idle.window.window)
            case PadStage.UNRESOLVED_CALL_BACK:
                return report_pages.call_back(ui, pad, dispatch)
            case PadStage.UNRESOLVED_REVIEW:
                return report_pages.review(ui, pad, dispatch)
            case PadStage.UNRESOLVED_SENDING:
                return report_pages.sending(ui, slow=pad.waits_long(PadLimits()))
            case PadStage.UNRESOLVED_NOT_KEPT:
                return report_pages.not_kept(ui, pad, dispatch)
            case PadStage.UNRESOLVED_DONE:
                return report_pages.done(ui, pad, dispatch)
            case (
                PadStage.COMMENT
                | PadStage.CALL_BACK
                | PadStage.UNRESOLVED_OTHER_DAY
                | PadStage.UNRESOLVED_WHICH
                | PadStage.UNRESOLVED_ACCOUNT
                | PadStage.UNRESOLVED_CONTACT
            ):
                raise RuntimeError(f"{pad.stage}: nothing is asked on a page for typing")
            case _:
                assert_never(pad.stage)
