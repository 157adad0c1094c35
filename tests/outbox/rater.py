"""A touchpad that is answered without end and says so on stdout, one line an answer, only after it is durable.

python -m tests.outbox.rater DATA HUB KEY
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.agent.core import Agent
from kiosk.agent.rating_desk import RatingDesk
from kiosk.clock import SystemClock
from kiosk.config.model import TerminalConfig
from kiosk.court.keys import SigningKey
from tests.outbox.invited import WINDOW, invitation, rated, told


def main() -> None:
    """Invite and answer for ever."""
    data, hub, key = sys.argv[1:]
    clock = SystemClock()
    agent = Agent.open(Path(data), hub, clock, config=TerminalConfig(window=WINDOW))
    desk = RatingDesk(agent.outbox, agent.terminal, clock, window=WINDOW, hub_now=clock.now, tell=lambda _event: None)
    signing = SigningKey.load(Path(key))
    number = 0
    while True:
        number += 1
        invited = invitation(f"ticket:{os.getpid()}-{number}", clock.now())
        desk.heard(told(invited, signing, clock.now()))
        desk.shown(str(invited.invitation_id))
        grade = 1 + number % 5
        desk.answer(rated(invited, grade, done=False))
        if grade > 2 or number % 3:
            desk.answer(rated(invited, grade))
        # One write, so that a kill cannot split the line.
        os.write(1, f"{invited.matter} {grade}\n".encode())


if __name__ == "__main__":
    main()
