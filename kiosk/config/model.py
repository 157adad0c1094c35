"""What a terminal can be told. Each table of the TOML file is one record here; an unknown key is an error.

The records also travel to the session windows (kiosk/agent/messages.py), so they are msgspec structs.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

from kiosk.i18n import Language


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all tables."""


class Profile(StrEnum):
    """What kind of terminal this is."""

    LOBBY = "lobby"
    TOUCHPAD = "touchpad"


class Orientation(StrEnum):
    """How the screen stands; AUTO takes the window's own shape."""

    AUTO = "auto"
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


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


class LanguageSettings(_Table, frozen=True):
    """Languages on the screen, in the order of their buttons."""

    offered: tuple[Language, ...] = (Language.ZH, Language.KO, Language.EN)
    default: Language = Language.ZH


class FeeRange(_Table, frozen=True):
    """A fee that the provincial government fixes within a range (诉讼费用交纳办法 13), in yuan."""

    low: Decimal
    high: Decimal


class Rounding(StrEnum):
    """To what a computed fee is rounded, half up; the regulation is silent on it."""

    FEN = "0.01"
    JIAO = "0.1"
    YUAN = "1"

    def apply(self, amount: Decimal) -> Decimal:
        """`amount` rounded half up."""
        return amount.quantize(Decimal(self.value), ROUND_HALF_UP)


class FeeSettings(_Table, frozen=True):
    """The province's choices (诉讼费用交纳办法 13 and 14). The defaults are the whole ranges of the regulation."""

    divorce: FeeRange = FeeRange(low=Decimal(50), high=Decimal(300))
    personality: FeeRange = FeeRange(low=Decimal(100), high=Decimal(500))
    other_non_property: FeeRange = FeeRange(low=Decimal(50), high=Decimal(100))
    intellectual_property: FeeRange = FeeRange(low=Decimal(500), high=Decimal(1000))
    jurisdiction_objection: FeeRange = FeeRange(low=Decimal(50), high=Decimal(100))
    enforcement: FeeRange = FeeRange(low=Decimal(50), high=Decimal(500))
    rounding: Rounding = Rounding.FEN


class SlipSettings(_Table, frozen=True):
    """What is printed on paper slips."""

    languages: tuple[Language, ...] = ()
    """Fixed languages of every slip; empty: Chinese, and beside it the person's own language."""


class RetentionSettings(_Table, frozen=True):
    """How long things stay on the terminal (PIPL 19, 47)."""

    sealed_hours: float = 72.0
    """A sealed filing is erased when the hub reports it safe and it is at least so old."""
    offer_receipt_minutes: float = 10.0
    """How long after a crash an unshown receipt number is still offered on the screen."""


class DisplaySettings(_Table, frozen=True):
    """The window."""

    orientation: Orientation = Orientation.AUTO
    fullscreen: bool = False
    text_scale: float = 1.0
    high_contrast: bool = False


class TerminalConfig(_Table, frozen=True):
    """Everything. A development terminal runs with no file at all."""

    profile: Profile = Profile.LOBBY
    terminal: str = ""
    """The terminal's code, 2 to 12 of A-Z and 0-9; empty on a development terminal, which makes itself one."""
    place: Names = Names(zh="诉讼服务大厅", ko="소송봉사청", en="Litigation service hall")
    court: CourtSettings | None = None
    """Absent on a development terminal, which asks the hub."""
    hub: HubSettings = HubSettings()
    languages: LanguageSettings = LanguageSettings()
    fees: FeeSettings = FeeSettings()
    slip: SlipSettings = SlipSettings()
    retention: RetentionSettings = RetentionSettings()
    display: DisplaySettings = DisplaySettings()

    @property
    def development(self) -> bool:
        """Whether this is a development terminal: no code was assigned to it."""
        return not self.terminal
