"""Pages from camera and scanner: what is seen, what is said of it, and the few things to touch."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kivy.clock import Clock
from kivy.uix.widget import Widget

from drivers.api.messages import PreviewFrame
from drivers.api.records import CaptureFailure
from drivers.api.status import CameraReady, DeviceClass
from kiosk.flow.events import TakePicture
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import PageSource, SwitchAutoCapture
from kiosk.flow.several_events import Several
from kiosk.session.scratch import ScratchKey
from screens.components import (
    Action,
    ButtonStyle,
    Choice,
    ChoiceList,
    Icon,
    ImageView,
    Notice,
    NoticeKind,
    Row,
    Spinner,
    Stack,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.page_pictures import LargePicture, thumbnail
from screens.lobby.page_tile import page_tile, state_of
from screens.lobby.scan_live import LiveView
from screens.lobby.scan_several import (
    choosing,
    deciding_on_all,
    said_of_several,
    seen_of_several,
    several_title,
)
from screens.lobby.scan_sheets import run_buttons, said_of_run
from screens.lobby.scan_sources import source_choice, sources
from screens.lobby.scan_taken import deciding, said_of_page, scan_button
from screens.lobby.screen import ScreenContext
from screens.theme import TextSize

LEAST_PICTURE_MM = 60.0
_LARGEST = {True: (1.0, 0.65), False: (0.5, 1.0)}
"""What of the panel's width and height a page can take at most, by whether the screen stands upright."""
_STRIP_MM = 30.0
_STRIP_PAGES = {True: 6, False: 3}
"""How many of the last pages are seen, by whether the screen stands upright."""


class ScanScreen(FramedScreen):
    """Live picture, take, then accept or take again; the person decides, never the camera.

    On an upright screen the buttons are below the picture, on a wide one beside it; the picture takes the room that is
    left, so that nothing scrolls.
    """

    from_top = True
    title_key = "lobby.scan.title"

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self._live: LiveView | None = None
        self._offered: Hashable = None
        self._shown_around: Hashable = None
        self._tiles: list[ImageView] = []
        self._size = context.ui.look.size
        self._fit_soon = Clock.create_trigger(lambda _: self._fit(), -1)
        super().__init__(context, journey)
        self._large = LargePicture(context.session.scratch, self._picture.show)
        self._watch = Clock.schedule_interval(lambda _: self._look(), 0.1)
        for widget in (self.frame.scroll, self.frame.scroll.content):
            widget.fbind("height", self._fit_soon)
        self._fit_soon()

    # -- content

    def body(self) -> list[Widget]:
        self._picture = ImageView(self.ui, spoken=words("lobby.scan.live"), height_mm=LEAST_PICTURE_MM)
        self._status = Stack(self.ui, (), gap_mm=2.6)
        self._buttons = Stack(self.ui, (), gap_mm=4.0)
        if self.ui.panel.portrait:
            return [Stack(self.ui, (self._status, self._picture, self._buttons), gap_mm=4.0)]
        side = Stack(self.ui, (self._status, self._buttons), gap_mm=6.0)
        side.size_hint_x = 0.42
        self._picture.size_hint_x = 0.58
        return [Row(self.ui, (self._picture, side), gap_mm=6.0)]

    def refresh(self, journey: Journey) -> None:
        changed = _shows(journey) != _shows(self.journey)
        first = not self._buttons.children and not self._status.children
        super().refresh(journey)
        if changed or first:
            self._show_state()

    def surroundings_changed(self) -> None:
        if not self._busy and self._around() != self._shown_around:
            self._show_state()

    @property
    def _busy(self) -> bool:
        """Whether something is on its way, or waits to be decided on."""
        journey, scanning = self.journey, self.journey.scanning
        deciding_now = journey.taken is not None or scanning.several is not None
        return deciding_now or journey.capturing or scanning.running

    def _around(self) -> Hashable:
        """What this page shows of its surroundings."""
        surroundings = self.context.surroundings
        return (isinstance(surroundings.status(DeviceClass.DOCUMENT_CAMERA), CameraReady), sources(surroundings))

    def _show_state(self) -> None:
        """Put up what belongs to this moment: looking, taking, deciding, scanning, or no device."""
        journey, context = self.journey, self.context
        taken, scanning = journey.taken, journey.scanning
        if self._live is not None:
            self._live.stop()
        self._live = None
        self._shown_around = self._around()
        if taken is not None:
            state = state_of(journey, taken.key)
            self._say(said_of_page(context, journey, taken))
            together = scanning.several is not None
            buttons = deciding_on_all if together else deciding
            self._offer((taken, state, together), lambda: buttons(context, state))
            self._show_taken()
        elif (several := scanning.several) is not None:
            self._say(said_of_several(context, journey, several))
            self._offer(seen_of_several(journey, several), lambda: choosing(context, journey, several))
            self._show_several(several)
        elif journey.capturing:
            # The last live picture stays: it is what is being taken.
            self._say([Spinner(self.ui, words("lobby.scan.capturing"))])
            self._offer("capturing", list)
        elif scanning.source is not PageSource.CAMERA:
            self._say(said_of_run(context, journey))
            self._offer(self._run_offers(), self._run_buttons)
            self._show_last()
        elif not isinstance(context.surroundings.status(DeviceClass.DOCUMENT_CAMERA), CameraReady):
            there = len(sources(context.surroundings)) > 1
            said = words("lobby.scan.camera_away" if there else "lobby.scan.no_camera")
            self._say([Notice(self.ui, said, kind=NoticeKind.WARNING)])
            self._offer(("away", sources(context.surroundings)), lambda: source_choice(context, journey))
            self._picture.show(b"")
        else:
            self._show_camera()
        if self.frame.continue_button is not None:
            self.frame.continue_button.enabled = not self._busy
        self.frame.title.text = self.title()
        self._fit_soon()

    def title(self) -> Words:
        taken = self.journey.taken
        if taken is not None:
            spoiled = state_of(self.journey, taken.key).spoiled is not None
            return words("lobby.scan.spoiled" if spoiled else "lobby.scan.check")
        several = self.journey.scanning.several
        if several is not None:
            return several_title(several)
        source = self.journey.scanning.source
        return words("lobby.scan.title" if source is PageSource.CAMERA else f"lobby.scan.title_{source.value}")

    def _show_camera(self) -> None:
        context, ui, auto = self.context, self.ui, self.journey.scanning.auto
        guide = Notice(ui, words("lobby.scan.hint"), framed=False)
        self._say([guide])
        self._offer(("camera", auto, sources(context.surroundings)), self._camera_buttons)
        self._picture.spoken = words("lobby.scan.live")
        self._picture.show(b"")
        self._live = LiveView(context, self._picture, guide, auto=auto)

    def _camera_buttons(self) -> list[Widget]:
        context = self.context
        auto = ChoiceList(
            self.ui,
            name="scan.auto",
            choices=[Choice("on", words("lobby.scan.auto"))],
            selected=("on",) if self.journey.scanning.auto else (),
            multiple=True,
            on_change=lambda values: context.dispatch(SwitchAutoCapture(bool(values))),
        )
        take = scan_button(context, "take", Icon.CAMERA, ButtonStyle.PRIMARY, TakePicture())
        return [take, auto, *source_choice(context, self.journey)]

    def _show_taken(self) -> None:
        if self.journey.taken is not None:
            self._show_page(self.journey.taken.key, words("lobby.scan.taken"))

    def _show_page(self, key: ScratchKey, spoken: Words) -> None:
        self._picture.badge = ""
        self._picture.spoken = spoken
        state = state_of(self.journey, key)
        # Large and sharp is made beside the window's thread; until then the small one, or the raw one, is there.
        follows = state.waiting or state.spoiled is None
        self._picture.show(thumbnail(self.context.session.scratch, key), brief=follows)
        if not state.waiting and state.spoiled is None:
            panel = self.ui.panel
            across, along = _LARGEST[panel.portrait]
            self._large.ask(key, (panel.width * across, panel.height * along))

    def _show_several(self, several: Several) -> None:
        """All of them where they lie, or one of them as its page."""
        if several.shown is not None:
            self._show_page(several.items[several.shown].key, words("lobby.scan.taken"))
            return
        self._picture.badge = ""
        self._picture.spoken = words("lobby.several.overview", count=len(several.items))
        self._large.stop()
        overview = thumbnail(self.context.session.scratch, several.overview)
        self._picture.show(overview, *(item.corners for item in several.items))

    def _show_last(self) -> None:
        pages = self.journey.require_evidence()[1].pages
        came = self.journey.scanning.run is not None and pages
        self._picture.spoken = words("lobby.scan.last")
        self._picture.show(thumbnail(self.context.session.scratch, pages[-1]) if came else b"")

    def _run_offers(self) -> Hashable:
        """What the buttons of a scanner are made from; how many pages came is not among it while it runs."""
        scanning, offered = self.journey.scanning, sources(self.context.surroundings)
        return (scanning.source, scanning.replaces, "runs" if scanning.running else scanning.run, offered)

    def _run_buttons(self) -> list[Widget]:
        choice = [] if self.journey.scanning.running else source_choice(self.context, self.journey)
        return [*run_buttons(self.context, self.journey), *choice]

    def _say(self, widgets: list[Widget]) -> None:
        _fill(self._status, widgets)

    def _offer(self, follows: Hashable, buttons: Callable[[], list[Widget]]) -> None:
        """Put up buttons. While what they are made from stays the same they stay too: one that is replaced under a
        finger does not hear it lift."""
        if follows != self._offered:
            _fill(self._buttons, buttons())
        self._offered = follows

    def _fit(self) -> None:
        """Give the picture the height that nothing else needs."""
        scroll, portrait = self.frame.scroll, self.ui.panel.portrait
        below_or_beside = self._picture.height if portrait else self._picture.parent.height
        room = scroll.height - (scroll.content.height - below_or_beside)
        wanted = max(LEAST_PICTURE_MM, self.ui.panel.mm(room) - 1.0)
        if abs(wanted - self._picture.height_mm) > 1.0:
            self._picture.height_mm = wanted

    # -- live pictures

    def preview(self, frame: PreviewFrame) -> None:
        if self._live is not None:
            self._live.preview(frame)

    def _look(self) -> None:
        if self.ui.look.size is not self._size:
            self._size = self.ui.look.size
            self.refresh(self.journey)  # how much there is room for has changed
        if self._live is not None:
            self._live.look()

    # -- above

    def above_follows(self, journey: Journey) -> tuple[object, ...]:
        pages = journey.draft.pages if journey.draft is not None else {}
        scanning = journey.scanning
        several = scanning.several is not None
        seen = (scanning.replaces, several, self._tells_of_kept(journey))
        return (*super().above_follows(journey), tuple(pages.items()), *seen)

    def _tells_of_kept(self, journey: Journey) -> bool:
        """Whether there is room to say what is kept: in the largest letters what is decided on now needs it."""
        return journey.taken is None or self.ui.look.size is not TextSize.LARGEST

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if isinstance(journey.notice, CaptureFailure):
            found.append(Notice(self.ui, words(f"lobby.scan.failure.{journey.notice.value}"), kind=NoticeKind.ERROR))
        _, line = journey.require_evidence()
        replaced = journey.scanning.replaces
        if replaced is not None:
            found.append(Notice(self.ui, words("lobby.scan.replacing", number=replaced + 1), framed=False))
        elif line.pages and self._tells_of_kept(journey):
            kept = words("lobby.evidence.pages", count=len(line.pages))
            found.append(Notice(self.ui, kept, kind=NoticeKind.SUCCESS, framed=False))
            # What is decided on now is not looked for among what is kept.
            if self.ui.panel.portrait and journey.scanning.several is None:
                found.append(self._strip(journey))
        return found

    def _strip(self, journey: Journey) -> Widget:
        """The last pages, the newest at the right."""
        pages = journey.require_evidence()[1].pages
        most = _STRIP_PAGES[self.ui.panel.portrait]
        first = max(0, len(pages) - most)
        tiles = [
            page_tile(self.context, journey, key, number + 1, height_mm=_STRIP_MM, width_mm=_STRIP_MM * 0.72)
            for number, key in enumerate(pages[first:], first)
        ]
        self._tiles = [tile for tile in tiles if isinstance(tile, ImageView)]
        return Row(self.ui, tiles, gap_mm=2.6)

    # -- leaving

    def on_back(self) -> Action | None:
        return None  # one way out: there is nothing to go back to that "done" would not bring

    def continue_text(self) -> Words:
        return words("lobby.scan.done")

    def continue_style(self) -> ButtonStyle:
        return ButtonStyle.SECONDARY

    def leave(self) -> None:
        super().leave()
        if self._live is not None:
            self._live.stop()
        self._live = None
        self._large.stop()
        for clock in (self._watch, self._fit_soon):
            clock.cancel()
        for picture in (self._picture, *self._tiles):
            picture.show(b"")


def _fill(stack: Stack, widgets: list[Widget]) -> None:
    stack.clear_widgets()
    for widget in widgets:
        stack.add_widget(widget)


def _shows(journey: Journey) -> tuple[object, ...]:
    """What this page is made from."""
    state = state_of(journey, journey.taken.key) if journey.taken is not None else None
    several = journey.scanning.several
    items = seen_of_several(journey, several) if several is not None else None
    return (journey.taken, journey.capturing, journey.scanning, state, items)
