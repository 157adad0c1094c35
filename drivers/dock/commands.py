"""`court-kiosk dock ...`: the simulators from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from drivers.dock.control import Answer, ControlError, Order
from drivers.dock.orders import (
    A4_PAPER_STATES,
    COVER_STATES,
    DEVICES,
    GLASS_THINGS,
    PAPER_STATES,
    default_directory,
    send,
    status,
)
from drivers.dock.panel import Panel
from drivers.dock.simulators import CONFIG_NAME, Simulators, Wanted
from drivers.shell import EXIT_OK, OneLineParser, RefusedError, say, say_json, until_told

Parsers = argparse._SubParsersAction  # the type argparse returns but does not export


def register(groups: Parsers[OneLineParser]) -> None:
    """Add the `dock` group."""
    dock = groups.add_parser("dock", help="drive the simulated devices")
    actions = dock.add_subparsers(dest="action", required=True, parser_class=OneLineParser)

    def action(name: str, explain: str) -> argparse.ArgumentParser:
        parser = actions.add_parser(name, help=explain)
        parser.add_argument("--dir", type=Path, default=default_directory(), help="folder of the dock")
        parser.add_argument("--json", action="store_true", help="answer with one JSON document")
        return parser

    up = action("up", "start the simulators and write the daemon's configuration; runs until it is told to end")
    for device in ("reader", "printer", "camera", "scanner", "handheld"):
        up.add_argument(f"--no-{device}", action="store_true", help=f"leave the {device} out")
    up.add_argument("--a4", action="store_true", help="an A4 printer too, instead of a folder for documents")
    up.add_argument("--photos", type=Path, help="folder of photographs for the camera")
    up.add_argument("--width", type=int, choices=(384, 576), default=576, help="dots of the receipt printer")
    up.add_argument("--paced", action="store_true", help="let the reader send at the speed of a real wire")
    up.set_defaults(handler=_up)

    insert = action("insert", "lay a card on the reader (see `people`)")
    insert.add_argument("card", help="whose card")
    insert.set_defaults(handler=lambda given: _order(given, "reader", {"do": "insert", "card": given.card}))

    remove = action("remove", "take the card away")
    remove.set_defaults(handler=lambda given: _order(given, "reader", {"do": "remove"}))

    midway = action("remove-mid-read", "take the card away in the middle of the next reading")
    midway.add_argument("--after", type=int, default=300, help="bytes that still arrive")
    midway.set_defaults(handler=lambda given: _order(given, "reader", {"do": "remove-mid-read", "after": given.after}))

    paper = action("paper", "what the paper sensor says")
    paper.add_argument("state", choices=PAPER_STATES)
    paper.set_defaults(handler=lambda given: _order(given, "printer", {"do": "paper", "state": given.state}))

    a4_paper = action("a4-paper", "fill or empty the A4 printer's tray")
    a4_paper.add_argument("state", choices=A4_PAPER_STATES)
    a4_paper.set_defaults(handler=lambda given: _order(given, "a4", {"do": "paper", "state": given.state}))

    cover = action("cover", "open or close the printer's cover")
    cover.add_argument("state", choices=COVER_STATES)
    cover.set_defaults(handler=lambda given: _order(given, "printer", {"do": "cover", "state": given.state}))

    for name, explain in (("unplug", "pull a cable"), ("plug", "put a cable back")):
        cable = action(name, explain)
        cable.add_argument("device", choices=tuple(DEVICES))
        cable.set_defaults(handler=lambda given, name=name: _order(given, given.device, {"do": name}))

    for name, what, explain in (
        ("next-photo", "next", "show the camera the next photograph"),
        ("freeze", "freeze", "let the camera repeat its picture for ever"),
        ("thaw", "thaw", "let the camera go on"),
    ):
        picture = action(name, explain)
        picture.set_defaults(handler=lambda given, what=what: _order(given, "camera", {"do": what}))
    photo = action("photo", "show the camera the photograph of that name")
    photo.add_argument("name", help="as the camera's README lists them")
    photo.set_defaults(handler=lambda given: _order(given, "camera", {"do": "photo", "name": given.name}))
    _register_scanner(action)

    code = action("scan-code", "scan a code with the handheld scanner")
    code.add_argument("text", help="what the code says")
    code.set_defaults(handler=lambda given: _order(given, "handheld", {"do": "scan", "text": given.text}))
    slip = action("scan-slip", "scan the newest printed slip with the handheld scanner")
    slip.set_defaults(handler=lambda given: _order(given, "handheld", {"do": "scan-slip"}))

    action("people", "whose cards there are").set_defaults(handler=_people)
    action("status", "what the simulators say of themselves").set_defaults(handler=_status)

    panel = action("panel", "the same as buttons on a local web page; runs until it is told to end")
    panel.add_argument("--port", type=_port, default=8790, help="0 picks a free one")
    panel.set_defaults(handler=_panel)


def _register_scanner(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    load = action("load", "put sheets into the scanner's feeder")
    load.add_argument("sheets", type=int, help="how many")
    load.add_argument("--first", type=int, default=1, help="number of the first")
    load.set_defaults(handler=lambda given: _scanner(given, do="load", sheets=given.sheets, first=given.first))

    lay = action("lay", "lay something on the scanner's glass")
    lay.add_argument("thing", choices=GLASS_THINGS)
    lay.set_defaults(handler=lambda given: _scanner(given, do="lay", thing=given.thing))

    for name, explain in (("jam", "let a sheet jam in the feeder"), ("double-feed", "let two sheets go in at once")):
        trouble = action(name, explain)
        trouble.add_argument("--after", type=int, default=0, help="sheets that still pass")
        trouble.set_defaults(handler=lambda given, name=name: _scanner(given, do=name, after=given.after))
    for name, explain in (
        ("clear", "put what jammed back into the feeder"),
        ("hang", "let the scanner answer nothing more"),
        ("wake", "let the scanner answer again"),
    ):
        action(name, explain).set_defaults(handler=lambda given, name=name: _scanner(given, do=name))

    lid = action("scanner-cover", "open or close the scanner's cover")
    lid.add_argument("state", choices=COVER_STATES)
    lid.set_defaults(handler=lambda given: _scanner(given, do="cover", state=given.state))


def _scanner(given: argparse.Namespace, **order: object) -> int:
    return _order(given, "scanner", order)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _up(given: argparse.Namespace) -> int:
    if given.photos and not given.photos.is_dir():
        raise RefusedError(f"{given.photos}: no such folder")
    wanted = Wanted(
        given.dir,
        reader=not given.no_reader,
        printer=not given.no_printer,
        camera=not given.no_camera,
        scanner=not given.no_scanner,
        handheld=not given.no_handheld,
        a4=given.a4,
        width=given.width,
        photos=given.photos,
        paced=given.paced,
    )
    ending = until_told()
    try:
        with Simulators(wanted) as simulators:
            config = str(given.dir / CONFIG_NAME)
            say(json.dumps({"ready": True, "config": config}) if given.json else f"ready: {config}")
            while not ending.wait(0.5):
                if simulators.ended:
                    raise RefusedError(f"a simulator ended by itself: {', '.join(simulators.ended)}")
    except (ControlError, OSError) as error:
        raise RefusedError(str(error)) from error
    return EXIT_OK


def _order(given: argparse.Namespace, device: str, order: Order) -> int:
    try:
        answer = send(given.dir, device, order)
    except ControlError as error:
        raise RefusedError(str(error)) from error
    _tell(given, device, answer)
    return EXIT_OK


def _tell(given: argparse.Namespace, device: str, answer: Answer | None) -> None:
    if given.json:
        say_json({device: answer})
    elif answer is None:
        say(f"{device}: not running")
    else:
        told = ", ".join(f"{key} {value}" for key, value in answer.items() if isinstance(value, str | int | float))
        say(f"{device}: {told}")


def _status(given: argparse.Namespace) -> int:
    answers = status(given.dir)
    if given.json:
        say_json(answers)
    else:
        for device, answer in answers.items():
            _tell(given, device, answer)
    return EXIT_OK


def _people(given: argparse.Namespace) -> int:
    try:
        people = send(given.dir, "reader", {"do": "status"})["people"]
    except ControlError as error:
        raise RefusedError(str(error)) from error
    if given.json or not isinstance(people, dict):
        say_json(people)
    else:
        for name, label in people.items():
            say(f"{name:12} {label}")
    return EXIT_OK


def _panel(given: argparse.Namespace) -> int:
    ending = until_told()
    try:
        panel = Panel(given.dir, given.port)
    except OSError as error:
        raise RefusedError(f"port {given.port}: {error.strerror or error}") from error
    with panel:
        say(json.dumps({"ready": True, "url": panel.url}) if given.json else panel.url)
        sys.stdout.flush()
        ending.wait()
    return EXIT_OK
