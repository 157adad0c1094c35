"""Starts the simulators as separate processes and writes the configuration of a daemon that uses them."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drivers.dock.control import ControlError
from drivers.dock.orders import control_socket, status

CONFIG_NAME = "devices.toml"
SLIPS_NAME = "slips"
DOCUMENTS_NAME = "documents"
START_SECONDS = 20.0

LONGEST_SOCKET_PATH = 107
"""Bytes in sun_path less its NUL (unix(7))."""


@dataclass(frozen=True)
class Wanted:
    """What stands on the dock. `photos` is the folder of photographs the camera shows, None for its own scenes;
    without `a4` the documents are kept in a folder, as on a terminal that has no A4 printer."""

    directory: Path
    reader: bool = True
    printer: bool = True
    camera: bool = True
    scanner: bool = True
    handheld: bool = True
    a4: bool = False
    width: int = 576
    photos: Path | None = None
    paced: bool = False


class Simulators:
    """The running simulator processes. Use as a context manager; leaving it ends them all."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Simulators:
        try:
            self._start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_all(self) -> None:
        """Raises ControlError when a simulator does not start."""
        wanted = self._wanted
        directory = wanted.directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        running = [device for device, answer in status(directory).items() if answer is not None]
        if running:
            raise ControlError(f"{directory}: a dock is up there already ({', '.join(running)})")
        longest = len(bytes(control_socket(directory.resolve(), "printer")))
        if longest > LONGEST_SOCKET_PATH:
            raise ControlError(f"{directory}: the folder's path is too long for sockets, by {longest - 107} bytes")
        documents = directory.resolve() / DOCUMENTS_NAME
        sections: dict[str, Mapping[str, object]] = {"document_printer": {"uri": f"folder:{documents}"}}
        if wanted.a4:
            ready = self._start("a4", "document_printer", "--tcp", "127.0.0.1:0", "--out", str(documents))
            sections["document_printer"] = {"uri": ready["uri"]}
        if wanted.reader:
            paced = ["--paced"] if wanted.paced else []
            ready = self._start("reader", "id_reader", "--link", str(directory.resolve() / "id-reader"), *paced)
            sections["id_reader"] = {"port": ready["port"]}
        if wanted.printer:
            slips = str(directory.resolve() / SLIPS_NAME)
            width = ["--width", str(wanted.width)]
            ready = self._start("printer", "receipt_printer", "--tcp", "127.0.0.1:0", "--out", slips, *width)
            sections["receipt_printer"] = {"uri": ready["uri"], "width": wanted.width}
        if wanted.camera:
            photos = ["--photos", str(wanted.photos)] if wanted.photos else []
            ready = self._start("camera", "document_camera", "--port", "0", *photos)
            sections["document_camera"] = {"source": ready["url"]}
        if wanted.scanner:
            ready = self._start("scanner", "page_scanner", "--sheets", "5", "--glass", "cards")
            sections["page_scanner"] = {"device": ready["url"]}
        if wanted.handheld:
            slips = str(directory.resolve() / SLIPS_NAME)
            link = str(directory.resolve() / "code-scanner")
            ready = self._start("handheld", "code_scanner", "--link", link, "--slips", slips)
            sections["code_scanner"] = {"port": ready["port"]}
        (directory / CONFIG_NAME).write_text(_toml(sections), encoding="utf-8")

    def _start(self, device: str, package: str, *arguments: str) -> Mapping[str, object]:
        """Start one simulator and return the JSON line it prints when it is ready."""
        control = control_socket(self._wanted.directory.resolve(), device)
        module = f"drivers.{package}.sim"
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *arguments, "--control", str(control)], stdout=subprocess.PIPE
        )
        self._processes[device] = process
        line = _first_line(process)
        try:
            ready = json.loads(line)
        except ValueError:
            raise ControlError(f"{device}: the simulator did not start") from None
        if not isinstance(ready, dict):
            raise ControlError(f"{device}: the simulator did not start")
        return ready

    @property
    def ended(self) -> list[str]:
        """Simulators that ended by themselves."""
        return [device for device, process in self._processes.items() if process.poll() is not None]

    def stop(self) -> None:
        """End the processes we started; those that do not end in five seconds are killed."""
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        self._processes.clear()


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """What `process` prints first; b"" when it ends or takes too long before that."""
    if process.stdout is None:
        return b""
    end = time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not selector.select(0.1):
            if time.monotonic() > end:
                return b""
    return process.stdout.readline()


def _toml(sections: Mapping[str, Mapping[str, object]]) -> str:
    lines: list[str] = []
    for name, section in sections.items():
        lines.append(f"[{name}]")
        # JSON's strings and whole numbers are TOML's as well.
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in section.items()]
        lines.append("")
    return "\n".join(lines)
