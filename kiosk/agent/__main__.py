"""`python -m kiosk.agent`: the agent as a process, started and watched by `court-kiosk run`."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path

from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.agent.terminal import AgentStartError
from kiosk.clock import SystemClock
from kiosk.commands.shell import EXIT_OK, EXIT_REFUSED, OneLineParser
from kiosk.config.load import ConfigError, load_config
from kiosk.config.model import TerminalConfig
from kiosk.court.secret_file import SecretFileError
from kiosk.outbox.errors import OutboxError

log = logging.getLogger("kiosk.agent")

_LOOK_SECONDS = 0.5


def _end(*_: object) -> None:
    """Leave in order. A second signal, as systemd sends one to the whole group, must not disturb the leaving."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(EXIT_OK)


def main() -> int:
    """Serve until told to stop (SIGTERM, SIGINT). 1 where it cannot start, or where its messenger failed."""
    parser = OneLineParser(prog="kiosk.agent", description="The terminal's agent: outbox, keys, line to the hub")
    parser.add_argument("--socket", type=Path, required=True, help="where windows connect")
    parser.add_argument("--devices", type=Path, required=True, help="the device daemon's socket")
    parser.add_argument("--data", type=Path, required=True, help="data folder")
    parser.add_argument("--hub", default=None, help="address of the hub; goes before the configuration's")
    parser.add_argument("--config", type=Path, default=None, help="terminal configuration (TOML)")
    parser.add_argument("--numbers", action="store_true", help="people take numbers at this terminal")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # one line for every chunk otherwise
    signal.signal(signal.SIGTERM, _end)
    clock = SystemClock()
    try:
        config = load_config(arguments.config) if arguments.config else TerminalConfig()
        agent = Agent.open(arguments.data, arguments.hub, clock, config=config)
    except (ConfigError, AgentStartError, OutboxError, SecretFileError, OSError) as error:
        log.error("cannot start: %s", error)  # noqa: TRY400 - one line for the attendant
        return EXIT_REFUSED
    service = Service(agent, arguments.socket, arguments.devices, clock, numbers=arguments.numbers)
    agent.start()
    service.start()
    try:
        while not agent.worker_ended.wait(_LOOK_SECONDS):
            if agent.outbox.out_of_service:
                log.error("out of service: %s", agent.outbox.out_of_service)
                break
    except KeyboardInterrupt:
        return EXIT_OK
    finally:
        service.stop()
        agent.close()
    return EXIT_REFUSED


if __name__ == "__main__":
    sys.exit(main())
