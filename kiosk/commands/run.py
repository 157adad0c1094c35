"""`court-kiosk run`: the terminal itself."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from pathlib import Path

from kiosk.app import AlreadyRunningError, Program, Terminal, python, runtime_folder, sole_launcher
from kiosk.commands.shell import EXIT_OK, RefusedError, Subparsers

DEFAULT_HUB = "http://127.0.0.1:8420"


def data_folder() -> Path:
    """Where a terminal keeps its data unless told otherwise."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "court-kiosk"


def _size(text: str) -> str:
    if not re.fullmatch(r"\d{3,5}x\d{3,5}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT")
    return text


def register(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("run", help="start the terminal: device daemon, agent and windows")
    parser.add_argument("--profile", choices=("lobby", "touchpad"), default="lobby")
    parser.add_argument("--data", type=Path, default=None, help="data folder (default: the user's data directory)")
    parser.add_argument("--config", type=Path, default=None, help="terminal configuration (TOML)")
    parser.add_argument("--hub", default=None, help=f"address of the hub (default {DEFAULT_HUB})")
    parser.add_argument("--devices", type=Path, default=None, help="devices of this terminal (TOML, drivers/README.md)")
    parser.add_argument("--allow-simulated", action="store_true", help="accept simulated devices; never in production")
    parser.add_argument("--size", type=_size, default="1080x1920", help="screen in pixels, WIDTHxHEIGHT")
    parser.add_argument("--pitch", type=float, default=0.248, help="pixel pitch of the screen in millimetres")
    parser.add_argument("--rotation", type=int, choices=(0, 90, 180, 270), default=0)
    parser.add_argument("--framed", action="store_true", help="an ordinary window with pointer, for development")
    parser.add_argument(
        "--introspect", type=Path, default=None, help="folder for sockets that tell tests where things are"
    )
    parser.set_defaults(handler=run)


def _without_devices(data: Path) -> Path:
    """The configuration of a terminal that has no devices yet: papers are kept as PDF in the data folder."""
    file = data / "devices.toml"
    if not file.exists():
        file.write_text(f'[document_printer]\nuri = "folder:{data / "papers"}"\n', encoding="utf-8")
    return file


def run(arguments: argparse.Namespace) -> int:
    """Start everything and return when told to stop."""
    for name in ("config", "devices"):
        file = getattr(arguments, name)
        if file is not None and not file.is_file():
            raise RefusedError(f"{file} is not a file")
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s", stream=sys.stderr)
    data = (arguments.data or data_folder()).resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    sockets = runtime_folder(data)
    devices, agent = sockets / "devices.sock", sockets / "agent.sock"
    configured = arguments.devices.resolve() if arguments.devices is not None else _without_devices(data)
    daemon = ["--socket", str(devices), "--config", str(configured)]
    if arguments.allow_simulated:
        daemon.append("--allow-simulated")
    service = ["--socket", str(agent), "--devices", str(devices), "--data", str(data)]
    if arguments.hub is not None:
        service += ["--hub", arguments.hub]
    if arguments.config is not None:
        service += ["--config", str(arguments.config.resolve())]
    if arguments.profile == "lobby":
        service.append("--numbers")
    window = ["--agent", str(agent), "--devices", str(devices), "--home", str(sockets / "window")]
    window += ["--profile", arguments.profile, "--size", arguments.size, "--pitch", str(arguments.pitch)]
    window += ["--rotation", str(arguments.rotation)]
    if arguments.framed:
        window.append("--framed")
    if arguments.introspect is not None:
        arguments.introspect.mkdir(parents=True, exist_ok=True, mode=0o700)
        window += ["--introspect", str(arguments.introspect.resolve())]
    residents = (
        Program("device daemon", python("drivers.daemon", *daemon), devices),
        Program("agent", python("kiosk.agent", *service), agent),
    )
    try:
        with sole_launcher(data) as lock:
            Terminal(residents, Program("window", python("screens.app", *window)), keep_open=(lock,)).run()
    except AlreadyRunningError as error:
        raise RefusedError(str(error)) from error
    return EXIT_OK
