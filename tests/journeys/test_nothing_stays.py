"""N5 (PIPL 51): after a scanning session no file of it is anywhere, however it ended.

The programs run in a mount namespace in which everything is read-only but fresh memory file systems at the places where
programs write, so that a file written anywhere is either found or cannot be written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.journeys.leftovers.machine import ROOTS, SHEETS, Afterwards, End

REPOSITORY = Path(__file__).resolve().parents[2]
MACHINE = "tests.journeys.leftovers.machine"
SECONDS = 420.0

# Processes of their own, too: when the first ends, all do.
_NAMESPACE = ["unshare", "--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
_AS_ROOT = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
_READ_ONLY = "mount --make-rprivate / && mount --bind / / && mount -o remount,bind,ro /"


def in_a_namespace(command: str) -> list[str]:
    """A shell command line in namespaces of its own; "$@" is what follows."""
    return [*_NAMESPACE, *_AS_ROOT, "sh", "-c", command, "sh"]


def can_have_one() -> bool:
    """Whether this machine lets us, and neither program nor project lie where fresh file systems would hide them."""
    hidden = any(str(path).startswith(f"{root}/") for root in ROOTS for path in (REPOSITORY, Path(sys.prefix)))
    return not hidden and subprocess.run(in_a_namespace(_READ_ONLY), check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def afterwards() -> dict[End, Afterwards]:
    """What was left after each session on one machine."""
    fresh = " && ".join(f"mount -t tmpfs -o mode=1777 none {root}" for root in ROOTS if Path(root).is_dir())
    environment = os.environ | {"HOME": "/tmp", "TMPDIR": "/tmp", "XDG_RUNTIME_DIR": "/run"}  # noqa: S108 - its own
    done = subprocess.run(
        [*in_a_namespace(f'{_READ_ONLY} && {fresh} && exec "$@"'), sys.executable, "-m", MACHINE],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return msgspec.json.decode(done.stdout, type=dict[End, Afterwards])


@pytest.mark.skipif(not can_have_one(), reason="no mount namespaces here")
@pytest.mark.timeout(SECONDS + 30)
@pytest.mark.parametrize("end", End)
def test_nothing_of_a_scanning_session_stays(afterwards: dict[End, Afterwards], end: End) -> None:
    """Camera, feeder, cleaning, reading, volume, sealing; ended, or killed in the middle."""
    left = afterwards[end]
    assert left.pages == 1 + SHEETS
    assert left.lines > 10
    assert left.volume_bytes > 10_000
    assert not left.new
    assert not left.gone
    assert not left.telling
    assert not left.running
    assert not left.held_open
    assert not left.shared_memory
    # What agent and hub write about themselves may change; nothing else.
    assert all(path.startswith(("/tmp/machine/terminal/", "/tmp/machine/hub/")) for path in left.changed)  # noqa: S108 - the same
