"""`court-hub submissions`, `export`, `backup`, `restore`, `sweep`, `journal`: a hub's data from the command line."""

from __future__ import annotations

import argparse
import mimetypes
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from kiosk.clock import SystemClock
from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit
from provisioning.hub import journal
from provisioning.hub.backup import back_up, restore
from provisioning.hub.blobs import BlobStore, StoreUnavailableError
from provisioning.hub.commands.shared import COMMAND_LINE, data_arguments, days, existing
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import DataDirectory
from provisioning.hub.listing import export_rows
from provisioning.hub.papers import PaperError, open_paper, papers_of
from provisioning.hub.sweep import LEAST_AGE, USUAL_AGE, sweep
from provisioning.hub.writer import Job

T = TypeVar("T")


def register(commands: Subparsers[OneLineParser]) -> None:
    """Add the commands."""
    listing = commands.add_parser("submissions", help="list what was received")
    data_arguments(listing)
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(handler=_submissions)

    export = commands.add_parser("export", help="write the opened papers of one submission")
    data_arguments(export)
    export.add_argument("--submission", required=True, metavar="ID")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument("--json", action="store_true")
    export.set_defaults(handler=_export)

    backup = commands.add_parser("backup", help="write a backup; what it holds counts as safe")
    data_arguments(backup)
    backup.add_argument("--to", type=Path, required=True, metavar="DIR")
    backup.add_argument("--json", action="store_true")
    backup.set_defaults(handler=_backup)

    back = commands.add_parser("restore", help="fill an empty data directory from a backup; begins a new epoch")
    data_arguments(back)
    back.add_argument("--from", dest="source", type=Path, required=True, metavar="DIR")
    back.add_argument("--json", action="store_true")
    back.set_defaults(handler=_restore)

    sweeping = commands.add_parser("sweep", help="erase unfinished uploads and blobs of no submission")
    data_arguments(sweeping)
    sweeping.add_argument(
        "--older-than",
        type=int,
        default=USUAL_AGE.days,
        metavar="DAYS",
        help=f"leave alone what is younger ({USUAL_AGE.days}; at least {LEAST_AGE.days})",
    )
    sweeping.add_argument("--json", action="store_true")
    sweeping.set_defaults(handler=_sweep)

    chain = commands.add_parser("journal", help="check the audit journal, or export it as JSON lines")
    data_arguments(chain)
    chain.add_argument("--export", action="store_true")
    chain.set_defaults(handler=_journal)


def _submissions(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database:
        rows = database.read(export_rows)
    lines = [f"{row['receipt_no']}  {row['state']:<20}  {row['cause_code']}  {row['submission_id']}" for row in rows]
    return emit(rows, arguments.json, lines)


def _export(arguments: argparse.Namespace) -> int:
    data = DataDirectory(arguments.data)
    with existing(arguments) as database:
        keys = load_court_keys(data, create=False)
        papers = database.read(lambda connection: papers_of(connection, arguments.submission))
        if not papers:
            raise RefusedError(f"there is no submission {arguments.submission}")
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
                actor=COMMAND_LINE,
                action="exported",
                subject=arguments.submission,
            )
    return emit(written, arguments.json, written)


def _backup(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database:
        report = back_up(DataDirectory(arguments.data), database, arguments.to, clock=SystemClock())
    return _tell(report.number, report.folder, report.submissions, arguments)


def _restore(arguments: argparse.Namespace) -> int:
    report = restore(arguments.source, DataDirectory(arguments.data), arguments.database, clock=SystemClock())
    if not report.noted:
        warning = f"court-hub restore: {report.folder} cannot be written, so it will not know of this restore"
        print(warning, file=sys.stderr)  # noqa: T201 - this is the shell
    return _tell(report.number, report.folder, report.submissions, arguments)


def _tell(number: int, folder: Path, submissions: int, arguments: argparse.Namespace) -> int:
    result = {"number": number, "folder": str(folder), "submissions": submissions}
    return emit(result, arguments.json, [f"backup {number}: {submissions} submissions, {folder}"])


def _sweep(arguments: argparse.Namespace) -> int:
    data = DataDirectory(arguments.data)
    with existing(arguments) as database:

        def transact(job: Job[T], /) -> T:
            with database.writing.begin() as connection:
                return job(connection)

        store = BlobStore(data.blobs, data.parts)
        try:
            report = sweep(data, store, transact, older_than=days(arguments.older_than), clock=SystemClock())
        except StoreUnavailableError as error:
            raise RefusedError(f"the sweep stopped: {error}") from error
    line = f"swept: {report.uploads} unfinished uploads, {report.blobs} blobs, {report.bytes} bytes"
    return emit(asdict(report), arguments.json, [line])


def _journal(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database, database.reading.connect() as connection:
        if faults := journal.faults(connection):
            raise RefusedError(f"the journal was changed: {'; '.join(faults[:3])}")
        count = 0
        for entry in journal.entries(connection):
            count += 1
            if arguments.export:
                line = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
                emit(line, True, [])
    return 0 if arguments.export else emit({}, False, [f"the journal is whole: {count} entries"])
