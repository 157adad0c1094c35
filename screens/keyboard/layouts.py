"""Which keys stand where, as data. Every row fills the width of the panel; a key's width is a share of its row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.i18n import Text
from screens.keyboard.kinds import KeyboardKind, Layer


class Command(StrEnum):
    """Keys that do something else than write."""

    SHIFT = "shift"
    BACKSPACE = "backspace"
    SPACE = "space"
    ENTER = "enter"
    CLEAR = "clear"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Write:
    """A key that writes `text`."""

    text: str
    label: Text | str = ""
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Do:
    """A key with a command."""

    command: Command
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Switch:
    """A key that brings another layer."""

    layer: Layer
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Blank:
    """Room without a key, so that rows of nine stand between rows of ten."""

    width: float = 1.0


Key = Write | Do | Switch | Blank
Rows = tuple[tuple[Key, ...], ...]


def _row(characters: str) -> tuple[Write, ...]:
    return tuple(Write(character) for character in characters)


_BACK = Do(Command.BACKSPACE, 1.5)


def _letters(first: str, second: str, third: str, *, shift: bool) -> Rows:
    left: Key = Do(Command.SHIFT, 1.5) if shift else Write("'", Text(zh="分词", ko="분리", en="split"), 1.5)
    return (_row(first), (Blank(0.5), *_row(second), Blank(0.5)), (left, *_row(third), _BACK))


_STROKES = (
    (
        Write("h", Text(zh="一  横", ko="一  가로획", en="一  across")),
        Write("s", Text(zh="丨  竖", ko="丨  세로획", en="丨  down")),
        Write("p", Text(zh="丿  撇", ko="丿  왼삐침", en="丿  left-falling")),
    ),
    (
        Write("n", Text(zh="丶  点、捺", ko="丶  점·오른삐침", en="丶  dot or right-falling")),
        Write("z", Text(zh="乙  折", ko="乙  꺾음획", en="乙  turning")),
        Do(Command.BACKSPACE),
    ),
)

_WIDE_BACK: tuple[Key, ...] = (Do(Command.BACKSPACE, 3.0),)
_NUMBERS: Rows = (_row("1234567890"), _row("-/:;()@.,#"), (*_row("%+=*№&_"), *_WIDE_BACK))
_SYMBOLS: Rows = (_row("，。、；：？！·…—"), _row("“”‘’（）《》【】"), (*_row("〔〕％￥℃㎡×"), *_WIDE_BACK))


def _pad(corner: Key) -> Rows:
    first: tuple[Key, ...] = (*_row("123"), Do(Command.BACKSPACE))
    second: tuple[Key, ...] = (*_row("456"), Do(Command.CLEAR))
    third: tuple[Key, ...] = (*_row("789"), Blank())
    return (
        first,
        second,
        third,
        (corner, Write("0"), Blank(), Do(Command.DONE)),
    )


_CODE: Rows = (
    _row("1234567890"),
    _row("QWERTYUIOP"),
    (Blank(0.5), *_row("ASDFGHJKL"), Blank(0.5)),
    (Do(Command.CLEAR, 1.5), *_row("ZXCVBNM"), _BACK),
    (*_row("-/()"), Do(Command.DONE, 2.0)),
)


def _bottom(layer: Layer, kind: KeyboardKind) -> tuple[Key, ...]:
    """The row below the letters: the other layers, space, full stop, and done."""
    if kind is KeyboardKind.LATIN:
        others: tuple[Layer, ...] = (Layer.LATIN, Layer.NUMBERS)
    else:
        others = (Layer.PINYIN, Layer.HANGUL, Layer.LATIN, Layer.NUMBERS, Layer.SYMBOLS)
    switches = tuple(Switch(other, 1.15) for other in others if other is not layer)
    if kind is not KeyboardKind.LATIN and layer is not Layer.STROKE:
        switches = (Switch(Layer.STROKE, 1.15), *switches)
    stops: tuple[Key, ...] = ()
    if layer in (Layer.PINYIN, Layer.STROKE):
        stops = (Write("，"), Write("。"))
    elif layer in (Layer.HANGUL, Layer.LATIN):
        stops = (Write(","), Write("."))
    enter: tuple[Key, ...] = () if kind in (KeyboardKind.NAME, KeyboardKind.LATIN) else (Do(Command.ENTER, 1.15),)
    return (*switches, Do(Command.SPACE, 2.2), *stops, *enter, Do(Command.DONE, 1.6))


def rows(layer: Layer, kind: KeyboardKind, *, shift: bool = False) -> Rows:
    """The keys of `layer` on a keyboard of `kind`."""
    match layer:
        case Layer.PINYIN:
            return (*_letters("qwertyuiop", "asdfghjkl", "zxcvbnm", shift=False), _bottom(layer, kind))
        case Layer.LATIN:
            letters = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM") if shift else ("qwertyuiop", "asdfghjkl", "zxcvbnm")
            return (*_letters(*letters, shift=True), _bottom(layer, kind))
        case Layer.HANGUL:
            first = "ㅃㅉㄸㄲㅆㅛㅕㅑㅒㅖ" if shift else "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ"
            return (*_letters(first, "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ", shift=True), _bottom(layer, kind))
        case Layer.STROKE:
            return (*_STROKES, _bottom(layer, kind))
        case Layer.NUMBERS:
            return (*_NUMBERS, _bottom(layer, kind))
        case Layer.SYMBOLS:
            return (*_SYMBOLS, _bottom(layer, kind))
        case Layer.CODE:
            return _CODE
        case Layer.DIGITS:
            return _pad(Write("-"))
        case Layer.MONEY:
            return _pad(Write("."))
        case Layer.ID_NUMBER:
            return _pad(Write("X"))
        case Layer.DATE:
            return _pad(Blank())
