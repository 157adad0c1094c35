"""What every component shares: the panel, the look, the words, and the guards against double touches.

There is one `Ui` per window. It is passed to each component as first argument, so that nothing is global and a test can
hold several. Changing the look walks the living widgets and asks each to restyle itself; no widget is rebuilt, so no
answer, caret or scroll position is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.clock import Clock as TimeSource
from kiosk.clock import SystemClock
from kiosk.i18n import Language, Text, catalogue
from screens.theme import (
    MIN_GAP_MM,
    MIN_TARGET_MM,
    Look,
    Palette,
    Panel,
    TextRole,
    TextSize,
    palette,
)

Words = Text | str
"""What a component shows: a `Text` follows the language; a `str` (a name, an amount) is the same in all."""

Action = Callable[[], None]

SAME_TARGET_REST_S = 0.3
"""A second touch of the same target sooner than this is a trembling hand or a bouncing panel (kivy#1903)."""
OTHER_TARGET_REST_S = 0.08
"""Two different targets closer together than this are a palm or mashing children."""
KEY_REST_S = 0.03
"""Keys are typed fast; only a true bounce is shorter."""


def words(key: str, **values: object) -> Text:
    """The catalogue entry `key` with its `{name}` fields filled in all three languages. Raises KeyError."""
    text = catalogue()[key]
    if not values:
        return text

    def filled(language: Language) -> str:
        of_language = {k: v.in_(language) if isinstance(v, Text) else v for k, v in values.items()}
        return text.in_(language).format(**of_language)

    return Text(zh=filled(Language.ZH), ko=filled(Language.KO), en=filled(Language.EN))


def in_language(said: Words, language: Language) -> str:
    """`said` in `language`."""
    return said if isinstance(said, str) else said.in_(language)


@dataclass
class TouchGuard:
    """Refuses activations that follow too closely (rule: random taps do no harm)."""

    clock: TimeSource
    _last_name: str = ""
    _last_at: float = field(default=float("-inf"))

    def accept(self, name: str, *, key: bool = False) -> bool:
        """Whether an activation of target `name` now is meant; remembers it if so."""
        now = self.clock.monotonic()
        since = now - self._last_at
        if key:
            rest = KEY_REST_S if name == self._last_name else 0.0
        else:
            rest = SAME_TARGET_REST_S if name == self._last_name else OTHER_TARGET_REST_S
        if since < rest:
            return False
        self._last_name, self._last_at = name, now
        return True


class Overlays(Protocol):
    """Where dialogs go; the Stage."""

    def open(self, dialog: Widget) -> None:
        """Lay `dialog` over everything."""
        ...

    def close(self, dialog: Widget) -> None:
        """Take it away."""
        ...


class Ui:
    """The shared context of one window."""

    def __init__(self, panel: Panel, look: Look | None = None, clock: TimeSource | None = None) -> None:
        self.panel = panel
        self.default_look = look or Look()
        self.clock: TimeSource = clock or SystemClock()
        self.guard = TouchGuard(self.clock)
        self.root: Widget | None = None
        """The widget under which everything on screen lives; the Stage sets itself."""
        self.overlays: Overlays | None = None
        self._look = self.default_look
        self._palette = palette(self._look.theme)
        self._listeners: list[Callable[[Look], None]] = []
        self.focused: Widget | None = None
        self._focus_listeners: list[Callable[[Widget | None], None]] = []
        self._page_listeners: list[Callable[[Widget], None]] = []
        self._announcements: list[Callable[[Words], None]] = []
        self.has_speech = True
        """Whether there is a voice; without one the sound button is not on the pages."""
        self.largest = TextSize.LARGEST
        """The largest text size that a person can choose; a small panel near the eyes needs no larger ones."""
        self.held: Widget | None = None
        """The one target that a finger is on; a second finger elsewhere does nothing."""

    def focus_on(self, widget: Widget | None) -> None:
        """Move the focus, which needs a `focused` property on `widget`; listeners (speech, keyboard) hear of it."""
        if widget is self.focused:
            return
        before, self.focused = self.focused, widget
        if before is not None:
            before.focused = False
        if widget is not None:
            widget.focused = True
        for listener in list(self._focus_listeners):
            listener(widget)

    def on_focus(self, listener: Callable[[Widget | None], None]) -> None:
        """Call `listener` with the widget that has the focus, or None, after each move."""
        self._focus_listeners.append(listener)

    def page_opened(self, page: Widget) -> None:
        """Tell the listeners (speech) that `page` or a dialog has come to the front."""
        for listener in list(self._page_listeners):
            listener(page)

    def on_page(self, listener: Callable[[Widget], None]) -> None:
        """Call `listener` with each page or dialog that comes to the front."""
        self._page_listeners.append(listener)

    def announce(self, said: Words) -> None:
        """Tell the listeners (speech) what has just come up without a touch: a page is about to be taken."""
        for listener in list(self._announcements):
            listener(said)

    def on_announce(self, listener: Callable[[Words], None]) -> None:
        """Call `listener` with what is announced."""
        self._announcements.append(listener)

    def open_overlay(self, dialog: Widget) -> None:
        """Lay `dialog` over the page."""
        if self.overlays is not None:
            self.overlays.open(dialog)

    def close_overlay(self, dialog: Widget) -> None:
        """Take `dialog` away."""
        if self.overlays is not None:
            self.overlays.close(dialog)

    @property
    def look(self) -> Look:
        """What the person chose."""
        return self._look

    @look.setter
    def look(self, look: Look) -> None:
        if look == self._look:
            return
        self._look = look
        self._palette = palette(look.theme)
        if self.root is not None:
            restyle_tree(self.root)
        for listener in list(self._listeners):
            listener(look)

    def on_look(self, listener: Callable[[Look], None]) -> None:
        """Call `listener` after each change of the look (the application clears the window with the background)."""
        self._listeners.append(listener)

    @property
    def palette(self) -> Palette:
        """The colours of the chosen theme."""
        return self._palette

    @property
    def language(self) -> Language:
        """The chosen language."""
        return self._look.language

    def px(self, millimetres: float) -> float:
        """Millimetres in pixels of this panel."""
        return self.panel.px(millimetres)

    @property
    def gap(self) -> float:
        """The least distance between two targets, in pixels."""
        return self.panel.px(MIN_GAP_MM)

    @property
    def margin(self) -> float:
        """Distance from the edge of the screen, in pixels."""
        return self.panel.px(6.0)

    @property
    def target(self) -> float:
        """The least side of a target, in pixels."""
        return self.panel.px(MIN_TARGET_MM)

    def font_px(self, role: TextRole = TextRole.BODY) -> int:
        """Font size of `role` at the chosen text size, in pixels."""
        return self.panel.font_px(self._look.size, role)

    def say(self, said: Words) -> str:
        """`said` in the chosen language."""
        return in_language(said, self._look.language)


class Styled:
    """Mixin of every component: knows its `ui`, and can take on a new look at any time."""

    ui: Ui
    _styled_as: Look | None = None

    # Of the Widget this is mixed into.
    x: float
    y: float
    top: float
    right: float
    width: float
    height: float

    def apply_class_lang_rules(self, **_: object) -> None:
        """Take nothing from Kivy's own stylesheet, which matches classes by bare name (it has a Button too)."""

    def redraw_on(self, redraw: Action, *properties: str, of: Widget | None = None) -> None:
        """Call `redraw` once before the next frame in which any of `properties` (of this widget, or of `of`) changed.

        Not at once: in the middle of a change Kivy's derived properties (top, right, center) still hold old values.
        """
        watched: Any = self if of is None else of
        trigger = Clock.create_trigger(lambda _elapsed: redraw(), -1)
        for name in properties:
            watched.fbind(name, trigger)

    def on_parent(self, _widget: Widget, parent: Widget | None) -> None:
        """What was off the screen while the look changed catches up when it comes back."""
        if parent is not None and self._styled_as is not None:
            restyle_tree(self)

    def settle(self) -> None:
        """Work out the own height for the present width, now; so that a parent's layout is right in one pass."""

    def restyle(self) -> None:
        """Take colours, sizes and words from `ui` again. Called on creation and after each change of the look."""

    def restyle_if_stale(self) -> None:
        """Restyle unless that was already done for the present look."""
        if self._styled_as != self.ui.look:
            self._styled_as = self.ui.look
            self.restyle()


def in_visual_order(widget: Widget) -> Iterator[Widget]:
    """`widget` and all below it, in the order in which they were added (Kivy keeps children in reverse)."""
    yield widget
    for child in reversed(widget.children):
        yield from in_visual_order(child)


def restyle_tree(root: Widget) -> None:
    """Bring every component under `root` to the present look, outer ones first: they set the inner ones' width."""
    for widget in list(in_visual_order(root)):
        if isinstance(widget, Styled):
            widget.restyle_if_stale()
