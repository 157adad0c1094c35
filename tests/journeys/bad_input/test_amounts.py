"""Amounts with commas, in full width, in Chinese numerals, or that are none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kiosk.court.contract import BlobRole
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.stage import Stage
from kiosk.i18n import Text
from tests.journeys.bad_input.terminal import Litigant, Terminal, envelope, in_all_languages, opened, text_of_pdf
from tests.outbox.stub_hub import StubHub

OWED = "principal_owed"

UNDERSTOOD = {
    "1,234,567.89": "1234567.89",
    "１２３４": "1234",
    "１，２３４，５６７．８９元": "1234567.89",
    "3万5千": "35000",
    "三万五": "35000",
    "十万零五十": "100050",
    "壹万贰仟元整": "12000",
}
REFUSED = {
    "1.2.3": "forms.not_a_number",
    "1e9": "forms.not_a_number",
    "1,23,456": "forms.not_a_number",
    "五千多": "forms.not_a_number",
    "0.005": "forms.too_fine",
    "999999999亿": "forms.too_large",
}
ABOVE_ZERO = Text("金额应当大于零", "금액은 0보다 커야 합니다", "The amount must be above zero")


def counted(terminal: Terminal) -> object:
    """The amount as the form counts it, for the fee and for the court."""
    return terminal.world().evaluate_slot(terminal.journey, FormSlot.CLAIM).answers.value(OWED)


def test_however_it_is_written_an_amount_is_the_same_number(terminal: Terminal, hub: StubHub) -> None:
    """S2-16: understood on the form, counted into the fee, printed in the complaint, filed as a number."""
    terminal.walk(Litigant(), Stage.CLAIM)
    for typed, amount in UNDERSTOOD.items():
        terminal.type_in(FormSlot.CLAIM, OWED, typed)
        assert (terminal.told(FormSlot.CLAIM, OWED), counted(terminal)) == (None, Decimal(amount)), typed
    terminal.walk(Litigant(), Stage.SIGNATURE)
    submission = terminal.receipt()
    terminal.deliver()
    assert envelope(hub, submission)["answers"][OWED] == "12000"
    assert "12,000.00" in text_of_pdf(opened(hub, submission)[BlobRole.COMPLAINT])


def test_what_is_no_amount_is_told_and_kept(terminal: Terminal, hub: StubHub) -> None:
    """登记立案规定 7: said beside the field in three languages and on the correction list, never a reason to refuse;
    the clerk sees what was typed."""
    terminal.walk(Litigant(), Stage.CLAIM)
    for typed, key in REFUSED.items():
        terminal.type_in(FormSlot.CLAIM, OWED, typed)
        assert terminal.told(FormSlot.CLAIM, OWED) == in_all_languages(key), typed
        assert counted(terminal) is None
    before = terminal.touch(ev.Continue())
    assert before.findings_shown, "the page stays once, with the message beside the field"
    terminal.type_in(FormSlot.CLAIM, OWED, "1.2.3")
    terminal.walk(Litigant(), Stage.SIGNATURE)
    said = in_all_languages("forms.not_a_number")
    assert said in [correction.text for correction in terminal.corrections()]
    submission = terminal.receipt()
    terminal.deliver()
    assert envelope(hub, submission)["answers"][OWED] == "1.2.3"
    assert any(said.zh in line for line in envelope(hub, submission)["corrections"])
    assert "1.2.3" in text_of_pdf(opened(hub, submission)[BlobRole.COMPLAINT])


@pytest.mark.parametrize("typed", ["-5", "0"])
def test_nobody_owes_less_than_nothing(terminal: Terminal, typed: str) -> None:
    """The number is understood, and doubted in the form's own words."""
    terminal.walk(Litigant(), Stage.CLAIM)
    assert terminal.type_in(FormSlot.CLAIM, OWED, typed) == Decimal(typed)
    assert terminal.told(FormSlot.CLAIM, OWED) == ABOVE_ZERO
    terminal.walk(Litigant(), Stage.SIGNATURE)
    assert ABOVE_ZERO in [correction.text for correction in terminal.corrections()]
    terminal.receipt()
