"""A session window: `python -m screens.app`. Built hidden, shown when told to, gone with all its memory at the end.

Talks to `court-kiosk run` in lines: writes `ready`, `shown`, `alive` and `ended OUTCOME`, reads `show` and `leave`.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Protocol

from screens.runtime_setup import WindowSettings, harden, prepare

log = logging.getLogger("screens")


class SessionWindow(Protocol):
    """What a window must be able to do for its launcher."""

    def run(self) -> None:
        """Draw until told to leave."""
        ...

    def show(self) -> None:
        """Come to the front. Callable from any thread."""
        ...

    def leave(self) -> None:
        """Go away at once. Callable from any thread."""
        ...


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="screens.app")
    parser.add_argument("--agent", type=Path, required=True, help="the agent's socket")
    parser.add_argument("--devices", type=Path, required=True, help="the device daemon's socket")
    parser.add_argument("--home", type=Path, required=True, help="a folder that may be written to")
    parser.add_argument("--profile", choices=("lobby", "touchpad"), default="lobby")
    parser.add_argument("--size", default="1080x1920", help="WIDTHxHEIGHT in pixels")
    parser.add_argument("--pitch", type=float, default=0.248, help="pixel pitch in millimetres")
    parser.add_argument("--rotation", type=int, choices=(0, 90, 180, 270), default=0)
    parser.add_argument("--framed", action="store_true", help="an ordinary window with pointer, for development")
    parser.add_argument("--shown", action="store_true", help="do not wait to be shown")
    parser.add_argument("--introspect", type=Path, default=None, help="socket that tells tests where things are")
    return parser.parse_args()


def main() -> int:
    """Run one window to its end."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s", stream=sys.stderr)
    width, _, height = arguments.size.partition("x")
    prepare(
        WindowSettings(
            width=int(width),
            height=int(height),
            borderless=not arguments.framed,
            hidden=not arguments.shown,
            rotation=arguments.rotation,
            show_cursor=arguments.framed,
        ),
        arguments.home,
    )
    harden()
    # Kivy may only be imported after prepare() and harden().
    window: SessionWindow
    if arguments.profile == "touchpad":
        from screens.touchpad.window import TouchpadWindow

        window = TouchpadWindow(arguments, say=_say)
    else:
        from screens.lobby.window import LobbyWindow

        window = LobbyWindow(arguments, say=_say)
    threading.Thread(target=_listen, args=(window.show, window.leave), name="launcher", daemon=True).start()
    if arguments.shown:
        window.show()
    window.run()
    return 0


def _say(word: str) -> None:
    """One line to the launcher; without one (started by hand) there is nobody to tell."""
    try:
        sys.stdout.write(word + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)  # the launcher is gone, and with it everything that could take this window away


def _listen(show: object, leave: object) -> None:
    for line in sys.stdin:
        match line.strip():
            case "show" if callable(show):
                show()
            case "leave" if callable(leave):
                leave()
            case _:
                log.warning("unknown word from the launcher")
    if not sys.stdin.isatty() and callable(leave):
        leave()


if __name__ == "__main__":
    sys.exit(main())
