"""Why something cannot be done in the queue."""

from __future__ import annotations

from enum import StrEnum


class QueueProblem(StrEnum):
    """The reason, for whoever says it in words."""

    UNKNOWN_SERVICE = "unknown_service"
    CLASS_NOT_OFFERED = "class_not_offered"
    PROOF_MISSING = "proof_missing"
    CLOSED = "closed"
    CAP_REACHED = "cap_reached"
    UNKNOWN_TICKET = "unknown_ticket"
    WRONG_STATUS = "wrong_status"
    UNKNOWN_WINDOW = "unknown_window"
    NOT_SIGNED_IN = "not_signed_in"
    WINDOW_PAUSED = "window_paused"
    WINDOW_OCCUPIED = "window_occupied"
    WINDOW_TAKEN = "window_taken"
    STAFF_ELSEWHERE = "staff_elsewhere"
    REASON_MISSING = "reason_missing"
    UNKNOWN_APPOINTMENT = "unknown_appointment"
    APPOINTMENT_NOT_TODAY = "appointment_not_today"
    APPOINTMENT_EARLY = "appointment_early"
    APPOINTMENT_OVER = "appointment_over"
    APPOINTMENT_USED = "appointment_used"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    UNKNOWN_QUEUE = "unknown_queue"
    ALREADY_ACTIVE = "already_active"


class QueueRefusedError(Exception):
    """Nothing was changed. `problem` is for the console's words; the text names no person."""

    def __init__(self, problem: QueueProblem, text: str) -> None:
        super().__init__(text)
        self.problem = problem
