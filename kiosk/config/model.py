"""What a terminal can be told. Each table of the TOML file is one record here; an unknown key is an error.

The records also travel to the session windows (kiosk/agent/messages.py), so they are msgspec structs.
"""

from __future__ import annotations

import msgspec

from kiosk.law.fee_tables import FeeSettings, default_settings


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all tables."""


class Names(_Table, frozen=True):
    """A name in the languages of the terminal."""

    zh: str
    ko: str
    en: str


class CourtSettings(_Table, frozen=True):
    """The court in whose hall the terminal stands (协作法院 in cross-region filing)."""

    code: str
    """As in case numbers, for example 吉0102."""
    name: Names


class HubSettings(_Table, frozen=True):
    """Where complaints go."""

    url: str = "http://127.0.0.1:8420"
    ca_file: str = ""
    """PEM file with the certification authority of the hub; empty for the system's own list."""
    heartbeat_seconds: float = 30.0
    overdue_days: int = 7
    """A filing that was not delivered for so long asks for a person's attention; it is still offered."""


class QueueSettings(_Table, frozen=True):
    """Numbers (取号)."""

    offline_numbers: int = 20
    """How many numbers of each queue are kept in store for the time in which the hub does not answer; 0 for none."""
    public_url: str = ""
    """Address under which phones reach the hub's page for following a ticket; empty: `hub.url`."""


class RatingSettings(_Table, frozen=True):
    """The rating pad of a window."""

    timeout_seconds: float = 60.0
    """After so long without a touch nobody is there: an invitation ends as "not rated", never as a grade (S2-15)."""
    thanks_seconds: float = 5.0
    """How long the thank-you page stays."""


class VolumeSettings(_Table, frozen=True):
    """The volume of scanned evidence (卷宗)."""

    part_megabytes: float = 20.0
    """The largest file the court's case system takes, in millions of bytes; a longer volume goes in parts (分册)."""

    @property
    def part_bytes(self) -> int:
        """The same in bytes."""
        return int(self.part_megabytes * 1_000_000)


class CodeSettings(_Table, frozen=True):
    """Codes on papers."""

    fee_notices: tuple[str, ...] = ()
    """How the codes on this court's fee notices (诉讼费用交纳通知书) begin: whoever scans one is told what it is."""


class RetentionSettings(_Table, frozen=True):
    """How long things stay on the terminal (PIPL 19, 47)."""

    sealed_hours: float = 72.0
    """A sealed filing is erased when the hub reports it safe and it is at least so old."""
    offer_receipt_minutes: float = 10.0
    """How long after a crash an unshown receipt number is still offered on the screen."""


class TerminalConfig(_Table, frozen=True):
    """Everything. A development terminal runs with no file at all."""

    terminal: str = ""
    """The terminal's code, 2 to 12 of A-Z and 0-9; empty on a development terminal, which makes itself one."""
    court: CourtSettings | None = None
    """Absent on a development terminal, which asks the hub."""
    hub: HubSettings = HubSettings()
    fees: FeeSettings = msgspec.field(default_factory=default_settings)
    """The province's amounts for ranged fees, the end of a range used without one, and the rounding."""
    retention: RetentionSettings = RetentionSettings()
    volume: VolumeSettings = VolumeSettings()
    codes: CodeSettings = CodeSettings()
    queue: QueueSettings = QueueSettings()
    window: str = ""
    """The service window (窗口) whose touchpad this is, as the hub's queues.toml names it; empty: no touchpad."""
    rating: RatingSettings = RatingSettings()

    @property
    def development(self) -> bool:
        """Whether this is a development terminal: no code was assigned to it."""
        return not self.terminal
