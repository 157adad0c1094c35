"""The hub as a process of its own, and a PostgreSQL cluster for one test session."""

from __future__ import annotations

import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

START_SECONDS = 30.0


SERVE = ("provisioning.hub.cli", "serve")


class HubProcess:
    """`court-hub serve` on a free port of the loopback address; `module` is what is run, with its first arguments."""

    def __init__(
        self,
        data: Path,
        *options: str,
        environment: dict[str, str] | None = None,
        module: Sequence[str] = SERVE,
    ) -> None:
        self.data = data
        self.options = options
        self._module = module
        self._environment = os.environ | (environment or {})
        self.process: subprocess.Popen[str]
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start (again) and wait until it listens."""
        command = [sys.executable, "-m", *self._module, "--data", str(self.data), "--port", "0"]
        self.process = subprocess.Popen(
            [*command, *self.options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment,
        )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if ready else ""
        if "listening on" not in line:
            self.process.kill()
            raise AssertionError(f"the hub did not start: {self.process.communicate()[1]}")
        self.url = line.rsplit(" ", 1)[1].strip()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def stop(self) -> tuple[int, str]:
        """SIGTERM; returns exit code and what it wrote to stderr."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


def hub_command(*arguments: str, password: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run one `court-hub` command."""
    return subprocess.run(
        [sys.executable, "-m", "provisioning.hub.cli", *arguments],
        capture_output=True,
        text=True,
        input=password,
        timeout=60,
        check=False,
    )


def postgres_programs() -> Path | None:
    """Where initdb and pg_ctl of the newest installed PostgreSQL are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresCluster:
    """A throw-away cluster, run by an ordinary user because PostgreSQL refuses to run as root."""

    def __init__(self, programs: Path, folder: Path, *settings: str) -> None:
        """Make it in `folder` and start it; each of `settings` is `name=value`."""
        self._programs = programs
        self._folder = folder
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as_user = ["runuser", "-u", "postgres", "--"]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("initdb", "-D", str(folder / "data"), "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "hub")
        options = " ".join(f"-c {one}" for one in ("listen_addresses=127.0.0.1", *settings))
        options += f" -p {self.port} -k {folder}"
        self._run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-o", options, "start")
        self._databases = 0

    def database(self) -> str:
        """The URL of a new, empty database."""
        self._databases += 1
        name = f"hub{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "hub", name)
        return f"postgresql://hub@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """End the cluster."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)


def wait_for(condition: object, seconds: float = 15.0, pause: float = 0.02) -> None:
    """Poll `condition()` until it is true; fail after `seconds`."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(pause)
