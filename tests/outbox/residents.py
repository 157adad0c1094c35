"""`court-kiosk run` with the real device daemon and the real agent, and a window that does nothing.

residents.py FOLDER HUB-URL; the sockets are FOLDER/devices.sock and FOLDER/agent.sock.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.app import Program, Terminal, python
from kiosk.liveness import PulseRules
from kiosk.windows import Patience

IDLE_WINDOW = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    if line == "leave\\n":
        break
    print("shown", flush=True)
"""


def main() -> None:
    """Run until told to stop."""
    folder, hub = Path(sys.argv[1]), sys.argv[2]
    devices, agent = folder / "devices.sock", folder / "agent.sock"
    (folder / "devices.toml").write_text("")
    residents = (
        Program(
            "device daemon",
            python("drivers.daemon", "--socket", str(devices), "--config", str(folder / "devices.toml")),
            devices,
        ),
        Program(
            "agent",
            python(
                *("kiosk.agent", "--socket", str(agent), "--devices", str(devices)),
                *("--data", str(folder / "data"), "--hub", hub),
            ),
            agent,
        ),
    )
    patience = Patience(silence=3600.0, pulse=PulseRules(every=0.2, silence=2.0))
    Terminal(residents, Program("window", (sys.executable, "-c", IDLE_WINDOW)), patience=patience).run()


if __name__ == "__main__":
    main()
