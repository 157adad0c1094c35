"""The socket under the messages: who owns its path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drivers.api.liveness import Ping, Pong
from drivers.api.wire import Channel, Listener, connect


def _answer(channel: Channel[Any, Any]) -> None:
    while channel.receive() is not None:
        channel.send(Pong())


def _listener(path: Path) -> Listener:
    made = Listener(path, Ping, _answer)
    made.start()
    return made


def _answers(path: Path) -> bool:
    channel = connect(path, Pong)
    try:
        channel.send(Ping())
        return channel.receive() == Pong()
    finally:
        channel.close()


def test_a_listener_that_stops_takes_its_path_along(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    listener = _listener(path)
    assert _answers(path)
    listener.stop()
    assert not path.exists()
    with pytest.raises(OSError, match="No such file"):
        connect(path, Pong)


def test_a_late_stop_leaves_the_path_to_its_next_owner(tmp_path: Path) -> None:
    """A program that ends slowly must not cut off the one that was started in its place."""
    path = tmp_path / "socket"
    former = _listener(path)
    successor = _listener(path)
    former.stop()
    assert _answers(path)
    former.stop()
    assert _answers(path)
    successor.stop()
    assert not path.exists()


def test_what_is_no_socket_of_ours_stays(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    listener = _listener(path)
    path.unlink()
    path.write_text("somebody's file")
    listener.stop()
    assert path.read_text() == "somebody's file"
