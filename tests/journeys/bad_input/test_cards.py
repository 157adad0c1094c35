"""Torn frames, cards that cannot be right, and 长期, from the reader's wire to the complaint."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.api.records import ReadFailure
from drivers.api.status import DeviceClass
from drivers.daemon import Daemon
from drivers.dock.control import Order
from drivers.dock.lines import PtyLine
from drivers.id_reader.device import build
from drivers.id_reader.sim import SimulatedReader
from drivers.id_reader.sim_people import PEOPLE, SimulatedCard
from drivers.supervisor import BackOff
from kiosk.flow import events as ev
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.session.scratch import Scratch
from tests.journeys.bad_input.terminal import Litigant, Terminal, envelope, in_all_languages
from tests.outbox.stub_hub import StubHub


class Bystander(Litigant):
    """Does not bring a card along: the reader reads it."""

    def touches(self, journey: Journey, world: World, scratch: Scratch) -> Iterator[ev.Event]:
        """As Litigant's."""
        if journey.stage is not Stage.CARD:
            yield from super().touches(journey, world, scratch)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SimulatedReader]:
    """The simulated reader on a pseudo-terminal; in this process, so that a card of any bytes can lie on it."""
    running = SimulatedReader(PtyLine(tmp_path / "usb-sam"), paced=False)
    ending = threading.Event()

    def serve() -> None:
        while not ending.is_set():
            running.step(0.02)

    thread = threading.Thread(target=serve)
    thread.start()
    yield running
    ending.set()
    thread.join()
    running.unplug()


@pytest.fixture
def at_the_reader(terminal: Terminal, reader: SimulatedReader, tmp_path: Path) -> Iterator[Terminal]:
    """Somebody who has chosen to lay down a card."""
    device = build({"port": str(tmp_path / "usb-sam")})
    daemon = Daemon(
        tmp_path / "devices.sock",
        {DeviceClass.ID_READER: device},
        allow_simulated=True,
        back_off=BackOff(first=0.05, ceiling=0.2),
    )
    daemon.start()
    terminal.until(lambda: "devices" in terminal.up)
    terminal.walk(Bystander(), Stage.IDENTITY)
    yield terminal
    daemon.stop()


def lay_down(terminal: Terminal) -> None:
    """Choose the card; a reader that is still being found is tried again, as a person would."""
    terminal.touch(ev.ChooseIdentityMethod(ev.IdentityMethod.CARD))
    while terminal.wait_for(lambda one: one.stage is not Stage.CARD or one.notice).notice is ReadFailure.READER_GONE:
        terminal.touch(ev.Continue())


def reads(terminal: Terminal, reader: SimulatedReader) -> None:
    """After a failure the same touch reads a good card, and it is filed."""
    reader.order({"do": "reset"})
    reader.order({"do": "insert", "card": "zhang"})
    while terminal.journey.stage is Stage.CARD:
        terminal.touch(ev.Continue())
        terminal.wait_for(lambda one: one.stage is not Stage.CARD or one.notice)
    identity = terminal.journey.require_draft().identity
    assert identity is not None
    assert identity.name == "张三"


TORN: dict[ReadFailure, Order] = {
    ReadFailure.REMOVED: {"do": "remove-mid-read", "after": 300},  # armed: it strikes while the card is read
    ReadFailure.UNREADABLE: {"do": "unreadable"},
}


@pytest.mark.parametrize("failure", TORN)
def test_half_a_card_is_no_card(at_the_reader: Terminal, reader: SimulatedReader, failure: ReadFailure) -> None:
    """All or nothing: the screen says what happened, the draft knows nobody, and the next try reads."""
    reader.order({"do": "insert", "card": "zhang"})
    reader.order(TORN[failure])
    lay_down(at_the_reader)
    journey = at_the_reader.journey
    assert (journey.stage, journey.notice) == (Stage.CARD, failure)
    in_all_languages(f"lobby.card.failure.{failure.value}")
    assert journey.require_draft().identity is None
    reads(at_the_reader, reader)


def test_torn_frames_cost_time_and_no_card(at_the_reader: Terminal, reader: SimulatedReader, hub: StubHub) -> None:
    """Noise, late answers, wrong sums and pieces of five bytes: the card of somebody valid without end (长期) arrives
    whole, and the complaint carries what stood on it."""
    for order in ({"do": "noise", "count": 2}, {"do": "corrupt", "count": 1}, {"do": "merge", "count": 2}):
        reader.order(order)
    reader.order({"do": "chunk", "size": 5, "gap": 0.0002})
    reader.order({"do": "insert", "card": "li"})
    terminal = at_the_reader
    lay_down(terminal)
    assert terminal.journey.stage is Stage.IDENTITY_CONFIRM
    terminal.walk(Bystander(), Stage.SIGNATURE)
    submission = terminal.receipt()
    terminal.deliver()
    filed = envelope(hub, submission)
    assert (filed["identity_source"], filed["identity_number"][6:14]) == ("card", "19510615")
    assert filed["parties"][0]["fields"]["birth"] == "1951-06-15"
    assert not [line for line in filed["corrections"] if line.startswith("原告")]


def patched(card: SimulatedCard, old: str, new: str) -> SimulatedCard:
    """The card with other characters in its text block."""
    assert old.encode("utf-16-le") in card.text
    return replace(card, text=card.text.replace(old.encode("utf-16-le"), new.encode("utf-16-le"), 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [("19900101", "19900230"), ("20400101", "99991399"), ("20200101", "长期".ljust(8))],
    ids=["no such birthday", "no such last day", "长期 as the first day"],
)
def test_a_card_that_cannot_be_right(at_the_reader: Terminal, reader: SimulatedReader, old: str, new: str) -> None:
    """Nothing of it is taken over; the person may try again or type, and files."""
    reader.sam.insert(patched(PEOPLE["zhang"], old, new))
    lay_down(at_the_reader)
    journey = at_the_reader.journey
    assert (journey.stage, journey.notice) == (Stage.CARD, ReadFailure.UNREADABLE)
    in_all_languages("lobby.card.failure.unreadable")
    assert journey.require_draft().identity is None
    assert at_the_reader.touch(ev.ChooseIdentityMethod(ev.IdentityMethod.TYPED)).stage is Stage.PERSON


def test_a_card_with_a_wrong_check_digit_is_a_card(at_the_reader: Terminal, reader: SimulatedReader) -> None:
    """Who holds a card with a flawed number is not refused; the review page names it, and staff compare."""
    right = PEOPLE["zhang"]
    number = "110101199001010015"
    reader.sam.insert(patched(right, number, number[:-1] + "6"))
    lay_down(at_the_reader)
    assert at_the_reader.journey.stage is Stage.IDENTITY_CONFIRM
    at_the_reader.walk(Bystander(), Stage.REVIEW)
    why = in_all_languages("identity.problem.check_digit")
    assert any(why.ko in correction.text.ko for correction in at_the_reader.corrections())
