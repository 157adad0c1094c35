"""One code straight from a scanner, without the daemon (`court-kiosk device read-code`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from drivers.api.records import PaperCode
from drivers.code_scanner.device import source_of
from drivers.code_scanner.protocol import GAP, LineCollector, code_of
from drivers.code_scanner.sources import open_quietly
from drivers.device import ConfigurationError, DeviceGoneError

_LOOK = 0.1


class ReadOnceError(Exception):
    """No code was read; one line that says why and what to do."""


def read_once(
    config: Mapping[str, object], timeout: float, *, aim: bool, clock: Callable[[], float] = time.monotonic
) -> PaperCode:
    """Wait up to `timeout` seconds for a code of the scanner that `config` names (drivers/code_scanner/device.py).

    Raises ReadOnceError.
    """
    try:
        source = source_of(config)
    except ConfigurationError as error:
        raise ReadOnceError(str(error).removeprefix("code_scanner: ")) from error
    lines = LineCollector()
    try:
        open_quietly(source, GAP, clock)
        end = clock() + timeout
        while clock() < end:
            data = source.read(_LOOK)
            found = lines.feed(data, clock()) if data else lines.quiet(clock())
            for line in found:
                if line.data is None:
                    raise ReadOnceError("the code did not end; set the scanner to send CR after each code")
                code = code_of(line.data, source.encoding, aim=aim)
                if code is None:
                    raise ReadOnceError(f"what came is no text in {source.encoding}; compare the scanner's settings")
                return code
    except DeviceGoneError as error:
        raise ReadOnceError(str(error)) from error
    finally:
        source.close()
    raise ReadOnceError(f"no code within {timeout:g} s")
