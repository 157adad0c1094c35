"""The seven days within which a court decides whether to register (民事诉讼法 126, 登记立案规定 8).

After a correction list they begin anew with receipt of the corrections (登记立案规定 7, 民诉法解释 126). How days are
counted is in kiosk/law/deadlines.py.
"""

from __future__ import annotations

from datetime import datetime, time

from kiosk.clock import CHINA
from kiosk.law.deadlines import due

DECISION = "registration-decision"
LAST_MOMENT = time(23, 59, 59, tzinfo=CHINA)


def decision_due(received: datetime) -> datetime:
    """The end of the last day for deciding, China time."""
    return datetime.combine(due(DECISION, received).last_day, LAST_MOMENT)


def days_left(last_moment: datetime, now: datetime) -> int:
    """Whole calendar days from today to the last day: 0 on the last day, negative once it is over."""
    return (last_moment.astimezone(CHINA).date() - now.astimezone(CHINA).date()).days
