"""A terminal that files without end and says so on stdout, one line per filing, only after it is durable.

python -m tests.faults.committer DATA HUB [COUNT]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.agent.core import Agent
from tests.outbox.filings import Documents, hand_in


def main() -> None:
    """File COUNT times, or for ever; deliver meanwhile."""
    data, hub, *count = sys.argv[1:]
    agent = Agent.open(Path(data), hub)
    if not count:
        agent.start()
    left = int(count[0]) if count else -1
    while left:
        committed = hand_in(agent, Documents(volume=20_000, complaint=3_000))
        # One write, so that a kill cannot split the line.
        os.write(1, f"{committed.submission_id} {committed.receipt_no} {committed.sha256}\n".encode())
        left -= 1


if __name__ == "__main__":
    main()
