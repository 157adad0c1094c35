"""Fields: a question, its hint, its error, and the box. They collect text; whether it is right is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from kiosk.i18n import Text
from screens.components.context import Action, Ui, Words, words
from screens.components.editing import Editor
from screens.components.input_box import InputBox
from screens.components.layout import Stack
from screens.components.notice import ErrorMessage
from screens.components.text_block import TextBlock
from screens.keyboard.kinds import KeyboardKind
from screens.theme import TextRole

OnText = Callable[[str], None]


class TextField(Stack):
    """One line or several of text.

    `error` shows a message between label and box (the same wording as in the ErrorSummary). `on_change` hears every
    edit, `on_submit` the Done key. `masked` shows and speaks nothing of what is typed. `role` is the size of
    what is typed.
    """

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        label: Words,
        value: str = "",
        hint: Words | None = None,
        error: Words | None = None,
        kind: KeyboardKind = KeyboardKind.TEXT,
        masked: bool = False,
        lines: int = 1,
        max_length: int | None = None,
        prefix: Words = "",
        suffix: Words = "",
        placeholder: Words = "",
        on_change: OnText | None = None,
        on_submit: Action | None = None,
        role: TextRole = TextRole.BODY,
    ) -> None:
        self.name = name
        self.on_change = on_change
        self.on_submit = on_submit
        self.label = TextBlock(ui, label, bold=True)
        self.hint = TextBlock(ui, hint if hint is not None else "", ink="hint")
        self._message = ErrorMessage(ui)
        self.box = InputBox(
            ui,
            name=name,
            spoken=label,
            kind=kind,
            editor=Editor(value, len(value), max_length=max_length),
            on_edit=self._edited,
            masked=masked,
            lines=lines,
            prefix=prefix,
            suffix=suffix,
            placeholder=placeholder,
            role=role,
        )
        self.box.field = self
        super().__init__(ui, (self.label, self.hint, self._message, self.box), gap_mm=1.6)
        self.error = error

    @property
    def value(self) -> str:
        """What was typed."""
        return self.box.editor.text

    @value.setter
    def value(self, value: str) -> None:
        self.box.editor.replace(value)
        self.box.redraw()

    @property
    def error(self) -> Words | None:
        """The message at the field, or None."""
        return self._message.text or None

    @error.setter
    def error(self, error: Words | None) -> None:
        self._message.text = error or ""
        self.box.in_error = error is not None

    def focus(self) -> None:
        """Put the caret here; a page with a keyboard opens it."""
        self.ui.focus_on(self.box)

    def _edited(self) -> None:
        if self.on_change is not None:
            self.on_change(self.value)


class MoneyField(TextField):
    """An amount in yuan with at most two decimals. `amount` is a Decimal, or None while it is not a number."""

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        label: Words,
        amount: Decimal | None = None,
        hint: Words | None = None,
        error: Words | None = None,
        on_change: OnText | None = None,
        on_submit: Action | None = None,
        role: TextRole = TextRole.BODY,
    ) -> None:
        super().__init__(
            ui,
            name=name,
            label=label,
            value="" if amount is None else f"{amount:f}",
            hint=hint,
            error=error,
            kind=KeyboardKind.MONEY,
            max_length=16,
            prefix="¥",
            suffix=words("toolkit.field.yuan"),
            on_change=on_change,
            on_submit=on_submit,
            role=role,
        )
        self.readback = TextBlock(ui, "", ink="hint")
        self.add_widget(self.readback)
        self._read_back()

    @property
    def amount(self) -> Decimal | None:
        """The amount typed; None when there is none or it is not one."""
        try:
            amount = Decimal(self.value)
        except InvalidOperation:
            return None
        exponent = amount.as_tuple().exponent
        return amount if isinstance(exponent, int) and exponent >= -2 and amount >= 0 else None

    def _edited(self) -> None:
        self._read_back()
        super()._edited()

    def _read_back(self) -> None:
        """The same amount with thousands set apart, so that a zero too many is seen."""
        amount = self.amount
        self.readback.text = "" if amount is None or amount < 1000 else read_back(amount)


def read_back(amount: Decimal) -> Text:
    """An amount as it is read aloud: grouped by thousands, and in Chinese and Korean by myriads as well."""
    if amount < _MYRIAD:
        return words("toolkit.field.amount", amount=f"{amount:,}")
    high, low = divmod(amount, _MYRIAD * _MYRIAD)
    middle, rest = divmod(low, _MYRIAD)

    def spelled(hundred_million: str, myriad: str) -> str:
        parts = ((high, hundred_million), (middle, myriad), (rest, ""))
        return "".join(f"{part:f}{unit}" for part, unit in parts if part)

    spoken = Text(zh=spelled("亿", "万"), ko=spelled("억", "만"), en="")
    return words("toolkit.field.amount_spoken", amount=f"{amount:,}", spoken=spoken)


_MYRIAD = 10_000

_DATE_DIGITS = 8


class DateField(TextField):
    """A date typed as eight digits, shown as 2026-03-05 while it grows. `date` is None until it is a real one."""

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        label: Words,
        day: date | None = None,
        hint: Words | None = None,
        error: Words | None = None,
        on_change: OnText | None = None,
        on_submit: Action | None = None,
        role: TextRole = TextRole.BODY,
    ) -> None:
        super().__init__(
            ui,
            name=name,
            label=label,
            value="" if day is None else day.isoformat(),
            hint=hint,
            error=error,
            kind=KeyboardKind.DATE,
            placeholder=words("toolkit.field.date_mask"),
            on_change=on_change,
            on_submit=on_submit,
            role=role,
        )

    @property
    def day(self) -> date | None:
        """The date typed; None when it is incomplete or does not exist (2025-02-29)."""
        try:
            return date.fromisoformat(self.value) if len(self.value) == _DATE_DIGITS + 2 else None
        except ValueError:
            return None

    def _edited(self) -> None:
        digits = "".join(c for c in self.value if c.isascii() and c.isdigit())[:_DATE_DIGITS]
        parts = [digits[:4], digits[4:6], digits[6:]]
        self.box.editor.replace("-".join(part for part in parts if part))
        super()._edited()
