"""A pad under test: its flow and its pages in the real window, with an agent that keeps what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.agent.rating_messages import AnswerRating, PadGrade, PadReason, PadWindow, RatingInvited
from kiosk.agent.unresolved_messages import ReportUnresolved, UnresolvedKept
from kiosk.config.model import Names
from kiosk.court.rating import RatingKind
from kiosk.flow.unresolved_events import ReportKept
from kiosk.i18n import Text
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_runtime import PadRuntime
from kiosk.rating.pad_state import Pad, PadLimits
from kiosk.rating.scales import Verdict, scales
from kiosk.rating.window_state import Activity
from screens.theme import Panel

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow

PADS = {
    "10.1 inch, 1280 x 800": Panel(1280, 800, 0.17),
    "10.1 inch, 1024 x 600": Panel(1024, 600, 0.217),
    "7 inch, 1024 x 600": Panel(1024, 600, 0.15),
    "7 inch, 800 x 480": Panel(800, 480, 0.19),
}
TAKEN = ("T-3F9A12C7", "2026-03-05T09:01:00+08:00", "B20260305-001", "2026-03-06")
"""Reference, moment, number and day of the answer of every report that is handed in."""
COURT = Text("长春市南关区人民法院", "장춘시 남관구 인민법원", "Nanguan District People's Court")


def _names(words: Text) -> Names:
    return Names(zh=words.zh, ko=words.ko, en=words.en)


def question(scale: str = "gb-5", *, number: int = 1, language: str = "zh") -> RatingInvited:
    """An invitation on one of the shipped scales."""
    held = scales()
    return RatingInvited(
        f"invitation-{number}",
        RatingKind.FIRST,
        "filing",
        tuple(PadGrade(one.value, one.verdict is Verdict.BAD, _names(one.words)) for one in held.scale(scale).grades),
        tuple(PadReason(one.code, _names(one.words)) for one in held.reasons),
        language,
    )


class PadBench:
    """One pad in the test's window."""

    def __init__(self, window: KioskWindow, panel: Panel = PADS["7 inch, 1024 x 600"]) -> None:
        from screens.touchpad.page import IdlePage
        from screens.touchpad.presenter import PadPresenter

        window.reset(panel)
        self.window = window
        self.away = False
        self.sent: list[AnswerRating] = []
        self.reports: list[ReportUnresolved] = []
        self.effects: list[ev.Effect] = []
        self.idle = IdlePage(window.ui)
        self.idle.court = COURT
        self.idle.takes_reports = True
        self.idle.window = PadWindow("3", Activity.SERVING, "王示例", "A012")
        self.runtime = PadRuntime(run=self._run, clock=window.clock, limits=PadLimits(), on_change=self._show)
        self._presenter = PadPresenter(window.stage, window.ui, self.idle, self.runtime.dispatch)
        self._presenter.show(self.runtime.pad)
        window.frames()

    def _run(self, effect: ev.Effect) -> None:
        self.effects.append(effect)
        if isinstance(effect, ev.KeepReport):
            self.reports.append(effect.report)
            if not self.away:
                self.runtime.dispatch(ReportKept(UnresolvedKept(effect.report.request, *TAKEN)))
        if isinstance(effect, ev.Keep):
            self.sent.append(effect.answer)
            if not self.away:
                self.runtime.dispatch(ev.Kept(effect.answer.request))

    def _show(self, pad: Pad) -> None:
        self._presenter.show(pad)

    @property
    def pad(self) -> Pad:
        return self.runtime.pad

    def do(self, event: ev.Event, after: float = 1.0) -> None:
        """Let something happen that is no touch."""
        self.window.clock.advance(after)
        self.runtime.dispatch(event)
        self.window.frames()
