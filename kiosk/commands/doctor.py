"""`court-kiosk doctor`: what a terminal has and lacks, one line each, and what to do; exits 1 where anything needed is
missing. The JSON is a list of `{"name", "ok", "needed", "detail", "remedy"}`; names stay as they are, details do not.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.clock import CHINA, SystemClock
from kiosk.commands.run import data_folder
from kiosk.commands.shell import EXIT_OK, EXIT_REFUSED, Subparsers, emit
from kiosk.diagnosis.check import Check


def register(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="say what this terminal has and lacks, and what to do about it",
        description="Looks at the machine; with --config or --hub at the hub, with --devices (or where the terminal "
        "runs) at the devices. Changes nothing. Exits 1 where something needed is missing.",
    )
    parser.add_argument("--data", type=Path, default=None, help="data folder (default: the user's data directory)")
    parser.add_argument("--config", type=Path, default=None, help="the terminal's configuration; its hub is asked")
    parser.add_argument("--hub", default=None, metavar="URL", help="ask this hub; goes before the configuration's")
    parser.add_argument(
        "--devices", type=Path, default=None, help="open these devices (TOML), unless the terminal runs"
    )
    parser.add_argument("--allow-simulated", action="store_true", help="accept simulated devices; never in production")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=doctor)


def doctor(arguments: argparse.Namespace) -> int:
    """Look at everything and tell."""
    checks = list(_looked(arguments))
    rows = [{"name": c.name, "ok": c.ok, "needed": c.needed, "detail": c.detail, "remedy": c.remedy} for c in checks]
    emit(rows, arguments.json, list(_lines(checks)))
    return EXIT_OK if all(c.ok or not c.needed for c in checks) else EXIT_REFUSED


def _lines(checks: list[Check]) -> Iterator[str]:
    for check in checks:
        yield f"{check.mark}  {check.name}: {check.detail}"
        if check.remedy:
            yield f"         -> {check.remedy}"


def _looked(arguments: argparse.Namespace) -> Iterator[Check]:
    # What is looked at loads the typesetter, the engine and the contract, which no other command should pay.
    from kiosk.config.load import ConfigError, load_config
    from kiosk.config.model import TerminalConfig
    from kiosk.diagnosis import hub, keys, machine

    clock = SystemClock()
    data = (arguments.data or data_folder()).resolve()
    yield machine.python()
    yield machine.database()
    yield machine.fonts()
    yield machine.pinyin()
    yield machine.keyboard_engine()
    yield machine.speech()
    yield machine.room(data)
    yield machine.clock(clock, datetime.fromtimestamp(Path(__file__).stat().st_mtime, CHINA))
    config = TerminalConfig()
    if arguments.config is not None:
        try:
            config = load_config(arguments.config)
        except ConfigError as error:
            remedy = (
                "correct it as the guide for installers says (config.toml); the keys and the hub were not looked at"
            )
            yield Check("configuration", ok=False, detail=str(error), remedy=remedy)
            yield from _devices(arguments, data)
            return
        yield Check("configuration", ok=True, detail=config.terminal or "of a development terminal")
    if arguments.hub is not None:
        config = msgspec.structs.replace(config, hub=msgspec.structs.replace(config.hub, url=arguments.hub))
    told, key = keys.device_key(data, config)
    yield told
    yield keys.outbox_key(data)
    yield from _devices(arguments, data)
    if arguments.hub is not None or arguments.config is not None:
        yield from hub.look(config, key, clock)


def _devices(arguments: argparse.Namespace, data: Path) -> Iterator[Check]:
    from kiosk.app import is_running, socket_folder
    from kiosk.diagnosis import devices, running

    sockets = socket_folder(data)
    if is_running(data):
        yield from devices.look(sockets / "devices.sock")
        yield from running.agent(sockets / "agent.sock")
        return
    configured = arguments.devices or data / "devices.toml"
    if not configured.is_file():
        detail = (
            f"{configured} is not a file" if arguments.devices else "none configured; each screen offers another way"
        )
        remedy = "write the devices file (drivers/README.md) and give it with --devices"
        yield Check("devices", ok=False, detail=detail, needed=arguments.devices is not None, remedy=remedy)
        return
    try:
        with devices.own_daemon(configured, allow_simulated=arguments.allow_simulated) as socket:
            yield from devices.look(socket)
    except devices.DaemonRefusedError as error:
        remedy = "correct the devices file (drivers/README.md)"
        yield Check("devices", ok=False, detail=error.complaint, remedy=remedy)
