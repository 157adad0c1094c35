"""What the check of a form found. A finding informs; it never blocks (登记立案规定 arts. 2 and 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kiosk.forms.answers import Path
from kiosk.i18n import Language, Text, tr


class Severity(StrEnum):
    """How much a finding matters; the first two go to the correction list."""

    MISSING = "missing"  # the statute asks for it and it is empty
    INVALID = "invalid"  # it is there and cannot be right
    ADVICE = "advice"  # worth knowing, nothing to correct


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, worded for the person."""

    path: Path
    severity: Severity
    message: Text


def worded(key: str, label: Text | None = None, **values: object) -> Text:
    """The catalogue string `key` in all languages, with `label` filled in where it is given."""

    def in_(language: Language) -> str:
        filled = {"label": _asked_for(label.in_(language))} if label else {}
        return tr(key, language, **filled, **values)

    return Text(in_(Language.ZH), in_(Language.KO), in_(Language.EN))


_REQUEST = re.compile(r"请(?!求)(?:说明|写明|填写|选择)?|please +(?:say|write|enter|choose) +", re.IGNORECASE)


def _asked_for(label: str) -> str:
    """What a label asks for, to be quoted after "Please fill in": without its own "please" and question mark."""
    return _REQUEST.sub("", label.rstrip("？?"), count=1) if _REQUEST.match(label) else label.rstrip("？?")
