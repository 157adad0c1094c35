"""Pages in the session's scratch: cleaned ones with what was read on them, and pictures as they came."""

from __future__ import annotations

import msgspec

from kiosk.ocr.model import PageText
from kiosk.pages.model import StoredPage
from kiosk.session.scratch import Beside, Scratch, ScratchClosedError, ScratchKey

_MARK = b"page\x00"
"""Begins a StoredPage; no JPEG or PNG does."""

_ENCODER = msgspec.msgpack.Encoder()
_PAGES = msgspec.msgpack.Decoder(StoredPage)
_CUTTINGS = msgspec.msgpack.Decoder(tuple[bytes, ...])
_TEXTS = msgspec.msgpack.Decoder(PageText)


def keep_page(scratch: Scratch, page: StoredPage) -> ScratchKey:
    """Put a cleaned page into the scratch. Raises ScratchClosedError."""
    return scratch.put(_MARK + _ENCODER.encode(page))


def lay_page(scratch: Scratch, key: ScratchKey, page: StoredPage, *, keep_picture: bool) -> bool:
    """Put a cleaned page in the place of the picture that it was made from, and say whether that was still there.
    `keep_picture`: the picture stays beside it, to make the page anew from."""
    picture = kept_picture(scratch, key)
    if picture is None or not scratch.replace(key, _MARK + _ENCODER.encode(page)):
        return False
    if keep_picture:
        scratch.attach(key, Beside.PICTURE, picture)
    else:
        scratch.detach(key, Beside.PICTURE)
    return True


def kept_picture(scratch: Scratch, key: ScratchKey) -> bytes | None:
    """The picture of a page as it came; None where it is gone."""
    beside = scratch.attached(key, Beside.PICTURE)
    if beside is not None:
        return beside
    try:
        data = scratch.get(key)
    except (KeyError, ScratchClosedError):
        return None
    return None if data.startswith(_MARK) else data


def kept_page(scratch: Scratch, key: ScratchKey) -> StoredPage | bytes:
    """The cleaned page, or the picture where a plain JPEG or PNG was put. Raises as Scratch.get."""
    data = scratch.get(key)
    return _PAGES.decode(memoryview(data)[len(_MARK) :]) if data.startswith(_MARK) else data


def keep_text(scratch: Scratch, key: ScratchKey, text: PageText) -> None:
    """Lay what was read beside its page; nothing happens where the page is gone."""
    scratch.attach(key, Beside.TEXT, _ENCODER.encode(text))


def kept_text(scratch: Scratch, key: ScratchKey) -> PageText | None:
    """What was read on a page; None where it was not read, or not yet."""
    data = scratch.attached(key, Beside.TEXT)
    return _TEXTS.decode(data) if data is not None else None


def keep_cuttings(scratch: Scratch, key: ScratchKey, cuttings: tuple[bytes, ...]) -> None:
    """Lay the pictures of what was read, one for each reading, beside their page; nothing happens where it is gone."""
    scratch.attach(key, Beside.CUTTINGS, _ENCODER.encode(cuttings))


def kept_cutting(scratch: Scratch, key: ScratchKey, number: int) -> bytes:
    """The picture (JPEG) of where the `number`-th reading of a page stands; empty where there is none."""
    data = scratch.attached(key, Beside.CUTTINGS)
    cuttings = _CUTTINGS.decode(data) if data is not None else ()
    return cuttings[number] if number < len(cuttings) else b""
