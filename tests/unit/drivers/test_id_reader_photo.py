"""The photo blob: ours is decoded, anything else is left to the licensed plug-in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.id_reader.photo import HEADER, HEIGHT, SIMULATED_MARK, WIDTH, Photo, SimulatedPhotoDecoder, decode_photo
from drivers.id_reader.sim_people import PEOPLE


class Licensed:
    """A vendor's decoder."""

    def decode(self, blob: bytes) -> Photo | None:
        return Photo(b"rgb" * (WIDTH * HEIGHT), 3) if blob.startswith(HEADER) else None


def test_simulated_photos_are_pictures_of_the_right_size() -> None:
    for person in PEOPLE.values():
        photo = decode_photo(person.photo)
        assert len(person.photo) == 1024
        assert photo is not None
        assert (len(photo.pixels), photo.channels) == (WIDTH * HEIGHT, 1)
        assert len(set(photo.pixels)) > 1, "a picture of something"


def test_a_real_blob_needs_a_licensed_decoder() -> None:
    blob = (HEADER + b"\x13\x37" * 600)[:1024]
    assert decode_photo(blob) is None
    assert decode_photo(blob, [SimulatedPhotoDecoder(), Licensed()]) == Photo(b"rgb" * (WIDTH * HEIGHT), 3)


@given(st.binary(max_size=1024), st.booleans())
def test_rubbish_is_no_picture_and_no_error(tail: bytes, marked: bool) -> None:
    assert SimulatedPhotoDecoder().decode((HEADER + SIMULATED_MARK if marked else b"") + tail) is None
