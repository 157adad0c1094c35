"""A simulator as the process of its own that it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from drivers.dock.control import Answer, ask

SECONDS = 60.0


class SimulatorProcess:
    """`python -m MODULE --control SOCKET ARGUMENTS…`, running; `ready` is what it told, `url` where to reach it."""

    def __init__(self, module: str, control: Path, *arguments: str) -> None:
        self.control = control
        command = [sys.executable, "-m", module, "--control", str(control), *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.ready: dict[str, str] = json.loads(self._process.stdout.readline())
        self.url = self.ready.get("url", "")

    def do(self, what: str, **order: object) -> Answer:
        """Give one order."""
        return ask(self.control, {"do": what, **order}, timeout=SECONDS)

    def stop(self) -> None:
        """End it and see that it ends well."""
        self._process.terminate()
        assert self._process.wait(SECONDS) == 0
        if self._process.stdout:
            self._process.stdout.close()
