"""The terminal's secrets: the key it signs with, and the key its outbox is encrypted under."""

from __future__ import annotations

from pathlib import Path

from kiosk.agent.terminal import DEVICE_KEY
from kiosk.config.model import TerminalConfig
from kiosk.court.keys import KeyRefusedError, SigningKey, development_device_key
from kiosk.court.secret_file import SecretFileError, read_secret
from kiosk.diagnosis.check import Check


def device_key(data: Path, config: TerminalConfig) -> tuple[Check, SigningKey]:
    """The key requests are signed with; the development key stands in for further questions where it is not there."""
    if config.development:
        detail = "the published development key: for trials only, no hub in production accepts it"
        return Check("device key", ok=True, detail=detail), development_device_key()
    try:
        key = SigningKey.load(data / DEVICE_KEY)
    except KeyRefusedError as error:
        remedy = (
            f"chmod 600 {data / DEVICE_KEY}"
            if "mode" in str(error)
            else f"court-kiosk device key --out {data / DEVICE_KEY}, then on the hub: court-hub terminal add --code "
            f"{config.terminal} --key …"
        )
        return Check("device key", ok=False, detail=str(error), remedy=remedy), development_device_key()
    return Check("device key", ok=True, detail=key.key_id), key


def outbox_key(data: Path) -> Check:
    """Without it nothing that waits for the hub can be read, not even by this terminal."""
    outbox = data / "outbox"
    if not (outbox / "outbox.db").exists():
        return Check("outbox key", ok=True, detail="made at the first start")
    try:
        read_secret(outbox / "terminal.key")
    except SecretFileError as error:
        remedy = (
            f"run this as the terminal's user; chmod 600 {outbox / 'terminal.key'}; where the file is lost, so is what "
            "waits there: keep the folder and call the maintainer"
        )
        return Check("outbox key", ok=False, detail=str(error), remedy=remedy)
    return Check("outbox key", ok=True, detail="there, for its owner only")
