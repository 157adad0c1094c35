"""One card straight from a reader, without the daemon (`court-kiosk device read-id`)."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.api.records import IdentityCard, ReadFailure
from drivers.device import DeviceGoneError
from drivers.id_reader.device import SILENCES_BEFORE_GONE, IdReader
from drivers.id_reader.session import CardReadError, NoReplyError, SamFaultError, SamSession
from drivers.transports.serial_line import LineLostError

LOOK_PAUSE = 0.1


class ReadOnceError(Exception):
    """No card was read; one line that says why and what to do."""


_WORDS = {
    ReadFailure.REMOVED: "the card was taken away while it was read; nothing was kept",
    ReadFailure.UNREADABLE: "the card could not be read; lift it and lay it again",
    ReadFailure.UNKNOWN_LAYOUT: "the card is of a kind that is not known",
}


def read_once(
    reader: IdReader,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[str, IdentityCard]:
    """Open `reader`, wait up to `timeout` seconds for a card and read it: its module's id, and the card.

    Raises ReadOnceError.
    """
    end = clock() + timeout
    try:
        _open(reader, end, clock, pause)
        sam_id = reader.session.handshake()
        return sam_id, _read(reader.session, end, clock, pause)
    except DeviceGoneError as error:
        raise ReadOnceError(str(error)) from error
    except SamFaultError as error:
        raise ReadOnceError(f"the reader's security module is out of order (code {error.code:02X})") from error
    except CardReadError as error:
        raise ReadOnceError(_WORDS.get(error.failure, error.failure.value)) from error
    except NoReplyError as error:
        raise ReadOnceError(f"the reader stopped answering ({error})") from error
    except TimeoutError:
        raise ReadOnceError(f"no card within {timeout:g} s") from None
    finally:
        reader.close()


def _open(reader: IdReader, end: float, clock: Callable[[], float], pause: Callable[[float], None]) -> None:
    """A reader just plugged in needs a second or two until it answers; a port that is not there is not waited for."""
    while True:
        try:
            reader.open()
        except LineLostError:
            raise
        except DeviceGoneError:
            if clock() >= end:
                raise
        else:
            return
        reader.close()
        pause(LOOK_PAUSE)


def _read(session: SamSession, end: float, clock: Callable[[], float], pause: Callable[[float], None]) -> IdentityCard:
    silences = 0
    first = True
    while True:
        try:
            found = session.find()
            # A card that was read before and not lifted is not found, but answers.
            if found or (first and session.answers_as_read()):
                return session.read_card(found=found)
            silences, first = 0, False
        except NoReplyError:
            silences += 1
            if silences == SILENCES_BEFORE_GONE:
                raise
        if clock() >= end:
            raise TimeoutError
        pause(LOOK_PAUSE)
