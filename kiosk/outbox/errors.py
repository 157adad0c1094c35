"""What can go wrong with the store, and how SQLite's and the disk's words map to it. No text carries personal data."""

from __future__ import annotations

import errno

import sqlalchemy as sa


class OutboxError(Exception):
    """The store could not do what was asked."""


class UnsafeEngineError(OutboxError):
    """The database engine is not one that may hold filings."""


class OutboxDamagedError(OutboxError):
    """The database does not open or does not pass its checks. It is left as it is."""


class OutboxInUseError(OutboxError):
    """Another process has this data folder open."""


class OutboxFullError(OutboxError):
    """The disk is full; nothing was acknowledged and nothing is lost."""


class OutOfServiceError(OutboxError):
    """The disk failed under us. After a failed fsync nothing may be acknowledged until the program starts anew and has
    checked everything, because a later fsync may succeed without having written (LWN 752063)."""


class NotReservedError(OutboxError):
    """A filing was committed without its reserved receipt number."""


class UnknownSubmissionError(OutboxError):
    """No filing of that id is here."""


class UnknownInvitationError(OutboxError):
    """This terminal holds no such rating invitation."""


_FULL = {errno.ENOSPC, errno.EDQUOT}


def disk_is_full(error: BaseException) -> bool:
    """Whether `error` says that there is no room."""
    if isinstance(error, sa.exc.DBAPIError):
        return "disk is full" in str(error.orig)
    return isinstance(error, OSError) and error.errno in _FULL
