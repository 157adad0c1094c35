"""Several things under one camera: the sides of identity cards, receipts, bank slips, beside and below each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.scenes.camera import exposed, lay
from drivers.scenes.compose import CARDS, PAPERS, Composed, DeskPlane, Laid, a_look, dpi_for
from drivers.scenes.desks import DESKS, Floats
from drivers.scenes.sheet import Paper, Random

MOST = 6
_SHEETS = ("slip", "slip", "transfer")
_ASKEW = 9.0  # degrees that things beside each other lie askew at most
_FIELD = 480.0  # millimetres: a little more than A3, of which no camera sees more
_ROOM = 1.25  # of what the things take: the desk that shows between and around them


@dataclass(frozen=True)
class _Thing:
    """A paper, by how many degrees it is turned to lie as people lay it, and what room it takes then, across and down
    in millimetres."""

    paper: Paper
    turn: float
    room: tuple[float, float]


_Column = list[_Thing]


def several_items(random: Random, size: tuple[int, int], *, desk: str | None = None) -> Composed:
    """Two to MOST things apart from each other: in every second picture the sides of identity cards alone, else cards,
    receipts and bank slips."""
    desk = desk or tuple(DESKS)[int(random.integers(len(DESKS)))]
    named = _cards(random) if random.random() < 0.5 else _anything(random)
    columns = [[_thing(PAPERS[name](random, dpi_for(name, size) / 1.6)) for name in column] for column in named]
    while _across(columns, size) > _FIELD and len(columns) > 2:
        columns.pop()
    plane = DeskPlane(random, size, across=_across(columns, size))
    look, hazards = a_look(random, size)
    scene: Floats = DESKS[desk](random, size[::-1])
    laid = []
    left, beside = 0.0, (plane.size[0] - sum(_width(column) for column in columns)) / (len(columns) + 1)
    for column in columns:
        left += beside
        top, below = 0.0, (plane.size[1] - _height(column)) / (len(column) + 1)
        for thing in column:
            top += below
            middle = (left + _width(column) / 2, top + thing.room[1] / 2 + random.uniform(-0.3, 0.3) * below)
            top += thing.room[1]
            turn = thing.turn + random.uniform(-_ASKEW, _ASKEW) + (180 if random.random() < 0.2 else 0)
            corners = plane.place(thing.paper, middle, turn)
            scene = lay(random, scene, thing.paper.image, corners, shadow=look.shadow, cover=thing.paper.cover)
            laid.append(Laid(thing.paper, corners))
        left += _width(column)
    return Composed(exposed(random, scene, look), look.quality, tuple(laid), desk, tuple(hazards))


def _cards(random: Random) -> list[list[str]]:
    """The sides of one, two or three cards: each card's beside each other, or one below the other."""
    people = int(random.choice((1, 1, 2, 2, 3)))
    if people == 3 or random.random() < 0.4:
        return [["identity_front", "identity_back"] for _ in range(people)]
    return [["identity_front"] * people, ["identity_back"] * people]


def _anything(random: Random) -> list[list[str]]:
    """Sheets beside each other, and cards among them, alone or in pairs."""
    wanted = int(random.integers(2, MOST + 1))
    columns: list[list[str]] = []
    while (left := wanted - sum(len(column) for column in columns)) > 0:
        cards = int(random.integers(1, min(2, left) + 1)) if random.random() < 0.4 or len(columns) >= 3 else 0
        names = tuple(CARDS) if cards else _SHEETS
        columns.append([names[int(random.integers(len(names)))] for _ in range(max(1, cards))])
    return columns


def _thing(paper: Paper) -> _Thing:
    width, height = paper.millimetres
    # Wide sheets stand, so that all find room beside each other; cards lie.
    turn = 90.0 if paper.name not in CARDS and width > height else 0.0
    across, down = (width, height) if turn == 0 else (height, width)
    cosine, sine = float(np.cos(np.radians(_ASKEW))), float(np.sin(np.radians(_ASKEW)))
    return _Thing(paper, turn, (across * cosine + down * sine, across * sine + down * cosine))


def _width(column: _Column) -> float:
    return max(thing.room[0] for thing in column)


def _height(column: _Column) -> float:
    return sum(thing.room[1] for thing in column)


def _across(columns: list[_Column], size: tuple[int, int]) -> float:
    """How many millimetres the camera must see across."""
    tallest = max(_height(column) for column in columns)
    return _ROOM * max(sum(_width(column) for column in columns), tallest * size[0] / size[1])
