"""Live pictures of the document camera, shown at most once a frame of the window; the newest wins."""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock

from drivers.api.messages import PreviewFrame


class NewestFrame:
    """Hands the newest of the pictures that came to `show`, which decodes it."""

    def __init__(self, show: Callable[[PreviewFrame], None]) -> None:
        self._show = show
        self._newest: PreviewFrame | None = None
        self._due = Clock.create_trigger(self._hand_on, 0)

    def come(self, frame: PreviewFrame) -> None:
        """A live picture."""
        self._newest = frame
        self._due()

    def stop(self) -> None:
        """Show none that came before."""
        self._due.cancel()
        self._newest = None

    def _hand_on(self, _elapsed: float) -> None:
        frame, self._newest = self._newest, None
        if frame is not None:
            self._show(frame)
