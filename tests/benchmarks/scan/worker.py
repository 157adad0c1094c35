"""One method in a process of its own: `python -m tests.benchmarks.scan.worker METHOD`.

One JSON object a line in, `{"raw": PATH, "width": W, "height": H, "repeat": N}`: a file of RGBA pixels; one a line out,
an Answer (score.py). Reading the file and turning its colours round is not timed. Peers in Node speak the same.
`{"track": true}` beside it: the picture follows the one before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import assert_never

import cv2
import msgspec
import numpy as np

from drivers.imaging.find_page import look
from drivers.imaging.geometry import Image, Quad, as_image
from drivers.imaging.seen import FoundPage, PageOutside, Seen
from drivers.imaging.track import Tracker
from tests.benchmarks.scan.methods import OURS, Task
from tests.benchmarks.scan.recipes import RECIPES
from tests.benchmarks.scan.score import Answer


def _points(quad: Quad | None) -> list[tuple[float, float]] | None:
    return None if quad is None else [(float(x), float(y)) for x, y in quad]


def _told(seen: Seen) -> Answer:
    match seen:
        case FoundPage(corners=corners, confidence=confidence):
            return Answer(_points(corners), [], [], confidence=confidence)
        case PageOutside():
            return Answer(None, [], [], clipped=True)
        case None:
            return Answer(None, [], [])
        case _:
            assert_never(seen)


def _ours(picture: Image) -> Answer:
    return _told(look(picture))


def _recipe(name: str) -> Callable[[Image], Answer]:
    return lambda picture: Answer(_points(RECIPES[name](picture)), [], [])


def main() -> None:
    """Answer until the input ends."""
    method = sys.argv[1]
    find = _ours if method == OURS else _recipe(method)
    tracker = Tracker()
    for line in sys.stdin:
        task = msgspec.json.decode(line, type=Task)
        cv2.setNumThreads(task.threads)
        pixels = np.fromfile(task.raw, np.uint8).reshape(task.height, task.width, 4)
        picture = as_image(cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGR))
        clock: list[float] = []
        processor: list[float] = []
        answer = Answer(None, [], [])
        for _ in range(task.repeat):
            begin, used = time.perf_counter(), time.process_time()
            answer = _told(tracker.look(picture)) if task.track else find(picture)
            clock.append((time.perf_counter() - begin) * 1000)
            processor.append((time.process_time() - used) * 1000)
        done = msgspec.structs.replace(answer, ms=clock, cpu_ms=processor)
        sys.stdout.write(msgspec.json.encode(done).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
