"""One offer: a value for one field, where it was read, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.draft import FormSlot
from kiosk.forms.answers import Path, Value
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.session.scratch import ScratchKey

SURE = 0.9
"""Print is read above, handwriting and worn paper below."""

CHECKABLE: dict[PageClass, frozenset[str]] = {
    PageClass.IDENTITY_CARD: frozenset({"number", "birth", "sex"}),
    PageClass.BUSINESS_LICENCE: frozenset({"credit_code"}),
    PageClass.IOU: frozenset({"lender_number", "borrower_number"}),
    PageClass.JUDGMENT: frozenset({"case_number"}),
}
"""What has a check digit, agrees with one, or is built by a rule: where that fails, something was misread."""


@dataclass(frozen=True, slots=True)
class Source:
    """A field of a kind of paper. `clear`: it means exactly what the question asks, so that another answer contradicts
    it; a transfer, say, may be one of several. `kind` is how the paper must call itself, empty for any."""

    paper: PageClass
    reading: str
    clear: bool = True
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A value for the field at `path`; it was read on `page`, where it is the `number`-th reading."""

    slot: FormSlot
    path: Path
    value: Value = field(repr=False)  # personal data stays out of logs and tracebacks
    page: ScratchKey
    number: int
    paper: PageClass
    reading: FieldProposal = field(repr=False)
    clear: bool = True

    @property
    def doubtful(self) -> bool:
        """Whether the person should compare it with care: badly read, or its check failed."""
        checkable = self.reading.field in CHECKABLE.get(self.paper, ())
        return self.reading.confidence < SURE or (checkable and not self.reading.checked)
