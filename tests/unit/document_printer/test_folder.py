"""A terminal without an A4 printer, and the section that configures one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.api.records import JobState
from drivers.api.status import Disconnected, SavesToFolder
from drivers.device import ConfigurationError
from drivers.document_printer.device import build
from tests.contract.document_printer.rig import PDF, Rig


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def rig(folder: Path) -> Iterator[Rig]:
    rig = Rig(build({"uri": f"folder:{folder}"}))
    rig.wait_status(SavesToFolder())
    yield rig
    rig.end()


def test_document_is_kept_and_its_place_told(rig: Rig, folder: Path) -> None:
    """The screen can say where it is; nobody else on the machine can read it."""
    rig.submit("0190-job", PDF)
    saved = rig.wait_job("0190-job", JobState.SETTLED).saved_as
    assert saved == str(folder / "0190-job.pdf")
    assert Path(saved).read_bytes() == PDF
    assert stat.S_IMODE(Path(saved).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = rig.now
    rig.submit("0190-job", b"another")
    assert rig.wait_job("0190-job", JobState.SETTLED, after=before).saved_as == saved
    assert Path(saved).read_bytes() == PDF


def test_job_numbers_never_leave_the_folder_or_meet(rig: Rig, folder: Path) -> None:
    for job in ("../../etc/x", "a/b", "a_b", "诉状", "x" * 300):
        rig.submit(job, PDF)
        assert Path(rig.wait_job(job, JobState.SETTLED).saved_as).parent == folder
    assert len(list(folder.iterdir())) == 5


def test_disk_that_takes_nothing(rig: Rig, folder: Path) -> None:
    """Failed with the system's word, nothing half-written, and saved when asked for again."""
    (folder / "job.partial").mkdir()
    rig.submit("job", PDF)
    rig.wait_job("job", JobState.FAILED, "directory")
    (folder / "job.partial").rmdir()
    rig.submit("job", PDF)
    rig.wait_job("job", JobState.SETTLED)
    assert [path.name for path in folder.iterdir()] == ["job.pdf"]


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    rig = Rig(build({"uri": f"folder:{tmp_path}/file/documents"}))
    rig.wait_status(Disconnected)
    rig.submit("job", PDF)
    rig.wait_job("job", JobState.FAILED)
    rig.end()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "uri"),
        ({"uri": "lpr://printer"}, "ipp://"),
        ({"uri": "ipp:///print"}, "ipp://"),
        ({"uri": "ipp://printer:port/"}, "uri"),
        ({"uri": "folder:documents"}, "absolute"),
        ({"uri": "ipps://printer/", "authority": "/nowhere.pem"}, "authority"),
        ({"uri": "ipp://printer/", "queue_seconds": True}, "queue_seconds"),
        ({"uri": "ipp://printer/", "copies": 2}, "copies"),
    ],
)
def test_wrong_configuration_names_its_key(config: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        build(config)
    assert str(refused.value).startswith("document_printer: ")


@pytest.mark.parametrize(
    ("uri", "simulated"), [("ipp://127.0.0.1:8631/ipp/print", True), ("ipps://192.0.2.9/ipp/print", False)]
)
def test_printer_is_known_by_its_uri(uri: str, simulated: bool) -> None:
    device = build({"uri": uri})
    assert (device.stable_id, device.simulated) == (uri, simulated)
