"""A clock that is set back while somebody files, and one that starts at 2000 because its battery is empty."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.agent.messages import HubState
from kiosk.clock import CHINA
from kiosk.court.contract import BlobRole
from kiosk.flow.draft import FormSlot
from kiosk.flow.journey import Overlay
from kiosk.flow.stage import Stage
from kiosk.session.idle import IdleLimits
from tests.hub.processes import HubProcess, hub_command
from tests.journeys.bad_input.terminal import Litigant, Terminal, WallClock, at_the_court
from tests.outbox.stub_hub import StubHub


def at_hub(hub: HubProcess) -> dict[str, str]:
    """Receipt numbers by submission id, as the court lists them."""
    done = hub_command("submissions", "--data", str(hub.data), "--json")
    return {one["submission_id"]: one["receipt_no"] for one in json.loads(done.stdout)}


def test_set_while_somebody_files(
    real_hub: HubProcess, at_real_hub: Terminal, clock: WallClock, caplog: pytest.LogCaptureFixture
) -> None:
    """F11: back by ten years, ahead by ten, and right again, each in the middle of a journey. Nobody is thrown out,
    nothing typed is lost, no number is given twice, and the court gets every complaint although the signatures' times
    were wrong at first. The log says so to the attendant."""
    terminal, filed = at_real_hub, []
    for days in (-3650, 3650, 0):
        terminal.next_person()
        terminal.walk(Litigant({FormSlot.CLAIM: {"principal_owed": "3万5千"}}), Stage.REVIEW)
        said = terminal.journey.require_draft().answers_of(FormSlot.CLAIM)
        clock.off = timedelta(days=days)
        terminal.runtime.tick()
        assert not terminal.session.ended
        assert terminal.journey.overlay is Overlay.NONE
        assert terminal.runtime.seconds_left() > IdleLimits().warn_after
        terminal.walk(Litigant(), Stage.SIGNATURE)
        assert terminal.journey.require_draft().answers_of(FormSlot.CLAIM) == said
        filed.append(terminal.receipt())
        assert terminal.journey.filed is not None
        assert terminal.journey.filed.received_at[:10] == clock.now().date().isoformat()
        terminal.deliver()
        assert terminal.agent.status().hub is HubState.ONLINE
    assert "clock" in caplog.text
    numbers = at_hub(real_hub)
    assert len({numbers[str(one)] for one in filed}) == len(filed)
    assert json.loads(at_the_court(real_hub, filed[0])[BlobRole.ENVELOPE])["answers"]["principal_owed"] == "35000"


@pytest.mark.parametrize("year", [1970, 2000])
def test_an_empty_battery_keeps_nobody_from_filing(real_hub: HubProcess, tmp_path: Path, year: int) -> None:
    """F11: older than every law table that is installed. The window starts, the fee is told, the complaint is filed."""
    clock = WallClock()
    clock.off = datetime(year, 1, 1, tzinfo=CHINA) - clock.now()
    terminal = Terminal(tmp_path, real_hub.url, clock)
    try:
        terminal.walk(Litigant(), Stage.SIGNATURE)
        assert terminal.filing.dossier(terminal.journey, clock.now()).fee is not None
        terminal.receipt()
        terminal.deliver()
    finally:
        terminal.close()


def test_a_number_nobody_saw_is_not_offered_to_those_who_come_later(
    terminal: Terminal, hub: StubHub, clock: WallClock
) -> None:
    """F4: "minutes ago" is minutes on either side; yesterday's clock must not show one person's number to another."""
    terminal.walk(Litigant(), Stage.SIGNATURE)
    submission = terminal.receipt()
    assert [one.submission_id for one in terminal.agent.pending_receipts()] == [submission]
    clock.off = timedelta(minutes=-5)
    assert [one.submission_id for one in terminal.agent.pending_receipts()] == [submission]
    clock.off = timedelta(hours=-3)
    assert terminal.agent.pending_receipts() == []
    terminal.deliver()
    assert set(hub.stored.receipts) == {submission}
