"""The keyboard on the screen: keys as big as fingers, candidates above them, no pop-ups.

Keys act when the finger comes down, so that two thumbs can type. At 1080 and at 1920 pixels across (21.5 inch), each
key is at least 12.7 mm wide and high with 2.54 mm between keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from kivy.uix.widget import Widget

from screens.components.button import IconButton
from screens.components.context import Action, Styled, Ui, words
from screens.components.icons import Icon
from screens.keyboard.keycap import CandidateButton, KeyCap, width_of_candidate
from screens.keyboard.kinds import TEXT_KINDS, WIDE_KINDS, KeyboardKind, Layer
from screens.keyboard.layouts import Blank, Do, Key, Switch, Write
from screens.keyboard.typist import DeleteAll, DeleteBack, Done, Edit, InputMethod, Insert, Typist


class InputTarget(Protocol):
    """What a keyboard types into."""

    def insert(self, text: str) -> None:
        """Put `text` at the caret."""
        ...

    def delete_back(self) -> None:
        """Delete the character before the caret."""
        ...

    def delete_all(self) -> None:
        """Empty the field."""
        ...

    def set_preedit(self, text: str) -> None:
        """Show what is being composed."""
        ...


class KeyboardPanel(Styled, Widget):
    """The keyboard of one field. Its owner sets `width` and position; `height` follows from the layer.

    `methods` are the input methods of this machine by layer; layers whose method is missing are not offered.
    """

    def __init__(
        self,
        ui: Ui,
        *,
        kind: KeyboardKind,
        target: InputTarget,
        methods: Mapping[Layer, InputMethod],
        on_done: Action | None = None,
        name: str = "keyboard",
    ) -> None:
        self.ui = ui
        self.name = name
        self._target = target
        self._on_done = on_done
        self.typist = Typist(kind, ui.language, methods)
        super().__init__(size_hint=(1, None))
        self._keys: list[list[KeyCap]] = []
        self._first_candidate = 0
        self._shown_candidates: list[CandidateButton] = []
        self._previous = self._turner("previous", Icon.LEFT, -1)
        self._next = self._turner("next", Icon.RIGHT, 1)
        self._page_starts = [0]
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    def _turner(self, name: str, icon: Icon, by: int) -> IconButton:
        button = IconButton(
            self.ui,
            name=f"{self.name}.{name}",
            icon=icon,
            spoken=words(f"toolkit.keyboard.{name}"),
            on_press=lambda: self._turn(by),
            side_mm=12.7,
        )
        button.can_focus = False
        return button

    def restyle(self) -> None:
        self._build()

    def abandon(self) -> None:
        """Drop what is being composed."""
        self.typist.abandon()
        self._target.set_preedit("")

    # Keys

    def _build(self) -> None:
        self.clear_widgets()
        self._keys = []
        for number, row in enumerate(self.typist.rows):
            caps = []
            for place, key in enumerate(row):
                if isinstance(key, Blank):
                    cap: KeyCap | Widget = Widget(size_hint=(None, None))
                    cap.key = key
                else:
                    cap = KeyCap(
                        self.ui,
                        key,
                        name=self._key_name(key, number, place),
                        on_key=self._press,
                        shift=self.typist.shift,
                    )
                caps.append(cap)
                self.add_widget(cap)
            self._keys.append(caps)
        self._arrange()
        self._show_candidates()

    def _key_name(self, key: Key, row: int, place: int) -> str:
        match key:
            case Write(text):
                return f"key.{text}"
            case Do(command):
                return f"key.{command.value}"
            case Switch(layer):
                return f"key.layer.{layer.value}"
            case Blank():
                return f"key.blank.{row}.{place}"

    def _press(self, key: Key) -> None:
        before = (self.typist.layer, self.typist.shift)
        self._apply(self.typist.press(key))
        if before != (self.typist.layer, self.typist.shift):
            self._build()

    def _choose(self, index: int) -> None:
        self._apply(self.typist.choose(index))

    def _apply(self, edits: list[Edit]) -> None:
        self._target.set_preedit("")
        finished = False
        for edit in edits:
            match edit:
                case Insert(text):
                    self._target.insert(text)
                case DeleteBack():
                    self._target.delete_back()
                case DeleteAll():
                    self._target.delete_all()
                case Done():
                    finished = True
        self._target.set_preedit(self.typist.preedit)
        self._page_starts = [0]
        self._show_candidates()
        if finished and self._on_done is not None:
            self._on_done()

    # Candidates

    @property
    def _has_candidate_bar(self) -> bool:
        return self.typist.kind in TEXT_KINDS and self.typist.layer in (Layer.PINYIN, Layer.STROKE)

    def _turn(self, by: int) -> None:
        if by > 0:
            self._page_starts.append(self._page_starts[-1] + len(self._shown_candidates))
        elif len(self._page_starts) > 1:
            self._page_starts.pop()
        self._show_candidates()

    def _show_candidates(self) -> None:
        for button in (*self._shown_candidates, self._previous, self._next):
            self.remove_widget(button)
        self._shown_candidates = []
        if not self._has_candidate_bar:
            return
        candidates = self.typist.candidates
        start, gap = self._page_starts[-1], self.ui.gap
        height = self._candidate_height
        room_end = self.right - 2 * (self.ui.target + gap)
        x, y = self.x, self.top - height
        for index in range(start, len(candidates)):
            width = width_of_candidate(self.ui, candidates[index])
            if x + width > room_end and self._shown_candidates:
                break
            button = CandidateButton(
                self.ui,
                candidates[index],
                name=f"candidate.{index}",
                on_choose=partial(self._choose, index),
            )
            button.size = (min(width, room_end - self.x), height)
            button.pos = (x, y)
            self._shown_candidates.append(button)
            self.add_widget(button)
            x += width + gap
        if start + len(self._shown_candidates) < len(candidates) or start:
            self._place_turners(y, height, more=start + len(self._shown_candidates) < len(candidates))

    def _place_turners(self, y: float, height: float, *, more: bool) -> None:
        for button, right in ((self._next, self.right), (self._previous, self.right - self.ui.target - self.ui.gap)):
            button.restyle_if_stale()
            button.right, button.center_y = right, y + height / 2
            self.add_widget(button)
        self._previous.disabled = self._page_starts[-1] == 0
        self._next.disabled = not more

    # Layout

    @property
    def _candidate_height(self) -> float:
        return max(self.ui.target, self.ui.font_px() * 1.6)

    def _key_height(self) -> float:
        wanted = 17.0 if self.ui.panel.portrait else 13.0
        tallest_label = self.ui.font_px() * 1.4
        if self.typist.layer is Layer.STROKE and self.ui.panel.portrait:
            tallest_label = self.ui.font_px() * 3.0
        return max(self.ui.px(wanted), self.ui.target, tallest_label)

    def settle(self) -> None:
        bar = self._candidate_height + self.ui.gap if self._has_candidate_bar else 0.0
        self.height = len(self._keys) * (self._key_height() + self.ui.gap) - self.ui.gap + bar

    def _arrange(self) -> None:
        if not self._keys:
            return
        self.settle()
        gap, height = self.ui.gap, self._key_height()
        bar = self._candidate_height + gap if self._has_candidate_bar else 0.0
        pad = self.typist.kind not in WIDE_KINDS
        for number, row in enumerate(self._keys):
            top = self.top - bar - number * (height + gap)
            shares = sum(cap.key.width for cap in row)
            width = min(self.width, self.ui.px(150.0)) if pad else self.width
            unit = (width - gap * (len(row) - 1)) / shares
            x = self.center_x - width / 2
            for cap in row:
                cap.size = (unit * cap.key.width, height)
                cap.x, cap.top = x, top
                x += cap.width + gap
        self._show_candidates()
