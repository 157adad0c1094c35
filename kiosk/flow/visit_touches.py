"""What a person can touch about several matters in one visit, and about an appointment (预约)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChooseSeveral:
    """Has more than one thing to do today: the matters are chosen one after the other."""


@dataclass(frozen=True, slots=True)
class HaveAppointment:
    """Comes for an appointment."""


@dataclass(frozen=True, slots=True)
class GiveAppointmentCode:
    """The code of an appointment as it was keyed in."""

    code: str


@dataclass(frozen=True, slots=True)
class WithoutAppointment:
    """Takes an ordinary number, since the appointment gives none."""


VisitTouch = ChooseSeveral | HaveAppointment | GiveAppointmentCode | WithoutAppointment
