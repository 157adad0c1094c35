"""Asking a printer for its status and listening to its answers, over any transport."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.api.status import Unknown
from drivers.receipt_printer.protocol import Health, Query, Reply, ask, health, kind_of
from drivers.receipt_printer.transport import Transport

ANSWER_SECONDS = 1.0
"""A printer answers DLE EOT within milliseconds; one behind a slow bridge (Bluetooth, WLAN) within a few tenths."""


class Conversation:
    """Questions and answers in order. `fences` counts answers to GS r since `forget`; `interrupted` is asked often
    while an answer is waited for, and ends the wait.

    Raises DeviceGoneError as the transport does.
    """

    def __init__(self, transport: Transport, clock: Callable[[], float] = time.monotonic) -> None:
        self._transport = transport
        self._clock = clock
        self._unanswered: set[Query] = set()
        self.fences = 0
        self.interrupted: Callable[[], bool] = lambda: False

    def forget(self) -> None:
        """Drop what was received and not asked for."""
        while self._transport.read(0):
            pass
        self.fences = 0

    def listen(self, timeout: float) -> list[int]:
        """Status answers received within `timeout` seconds, ending with the first batch; fences are counted aside."""
        statuses = []
        for byte in self._transport.read(timeout):
            match kind_of(byte):
                case Reply.STATUS:
                    statuses.append(byte)
                case Reply.FENCE:
                    self.fences += 1
                case Reply.OTHER:
                    pass  # XON and XOFF of a line with software flow control
        return statuses

    def query(self, query: Query, patience: float = ANSWER_SECONDS) -> int | None:
        """The answer to one question, None where none came in time."""
        self.listen(0)  # a late answer to an earlier question must not be taken for this one
        deadline = self._clock() + patience
        question = ask(query)
        while (left := deadline - self._clock()) > 0 and not self.interrupted():
            slice_ = min(left, 0.2)
            if question:
                question = question[self._transport.write(question, slice_) :]
                continue
            answers = self.listen(slice_)
            if answers:
                return answers[0]
        return None

    def health(self, patience: float = ANSWER_SECONDS) -> Health:
        """The printer's status; Unknown as soon as it leaves the first question unanswered for `patience` seconds. A
        question that a printer left open while it answered the others is not asked again: plain printers know only two
        of the four."""
        if not self._transport.answers:
            return Unknown("this connection tells nothing back")
        answers: dict[Query, int | None] = {}
        for query in (Query.PRINTER, Query.OFFLINE_CAUSE, Query.ERROR_CAUSE, Query.PAPER):
            if query in self._unanswered:
                continue
            answers[query] = self.query(query, patience)
            if answers[Query.PRINTER] is None:
                break
        if answers.get(Query.PAPER) is not None:
            self._unanswered |= {query for query, answer in answers.items() if answer is None}
        return health(answers)
