"""What the window shows: the screen that is due, what lies over it, and nothing of a session that has ended."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.api.messages import PreviewFrame
from kiosk.flow.journey import Journey
from kiosk.flow.precedence import Layer, top_layer
from kiosk.flow.stage import Stage
from screens.components import Action
from screens.components import Stage as Root
from screens.lobby.goodbye import GoodbyeScreen
from screens.lobby.overlays import Overlay, build_overlay
from screens.lobby.screen import Screen, ScreenContext
from screens.lobby.table import SCREENS


@dataclass(slots=True)
class Presenter:
    """Builds, refreshes and replaces screens as the journey goes on. `on_goodbye`: the goodbye was touched."""

    root: Root
    context: ScreenContext
    on_goodbye: Action
    screen: Screen | None = None
    _place: object = None
    _overlay: Overlay | None = None
    _layer: Layer = Layer.STAGE

    def show(self, journey: Journey) -> None:
        """Show `journey` as it is now."""
        ui = self.context.ui
        if ui.look.language is not journey.language:
            ui.look = ui.look.with_(language=journey.language)
        if top_layer(journey) is Layer.GOODBYE:
            self._say_goodbye(journey)
            return
        if self.screen is None or self._place != (journey.stage, self.screen.place(journey)):
            self._replace(SCREENS[journey.stage](self.context, journey), journey)
        assert self.screen is not None  # noqa: S101 - just built
        self.screen.refresh(journey)
        self._show_overlay(journey)

    def surroundings_changed(self) -> None:
        """A device or the agent changed."""
        if self.screen is not None:
            self.screen.surroundings_changed()
            self.screen.refresh(self.screen.journey)

    def preview(self, frame: PreviewFrame) -> None:
        """A live picture of the document camera."""
        if self.screen is not None:
            self.screen.preview(frame)

    def _say_goodbye(self, journey: Journey) -> None:
        # A new screen with an empty journey: what the last one showed is neither drawn nor held any more.
        farewell = Journey(language=journey.language, outcome=journey.outcome)
        self._replace(GoodbyeScreen(self.context, farewell, self.on_goodbye), farewell)

    def _replace(self, screen: Screen, journey: Journey) -> None:
        if self.screen is not None:
            self.screen.leave()
        self.screen = screen
        self._place = (journey.stage, screen.place(journey))
        self._drop_overlay()  # showing a page closes every dialog
        if journey.stage is Stage.ATTRACT:
            self.context.ui.look = self.context.ui.default_look  # whoever comes next finds everything as it was
        self.root.show(screen.widget)

    def _show_overlay(self, journey: Journey) -> None:
        layer = top_layer(journey)
        if layer is self._layer:
            return
        self._drop_overlay()
        self._layer = layer
        if layer is not Layer.STAGE:
            self._overlay = build_overlay(self.context, layer)
            self.context.ui.open_overlay(self._overlay.widget)

    def _drop_overlay(self) -> None:
        if self._overlay is not None:
            self._overlay.leave()
            self.context.ui.close_overlay(self._overlay.widget)
        self._overlay, self._layer = None, Layer.STAGE
