"""The machine itself: Python, database engine, fonts, typing, speech, room, clock."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from kiosk.clock import Clock
from kiosk.diagnosis.check import Check

FREE_SPACE_NEEDED = 500 * 1024 * 1024
_SET_UP = "run script/setup"


def python() -> Check:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    return Check("Python 3.11 or newer", good, version, remedy="" if good else "install python3.11, then script/setup")


def database() -> Check:
    """The engine that holds filings."""
    from sqlcipher3 import dbapi2  # only this check needs the engine

    from kiosk.outbox.sqlcipher import is_safe

    version = str(dbapi2.sqlite_version)
    safe = is_safe(version)
    remedy = "" if safe else "install the pinned packages again: script/setup"
    return Check("database engine without the WAL-reset bug", safe, f"SQLite {version}", remedy=remedy)


def fonts() -> Check:
    """What documents are set in."""
    from kiosk.documents.fonts import FontsMissingError, font_folder, load_fonts  # loads the typesetter

    folder = font_folder()
    found = sorted(file.name for file in folder.glob("*.otf")) if folder.is_dir() else []
    try:
        load_fonts(folder)
    except FontsMissingError as error:
        return Check("fonts", ok=False, detail=str(error), remedy=_SET_UP)
    return Check("fonts", ok=True, detail=", ".join(found))


def keyboard_engine() -> Check:
    """librime, which turns pinyin and strokes into characters."""
    found = ctypes.util.find_library("rime")
    if found:
        return Check("keyboard engine", ok=True, detail=found, needed=False)
    return Check(
        "keyboard engine",
        ok=False,
        needed=False,
        detail="librime is not installed; pinyin falls back to a small table, strokes are not offered",
        remedy=f"{_SET_UP} (package librime1)",
    )


def pinyin() -> Check:
    """The dictionaries that set-up compiles for it."""
    folder = Path(sys.prefix) / "share" / "court-kiosk" / "rime"
    there = folder.is_dir() and any(folder.iterdir())
    detail = "built" if there else "not built; typing falls back to a small table"
    return Check("pinyin dictionary", there, detail, needed=False, remedy="" if there else _SET_UP)


def speech(sound_cards: Path = Path("/proc/asound/cards")) -> Check:
    """Reading aloud: the voice and something to hear it from."""
    if shutil.which("espeak-ng") is None:
        return Check("speech", ok=False, needed=False, detail="espeak-ng is not installed", remedy=_SET_UP)
    try:
        cards = sound_cards.read_text(encoding="utf-8")
    except OSError:
        cards = ""
    if "[" not in cards:
        return Check(
            "speech",
            ok=False,
            needed=False,
            detail="espeak-ng, but no sound card",
            remedy="connect a loudspeaker or headset; `aplay -l` (alsa-utils) lists what the system knows",
        )
    return Check("speech", ok=True, needed=False, detail="espeak-ng")


def room(data: Path) -> Check:
    """Free space where filings are kept, and whether this user may write there."""
    name = "500 MB of free space"
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    detail = f"{free // 1_000_000} MB at {place}"
    if not os.access(place, os.W_OK | os.X_OK):
        remedy = f"run this as the terminal's user, or give {place} to that user (chown)"
        return Check(name, ok=False, detail=f"{detail}, which this user cannot write to", remedy=remedy)
    if free < FREE_SPACE_NEEDED:
        remedy = "make room, or name a folder on another disk with --data; filings that wait are kept there"
        return Check(name, ok=False, detail=detail, remedy=remedy)
    return Check(name, ok=True, detail=detail)


def clock(clock: Clock, installed: datetime, synchronised: str | None = None) -> Check:
    """The time that receipts state. `installed` is when this software came onto the machine: an earlier "now" is a dead
    battery. `synchronised` is the system's word ("yes", "no", empty where it has none), asked for where not given."""
    now = clock.now()
    shown = now.strftime("%Y-%m-%d %H:%M:%S %Z")
    if now < installed:
        remedy = "set the clock (timedatectl set-time), replace the mainboard's battery"
        return Check("clock", ok=False, detail=f"{shown} is before this software was installed", remedy=remedy)
    match system_clock_synchronised() if synchronised is None else synchronised:
        case "yes":
            return Check("clock", ok=True, detail=f"{shown}, synchronised")
        case "no":
            remedy = "let systemd-timesyncd follow the court's time server: timedatectl set-ntp true"
            return Check("clock", ok=False, needed=False, detail=f"{shown}, not synchronised", remedy=remedy)
        case _:
            return Check("clock", ok=True, detail=f"{shown}; whether it is synchronised is not known")


def system_clock_synchronised() -> str:
    """systemd's word on it: "yes", "no", or empty where there is none."""
    program = shutil.which("timedatectl")
    if program is None:
        return ""
    asked = [program, "show", "--property=NTPSynchronized", "--value"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""
