"""Sets of photographs that the benchmark renders itself: fixed seeds, exact corners, nothing kept in the project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np

from drivers.imaging.geometry import Quad
from drivers.scenes.among_things import KEYBOARD, page_among_things, things_alone
from drivers.scenes.camera import exposed, lay
from drivers.scenes.compose import (
    FULL_HD,
    PAPERS,
    SHEETS,
    THIRTEEN_MEGAPIXELS,
    Composed,
    DeskPlane,
    Laid,
    a_look,
    clipped_page,
    desk_alone,
    dpi_for,
    page_on_desk,
)
from drivers.scenes.desks import DESKS
from drivers.scenes.hard import HARDSHIPS, hard_page
from drivers.scenes.hazards import fingers
from drivers.scenes.several import several_items
from drivers.scenes.sheet import Paper, Random
from drivers.scenes.things import THINGS
from tests.benchmarks.scan.changes import changes
from tests.benchmarks.scan.truth import Item, Truth, save

REFERENCE_DPI = 110.0

_DESK_NAMES = tuple(DESKS)
_SHEET_NAMES = tuple(SHEETS)
_THING_NAMES = tuple(THINGS)


def _page(random: Random, number: int) -> Iterator[Composed]:
    yield page_on_desk(random, FULL_HD, desk=_DESK_NAMES[number % len(_DESK_NAMES)])


def _large(random: Random, number: int) -> Iterator[Composed]:
    desk = _DESK_NAMES[number % len(_DESK_NAMES)]
    yield page_on_desk(random, THIRTEEN_MEGAPIXELS, desk=desk, paper=_SHEET_NAMES[number % len(_SHEET_NAMES)])


def _desk(random: Random, number: int) -> Iterator[Composed]:
    yield desk_alone(random, FULL_HD, _DESK_NAMES[number % len(_DESK_NAMES)])


def _clipped(random: Random, number: int) -> Iterator[Composed]:
    yield clipped_page(random, FULL_HD)


def _things(random: Random, number: int) -> Iterator[Composed]:
    yield things_alone(random, FULL_HD, thing=_THING_NAMES[number % len(_THING_NAMES)])


def _beside(random: Random, number: int) -> Iterator[Composed]:
    yield page_among_things(random, FULL_HD, thing=_THING_NAMES[number % len(_THING_NAMES)])


def _keyboards(random: Random, number: int) -> Iterator[Composed]:
    yield desk_alone(random, FULL_HD, KEYBOARD)


def _hard(random: Random, number: int) -> Iterator[Composed]:
    yield hard_page(random, FULL_HD, HARDSHIPS[number % len(HARDSHIPS)])


def _items(random: Random, number: int) -> Iterator[Composed]:
    yield several_items(random, FULL_HD, desk=_DESK_NAMES[number % len(_DESK_NAMES)])


def _tracking(random: Random, number: int) -> Iterator[Composed]:
    """A page is laid down by a hand, rests, is moved and turned, rests, and is taken away: 56 frames at 15 a second."""
    desk_name = _DESK_NAMES[number % len(_DESK_NAMES)]
    name = _SHEET_NAMES[int(random.integers(len(_SHEET_NAMES)))]
    paper = PAPERS[name](random, dpi_for(name, FULL_HD))
    tall = max(paper.millimetres)
    plane = DeskPlane(random, FULL_HD, across=tall * 1.35 * 16 / 9, tilt=10)
    look, hazards = a_look(random, FULL_HD)
    bare = DESKS[desk_name](random, FULL_HD[::-1])
    middle = np.array(plane.size) / 2
    first, second = middle + random.uniform(-25, 25, 2) * (1, 0.3), middle + random.uniform(-25, 25, 2) * (1, 0.3)
    outside = middle + np.array([plane.size[0] * 0.5 + tall, random.uniform(-30, 30)]) * (random.choice((-1, 1)), 1)
    start, end = random.uniform(-8, 8), random.uniform(-8, 8)
    path: list[tuple[Quad | None, float, bool]] = [(None, 0.0, False)] * 6
    path += [(outside + (first - outside) * t, start - 12 * (1 - t), True) for t in np.linspace(0.1, 1, 10)]
    path += [(first, start, False)] * 10
    path += [(first + (second - first) * t, start + (end - start) * t, True) for t in np.linspace(0.1, 1, 8)]
    path += [(second, end, False)] * 10
    path += [(second + (outside - second) * t, end, True) for t in np.linspace(0.1, 1, 8)]
    path += [(None, 0.0, False)] * 4
    light, hand, grain = (int(seed) for seed in random.integers(2**31, size=3))
    frame_of_picture = np.array([[0, 0], [FULL_HD[0], 0], FULL_HD, [0, FULL_HD[1]]], dtype=np.float32)
    for frame, (place, turn, held) in enumerate(path):
        scene, clipped = bare, False
        laid: tuple[Laid, ...] = ()
        if place is not None:
            corners = plane.place(paper, (float(place[0]), float(place[1])), turn)
            scene = lay(np.random.default_rng(light), bare, paper.image, corners, shadow=look.shadow)
            shown = cv2.intersectConvexConvex(corners.astype(np.float32), frame_of_picture)[0]
            clipped = bool((corners < 2).any() or (corners > np.array(FULL_HD) - 2).any())
            laid = (Laid(paper, corners),) if shown else ()
            if held:
                scene = fingers(np.random.default_rng(hand), scene, corners, 2)
        picture = exposed(np.random.default_rng([grain, frame]), scene, look)
        yield Composed(picture, look.quality, laid, desk_name, tuple(hazards), clipped=clipped and bool(laid))


@dataclass(frozen=True)
class PhotoSet:
    """A set: `count` seeds, each making one picture or one sequence of pictures."""

    make: Callable[[Random, int], Iterator[Composed]]
    seed: int
    count: int
    sequences: bool = False
    references: bool = False  # keep the papers as they are, too, for what is made of the photographs


SETS = {
    "composed": PhotoSet(_page, 6101, 200),
    "desks": PhotoSet(_desk, 6102, 50),
    "clipped": PhotoSet(_clipped, 6103, 40),
    "keyboards": PhotoSet(_keyboards, 6108, 60),
    "things": PhotoSet(_things, 6109, 210),
    "beside": PhotoSet(_beside, 6110, 140),
    "hard": PhotoSet(_hard, 6111, 110),
    "items": PhotoSet(_items, 6104, 100),
    "large": PhotoSet(_large, 6105, 27, references=True),
    "tracking": PhotoSet(_tracking, 6106, 6, sequences=True),
    "changes": PhotoSet(changes, 6107, 6, sequences=True),
}


def make(folder: Path, names: Sequence[str], *, first: int | None = None, workers: int = 2) -> None:
    """Write the sets, or only the `first` seeds of each, as folders of JPEG with a truth file each. Raises PapersError,
    OSError."""
    with ProcessPoolExecutor(workers) as pool:
        for name in names:
            target = folder / name
            target.mkdir(parents=True, exist_ok=True)
            count = min(first or SETS[name].count, SETS[name].count)
            made = pool.map(_write, [target] * count, [name] * count, range(count))
            truths: dict[str, Truth] = {}
            for part in made:
                truths.update(part)
            save(target, truths)


def _write(target: Path, name: str, number: int) -> dict[str, Truth]:
    cv2.setNumThreads(1)
    photos = SETS[name]
    truths = {}
    for frame, shot in enumerate(photos.make(np.random.default_rng([photos.seed, number]), number)):
        shown = shot.laid[0].paper.name if len(shot.laid) == 1 else f"{len(shot.laid)}-items" if shot.laid else "none"
        file = f"{number:03}/{frame:03}.jpg" if photos.sequences else f"{number:03}-{shot.desk}-{shown}.jpg"
        (target / file).parent.mkdir(exist_ok=True)
        (target / file).write_bytes(shot.jpeg())
        truths[file] = truth_of(shot)
        if photos.references:
            kept = Path("papers", file).with_suffix(".png")
            _keep_reference(shot.laid[0].paper, target / kept)
            truths[file] = msgspec.structs.replace(truths[file], reference=str(kept))
    return truths


def _keep_reference(paper: Paper, path: Path) -> None:
    scale = REFERENCE_DPI / paper.dpi
    grey = cv2.cvtColor(paper.image, cv2.COLOR_BGR2GRAY)
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def truth_of(shot: Composed) -> Truth:
    """What a rendered photograph shows, as the truth file says it."""
    size = (shot.picture.shape[1], shot.picture.shape[0])
    places = [[(round(float(x), 3), round(float(y), 3)) for x, y in laid.corners] for laid in shot.laid]
    if len(shot.laid) != 1:
        items = [Item(place, laid.paper.name) for place, laid in zip(places, shot.laid, strict=True)]
        return Truth(None, size, items=items, desk=shot.desk, hazards=list(shot.hazards))
    paper = shot.laid[0].paper
    return Truth(
        places[0],
        size,
        clipped=shot.clipped,
        paper=paper.name,
        desk=shot.desk,
        hazards=list(shot.hazards),
        millimetres=paper.millimetres,
        text=list(paper.lines),
        fields=paper.fields,
        codes=list(paper.codes),
    )
