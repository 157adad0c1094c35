"""Backup, more numbers, restore, numbers again: with hub processes, on both engines, none twice (decision 0004)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import uuid4

from kiosk.clock import CHINA
from kiosk.court.queueing import Lease, LeaseRequest, OfflineAccepted, OfflineTicket, OfflineTickets, ticket_label
from tests.hub.conftest import StartHub
from tests.hub.filings import WireTerminal
from tests.hub.processes import hub_command
from tests.hub.queue.test_contract import post, request_for, take

NEEDED_KEYS = ("court-sealing.key", "court-signing.key", "index.key")


def _lease(terminal: WireTerminal) -> Lease:
    asked = LeaseRequest(request_id=uuid4(), terminal="DEV01", queue="A", size=20)
    return Lease.model_validate_json(post(terminal, "/v1/queues/lease", asked).content)


def _from(lease: Lease, *orders: int) -> tuple[OfflineTicket, ...]:
    return tuple(
        OfflineTicket(
            ticket_id=uuid4(),
            lease_id=lease.lease_id,
            number=lease.first + order,
            order=order,
            issued=datetime.now(CHINA),
            request=request_for(),
        )
        for order in orders
    )


def _restored(backup: Path, keys: Path, to: Path, *, said: str = "") -> Path:
    (to / "keys").mkdir(parents=True, mode=0o700)
    for name in NEEDED_KEYS:
        (to / "keys" / name).write_bytes((keys / name).read_bytes())
        (to / "keys" / name).chmod(0o600)
    done = hub_command("restore", "--from", str(backup), "--data", str(to))
    assert done.returncode == 0, done.stderr
    assert said in done.stderr
    return to


def test_no_number_is_given_twice_across_restores(
    start_hub: StartHub, database_options: tuple[str, ...], tmp_path: Path
) -> None:
    """Also from leases, known to the backup and not; and where the same backup is restored a second time that day."""
    hub, backup = start_hub(*database_options), tmp_path / "backup"
    with WireTerminal(hub.url) as terminal:
        given = [take(terminal, request_for()).number for _ in range(3)]
        known = _lease(terminal)
        done = hub_command("backup", "--data", str(hub.data), *database_options, "--to", str(backup))
        assert done.returncode == 0, done.stderr
        given += [take(terminal, request_for()).number for _ in range(4)]
        lost = _lease(terminal)
    hub.stop()
    offline = _from(known, 1, 2) + _from(lost, 3, 4)
    given += [ticket_label("A", ticket.number) for ticket in offline]

    first = start_hub(data=_restored(backup, hub.data / "keys", tmp_path / "first"))
    with WireTerminal(first.url) as terminal:
        given += [take(terminal, request_for()).number for _ in range(3)]
        again = _lease(terminal)
        given += [ticket_label("A", number) for number in range(again.first, again.last + 1)]
        sent = OfflineTickets(terminal="DEV01", tickets=offline)
        brought = OfflineAccepted.model_validate_json(post(terminal, "/v1/tickets/offline", sent).content)
        assert brought.refused == ()
        given += [take(terminal, request_for("materials")).number, take(terminal, request_for()).number]
    first.stop()
    journal = hub_command("journal", "--data", str(first.data), "--export").stdout
    assert journal.count('"action": "numbers_left_out"') >= 1

    second = start_hub(data=_restored(backup, hub.data / "keys", tmp_path / "second"))
    with WireTerminal(second.url) as terminal:
        given += [take(terminal, request_for()).number for _ in range(3)]
    assert sorted(set(given)) == sorted(given)


def test_a_backup_that_cannot_be_written_is_restored_with_a_word(start_hub: StartHub, tmp_path: Path) -> None:
    """A read-only medium: nothing is refused, but the operator learns that the restore was not noted there."""
    hub, backup = start_hub(), tmp_path / "backup"
    assert hub_command("backup", "--data", str(hub.data), "--to", str(backup)).returncode == 0
    hub.stop()
    (backup / "000001" / "restores").mkdir()  # what nobody can append to, root neither
    _restored(backup, hub.data / "keys", tmp_path / "copy", said="will not know of this restore")
