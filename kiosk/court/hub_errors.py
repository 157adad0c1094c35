"""How a hub can fail a terminal. Each class asks for its own behaviour; no text carries personal data."""

from __future__ import annotations


class HubError(Exception):
    """Base: the request did not end as hoped. Nothing is lost, it is made again later."""


class HubUnreachableError(HubError):
    """No usable reply: no connection, no end before the deadline, cut short, or not the hub at all (a captive portal
    answers everything with its own page)."""


class HubBusyError(HubError):
    """The hub asks to be left alone for `retry_after` seconds (429, 503; RFC 9110 10.2.3)."""

    def __init__(self, text: str, retry_after: float | None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class HubFailedError(HubError):
    """The hub failed at this request (5xx, or an upload that keeps moving); others may go through."""


class HubRefusedError(HubError):
    """The hub understood and will refuse this again: a person must look. `reason` is what its problem details name as
    the cause (RFC 9457 `detail`), empty where they name none."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


class TerminalRefusedError(HubError):
    """The hub does not know this terminal, or no longer (401, 403)."""


class BlobsMissingError(HubError):
    """The hub lacks blobs of the submission (424)."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"{len(missing)} blobs are missing at the hub")
        self.missing = missing
