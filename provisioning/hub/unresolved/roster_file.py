"""A duty roster (带班表) as courts keep it: a table with one line per leader and day, saved as CSV by a spreadsheet.

The first line names the columns, in Chinese or English; their order does not matter. Text is UTF-8 or GB 18030, which
is what spreadsheets in China save; cells are parted by commas or tabs. Every fault names its line, and a table with a
fault is not taken at all, since half a roster would look like a whole one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from kiosk.court.unresolved import LeaderPost

LARGEST_FILE = 256 * 1024
LONGEST_CELL = 40
MOST_FAULTS = 20


class Column(StrEnum):
    """The columns; the last two may be missing."""

    DAY = "date"
    NAME = "name"
    POST = "post"
    OPENS = "opens"
    CLOSES = "closes"
    PLACE = "place"
    PLACE_KO = "place_ko"
    PLACE_EN = "place_en"


OPTIONAL = frozenset({Column.PLACE_KO, Column.PLACE_EN})
HEADINGS: Mapping[str, Column] = MappingProxyType(
    {
        "日期": Column.DAY,
        "姓名": Column.NAME,
        "职务": Column.POST,
        "开始": Column.OPENS,
        "结束": Column.CLOSES,
        "地点": Column.PLACE,
        "地点朝文": Column.PLACE_KO,
        "地点英文": Column.PLACE_EN,
    }
    | {column.value: column for column in Column}
)
POSTS: Mapping[str, LeaderPost] = MappingProxyType(
    {
        "院长": LeaderPost.PRESIDENT,
        "副院长": LeaderPost.VICE_PRESIDENT,
        "纪检监察组组长": LeaderPost.DISCIPLINE,
        "派驻纪检监察组组长": LeaderPost.DISCIPLINE,
        "政治部主任": LeaderPost.POLITICAL,
        "审判委员会专职委员": LeaderPost.COMMITTEE,
        "审委会专职委员": LeaderPost.COMMITTEE,
        "执行局局长": LeaderPost.ENFORCEMENT,
        "院领导": LeaderPost.OTHER,
        "其他院领导": LeaderPost.OTHER,
    }
    | {post.value: post for post in LeaderPost}
)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]00)?")


class RosterFault(StrEnum):
    """What is wrong; the console has the words."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    NO_LINES = "no_lines"
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_TWICE = "column_twice"
    CELLS = "cells"
    DAY = "day"
    NAME = "name"
    POST = "post"
    TIME = "time"
    HOURS = "hours"
    PLACE = "place"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: line of the file (1 is the heading; 0 the file as a whole), and the text that is wrong."""

    line: int
    fault: RosterFault
    text: str


class RosterFileError(Exception):
    """The table is not taken. `faults` are the first MOST_FAULTS, by line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(f"{fault.line}: {fault.fault.value}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Turn:
    """One leader's hours on one day. Places are in Chinese, Korean and English."""

    day: date
    name: str
    post: LeaderPost
    opens: time
    closes: time
    place_zh: str
    place_ko: str
    place_en: str


def read_roster(content: bytes) -> tuple[Turn, ...]:
    """The turns of a table, by day and hour. Raises RosterFileError."""
    reader = csv.reader(io.StringIO(text := _decoded(content), newline=""), delimiter="\t" if _tabs(text) else ",")
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise RosterFileError((Fault(reader.line_num, RosterFault.NOT_TEXT, ""),)) from error
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise RosterFileError((Fault(0, RosterFault.NO_LINES, ""),))
    columns = _columns(*lines[0])
    if len(lines) == 1:
        raise RosterFileError((Fault(0, RosterFault.NO_LINES, ""),))
    faults: list[Fault] = []
    turns: list[tuple[int, Turn]] = []
    for number, row in lines[1:]:
        try:
            turns.append((number, _turn(number, row, columns)))
        except RosterFileError as error:
            faults += error.faults
    turns.sort(key=lambda entry: (entry[1].day, entry[1].opens))
    for (_, before), (number, turn) in pairwise(turns):
        if before.day == turn.day and turn.opens < before.closes:
            faults.append(Fault(number, RosterFault.OVERLAP, f"{turn.day} {turn.opens:%H:%M}"))
    if faults:
        raise RosterFileError(tuple(sorted(faults, key=lambda fault: fault.line)[:MOST_FAULTS]))
    return tuple(turn for _, turn in turns)


def heading_of(column: Column) -> str:
    """The Chinese heading of `column`."""
    return next(heading for heading, named in HEADINGS.items() if named is column)


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise RosterFileError((Fault(0, RosterFault.TOO_LARGE, f"{LARGEST_FILE // 1024} KiB"),))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RosterFileError((Fault(0, RosterFault.NOT_TEXT, ""),))


def _tabs(text: str) -> bool:
    return "\t" in text.lstrip().partition("\n")[0]


def _columns(number: int, heading: list[str]) -> tuple[Column, ...]:
    faults: list[Fault] = []
    columns: list[Column] = []
    while heading and not heading[-1]:
        heading = heading[:-1]
    for cell in heading:
        column = HEADINGS.get(re.sub(r"[\s（）()]", "", cell.lower()))
        if column is None:
            faults.append(Fault(number, RosterFault.COLUMN_UNKNOWN, cell[:LONGEST_CELL]))
        elif column in columns:
            faults.append(Fault(number, RosterFault.COLUMN_TWICE, cell[:LONGEST_CELL]))
        else:
            columns.append(column)
    faults += [
        Fault(number, RosterFault.COLUMN_MISSING, heading_of(column))
        for column in Column
        if column not in columns and column not in OPTIONAL
    ]
    if faults:
        raise RosterFileError(tuple(faults[:MOST_FAULTS]))
    return tuple(columns)


def _turn(number: int, row: list[str], columns: tuple[Column, ...]) -> Turn:
    if len(row) < len(columns) or any(row[len(columns) :]):
        raise RosterFileError((Fault(number, RosterFault.CELLS, str(len(row))),))
    cells = dict(zip(columns, row, strict=False))
    faults: list[Fault] = []

    def wrong(fault: RosterFault, text: str) -> None:
        faults.append(Fault(number, fault, text[:LONGEST_CELL]))

    day = _day(cells[Column.DAY])
    opens, closes = _time(cells[Column.OPENS]), _time(cells[Column.CLOSES])
    post = POSTS.get(cells[Column.POST])
    name, place = cells[Column.NAME], cells[Column.PLACE]
    places = (place, cells.get(Column.PLACE_KO) or place, cells.get(Column.PLACE_EN) or place)
    if day is None:
        wrong(RosterFault.DAY, cells[Column.DAY])
    if not 1 <= len(name) <= LONGEST_CELL:
        wrong(RosterFault.NAME, name)
    if post is None:
        wrong(RosterFault.POST, cells[Column.POST])
    for column, moment in ((Column.OPENS, opens), (Column.CLOSES, closes)):
        if moment is None:
            wrong(RosterFault.TIME, cells[column])
    if opens and closes and closes <= opens:
        wrong(RosterFault.HOURS, f"{cells[Column.OPENS]}-{cells[Column.CLOSES]}")
    if not all(1 <= len(one) <= LONGEST_CELL for one in places):
        wrong(RosterFault.PLACE, max(places, key=len))
    if faults or day is None or post is None or opens is None or closes is None:
        raise RosterFileError(tuple(faults))
    return Turn(day, name, post, opens, closes, *places)


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
