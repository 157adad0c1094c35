"""The device daemon as its clients see it: over its socket, with a reader at the end of a real wire."""

from __future__ import annotations

import os
import signal
import socket as sockets
import stat

import pytest

from drivers.api.messages import (
    AskJob,
    CancelRequest,
    CaptureFailed,
    CapturePage,
    CardInserted,
    IdentityRead,
    IdentityReadFailed,
    PrintJobChanged,
    PrintSlip,
    ReadIdentity,
)
from drivers.api.records import CaptureFailure, JobState, ReadFailure
from drivers.api.status import CardPresent, DeviceClass, Disconnected, NotConfigured, ReaderReady
from drivers.supervisor import SIMULATED_REFUSED
from tests.contract.daemon.conftest import Bench, Client

READER = DeviceClass.ID_READER


@pytest.fixture
def client(bench: Bench) -> Client:
    """A client of a daemon whose reader is ready."""
    bench.start_reader()
    bench.start_daemon(None, "--allow-simulated")
    client = bench.client()
    client.until_status(READER, ReaderReady)
    return client


def test_a_newcomer_is_told_every_device_first(client: Client, bench: Bench) -> None:
    newcomer = bench.client()
    for _ in DeviceClass:
        newcomer.next()
    assert set(newcomer.statuses) == set(DeviceClass)
    reader = newcomer.statuses[READER]
    assert isinstance(reader.value, ReaderReady)
    assert (reader.stable_id, reader.simulated) == (str(bench.reader), True)
    others = set(DeviceClass) - {READER}
    assert all(isinstance(newcomer.statuses[other].value, NotConfigured) for other in others)


def test_a_card_is_read_for_the_client_that_asked_and_no_other(client: Client, bench: Bench) -> None:
    other = bench.client()
    client.send(ReadIdentity("r1"))
    bench.reader_do("insert", card="jin")
    read = client.next(IdentityRead)
    assert isinstance(read, IdentityRead)
    assert (read.request, read.card.name, len(read.card.photo)) == ("r1", "金顺姬", 1024)
    assert other.next(CardInserted) == CardInserted()
    other.send(CapturePage("marker"))
    while not isinstance(event := other.next(), CaptureFailed):
        assert not isinstance(event, IdentityRead)


def test_a_request_can_be_given_up(client: Client) -> None:
    client.send(ReadIdentity("r1"))
    client.send(CancelRequest("r1"))
    assert client.next(IdentityReadFailed) == IdentityReadFailed("r1", ReadFailure.CANCELLED)


def test_leaving_gives_up_what_was_asked(client: Client, bench: Bench) -> None:
    """The card of the next person is not read for a session that is gone."""
    client.send(ReadIdentity("r1"))
    client.send(CapturePage("marker"))
    client.next(CaptureFailed)
    client.channel.close()
    successor = bench.client()
    bench.reader_do("insert", card="zhang")
    successor.until_status(READER, CardPresent)
    bench.wait(lambda: bench.reader_do("status")["card"] == "zhang")
    successor.send(ReadIdentity("r2"))
    read = successor.next(IdentityRead)
    assert isinstance(read, IdentityRead)
    assert read.request == "r2"
    assert bench.reader_do("status")["reads"] == 1


def test_devices_that_are_not_configured_answer_all_the_same(client: Client) -> None:
    client.send(PrintSlip("j1", b"png"))
    assert client.next(PrintJobChanged) == PrintJobChanged("j1", JobState.FAILED, "not configured")
    client.send(AskJob("j2"))
    assert client.next(PrintJobChanged) == PrintJobChanged("j2", JobState.UNKNOWN, "no such job")
    client.send(CapturePage("c1"))
    assert client.next(CaptureFailed) == CaptureFailed("c1", CaptureFailure.NO_CAMERA)


def test_unplugging_is_told_and_so_is_the_return(client: Client, bench: Bench) -> None:
    bench.reader_do("unplug")
    client.until_status(READER, Disconnected)
    client.send(ReadIdentity("r1"))
    assert client.next(IdentityReadFailed) == IdentityReadFailed("r1", ReadFailure.READER_GONE)
    bench.reader_do("plug")
    client.until_status(READER, ReaderReady)


@pytest.mark.parametrize("rubbish", [b"\x00\x00\x00\x03abc", b"\xff\xff\xff\xff", b"\x00\x00\x00\x09half"])
def test_a_client_that_talks_rubbish_loses_its_connection_and_nobody_elses(
    client: Client, bench: Bench, rubbish: bytes
) -> None:
    with sockets.socket(sockets.AF_UNIX) as raw:
        raw.connect(str(bench.socket))
        raw.sendall(rubbish)
        raw.shutdown(sockets.SHUT_WR)
        raw.settimeout(5)
        while raw.recv(4096):
            pass
    bench.reader_do("insert", card="zhang")
    client.until_status(READER, CardPresent)


def test_a_terminal_in_service_refuses_simulated_devices(bench: Bench) -> None:
    bench.start_reader()
    bench.start_daemon()
    client = bench.client()
    status = client.until_status(READER, Disconnected)
    assert status.value == Disconnected(SIMULATED_REFUSED)
    assert status.simulated
    client.send(ReadIdentity("r1"))
    assert client.next(IdentityReadFailed) == IdentityReadFailed("r1", ReadFailure.READER_GONE)


def test_the_daemon_starts_before_its_devices_are_there(bench: Bench) -> None:
    bench.start_daemon(None, "--allow-simulated")
    client = bench.client()
    client.until_status(READER, Disconnected)
    bench.start_reader()
    client.until_status(READER, ReaderReady)


def test_the_socket_is_the_users_own(bench: Bench) -> None:
    bench.start_daemon("", "--allow-simulated")
    assert stat.S_IMODE(bench.socket.stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(bench: Bench, number: signal.Signals) -> None:
    bench.start_reader()
    daemon = bench.start_daemon(None, "--allow-simulated")
    client = bench.client()
    client.until_status(READER, ReaderReady)
    os.kill(daemon.pid, number)
    assert daemon.wait(5) == 0
    while client.next() is not None:
        pass
    assert not bench.socket.exists()


def test_it_ends_soon_also_while_a_device_keeps_it_waiting(bench: Bench) -> None:
    bench.start_reader()
    bench.reader_do("silent")
    daemon = bench.start_daemon(None, "--allow-simulated")
    bench.client().next()  # it is up, and in the middle of looking for the rate
    daemon.terminate()
    assert daemon.wait(5) == 0


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("[id_reader", "devices.toml"),
        ('[id_reader]\nport = "/dev/ttyUSB0"\n', "changes at every replug"),
        ("[coffee_machine]\n", "coffee_machine"),
    ],
)
def test_a_wrong_configuration_is_one_line_and_exit_code_1(bench: Bench, config: str, words: str) -> None:
    daemon = bench.start_daemon(config)
    _, complaint = daemon.communicate(timeout=10)
    assert daemon.returncode == 1
    assert words in complaint.decode()
    assert complaint.count(b"\n") == 1


def test_no_personal_data_reaches_the_log(bench: Bench) -> None:
    """Logs and exceptions carry no personal data (N4)."""
    bench.start_reader()
    daemon = bench.start_daemon(None, "--allow-simulated")
    client = bench.client()
    client.until_status(READER, ReaderReady)
    client.send(ReadIdentity("r1"))
    bench.reader_do("insert", card="zhang")
    read = client.next(IdentityRead)
    assert isinstance(read, IdentityRead)
    daemon.send_signal(signal.SIGTERM)
    _, log = daemon.communicate(timeout=10)
    for secret in (read.card.name, read.card.number, read.card.address):
        assert secret not in log.decode()
    assert b"reader_ready" in log.lower() or b"ReaderReady" in log
