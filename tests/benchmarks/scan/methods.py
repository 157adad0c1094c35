"""Methods as processes: ours, the plain recipes, and peers in Node where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import cv2
import msgspec

from drivers.imaging.geometry import Image
from tests.benchmarks.scan.recipes import RECIPES
from tests.benchmarks.scan.score import Answer

OURS = "court-kiosk"

NODE_PEERS = {"jscanify": "jscanify.cjs", "scanic": "scanic.mjs"}
"""Package name and the script beside this file that speaks for it."""

_NODE = Path(__file__).parent / "node"


class Task(msgspec.Struct, frozen=True):
    """One picture to look at."""

    raw: str
    width: int
    height: int
    repeat: int = 1
    track: bool = False
    threads: int = 2


def node_package(name: str, modules: Path | None) -> Path | None:
    """The folder of an installed package: below `modules` where given, else below the folders of NODE_PATH."""
    places = (
        [modules] if modules else [Path(part) for part in os.environ.get("NODE_PATH", "").split(os.pathsep) if part]
    )
    return next((place / name for place in places if (place / name / "package.json").is_file()), None)


def commands(*, peers: bool, modules: Path | None) -> dict[str, list[str]]:
    """Which methods there are and how each is started."""
    here = [sys.executable, "-m", "tests.benchmarks.scan.worker"]
    found = {OURS: [*here, OURS]}
    if peers:
        found |= {name: [*here, name] for name in RECIPES}
        node = shutil.which("node")
        for name, script in NODE_PEERS.items():
            package = node_package(name, modules)
            if node and package:
                found[name] = [node, str(_NODE / script), str(package.resolve())]
    return found


class Method:
    """A running method. Use as a context manager."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Method:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.terminate()
        self._process.wait()

    def ask(self, task: Task) -> Answer:
        """What it says of one picture. Raises RuntimeError when it has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(msgspec.json.encode(task) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise RuntimeError(f"{self.name} has ended") from error
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} has ended")
        return msgspec.json.decode(line, type=Answer)


@contextmanager
def raw_picture(picture: Image, folder: Path) -> Iterator[Task]:
    """The picture as the file of RGBA pixels that every method gets."""
    path = folder / "picture.rgba"
    cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA).tofile(path)
    yield Task(str(path), picture.shape[1], picture.shape[0])
    path.unlink()
