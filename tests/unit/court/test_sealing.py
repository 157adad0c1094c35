"""A sealed document opens with the court's key, bit for bit, or not at all (N4)."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.court.keys import KeyRefusedError
from kiosk.court.sealing import (
    CHUNK,
    CourtPrivateKey,
    CourtPublicKey,
    SealRefusedError,
    seal,
    seal_text,
    unseal,
    unseal_text,
)

COURT = CourtPrivateKey.generate()
OTHER = CourtPrivateKey.generate()
HEADER = 8 + 1 + 32 + 80
SEALED_CHUNK = CHUNK + 16
LONG = bytes(range(256)) * (CHUNK // 256) * 3 + b"tail"
SEALED_LONG = seal(LONG, COURT.public)


@given(st.binary(max_size=3000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    sealed = seal(plain, COURT.public)
    assert unseal(sealed, COURT) == plain
    assert len(plain) < 16 or plain[:40] not in sealed


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK - 1])
def test_every_length_around_the_chunk_limits(size: int) -> None:
    plain = b"\x5a" * size
    assert unseal(seal(plain, COURT.public), COURT) == plain


@settings(max_examples=200)
@given(st.integers(0, len(SEALED_LONG) - 1), st.integers(0, 7))
def test_one_flipped_bit_is_found(position: int, bit: int) -> None:
    damaged = bytearray(SEALED_LONG)
    damaged[position] ^= 1 << bit
    with pytest.raises(SealRefusedError):
        unseal(bytes(damaged), COURT)


@settings(max_examples=200)
@given(st.integers(0, len(SEALED_LONG) - 1))
def test_a_cut_end_is_found(length: int) -> None:
    with pytest.raises(SealRefusedError):
        unseal(SEALED_LONG[:length], COURT)


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_missing_whole_chunks_at_the_end_are_found(keep: int) -> None:
    with pytest.raises(SealRefusedError):
        unseal(SEALED_LONG[: HEADER + keep * SEALED_CHUNK], COURT)


@given(st.permutations(range(4)))
def test_moved_and_repeated_chunks_are_found(order: list[int]) -> None:
    body = SEALED_LONG[HEADER:]
    pieces = [body[i * SEALED_CHUNK : (i + 1) * SEALED_CHUNK] for i in range(4)]
    shuffled = SEALED_LONG[:HEADER] + b"".join(pieces[i] for i in order)
    if list(order) == [0, 1, 2, 3]:
        assert unseal(shuffled, COURT) == LONG
    else:
        with pytest.raises(SealRefusedError):
            unseal(shuffled, COURT)


def test_a_chunk_of_another_blob_does_not_fit() -> None:
    second = seal(LONG, COURT.public)
    mixed = SEALED_LONG[: HEADER + SEALED_CHUNK] + second[HEADER + SEALED_CHUNK :]
    with pytest.raises(SealRefusedError):
        unseal(mixed, COURT)


@given(st.binary(min_size=1, max_size=400))
def test_appended_bytes_are_found(extra: bytes) -> None:
    with pytest.raises(SealRefusedError):
        unseal(SEALED_LONG + extra, COURT)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_and_nothing_else_happens(rubbish: bytes) -> None:
    with pytest.raises(SealRefusedError):
        unseal(rubbish, COURT)
    with pytest.raises(SealRefusedError):
        unseal(SEALED_LONG[:9] + rubbish, COURT)


def test_another_court_cannot_open_it() -> None:
    with pytest.raises(SealRefusedError, match="another key"):
        unseal(SEALED_LONG, OTHER)


def test_the_same_document_is_never_sealed_the_same_way_twice() -> None:
    assert seal(b"x", COURT.public) != seal(b"x", COURT.public)


def test_keys_survive_storing_and_publishing(tmp_path: Path) -> None:
    COURT.store(tmp_path / "sealing.key")
    assert (tmp_path / "sealing.key").stat().st_mode & 0o777 == 0o600
    loaded = CourtPrivateKey.load(tmp_path / "sealing.key")
    published = CourtPublicKey.from_text(COURT.public.text)
    assert published.key_id == loaded.key_id
    assert unseal(seal(b"document", published), loaded) == b"document"


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA", "A" * 44])
def test_a_published_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(KeyRefusedError):
        CourtPublicKey.from_text(text)


@given(st.text())
def test_a_sealed_text_travels_as_ascii_and_opens_again(text: str) -> None:
    sealed = seal_text(text, COURT.public)
    assert sealed.isascii()
    assert unseal_text(sealed, COURT) == text


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "not base64!",
        "１２３４",
        base64.b64encode(b"plain").decode(),
        base64.b64encode(seal(b"\xff\xfe", COURT.public)).decode(),
        seal_text("别人的", OTHER.public),
    ],
)
def test_a_sealed_text_that_does_not_open_is_refused_in_one_way(sealed: str) -> None:
    with pytest.raises(SealRefusedError):
        unseal_text(sealed, COURT)
