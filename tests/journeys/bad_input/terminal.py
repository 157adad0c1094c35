"""A whole terminal without a display: flow, session, papers, the window's sockets, agent, outbox and HTTP to a hub."""

from __future__ import annotations

import io
import json
import queue
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf

from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.clock import SystemClock
from kiosk.court.contract import BlobRole
from kiosk.court.sealing import unseal
from kiosk.court.uuid7 import uuid7
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.journey import Journey
from kiosk.flow.runtime import Runtime
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.forms.answers import Path as Place
from kiosk.forms.answers import Value
from kiosk.forms.entry import parse_entry
from kiosk.forms.findings import Finding
from kiosk.i18n import Language, Text, catalogue
from kiosk.services.corrections import Correction
from kiosk.services.filing import FilingService
from kiosk.services.reference import Reference
from kiosk.services.synthetic import SyntheticPerson, synthetic_signature
from kiosk.session.idle import IdleLimits
from kiosk.session.scratch import Scratch
from kiosk.session.session import Session
from screens.effects import SocketEffects
from tests.hub.processes import HubProcess, hub_command
from tests.outbox.stub_hub import StubHub

DEADLINE = 60.0
MOST_SCREENS = 200


class WallClock(SystemClock):
    """The machine's clock, as far off as a test sets it. Monotonic time goes on."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def now(self) -> datetime:
        """The wall time that the terminal believes."""
        return super().now() + self.off


class Litigant(SyntheticPerson):
    """Files for themselves about a loan, without scans. `typed` is what the keyboard gives, by form and question."""

    def __init__(self, typed: Mapping[FormSlot, Mapping[str, str]] | None = None) -> None:
        super().__init__(seed=7)
        self.typed = typed or {}
        self._scans_wanted = 0

    def touches(self, journey: Journey, world: World, scratch: Scratch) -> Iterator[ev.Event]:
        """As SyntheticPerson's."""
        match journey.stage:
            case Stage.CAPACITY:
                yield ev.Continue()
            case Stage.CAUSE:
                yield ev.ChooseCause(world.causes.named("民间借贷纠纷").code)
                yield ev.Continue()
            case _:
                yield from super().touches(journey, world, scratch)


@cache
def reference(today: datetime) -> Reference:
    """Forms and law tables, loaded once for a day."""
    return Reference.load(today.date())


class Terminal:
    """One terminal and whoever stands at it."""

    def __init__(self, folder: Path, hub_url: str, clock: WallClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or WallClock()
        day = self.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.agent = Agent.open(folder / "terminal", hub_url, self.clock)
        self.service = Service(self.agent, folder / "agent.sock", folder / "devices.sock", self.clock)
        self.service.start()
        self.agent.start()
        self._posted: queue.Queue[ev.Event] = queue.Queue()
        self.filing = FilingService(reference(day), self.clock, self.agent.terminal.court_code, "T01")
        self.up: set[str] = set()
        self._effects = SocketEffects(
            folder / "devices.sock",
            folder / "agent.sock",
            post=self._posted.put,
            filing=self.filing,
            on_device=lambda _: None,
            on_agent=lambda _: None,
            on_link=lambda name, up: self.up.add(name) if up else None,
        )
        self._effects.start()
        self.until(lambda: "agent" in self.up)
        self.next_person()

    def next_person(self) -> None:
        """The screen is touched by somebody new."""
        self.session = Session()
        self.runtime = Runtime(
            self.session,
            world=self.world,
            runner=self._effects,
            clock=self.clock,
            limits=IdleLimits(),
            on_change=lambda _: None,
            on_end=lambda _: None,
        )

    def close(self) -> None:
        """End every program."""
        self._effects.stop()
        self.service.stop()
        self.agent.close()

    # -- at the screen

    @property
    def journey(self) -> Journey:
        """Where the person is."""
        return self.session.journey

    def world(self) -> World:
        """The flow's world now."""
        return self.filing.world(self.clock.now(), uuid7(self.clock.now()))

    def touch(self, *events: ev.Event) -> Journey:
        """Touches, one after the other."""
        for event in events:
            self.runtime.dispatch(event)
        return self.journey

    def wait_for(self, wanted: Callable[[Journey], object]) -> Journey:
        """Let answers from agent and devices come until the journey is as `wanted`."""
        end = time.monotonic() + DEADLINE
        while not wanted(self.journey):
            self.runtime.dispatch(self._posted.get(timeout=max(0.01, end - time.monotonic())))
        return self.journey

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for what no event tells."""
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.01)

    def walk(self, person: Litigant, to: Stage) -> Journey:
        """Touch on until the screen `to`; what the person types is typed first on each form."""
        for _ in range(MOST_SCREENS):
            before = self.journey
            if before.stage is to:
                return before
            slot = ev.SLOT_OF_STAGE.get(before.stage)
            if slot is not None:
                for name, text in person.typed.get(slot, {}).items():
                    self.type_in(slot, name, text)
            for event in person.touches(self.journey, self.world(), self.session.scratch):
                if self.touch(event).stage is not before.stage:
                    break
        raise AssertionError(f"the journey stays at {self.journey.stage}")

    def type_in(self, slot: FormSlot, name: str, text: str) -> Value:
        """Type into a field, as the screen's fields hand it on: what is not understood stays as typed."""
        place = self.place(slot, name)
        value = parse_entry(self.world().form(self.journey, slot).entries[name].question, text, place)
        kept = text if isinstance(value, Finding) else value
        self.touch(ev.FieldAnswered(place, kept))
        return kept

    def place(self, slot: FormSlot, name: str) -> Place:
        """Where a question is answered; in a repeat, in its first instance."""
        entry = self.world().form(self.journey, slot).entries[name]
        return Place(name, entry.repeat or "", 0)

    def told(self, slot: FormSlot, name: str) -> Text | None:
        """What stands in red beside the field."""
        place = self.place(slot, name)
        pages = self.world().evaluate_slot(self.journey, slot).pages
        views = (view for page in pages for view in page.questions)
        finding = next((view.finding for view in views if view.path == place), None)
        return finding.message if finding else None

    def corrections(self) -> tuple[Correction, ...]:
        """What the review page lists."""
        return self.filing.dossier(self.journey, self.clock.now()).corrections

    def sign(self) -> None:
        """Write on the pad."""
        self.touch(ev.Signed(self.session.scratch.put(synthetic_signature(random.Random(1)))))

    def hand_in(self) -> Journey:
        """Touch "hand in" and wait for what the screen then says."""
        if self.journey.stage is Stage.SIGNATURE:
            if self.journey.require_draft().signature is None:
                self.sign()
            assert self.touch(ev.Continue()).stage is Stage.SUBMITTING
        else:
            assert self.touch(ev.Continue()).notice is None
        return self.wait_for(lambda journey: journey.stage is Stage.RECEIPT or journey.notice is not None)

    def receipt(self) -> UUID:
        """Hand in and see the receipt; the submission's id."""
        journey = self.hand_in()
        assert journey.stage is Stage.RECEIPT, journey.notice
        assert journey.filed is not None
        assert journey.filed.receipt_no
        return journey.filed.submission_id

    def deliver(self) -> None:
        """Wait until the court has acknowledged everything."""
        assert self.agent.deliver(DEADLINE) == 0


def in_all_languages(key: str, **values: object) -> Text:
    """The catalogue's wording of `key`, present and different in every language."""
    wording = catalogue()[key]
    assert len({wording.in_(language) for language in Language}) == len(Language)
    return Text(*(wording.in_(language).format(**values) for language in Language))


def opened(hub: StubHub, submission: UUID) -> dict[BlobRole, bytes]:
    """The documents of a submission as the court's key opens them."""
    manifest = hub.stored.manifests[submission]
    return {blob.role: unseal(hub.stored.blobs[blob.sha256], hub.sealing) for blob in manifest.blobs}


def envelope(hub: StubHub, submission: UUID) -> Any:
    """The answers as the court reads them."""
    return json.loads(opened(hub, submission)[BlobRole.ENVELOPE])


def at_the_court(hub: HubProcess, submission: UUID) -> dict[BlobRole, bytes]:
    """The documents as the court's own program gives them out."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        done = hub_command("export", "--data", str(hub.data), "--submission", str(submission), "--out", str(out))
        assert done.returncode == 0, done.stderr
        return {BlobRole(file.stem.split("-", 1)[1]): file.read_bytes() for file in out.iterdir()}


def text_of_pdf(pdf: bytes) -> str:
    """Everything printed, without the breaks of lines."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.Pdf.open(io.BytesIO(pdf)) as opened_pdf:
        return len(opened_pdf.pages)
