"""A child process of our own at the other end of a socket pair, told by `--fd N`; it ends when our end closes."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence


def start_child(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Run `command` with `--fd N` behind it and `environment` beside ours; the process, and our end of the pair. Raises
    OSError where no process can be started."""
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own modules, with arguments that their owner has checked
            [*command, "--fd", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


def end_child(process: subprocess.Popen[bytes], close: Callable[[], None]) -> None:
    """End it at once, stopped or hanging as it may be, and `close` our end. Safe to call twice and from any thread."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    close()
    with contextlib.suppress(subprocess.TimeoutExpired):  # in an uninterruptible call; it has our signal
        process.wait(2.0)
