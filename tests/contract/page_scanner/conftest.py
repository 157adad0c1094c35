"""The scanner driver under the real supervisor, the simulated scanner as a process beside it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
import zxingcpp

from drivers.api.messages import Event, PageScanned, PageTaken, ScanEnded, ScanPages
from drivers.api.records import ScanEnd, ScanSource
from drivers.device import Ticket
from drivers.page_scanner.device import Limits, PageScanner
from drivers.page_scanner.process import ScanningProcess
from tests.contract.simulator import SimulatorProcess
from tests.contract.supervised import Supervised

DEADLINE = 60.0
DEVICE_VARIABLE = "COURT_KIOSK_PAGE_SCANNER"
LIMITS = Limits(page=20.0, cancel=8.0, take=20.0, open=25.0, idle=10.0)


@dataclass
class Outcome:
    """What came of one request."""

    pages: list[PageScanned]
    end: ScanEnded

    @property
    def numbers(self) -> list[int]:
        return [page.number for page in self.pages]

    @property
    def names(self) -> list[str]:
        """What stands in the pages' QR codes (drivers/page_scanner/sim_pages.py)."""
        return [name_of(page.jpeg) for page in self.pages]


def picture(jpeg: bytes) -> np.ndarray:
    """The picture, BGR."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image


def name_of(jpeg: bytes) -> str:
    """What a page's QR code says, without the contract's name."""
    found = zxingcpp.read_barcodes(picture(jpeg), formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(found) == 1, f"{len(found)} codes on a page"
    return str(found[0].text.partition("sheet ")[2])


@dataclass
class Desk:
    """A scanner driver and somebody who asks it. `children` are the scanning processes it has started."""

    device: str
    limits: Limits = LIMITS
    children: list[ScanningProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._count = 0
        self.driver = PageScanner(self.device, limits=self.limits, start=self._start)
        self.told = Supervised(self.driver, deadline=DEADLINE)

    def _start(self, device: str) -> ScanningProcess:
        self.children.append(ScanningProcess(device, look_seconds=0.1))
        return self.children[-1]

    def ask(self, take: bool = True, **wishes: object) -> Ticket:
        """Ask for pages; each is taken as it comes."""
        self._count += 1
        wanted = {"source": ScanSource.FEEDER, "dpi": 100, **wishes}
        ticket = Ticket(ScanPages(f"scan {self._count}", **wanted), self._taking() if take else self.told.broadcast)  # type: ignore[arg-type]
        self.told.hand_in(ticket)
        return ticket

    def _taking(self) -> Callable[[Event], None]:
        def hear(event: Event) -> None:
            self.told.broadcast(event)
            if isinstance(event, PageScanned):
                self.take(event)

        return hear

    def take(self, page: PageScanned) -> None:
        """Say that the page is safe."""
        self.told.hand_in(Ticket(PageTaken(page.request, page.number), lambda _: None))

    def outcome(self, ticket: Ticket) -> Outcome:
        """Wait for the end of what was asked."""
        assert isinstance(ticket.request, ScanPages)
        name = ticket.request.request
        end = self.told.wait_for(lambda event: isinstance(event, ScanEnded) and event.request == name)
        assert isinstance(end, ScanEnded)
        pages = [event for event in self.told.events if isinstance(event, PageScanned) and event.request == name]
        return Outcome(pages, end)

    def scan(self, **wishes: object) -> Outcome:
        """Ask and wait."""
        return self.outcome(self.ask(**wishes))

    def wait_page(self, ticket: Ticket, number: int) -> PageScanned:
        """Wait for one page of what was asked."""
        assert isinstance(ticket.request, ScanPages)
        name = ticket.request.request
        page = self.told.wait_for(
            lambda event: isinstance(event, PageScanned) and (event.request, event.number) == (name, number)
        )
        assert isinstance(page, PageScanned)
        return page

    def ended_with(self, outcome: Outcome) -> tuple[ScanEnd, int]:
        """How a scan ended, and the number of its last page."""
        return outcome.end.reason, outcome.end.pages


@pytest.fixture(scope="module")
def one_scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One simulator for all tests of a file."""
    running = SimulatorProcess("drivers.page_scanner.sim", tmp_path_factory.mktemp("scanner") / "scanner.control")
    yield running
    running.stop()


@pytest.fixture
def scanner(one_scanner: SimulatorProcess) -> SimulatorProcess:
    """The simulator as after its start: plugged in, awake, nothing in it."""
    one_scanner.do("wake")
    one_scanner.do("free")
    one_scanner.do("plug")
    one_scanner.do("slow", seconds=0)
    one_scanner.do("cover", state="closed")
    one_scanner.do("stop")
    one_scanner.do("clear")
    one_scanner.do("empty")
    one_scanner.do("lay", thing="")
    return one_scanner


@pytest.fixture
def desk_at() -> Iterator[Callable[..., Desk]]:
    """Makes desks at a scanner and ends them."""
    made: list[Desk] = []

    def start(device: str, limits: Limits = LIMITS) -> Desk:
        made.append(Desk(device, limits))
        return made[-1]

    yield start
    ending = [threading.Thread(target=desk.told.end) for desk in made]
    for thread in ending:
        thread.start()
    for thread in ending:
        thread.join()


@pytest.fixture
def desk(desk_at: Callable[..., Desk], scanner: SimulatorProcess) -> Desk:
    """Somebody at the simulated scanner."""
    return desk_at(scanner.url)


@pytest.fixture
def real_device() -> str:
    """The name of a real scanner; skips where there is none."""
    device = os.environ.get(DEVICE_VARIABLE)
    if not device:
        pytest.skip(f"no real scanner: {DEVICE_VARIABLE} is not set")
    return device
