"""The summary of what is asked several times (parties, claims, witnesses): one line each, and one more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kivy.uix.widget import Widget

from kiosk.flow.events import AddInstance, JumpTo, RemoveInstance
from kiosk.flow.stage import Stage
from kiosk.forms.evaluate import InstanceView, RepeatView
from kiosk.i18n import Text
from screens.components import (
    Button,
    Icon,
    Notice,
    NoticeKind,
    Row,
    Stack,
    TextBlock,
    words,
)
from screens.lobby.asking import ask_before_removing
from screens.lobby.lines import ListLine
from screens.lobby.screen import ScreenContext


def repeat_summary(context: ScreenContext, stage: Stage, repeat: RepeatView) -> list[Widget]:
    """The widgets of the page. A required repeat that has none yet shows that it needs one."""
    ui = context.ui
    real = repeat.instances if repeat.finding is None else ()
    found: list[Widget] = []
    if repeat.finding is not None:
        found.append(Notice(ui, repeat.finding.message, kind=NoticeKind.WARNING))
    elif not real:
        found.append(TextBlock(ui, words("lobby.form.none_yet")))
    found += [_line(context, stage, repeat, instance) for instance in real]
    found.append(
        Button(
            ui,
            name=f"{repeat.name}.add",
            text=words("lobby.form.add" if real else "lobby.form.add_first", label=repeat.label),
            icon=Icon.PLUS,
            min_height_mm=18,
            on_press=context.send(AddInstance(repeat.name)),
        )
    )
    return found


def _line(context: ScreenContext, stage: Stage, repeat: RepeatView, instance: InstanceView) -> Widget:
    ui, name = context.ui, f"{repeat.name}.{instance.index}"
    summary = instance.summary if instance.summary.zh.strip() else words("lobby.form.instance_empty")
    title = words("lobby.form.instance", number=instance.index + 1, summary=summary)
    parts: list[Widget] = [TextBlock(ui, title, bold=True)]
    if instance.findings:
        open_points = words("lobby.form.instance_findings", count=instance.findings)
        parts.append(Notice(ui, open_points, kind=NoticeKind.WARNING, framed=False))
    remove = partial(context.dispatch, RemoveInstance(repeat.name, instance.index))
    parts.append(
        Row(
            ui,
            (
                edit_button(context, name, context.send(JumpTo(stage, instance.first_page))),
                remove_button(context, name, words("lobby.form.remove_text", what=title), remove),
            ),
            gap_mm=4.0,
        )
    )
    return ListLine(ui, Stack(ui, parts, gap_mm=2.5))


def edit_button(context: ScreenContext, name: str, edit: Callable[[], None]) -> Button:
    """Opens one line of a list."""
    return Button(context.ui, name=f"{name}.edit", text=words("lobby.form.edit"), icon=Icon.PEN, on_press=edit)


def remove_button(context: ScreenContext, name: str, text: Text, remove: Callable[[], None]) -> Button:
    """Takes one line of a list away, after asking `text`."""
    return Button(
        context.ui,
        name=f"{name}.remove",
        text=words("lobby.form.remove"),
        icon=Icon.CROSS,
        on_press=lambda: ask_before_removing(context.ui, text=text, remove=remove),
    )
