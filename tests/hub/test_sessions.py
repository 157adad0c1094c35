"""Sessions are read once in a few seconds; what has ended does not live on (S36)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from provisioning.hub import staff
from provisioning.hub.console.sessions import Sessions
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import Hub, HubOptions, open_hub
from provisioning.hub.permissions import Role
from provisioning.hub.terminals import REFRESH_SECONDS
from tests.hub.conftest import NOW
from tests.hub.consoles import PASSWORD_HASH


@pytest.fixture
def clock() -> ManualClock:
    """The hub's."""
    return ManualClock(NOW)


@pytest.fixture
def hub(tmp_path: Path, clock: ManualClock) -> Iterator[Hub]:
    """An open hub with one clerk."""
    opened = open_hub(DataDirectory(tmp_path), None, HubOptions(False, True, None), clock)
    add = partial(staff.add_account, name="li", role=Role.CLERK, password_hash=PASSWORD_HASH, at=NOW, by="test")
    opened.writer.submit(add).result(10)
    yield opened
    opened.close()


def test_a_session_that_ended_elsewhere_is_unknown_after_a_moment(hub: Hub, clock: ManualClock) -> None:
    """The command line closes an account: the pages of this process follow within REFRESH_SECONDS."""
    token = hub.writer.submit(partial(staff.sign_in, name="li", now=NOW)).result(10)
    sessions = Sessions(hub)

    async def check() -> None:
        found = await sessions.who(token)
        assert found is not None
        assert found.name == "li"
        hub.writer.submit(partial(staff.set_active, name="li", active=False, at=NOW, by="test")).result(10)
        clock.advance(REFRESH_SECONDS - 0.1)
        assert await sessions.who(token) == found
        clock.advance(0.1)
        assert await sessions.who(token) is None
        assert await sessions.who("no such session") is None

    asyncio.run(check())


def test_a_session_that_ended_here_is_unknown_at_once(hub: Hub) -> None:
    """Even where it was being read at that moment."""
    token = hub.writer.submit(partial(staff.sign_in, name="li", now=NOW)).result(10)
    sessions = Sessions(hub)

    async def check() -> None:
        asking = asyncio.create_task(sessions.who(token))
        await asyncio.sleep(0)  # so that it has begun to read
        sessions.forget()
        found = await asking
        assert found is not None
        await asyncio.to_thread(hub.writer.submit(partial(staff.sign_out, person=found, now=NOW)).result, 10)
        assert await sessions.who(token) is None

    asyncio.run(check())
