"""How many bytes a slip is and how long it takes: `python tests/benchmarks/slip_bench.py` writes one JSON object.

"plain" is the picture as one uncompressed GS v 0, "sent" what the driver sends, with status answers asked for between
the portions. Seconds at 115200 baud are bytes over the wire (ten bits each); "settled" is measured against the
simulated printer on TCP with a print speed of 150 mm/s, from the first byte to the printer's confirmation of the cut.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # started as a file, not as a module

from PIL import Image

from drivers.receipt_printer.conversation import Conversation
from drivers.receipt_printer.protocol import CUT, START
from drivers.receipt_printer.raster import dots_of, encode, plain_size
from drivers.receipt_printer.sending import Patience, Sending
from drivers.receipt_printer.transport import parse_uri
from kiosk.i18n import Language
from kiosk.receipts import BILINGUAL, Slip, render, to_png
from tests.unit.receipts.slips import CORRECTIONS, NUMBER, TYPICAL, WINDOW

RUNS = 10
BYTES_PER_SECOND = 115200 / 10

CASES: dict[str, tuple[Slip, int, tuple[Language, ...]]] = {
    f"{name} {width} {'+'.join(languages)}": (slip, width, languages)
    for name, slip in (
        ("filing receipt", TYPICAL),
        ("window ticket", WINDOW),
        ("queue number", NUMBER),
        ("correction list", CORRECTIONS),
    )
    for width in (576, 384)
    for languages in ((Language.ZH,), BILINGUAL)
}


def _median_ms(times: list[float]) -> float:
    return round(statistics.median(times) * 1000, 1)


def _measure(slip: Slip, width: int, languages: tuple[Language, ...], uri: str) -> dict[str, object]:
    drawing, encoding = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        picture = render(slip, width, languages)
        drawn = time.perf_counter()
        commands = encode(dots_of(picture, width))
        encoding.append(time.perf_counter() - drawn)
        drawing.append(drawn - start)
    plain, sent = plain_size(dots_of(picture, width)), len(START) + sum(map(len, commands)) + len(CUT)
    return {
        "dots": f"{picture.width}x{picture.height}",
        "draw_ms": _median_ms(drawing),
        "encode_ms": _median_ms(encoding),
        "plain_bytes": plain,
        "sent_bytes": sent,
        "commands": len(commands),
        "png_bytes": len(to_png(picture)),
        "plain_seconds_at_115200": round(plain / BYTES_PER_SECOND, 2),
        "sent_seconds_at_115200": round(sent / BYTES_PER_SECOND, 2),
        "settled_seconds_tcp": _settled(picture, width, uri),
    }


def _settled(picture: Image.Image, width: int, uri: str) -> float:
    transport = parse_uri(uri, 115200)()
    try:
        commands = [START, *encode(dots_of(picture, width)), CUT]
        start = time.perf_counter()
        talk = Conversation(transport)
        sending = Sending(transport, talk, lambda _: None, stopping=lambda: False, patience=Patience())
        state = sending.run(commands)
        assert state == "settled", state
        return round(time.perf_counter() - start, 2)
    finally:
        transport.close()


def main() -> None:
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "drivers.receipt_printer.sim", "--tcp", "127.0.0.1:0", "--out", folder]
        simulator = subprocess.Popen([*command, "--control", f"{folder}/control"], stdout=subprocess.PIPE)
        try:
            assert simulator.stdout is not None
            uri = json.loads(simulator.stdout.readline())["uri"]
            for name, (slip, width, languages) in CASES.items():
                results[name] = _measure(slip, width, languages, uri)
        finally:
            simulator.terminate()
            simulator.wait(5)
    sys.stdout.write(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
