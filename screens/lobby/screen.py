"""What a screen is to the window: built once for a place in the journey, refreshed while the place stays the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial

from kivy.uix.widget import Widget

from drivers.api.messages import PreviewFrame
from drivers.api.status import AnyStatus, CameraReady, CardPresent, CodeScannerReady, DeviceClass, ReaderReady, Unknown
from kiosk.agent.messages import AgentStatus, HubState
from kiosk.flow.events import Event
from kiosk.flow.journey import Journey
from kiosk.flow.world import World
from kiosk.i18n import Text
from kiosk.services.reference import Reference
from kiosk.session.session import Session
from screens.components.context import Ui


@dataclass(slots=True)
class Surroundings:
    """What is around the journey and changes by itself: devices, the agent, the court's name."""

    court: Text
    terminal: str
    devices: dict[DeviceClass, AnyStatus] = field(default_factory=lambda: {device: Unknown() for device in DeviceClass})
    agent: AgentStatus = field(default_factory=lambda: AgentStatus(HubState.UNKNOWN, 0, accepting=False))
    agent_up: bool = False
    """Whether the agent answers; without it nothing can be filed, and the home screen says so."""
    agent_stays_away: bool = False
    """Whether it has been away for so long that somebody in the middle of a filing should know."""
    daemon_up: bool = False

    @property
    def reader_works(self) -> bool:
        """Whether an identity card can be read."""
        return isinstance(self.status(DeviceClass.ID_READER), ReaderReady | CardPresent)

    @property
    def camera_works(self) -> bool:
        """Whether the document camera sends pictures."""
        return isinstance(self.status(DeviceClass.DOCUMENT_CAMERA), CameraReady)

    @property
    def code_scanner_works(self) -> bool:
        """Whether there is a handheld scanner for codes."""
        return isinstance(self.status(DeviceClass.CODE_SCANNER), CodeScannerReady)

    def status(self, device: DeviceClass) -> AnyStatus:
        """The status of one device, Unknown while the device daemon is away."""
        return self.devices[device] if self.daemon_up else Unknown("device daemon is away")


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """What every screen is given."""

    ui: Ui
    dispatch: Callable[[Event], None]
    session: Session
    world: Callable[[], World]
    reference: Reference
    surroundings: Surroundings
    presence: Callable[[], None]
    """Tell that somebody is there without it meaning anything else (a key typed, a list scrolled)."""
    seconds_left: Callable[[], int]
    """Seconds of the idle countdown."""

    def send(self, event: Event) -> Callable[[], None]:
        """What a button does that makes `event` happen."""
        return partial(self.dispatch, event)


class Screen(ABC):
    """One screen. `widget` fills the window; the bars at top and bottom belong to the screen (PageFrame)."""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self.context = context
        self.ui = context.ui
        self.journey = journey

    @property
    @abstractmethod
    def widget(self) -> Widget:
        """The root widget."""

    def place(self, journey: Journey) -> Hashable:
        """What identifies this screen's content; when it changes the screen is built anew. The default is stage, form
        page and open evidence line; a change of language, size or contrast restyles and never rebuilds."""
        return (journey.stage, journey.page, journey.open_evidence)

    def refresh(self, journey: Journey) -> None:
        """The journey changed without leaving this place: show it. Also called right after building."""
        self.journey = journey

    def surroundings_changed(self) -> None:  # noqa: B027 - most screens show no device
        """A device or the agent changed; screens that show it override this."""

    def preview(self, frame: PreviewFrame) -> None:  # noqa: B027 - one screen has a camera
        """A live picture of the document camera; only the scan screen cares."""

    def leave(self) -> None:  # noqa: B027 - most screens hold nothing that must be stopped
        """The screen is taken away: stop clocks, unbind, drop textures."""


ScreenFactory = Callable[[ScreenContext, Journey], Screen]
