"""What lies over a screen: idle warning, leaving, going to the window, goodbye."""

from __future__ import annotations

from typing import assert_never

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.flow.drafts import may_keep
from kiosk.flow.events import AnswerQuestion, NeedTime
from kiosk.flow.precedence import Layer
from screens.components import Button, ButtonStyle, ConfirmDialog, Dialog, IdleWarning, words
from screens.lobby.away import called_dialog
from screens.lobby.drafts import keep_button
from screens.lobby.screen import ScreenContext


class Overlay:
    """One dialog with what it keeps running."""

    def __init__(self, widget: Widget) -> None:
        self.widget = widget

    def leave(self) -> None:
        """The dialog is being taken away."""


class _Countdown(Overlay):
    """The idle warning, counting down in sight."""

    def __init__(self, context: ScreenContext) -> None:
        self._dialog = IdleWarning(
            context.ui,
            seconds=context.seconds_left(),
            on_more_time=context.send(NeedTime()),
            on_end=context.send(AnswerQuestion(yes=False)),
        )
        self._tick = Clock.schedule_interval(lambda _: self._dialog.set_seconds(context.seconds_left()), 0.5)
        super().__init__(self._dialog)

    def leave(self) -> None:
        self._tick.cancel()


def _leaving_dialog(context: ScreenContext, layer: Layer) -> Dialog:
    """How a filing that has been begun is left: also with what is written kept for later."""
    danger = ButtonStyle.DANGER if layer is Layer.LEAVE else ButtonStyle.PRIMARY

    def answer(name: str, style: ButtonStyle) -> Button:
        return Button(
            context.ui,
            name=f"{layer.value}.{name}",
            text=words(f"lobby.{layer.value}.{name}"),
            style=style,
            min_height_mm=18,
            on_press=context.send(AnswerQuestion(yes=name == "yes")),
        )

    return Dialog(
        context.ui,
        name=layer.value,
        title=words(f"lobby.{layer.value}.title"),
        text=words(f"lobby.{layer.value}.text"),
        buttons=[answer("yes", danger), keep_button(context, layer.value), answer("no", ButtonStyle.SECONDARY)],
        stacked=True,
    )


def build_overlay(context: ScreenContext, layer: Layer) -> Overlay:
    """The dialog of one layer."""
    match layer:
        case Layer.IDLE:
            return _Countdown(context)
        case Layer.LEAVE | Layer.WINDOW if may_keep(context.session.journey):
            return Overlay(_leaving_dialog(context, layer))
        case Layer.LEAVE | Layer.WINDOW | Layer.GIVE_UP | Layer.ERASE_DRAFT:
            return Overlay(
                ConfirmDialog(
                    context.ui,
                    name=layer.value,
                    title=words(f"lobby.{layer.value}.title"),
                    text=words(f"lobby.{layer.value}.text"),
                    yes=words(f"lobby.{layer.value}.yes"),
                    no=words(f"lobby.{layer.value}.no"),
                    on_yes=context.send(AnswerQuestion(yes=True)),
                    on_no=context.send(AnswerQuestion(yes=False)),
                    danger=layer is not Layer.WINDOW,
                )
            )
        case Layer.CALLED:
            return Overlay(called_dialog(context))
        case Layer.GOODBYE | Layer.STAGE:
            raise ValueError(f"{layer.value} is no overlay")
        case _:
            assert_never(layer)
