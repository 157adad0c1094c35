"""A terminal at which people report without end what could not be got done; it says so on stdout, one line a report,
only after it is durable.

python -m tests.outbox.reporter DATA HUB
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.agent.core import Agent
from kiosk.agent.unresolved_desk import UnresolvedDesk
from kiosk.agent.unresolved_messages import ReportUnresolved
from kiosk.agent.unresolved_messenger import UnresolvedMessenger
from kiosk.clock import CHINA, Clock, SystemClock
from kiosk.court.unresolved import UnresolvedChannel, UnresolvedKind, UnresolvedPlace
from kiosk.court.uuid7 import uuid7

ACCOUNT = "材料交了三次，每次说的都不一样。"
NAME, PHONE = "李示例", "13900000001"


def told(clock: Clock, **changes: str) -> ReportUnresolved:
    """A report as a window sends it."""
    now = clock.now()
    given = {
        "request": "r",
        "request_id": str(uuid7(now)),
        "kind": UnresolvedKind.SENT_BACK,
        "place": UnresolvedPlace.WINDOW,
        "happened": now.astimezone(CHINA).date().isoformat(),
        "channel": UnresolvedChannel.KIOSK,
        "window": "3",
        "account": ACCOUNT,
        "name": NAME,
        "phone": PHONE,
    }
    return ReportUnresolved(**{**given, **changes})


def main() -> None:
    """Report for ever, while a messenger delivers."""
    data, hub = sys.argv[1:]
    clock = SystemClock()
    agent = Agent.open(Path(data), hub, clock)
    desk = UnresolvedDesk(agent.outbox, agent.terminal, clock, agent.new_client())
    messenger = UnresolvedMessenger(agent.outbox, agent.new_client(), clock)
    messenger.start()
    while True:
        held = desk.keep(told(clock))
        messenger.notify()
        # One write, so that a kill cannot split the line.
        os.write(1, f"{held.report_id}\n".encode())


if __name__ == "__main__":
    main()
