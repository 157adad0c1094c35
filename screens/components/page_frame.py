"""The frame of every page: question, body, keyboard, Back and Continue, and the services that are always there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kivy.graphics import Color, InstructionGroup, Line, Rectangle
from kivy.uix.widget import Widget

from screens.components.button import Button, ButtonStyle
from screens.components.context import Action, Styled, Ui, Words, words
from screens.components.icons import Icon, draw_icon
from screens.components.input_box import InputBox
from screens.components.layout import Row, Stack
from screens.components.notice import ErrorSummary, FieldError
from screens.components.scroll_area import ScrollArea
from screens.components.service_bar import ServiceActions, ServiceBar, ServiceRail, SettingsRow
from screens.components.text_block import TextBlock
from screens.keyboard.kinds import Layer
from screens.keyboard.panel import KeyboardPanel
from screens.keyboard.typist import InputMethod
from screens.theme import TextRole

LOW_REACH_FRACTION = 0.6
"""In the low-reach layout of an upright screen every control lies in this lower part (EN 301 549 8.3.4)."""

LOWERED_UPRIGHT, LOWERED_WIDE = 0.33, 0.25
"""How much of the room that a short page leaves lies above it, so that its answers come to the hand."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the person is: step `step` of `total`, and the name of this part of the journey."""

    step: int
    total: int
    label: Words


@dataclass(frozen=True, slots=True)
class UprightServices:
    """Where the services are on an upright screen: settings in the header, the rest at the bottom."""

    settings: SettingsRow
    bar: ServiceBar


class ProgressLine(Stack):
    """ "3 / 12 · Parties" above a bar of segments."""

    def __init__(self, ui: Ui, progress: Progress) -> None:
        self._progress = progress
        text = words("toolkit.page.progress", step=progress.step, total=progress.total, label=progress.label)
        self._bar = Widget(size_hint=(1, None))
        self._group = InstructionGroup()
        self._bar.canvas.add(self._group)
        super().__init__(ui, (TextBlock(ui, text, ink="hint"), self._bar), gap_mm=1.0)
        self.redraw_on(self._draw, "pos", "size", of=self._bar)

    def restyle(self) -> None:
        self._bar.height = self.ui.px(1.6)
        super().restyle()
        self._draw()

    def _draw(self) -> None:
        total = max(1, self._progress.total)
        gap = self.ui.px(0.8)
        width = (self._bar.width - gap * (total - 1)) / total
        self._group.clear()
        for i in range(total):
            x = self._bar.x + i * (width + gap)
            if i < self._progress.step:
                self._group.add(Color(rgba=self.ui.palette.primary))
                self._group.add(Rectangle(pos=(x, self._bar.y), size=(width, self._bar.height)))
            else:
                self._group.add(Color(rgba=self.ui.palette.border))
                self._group.add(Line(rectangle=(x + 1, self._bar.y + 1, width - 2, self._bar.height - 2), width=1.0))


class PageFrame(Styled, Widget):
    """One page. Give it the whole screen by `stage.show(page)`.

    The body is any widget that sets its own height (usually a Stack); it scrolls with big buttons when it must. The
    focus on an InputBox opens its keyboard above Back and Continue, which stay in sight.
    """

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        title: Words,
        body: Widget,
        service: ServiceActions,
        on_continue: Action | None = None,
        on_back: Action | None = None,
        continue_text: Words | None = None,
        back_text: Words | None = None,
        intro: Words = "",
        progress: Progress | None = None,
        methods: Mapping[Layer, InputMethod] | None = None,
        court: Words = "",
        continue_style: ButtonStyle = ButtonStyle.PRIMARY,
        from_top: bool = False,
    ) -> None:
        self.ui = ui
        self.name = name
        self.body = body
        self._methods = methods or {}
        self._from_top = from_top
        self._lowered = 0.0
        self._stays = False
        self._measured: object = None
        super().__init__(size_hint=(1, 1))
        self._ground = InstructionGroup()
        self.canvas.before.add(self._ground)
        self.title = TextBlock(ui, title, role=TextRole.TITLE, bold=True)
        self.court = TextBlock(ui, court, ink="on_header", bold=True)
        self._progress = Stack(ui, () if progress is None else (ProgressLine(ui, progress),))
        self._heading = Stack(ui, (self.title,))
        intro_block = (TextBlock(ui, intro),) if intro else ()
        self._content = Stack(ui, (*intro_block, body), gap_mm=5.0, pad_mm=1.0)
        self.scroll = ScrollArea(ui, self._content, name=f"{name}.scroll")
        self.continue_button = self._nav("continue", continue_text, on_continue, continue_style)
        self.back_button = self._nav("back", back_text, on_back, ButtonStyle.SECONDARY)
        nav = [b for b in (self.back_button, self.continue_button) if b is not None]
        if self.back_button is not None and self.continue_button is not None:
            self.back_button.size_hint = (0.4, None)
            self.continue_button.size_hint = (0.6, None)
        self._nav_row = Row(ui, nav, gap_mm=5.0)
        self._services: UprightServices | ServiceRail = (
            UprightServices(SettingsRow(ui, style=ButtonStyle.BARE), ServiceBar(ui, service))
            if ui.panel.portrait
            else ServiceRail(ui, service)
        )
        self._error_summary: ErrorSummary | None = None
        self.keyboard: KeyboardPanel | None = None
        self._typing_in: InputBox | None = None
        services = self._service_parts()
        for part in (self.court, self._progress, self._heading, self.scroll, self._nav_row, *services):
            self.add_widget(part)
        self.redraw_on(self._arrange, "pos", "size")
        for part in (self._progress, self._heading, self._content, self._nav_row, *services):
            self.redraw_on(self._arrange, "height", of=part)
        self.restyle_if_stale()

    def _service_parts(self) -> list[SettingsRow | ServiceBar | ServiceRail]:
        match self._services:
            case UprightServices(settings, bar):
                return [settings, bar]
            case ServiceRail() as rail:
                return [rail]

    def _nav(self, name: str, text: Words | None, action: Action | None, style: ButtonStyle) -> Button | None:
        if action is None:
            return None
        return Button(
            self.ui,
            name=f"nav.{name}",
            text=text if text is not None else words(f"toolkit.page.{name}"),
            on_press=action,
            style=style,
            icon=Icon.BACK if name == "back" else None,
            min_height_mm=16.0,
        )

    def spoken_heading(self) -> Words:
        """What is said when the page opens."""
        return self.title.text

    def stay(self) -> None:
        """Something is being answered: from now on the page moves no more than it must."""
        self._stays = True

    def set_time_left(self, text: Words | None) -> None:
        """Show the time left on the "more time" button, or its usual words."""
        for button in (button for part in self._service_parts() for button in part.buttons):
            if button.name == "service.more_time":
                button.text = text if text is not None else words("toolkit.service.more_time")

    # Errors

    def show_errors(self, errors: Sequence[FieldError]) -> None:
        """Put the summary on top and move the focus (and so the speech) to it; with no errors take it away."""
        if self._error_summary is not None:
            self._content.remove_widget(self._error_summary)
            self._error_summary = None
        if not errors:
            return
        self.close_keyboard()
        self._error_summary = ErrorSummary(self.ui, errors)
        self._content.add_widget(self._error_summary, len(self._content.children))
        self.scroll.scroll_to(0)
        self.ui.focus_on(self._error_summary.first_jump)

    def update_errors(self, errors: Sequence[FieldError]) -> None:
        """Bring a summary that is shown up to date while the person works through it; the focus stays where it is."""
        if self._error_summary is None:
            return
        if errors:
            self._error_summary.update(errors)
        else:
            if self._error_summary.first_jump.focused:
                self.ui.focus_on(None)
            self.show_errors(())

    # Keyboard

    def open_keyboard(self, box: InputBox) -> None:
        """Open the keyboard that `box` asks for."""
        self.close_keyboard()
        self.keyboard = KeyboardPanel(
            self.ui, kind=box.kind, target=box, methods=self._methods, on_done=lambda: self._done(box)
        )
        self.add_widget(self.keyboard)
        self.redraw_on(self._arrange, "height", of=self.keyboard)
        self._typing_in = box
        self._arrange()
        self._content.settle()
        self.scroll.scroll_to_show(getattr(box, "field", box))
        self.scroll.scroll_to_show(box)

    def close_keyboard(self) -> None:
        """Take the keyboard away, and drop what was being composed."""
        if self.keyboard is not None:
            self.keyboard.abandon()
            self.remove_widget(self.keyboard)
            self.keyboard = None
        if self._typing_in is not None:
            self._typing_in.fit(None)
            self._typing_in = None
            self._arrange()

    def _done(self, box: InputBox) -> None:
        self.ui.focus_on(None)
        submit = getattr(getattr(box, "field", None), "on_submit", None)
        if submit is not None:
            submit()

    # Layout

    def restyle(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        self._ground.clear()
        match self._services:
            case UprightServices(settings, bar):
                self._arrange_upright(settings, bar)
            case ServiceRail() as rail:
                self._arrange_wide(rail)
        if self._typing_in is not None:
            # Question and box stay in sight together above the keyboard, however large the letters.
            field: Widget = getattr(self._typing_in, "field", self._typing_in)
            around = field.height - self._typing_in.height + 2 * self.ui.px(3.0)
            self._typing_in.fit(self.scroll.height - around)

    def _arrange_upright(self, settings: SettingsRow, bar: ServiceBar) -> None:
        ui, margin, gap = self.ui, self.ui.margin, self.ui.px(4.0)
        low = ui.look.low_reach
        width = self.width - 2 * margin
        for part in (bar, self._nav_row, self._progress, self._heading, settings):
            part.width = width
            part.settle()
        bottom = self.y + margin
        bar.x, bar.y = self.x + margin, bottom
        bottom = bar.top + gap
        settings_width = sum(b.width for b in settings.children) + 3 * ui.px(2.6)
        settings.width = settings_width
        settings.settle()
        header = max(settings.height + ui.px(3.0), ui.px(20.0))
        if low:
            header = max(ui.px(20.0), ui.font_px() * 2.0)
        self._draw_header(self.x, self.top - header, self.width, header)
        if low:
            band = settings.height + ui.px(2.0)
            self._ground.add(Color(rgba=ui.palette.header))
            self._ground.add(Rectangle(pos=(self.x, bottom), size=(self.width, band)))
            settings.center_x, settings.y = self.center_x, bottom + ui.px(1.0)
            bottom += band + gap
            name_room = width
        else:
            settings.right, settings.center_y = self.right - margin / 2, self.top - header / 2
            name_room = settings.x - self.x - 2 * margin
        self._place_court(self.x + margin, self.top - header / 2, name_room, header)
        body_top = self._place_heading(self.x + margin, self.top - header - gap * 1.5)
        if low:
            body_top = min(body_top, self.y + self.height * LOW_REACH_FRACTION)
        self._place_body(self.x + margin, width, bottom, body_top, separate=True)

    def _arrange_wide(self, services: ServiceRail) -> None:
        ui, margin = self.ui, self.ui.margin
        rail = max(ui.px(66.0), ui.font_px() * 8.2)
        self._draw_header(self.x, self.y, rail, self.height)
        services.width = rail - margin
        services.settle()
        services.x, services.y = self.x + margin / 2, self.y + margin
        self._place_court_above(services.top, self.x + margin / 2, rail - margin)
        left, width = self.x + rail + margin, self.width - rail - 2 * margin
        for part in (self._nav_row, self._progress, self._heading):
            part.width = width
            part.settle()
        body_top = self._place_heading(left, self.top - margin)
        self._place_body(left, width, self.y + margin, body_top, separate=False)

    def _place_heading(self, x: float, top: float) -> float:
        """Progress and heading, from `top` down; where the body may begin."""
        self._progress.x, self._progress.top = x, top
        if self._progress.children:
            top = self._progress.y - self.ui.px(2.0)
        self._heading.x, self._heading.top = x, top
        return float(self._heading.y) - self.ui.px(4.0)

    def _place_court(self, x: float, centre: float, room: float, height: float) -> None:
        """Emblem and name, as far as there is room for them."""
        side = min(self.ui.px(11.0), height - self.ui.px(3.0))
        self.court.opacity = 0.0
        if room < side or side < self.ui.px(6.0):
            return
        self._ground.add(Color(rgba=self.ui.palette.on_header))
        draw_icon(self._ground, Icon.SCALES, x, centre - side / 2, side)
        left = x + side + self.ui.px(2.5)
        self.court.width = max(1.0, x + room - left)
        if self.court.height <= height and self.court.width > self.ui.font_px() * 3.5:
            self.court.opacity = 1.0
            self.court.x, self.court.center_y = left, centre

    def _place_court_above(self, bottom: float, x: float, room: float) -> None:
        """Emblem with the name under it, at the top of the rail, as far as there is room above `bottom`."""
        ui = self.ui
        side = ui.px(11.0)
        top = self.top - ui.margin
        self.court.opacity = 0.0
        self.court.width = room
        if top - side - ui.px(2.5) - self.court.height < bottom + ui.px(4.0):
            return
        self._ground.add(Color(rgba=ui.palette.on_header))
        draw_icon(self._ground, Icon.SCALES, x, top - side, side)
        self.court.opacity = 1.0
        self.court.x, self.court.top = x, top - side - ui.px(2.5)

    def _draw_header(self, x: float, y: float, width: float, height: float) -> None:
        self._ground.add(Color(rgba=self.ui.palette.header))
        self._ground.add(Rectangle(pos=(x, y), size=(width, height)))
        self._ground.add(Color(rgba=self.ui.palette.border))
        upright = self.ui.panel.portrait
        ends = [x, y, x + width, y] if upright else [x + width, y, x + width, y + height]
        self._ground.add(Line(points=ends, width=1.0))

    def _place_body(self, x: float, width: float, bottom: float, top: float, *, separate: bool) -> None:
        gap = self.ui.px(4.0)
        if separate:
            self._ground.add(Color(rgba=self.ui.palette.border))
            y = bottom - gap / 2
            self._ground.add(Line(points=[x, y, x + width, y], width=1.0))
            bottom += gap / 2
        self._nav_row.x, self._nav_row.y = x, bottom
        if self._nav_row.height > 0 and self._nav_row.children:
            bottom = self._nav_row.top + gap
        if self.keyboard is not None:
            self.keyboard.width = width
            self.keyboard.settle()
            self.keyboard.x, self.keyboard.y = x, bottom
            bottom = self.keyboard.top + gap
        lowered = self._lowering(width, top - bottom)
        self._heading.top -= lowered
        self.scroll.pos = (x, bottom)
        self.scroll.size = (width, max(self.ui.target, top - lowered - bottom))

    def _lowering(self, width: float, room: float) -> float:
        """How far heading and body of a short page come down in `room`, towards the hand (ux-rule 17)."""
        ui = self.ui
        if self._from_top or (ui.panel.portrait and ui.look.low_reach):
            return 0.0
        if self._measured != (width, ui.look):
            self._measured = (width, ui.look)
            self._content.width = width
            self._content.settle()
        left = max(0.0, room - self._content.height)
        if not self._stays:
            self._lowered = left * (LOWERED_UPRIGHT if ui.panel.portrait else LOWERED_WIDE)
        return min(self._lowered, left)
