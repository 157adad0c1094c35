"""`court-hub user` and `court-hub terminal`: who may use the console, and which terminals may file."""

from __future__ import annotations

import argparse
import getpass
import sys

from kiosk.clock import SystemClock
from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit
from kiosk.court.keys import KeyRefusedError, VerifyKey
from provisioning.hub import staff, terminals
from provisioning.hub.commands.shared import COMMAND_LINE, data_arguments, existing
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role


def register(commands: Subparsers[OneLineParser]) -> None:
    """Add the commands."""
    user = commands.add_parser("user", help="accounts of the console").add_subparsers(
        dest="action", required=True, parser_class=OneLineParser
    )
    add = user.add_parser("add", help="make an account; the password is asked for or read from standard input")
    data_arguments(add)
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--password-stdin", action="store_true")
    add.set_defaults(handler=_user_add)
    password = user.add_parser("password", help="set a new password and lift a lock")
    data_arguments(password)
    password.add_argument("--name", required=True)
    password.add_argument("--password-stdin", action="store_true")
    password.set_defaults(handler=_user_password)
    for action, active in (("close", False), ("open", True)):
        change = user.add_parser(action, help=f"{action} an account")
        data_arguments(change)
        change.add_argument("--name", required=True)
        change.set_defaults(handler=_user_active, active=active)
    listing = user.add_parser("list", help="list accounts")
    data_arguments(listing)
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(handler=_user_list)

    terminal = commands.add_parser("terminal", help="terminals that may file").add_subparsers(
        dest="action", required=True, parser_class=OneLineParser
    )
    enrol = terminal.add_parser("add", help="let a terminal in by its public device key (base64)")
    data_arguments(enrol)
    enrol.add_argument("--code", required=True)
    enrol.add_argument("--key", required=True)
    enrol.add_argument("--court", default="")
    enrol.add_argument("--place", default="")
    enrol.set_defaults(handler=_terminal_add)
    revoke = terminal.add_parser("revoke", help="shut a terminal out")
    data_arguments(revoke)
    revoke.add_argument("--code", required=True)
    revoke.set_defaults(handler=_terminal_revoke)


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass("password: ")


def _user_add(arguments: argparse.Namespace) -> int:
    password_hash, clock = staff.hash_password(_password(arguments)), SystemClock()
    database = prepare_data(DataDirectory(arguments.data), arguments.database, clock)
    with database.writing.begin() as connection:
        staff.add_account(
            connection,
            name=arguments.name,
            role=Role(arguments.role),
            password_hash=password_hash,
            at=clock.now(),
            by=COMMAND_LINE,
        )
    database.close()
    return 0


def _user_password(arguments: argparse.Namespace) -> int:
    password_hash = staff.hash_password(_password(arguments))
    with existing(arguments) as database, database.writing.begin() as connection:
        now = SystemClock().now()
        staff.set_password(connection, name=arguments.name, password_hash=password_hash, at=now, by=COMMAND_LINE)
    return 0


def _user_active(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database, database.writing.begin() as connection:
        now, active = SystemClock().now(), arguments.active
        staff.set_active(connection, name=arguments.name, active=active, at=now, by=COMMAND_LINE)
    return 0


def _user_list(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database:
        found = database.read(staff.accounts)
    rows = [{"name": account.name, "role": account.role, "active": account.active} for account in found]
    lines = [f"{a.name:<24}{a.role.value:<16}{'' if a.active else 'closed'}".rstrip() for a in found]
    return emit(rows, arguments.json, lines)


def _terminal_add(arguments: argparse.Namespace) -> int:
    clock = SystemClock()
    try:
        key = VerifyKey.from_text(arguments.key)
        database = prepare_data(DataDirectory(arguments.data), arguments.database, clock)
        with database.writing.begin() as connection:
            terminals.add_terminal(
                connection,
                code=arguments.code,
                key=key,
                court=arguments.court,
                place=arguments.place,
                at=clock.now(),
                by=COMMAND_LINE,
            )
        database.close()
    except (KeyRefusedError, ValueError) as error:
        raise RefusedError(str(error)) from error
    return 0


def _terminal_revoke(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database, database.writing.begin() as connection:
        now = SystemClock().now()
        if not terminals.revoke_terminal(connection, arguments.code, at=now, by=COMMAND_LINE):
            raise RefusedError(f"there is no active terminal {arguments.code}")
    return 0
