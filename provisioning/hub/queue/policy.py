"""The order in which people are called, as a number that every ticket gets when it joins a queue.

    rank = the moment it counts from − the credit of its class        (microseconds since 1970 UTC)

Call next takes the lowest rank; the ticket id, which is ordered by time, breaks a tie. A ticket without an appointment
counts from when it was issued, and keeps that moment when it is passed on; one with an appointment counts from the
appointed time, or from when the person came, if that was after the grace period.

Nobody starves: whoever comes later than the largest credit of the court's policy after a ticket can never pass it, so
the people who can are a known few. A window's own credit for a queue is added in the same way and is bounded alike.

A person who missed the call and comes back waits behind the next `places_back` people (过号顺延), with a rank just
above the last of them, so that it too passes nobody who came before it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.clock import CHINA
from kiosk.court.queueing import TicketClass
from provisioning.hub.queue.config import Policy, QueueConfiguration
from provisioning.hub.schema import EPOCH

_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(count: int) -> datetime:
    """The moment `count` microseconds after 1970 UTC, in China time."""
    return (EPOCH + count * _MICROSECOND).astimezone(CHINA)


def class_credit(policy: Policy, ticket_class: TicketClass) -> timedelta:
    """How much earlier this class counts as having come."""
    return timedelta(minutes=policy.credit_minutes.get(ticket_class, 0))


def rank_of(policy: Policy, ticket_class: TicketClass, counts_from: datetime) -> int:
    """The rank of a ticket that counts from `counts_from`."""
    return microseconds(counts_from - class_credit(policy, ticket_class))


def appointed_place(
    policy: Policy, ticket_class: TicketClass, *, appointed: datetime, came: datetime
) -> tuple[datetime, int]:
    """From when a person with an appointment counts, and the rank. Whoever comes after the grace period counts from
    when they came, like anyone else."""
    if came > appointed + timedelta(minutes=policy.appointment_grace_minutes):
        return came, rank_of(policy, ticket_class, came)
    credit = timedelta(minutes=policy.appointment_credit_minutes)
    return appointed, rank_of(policy, ticket_class, appointed - credit)


def largest_credit(configuration: QueueConfiguration) -> timedelta:
    """How much later than a ticket somebody may come and still be called before it, at most, at any window."""
    policy = configuration.policy
    of_class = max(policy.credit_minutes.values(), default=0) + policy.appointment_credit_minutes
    of_window = max((duty.credit_minutes for window in configuration.windows for duty in window.duties), default=0)
    return timedelta(minutes=of_class + of_window)


def business_day(at: datetime) -> date:
    """The court's day of `at`, in China time. Only the hub's clock decides it."""
    return at.astimezone(CHINA).date()
