"""The line to the hub, over the very connection the agent uses: same authority, same signatures."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from kiosk.clock import Clock
from kiosk.config.model import HubSettings, TerminalConfig
from kiosk.court.client import HubClient
from kiosk.court.contract import CourtInfo
from kiosk.court.hub_errors import HubError, TerminalRefusedError
from kiosk.court.keys import SigningKey
from kiosk.court.transport import HubLink, Reply
from kiosk.diagnosis.check import Check

SECONDS = 10.0
MOST_OFF = 60.0
"""Seconds by which the terminal's clock may differ from the hub's: receipts state minutes."""


def look(config: TerminalConfig, key: SigningKey, clock: Clock) -> list[Check]:
    """Whether the hub is there and is one, whether the line is private, whether it knows this terminal, and whether
    the two agree on the time."""
    ca_file = Path(config.hub.ca_file) if config.hub.ca_file else None
    try:
        link = HubLink(config.hub.url, key, clock, ca_file)
        client = HubClient(config.hub.url, key, clock, ca_file)
    except OSError as error:
        detail = f"hub.ca_file {config.hub.ca_file}: {error.strerror or 'no certificate in it'}"
        remedy = "name the PEM file of the authority that signed the hub's certificate"
        return [Check("hub", ok=False, detail=detail, remedy=remedy)]
    try:
        reply = link.request("GET", "/v1/court", seconds=SECONDS)
        court = _court(reply)
        if court is None:
            detail = f"{config.hub.url} answers with status {reply.status}, but it is no hub"
            remedy = "correct hub.url; a proxy or a captive portal may stand in between"
            return [Check("hub", ok=False, detail=detail, remedy=remedy)]
        return [
            Check("hub", ok=True, detail=court.code),
            *_line(config.hub),
            *_agreement(reply, clock),
            _acceptance(client, config),
        ]
    except HubError as error:
        detail, remedy = _why(error, config.hub)
        return [Check("hub", ok=False, detail=detail, remedy=remedy)]
    finally:
        link.close()
        client.close()


def _court(reply: Reply) -> CourtInfo | None:
    try:
        return CourtInfo.model_validate_json(reply.content) if reply.status == 200 else None
    except ValidationError:
        return None


def _line(settings: HubSettings) -> Iterator[Check]:
    split = urlsplit(settings.url)
    if split.scheme == "https":
        yield Check("encrypted line", ok=True, detail="TLS, certificate verified")
    elif split.hostname not in {"127.0.0.1", "::1", "localhost"}:
        yield Check(
            "encrypted line",
            ok=False,
            needed=False,
            detail="http: filings are sealed all the same, but what people ask about their cases is readable",
            remedy="put a web server with a certificate in front of the hub and use https in hub.url",
        )


def _agreement(reply: Reply, clock: Clock) -> Iterator[Check]:
    try:
        told = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return
    off = (clock.now() - (told if told.tzinfo else told.replace(tzinfo=UTC))).total_seconds()
    detail = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the hub's"
    if abs(off) <= MOST_OFF:
        yield Check("clock against the hub's", ok=True, detail=detail)
    else:
        remedy = "set the wrong one of the two; let both follow the court's time server (timedatectl set-ntp true)"
        yield Check("clock against the hub's", ok=False, detail=detail, remedy=remedy)


def _acceptance(client: HubClient, config: TerminalConfig) -> Check:
    """Asks for nothing, signed: whoever may file gets an empty answer."""
    who = config.terminal or "development terminal"
    try:
        client.missing_blobs(())
    except TerminalRefusedError as error:
        remedy = (
            "a development terminal is let in by a development hub on the same machine only; a terminal in service "
            "needs a configuration with its code"
            if config.development
            else "on the hub: court-hub terminal add --code … --key … with the public half of this device key"
        )
        return Check("let in by the hub", ok=False, detail=f"{who}: {error}", remedy=remedy)
    return Check("let in by the hub", ok=True, detail=who)


def _why(error: HubError, settings: HubSettings) -> tuple[str, str]:
    """What is wrong with the line, and what to do, read from what lies under the error."""
    host = urlsplit(settings.url).hostname
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError(verify_message=message):
                remedy = (
                    f"{settings.ca_file} is not the authority that signed it, or the certificate is for another name"
                    if settings.ca_file
                    else "name the court's own authority in the configuration (hub.ca_file) and give it with --config"
                )
                return f"its certificate is not trusted: {message}", remedy
            case ssl.SSLError():
                return "it does not speak TLS", "use http in hub.url, or put TLS in front of the hub"
            case socket.gaierror():
                return f"{host} has no address", "correct hub.url, or the name server of this machine"
            case ConnectionRefusedError():
                remedy = "start the hub (court-hub serve), correct hub.url, or open the port in its firewall"
                return f"nothing listens at {settings.url}", remedy
            case httpx.TimeoutException():
                remedy = "look at the network cable and at firewalls between here and the hub"
                return f"no answer within {SECONDS:.0f} s", remedy
            case _:
                continue
    return str(error), "look at the network cable, and at the hub's log"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
