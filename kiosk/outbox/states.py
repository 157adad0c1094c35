"""The life of a filing in the outbox as one table; states.md draws it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a filing stands. It exists from the commit on; what a person still fills in lives in memory only."""

    SEALED = "sealed"
    UPLOADING = "uploading"
    RECEIPTED = "receipted"
    SAFE = "safe"
    PURGED = "purged"
    ATTENTION = "attention"


class Change(StrEnum):
    """What can happen to it."""

    UPLOAD_STARTED = "upload_started"
    RECEIPT_ACCEPTED = "receipt_accepted"
    REPORTED_SAFE = "reported_safe"
    EPOCH_CHANGED = "epoch_changed"
    RETENTION_OVER = "retention_over"
    NEEDS_PERSON = "needs_person"


class TransitionError(Exception):
    """A change that cannot happen in this state."""


TRANSITIONS: dict[tuple[State, Change], State] = {
    (State.SEALED, Change.UPLOAD_STARTED): State.UPLOADING,
    (State.SEALED, Change.NEEDS_PERSON): State.ATTENTION,
    (State.SEALED, Change.EPOCH_CHANGED): State.SEALED,
    (State.UPLOADING, Change.UPLOAD_STARTED): State.UPLOADING,
    (State.UPLOADING, Change.RECEIPT_ACCEPTED): State.RECEIPTED,
    (State.UPLOADING, Change.NEEDS_PERSON): State.ATTENTION,
    (State.UPLOADING, Change.EPOCH_CHANGED): State.SEALED,
    (State.ATTENTION, Change.UPLOAD_STARTED): State.ATTENTION,
    (State.ATTENTION, Change.RECEIPT_ACCEPTED): State.RECEIPTED,
    (State.ATTENTION, Change.NEEDS_PERSON): State.ATTENTION,
    (State.ATTENTION, Change.EPOCH_CHANGED): State.SEALED,
    (State.RECEIPTED, Change.REPORTED_SAFE): State.SAFE,
    (State.RECEIPTED, Change.EPOCH_CHANGED): State.SEALED,
    (State.SAFE, Change.REPORTED_SAFE): State.SAFE,
    (State.SAFE, Change.EPOCH_CHANGED): State.SAFE,
    (State.SAFE, Change.RETENTION_OVER): State.PURGED,
    (State.PURGED, Change.EPOCH_CHANGED): State.PURGED,
}
"""Everything that may happen. A pair that is missing here is a fault of the program."""

UNDELIVERED = (State.SEALED, State.UPLOADING, State.ATTENTION)
"""States in which the court has not acknowledged the filing."""

PAYLOAD_KEPT = (*UNDELIVERED, State.RECEIPTED, State.SAFE)
"""States in which the sealed payload is on disk."""


def after(state: State, change: Change) -> State:
    """The state after `change`. Raises TransitionError where that cannot happen."""
    try:
        return TRANSITIONS[state, change]
    except KeyError:
        raise TransitionError(f"{change.value} cannot happen to a filing that is {state.value}") from None
