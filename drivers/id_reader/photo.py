"""The photo on a card: an opaque blob, and the plug-in interface of its decoder.

The blob is 1024 bytes of a compression for which no open decoder exists; a terminal's maker may licence one from the
reader's vendor. It is installed as a Python package with an entry point in the group `court_kiosk.photo_decoders`
that names a callable of no arguments giving a PhotoDecoder. We ship only the decoder of the simulator's own payload.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

WIDTH = 102
HEIGHT = 126
HEADER = bytes.fromhex("574C66007E0032000000")
"""Every photo blob begins so: "WL", width and height as little-endian words."""

SIMULATED_MARK = b"simulated"
"""Follows HEADER in the blobs of simulated cards: a real blob goes on with compressed data."""

ENTRY_POINTS = "court_kiosk.photo_decoders"


@dataclass(frozen=True)
class Photo:
    """102 x 126 pixels, 8-bit grey or colour: `pixels` holds rows from the top, `channels` bytes each (1, or 3 RGB)."""

    pixels: bytes
    channels: int


class PhotoDecoder(Protocol):
    """Turns a blob into a picture."""

    def decode(self, blob: bytes) -> Photo | None:
        """The picture, None for a blob this decoder does not understand. Never raises."""
        ...


class SimulatedPhotoDecoder:
    """Understands the blobs of simulated cards: HEADER, SIMULATED_MARK, zlib-compressed grey rows, padding."""

    def decode(self, blob: bytes) -> Photo | None:
        start = HEADER + SIMULATED_MARK
        if not blob.startswith(start):
            return None
        inflater = zlib.decompressobj()
        try:
            pixels = inflater.decompress(blob[len(start) :], WIDTH * HEIGHT)
        except zlib.error:
            return None
        return Photo(pixels, 1) if len(pixels) == WIDTH * HEIGHT else None


def installed_decoders() -> tuple[PhotoDecoder, ...]:
    """The decoders installed on this machine, ours last."""
    plugins = tuple(entry.load()() for entry in sorted(entry_points(group=ENTRY_POINTS)))
    return (*plugins, SimulatedPhotoDecoder())


def decode_photo(blob: bytes, decoders: Iterable[PhotoDecoder] | None = None) -> Photo | None:
    """The picture in `blob`, None when no decoder understands it."""
    for decoder in installed_decoders() if decoders is None else decoders:
        photo = decoder.decode(blob)
        if photo is not None:
            return photo
    return None
