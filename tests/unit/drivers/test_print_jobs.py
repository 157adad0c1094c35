"""Numbered jobs: whatever is asked for and whatever happens, nothing is sent twice."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.api.records import JobState
from drivers.print_jobs import JobBook

STEPS = st.lists(st.sampled_from(["accept", *JobState]), max_size=20)


@given(STEPS)
def test_a_job_is_sent_once_unless_it_failed(steps: list[str]) -> None:
    """Between two sendings lies a FAILED, which says that nothing is on paper; SETTLED and UNKNOWN are for ever."""
    book: JobBook[str] = JobBook()
    book.accept("job", "payload", 0.0)
    told = [JobState.QUEUED]
    for step in steps:
        if step == "accept":
            new, changed = book.accept("job", "payload", 0.0)
            assert new == (told[-1] is JobState.FAILED)
            if new:
                told.append(changed.state)
        else:
            try:
                change = book.change("job", JobState(step))
            except ValueError:
                continue
            if change is not None:
                told.append(change.state)
        state = book.state("job")
        assert state is not None
        assert state.state is told[-1]
        assert (book.first() is not None) == (told[-1] is JobState.QUEUED), "only what is queued may be sent"
    ends = [i for i, state in enumerate(told) if state in {JobState.SETTLED, JobState.UNKNOWN}]
    assert ends in ([], [len(told) - 1])
    sendings = [i for i, state in enumerate(told) if state is JobState.SENDING]
    assert all(JobState.FAILED in told[a:b] for a, b in pairwise(sendings))


def test_order_and_news() -> None:
    """First come, first printed; the same news is told once."""
    book: JobBook[int] = JobBook()
    for number in range(3):
        book.accept(str(number), number, 0.0)
    assert [waiting.payload for waiting in book.waiting()] == [0, 1, 2]
    assert book.change("0", JobState.QUEUED, "paper out") is not None
    assert book.change("0", JobState.QUEUED, "paper out") is None
    book.change("0", JobState.SENDING)
    first = book.first()
    assert first is not None
    assert first.job == "1"
    with pytest.raises(ValueError, match="queued"):
        book.change("1", JobState.SETTLED)
    assert book.state("9") is None
