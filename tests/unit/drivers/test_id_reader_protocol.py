"""Frames, commands and replies of the SAM_V protocol, against published frames and against anything at all."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.id_reader import protocol
from drivers.id_reader.protocol import (
    BAUD_RATES,
    PREAMBLE,
    FrameDecoder,
    Reply,
    ReplyError,
    Status,
    encode_frame,
    parse_addresses,
    parse_base,
    sam_id_text,
)

bodies = st.binary(min_size=2, max_size=400)


def _drained(decoder: FrameDecoder, data: bytes) -> list[bytes]:
    return decoder.feed(data) + decoder.abandon()


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (protocol.RESET, "AAAAAA9669000310FFEC"),
        (protocol.SAM_STATUS, "AAAAAA9669000311FFED"),
        (protocol.READ_SAM_ID, "AAAAAA9669000312FFEE"),
        (protocol.FIND_CARD, "AAAAAA96690003200122"),
        (protocol.SELECT_CARD, "AAAAAA96690003200221"),
        (protocol.READ_BASE, "AAAAAA96690003300132"),
        (protocol.READ_BASE_FINGERPRINT, "AAAAAA96690003301023"),
        (protocol.READ_NEWEST_ADDRESS, "AAAAAA96690003300330"),
        (protocol.READ_MANAGEMENT_NUMBER, "AAAAAA96690003300536"),
        (protocol.set_baud(115200), "AAAAAA96690003600063"),
        (protocol.set_baud(9600), "AAAAAA96690003600467"),
        (protocol.set_max_rf_bytes(0x50), "AAAAAA9669000461FF50CA"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_requests_are_the_published_frames(command: protocol.Command, frame: str) -> None:
    assert command.frame == bytes.fromhex(frame)


@pytest.mark.parametrize(
    ("frame", "status", "data"),
    [
        ("AAAAAA9669000400009094", Status.OK, b""),
        ("AAAAAA9669000800009F0000000097", Status.CARD_FOUND, bytes(4)),
        ("AAAAAA9669000400008084", Status.FIND_FAILED, b""),
        ("AAAAAA9669000C00009000000000000000009C", Status.OK, bytes(8)),
        ("AAAAAA9669000400008185", Status.SELECT_FAILED, b""),
        ("AAAAAA9669000400004145", Status.CARD_READ_FAILED, b""),
    ],
)
def test_published_replies_are_understood(frame: str, status: Status, data: bytes) -> None:
    (body,) = FrameDecoder().feed(bytes.fromhex(frame))
    assert Reply.parse(body) == Reply(status, data)


def test_status_is_the_third_byte_whatever_the_card_said() -> None:
    """SW1 and SW2 are the card's own words and are not zero with 31, 41, 47, 81."""
    assert Reply.parse(bytes.fromhex("698241")) == Reply(Status.CARD_READ_FAILED, b"")


@given(bodies)
def test_a_frame_comes_back_as_its_body(body: bytes) -> None:
    frame = encode_frame(body)
    assert reduce(xor, frame[len(PREAMBLE) :]) == 0
    assert FrameDecoder().feed(frame) == [body]


@given(st.lists(bodies, max_size=5), st.data())
def test_merged_frames_cut_anywhere_come_out_in_order(sent: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(encode_frame, sent))
    decoder, received = FrameDecoder(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        received += decoder.feed(stream[:size])
        stream = stream[size:]
    assert received == sent


@given(bodies, st.data())
def test_wanted_never_asks_for_a_byte_beyond_the_frame(body: bytes, data: st.DataObject) -> None:
    """A reader that waits for a byte too many would stall until its timeout at every answer."""
    frame = encode_frame(body)
    decoder, taken = FrameDecoder(), 0
    while taken < len(frame):
        assert 1 <= decoder.wanted <= len(frame) - taken
        size = data.draw(st.integers(1, decoder.wanted))
        received = decoder.feed(frame[taken : taken + size])
        taken += size
    assert received == [body]


@given(st.binary(max_size=300).filter(lambda noise: PREAMBLE not in noise), bodies)
def test_noise_before_a_frame_is_skipped(noise: bytes, body: bytes) -> None:
    frame = encode_frame(body)
    if PREAMBLE not in (noise + PREAMBLE)[:-1]:  # noise that ends like a preamble begins makes it begin earlier
        assert FrameDecoder().feed(noise + frame) == [body]
    assert body in _drained(FrameDecoder(), noise + frame)


@given(st.binary(max_size=2500))
def test_anything_at_all_ends_in_step_again(noise: bytes) -> None:
    decoder = FrameDecoder()
    decoder.feed(noise)
    decoder.abandon()
    assert decoder.feed(encode_frame(b"\x00\x00\x90")) == [b"\x00\x00\x90"]


@given(bodies, st.data())
def test_a_damaged_byte_never_passes_and_the_next_frame_does(body: bytes, data: st.DataObject) -> None:
    frame = bytearray(encode_frame(body))
    at = data.draw(st.integers(len(PREAMBLE) + 2, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))
    received = _drained(FrameDecoder(), bytes(frame) + encode_frame(b"\x00\x00\x9f"))
    assert body not in received
    assert received[-1] == b"\x00\x00\x9f"


@given(st.binary(max_size=60))
def test_the_spoilt_preamble_seen_in_the_field_is_survived(tail: bytes) -> None:
    """`AA 00 AA AA 96 69` and the `00 05 05 05 05` pseudo-frame of a modem come before good answers."""
    received = _drained(FrameDecoder(), bytes.fromhex("AA00AAAA966900050505") + tail + encode_frame(b"\x00\x00\x90"))
    assert b"\x00\x00\x90" in received


def test_a_length_that_no_frame_has_does_not_swallow_what_follows() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(PREAMBLE + b"\xff\xff" + encode_frame(b"\x00\x00\x90")) == [b"\x00\x00\x90"]


@pytest.mark.parametrize("body", [b"", b"\x20", bytes(2400)], ids=["empty", "one byte", "too long"])
def test_bodies_that_fit_no_frame_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode_frame(body)


@given(st.binary(max_size=2000))
def test_parsers_of_replies_only_ever_refuse(data: bytes) -> None:
    for parse in (Reply.parse, parse_base, parse_addresses, sam_id_text):
        try:
            parse(data)
        except ReplyError:
            continue


def test_base_blocks_need_both_sizes() -> None:
    whole = bytes.fromhex("01000400") + b"t" * 256 + b"p" * 1024
    assert parse_base(whole) == protocol.BaseBlocks(b"t" * 256, b"p" * 1024)
    for broken in (whole[:-1], whole + b"x", b"\x01\x00\x03\xff" + whole[4:]):
        with pytest.raises(ReplyError):
            parse_base(broken)


def test_sam_id_is_printed_as_on_readers() -> None:
    data = bytes.fromhex("0500 0300") + b"".join(
        number.to_bytes(4, "little") for number in (20160101, 1234567, 7654321)
    )
    assert sam_id_text(data) == "05.03-20160101-0001234567-0007654321"


def test_a_late_answer_to_an_earlier_command_does_not_fit() -> None:
    find_reply = Reply(Status.FIND_FAILED, b"")
    assert protocol.FIND_CARD.fits(find_reply)
    for other in (protocol.SELECT_CARD, protocol.READ_BASE, protocol.READ_SAM_ID, protocol.READ_NEWEST_ADDRESS):
        assert not other.fits(find_reply)
    assert not protocol.READ_BASE.fits(Reply(Status.OK, b""))
    assert not protocol.SELECT_CARD.fits(Reply(Status.OK, b""))


@pytest.mark.parametrize("baud", BAUD_RATES)
def test_every_rate_has_its_command(baud: int) -> None:
    assert protocol.set_baud(baud).body == bytes([0x60, BAUD_RATES.index(baud)])


@pytest.mark.parametrize("count", [23, 256])
def test_radio_bytes_outside_the_range_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="24 to 255"):
        protocol.set_max_rf_bytes(count)
