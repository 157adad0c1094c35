"""What is on every page: help, more time, the window; language, text size, contrast and sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from kiosk.i18n import Language
from screens.components.button import Button, ButtonStyle, IconButton
from screens.components.context import Action, Ui, words
from screens.components.dialog import Dialog
from screens.components.icons import Icon
from screens.components.layout import Row, Stack
from screens.theme import TextSize

LANGUAGE_NAMES = {Language.ZH: "中文", Language.KO: "조선말 (한국어)", Language.EN: "English"}
"""Each in itself, so that whoever reads only one of them finds it."""


@dataclass(frozen=True, slots=True)
class ServiceActions:
    """What the service buttons do; what would do nothing on a page is left out. Text size, contrast, language and sound
    change `ui.look` by themselves."""

    call_person: Action
    more_time: Action | None
    at_window: Action | None = None
    stop: Action | None = None


def choose_language(ui: Ui) -> None:
    """Open the choice of language over the page."""

    def take(language: Language) -> None:
        ui.close_overlay(dialog)
        ui.look = ui.look.with_(language=language)

    buttons = [
        Button(
            ui,
            name=f"language.{language.value}",
            text=LANGUAGE_NAMES[language],
            on_press=partial(take, language),
            style=ButtonStyle.PRIMARY if language is ui.language else ButtonStyle.SECONDARY,
            icon=Icon.CHECK if language is ui.language else None,
        )
        for language in Language
    ]
    dialog = Dialog(ui, name="language", title="语言 · 언어 · Language", text="", buttons=buttons, stacked=True)
    ui.open_overlay(dialog)


def _larger(ui: Ui) -> None:
    after = TextSize.SMALL if ui.look.size is ui.largest else ui.look.size.next()
    ui.look = ui.look.with_(size=after)


def _other_theme(ui: Ui) -> None:
    ui.look = ui.look.with_(theme=ui.look.theme.next())


def _toggle_sound(ui: Ui, button: Button | IconButton) -> None:
    ui.look = ui.look.with_(sound=not ui.look.sound)
    button.icon = _sound_icon(ui)


def _sound_icon(ui: Ui) -> Icon:
    return Icon.SOUND_ON if ui.look.sound else Icon.SOUND_OFF


def settings_icons(ui: Ui) -> list[IconButton]:
    """The same settings as drawings only, for panels with no room for words; what they do is spoken."""

    def button(name: str, icon: Icon, action: Action | None) -> IconButton:
        spoken = words(f"toolkit.service.{name}_spoken")
        return IconButton(ui, name=f"service.{name}", icon=icon, spoken=spoken, on_press=action, side_mm=12.7)

    sound = button("sound", _sound_icon(ui), None)
    sound.action = lambda: _toggle_sound(ui, sound)
    settings = [
        button("language", Icon.GLOBE, lambda: choose_language(ui)),
        button("text_size", Icon.TEXT_SIZE, lambda: _larger(ui)),
        button("contrast", Icon.CONTRAST, lambda: _other_theme(ui)),
    ]
    return [*settings, sound] if ui.has_speech else settings


def settings_buttons(ui: Ui, *, style: ButtonStyle, icon_above: bool) -> list[Button]:
    """Language, text size, contrast, sound."""

    def button(name: str, icon: Icon, action: Action | None) -> Button:
        shown = "中 / 한 / EN" if name == "language" else words(f"toolkit.service.{name}")
        spoken = words(f"toolkit.service.{name}_spoken")
        return Button(
            ui,
            name=f"service.{name}",
            text=shown,
            spoken=spoken,
            on_press=action,
            style=style,
            icon=icon,
            icon_above=icon_above,
            fit=icon_above,
            leading=not icon_above,
        )

    sound = button("sound", _sound_icon(ui), None)
    sound.action = lambda: _toggle_sound(ui, sound)
    settings = [
        button("language", Icon.GLOBE, lambda: choose_language(ui)),
        button("text_size", Icon.TEXT_SIZE, lambda: _larger(ui)),
        button("contrast", Icon.CONTRAST, lambda: _other_theme(ui)),
    ]
    return [*settings, sound] if ui.has_speech else settings


def service_buttons(ui: Ui, actions: ServiceActions, *, leading: bool) -> list[Button]:
    """Call a person, more time, continue at the window, stop."""
    return [
        Button(
            ui,
            name=f"service.{name}",
            text=words(f"toolkit.service.{name}"),
            on_press=action,
            icon=icon,
            leading=leading,
        )
        for name, icon, action in (
            ("call_person", Icon.PERSON, actions.call_person),
            ("more_time", Icon.CLOCK, actions.more_time),
            ("at_window", Icon.COUNTER, actions.at_window),
            ("stop", Icon.CROSS, actions.stop),
        )
        if action is not None
    ]


_GAP_MM = 2.6


class SettingsRow(Row):
    """The four settings side by side, as wide as their words."""

    def __init__(self, ui: Ui, *, style: ButtonStyle) -> None:
        self.buttons = settings_buttons(ui, style=style, icon_above=True)
        super().__init__(ui, self.buttons, gap_mm=_GAP_MM)


class ServiceBar(Stack):
    """The services side by side, for upright screens; in two rows where their words would need three lines each."""

    def __init__(self, ui: Ui, actions: ServiceActions) -> None:
        self.buttons = service_buttons(ui, actions, leading=False)
        self._per_row = 0
        super().__init__(ui, (), gap_mm=_GAP_MM)
        self._arrange_rows(len(self.buttons))

    def _arrange_rows(self, per_row: int) -> None:
        if per_row == self._per_row:
            return
        self._per_row = per_row
        for row in list(self.children):
            row.clear_widgets()
            self.remove_widget(row)
        for start in range(0, len(self.buttons), per_row):
            self.add_widget(Row(self.ui, self.buttons[start : start + per_row], gap_mm=_GAP_MM))

    def _fitting(self) -> int:
        """How many buttons a row takes; worked out before rows are built, so that layout comes to rest."""
        count = len(self.buttons)
        each = (self.width - self.ui.px(_GAP_MM) * (count - 1)) / count
        return 2 if count > 2 and any(button.lines_at(each) > 2 for button in self.buttons) else count

    def settle(self) -> None:
        self._arrange_rows(self._fitting())
        super().settle()


class ServiceRail(Stack):
    """Services and settings one under the other, for wide screens."""

    def __init__(self, ui: Ui, actions: ServiceActions) -> None:
        self.buttons = [
            *settings_buttons(ui, style=ButtonStyle.BARE, icon_above=False),
            *service_buttons(ui, actions, leading=True),
        ]
        super().__init__(ui, self.buttons, gap_mm=_GAP_MM)
