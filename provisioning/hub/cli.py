"""`court-hub`: serve the hub, and look after its data from the command line."""

from __future__ import annotations

import argparse
import getpass
import json
import mimetypes
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from kiosk.clock import SystemClock
from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit, run_handler
from kiosk.court.keys import KeyRefusedError, VerifyKey
from provisioning.hub import journal, staff, terminals
from provisioning.hub.api.endpoints import openapi_document
from provisioning.hub.backup import back_up, restore
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.engine import Database, open_database
from provisioning.hub.hub import DEVELOPMENT_SAFE_AFTER, HubOptions, first_administrator, open_hub, prepare_data
from provisioning.hub.listing import export_rows
from provisioning.hub.papers import PaperError, open_paper, papers_of
from provisioning.hub.permissions import Role
from provisioning.hub.server import bind, is_loopback, serve

DEFAULT_PORT = 8420


def main(argv: Sequence[str] | None = None) -> int:
    """Parse `argv` and run one command; returns its exit code (0 done, 1 refused, 2 usage)."""
    parser = OneLineParser(prog="court-hub", description="The court's side of the filing terminals")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=OneLineParser)
    _register_serve(commands)
    _register_data(commands)
    _register_people(commands)
    arguments = parser.parse_args(list(sys.argv[1:] if argv is None else argv))

    def handler(given: argparse.Namespace) -> int:
        try:
            return int(given.handler(given))
        except (DataError, staff.StaffRefusedError) as error:
            raise RefusedError(str(error)) from error

    return run_handler(f"court-hub {arguments.command}", handler, arguments)


def _data_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hub's data directory")
    parser.add_argument("--database", metavar="URL", help="PostgreSQL instead of SQLite in the data directory")


def _register_serve(commands: Subparsers[OneLineParser]) -> None:
    parser = commands.add_parser("serve", help="serve terminals and the console")
    _data_arguments(parser)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free port")
    parser.add_argument("--production", action="store_true", help="refuse development terminals; cookies for HTTPS")
    parser.add_argument(
        "--safe-after",
        type=float,
        metavar="SECONDS",
        help="development only: count a stored submission as safe after this time (60); production asks for a backup",
    )
    parser.set_defaults(handler=_serve)


def _register_data(commands: Subparsers[OneLineParser]) -> None:
    listing = commands.add_parser("submissions", help="list what was received")
    _data_arguments(listing)
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(handler=_submissions)

    export = commands.add_parser("export", help="write the opened papers of one submission")
    _data_arguments(export)
    export.add_argument("--submission", required=True, metavar="ID")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument("--json", action="store_true")
    export.set_defaults(handler=_export)

    backup = commands.add_parser("backup", help="write a backup; what it holds counts as safe")
    _data_arguments(backup)
    backup.add_argument("--to", type=Path, required=True, metavar="DIR")
    backup.add_argument("--json", action="store_true")
    backup.set_defaults(handler=_backup)

    back = commands.add_parser("restore", help="fill an empty data directory from a backup; begins a new epoch")
    _data_arguments(back)
    back.add_argument("--from", dest="source", type=Path, required=True, metavar="DIR")
    back.add_argument("--json", action="store_true")
    back.set_defaults(handler=_restore)

    chain = commands.add_parser("journal", help="check the audit journal, or export it as JSON lines")
    _data_arguments(chain)
    chain.add_argument("--export", action="store_true")
    chain.set_defaults(handler=_journal)

    document = commands.add_parser("openapi", help="print the contract as OpenAPI 3.1")
    document.set_defaults(handler=_openapi)


def _register_people(commands: Subparsers[OneLineParser]) -> None:
    user = commands.add_parser("user", help="accounts of the console").add_subparsers(
        dest="action", required=True, parser_class=OneLineParser
    )
    add = user.add_parser("add", help="make an account; the password is asked for or read from standard input")
    _data_arguments(add)
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--password-stdin", action="store_true")
    add.set_defaults(handler=_user_add)
    password = user.add_parser("password", help="set a new password and lift a lock")
    _data_arguments(password)
    password.add_argument("--name", required=True)
    password.add_argument("--password-stdin", action="store_true")
    password.set_defaults(handler=_user_password)
    for action, active in (("close", False), ("open", True)):
        change = user.add_parser(action, help=f"{action} an account")
        _data_arguments(change)
        change.add_argument("--name", required=True)
        change.set_defaults(handler=_user_active, active=active)
    listing = user.add_parser("list", help="list accounts")
    _data_arguments(listing)
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(handler=_user_list)

    terminal = commands.add_parser("terminal", help="terminals that may file").add_subparsers(
        dest="action", required=True, parser_class=OneLineParser
    )
    enrol = terminal.add_parser("add", help="let a terminal in by its public device key (base64)")
    _data_arguments(enrol)
    enrol.add_argument("--code", required=True)
    enrol.add_argument("--key", required=True)
    enrol.add_argument("--court", default="")
    enrol.add_argument("--place", default="")
    enrol.set_defaults(handler=_terminal_add)
    revoke = terminal.add_parser("revoke", help="shut a terminal out")
    _data_arguments(revoke)
    revoke.add_argument("--code", required=True)
    revoke.set_defaults(handler=_terminal_revoke)


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


@contextmanager
def _existing(arguments: argparse.Namespace) -> Iterator[Database]:
    data = DataDirectory(arguments.data)
    data.require()
    database = open_database(data, arguments.database)
    try:
        if not sa.inspect(database.reading).has_table("settings"):
            raise DataError(f"{data.root} holds no hub data")
        yield database
    finally:
        database.close()


def _submissions(arguments: argparse.Namespace) -> int:
    with _existing(arguments) as database, database.reading.connect() as connection:
        rows = export_rows(connection)
    lines = [f"{row['receipt_no']}  {row['state']:<20}  {row['cause_code']}  {row['submission_id']}" for row in rows]
    return emit(rows, arguments.json, lines)


def _export(arguments: argparse.Namespace) -> int:
    data = DataDirectory(arguments.data)
    with _existing(arguments) as database:
        keys = load_court_keys(data, create=False)
        with database.reading.connect() as connection:
            papers = papers_of(connection, arguments.submission)
        if not papers:
            raise RefusedError(f"there is no submission {arguments.submission}")
        from provisioning.hub.blobs import BlobStore  # late: only this command opens papers

        store = BlobStore(data.blobs, data.parts)
        written: list[str] = []
        try:
            arguments.out.mkdir(mode=0o700, parents=True, exist_ok=True)
            for number, paper in enumerate(papers, 1):
                suffix = mimetypes.guess_extension(paper.media_type) or ".bin"
                path = arguments.out / f"{number:02d}-{paper.role.value}{suffix}"
                path.write_bytes(open_paper(store, keys.sealing, paper))
                written.append(str(path))
        except PaperError as error:
            raise RefusedError(f"a paper cannot be opened: {error.problem.value}") from error
        except OSError as error:
            raise RefusedError(f"{arguments.out}: {error.strerror}") from error
        now = SystemClock().now()
        with database.writing.begin() as connection:
            journal.append(
                connection,
                chain=journal.STAFF_CHAIN,
                at=now,
                actor="command line",
                action="exported",
                subject=arguments.submission,
            )
    return emit(written, arguments.json, written)


def _backup(arguments: argparse.Namespace) -> int:
    with _existing(arguments) as database:
        report = back_up(DataDirectory(arguments.data), database, arguments.to, clock=SystemClock())
    return _tell(report.number, report.folder, report.submissions, arguments)


def _restore(arguments: argparse.Namespace) -> int:
    report = restore(arguments.source, DataDirectory(arguments.data), arguments.database, clock=SystemClock())
    return _tell(report.number, report.folder, report.submissions, arguments)


def _tell(number: int, folder: Path, submissions: int, arguments: argparse.Namespace) -> int:
    result = {"number": number, "folder": str(folder), "submissions": submissions}
    return emit(result, arguments.json, [f"backup {number}: {submissions} submissions, {folder}"])


def _journal(arguments: argparse.Namespace) -> int:
    with _existing(arguments) as database, database.reading.connect() as connection:
        if faults := journal.faults(connection):
            raise RefusedError(f"the journal was changed: {'; '.join(faults[:3])}")
        count = 0
        for entry in journal.entries(connection):
            count += 1
            if arguments.export:
                line = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
                emit(line, True, [])
    return 0 if arguments.export else emit({}, False, [f"the journal is whole: {count} entries"])


def _openapi(arguments: argparse.Namespace) -> int:
    del arguments
    print(json.dumps(openapi_document(), ensure_ascii=False, indent=2))  # noqa: T201 - this is the shell
    return 0


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
            by="command line",
        )
    database.close()
    return 0


def _user_password(arguments: argparse.Namespace) -> int:
    password_hash = staff.hash_password(_password(arguments))
    with _existing(arguments) as database, database.writing.begin() as connection:
        now = SystemClock().now()
        staff.set_password(connection, name=arguments.name, password_hash=password_hash, at=now, by="command line")
    return 0


def _user_active(arguments: argparse.Namespace) -> int:
    with _existing(arguments) as database, database.writing.begin() as connection:
        now, active = SystemClock().now(), arguments.active
        staff.set_active(connection, name=arguments.name, active=active, at=now, by="command line")
    return 0


def _user_list(arguments: argparse.Namespace) -> int:
    with _existing(arguments) as database, database.reading.connect() as connection:
        found = staff.accounts(connection)
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
                by="command line",
            )
        database.close()
    except (KeyRefusedError, ValueError) as error:
        raise RefusedError(str(error)) from error
    return 0


def _terminal_revoke(arguments: argparse.Namespace) -> int:
    with _existing(arguments) as database, database.writing.begin() as connection:
        now = SystemClock().now()
        if not terminals.revoke_terminal(connection, arguments.code, at=now, by="command line"):
            raise RefusedError(f"there is no active terminal {arguments.code}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
