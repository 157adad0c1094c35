"""What a person does about an offer."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.draft import FormSlot
from kiosk.forms.answers import Path, Value


@dataclass(frozen=True, slots=True)
class TakeReading:
    """ "Use this": the value that is offered at `path` is the answer."""

    slot: FormSlot
    path: Path
    value: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeaveReading:
    """ "No": the value is not offered there again."""

    slot: FormSlot
    path: Path
    value: Value = field(repr=False)


OfferTouch = TakeReading | LeaveReading
