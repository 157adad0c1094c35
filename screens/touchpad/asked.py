"""What a page of the pad asks to be typed, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.court.unresolved import LONGEST_ACCOUNT
from kiosk.flow.touches import Continue
from kiosk.flow.unresolved_draft import LONGEST_PHONE
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import LONGEST_CALL_BACK, LONGEST_COMMENT, Pad, PadStage
from screens.components import Words, words
from screens.keyboard.kinds import KeyboardKind

LONGEST_WINDOW = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One field and the way on. `name` is the field's; `wrong` is said where what was typed is not asked for."""

    name: str
    title: Words
    hint: Words
    kind: KeyboardKind
    longest: int
    value: Callable[[Pad], str]
    done_text: Words
    on_done: ev.Event
    wrong: Words = ""

    @property
    def digits(self) -> bool:
        """Whether a small keyboard does."""
        return self.kind is not KeyboardKind.NAME


def typed_on(stage: PadStage) -> Asked | None:
    """What is typed on the page of `stage`; None where nothing is."""
    match stage:
        case PadStage.COMMENT:
            return _added("comment", KeyboardKind.NAME, LONGEST_COMMENT, lambda pad: pad.comment)
        case PadStage.CALL_BACK:
            return _added("call_back", KeyboardKind.DIGITS, LONGEST_CALL_BACK, lambda pad: pad.call_back)
        case PadStage.UNRESOLVED_OTHER_DAY:
            part = "lobby.unresolved_other_day"
            return _reported(
                "day",
                (words(f"{part}.title"), words(f"{part}.intro"), words("touchpad.unresolved.day_wrong")),
                KeyboardKind.DATE,
                0,
                lambda pad: pad.typed,
            )
        case PadStage.UNRESOLVED_WHICH:
            part = "lobby.unresolved_which"
            return _reported(
                "window",
                (words(f"{part}.title_window"), "", words("touchpad.unresolved.window_wrong")),
                KeyboardKind.DIGITS,
                LONGEST_WINDOW,
                lambda pad: pad.typed,
            )
        case PadStage.UNRESOLVED_ACCOUNT:
            part = "lobby.unresolved_account"
            return _reported(
                "account",
                (words(f"{part}.title"), words(f"{part}.intro"), ""),
                KeyboardKind.NAME,
                LONGEST_ACCOUNT,
                lambda pad: pad.require_report().account,
            )
        case PadStage.UNRESOLVED_CONTACT:
            part = "lobby.unresolved_contact"
            return _reported(
                "phone",
                (words(f"{part}.phone"), words(f"{part}.intro"), words("touchpad.unresolved.phone_wrong")),
                KeyboardKind.DIGITS,
                LONGEST_PHONE,
                lambda pad: pad.require_report().phone,
            )
        case _:
            return None


def _added(part: str, kind: KeyboardKind, longest: int, value: Callable[[Pad], str]) -> Asked:
    """What may be added to a rating."""
    return Asked(
        part,
        words(f"touchpad.{part}.title"),
        words(f"touchpad.{part}.hint"),
        kind,
        longest,
        value,
        words("touchpad.typing.done"),
        ev.DoneTyping(),
    )


def _reported(
    name: str, said: tuple[Words, Words, Words], kind: KeyboardKind, longest: int, value: Callable[[Pad], str]
) -> Asked:
    """A page of a report: `said` are its question, its hint, and what is wrong."""
    title, hint, wrong = said
    return Asked(
        name,
        title,
        hint,
        kind,
        longest,
        value,
        words("touchpad.unresolved.next"),
        Continue(),
        wrong,
    )
