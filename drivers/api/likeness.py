"""Whether a page looks like one that was taken before: a difference hash of 256 bits (dHash).

Both ends of the socket work it out alike: the kiosk of the pages it keeps, the camera of what lies under it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.float32]

ALIKE = 26
"""Bits. Two pictures of one page differ in as many, and so do a few different pages: only ask, never drop a page."""

_SIDE = 16
_CLEAR = 1.0  # level of 255 by which one part is darker than its neighbour; less is chance


def dhash(even: Grey) -> bytes:
    """The hash of an evenly lit grey page, 32 bytes: which of 16 × 16 parts is darker than the part at its right."""
    return _bits(_parts(even, _SIDE + 1, _SIDE))


def turned_hashes(even: Grey) -> tuple[bytes, ...]:
    """The hashes of a page that may lie any way round: as it lies, and after one, two and three quarter turns."""
    wide, tall = _parts(even, _SIDE + 1, _SIDE), _parts(even, _SIDE, _SIDE + 1)
    return tuple(_bits(np.rot90(tall if turns % 2 else wide, turns)) for turns in range(4))


def _parts(even: Grey, columns: int, rows: int) -> Levels:
    return cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)


def _bits(parts: Levels) -> bytes:
    return np.packbits(parts[:, 1:] > parts[:, :-1] + _CLEAR).tobytes()


def distance(one: bytes, other: bytes) -> int:
    """How many bits differ. Raises ValueError for hashes of different length."""
    if len(one) != len(other):
        raise ValueError("hashes of different length")
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def most_alike(pages: tuple[bytes, ...], earlier: tuple[bytes, ...]) -> int | None:
    """The earlier page, counted from 1, that any of the hashes of one page is most like; None where it is like none."""
    distances = [
        min((distance(page, other) for page in pages if len(page) == len(other)), default=8 * len(other) + 1)
        for other in earlier
    ]
    if not distances or min(distances) > ALIKE:
        return None
    return distances.index(min(distances)) + 1
