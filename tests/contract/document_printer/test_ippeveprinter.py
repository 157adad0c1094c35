"""The A4 driver against ippeveprinter, the sample printer of the IPP Everywhere specification: an implementation that
is not ours on the other side. Needs cups-ipp-utils, a system bus and avahi; skipped where it cannot start."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import typst

from drivers.api.records import JobState
from drivers.api.status import QueueStopped
from drivers.document_printer.ipp_printer import IppPrinter
from tests.contract.document_printer.rig import Rig

START_SECONDS = 5.0

MEDIA = "/media?size1=iso_a4_210x297mm&type1=stationery&level1={level}&size2=&type2=&level2={level}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    program = shutil.which("ippeveprinter")
    if program is None:
        pytest.skip("ippeveprinter is not installed (package cups-ipp-utils)")
    number = free_port()
    log = (tmp_path / "log").open("wb")
    command = [program, "-n", "localhost", "-p", str(number), "-d", str(tmp_path), "-k", "-f", "application/pdf"]
    process = subprocess.Popen([*command, "-s", "60,60", "-r", "off", "CourtA4"], stdout=log, stderr=log)
    try:
        end = time.monotonic() + START_SECONDS
        while not listens(number):
            if process.poll() is not None or time.monotonic() > end:
                reason = " ".join((tmp_path / "log").read_text(errors="replace").split())
                pytest.skip(f"ippeveprinter does not start: {reason or 'no word'}")
            process.poll() or time.sleep(0.02)
        yield number
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def load_paper(port: int, sheets: int) -> None:
    """By the printer's own web page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{MEDIA.format(level=sheets)}", timeout=5) as reply:
        assert reply.status == 200


@pytest.mark.slow
def test_document_without_and_with_paper(port: int) -> None:
    """F30: held while the tray is empty; printed, and settled, when it is full; wrong documents refused."""
    rig = Rig(IppPrinter(f"ipp://localhost:{port}/ipp/print", look_pause=0.2, follow_pause=0.2))
    load_paper(port, 0)
    rig.wait_status(QueueStopped(("media-empty-report",)))
    pdf = typst.compile(b'#set page(paper: "a4")\n= 1', format="pdf", pdf_standards="a-2b")
    rig.submit("job-1", pdf)
    rig.wait_job("job-1", JobState.QUEUED, "media-empty")
    load_paper(port, 250)
    rig.wait_job("job-1", JobState.SENDING)
    rig.wait_job("job-1", JobState.SETTLED)
    rig.end()
