"""One conversation with a reader, on a line that loses, delays, merges and spoils bytes. Time is simulated."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.api.records import ReadFailure
from drivers.id_reader.layouts import parse_text
from drivers.id_reader.protocol import FIND_CARD, READ_BASE, SAM_STATUS, SELECT_CARD, Status, encode_frame
from drivers.id_reader.session import CardReadError, NoReplyError, SamFaultError, SamSession
from drivers.id_reader.sim_people import PEOPLE
from drivers.id_reader.sim_sam import SimulatedSam
from tests.unit.drivers.lines import FakeClock, SamLine

ZHANG = parse_text(PEOPLE["zhang"].text, PEOPLE["zhang"].photo)
READ = b"\x30\x01"


@pytest.fixture
def line() -> SamLine:
    return SamLine(SimulatedSam(), FakeClock())


@pytest.fixture
def session(line: SamLine) -> SamSession:
    return SamSession(line, clock=line.clock)


def test_handshake_tells_the_modules_id(session: SamSession) -> None:
    assert session.handshake() == "00.00-20260101-0001234567-0007654321"


@pytest.mark.parametrize("code", [0x60, 0x66])
def test_a_module_that_refuses_to_work_is_a_fault_and_not_a_missing_reader(
    session: SamSession, line: SamLine, code: int
) -> None:
    line.sam.fault = code
    assert session.detect_baud() == 115200
    with pytest.raises(SamFaultError) as fault:
        session.handshake()
    assert fault.value.code == code


@pytest.mark.parametrize("baud", [115200, 57600, 38400, 19200, 9600])
def test_the_rate_is_found(session: SamSession, line: SamLine, baud: int) -> None:
    line.sam.baud = baud
    assert session.detect_baud() == baud
    assert session.exchange(SAM_STATUS).status == Status.OK


def test_a_silent_port_is_given_up_in_seconds(session: SamSession, line: SamLine) -> None:
    line.mangle = lambda _request, _frame: None
    with pytest.raises(NoReplyError, match="at any speed"):
        session.detect_baud()
    assert line.clock.now < 5.0


@pytest.mark.parametrize("answer", [None, encode_frame(b"\x00\x00\x21")], ids=["silent", "unknown command"])
def test_a_reader_that_only_finds_selects_and_reads_is_one(
    session: SamSession, line: SamLine, answer: bytes | None
) -> None:
    """Simple readers know no other commands; the card is read all the same."""
    known = {FIND_CARD.body, SELECT_CARD.body, READ}
    line.mangle = lambda request, frame: frame if request in known else answer
    line.sam.insert(PEOPLE["zhang"])
    assert session.detect_baud() == 115200
    assert session.handshake() == ""
    assert session.read_card() == ZHANG


@pytest.mark.parametrize("name", list(PEOPLE))
def test_every_kind_of_card_is_read_whole(session: SamSession, line: SamLine, name: str) -> None:
    person = PEOPLE[name]
    line.sam.insert(person)
    assert session.read_card() == parse_text(person.text, person.photo, person.appended_address)


def test_a_card_read_once_is_read_again_although_find_denies_it(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])
    session.read_card()
    assert not session.find()
    assert session.answers_as_read()
    assert session.read_card() == ZHANG


def test_there_and_gone_are_told_apart_after_a_reading(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])
    session.read_card()
    line.sam.remove()
    assert not session.find()
    assert not session.answers_as_read()


def test_a_card_taken_away_in_the_middle_leaves_nothing(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])

    def cut(request: bytes, frame: bytes) -> bytes:
        if request == READ:
            line.sam.remove()
            return frame[:700]
        return frame

    line.mangle = cut
    with pytest.raises(CardReadError) as failed:
        session.read_card()
    assert failed.value.failure is ReadFailure.REMOVED
    assert line.clock.now < 2.0, "the person is told soon"


def test_a_reading_torn_once_is_repeated(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])

    def cut_first(request: bytes, frame: bytes) -> bytes:
        return frame[:700] if request == READ and line.requests.count(READ) == 1 else frame

    line.mangle = cut_first
    assert session.read_card() == ZHANG
    assert line.requests.count(READ) == 2


def test_a_card_that_never_reads_is_unreadable_after_three_attempts(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])
    line.sam.unreadable = True
    with pytest.raises(CardReadError) as failed:
        session.read_card()
    assert failed.value.failure is ReadFailure.UNREADABLE
    assert line.requests.count(READ) == 3


def test_a_layout_nobody_knows_is_told_as_such(session: SamSession, line: SamLine) -> None:
    person = PEOPLE["zhang"]
    line.sam.insert(type(person)("?", person.text[:248] + b"Q\0" + person.text[250:], person.photo))
    with pytest.raises(CardReadError) as failed:
        session.read_card()
    assert failed.value.failure is ReadFailure.UNKNOWN_LAYOUT


def test_a_late_answer_merged_before_the_right_one_is_not_taken_for_it(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])
    line.mangle = lambda _request, frame: encode_frame(b"\x00\x00\x80") + encode_frame(b"\x00\x00\x90") + frame
    assert session.exchange(READ_BASE).status == Status.CARD_READ_FAILED  # not selected
    line.mangle = lambda _request, frame: encode_frame(b"\x00\x00\x90") + frame
    assert session.read_card() == ZHANG


def test_bytes_left_over_from_before_do_not_answer_the_next_request(session: SamSession, line: SamLine) -> None:
    line.sam.insert(PEOPLE["zhang"])
    line.mangle = lambda _request, frame: frame + encode_frame(b"\x00\x00\x80")
    assert session.find()
    line.mangle = lambda _request, frame: frame
    assert session.find()


def test_a_request_that_arrived_damaged_is_sent_again(session: SamSession, line: SamLine) -> None:
    def refuse_first(_request: bytes, frame: bytes) -> bytes:
        return encode_frame(b"\x00\x00\x10") if len(line.requests) == 1 else frame

    line.mangle = refuse_first
    line.sam.insert(PEOPLE["zhang"])
    assert session.exchange(FIND_CARD).status == Status.CARD_FOUND


def test_endless_noise_does_not_hold_the_session(session: SamSession, line: SamLine) -> None:
    line.mangle = lambda _request, _frame: b"\xaa" * 1_000_000
    line.pieces = 1
    with pytest.raises(NoReplyError):
        session.exchange(FIND_CARD)
    assert line.clock.now < 6.0


@pytest.mark.parametrize("answer", [None, encode_frame(b"\x00\x00\x21")], ids=["silence", "command error"])
def test_readers_that_do_not_know_appended_addresses_still_deliver_and_tell_there_from_gone(
    session: SamSession, line: SamLine, answer: bytes | None
) -> None:
    line.sam.insert(PEOPLE["guli"])
    line.mangle = lambda request, frame: answer if request == b"\x30\x03" else frame
    card = session.read_card()
    assert (card.address, card.appended_address) == ("新疆示例市示例街4号", "")
    assert session.answers_as_read()
    line.sam.remove()
    assert not session.answers_as_read()


def test_a_reader_that_does_not_tell_its_modules_id_is_connected_all_the_same(
    session: SamSession, line: SamLine
) -> None:
    line.mangle = lambda request, frame: None if request == b"\x12\xff" else frame
    assert session.handshake() == ""


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=80), pieces=st.integers(1, 400), spoil=st.lists(st.integers(0, 3), max_size=12))
def test_a_card_is_right_or_refused_whatever_the_line_does(noise: bytes, pieces: int, spoil: list[int]) -> None:
    """All or nothing: with replies lost, cut, damaged or behind noise, no wrong card ever comes out."""
    line = SamLine(SimulatedSam(), FakeClock())
    line.sam.insert(PEOPLE["zhang"])
    line.pieces = pieces
    plan = iter(spoil)

    def mangle(_request: bytes, frame: bytes) -> bytes | None:
        match next(plan, 0):
            case 0:
                return noise + frame
            case 1:
                return None
            case 2:
                return frame[: len(frame) // 2]
            case _:
                return frame[:-3] + bytes([frame[-3] ^ 0x10]) + frame[-2:]

    line.mangle = mangle
    session = SamSession(line, clock=line.clock)
    try:
        card = session.read_card()
    except (NoReplyError, CardReadError):
        assert any(spoil), "a line that only adds noise loses no card"
    else:
        assert card == ZHANG
