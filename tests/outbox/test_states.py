"""The table of states: drawn, coded and walked, it is the same table, and no walk loses a filing (N3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kiosk.outbox
from kiosk.outbox.states import TRANSITIONS, UNDELIVERED, Change, State, TransitionError, after


def test_the_document_shows_the_same_table() -> None:
    text = (Path(kiosk.outbox.__file__).parent / "states.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    changes = [Change(name.replace(" ", "_")) for name in rows[0][1:]]
    drawn = {
        (State(row[0]), change): State(cell)
        for row in rows[2:]
        for change, cell in zip(changes, row[1:], strict=True)
        if cell
    }
    assert drawn == TRANSITIONS


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("change", Change)
def test_what_is_not_in_the_table_is_an_error(state: State, change: Change) -> None:
    if (state, change) in TRANSITIONS:
        assert after(state, change) is TRANSITIONS[state, change]
    else:
        with pytest.raises(TransitionError):
            after(state, change)


@given(st.lists(st.sampled_from(Change)))
def test_nothing_is_erased_that_was_not_acknowledged_and_then_safe(changes: list[Change]) -> None:
    state, receipted, safe = State.SEALED, False, False
    for change in changes:
        try:
            state = after(state, change)
        except TransitionError:
            continue
        receipted = (receipted or change is Change.RECEIPT_ACCEPTED) and state not in UNDELIVERED
        safe = safe or (receipted and change is Change.REPORTED_SAFE)
        if state is State.PURGED:
            assert receipted
            assert safe


@pytest.mark.parametrize("state", [state for state in State if state is not State.PURGED])
def test_every_filing_can_still_be_delivered_and_end(state: State) -> None:
    """No state is a dead end: the ordinary course leads from each of them to the purge."""
    course = [Change.UPLOAD_STARTED, Change.RECEIPT_ACCEPTED, Change.REPORTED_SAFE, Change.RETENTION_OVER]
    for change in course:
        state = TRANSITIONS.get((state, change), state)
    assert state is State.PURGED
