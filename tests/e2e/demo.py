"""`script/demo`: hub, simulated devices, lobby terminal and touchpad; scripted where there is no display."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.hall_round import WINDOW, HallRound, Picture
from tests.e2e.hand import Hand
from tests.e2e.journey import Citizen
from tests.e2e.stack import BIN, Stack

OUTPUT = Path("demo-output")
STAFF = {"clerk": "clerk", "window": "window", "leader": "supervisor"}
"""Who can sign in to the console, and in which role."""
STAFF_PASSWORD = "demonstration-2026"


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
            _add_staff(folder)
            _say(f"staff console: {stack.hub_url}/console/   names {', '.join(STAFF)}; password {STAFF_PASSWORD}")
            _say(f"display of the waiting area: {stack.hub_url}/display   (the touchpad stands at window {WINDOW})")
            stack.start_touchpad(window=WINDOW)
            _say("the lobby terminal is on the screen; Ctrl-C ends everything")
            signal.pause()
        except KeyboardInterrupt:
            return 0
        finally:
            panel.terminate()
            panel.wait()
    return 0


def _add_staff(folder: Path) -> None:
    """Accounts for the console; the password is no secret, since this hub listens on this machine only."""
    for name, role in STAFF.items():
        add = ("user", "add", "--data", str(folder / "hub"), "--name", name, "--role", role, "--password-stdin")
        subprocess.run([str(BIN / "court-hub"), *add], input=STAFF_PASSWORD.encode(), check=True, capture_output=True)


def _scripted(folder: Path, size: tuple[int, int], language: str) -> int:
    shutil.rmtree(OUTPUT, ignore_errors=True)
    pictures = OUTPUT / "screens"
    pictures.mkdir(parents=True)
    numbers = itertools.count(1)

    def pictures_of(hand: Hand) -> Picture:
        def picture(name: str) -> None:
            time.sleep(0.25)  # the frame that shows it must have reached the display
            hand.picture(pictures / f"{next(numbers):02d}-{name}.png")

        return picture

    started = time.monotonic()
    stack = Stack(folder, size)
    with stack:
        _say(f"ready after {time.monotonic() - started:.1f} s, the terminal is on its idle picture")
        picture = pictures_of(stack.hand)
        Citizen(stack, picture, language=language).file()
        stack.hand.wait("the printed slip", lambda view: view.find("receipt.reprint") is not None, 60)
        picture("receipt")
        stack.hand.touch("nav.continue")
        stack.hand.at("attract", deadline=60)
        picture("attract-again")
        round_of_the_hall = HallRound(stack, picture, OUTPUT)
        round_of_the_hall.take_number()
        held = stack.submissions()
        for slip in stack.slips:
            shutil.copy(slip, OUTPUT / slip.name)
        if held:
            export = ("export", "--data", str(folder / "hub"), "--submission", held[0]["submission_id"])
            subprocess.run([str(BIN / "court-hub"), *export, "--out", str(OUTPUT / "submission")], check=True)
        stack.end("terminal")
        round_of_the_hall.call_and_rate(pictures_of)
    if not held:
        _say("the hub holds nothing: the journey failed")
        return 1
    _say(f"receipt {held[0]['receipt_no']} after {time.monotonic() - started:.0f} s; see {OUTPUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
