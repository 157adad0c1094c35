"""What must be true after a campaign of kills: nothing that was called received is lost, doubled or changed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.audit.journal import check_chain, entries
from kiosk.clock import SystemClock
from kiosk.outbox.schema import submission
from kiosk.outbox.states import UNDELIVERED, State
from kiosk.outbox.store import Outbox
from provisioning.hub import journal
from provisioning.hub.blobs import BlobStore
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import open_database
from provisioning.hub.listing import export_rows
from provisioning.hub.papers import PaperError, open_envelope, open_paper, papers_of


@dataclass(frozen=True)
class Line:
    """One receipt as a terminal printed it."""

    submission_id: str
    receipt_no: str
    sha256: str

    @classmethod
    def read(cls, text: str) -> Line:
        """From a line on stdout. Raises ValueError, KeyError or TypeError where it is not one."""
        found = json.loads(text)
        return cls(found["submission_id"], found["receipt_no"], found["sha256"])


@dataclass
class Findings:
    """What was looked at, and every broken promise in words."""

    at_hub: int = 0
    papers: int = 0
    not_told: int = 0
    """At the hub, whole, and never printed: the terminal was killed between commit and print."""
    gaps: int = 0
    """Receipt numbers that no filing took: killed between reservation and commit."""
    broken: list[str] = field(default_factory=list)


def check(told: list[Line], terminals: list[Path], hub: Path, database: str | None) -> Findings:
    """Compare what was `told`, what the terminals hold and what the hub holds. Programs must be stopped."""
    findings = Findings()
    rows = _check_hub(findings, hub, database)
    printed = {line.submission_id: line for line in told}
    if len(printed) != len(told):
        findings.broken.append("a submission was printed twice")
    for line in printed.values():
        row = rows.get(line.submission_id)
        if row is None:
            findings.broken.append(f"lost: {line.receipt_no} was printed and is not at the hub")
        elif (row["receipt_no"], row["sha256"]) != (line.receipt_no, line.sha256):
            findings.broken.append(f"changed: {line.receipt_no}")
    findings.not_told = len(rows.keys() - printed.keys())
    held: dict[str, tuple[str, str]] = {}
    for terminal in terminals:
        held |= _check_terminal(findings, terminal)
    if {key: (row["receipt_no"], row["sha256"]) for key, row in rows.items()} != held:
        findings.broken.append("terminals and hub do not hold the same filings")
    return findings


def _check_hub(findings: Findings, folder: Path, url: str | None) -> dict[str, dict[str, object]]:
    data = DataDirectory(folder)
    key = load_court_keys(data, create=False).sealing
    store = BlobStore(data.blobs, data.parts)
    database = open_database(data, url)
    try:
        with database.reading.connect() as connection:
            rows = export_rows(connection)
            findings.at_hub = len(rows)
            for name in ("submission_id", "receipt_no"):
                findings.broken += [
                    f"doubled: {value}" for value, count in Counter(row[name] for row in rows).items() if count > 1
                ]
            findings.broken += [f"hub journal: {fault}" for fault in journal.faults(connection)]
            for row in rows:
                key_of_row = str(row["submission_id"])
                papers = papers_of(connection, key_of_row)
                try:
                    for paper in papers:
                        open_paper(store, key, paper)
                        findings.papers += 1
                    envelope = open_envelope(store, key, papers, key_of_row)
                except PaperError as error:
                    findings.broken.append(f"{row['receipt_no']}: a paper is {error.problem.value}")
                    continue
                if envelope.receipt_no != row["receipt_no"]:
                    findings.broken.append(f"{row['receipt_no']}: its envelope carries another number")
            return {str(row["submission_id"]): row for row in rows}
    finally:
        database.close()


def _check_terminal(findings: Findings, folder: Path) -> dict[str, tuple[str, str]]:
    """The terminal's own rows, by submission id."""
    outbox = Outbox.open(folder / "outbox", SystemClock())
    try:
        rows = outbox.run(lambda c: c.execute(submission.select().order_by(submission.c.sequence)).all())
        if [row.sequence for row in rows] != list(range(1, len(rows) + 1)):
            findings.broken.append(f"{folder.name}: the sequence has holes")
        for row in rows:
            if State(row.state) in UNDELIVERED:
                findings.broken.append(f"stuck: {row.receipt_no} is {row.state}")
        serials = [int(row.receipt_no.split("-")[2]) for row in rows]
        findings.gaps += max(serials, default=0) - len(rows)
        outbox.run(lambda c: check_chain(entries(c)))
        return {row.submission_id: (row.receipt_no, row.manifest_sha256) for row in rows}
    finally:
        outbox.close()
