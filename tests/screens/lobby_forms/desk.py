"""The lobby's screens with the real flow and runtime behind them; only devices and agent are played by the test.

`Desk` sits one synthetic person down at any place of the journey. Touches go through Kivy, events through the runtime,
and effects land in `effects`, where the test answers them.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from drivers.api.messages import PreviewFrame
from drivers.api.records import Corners, Flaw, FlawKind
from drivers.api.status import CameraReady, DeviceClass
from kiosk.clock import ManualClock
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.draft import CauseChoice, EvidenceDraft, FormSlot
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import PageCleaned, SheetScanned
from kiosk.flow.runtime import Runtime
from kiosk.flow.several_events import Item, Several, SeveralTaken
from kiosk.flow.stage import Outcome, Stage
from kiosk.forms.answers import Answers
from kiosk.forms.evaluate import PageView
from kiosk.forms.model import Form
from kiosk.pages.coding import g4
from kiosk.pages.model import PageKind, StoredPage, Turn
from kiosk.services.synthetic import synthetic_page, synthetic_signature
from kiosk.session.idle import IdleLimits
from kiosk.session.pages import kept_picture, lay_page
from kiosk.session.scratch import ScratchKey
from kiosk.session.session import Session
from tests.screens.lobby.bench import COURT_NAME, MOMENT, journeys, reference, world

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow


class Desk:
    """One window, one person, one session."""

    def __init__(self, window: KioskWindow) -> None:
        from screens.lobby.presenter import Presenter
        from screens.lobby.screen import ScreenContext, Surroundings

        self.window = window
        self.session = Session()
        self.events: list[ev.Event] = []
        self.effects: list[fx.Effect] = []
        self.surroundings = Surroundings(COURT_NAME, "T01")
        self.surroundings.agent_up = self.surroundings.daemon_up = True
        self.surroundings.devices |= {DeviceClass.DOCUMENT_CAMERA: CameraReady(1920, 1080)}
        self.runtime = Runtime(
            self.session,
            world=world,
            runner=self,
            clock=ManualClock(MOMENT),
            limits=IdleLimits(),
            on_change=self._changed,
            on_end=self._ended,
        )
        self.presenter = Presenter(
            window.stage,
            ScreenContext(
                ui=window.ui,
                dispatch=self._dispatch,
                session=self.session,
                world=world,
                reference=reference(),
                surroundings=self.surroundings,
                presence=self.runtime.presence,
                seconds_left=self.runtime.seconds_left,
            ),
            lambda: None,
        )
        window.used_by(self)

    # -- what the runtime asks

    def run(self, effect: fx.Effect, session: Session) -> None:
        """Note the effect; dropping is done at once, as in the window."""
        self.effects.append(effect)
        if isinstance(effect, fx.DropScratch):
            session.scratch.drop(effect.key)

    def _dispatch(self, event: ev.Event) -> None:
        self.events.append(event)
        self.runtime.dispatch(event)

    def _changed(self, journey: Journey) -> None:
        self.presenter.show(journey)

    def _ended(self, _: Outcome) -> None:
        """Nobody is told here."""

    def look_changed(self) -> None:
        if self.journey.language is not self.window.ui.language:
            self.happen(ev.ChooseLanguage(self.window.ui.language))

    # -- what the test does

    @property
    def journey(self) -> Journey:
        """Where the person is."""
        return self.session.journey

    def sit(self, stage: Stage, **changes: object) -> None:
        """Put the person at `stage` of a synthetic journey, in the window's language."""
        self.open(replace(journeys()[stage], language=self.window.ui.language, **changes))

    def open(self, journey: Journey) -> None:
        """Show `journey` as if it had come about here."""
        self.session.journey = journey
        self.presenter.show(journey)
        self.window.frames()
        self.events.clear()
        self.effects.clear()

    def happen(self, event: ev.Event) -> None:
        """Something comes from outside."""
        self.runtime.dispatch(event)
        self.window.frames()

    def page_comes(self, *, found: bool = True, cleaned: bool = True, findings: tuple[Flaw, ...] = ()) -> ScratchKey:
        """The camera's picture of a page arrives, and where `cleaned` what became of it."""
        key = self.session.scratch.put(a_page(len(self.session.scratch)))
        self.happen(ev.PageTaken(key, found))
        if cleaned:
            self.page_is_cleaned(key, *findings)
        return key

    def page_is_cleaned(self, key: ScratchKey, *findings: Flaw, same: ScratchKey | None = None) -> None:
        """The page worker is done with a page."""
        page = cleaned_page(kept_picture(self.session.scratch, key) or b"")
        lay_page(self.session.scratch, key, page, keep_picture=True)
        turned = Turn.UPSIDE_DOWN if any(one.kind is FlawKind.TURNED for one in findings) else Turn.UPRIGHT
        self.happen(PageCleaned(key, findings, turned, same))

    def several_come(self, count: int = 2, *, cards: bool = True, cleaned: bool = True) -> Several:
        """A picture with several things arrives, and where `cleaned` what became of them."""
        scratch = self.session.scratch
        overview, places = an_overview(count, cards=cards)
        items = tuple(
            Item(scratch.put(a_thing(number, card=cards)), cards, corners) for number, corners in enumerate(places)
        )
        several = Several(scratch.put(overview), scratch.put(overview), items)
        self.happen(SeveralTaken(several))
        if cleaned:
            for item in items:
                self.page_is_cleaned(item.key)
        return several

    def sheet_comes(self, number: int, *, cleaned: bool = True) -> ScratchKey:
        """A page arrives from the scanner."""
        key = self.session.scratch.put(a_page(number))
        self.happen(SheetScanned(key, number))
        if cleaned:
            self.page_is_cleaned(key)
        return key

    def preview(self, number: int = 0) -> None:
        """A live picture arrives."""
        self.presenter.preview(a_frame(number))

    def with_evidence(self, *pages: int) -> tuple[EvidenceDraft, ...]:
        """Evidence lines with as many scanned pages each."""
        return tuple(
            EvidenceDraft(
                Answers({"title": f"示例证据{number + 1}", "original": "original"}),
                tuple(self.session.scratch.put(a_page(number * 10 + page)) for page in range(count)),
            )
            for number, count in enumerate(pages)
        )

    def a_signature(self) -> object:
        """A signature in the scratch."""
        return self.session.scratch.put(synthetic_signature(random.Random(1)))

    def pages(self, slot: FormSlot) -> tuple[PageView, ...]:
        """The pages of one form as they are now."""
        return world().evaluate_slot(self.journey, slot).pages

    def form(self, slot: FormSlot) -> Form:
        """The form behind a slot."""
        return world().form(self.journey, slot)

    def journey_at_empty(self, slot: FormSlot, stage: Stage, cause: str = "") -> Journey:
        """A journey at an unanswered form, in the window's language."""
        return replace(empty_form(slot, stage, cause), language=self.window.ui.language)

    def answers(self, slot: FormSlot) -> Answers:
        """What has been answered in one form."""
        return self.journey.require_draft().answers_of(slot)


def a_page(seed: int) -> bytes:
    """A scanned page of nobody."""
    return synthetic_page(random.Random(seed))


CARD, SLIP = (428, 270), (200, 460)
"""Pixels of a thing in a picture."""


def a_thing(seed: int, *, card: bool) -> bytes:
    """One of several things of nobody, cut out."""
    import io

    with Image.open(io.BytesIO(a_page(seed))) as page:
        thing = page.convert("L").resize(CARD if card else SLIP)
    out = io.BytesIO()
    thing.save(out, "JPEG", quality=85)
    return out.getvalue()


def an_overview(count: int, *, cards: bool) -> tuple[bytes, list[Corners]]:
    """A picture with as many things beside each other on a dark table, and where each lies."""
    import io

    wide, high = CARD if cards else SLIP
    table = Image.new("RGB", ((wide + 30) * count + 30, high + 60), (60, 52, 44))
    places: list[Corners] = []
    for number in range(count):
        left, top = 30.0 + (wide + 30) * number, 30.0
        with Image.open(io.BytesIO(a_thing(number, card=cards))) as thing:
            table.paste(thing.convert("RGB"), (int(left), int(top)))
        places.append(((left, top), (left + wide, top), (left + wide, top + high), (left, top + high)))
    out = io.BytesIO()
    table.save(out, "JPEG", quality=80)
    return out.getvalue(), places


def cleaned_page(picture: bytes) -> StoredPage:
    """The page as if the page worker had made it: the same lines as ink, and a thumbnail."""
    import io

    with Image.open(io.BytesIO(picture)) as taken:
        grey = taken.convert("L")
    ink = np.where(np.asarray(grey) < 128, 255, 0).astype(np.uint8)
    small = io.BytesIO()
    grey.resize((grey.width // 2, grey.height // 2)).save(small, "JPEG")
    return StoredPage(
        PageKind.TEXT, grey.width, grey.height, 75, g4(ink), b"", small.getvalue(), bytes(32), 0.1, False, Turn.UPRIGHT
    )


def a_frame(seed: int = 0, *, flaws: tuple[Flaw, ...] = (), ready: bool = False, items: int = 0) -> PreviewFrame:
    """A live picture: a sheet on a dark table, its corners found; with `items` as many papers are told there."""
    import io

    dice = random.Random(seed)
    table = Image.new("RGB", (960, 720), (60, 52, 44))
    with Image.open(io.BytesIO(a_page(seed))) as page:
        sheet = page.convert("RGB").resize((420, 594))
    left, top = 250 + dice.randint(-20, 20), 60 + dice.randint(-10, 10)
    table.paste(sheet, (left, top))
    out = io.BytesIO()
    table.save(out, "JPEG", quality=80)
    right, bottom = left + 420.0, top + 594.0
    corners = ((float(left), float(top)), (right, float(top)), (right, bottom), (float(left), bottom))
    return PreviewFrame(out.getvalue(), 960, 720, corners, items=(corners,) * items, flaws=flaws, ready=ready)


def empty_form(slot: FormSlot, stage: Stage, cause: str = "") -> Journey:
    """A journey at an unanswered form; for the element form with a cause of action by its name."""
    journey = replace(journeys()[Stage.CLAIM]).at(stage)
    draft = replace(journey.require_draft(), answers={})
    if cause:
        code = reference().causes.named(cause).code
        draft = replace(draft, cause=CauseChoice(code, cause, world().cause(code).path, ""))  # type: ignore[union-attr]
    return replace(journey, draft=draft)
