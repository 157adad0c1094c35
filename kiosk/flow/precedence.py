"""Who owns the screen when several things want it: a table, read from the top."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from kiosk.flow.journey import Journey, Overlay


class Layer(StrEnum):
    """What is drawn on top. Everything below it stays as it was."""

    GOODBYE = "goodbye"
    IDLE = "idle"
    LEAVE = "leave"
    WINDOW = "window"
    GIVE_UP = "give_up"
    CALLED = "called"
    ERASE_DRAFT = "erase_draft"
    STAGE = "stage"


_TABLE: tuple[tuple[Layer, Callable[[Journey], bool]], ...] = (
    (Layer.GOODBYE, lambda journey: journey.outcome is not None),
    (Layer.IDLE, lambda journey: journey.overlay is Overlay.IDLE),
    (Layer.LEAVE, lambda journey: journey.overlay is Overlay.LEAVE),
    (Layer.WINDOW, lambda journey: journey.overlay is Overlay.WINDOW),
    (Layer.GIVE_UP, lambda journey: journey.overlay is Overlay.GIVE_UP),
    (Layer.CALLED, lambda journey: journey.overlay is Overlay.CALLED),
    (Layer.ERASE_DRAFT, lambda journey: journey.overlay is Overlay.ERASE_DRAFT),
    (Layer.STAGE, lambda _: True),
)


def top_layer(journey: Journey) -> Layer:
    """The first layer of the table that applies."""
    return next(layer for layer, applies in _TABLE if applies(journey))
