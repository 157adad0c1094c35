"""Days and moments as each language writes them."""

from __future__ import annotations

from datetime import datetime

from kiosk.clock import CHINA
from kiosk.i18n import Language, Text
from kiosk.receipts.words import written_day


def day_words(iso: str) -> Text:
    """The day of an ISO 8601 date or moment. Raises ValueError for anything else."""
    day = _local(iso).date()
    return Text(*(written_day(day, language) for language in Language))


def moment_words(iso: str) -> Text:
    """Day and minute of an ISO 8601 moment, China Standard Time. Raises ValueError for anything else."""
    moment = _local(iso)
    return Text(*(f"{written_day(moment.date(), language)} {moment:%H:%M}" for language in Language))


def _local(iso: str) -> datetime:
    moment = datetime.fromisoformat(iso)
    return moment if moment.tzinfo is None else moment.astimezone(CHINA)
