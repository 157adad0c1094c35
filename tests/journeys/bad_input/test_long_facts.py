"""A statement of facts of 40,000 characters, and one that is longer than any paper takes."""

from __future__ import annotations

import json

from kiosk.court.contract import BlobRole
from kiosk.flow.draft import FormSlot
from kiosk.flow.stage import Stage
from kiosk.forms.entry import LONGEST_TEXT
from tests.hub.processes import HubProcess
from tests.journeys.bad_input.terminal import (
    Litigant,
    Terminal,
    at_the_court,
    envelope,
    in_all_languages,
    opened,
    page_count,
    text_of_pdf,
)
from tests.outbox.stub_hub import StubHub

SENTENCE = "被告于当日向原告出具借条并约定还款期限，到期后经多次催要仍未归还。"
LONG = (SENTENCE * (40_000 // len(SENTENCE) + 1))[: 40_000 - 5] + "全文完毕。"
FACTS = "facts"


def test_forty_thousand_characters_reach_the_court_whole(real_hub: HubProcess, at_real_hub: Terminal) -> None:
    """Typed, printed on as many pages as it takes, sealed, sent, acknowledged, opened by the court's own program."""
    terminal = at_real_hub
    terminal.walk(Litigant({FormSlot.CLAIM: {FACTS: LONG}}), Stage.SIGNATURE)
    assert terminal.told(FormSlot.CLAIM, FACTS) is None
    submission = terminal.receipt()
    terminal.deliver()
    parts = at_the_court(real_hub, submission)
    assert json.loads(parts[BlobRole.ENVELOPE])["answers"][FACTS] == LONG
    complaint = parts[BlobRole.COMPLAINT]
    assert page_count(complaint) > 20
    printed = text_of_pdf(complaint)
    assert printed.count("全文完毕") == 1
    # A sentence that runs over the end of a page has the page's number in its middle.
    assert printed.count(SENTENCE.rstrip("。")) > 0.9 * LONG.count(SENTENCE)


def test_a_text_no_paper_takes_is_told_and_kept(terminal: Terminal, hub: StubHub) -> None:
    """The field says how much fits; what was written is not cut off, and the complaint is filed with it."""
    terminal.walk(Litigant(), Stage.CLAIM)
    terminal.type_in(FormSlot.CLAIM, FACTS, "字" * (LONGEST_TEXT + 1))
    told = in_all_languages("forms.too_long", most=LONGEST_TEXT)
    assert terminal.told(FormSlot.CLAIM, FACTS) == told
    terminal.walk(Litigant(), Stage.SIGNATURE)
    assert told in [correction.text for correction in terminal.corrections()]
    submission = terminal.receipt()
    terminal.deliver()
    assert len(envelope(hub, submission)["answers"][FACTS]) == LONGEST_TEXT + 1
    assert text_of_pdf(opened(hub, submission)[BlobRole.COMPLAINT]).count("字") > LONGEST_TEXT
