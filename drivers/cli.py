"""`court-kiosk device ...` and `court-kiosk dock ...`: the device program's part of the command line.

`court-kiosk` hands the terminal over to `python -m drivers.cli`, because the kiosk may not import a driver.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from drivers.dock import commands as dock
from drivers.shell import EXIT_OK, EXIT_REFUSED, OneLineParser, RefusedError, complain, say, say_json


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 refused, 2 usage)."""
    parser = OneLineParser(prog="court-kiosk", description="Devices of a court terminal")
    groups = parser.add_subparsers(dest="group", required=True, parser_class=OneLineParser)
    _register_device(groups)
    dock.register(groups)
    given = parser.parse_args(sys.argv[1:] if argv is None else argv)
    try:
        code: int = given.handler(given)
    except RefusedError as error:
        complain(f"court-kiosk {given.group} {given.action}", str(error))
        return EXIT_REFUSED
    return code


def _register_device(groups: dock.Parsers[OneLineParser]) -> None:
    device = groups.add_parser(
        "device",
        help="try a device: read-id, read-code, scan, scan-pages, print-test",
        epilog="`court-kiosk device key` makes the key this terminal signs with.",
    )
    actions = device.add_subparsers(dest="action", required=True, parser_class=OneLineParser)

    read = actions.add_parser("read-id", help="read one identity card")
    read.add_argument("--port", required=True, help="path, usb:VID:PID:SERIAL, socket://HOST:PORT, or auto")
    read.add_argument("--timeout", type=_seconds, default=10.0, help="seconds to wait for a card")
    read.set_defaults(handler=_read_id)

    scan = actions.add_parser("scan", help="find the page in a photograph, cut it out and straighten it")
    scan.add_argument("--image", type=Path, required=True, help="photograph (JPEG, PNG)")
    scan.add_argument("--out", type=Path, required=True, help="PNG to write")
    scan.set_defaults(handler=_scan)

    print_test = actions.add_parser("print-test", help="print a test slip")
    print_test.add_argument("--to", required=True, help="printer, for example tcp://HOST:PORT")
    print_test.set_defaults(handler=_print_test)

    pages = actions.add_parser("scan-pages", help="scan pages from the page scanner into a folder")
    pages.add_argument("--device", required=True, help="http://HOST/eSCL, usb:VID:PID[:SERIAL], a SANE name, or auto")
    pages.add_argument("--out", type=Path, required=True, help="folder for the JPEG files; it must be new")
    pages.add_argument("--source", choices=("flatbed", "feeder"), default="feeder", help="where the paper lies")
    pages.add_argument("--duplex", action="store_true", help="both sides")
    pages.add_argument("--dpi", type=int, default=300, help="the scanner's nearest is taken")
    pages.set_defaults(handler=_scan_pages)

    codes = actions.add_parser("read-code", help="read one code with the handheld scanner")
    way = codes.add_mutually_exclusive_group(required=True)
    way.add_argument("--port", help="serial scanner: path, usb:VID:PID:SERIAL, socket://HOST:PORT")
    way.add_argument("--keyboard", help="scanner that types: path below /dev/input/by-id, or usb:VID:PID[:SERIAL]")
    codes.add_argument("--baud", type=int, help="of a serial port; 9600 where it is not given")
    codes.add_argument("--encoding", help="of a serial scanner: utf-8 (the default) or gb18030")
    codes.add_argument("--aim", action="store_true", help="the scanner sends the symbology before each code")
    codes.add_argument("--timeout", type=_seconds, default=10.0, help="seconds to wait for a code")
    codes.set_defaults(handler=_read_code)

    for command in (read, scan, print_test, pages, codes):
        command.add_argument("--json", action="store_true", help="answer with one JSON document")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _tell(given: argparse.Namespace, result: Mapping[str, object]) -> int:
    if given.json:
        say_json(result)
    else:
        for key, value in result.items():
            if value not in ("", None):
                say(f"{key}: {value}")
    return EXIT_OK


# The driver modules are imported late: reading a card must not wait for OpenCV.


def _read_id(given: argparse.Namespace) -> int:
    from drivers.id_reader.device import IdReader
    from drivers.id_reader.read_once import ReadOnceError, read_once

    try:
        sam_id, card = read_once(IdReader(given.port), given.timeout)
    except ReadOnceError as error:
        raise RefusedError(str(error)) from error
    fields = msgspec.structs.asdict(card)
    del fields["photo"]  # an opaque blob of no use on a terminal
    return _tell(given, {**fields, "sam_id": sam_id})


def _read_code(given: argparse.Namespace) -> int:
    from drivers.code_scanner.read_once import ReadOnceError, read_once

    named = {"port": given.port, "keyboard": given.keyboard, "baud": given.baud, "encoding": given.encoding}
    section = {key: value for key, value in named.items() if value is not None}
    try:
        code = read_once(section, given.timeout, aim=given.aim)
    except ReadOnceError as error:
        raise RefusedError(str(error)) from error
    return _tell(given, {"kind": code.kind.value, "text": code.text})


def _scan(given: argparse.Namespace) -> int:
    from drivers.document_camera.still import scan_file

    try:
        return _tell(given, scan_file(given.image, given.out))
    except (OSError, ValueError) as error:
        raise RefusedError(str(error)) from error


def _scan_pages(given: argparse.Namespace) -> int:
    from drivers.page_scanner.scan_once import ScanOnceError, scan_once

    try:
        result = scan_once(given.device, given.out, given.source, duplex=given.duplex, dpi=given.dpi)
    except (ScanOnceError, OSError) as error:
        raise RefusedError(str(error)) from error
    return _tell(given, result)


def _print_test(given: argparse.Namespace) -> int:
    from drivers.receipt_printer.print_test import PrintTestError, print_test

    try:
        return _tell(given, print_test(given.to))
    except PrintTestError as error:
        raise RefusedError(str(error)) from error


if __name__ == "__main__":
    raise SystemExit(main())
