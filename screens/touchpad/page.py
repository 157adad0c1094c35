"""What a window's touchpad shows while there is nothing to ask: whose it is, what its window is doing, what it is for,
the time, and how it is connected. One quiet button: what could not be got done (办不成事) can be said at any time."""

from __future__ import annotations

from enum import Enum

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.uix.widget import Widget

from kiosk.agent.rating_messages import PadWindow
from kiosk.i18n import Language, Text
from kiosk.rating.window_state import Activity
from kiosk.receipts.words import written_day
from screens.components import Action, Button, Icon, Row, Stack, TextBlock, TextRole, Words, words
from screens.components.context import Styled, Ui
from screens.lobby.emblem import Emblem
from screens.lobby.points import Point


class Connection(Enum):
    """Whether an invitation could reach this pad now."""

    READY = ("touchpad.ready", Icon.SUCCESS, "success")
    NO_COURT = ("touchpad.no_court", Icon.WARNING, "warning")
    STARTING = ("touchpad.starting", Icon.CLOCK, "warning")
    NO_WINDOW = ("touchpad.no_window", Icon.WARNING, "warning")


_ROOMY_MM = 120.0
"""Pads lower than this name the window beside the court, where others have the clock."""

_WIDE_MM = 160.0
"""Pads narrower than this show their words in the ordinary size, and the hour without the day."""

_COURT_BEFORE_CONFIG = Text(zh="人民法院", ko="인민법원", en="People's Court")


class IdlePage(Styled, Widget):
    """The whole screen. `court`, `window`, `connection` and `takes_reports` may be set at any time; call `show_time`
    every few seconds. What is not known of the window is not on the page, and no button that would do nothing."""

    def __init__(self, ui: Ui) -> None:
        self.ui = ui
        self._connection = Connection.STARTING
        self._window = PadWindow("")
        super().__init__()
        self._bands = InstructionGroup()
        self.canvas.before.add(self._bands)
        low = ui.panel.mm(ui.panel.height) < _ROOMY_MM
        wide = self._wide = ui.panel.mm(ui.panel.width) >= _WIDE_MM and not low
        role = TextRole.TITLE if wide else TextRole.BODY
        self._pad_mm = 1.6 if low else 4.0
        self._court = TextBlock(ui, _COURT_BEFORE_CONFIG, role=role, bold=True, ink="on_header")
        self._time = TextBlock(ui, "", ink="on_header", fit=True)
        self._place = TextBlock(
            ui,
            "",
            role=role if low else TextRole.DISPLAY,
            bold=True,
            halign="left" if low else "center",
            ink="on_header" if low else "text",
            fit=low,
        )
        self._header = Row(ui, (self._court, self._place if low else self._time), align="center")
        self._emblem = Emblem(ui, side_mm=26)
        self._activity = TextBlock(ui, "", role=role, halign="center")
        purpose = [
            TextBlock(ui, words("touchpad.purpose").in_(language), role=role, bold=not wide, halign="center")
            for language in Language
        ]
        said = (self._activity, *purpose) if low else (self._place, self._activity, *purpose)
        self._purpose = Stack(ui, said, gap_mm=self._pad_mm / 2)
        self.on_report: Action | None = None
        self._report = Button(
            ui,
            name="report",
            text=" · ".join(words("touchpad.unresolved.open").in_(language) for language in Language),
            spoken=words("touchpad.unresolved.open"),
            on_press=self._wants_to_report,
        )
        self._told = Stack(ui, ())
        self._state = Row(ui, (self._told,), gap_mm=6.0) if wide else Stack(ui, (self._told,), gap_mm=0.0)
        for part in (self._header, self._emblem, self._purpose, self._state):
            self.add_widget(part)
            self.redraw_on(self._arrange, "height", of=part)
        self.redraw_on(self._arrange, "pos", "size")
        self._show_state()
        self.show_time()
        self.restyle_if_stale()

    def spoken_heading(self) -> Words:
        """What is said when the page opens."""
        return words("touchpad.purpose")

    @property
    def court(self) -> Words:
        """The court's name."""
        return self._court.text

    @court.setter
    def court(self, court: Words) -> None:
        self._court.text = court

    @property
    def window(self) -> PadWindow:
        """Whose pad it is, and what the window is doing."""
        return self._window

    @window.setter
    def window(self, window: PadWindow) -> None:
        self._window = window
        place = words("touchpad.window", window=window.window).zh if window.window else ""
        self._place.text = "　".join(filter(None, (place, window.staff)))
        if window.activity is Activity.UNKNOWN:
            self._activity.text = ""
        else:
            told = words(f"touchpad.activity.{window.activity.value}")
            said = " · ".join(told.in_(language) for language in Language)
            self._activity.text = "　".join(filter(None, (window.number, said)))

    @property
    def connection(self) -> Connection:
        """How the pad is connected."""
        return self._connection

    @connection.setter
    def connection(self, connection: Connection) -> None:
        if connection is not self._connection:
            self._connection = connection
            self._show_state()

    @property
    def takes_reports(self) -> bool:
        """Whether a report of what could not be got done can be taken in now."""
        return self._report.parent is not None

    @takes_reports.setter
    def takes_reports(self, takes: bool) -> None:
        if takes and not self.takes_reports:
            # Beside what is said of the connection, or over it.
            self._state.add_widget(self._report, 0 if self._wide else len(self._state.children))
        elif not takes and self.takes_reports:
            self._state.remove_widget(self._report)

    def _wants_to_report(self) -> None:
        if self.on_report is not None:
            self.on_report()

    def show_time(self) -> None:
        """Bring the clock up to date."""
        now = self.ui.clock.now()
        day = f"{written_day(now.date(), Language.ZH)}　" if self._wide else ""
        self._time.text = f"{day}{now:%H:%M}"

    def _show_state(self) -> None:
        key, icon, ink = self._connection.value
        self._told.clear_widgets()
        said = " · ".join(words(key).in_(language) for language in Language)
        self._told.add_widget(Point(self.ui, icon, text=said, ink=ink))

    def restyle(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        ui, pad = self.ui, self.ui.px(self._pad_mm)
        colours = ui.palette
        for part in (self._header, self._purpose, self._state):
            part.width = self.width - 2 * ui.margin
            part.settle()
            part.x = self.x + ui.margin
        band = self._header.height + 2 * pad
        self._header.top = self.top - pad
        self._state.y = self.y + pad
        bottom, top = self._state.top + pad, self.top - band
        room, height = top - bottom, self._purpose.height
        fits = height + self._emblem.height + 4 * pad <= room
        self._emblem.opacity = 1.0 if fits else 0.0
        if fits:
            height += self._emblem.height + 2 * pad
            self._emblem.width, self._emblem.x = self.width, self.x
            self._emblem.top = bottom + (room + height) / 2
        self._purpose.y = bottom + (room - height) / 2
        self._bands.clear()
        self._bands.add(Color(rgba=colours.header))
        self._bands.add(Rectangle(pos=(self.x, top), size=(self.width, band)))
