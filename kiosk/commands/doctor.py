"""`court-kiosk doctor`: what this machine has and lacks, one line each; exits 1 when something needed is missing."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.commands.run import data_folder
from kiosk.commands.shell import EXIT_OK, EXIT_REFUSED, Subparsers, emit

FREE_SPACE_NEEDED = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `needed` says whether the terminal can work without it."""

    name: str
    ok: bool
    detail: str
    needed: bool = True


def register(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("doctor", help="say what this machine has and lacks")
    parser.add_argument("--data", type=Path, default=None, help="data folder (default: the user's data directory)")
    parser.add_argument("--hub", default=None, metavar="URL", help="also ask this hub")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=doctor)


def doctor(arguments: argparse.Namespace) -> int:
    """Look at everything and tell."""
    checks = [check() for check in _CHECKS]
    checks.append(_disk(arguments.data or data_folder()))
    if arguments.hub:
        checks.append(_hub(arguments.hub))
    emit(
        [{"name": c.name, "ok": c.ok, "needed": c.needed, "detail": c.detail} for c in checks],
        arguments.json,
        list(_lines(checks)),
    )
    return EXIT_OK if all(c.ok or not c.needed for c in checks) else EXIT_REFUSED


def _lines(checks: list[Check]) -> Iterator[str]:
    for check in checks:
        mark = "ok     " if check.ok else "missing" if check.needed else "without"
        yield f"{mark}  {check.name}: {check.detail}"


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python 3.11 or newer", sys.version_info >= (3, 11), version)


def _database() -> Check:
    from sqlcipher3 import dbapi2  # only this check needs the engine

    version = str(dbapi2.sqlite_version)
    safe = tuple(map(int, version.split("."))) >= (3, 51, 3)
    return Check("database engine without the WAL-reset bug", safe, f"SQLite {version}")


def _fonts() -> Check:
    from kiosk.documents.fonts import font_folder  # the documents package loads the typesetter

    folder = font_folder()
    found = sorted(file.name for file in folder.glob("*.otf")) if folder.is_dir() else []
    return Check("fonts", len(found) >= 2, ", ".join(found) or "run script/setup")


def _pinyin() -> Check:
    folder = Path(sys.prefix) / "share" / "court-kiosk" / "rime"
    there = folder.is_dir() and any(folder.iterdir())
    return Check("pinyin dictionary", there, "built" if there else "run script/setup; typing falls back", needed=False)


def _speech() -> Check:
    program = shutil.which("espeak-ng")
    return Check("speech", program is not None, "espeak-ng" if program else "espeak-ng is not installed", needed=False)


def _disk(data: Path) -> Check:
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    return Check("500 MB of free space", free >= FREE_SPACE_NEEDED, f"{free // 1_000_000} MB at {place}")


def _hub(url: str) -> Check:
    import httpx  # only this check speaks HTTP

    try:
        answer = httpx.get(f"{url.rstrip('/')}/v1/court", timeout=5)
        answer.raise_for_status()
        return Check("hub", ok=True, detail=str(answer.json().get("code", "")))
    except (httpx.HTTPError, ValueError) as error:
        return Check("hub", ok=False, detail=type(error).__name__)


_CHECKS: tuple[Callable[[], Check], ...] = (_python, _database, _fonts, _pinyin, _speech)
