"""What is asked for decides which keyboard opens, and the person's language which of its layers comes first."""

from __future__ import annotations

from enum import StrEnum

from kiosk.i18n import Language


class KeyboardKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    NAME = "name"
    """As TEXT, without a key for line breaks."""
    LATIN = "latin"
    CODE = "code"
    """Digits and capital letters together: credit codes (GB 32100), passports, receipt numbers."""
    DIGITS = "digits"
    MONEY = "money"
    ID_NUMBER = "id-number"
    """Digits and X (GB 11643), as in a resident identity number."""
    DATE = "date"


class Layer(StrEnum):
    """One arrangement of keys."""

    PINYIN = "pinyin"
    STROKE = "stroke"
    HANGUL = "hangul"
    LATIN = "latin"
    NUMBERS = "numbers"
    """Digits and common marks, inside a text keyboard."""
    SYMBOLS = "symbols"
    CODE = "code"
    DIGITS = "digits"
    MONEY = "money"
    ID_NUMBER = "id-number"
    DATE = "date"


TEXT_KINDS = frozenset({KeyboardKind.TEXT, KeyboardKind.NAME, KeyboardKind.LATIN})
"""Those that take words."""

WIDE_KINDS = TEXT_KINDS | {KeyboardKind.CODE}
"""Those with rows of ten keys; the others are pads."""


def first_layer(kind: KeyboardKind, language: Language) -> Layer:
    """The layer shown when a field of `kind` is touched."""
    match kind:
        case KeyboardKind.TEXT | KeyboardKind.NAME:
            match language:
                case Language.ZH:
                    return Layer.PINYIN
                case Language.KO:
                    return Layer.HANGUL
                case Language.EN:
                    return Layer.LATIN
        case KeyboardKind.LATIN:
            return Layer.LATIN
        case KeyboardKind.CODE:
            return Layer.CODE
        case KeyboardKind.DIGITS:
            return Layer.DIGITS
        case KeyboardKind.MONEY:
            return Layer.MONEY
        case KeyboardKind.ID_NUMBER:
            return Layer.ID_NUMBER
        case KeyboardKind.DATE:
            return Layer.DATE
