"""Scans and signatures live in memory and are gone with the session (N5)."""

from __future__ import annotations

import gc

import pytest

from kiosk.session.scratch import Scratch, ScratchClosedError
from kiosk.session.session import Session, SessionEndedError


def test_what_was_put_comes_back_until_it_is_dropped() -> None:
    scratch = Scratch()
    key = scratch.put(b"page")
    assert scratch.get(key) == b"page"
    scratch.drop(key)
    with pytest.raises(KeyError):
        scratch.get(key)


def test_wiping_overwrites_the_buffers_themselves() -> None:
    scratch = Scratch()
    scratch.put(b"110105194912310021")
    buffers = [buffer for buffer in gc.get_referents(scratch._buffers) if isinstance(buffer, bytearray)]
    scratch.wipe()
    assert [bytes(buffer) for buffer in buffers] == [bytes(18)]


def test_nothing_can_be_asked_of_a_session_that_has_ended() -> None:
    session = Session()
    key = session.scratch.put(b"x")
    session.end()
    session.end()
    with pytest.raises(SessionEndedError):
        _ = session.journey
    with pytest.raises(ScratchClosedError):
        session.scratch.get(key)
    with pytest.raises(ScratchClosedError):
        session.scratch.put(b"y")
