"""`court-hub`: serve the hub, and look after its data from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta

from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, run_handler
from provisioning.hub.api.endpoints import openapi_document
from provisioning.hub.commands import data, drafts, people
from provisioning.hub.commands.shared import data_arguments, days
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.hub import DEVELOPMENT_SAFE_AFTER, HubOptions, first_administrator, open_hub
from provisioning.hub.server import bind, is_loopback, serve
from provisioning.hub.staff import StaffRefusedError
from provisioning.hub.sweep import LEAST_AGE, USUAL_AGE

DEFAULT_PORT = 8420


def main(argv: Sequence[str] | None = None) -> int:
    """Parse `argv` and run one command; returns its exit code (0 done, 1 refused, 2 usage)."""
    parser = OneLineParser(prog="court-hub", description="The court's side of the filing terminals")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=OneLineParser)
    _register_serve(commands)
    data.register(commands)
    people.register(commands)
    drafts.register(commands)
    document = commands.add_parser("openapi", help="print the contract as OpenAPI 3.1")
    document.set_defaults(handler=_openapi)
    arguments = parser.parse_args(list(sys.argv[1:] if argv is None else argv))

    def handler(given: argparse.Namespace) -> int:
        try:
            return int(given.handler(given))
        except (DataError, StaffRefusedError) as error:
            raise RefusedError(str(error)) from error
        except OSError as error:
            # A data directory that is a file, is not ours to read or lies on a full disk is told, not traced back.
            where = f"{error.filename}: " if error.filename else ""
            raise RefusedError(f"{where}{error.strerror or error}") from error

    return run_handler(f"court-hub {arguments.command}", handler, arguments)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def _register_serve(commands: Subparsers[OneLineParser]) -> None:
    parser = commands.add_parser("serve", help="serve terminals and the console")
    data_arguments(parser)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help="0 takes a free port")
    parser.add_argument("--production", action="store_true", help="refuse development terminals; cookies for HTTPS")
    parser.add_argument(
        "--safe-after",
        type=float,
        metavar="SECONDS",
        help="development only: count a stored submission as safe after this time (60); production asks for a backup",
    )
    parser.add_argument(
        "--sweep-after",
        type=int,
        default=USUAL_AGE.days,
        metavar="DAYS",
        help=f"erase unfinished uploads left alone for so long, once a day ({USUAL_AGE.days}; at least "
        f"{LEAST_AGE.days}); terminals send again what they still want to file",
    )
    parser.set_defaults(handler=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    # Late, so that the other commands need not load the web framework.
    from provisioning.hub.application import application

    production: bool = arguments.production
    safe_after: timedelta | None = None
    if arguments.safe_after is not None:
        safe_after = timedelta(seconds=arguments.safe_after)
    elif not production:
        safe_after = DEVELOPMENT_SAFE_AFTER
    options = HubOptions(
        production=production,
        development_terminals=not production and is_loopback(arguments.host),
        safe_after=safe_after,
        sweep_after=days(arguments.sweep_after),
    )
    bound = bind(arguments.host, arguments.port)
    hub = open_hub(DataDirectory(arguments.data), arguments.database, options)
    try:
        if not production and (password := first_administrator(hub)):
            message = f"court-hub: first account, shown once: name admin, password {password}"
            print(message, file=sys.stderr, flush=True)  # noqa: T201 - this is the shell
        serve(application(hub), bound)
    finally:
        hub.close()
    return 0


def _openapi(arguments: argparse.Namespace) -> int:
    del arguments
    print(json.dumps(openapi_document(), ensure_ascii=False, indent=2))  # noqa: T201 - this is the shell
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
