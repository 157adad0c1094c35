"""One open scanner in SANE's words: its abilities, its options, its pages. Lives in the worker process only.

Every call may block for as long as the scanner likes; `cancel` alone may be called from another thread (SANE standard
section 4.3.12).
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Generator

import _sane
import sane
from PIL import Image

from drivers.api.messages import ScanPages
from drivers.api.records import ScanEnd, ScanSource
from drivers.page_scanner.reports import Opened
from drivers.page_scanner.run import Picture, ScanStoppedError
from drivers.page_scanner.sane_words import (
    WARMING_UP,
    duplex_value,
    end_of,
    mode_value,
    resolution_value,
    source_value,
)

SaneError = _sane.error
"""What python-sane raises; its text is sane_strstatus()."""

MOST_PIXELS = 100_000_000
"""Of one page: more than A3 at 600 dpi. python-sane allocates what the scanner says before a line has come."""

JPEG_QUALITY = 90
WARM_UP_SECONDS = 40.0
_AREAS = {ScanSource.FLATBED: (216.0, 297.0), ScanSource.FEEDER: (210.0, 297.0)}  # millimetres
_INT, _FIXED, _STRING, _BOOL = 1, 2, 3, 0  # SANE_Value_Type


class Scanner:
    """An open scanner. Raises `SaneError` (SANE's text) where it cannot be opened."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._device = sane.open(name)

    def close(self) -> None:
        """Let go of it."""
        with contextlib.suppress(SaneError):
            self._device.close()

    def reopen(self) -> None:
        """A fresh handle after an error that says nothing. Raises SaneError."""
        self.close()
        self._device = sane.open(self._name)

    def cancel(self) -> None:
        """Stop what runs, from any thread."""
        with contextlib.suppress(SaneError):
            self._device.cancel()

    # -- abilities and options

    def abilities(self) -> Opened:
        """What it can do."""
        names = self._values("source")
        if not names:
            return Opened(flatbed=True, feeder=False, duplex=False)
        feeder, both = (source_value(names, ScanSource.FEEDER, duplex=duplex) is not None for duplex in (False, True))
        return Opened(
            flatbed=source_value(names, ScanSource.FLATBED, duplex=False) is not None,
            feeder=feeder or both,
            duplex=both or (feeder and (self._is("duplex", _BOOL) or bool(self._values("adf_mode")))),
        )

    def sensor(self, *names: str) -> bool | None:
        """What a sensor says; None for a scanner that has none of that name."""
        for name in names:
            if self._is(name, _BOOL):
                with contextlib.suppress(SaneError, AttributeError):  # it is there and cannot be read now
                    return bool(getattr(self._device, name))
        return None

    def _is(self, name: str, kind: int) -> bool:
        option = self._device.opt.get(name)
        return option is not None and option.type == kind and bool(option.is_active())

    def _values(self, name: str) -> list[str]:
        option = self._device.opt.get(name)
        return list(option.constraint) if option is not None and isinstance(option.constraint, list) else []

    def _set(self, name: str, value: object) -> None:
        """Set an option that exists and can be set; where a backend refuses a value it offered, it keeps its own."""
        option = self._device.opt.get(name)
        if value is not None and option is not None and option.is_active() and option.is_settable():
            with contextlib.suppress(SaneError):
                setattr(self._device, name, value)

    def prepare(self, wanted: ScanPages) -> int:
        """Set everything for `wanted`; returns the resolution in dpi. Raises ScanStoppedError (CANNOT)."""
        both = wanted.duplex and wanted.source is ScanSource.FEEDER
        names = self._values("source")
        source = source_value(names, wanted.source, duplex=both)
        if source is None and both:
            source = self._source_with_other_option(names)
        if source is None and (names or wanted.source is ScanSource.FEEDER):
            raise ScanStoppedError(ScanEnd.CANNOT)
        if source is not None:
            self._set("source", source)
        if wanted.source is ScanSource.FEEDER:
            self._set("adf_mode", duplex_value(self._values("adf_mode"), duplex=both))
            self._set("duplex", both)
        self._set("mode", mode_value(self._values("mode"), colour=wanted.colour))
        self._set("depth", 8)
        dpi = self._set_resolution(wanted.dpi)
        self._set_area(*_AREAS[wanted.source])
        return dpi

    def _source_with_other_option(self, names: list[str]) -> str | None:
        other = self._is("duplex", _BOOL) or duplex_value(self._values("adf_mode"), duplex=True) is not None
        return source_value(names, ScanSource.FEEDER, duplex=False) if other else None

    def _set_resolution(self, dpi: int) -> int:
        option = self._device.opt.get("resolution")
        if option is None:
            return dpi
        chosen = resolution_value(option.constraint, dpi)
        self._set("resolution", float(chosen) if option.type == _FIXED else chosen)
        return chosen

    def _set_area(self, width: float, height: float) -> None:
        self._set("page_width", width)  # sheet-fed scanners centre what they believe the paper to be
        self._set("page_height", height)
        for name, value in (("tl_x", 0.0), ("tl_y", 0.0), ("br_x", width), ("br_y", height)):
            option = self._device.opt.get(name)
            if option is None or option.type not in (_INT, _FIXED):
                continue
            if isinstance(option.constraint, tuple):
                least, most, _ = option.constraint
                value = min(max(value, least), most)  # noqa: PLW2901 - held within what the glass has
            self._set(name, float(value) if option.type == _FIXED else int(value))

    # -- pages

    def pictures(
        self, wanted: ScanPages, stopped: Callable[[], bool], alive: Callable[[], None]
    ) -> Generator[Picture, None, None]:
        """Picture after picture, side after side. `alive` is called while lines come. Ends with ScanStoppedError."""
        dpi = self.prepare(wanted)
        more = wanted.source is ScanSource.FEEDER
        while True:
            yield self._picture(dpi, stopped, alive, more=more)
            if not more:
                raise ScanStoppedError(ScanEnd.COMPLETE)

    def _picture(self, dpi: int, stopped: Callable[[], bool], alive: Callable[[], None], *, more: bool) -> Picture:
        told = time.monotonic()

        def progress(_line: int, _lines: int) -> None:
            nonlocal told
            if time.monotonic() - told > 1.0:
                told = time.monotonic()
                alive()

        try:
            self._start(stopped, alive)
            line_bytes = self._line_bytes()
            data, width, lines, samples, _ = self._device.dev.snap(more, False, progress)
        except SaneError as error:
            raise ScanStoppedError(end_of(str(error))) from error
        except (RuntimeError, ValueError, MemoryError) as error:  # no data, or a kind of data python-sane cannot hold
            raise ScanStoppedError(ScanEnd.UNUSABLE) from error
        # python-sane takes a line's padding for pixels of the next; what it read is put into lines anew.
        lines = len(data) // line_bytes if line_bytes else lines
        if not lines:
            raise ScanStoppedError(ScanEnd.UNUSABLE)
        mode = "RGB" if samples == 3 else "L"
        image = Image.frombuffer(mode, (width, lines), data, "raw", mode, line_bytes, 1)
        held = io.BytesIO()
        image.save(held, "JPEG", quality=JPEG_QUALITY, dpi=(dpi, dpi))
        return Picture(held.getvalue(), image.width, image.height, dpi)

    def _start(self, stopped: Callable[[], bool], alive: Callable[[], None]) -> None:
        """Begin a page; a cold lamp is waited for."""
        ends = time.monotonic() + WARM_UP_SECONDS
        while True:
            if stopped():
                raise ScanStoppedError(ScanEnd.CANCELLED)
            try:
                self._device.start()
            except SaneError as error:
                if str(error).lower() != WARMING_UP or time.monotonic() > ends:
                    raise
                alive()
                time.sleep(0.5)
            else:
                return

    def _line_bytes(self) -> int:
        """Bytes of one line as the backend delivers it, padding included; 0 for a bitmap, which python-sane unpacks.

        Raises ScanStoppedError (UNUSABLE) for a page that is too large or of a kind python-sane cannot hold.
        """
        kind, _, (width, lines), depth, line_bytes = self._device.get_parameters()
        if width <= 0 or width * max(lines, 1) > MOST_PIXELS or depth not in (1, 8):
            raise ScanStoppedError(ScanEnd.UNUSABLE)
        if depth == 1 or kind not in ("gray", "color"):
            return 0
        return max(int(line_bytes), int(width) * (3 if kind == "color" else 1))
