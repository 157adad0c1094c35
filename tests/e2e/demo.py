"""`script/demo`: hub, simulated devices, lobby terminal and touchpad; scripted where there is no display."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.journey import Citizen
from tests.e2e.stack import BIN, Stack

OUTPUT = Path("demo-output")
CLERK, CLERK_PASSWORD = "clerk", "demonstration-2026"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/demo")
    parser.add_argument("--size", default="1080x1920", help="of the lobby terminal, WIDTHxHEIGHT")
    parser.add_argument("--language", choices=("zh", "ko", "en"), default="zh", help="of the scripted journey")
    parser.add_argument("--scripted", action="store_true", help="the scripted journey even where there is a display")
    return parser.parse_args()


def main() -> int:
    """Run the demo; 0 when the scripted journey ended with a receipt the hub has."""
    arguments = _arguments()
    width, _, height = arguments.size.partition("x")
    size = (int(width), int(height))
    with tempfile.TemporaryDirectory(prefix="ckd-") as folder:
        if os.environ.get("DISPLAY") and not arguments.scripted:
            return _by_hand(Path(folder), size)
        return _scripted(Path(folder), size, arguments.language)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _by_hand(folder: Path, size: tuple[int, int]) -> int:
    stack = Stack(folder, size, display=os.environ["DISPLAY"], framed=True)
    with stack:
        panel = subprocess.Popen([str(BIN / "court-kiosk"), "dock", "panel", "--dir", str(folder / "dock")])
        try:
            _add_clerk(folder)
            _say(f"clerks' console: {stack.hub_url}/console/   name {CLERK}, password {CLERK_PASSWORD}")
            stack.start_touchpad()
            _say("the lobby terminal is on the screen; Ctrl-C ends everything")
            signal.pause()
        except KeyboardInterrupt:
            return 0
        finally:
            panel.terminate()
            panel.wait()
    return 0


def _add_clerk(folder: Path) -> None:
    """A clerk for the console; the password is no secret, since this hub listens on this machine only."""
    command = [str(BIN / "court-hub"), "user", "add", "--data", str(folder / "hub"), "--name", CLERK, "--role", "clerk"]
    subprocess.run([*command, "--password-stdin"], input=CLERK_PASSWORD.encode(), check=True, capture_output=True)


def _scripted(folder: Path, size: tuple[int, int], language: str) -> int:
    shutil.rmtree(OUTPUT, ignore_errors=True)
    pictures = OUTPUT / "screens"
    pictures.mkdir(parents=True)
    count = 0

    def picture(name: str) -> None:
        nonlocal count
        count += 1
        time.sleep(0.25)  # the frame that shows it must have reached the display
        stack.hand.picture(pictures / f"{count:02d}-{name}.png")

    started = time.monotonic()
    stack = Stack(folder, size)
    with stack:
        _say(f"ready after {time.monotonic() - started:.1f} s, the terminal is on its idle picture")
        Citizen(stack, picture, language=language).file()
        stack.hand.wait("the printed slip", lambda view: view.find("receipt.reprint") is not None, 60)
        picture("receipt")
        stack.hand.touch("nav.continue")
        stack.hand.at("attract", deadline=60)
        picture("attract-again")
        held = stack.submissions()
        for slip in stack.slips:
            shutil.copy(slip, OUTPUT / slip.name)
        if held:
            export = ("export", "--data", str(folder / "hub"), "--submission", held[0]["submission_id"])
            subprocess.run([str(BIN / "court-hub"), *export, "--out", str(OUTPUT / "submission")], check=True)
        stack.end("terminal")
        pad = stack.start_touchpad()
        time.sleep(1.0)  # its first frame must have reached the display
        pad.picture(pictures / f"{count + 1:02d}-touchpad.png")
    if not held:
        _say("the hub holds nothing: the journey failed")
        return 1
    _say(f"receipt {held[0]['receipt_no']} after {time.monotonic() - started:.0f} s; see {OUTPUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
