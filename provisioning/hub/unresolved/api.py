"""Reports and the duty roster over the contract."""

from __future__ import annotations

from functools import partial

from anyio import to_thread

from kiosk.court.unresolved import DutyRoster, UnresolvedChannel, UnresolvedReport, UnresolvedTaken
from provisioning.hub.api.exchange import ProblemError
from provisioning.hub.hub import Hub
from provisioning.hub.unresolved.roster import on_duty
from provisioning.hub.unresolved.taking import OtherTerminalError, take


async def take_report(hub: Hub, report: UnresolvedReport) -> UnresolvedTaken:
    """Take in the report of a terminal that signed its request as `report.terminal`. Raises ProblemError."""
    if report.channel is UnresolvedChannel.PAPER:
        raise ProblemError(422, "a terminal brings its own reports only", "channel")
    job = partial(take, rules=hub.unresolved, report=report, by=report.terminal, now=hub.clock.now())
    try:
        return await hub.writer.run(job)
    except OtherTerminalError as error:
        raise ProblemError(409, "this request_id stands for a report of another terminal") from error


async def duty(hub: Hub) -> DutyRoster:
    """Who is on duty today."""
    now = hub.clock.now()
    configuration = hub.hall.configuration
    return await to_thread.run_sync(hub.database.read, lambda c: on_duty(c, configuration, now=now))
