"""What the benchmark needs to know of a queue server: how its requests look and what its replies mean.

An adapter is a class `NAME(url, windows)`; `--adapter package.module:NAME` takes any that can be imported. The requests
for tickets are made before the clock starts. Windows are numbered from 0; `windows` may call at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from tests.benchmarks.queue.wire import Line, Reply, Request


class AdapterError(Exception):
    """The server answered with something that is no answer to what was asked."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A ticket: its number within the queue, what is shown, and its place in the order that the server promises (lower
    is called first)."""

    number: int
    label: str
    place: tuple[int, ...]


class Adapter(Protocol):
    """One queue of one server."""

    name: str

    def open(self) -> None:
        """Sign in whoever sits at the windows."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...

    def ticket(self) -> Request:
        """A request for one ticket of the queue, for a person of their own."""
        ...

    def slip(self, reply: Reply) -> Slip:
        """The ticket that was given. Raises AdapterError."""
        ...

    async def call(self, line: Line, window: int) -> str | None:
        """Call the next person to `window`; the label, None where nobody waits. Raises AdapterError, OSError."""
        ...

    async def finish(self, line: Line, window: int) -> None:
        """The person at `window` goes; it is free. Raises AdapterError, OSError."""
        ...


class MakeAdapter(Protocol):
    """The class of an adapter."""

    def __call__(self, url: str, windows: int) -> Adapter:
        """An adapter for the server at `url`."""
        ...


COURT_HUB = "tests.benchmarks.queue.court_hub:CourtHub"


def adapter_class(name: str) -> MakeAdapter:
    """The class that `name` (package.module:Class, or court-hub) names. Raises LookupError."""
    module, colon, attribute = (COURT_HUB if name == "court-hub" else name).partition(":")
    try:
        found: MakeAdapter = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise LookupError(f"there is no adapter {name}") from error
    if not colon:
        raise LookupError(f"{name}: an adapter is named package.module:Class")
    return found
