"""Everything personal of one person at one terminal, in one object; ending it is dropping it."""

from __future__ import annotations

from kiosk.flow.journey import Journey
from kiosk.session.scratch import Scratch


class SessionEndedError(Exception):
    """Something was asked of a session that has ended."""


class Session:
    """Owns the journey (what was said) and the scratch (what was scanned and signed)."""

    def __init__(self) -> None:
        self._journey: Journey | None = Journey()
        self.scratch = Scratch()

    @property
    def journey(self) -> Journey:
        """The present journey. Raises SessionEndedError after `end`."""
        if self._journey is None:
            raise SessionEndedError("the session has ended")
        return self._journey

    @journey.setter
    def journey(self, journey: Journey) -> None:
        if self._journey is None:
            raise SessionEndedError("the session has ended")
        self._journey = journey

    @property
    def ended(self) -> bool:
        """Whether everything has been dropped."""
        return self._journey is None

    def end(self) -> None:
        """Drop and overwrite everything. Safe to call twice."""
        self._journey = None
        self.scratch.wipe()
