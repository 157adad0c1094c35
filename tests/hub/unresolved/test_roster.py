"""The roster of leaders on duty: read as spreadsheets save it, every fault by its line, gaps found (S2-12)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.court.unresolved import LeaderPost
from provisioning.hub import journal
from provisioning.hub.queue.config import NO_QUEUES, default_queues
from provisioning.hub.unresolved import roster
from provisioning.hub.unresolved.roster_file import (
    Column,
    Fault,
    RosterFault,
    RosterFileError,
    Turn,
    heading_of,
    read_roster,
)
from tests.hub.unresolved.office import NOW, Office

F = RosterFault
TODAY = NOW.date()
HEADING = "日期,姓名,职务,开始,结束,地点\n"
WEEK = (
    HEADING
    + "2026-11-23,张示例,副院长,8:30,11:30,一楼接待室\n"
    + "2026-11-23,李示例,审判委员会专职委员,13:30,17:00,一楼接待室\n"
    + "2026/11/24,王示例,院长,08:30,17:00,一楼接待室\n"
    + "2026年11月26日,赵示例,执行局局长,8：30,17:00,二楼\n"
)


def faults(text: str | bytes) -> list[tuple[int, RosterFault, str]]:
    """What is wrong with a table."""
    with pytest.raises(RosterFileError) as refused:
        read_roster(text if isinstance(text, bytes) else text.encode())
    return [(fault.line, fault.fault, fault.text) for fault in refused.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_as_a_spreadsheet_saves_it(encoding: str, delimiter: str) -> None:
    """Whatever encoding, separator, date and time a spreadsheet in China writes."""
    turns = read_roster(WEEK.replace(",", delimiter).replace("\n", "\r\n").encode(encoding))
    assert [turn.day.day for turn in turns] == [23, 23, 24, 26]
    assert [turn.post for turn in turns] == [
        LeaderPost.VICE_PRESIDENT,
        LeaderPost.COMMITTEE,
        LeaderPost.PRESIDENT,
        LeaderPost.ENFORCEMENT,
    ]
    assert turns[0].place_en == turns[0].place_ko == "一楼接待室"
    english = "place_en,date,name,post,opens,closes,place\nFloor 1,2026-11-23,张示例,president,8:30,9:30,一楼\n"
    assert read_roster(english.encode())[0].place_en == "Floor 1"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("2026-11-31,张示例,院长,8:30,11:30,一楼", [(2, F.DAY, "2026-11-31")]),
        ("2026-11-23,,院长,8:30,11:30,一楼", [(2, F.NAME, "")]),
        ("2026-11-23,张示例,主任科员,8:30,11:30,一楼", [(2, F.POST, "主任科员")]),
        ("2026-11-23,张示例,院长,8.30,25:00,一楼", [(2, F.TIME, "8.30"), (2, F.TIME, "25:00")]),
        ("2026-11-23,张示例,院长,11:30,8:30,一楼", [(2, F.HOURS, "11:30-8:30")]),
        ("2026-11-23,张示例,院长,8:30,11:30,", [(2, F.PLACE, "")]),
        ("2026-11-23,张示例,院长,8:30,11:30", [(2, F.CELLS, "5")]),
        ("2026-11-23,张示例,院长,8:30,11:30,一楼,多余", [(2, F.CELLS, "7")]),
        (
            "\n2026-11-23,张示例,院长,8:30,11:30,一楼\n,,,,,\n2026-11-23,李示例,副院长,11:00,17:00,一楼",
            [(5, F.OVERLAP, "2026-11-23 11:00")],
        ),
        ("", [(0, F.NO_LINES, "")]),
    ],
)
def test_a_fault_names_its_line(lines: str, expected: list[tuple[int, RosterFault, str]]) -> None:
    """S2-12: whoever made the table is told which line to mend, and with what is in it."""
    assert faults(HEADING + lines) == expected


def test_a_table_that_is_none() -> None:
    assert faults("") == [(0, F.NO_LINES, "")]
    assert faults("日期,姓名,职务,开始,结束\n")[-1] == (1, F.COLUMN_MISSING, "地点")
    assert faults("日期,日期,姓名,职务,开始,结束,地点,电话\n") == [
        (1, F.COLUMN_TWICE, "日期"),
        (1, F.COLUMN_UNKNOWN, "电话"),
    ]
    assert faults(b"PK\x03\x04\x00\x00\x00\x80\xff")[0][1] is F.NOT_TEXT
    assert faults(b"x" * 300_000)[0][1] is F.TOO_LARGE
    wrong = HEADING + "2026-11-23,张示例,院长,11:30,8:30,一楼\n" * 100
    assert len(faults(wrong)) == 20


def outcome(content: bytes) -> Sequence[Fault | Turn]:
    """The turns of a table, or what is wrong with it."""
    try:
        return read_roster(content)
    except RosterFileError as error:
        return error.faults


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_fault(content: bytes) -> None:
    """Nothing but RosterFileError ever comes out, and it says what is wrong."""
    assert outcome(content)


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["2026-11-23", "8:30", "17:00", "院长", "一楼"]
)


@given(st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=6))
def test_any_cells_are_turns_or_faults_of_their_lines(rows: list[list[str]]) -> None:
    """A table of six columns is taken whole, or every fault names a line that is there."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([heading_of(column) for column in list(Column)[:6]])
    writer.writerows(rows)
    for one in outcome(out.getvalue().encode()):
        match one:
            case Fault():
                assert 0 <= one.line <= len(rows) + 1
            case Turn():
                assert any(one.name in cell for row in rows for cell in row)


def test_days_are_replaced_whole_and_the_past_stays(office: Office) -> None:
    """A new table replaces its days from today on and no others; the journal says who put it in."""
    turns = read_roster((WEEK + "2026-11-20,张示例,院长,8:30,11:30,一楼\n").encode())
    done = office.run(lambda c: roster.put_in(c, turns, by="示例主任", now=NOW))
    assert (done.days, done.past) == (3, 1)
    one = read_roster((HEADING + "2026-11-23,钱示例,院长,9:00,17:00,三楼\n").encode())
    office.run(lambda c: roster.put_in(c, one, by="示例主任", now=NOW))
    held = office.read(lambda c: roster.turns_between(c, TODAY - timedelta(days=9), TODAY + timedelta(days=9)))
    assert [(turn.day.day, turn.name) for turn in held] == [(23, "钱示例"), (24, "王示例"), (26, "赵示例")]
    made = office.read(lambda c: [e.subject for e in journal.entries(c) if e.action == "roster_imported"])
    assert made == ["2026-11-23 2026-11-26", "2026-11-23 2026-11-23"]


def test_today_on_screen_and_the_gaps(office: Office) -> None:
    """S2-12: today's leaders with hours and place; a working day without one is a gap, a weekend is none; the reception
    has a service of its own where the court's queues have it."""
    office.run(lambda c: roster.put_in(c, read_roster(WEEK.encode()), by="示例主任", now=NOW))
    duty = office.read(lambda c: roster.on_duty(c, default_queues(), now=NOW))
    assert [(one.name, one.opens.hour, one.place.zh) for one in duty.on_duty] == [
        ("张示例", 8, "一楼接待室"),
        ("李示例", 13, "一楼接待室"),
    ]
    assert duty.reception_service == "reception"
    assert office.read(lambda c: roster.on_duty(c, NO_QUEUES, now=NOW)).reception_service is None
    wednesday = office.read(lambda c: roster.on_duty(c, default_queues(), now=NOW + timedelta(days=2)))
    assert wednesday.on_duty == ()
    held = office.read(lambda c: roster.turns_between(c, TODAY, TODAY + timedelta(days=7)))
    assert roster.gaps(held, TODAY, TODAY + timedelta(days=7)) == [
        date(2026, 11, 25),
        date(2026, 11, 27),
        date(2026, 11, 30),
    ]
