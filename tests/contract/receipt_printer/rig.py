"""A simulated printer in a process of its own, and the real driver under the real supervisor."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from drivers.api.messages import Event, PrintSlip
from drivers.device import Ticket
from drivers.dock.control import Answer, ask
from drivers.receipt_printer.device import ReceiptPrinter
from drivers.receipt_printer.sending import Patience
from drivers.receipt_printer.transport import parse_uri
from tests.contract.supervised import Supervised

DEADLINE = 20.0
PATIENCE = Patience(look=0.05, settle=1.0, attention=15.0, stall=0.2, portion=0.5)


class SimulatedPrinterProcess:
    """`python -m drivers.receipt_printer.sim`."""

    def __init__(self, folder: Path, *options: str, width: int = 576) -> None:
        self.out = folder / "slips"
        self._control = folder / "printer.control"
        command = [sys.executable, "-m", "drivers.receipt_printer.sim", "--control", str(self._control)]
        command += ["--out", str(self.out), "--width", str(width), "--rows-per-second", "0", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.uri = str(json.loads(self._process.stdout.readline())["uri"])

    def order(self, do: str, **more: object) -> Answer:
        return ask(self._control, {"do": do, **more})

    def slips(self) -> list[Image.Image]:
        names = self.order("status")["slips"]
        assert isinstance(names, list)
        return [Image.open(self.out / name) for name in names]

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Rig(Supervised):
    """The driver of the printer at `uri`."""

    def __init__(self, uri: str, width: int = 576, **options: object) -> None:
        settings: dict[str, object] = {"patience": PATIENCE, **options}
        self.device = ReceiptPrinter(uri, parse_uri(uri, 115200), width, **settings)  # type: ignore[arg-type]
        super().__init__(self.device, deadline=DEADLINE)

    def submit(self, job: str, image: Image.Image | bytes) -> list[Event]:
        """Ask for a print; returns what is answered to the asking client alone."""
        answers: list[Event] = []
        data = image if isinstance(image, bytes) else png(image)

        def answer(event: Event) -> None:
            answers.append(event)
            self.broadcast(event)

        self.hand_in(Ticket(PrintSlip(job, data), answer))
        return answers


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def slip(width: int = 576, height: int = 600, seed: int = 1) -> Image.Image:
    """A picture with text-like rows, a gap, a rule to the edge and a block of doubled dots."""
    image = Image.new("1", (width, height), 1)
    pen = ImageDraw.Draw(image)
    for number, top in enumerate(range(10, height - 130, 40)):
        pen.text((number * 7 % 60, top), f"slip {seed} line {number} " * 4, fill=0)
    pen.rectangle([0, height - 120, width - 1, height - 117], fill=0)
    for x, y in itertools.product(range(12), repeat=2):
        if (x * y * (seed + 3)) % 5 in (0, 2):
            pen.rectangle([200 + x * 4, height - 100 + y * 4, 203 + x * 4, height - 97 + y * 4], fill=0)
    pen.rectangle([3, height - 12, 9, height - 9], fill=0)
    return image


def same_dots(printed: Image.Image, sent: Image.Image) -> bool:
    """The slip on paper is the picture dot by dot, with nothing but blank paper right of it and below it."""
    expected = Image.new("1", printed.size, 1)
    expected.paste(sent)
    fits = printed.width >= sent.width and printed.height >= sent.height
    return fits and ImageChops.difference(printed.convert("L"), expected.convert("L")).getbbox() is None
