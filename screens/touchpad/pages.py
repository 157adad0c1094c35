"""The touchpad's pages: each turns the pad into widgets and touches into events, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kivy.uix.widget import Widget

from kiosk.court.rating import RatingKind, RatingOutcome
from kiosk.flow.touches import Finish
from kiosk.i18n import Language, Text
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import Pad
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Choice,
    ChoiceList,
    Icon,
    Row,
    Spinner,
    Stack,
    words,
)
from screens.components.context import Ui
from screens.lobby.emblem import Drawing
from screens.touchpad.frame import PadFrame, answer_columns, roomy
from screens.touchpad.grades import GradeButtons, words_of

Dispatch = Callable[[ev.Event], None]


class Page(Protocol):
    """One page on the pad."""

    widget: Widget

    def refresh(self, pad: Pad) -> None:
        """Follow the pad, which is still on this page."""
        ...


class StillPage:
    """A page that does not change while it is shown."""

    def __init__(self, frame: PadFrame) -> None:
        self.widget: Widget = frame

    def refresh(self, pad: Pad) -> None:
        del pad


def invited(ui: Ui, pad: Pad, dispatch: Dispatch, window: str) -> Page:
    """ "Were you satisfied?" with the grades of the invitation's scale; refusing is always possible."""
    question = pad.question
    grades = question.grades if question is not None else ()
    again = question is not None and question.kind is RatingKind.AGAIN
    return StillPage(
        PadFrame(
            ui,
            name="invited",
            title=words("rating.phone.question"),
            text=words("rating.phone.again" if again else "rating.phone.voluntary") if roomy(ui) or again else "",
            place=words("touchpad.window", window=window) if window else "",
            body=GradeButtons(ui, grades, lambda value: dispatch(ev.ChooseGrade(value))),
            actions=(
                Button(
                    ui, name="decline", text=words("touchpad.rate.decline"), on_press=lambda: dispatch(ev.Decline())
                ),
            ),
            spoken=[words_of(grade) for grade in grades],
        )
    )


class ReasonsPage:
    """Why? All of it may be left out."""

    def __init__(self, ui: Ui, pad: Pad, dispatch: Dispatch, *, words_offered: bool) -> None:
        reasons = pad.question.reasons if pad.question is not None else ()
        choices = [
            Choice(reason.code, Text(zh=reason.names.zh, ko=reason.names.ko, en=reason.names.en)) for reason in reasons
        ]
        self._list = ChoiceList(
            ui,
            name="reason",
            choices=choices,
            selected=pad.reasons,
            multiple=True,
            columns=answer_columns(ui),
            on_change=lambda codes: dispatch(ev.ChooseReasons(codes)),
        )
        self._comment = Button(
            ui, name="comment", text="", on_press=lambda: dispatch(ev.WriteComment()), min_height_mm=16.0
        )
        self._call_back = Button(
            ui,
            name="call_back",
            text="",
            on_press=lambda: dispatch(ev.AskCallBack()),
            min_height_mm=16.0 if roomy(ui) else 0.0,
        )
        submit = Button(
            ui,
            name="submit",
            text=words("touchpad.reasons.submit"),
            style=ButtonStyle.PRIMARY,
            on_press=lambda: dispatch(ev.Submit()),
            min_height_mm=16.0,
        )
        more = [self._comment, self._call_back] if words_offered else [self._call_back]
        # Always in sight where there is room for them, else above the long list of reasons.
        body: list[Widget] = [self._list] if roomy(ui) else [*more, self._list]
        actions: list[Widget] = [Row(ui, [*more, submit], gap_mm=2.6)] if roomy(ui) else [submit]
        self.widget: Widget = PadFrame(
            ui,
            name="reasons",
            title=words("rating.phone.why"),
            body=Stack(ui, body, gap_mm=4.0),
            beside=False,
            actions=actions,
            spoken=[choice.text for choice in choices],
        )
        self.refresh(pad)

    def refresh(self, pad: Pad) -> None:
        """What is there can be changed."""
        self._comment.text = words(f"touchpad.reasons.comment{'_there' if pad.comment else ''}")
        self._comment.icon = Icon.CHECK if pad.comment else None
        self._call_back.text = words(f"touchpad.reasons.call_back{'_there' if pad.call_back else ''}")
        self._call_back.icon = Icon.CHECK if pad.call_back else None


def saving(ui: Ui, *, slow: bool) -> Page:
    """Not yet on disk: nobody is thanked."""
    text = words("touchpad.saving.slow") if slow else ""
    return StillPage(PadFrame(ui, name="saving", title=words("touchpad.saving.title"), text=text, body=Spinner(ui)))


def thanks(ui: Ui, pad: Pad, dispatch: Dispatch, report: Action) -> Page:
    """It is on disk. Whoever was not satisfied may also tell the court what could not be got done."""
    rated = pad.saving is not None and pad.saving.outcome is RatingOutcome.RATED
    said = words(f"touchpad.thanks.{'rated' if rated else 'declined'}")
    body = big(ui, Icon.SUCCESS, "success")
    title = words("touchpad.thanks.title")
    if not pad.dissatisfied:
        return StillPage(PadFrame(ui, name="thanks", title=title, text=said, body=body, must_say=True))
    more = words("touchpad.unresolved.after_rating")
    return StillPage(
        PadFrame(
            ui,
            name="thanks",
            title=title,
            text=Text(*("\n".join((said.in_(one), more.in_(one))) for one in Language)),
            body=body,
            actions=(
                Button(ui, name="report", text=words("touchpad.unresolved.tell"), on_press=report),
                Button(
                    ui, name="finish", text=words("touchpad.unresolved.finish"), on_press=lambda: dispatch(Finish())
                ),
            ),
            must_say=True,
        )
    )


def not_saved(ui: Ui) -> Page:
    """The truth, and what to do."""
    title, text = words("touchpad.not_saved.title"), words("touchpad.not_saved.text")
    return StillPage(
        PadFrame(ui, name="not_saved", title=title, text=text, body=big(ui, Icon.WARNING, "warning"), must_say=True)
    )


def big(ui: Ui, icon: Icon, ink: str) -> Drawing:
    """What a page says, as a drawing."""
    return Drawing(ui, icon, side_mm=50 if roomy(ui) else 36, ink=ink)
