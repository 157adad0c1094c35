"""The pages on which somebody says what could not be got done (办不成事), and hands it in. Each decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from kivy.uix.widget import Widget

from kiosk.agent.unresolved_messages import UnresolvedKept
from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace
from kiosk.flow.touches import Back, Continue, Finish
from kiosk.flow.unresolved_draft import UnresolvedDraft
from kiosk.flow.unresolved_events import AnswerCallBack, AskOtherDay, ChooseDay, ChooseKind, ChoosePlace, ChooseWindow
from kiosk.flow.unresolved_handing_in import TRY_AGAIN
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import Pad
from screens.components import (
    Button,
    ButtonStyle,
    ConfirmDialog,
    Icon,
    IconButton,
    ListTable,
    Row,
    Spinner,
    Stack,
    TableRow,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.components.context import Ui
from screens.components.fonts import text_width
from screens.lobby.days import day_words
from screens.touchpad.frame import PadFrame, answer_columns, roomy
from screens.touchpad.pages import Dispatch, Page, StillPage, big

P = UnresolvedPlace

ELSEWHERE = (P.TERMINAL, P.PHONE, P.ONLINE, P.ELSEWHERE)
"""Places offered beside windows. A service is named at the terminal, which knows them."""


ROOMY_ANSWERS = 6
"""More of them are as high as a finger and no higher, so that all are in sight."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One button that answers the page's question and leads on."""

    name: str
    text: Words
    event: ev.Event
    hint: Words | None = None
    leading: bool = False
    chosen: bool = False


def leave_icon(ui: Ui, dispatch: Dispatch) -> IconButton:
    """Gives up the report, after one more question."""

    def close(*, leave: bool) -> None:
        ui.close_overlay(dialog)
        if leave:
            dispatch(ev.LeaveReport())

    dialog = ConfirmDialog(
        ui,
        name="leave",
        title=words("touchpad.unresolved.leave_title"),
        text=words("touchpad.unresolved.leave_text"),
        yes=words("touchpad.unresolved.leave"),
        no=words("touchpad.unresolved.leave_no"),
        on_yes=partial(close, leave=True),
        on_no=partial(close, leave=False),
    )
    return IconButton(
        ui,
        name="leave",
        icon=Icon.CROSS,
        spoken=words("touchpad.unresolved.leave"),
        on_press=lambda: ui.open_overlay(dialog),
        side_mm=12.7,
    )


def _button(ui: Ui, dispatch: Dispatch, answer: _Answer, *, min_height_mm: float = 0.0) -> Button:
    return Button(
        ui,
        name=answer.name,
        text=answer.text,
        hint=answer.hint,
        icon=Icon.CHECK if answer.chosen else None,
        leading=answer.hint is not None or answer.leading,
        min_height_mm=min_height_mm,
        on_press=lambda: dispatch(answer.event),
    )


def _answers(ui: Ui, dispatch: Dispatch, answers: Sequence[_Answer], *, columns: int = 1) -> Stack:
    """Equally wide buttons in `columns`, in one order for everybody."""
    height = 16.0 if roomy(ui) and len(answers) <= ROOMY_ANSWERS else 0.0
    buttons: list[Widget] = [_button(ui, dispatch, answer, min_height_mm=height) for answer in answers]
    if columns == 1:
        return Stack(ui, buttons, gap_mm=3.0)
    buttons += [Widget(size_hint=(1, None), height=0) for _ in range(-len(buttons) % columns)]
    rows = [Row(ui, buttons[i : i + columns], gap_mm=3.0) for i in range(0, len(buttons), columns)]
    return Stack(ui, rows, gap_mm=3.0)


def ways(ui: Ui, dispatch: Dispatch, *onwards: Button) -> Row:
    """Out of the report, one page back, and on. On small panels the way back is an arrow."""
    said = words("touchpad.unresolved.back")
    if roomy(ui) or not onwards:
        back: Widget = _button(ui, dispatch, _Answer("back", said, Back()))
    else:
        back = IconButton(ui, name="back", icon=Icon.BACK, spoken=said, on_press=lambda: dispatch(Back()), side_mm=12.7)
    return Row(ui, (leave_icon(ui, dispatch), back, *onwards), gap_mm=2.6)


def place_words(draft: UnresolvedDraft) -> Words:
    """Where it was, as the person reads it."""
    if draft.place is P.WINDOW:
        return words("unresolved.notice.window", window=draft.window)
    return words(f"unresolved.place.{draft.place}")


def kind(ui: Ui, pad: Pad, dispatch: Dispatch) -> Page:
    """What could not be got done; nothing is chosen beforehand."""
    chosen, unseen = pad.require_report().kind, words("touchpad.unresolved.unseen")
    answers = [
        _Answer(f"kind.{one}", words(f"unresolved.kind.{one}"), ChooseKind(one), chosen=one is chosen)
        for one in UnresolvedKind
    ]
    leave = _button(ui, dispatch, _Answer("back", words("touchpad.unresolved.leave"), Back()))
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_kind",
            title=words("lobby.unresolved_kind.title"),
            body=_answers(ui, dispatch, answers, columns=answer_columns(ui)),
            beside=False,
            actions=[Row(ui, (TextBlock(ui, unseen, ink="hint"), leave)) if roomy(ui) else leave],
            spoken=[unseen, *(answer.text for answer in answers)],
        )
    )


def day(ui: Ui, pad: Pad, dispatch: Dispatch) -> Page:
    """When; and where, unless it was at this window."""
    draft, today = pad.require_report(), pad.today or ui.clock.now().date()

    def offered(name: str, text: Words, days: int) -> _Answer:
        meant = today - timedelta(days=days)
        written = day_words(meant.isoformat()) if roomy(ui) else None
        return _Answer(f"day.{name}", text, ChooseDay(meant), hint=written, chosen=draft.happened == meant)

    answers = [
        offered("today", words("lobby.unresolved_day.today"), 0),
        offered("yesterday", words("lobby.unresolved_day.yesterday"), 1),
        offered("before_yesterday", words("touchpad.unresolved.before_yesterday"), 2),
        _other_day(draft, today, roomy=roomy(ui)),
    ]
    where = words("touchpad.unresolved.here", place=place_words(draft))
    elsewhere = _button(ui, dispatch, _Answer("place", words("touchpad.unresolved.elsewhere"), ev.AskPlace()))
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_day",
            title=words("lobby.unresolved_day.title"),
            text=where,
            body=_answers(ui, dispatch, answers),
            actions=[elsewhere, ways(ui, dispatch)] if roomy(ui) else [ways(ui, dispatch, elsewhere)],
            spoken=[answer.text for answer in answers],
            keep_text=True,
        )
    )


def _other_day(draft: UnresolvedDraft, today: date, *, roomy: bool) -> _Answer:
    happened = draft.happened
    early = happened is not None and (today - happened).days > 2
    hint = day_words(happened.isoformat()) if happened is not None and early else None
    text = words("lobby.unresolved_day.other")
    return _Answer("day.other", text, AskOtherDay(), hint=hint, leading=roomy, chosen=early)


def place(ui: Ui, pad: Pad, dispatch: Dispatch, window: str) -> Page:
    """Where, if not at this window."""
    draft = pad.require_report()
    here = draft.place is P.WINDOW and draft.window == window
    other = draft.place is P.WINDOW and not here
    answers = [
        _Answer(
            "place.here",
            words("touchpad.unresolved.this_window", window=window),
            ChooseWindow(window),
            chosen=here,
        ),
        _Answer("place.window", words("touchpad.unresolved.other_window"), ChoosePlace(P.WINDOW), chosen=other),
        *(
            _Answer(f"place.{one}", words(f"unresolved.place.{one}"), ChoosePlace(one), chosen=draft.place is one)
            for one in ELSEWHERE
        ),
    ]
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_place",
            title=words("lobby.unresolved_place.title"),
            body=_answers(ui, dispatch, answers, columns=answer_columns(ui)),
            beside=False,
            actions=[ways(ui, dispatch)],
            spoken=[answer.text for answer in answers],
        )
    )


def call_back(ui: Ui, pad: Pad, dispatch: Dispatch) -> Page:
    """Whether the court may call; both answers are equal."""
    wanted = pad.require_report().call_back
    answers = [
        _Answer(
            f"call_back.{name}",
            words(f"lobby.unresolved_call_back.{name}"),
            AnswerCallBack(wanted=value),
            hint=words(f"lobby.unresolved_call_back.{name}_hint") if roomy(ui) else None,
            chosen=wanted is value,
        )
        for name, value in (("yes", True), ("no", False))
    ]
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_call_back",
            title=words("lobby.unresolved_call_back.title"),
            text=words("lobby.unresolved_call_back.intro"),
            body=_answers(ui, dispatch, answers),
            actions=[ways(ui, dispatch)],
            spoken=[answer.text for answer in answers],
        )
    )


def review(ui: Ui, pad: Pad, dispatch: Dispatch) -> Page:
    """Everything once more."""
    draft, part = pad.require_report(), "lobby.unresolved_review"
    happened = draft.happened.isoformat() if draft.happened is not None else ""
    rows = [
        TableRow("kind", words(f"{part}.kind"), words(f"unresolved.kind.{draft.kind}")),
        TableRow("place", words(f"{part}.place"), place_words(draft)),
        TableRow("day", words(f"{part}.day"), day_words(happened)),
        TableRow("account", words(f"{part}.account"), draft.account.strip() or words(f"{part}.nothing")),
        TableRow("call_back", words(f"{part}.call_back"), draft.phone if draft.call_back else words(f"{part}.no_call")),
    ]
    hand_in = Button(
        ui,
        name="hand_in",
        text=words(f"{part}.hand_in"),
        style=ButtonStyle.PRIMARY,
        on_press=lambda: dispatch(Continue()),
    )
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_review",
            title=words(f"{part}.title"),
            body=ListTable(ui, rows),
            beside=False,
            actions=[ways(ui, dispatch, hand_in)],
        )
    )


def sending(ui: Ui, *, slow: bool) -> Page:
    """Not yet on disk, or the court's answer is still awaited."""
    title, text = words("lobby.unresolved_sending.title"), words("touchpad.saving.slow") if slow else ""
    return StillPage(PadFrame(ui, name="unresolved_sending", title=title, text=text, body=Spinner(ui)))


def not_kept(ui: Ui, pad: Pad, dispatch: Dispatch) -> Page:
    """The truth, and what can be done."""
    again = Button(
        ui,
        name="again",
        text=words("lobby.unresolved_sending.again"),
        style=ButtonStyle.PRIMARY,
        on_press=lambda: dispatch(Continue()),
    )
    end = _button(ui, dispatch, _Answer("end", words("touchpad.unresolved.end"), ev.LeaveReport()))
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_not_kept",
            title=words("lobby.unresolved_sending.title_refused"),
            text=words(f"lobby.unresolved_sending.refused.{pad.refused}"),
            body=big(ui, Icon.WARNING, "warning"),
            actions=[again, end] if pad.refused in TRY_AGAIN else [end],
            must_say=True,
        )
    )


def done(ui: Ui, pad: Pad, dispatch: Dispatch) -> Page:
    """The number and the day of the answer, to be copied; there is no printer here."""
    draft, part = pad.require_report(), "lobby.unresolved_done"
    kept = draft.kept or UnresolvedKept("", "", "")
    there = bool(kept.number)
    number = kept.number or kept.reference
    told: list[Words] = [words(f"{part}.promise" if there else f"{part}.follows")]
    if there and kept.answer_by:
        told.insert(0, _day_line(f"{part}.answer_by", kept.answer_by))
    told.append(words("touchpad.unresolved.paper" if there else f"{part}.ask"))
    copy = (words("touchpad.unresolved.copy"),) if roomy(ui) else ()
    lines = [
        *(TextBlock(ui, line, ink="hint") for line in copy),
        TextBlock(ui, number, role=_number_role(ui, number), bold=True),
        *(TextBlock(ui, line, bold=there and line is told[0]) for line in told),
    ]
    finish = Button(
        ui,
        name="finish",
        text=words(f"{part}.finish"),
        style=ButtonStyle.PRIMARY,
        on_press=lambda: dispatch(Finish()),
    )
    return StillPage(
        PadFrame(
            ui,
            name="unresolved_done",
            title=words(f"{part}.title" if there else f"{part}.title_kept"),
            body=Stack(ui, lines, gap_mm=3.0),
            beside=False,
            actions=[finish],
            spoken=[number, *told],
        )
    )


def _day_line(key: str, iso: str) -> Words:
    return words("touchpad.unresolved.line", label=words(key), value=day_words(iso))


def _number_role(ui: Ui, number: str) -> TextRole:
    """The largest letters in which the number stands on one line."""
    room = ui.panel.width - 4 * ui.px(6.0)
    for role in (TextRole.NUMBER, TextRole.DISPLAY):
        if text_width(number, ui.font_px(role), bold=True) <= room:
            return role
    return TextRole.TITLE
