"""Who this terminal is and which court it trusts: settled at its first start, the same ever after."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.clock import Clock
from kiosk.config.model import Names, TerminalConfig
from kiosk.court.client import HubClient
from kiosk.court.contract import CourtInfo
from kiosk.court.hub_errors import HubError
from kiosk.court.keys import (
    DEVELOPMENT_TERMINAL_PREFIX,
    KeyRefusedError,
    SigningKey,
    VerifyKey,
    development_device_key,
)
from kiosk.court.sealing import CourtPublicKey
from kiosk.outbox import delivery
from kiosk.outbox.filing import Sender
from kiosk.outbox.store import Outbox

DEVICE_KEY = "device.key"
_CODE = "terminal_code"
_COURT = "court_info"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as digits


class AgentStartError(Exception):
    """The terminal cannot start; one line that says what is needed."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal's identity and its court's."""

    code: str
    key: SigningKey
    court: CourtInfo
    court_code: str
    court_name: Names
    sealing_key: CourtPublicKey
    signing_key: VerifyKey
    software: str

    @property
    def sender(self) -> Sender:
        """As manifests name it."""
        return Sender(self.code, self.sealing_key.key_id, self.software)


def software_name() -> str:
    """Name and version, as manifests and heartbeats carry them."""
    try:
        return f"court-kiosk/{version('court-kiosk')}"
    except PackageNotFoundError:
        return "court-kiosk/source"


def device_key(data: Path, config: TerminalConfig) -> SigningKey:
    """The key the terminal signs with: the published one on a development terminal. Raises AgentStartError."""
    if config.development:
        return development_device_key()
    try:
        return SigningKey.load(data / DEVICE_KEY)
    except KeyRefusedError as error:
        raise AgentStartError(f"this terminal is not enrolled: {error}") from error


def establish(
    outbox: Outbox, config: TerminalConfig, key: SigningKey, clock: Clock, client: Callable[[], HubClient]
) -> Terminal:
    """The terminal, with its code and court as this data folder remembers them; asked of the hub once, at the very
    first start. Raises AgentStartError where that first start has no hub, or the folder is another terminal's."""
    code = _code(outbox, config)
    court = _court(outbox, config, clock, client)
    try:
        sealing, signing = CourtPublicKey.from_text(court.sealing_key), VerifyKey.from_text(court.signing_key)
    except KeyRefusedError as error:
        raise AgentStartError(f"the hub publishes unusable keys: {error}") from error
    if sealing.key_id != court.sealing_key_id:
        raise AgentStartError("the hub publishes a sealing key that does not have the id it claims")
    settings = config.court
    return Terminal(
        code=code,
        key=key,
        court=court,
        court_code=settings.code if settings else court.code,
        court_name=settings.name if settings else Names(zh=court.name_zh, ko=court.name_ko, en=court.name_en),
        sealing_key=sealing,
        signing_key=signing,
        software=software_name(),
    )


def _code(outbox: Outbox, config: TerminalConfig) -> str:
    known = outbox.run(lambda c: delivery.get_setting(c, _CODE))
    if known is None:
        made = DEVELOPMENT_TERMINAL_PREFIX + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(6))
        known = config.terminal or made
        fresh = known
        outbox.run(lambda c: delivery.put_setting(c, _CODE, fresh))
    if config.terminal not in {"", known}:
        raise AgentStartError(f"this data folder belongs to terminal {known}, not {config.terminal}")
    if config.development and not known.startswith(DEVELOPMENT_TERMINAL_PREFIX):
        raise AgentStartError(f"this data folder belongs to terminal {known}; its configuration is missing")
    return known


def _court(outbox: Outbox, config: TerminalConfig, clock: Clock, client: Callable[[], HubClient]) -> CourtInfo:
    known = outbox.run(lambda c: delivery.get_setting(c, _COURT))
    if known is not None:
        return CourtInfo.model_validate_json(known)
    hub = client()
    try:
        court = hub.court_info()
    except HubError as error:
        raise AgentStartError(
            f"the hub at {config.hub.url} does not answer ({error}); at its very first start a terminal must learn "
            "its court's keys there, afterwards it works without"
        ) from error
    finally:
        hub.close()
    text = court.model_dump_json()

    def pin(connection: sa.Connection) -> None:
        delivery.put_setting(connection, _COURT, text)
        append(connection, clock.now(), AuditKind.COURT_PINNED, {"sealing_key": court.sealing_key_id})

    outbox.run(pin)
    return court
