"""What every journey may look up: forms and law tables of one day, loaded once per process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.forms.library import FormLibrary
from kiosk.law.causes import CauseTable, table_today
from kiosk.law.courts import CourtRegistry, registry_shipped


@dataclass(frozen=True, slots=True)
class Reference:
    """Forms, causes of action and courts in force on `day`."""

    day: date
    forms: FormLibrary
    causes: CauseTable
    courts: CourtRegistry

    @classmethod
    def load(cls, day: date) -> Reference:
        """Everything in force on `day`, the terminal's today."""
        return cls(day, FormLibrary.load(), table_today(day), registry_shipped())
