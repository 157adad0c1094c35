"""Reading the configuration file. Anything that is not understood is an error that names its place in the file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from kiosk.config.model import TerminalConfig
from kiosk.court.keys import DEVELOPMENT_TERMINAL_PREFIX
from kiosk.law.fee_tables import tariff

MOST_NUMBERS = 100
"""What the hub gives at once (kiosk/court/queueing.py, LeaseRequest)."""

LEAST_BEGINNING = 3
"""Characters of `codes.fee_notices`: with fewer half of all codes would be fee notices."""

_TERMINAL_CODE = re.compile(r"[A-Z0-9]{2,12}")
_WINDOW_CODE = re.compile(r"[A-Z0-9]{1,4}")


class ConfigError(Exception):
    """The configuration cannot be used; one line for the attendant, naming file and key."""


def parse_config(text: str, origin: str = "configuration") -> TerminalConfig:
    """The configuration in `text` (TOML 1.0). Raises ConfigError."""
    try:
        config = msgspec.convert(tomllib.loads(text), TerminalConfig, strict=False)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{origin}: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{origin}: {error}") from error
    for complaint in _complaints(config):
        raise ConfigError(f"{origin}: {complaint}")
    return config


def load_config(path: Path) -> TerminalConfig:
    """The configuration in the file `path`. Raises ConfigError, also where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path.name}: {reason}") from error
    return parse_config(text, path.name)


def _complaints(config: TerminalConfig) -> list[str]:
    """What is well formed and still wrong."""
    found: list[str] = []
    if config.terminal and not _TERMINAL_CODE.fullmatch(config.terminal):
        found.append("terminal: a code is 2 to 12 of the characters A-Z and 0-9")
    if config.terminal.startswith(DEVELOPMENT_TERMINAL_PREFIX):
        found.append(f"terminal: codes that begin with {DEVELOPMENT_TERMINAL_PREFIX} belong to development terminals")
    if config.terminal and config.court is None:
        found.append("court: a terminal with a code needs its court")
    if urlsplit(config.hub.url).scheme not in {"http", "https"} or not urlsplit(config.hub.url).hostname:
        found.append("hub.url: an http or https address is needed")
    if config.window and not _WINDOW_CODE.fullmatch(config.window):
        found.append("window: a code is 1 to 4 of the characters A-Z and 0-9")
    if not 10 <= config.rating.timeout_seconds <= 600 or not 1 <= config.rating.thanks_seconds <= 60:
        found.append("rating: timeout_seconds from 10 to 600, thanks_seconds from 1 to 60")
    if not 0 <= config.queue.offline_numbers <= MOST_NUMBERS:
        found.append(f"queue.offline_numbers: from 0 to {MOST_NUMBERS}")
    if config.queue.public_url and urlsplit(config.queue.public_url).scheme not in {"http", "https"}:
        found.append("queue.public_url: an http or https address is needed")
    if config.hub.heartbeat_seconds <= 0 or config.hub.overdue_days <= 0 or config.retention.sealed_hours < 0:
        found.append("hub, retention: periods are positive")
    if not 1 <= config.volume.part_megabytes <= 1000:
        found.append("volume.part_megabytes: from 1 to 1000")
    if any(len(beginning) < LEAST_BEGINNING for beginning in config.codes.fee_notices):
        found.append(f"codes.fee_notices: beginnings of at least {LEAST_BEGINNING} characters")
    for province, amounts in config.fees.bases.items():
        for kind, base in amounts.items():
            if not tariff().rules[kind].allows_base(base):
                found.append(f"fees.bases.{province}.{kind.value}: not within the range of the regulation")
    return found
