"""The words for what was read, as screens show them."""

from __future__ import annotations

from kiosk.i18n import Text, catalogue
from kiosk.ocr.model import FieldProposal, PageClass


def paper_words(kind: PageClass) -> Text:
    """The kind of paper."""
    return catalogue()[f"ocr.paper.{kind.value}"]


def field_words(kind: PageClass, proposal: FieldProposal) -> Text:
    """The field of a kind of paper for which a value is proposed. Raises KeyError for a field that the kind has not."""
    return catalogue()[f"ocr.field.{kind.value}.{proposal.field}"]
