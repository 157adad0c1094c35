"""A terminal that runs: what its agent knows of the outbox, and of ratings and reports on their way."""

from __future__ import annotations

import threading
from pathlib import Path

from kiosk.agent.messages import Event, GetHealth, Health, HubState, Request
from kiosk.diagnosis.check import Check
from kiosk.link import Link, LinkDownError

PATIENCE = 10.0

LATE = 3600.0
"""Seconds: what has waited longer while the hub answers is held up by something else."""


def agent(socket: Path) -> tuple[Check, ...]:
    """Asked of the agent behind `socket`."""
    answered = threading.Event()
    found: list[Health] = []
    link: Link[Event, Request]

    def hear(event: Event) -> None:
        if isinstance(event, Health):
            found.append(event)
            answered.set()

    def up(connected: bool) -> None:
        if connected:
            try:
                link.send(GetHealth("doctor"))
            except LinkDownError:
                return  # it comes back and is asked again

    link = Link(socket, Event, hear, up)
    link.start()
    answered.wait(PATIENCE)
    link.stop()
    if not found:
        remedy = "look at the agent's lines in the terminal's log; it is started again by itself"
        return (Check("outbox", ok=False, detail="the agent does not answer", remedy=remedy),)
    return outbox(found[0]), ratings(found[0]), unresolved(found[0])


def outbox(health: Health) -> Check:
    """The outbox as the agent tells it."""
    detail = f"{health.queue_depth} waiting for the hub"
    if health.queue_depth:
        detail += f", the oldest for {health.oldest_waiting_seconds / 3600:.1f} h"
    if health.attention:
        detail += f", {health.attention} need a person"
    if health.out_of_service:
        remedy = "restart the terminal; where it stays so, keep the data folder and call the maintainer"
        return Check("outbox", ok=False, detail=f"out of service: {health.out_of_service}", remedy=remedy)
    if not health.disk_trusted:
        remedy = "switch off the disk's write cache, or use a disk with power-loss protection"
        return Check("outbox", ok=False, detail=f"{detail}; the disk says done before it wrote", remedy=remedy)
    if not health.accepting:
        return Check("outbox", ok=False, detail=f"{detail}; the disk is nearly full", remedy="make room on it")
    remedy = "on the hub's console, see its alarms; the filings are kept and offered again" if health.attention else ""
    return Check("outbox", not health.attention, detail, remedy=remedy)


def ratings(health: Health) -> Check:
    """Ratings the hub does not have."""
    waiting, seconds = health.ratings_waiting, health.oldest_rating_seconds
    return _on_their_way("ratings", health.hub, waiting, seconds, health.ratings_refused)


def unresolved(health: Health) -> Check:
    """Reports of what could not be got done that the hub does not have."""
    waiting, seconds = health.unresolved_waiting, health.oldest_unresolved_seconds
    return _on_their_way("unresolved", health.hub, waiting, seconds, health.unresolved_refused)


def _on_their_way(name: str, hub: HubState, waiting: int, seconds: float, refused: int) -> Check:
    """What the hub does not have. That it waits while the hub is away is as it should be, and so only a warning."""
    detail = f"{waiting} waiting for the hub"
    if waiting:
        detail += f", the oldest for {seconds / 3600:.1f} h"
    if refused:
        detail += f", {refused} refused by it"
        remedy = "look at the terminal's log for the reason; compare its clock with the hub's"
        return Check(name, ok=False, needed=False, detail=detail, remedy=remedy)
    if seconds <= LATE:
        return Check(name, ok=True, needed=False, detail=detail)
    remedy = (
        "look at the terminal's log for the reason; they are kept and sent by themselves"
        if hub is HubState.ONLINE
        else "the hub is not reached: see to the network; they are kept and sent by themselves"
    )
    return Check(name, ok=False, needed=False, detail=detail, remedy=remedy)
