"""Headless Chromium, driven over its debugging pipe (Chrome DevTools Protocol): no driver program, no extra package."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)
REPLY_SECONDS = 30.0


def chromium_program() -> str | None:
    """The installed Chromium, None where there is none."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def installed_chromium() -> str:
    """The installed Chromium; the test is skipped where there is none."""
    program = chromium_program()
    if program is None:
        pytest.skip("Chromium is not installed")
    return program


class Chromium:
    """One browser with one page."""

    def __init__(
        self, program: str, *, width: int = 1600, height: int = 1000, flags: Sequence[str] = (), mobile: bool = False
    ) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="hub-chromium-", ignore_cleanup_errors=True)
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        # The browser reads from descriptor 3 and writes to 4; a shell puts them there.
        shell = f'exec "$0" "$@" 3<&{to_read} 4>&{to_write}'
        command = [program, *FLAGS, *flags, f"--user-data-dir={self._profile.name}", f"--window-size={width},{height}"]
        self._process = subprocess.Popen(
            ["bash", "-c", shell, *command, "about:blank"],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session: str | None = None
        pages = self._call("Target.getTargets")["targetInfos"]
        page = next(target for target in pages if target["type"] == "page")
        attached = self._call("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self._call("Emulation.setDeviceMetricsOverride", **metrics)

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._to)
        os.close(self._from)
        self._profile.cleanup()

    def open(self, url: str) -> None:
        """Go to `url` and wait until it has loaded."""
        self._mark()
        self._call("Page.navigate", url=url)
        self._wait_loaded()

    def keep_cookies(self, url: str, cookies: Mapping[str, str]) -> None:
        """Go on as whoever was given these cookies at `url`."""
        for name, value in cookies.items():
            self._call("Network.setCookie", url=url, name=name, value=value)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def fill(self, selector: str, text: str) -> None:
        """Focus a field, clear it and type."""
        self.evaluate(f"(e => {{ e.focus(); e.value = ''; }})(document.querySelector({json.dumps(selector)}))")
        self.insert(text)

    def insert(self, text: str) -> None:
        """Type `text` into whatever has the focus, as an input method would."""
        self._call("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """One key, by its DOM name, or a letter."""
        code = {"Enter": 13, "Tab": 9, "Space": 32}.get(key) or ord(key.upper())
        text = key if len(key) == 1 else {"Enter": "\r", "Space": " "}.get(key, "")
        name = " " if key == "Space" else key
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if kind == "keyDown" and text else {}
            self._call("Input.dispatchKeyEvent", type=kind, key=name, windowsVirtualKeyCode=code, **more)

    def click(self, selector: str) -> None:
        """Click the middle of an element."""
        find = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(f"{find}.scrollIntoView({{block: 'center'}})")
        box = self.evaluate(f"(r => [r.x + r.width / 2, r.y + r.height / 2])({find}.getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def submit(self, selector: str) -> None:
        """Click something that leads to another page, and wait for that page."""
        self._mark()
        self.click(selector)
        self._wait_loaded()

    def heard(self) -> list[tuple[str, str]]:
        """Role and name of everything that assistive technology is given, in order."""
        nodes = self._call("Accessibility.getFullAXTree")["nodes"]
        told = [node for node in nodes if not node["ignored"]]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """A PNG of what is seen, or of the `whole` page."""
        shot = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _mark(self) -> None:
        self.evaluate("window.before = true")

    def _wait_loaded(self) -> None:
        deadline = time.monotonic() + REPLY_SECONDS
        while self.evaluate("window.before === true || document.readyState !== 'complete'"):
            assert time.monotonic() < deadline, "the page did not load"
            time.sleep(0.02)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + REPLY_SECONDS
        while True:
            while b"\0" not in self._buffer:
                ready, _, _ = select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))
                assert ready, f"Chromium did not answer {method}"
                piece = os.read(self._from, 1 << 20)
                assert piece, "Chromium ended"
                self._buffer += piece
            raw, _, self._buffer = self._buffer.partition(b"\0")
            reply: dict[str, Any] = json.loads(raw)
            if reply.get("id") == number:
                assert "error" not in reply, (method, reply["error"])
                result: dict[str, Any] = reply["result"]
                return result
