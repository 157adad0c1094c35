"""Talking to one SAM_V reader over an open line: exchanges with resynchronisation, handshake, presence, whole reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.api.records import IdentityCard, ReadFailure
from drivers.id_reader import protocol
from drivers.id_reader.layouts import LayoutError, UnknownLayoutError, parse_text
from drivers.id_reader.protocol import (
    BAUD_RATES,
    FIND_CARD,
    READ_BASE,
    READ_NEWEST_ADDRESS,
    READ_SAM_ID,
    RESET,
    SAM_FAULTS,
    SAM_STATUS,
    SELECT_CARD,
    Command,
    FrameDecoder,
    Reply,
    ReplyError,
    Status,
)
from drivers.transports.serial_line import Line

READ_ATTEMPTS = 3


class NoReplyError(Exception):
    """The reader was silent, or sent only noise or the beginning of an answer."""


class SamFaultError(Exception):
    """The security module refuses to work; `code` is its SW3 (60 self-test failed, 66 not authorised)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"security module fault {code:02X}")
        self.code = code


class CardReadError(Exception):
    """No identity came out of this attempt, and nothing of the card was kept."""

    def __init__(self, failure: ReadFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True)
class Limits:
    """Waits in seconds, beyond the wire time. `patience` scales what each command allows the reader to think;
    `gap` is the longest silence inside an answer; `answer` bounds one answer, however much noise arrives; `rest` lies
    between two restarts of a module that refuses to work."""

    patience: float = 1.0
    gap: float = 0.3
    answer: float = 5.0
    rest: float = 2.0


class SamSession:
    """One reader on one line. All methods raise LineLostError when the line is gone; not thread-safe."""

    def __init__(self, line: Line, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._limits = limits or Limits()
        self._clock = clock
        self._decoder = FrameDecoder()
        self._knows_addresses = True
        self._tells_status = True

    def exchange(self, command: Command) -> Reply:
        """Send `command` and return its reply; a request that the reader received damaged is sent once more.

        Raises NoReplyError, and SamFaultError when the security module says that it does not work.
        """
        for _ in range(2):
            reply = self._exchange_once(command)
            if reply.status in SAM_FAULTS:
                raise SamFaultError(reply.status)
            if reply.status not in {Status.CHECKSUM_ERROR, Status.LENGTH_ERROR}:
                return reply
        raise NoReplyError(f"{command.name}: the reader receives damaged requests")

    def _exchange_once(self, command: Command) -> Reply:
        self._decoder.reset()
        self._line.flush_input()
        self._line.write(command.frame)
        deadline = self._clock() + self._limits.patience * command.patience + self._limits.answer
        wait = self._limits.patience * command.patience
        while self._clock() < deadline:
            size = self._decoder.wanted
            chunk = self._line.read(size, wait + size * 10 / self._line.baud)
            bodies = self._decoder.feed(chunk) if chunk else self._decoder.abandon()
            for body in bodies:
                reply = _parse(body)
                if reply is not None and command.fits(reply):
                    return reply
            if not chunk:
                break
            wait = self._limits.gap
        raise NoReplyError(f"{command.name}: no answer")

    def detect_baud(self) -> int:
        """Find the rate at which the reader answers, likely ones first, and stay there. Raises NoReplyError.

        Readers that only find, select and read cards stay silent when asked for their status; they are known by their
        answer to FIND_CARD, at the rate readers are delivered with.
        """
        for baud in BAUD_RATES:
            self._line.set_baud(baud)
            if self._is_answered(SAM_STATUS):
                return baud
            if baud == BAUD_RATES[0] and self._is_answered(FIND_CARD):
                self._tells_status = False
                return baud
        raise NoReplyError("no SAM_V reader answers at any speed")

    def _is_answered(self, command: Command) -> bool:
        try:
            self.exchange(command)
        except NoReplyError:
            return False
        except SamFaultError:
            pass  # it answers, which is all that is asked here
        return True

    def handshake(self) -> str:
        """Check the security module and return its id, empty when the reader does not tell it.

        A reader that does not know the question for its status (21) has answered as a reader all the same.
        Raises SamFaultError, and NoReplyError where nothing answers or the module does not say that it works.
        """
        if not self._tells_status:
            self.exchange(FIND_CARD)
        elif self.exchange(SAM_STATUS).status not in {Status.OK, Status.COMMAND_ERROR}:
            raise NoReplyError("status: refused")
        try:
            return protocol.sam_id_text(self.exchange(READ_SAM_ID).data)
        except (NoReplyError, ReplyError):
            return ""

    def reset(self) -> None:
        """Restart the security module. Raises SamFaultError, NoReplyError."""
        self.exchange(RESET)

    def find(self) -> bool:
        """Is there a card that can be selected? After a good read the same card is not found until it is lifted."""
        return self.exchange(FIND_CARD).status == Status.CARD_FOUND

    def answers_as_read(self) -> bool:
        """Does a card that `find` does not find lie there still, because it was read before? Asks for the appended
        address, which is quick, and of readers that do not know it for the card itself, which is thrown away."""
        reply = self._newest_address()
        if reply is not None:
            return reply.status in {Status.OK, Status.ITEM_EMPTY}
        return self.exchange(READ_BASE).status == Status.OK

    def _newest_address(self) -> Reply | None:
        """The reply to READ_NEWEST_ADDRESS, None from a reader that does not know it or did not answer."""
        if self._knows_addresses:
            try:
                reply = self.exchange(READ_NEWEST_ADDRESS)
            except NoReplyError:
                return None
            if reply.status != Status.COMMAND_ERROR:
                return reply
            self._knows_addresses = False
        return None

    def read_card(self, found: bool = False) -> IdentityCard:
        """Read the card in the field, whole. `found` says that `find` has just found it.

        Raises CardReadError (REMOVED, UNREADABLE, UNKNOWN_LAYOUT), and NoReplyError when the reader fell silent.
        """
        for attempt in range(READ_ATTEMPTS):
            found = (found and not attempt) or self.find()
            if attempt and not found and not self.answers_as_read():
                raise CardReadError(ReadFailure.REMOVED)
            if found:
                self.exchange(SELECT_CARD)
            # A card that was read before is not found again but can be read, so the read decides, not the find.
            try:
                reply = self.exchange(READ_BASE)
                if reply.status == Status.OK:
                    blocks = protocol.parse_base(reply.data)
                    return parse_text(blocks.text, blocks.photo, self._appended_address())
            except (NoReplyError, ReplyError):
                continue  # torn or damaged: nothing of it is kept
            except UnknownLayoutError:
                raise CardReadError(ReadFailure.UNKNOWN_LAYOUT) from None
            except LayoutError:
                raise CardReadError(ReadFailure.UNREADABLE) from None
        there = self.find() or self.answers_as_read()
        raise CardReadError(ReadFailure.UNREADABLE if there else ReadFailure.REMOVED)

    def _appended_address(self) -> str:
        """The newest address appended to the card; empty where the card or the reader has none. The base blocks are
        whole without it, so that its loss is no failed reading."""
        reply = self._newest_address()
        addresses = protocol.parse_addresses(reply.data) if reply and reply.status == Status.OK else ()
        return addresses[-1] if addresses else ""


def _parse(body: bytes) -> Reply | None:
    try:
        return Reply.parse(body)
    except ReplyError:
        return None
