"""The keyboard's state machine, without a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.i18n import Language
from screens.keyboard.hangul import HangulComposer
from screens.keyboard.kinds import TEXT_KINDS, KeyboardKind, Layer, first_layer
from screens.keyboard.layouts import Blank, Command, Do, Key, Switch, Write, rows
from screens.keyboard.pinyin_table import PinyinTable
from screens.keyboard.typist import DeleteAll, DeleteBack, Done, Edit, Insert, Typist

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typist(kind: KeyboardKind = KeyboardKind.TEXT, language: Language = Language.ZH) -> Typist:
    return Typist(kind, language, {Layer.HANGUL: HangulComposer(), Layer.PINYIN: PinyinTable()})


def keys_of(machine: Typist) -> list[Key]:
    return [key for row in machine.rows for key in row]


def apply(text: str, edits: list[Edit]) -> str:
    for edit in edits:
        match edit:
            case Insert(typed):
                text += typed
            case DeleteBack():
                text = text[:-1]
            case DeleteAll():
                text = ""
            case Done():
                pass
    return text


def write(machine: Typist, keys: str) -> str:
    text = ""
    for key in keys:
        text = apply(text, machine.press(Write(key)))
    return text


@pytest.mark.parametrize(
    ("kind", "language", "layer"),
    [
        (KeyboardKind.TEXT, Language.ZH, Layer.PINYIN),
        (KeyboardKind.NAME, Language.KO, Layer.HANGUL),
        (KeyboardKind.TEXT, Language.EN, Layer.LATIN),
        (KeyboardKind.LATIN, Language.ZH, Layer.LATIN),
        (KeyboardKind.CODE, Language.ZH, Layer.CODE),
        (KeyboardKind.MONEY, Language.KO, Layer.MONEY),
        (KeyboardKind.ID_NUMBER, Language.EN, Layer.ID_NUMBER),
    ],
)
def test_the_field_and_the_language_decide_the_first_layer(
    kind: KeyboardKind, language: Language, layer: Layer
) -> None:
    assert first_layer(kind, language) is layer


def test_space_takes_the_first_candidate_and_is_a_space_otherwise() -> None:
    machine = typist()
    assert write(machine, "yuangao") == ""
    assert machine.press(Do(Command.SPACE)) == [Insert("原告")]
    assert machine.press(Do(Command.SPACE)) == [Insert(" ")]


def test_done_finishes_what_is_open() -> None:
    machine = typist(language=Language.KO)
    write(machine, "ㄱㅏ")
    assert machine.press(Do(Command.DONE)) == [Insert("가"), Done()]


def test_backspace_first_takes_back_what_is_open() -> None:
    machine = typist(language=Language.KO)
    write(machine, "ㄱㅏ")
    assert machine.press(Do(Command.BACKSPACE)) == []
    assert machine.preedit == "ㄱ"
    assert machine.press(Do(Command.BACKSPACE)) == []
    assert machine.press(Do(Command.BACKSPACE)) == [DeleteBack()]


def test_shift_holds_for_one_letter() -> None:
    machine = typist(KeyboardKind.LATIN)
    machine.press(Do(Command.SHIFT))
    assert Write("Q") in keys_of(machine)
    machine.press(Write("Q"))
    assert Write("q") in keys_of(machine)


def test_changing_the_layer_finishes_what_is_open() -> None:
    machine = typist(language=Language.KO)
    write(machine, "ㄱㅏ")
    assert machine.press(Switch(Layer.LATIN)) == [Insert("가")]
    assert machine.layer is Layer.LATIN


def test_a_missing_input_method_is_not_offered() -> None:
    machine = typist()
    layers = {key.layer for key in keys_of(machine) if isinstance(key, Switch)}
    assert Layer.STROKE not in layers
    assert Layer.HANGUL in layers


def test_clear_empties_the_field() -> None:
    assert typist(KeyboardKind.DIGITS).press(Do(Command.CLEAR)) == [DeleteAll()]


def reachable(kind: KeyboardKind, first: Layer) -> set[str]:
    """Every character that some sequence of layer and shift keys leads to."""
    seen, waiting, found = set(), [first], set()
    while waiting:
        layer = waiting.pop()
        if layer in seen:
            continue
        seen.add(layer)
        for shift in (False, True):
            for row in rows(layer, kind, shift=shift):
                found |= {key.text for key in row if isinstance(key, Write)}
                waiting += [key.layer for key in row if isinstance(key, Switch)]
    return found


@pytest.mark.parametrize("kind", list(KeyboardKind))
def test_every_keyboard_has_the_characters_its_fields_need(kind: KeyboardKind) -> None:
    """N: text entry for Chinese, Korean, English, digits, ID numbers, amounts."""
    found = reachable(kind, first_layer(kind, Language.ZH))
    assert set("0123456789") <= found
    match kind:
        case KeyboardKind.TEXT | KeyboardKind.NAME:
            assert set(LETTERS + LETTERS.upper()) <= found
            assert set("，。、；：？！“”（）《》·—@.-") <= found
        case KeyboardKind.ID_NUMBER:
            assert "X" in found
        case KeyboardKind.CODE:
            assert set(LETTERS.upper() + "-()") <= found
        case KeyboardKind.MONEY:
            assert "." in found
        case _:
            pass


@pytest.mark.parametrize("kind", list(KeyboardKind))
def test_every_layer_has_backspace_and_done_and_no_key_twice(kind: KeyboardKind) -> None:
    machine = typist(kind)
    commands = [key.command for key in keys_of(machine) if isinstance(key, Do)]
    assert {Command.BACKSPACE, Command.DONE} <= set(commands)
    assert len(commands) == len(set(commands))
    writes = [key.text for key in keys_of(machine) if isinstance(key, Write)]
    assert len(writes) == len(set(writes))
    assert (Command.SPACE in commands) == (kind in TEXT_KINDS)


@given(data=st.data(), kind=st.sampled_from(KeyboardKind), language=st.sampled_from(Language))
def test_no_sequence_of_keys_breaks_the_keyboard(data: st.DataObject, kind: KeyboardKind, language: Language) -> None:
    """Children mash buttons: whatever is pressed, a keyboard with Done stays, and nothing stays open after it."""
    machine = typist(kind, language)
    text = ""
    for _ in range(data.draw(st.integers(0, 25))):
        key = data.draw(st.sampled_from(keys_of(machine)))
        text = apply(text, machine.press(key))
        if machine.candidates and data.draw(st.booleans()):
            text = apply(text, machine.choose(data.draw(st.integers(0, min(3, len(machine.candidates) - 1)))))
    done = next(key for key in keys_of(machine) if isinstance(key, Do) and key.command is Command.DONE)
    assert machine.press(done)[-1] == Done()
    assert machine.preedit == ""
    assert not any(isinstance(key, Blank) and machine.press(key) for key in keys_of(machine))
