"""`court-kiosk run` with fake programs: fake_terminal.py FOLDER RESIDENT-HABITS WINDOW-HABITS [PATIENCE=SECONDS ...]

Habits are joined by commas. Window habits may be several sets joined by `/`: the first window gets the first set, the
second the second, all later ones the last. Patience whose name begins with `pulse_` belongs to the pings.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.app import Program, Terminal, sole_launcher
from kiosk.liveness import PulseRules
from kiosk.windows import Patience

FAKE = str(Path(__file__).with_name("fake_program.py"))
PICK = (
    "import os,sys;f,j,w=sys.argv[1:];n=len(open(f).read()) if os.path.exists(f) else 0;open(f,'a').write('x');"
    "s=w.split('/');h=[x for x in s[min(n,len(s)-1)].split(',') if x];"
    f"os.execv(sys.executable,[sys.executable,{FAKE!r},j,'window',*h])"
)
"""Gives each window its own habits: counts the starts in a file, then becomes the fake program."""


def main() -> None:
    """Run until told to stop."""
    folder, resident_habits, window_habits, *settings = sys.argv[1:]
    journal = str(Path(folder) / "journal")
    given = {name: float(value) for name, value in (setting.split("=") for setting in settings)}
    pulse = {name.removeprefix("pulse_"): given.pop(name) for name in list(given) if name.startswith("pulse_")}
    patience = Patience(**given, pulse=PulseRules(**pulse))
    command = (sys.executable, FAKE, journal, "resident", *filter(None, resident_habits.split(",")))
    residents = [Program("resident", command, Path(folder) / "resident.sock")]
    window = Program("window", (sys.executable, "-c", PICK, str(Path(folder) / "starts"), journal, window_habits))
    with sole_launcher(Path(folder), 5.0) as lock:
        Terminal(residents, window, patience=patience, keep_open=(lock,)).run()


if __name__ == "__main__":
    main()
