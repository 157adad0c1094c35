"""What a court offers a number for: `queues.toml` in the hub's data directory.

A *service* (事项) is what a person comes for; it belongs to a *queue* (队列), whose letter stands before the number. A
service may send a class of people to a queue of its own (专门窗口: 特殊群体、涉企、法律咨询、律师等; S2-6, S1-24,
S2-25, S2-29). A *window* (窗口) names the queues it serves. The file is read whole at the start and anything wrong in
it is an error with its place, so that a mistake is found by whoever made it.

**N8.** A queue with a filing service (立案) may not have a daily cap: rationing of filing numbers (限号立案) is banned.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, time
from functools import cached_property
from importlib.resources import files
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError, model_validator

from kiosk.court.model import ContractModel
from kiosk.court.queueing import Names, QueueCode, ServiceCode, TicketClass
from kiosk.law.workdays import ChinaCalendar, WorkCalendar
from provisioning.hub.data import DataDirectory, DataError

WindowCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,4}$")]
Minutes = Annotated[int, Field(ge=0, le=120)]

DEFAULT = "default_queues.toml"
"""Six windows, for a hub in development."""


class Period(ContractModel):
    """From `opens` until before `closes`, China time."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _forwards(self) -> Period:
        if self.closes <= self.opens:
            raise ValueError("closes must be after opens")
        return self

    def holds(self, moment: time) -> bool:
        """Whether `moment` lies in this period."""
        return self.opens <= moment < self.closes


class Policy(ContractModel):
    """The stated order of service; see provisioning/hub/queue/policy.py."""

    credit_minutes: Mapping[TicketClass, Minutes] = {}
    appointment_credit_minutes: Minutes = 0
    appointment_grace_minutes: Minutes = 15
    places_back: Annotated[int, Field(ge=0, le=20)] = 3
    filing_returns: Annotated[int, Field(ge=0, le=10)] = 3
    left_out_after_restore: Annotated[int, Field(ge=20, le=900)] = 100  # see provisioning/hub/queue/left_out.py


class Queue(ContractModel):
    """One line of people. `daily_cap` None: as many as come."""

    code: QueueCode
    names: Names
    daily_cap: Annotated[int, Field(ge=1)] | None = None


class Service(ContractModel):
    """One thing a number is taken for. `routes` sends a class to a queue of its own."""

    code: ServiceCode
    names: Names
    queue: QueueCode
    classes: tuple[TicketClass, ...] = (TicketClass.ORDINARY,)
    routes: Mapping[TicketClass, QueueCode] = {}
    filing: bool = False  # 立案
    mediation: bool = False  # 调解: whoever serves is rated as the mediator (S4-11)
    offered: bool = True  # False: reached by transfer only
    hours: tuple[Period, ...] | None = None  # instead of the court's

    def queue_for(self, ticket_class: TicketClass) -> QueueCode:
        """Where a ticket of this class waits."""
        return self.routes.get(ticket_class, self.queue)


class Duty(ContractModel):
    """A queue that a window serves. Its people count as if they had come `credit_minutes` earlier."""

    queue: QueueCode
    credit_minutes: Minutes = 0


class Window(ContractModel):
    """One window, with its duties in order."""

    code: WindowCode
    names: Names
    duties: tuple[Duty, ...] = Field(min_length=1)


class QueueConfiguration(ContractModel):
    """Everything of `queues.toml`. `hours` empty: numbers are given at any time."""

    queues: tuple[Queue, ...] = ()
    services: tuple[Service, ...] = ()
    windows: tuple[Window, ...] = ()
    policy: Policy = Policy()
    hours: tuple[Period, ...] = ()
    working_days_only: bool = False

    @cached_property
    def by_queue(self) -> Mapping[str, Queue]:
        """Queues by code."""
        return {queue.code: queue for queue in self.queues}

    @cached_property
    def by_service(self) -> Mapping[str, Service]:
        """Services by code."""
        return {service.code: service for service in self.services}

    @cached_property
    def by_window(self) -> Mapping[str, Window]:
        """Windows by code."""
        return {window.code: window for window in self.windows}

    def windows_of(self, queue: str) -> tuple[str, ...]:
        """Codes of the windows that serve `queue`, in the order of the file."""
        return self._serving.get(queue, ())

    @cached_property
    def _serving(self) -> Mapping[str, tuple[str, ...]]:
        return {
            queue.code: tuple(
                window.code for window in self.windows if any(duty.queue == queue.code for duty in window.duties)
            )
            for queue in self.queues
        }

    def open_at(self, service: Service, moment: datetime, calendar: WorkCalendar | None = None) -> bool:
        """Whether a number for `service` may be taken at `moment` (China time)."""
        if self.working_days_only and (calendar or ChinaCalendar()).kind(moment.date()).holiday:
            return False
        periods = self.hours if service.hours is None else service.hours
        return not periods or any(period.holds(moment.time()) for period in periods)

    @model_validator(mode="after")
    def _consistent(self) -> QueueConfiguration:
        for kind, codes in (
            ("queue", [queue.code for queue in self.queues]),
            ("service", [service.code for service in self.services]),
            ("window", [window.code for window in self.windows]),
        ):
            if twice := sorted({code for code in codes if codes.count(code) > 1}):
                raise ValueError(f"{kind} {twice[0]} stands there twice")
        served = {duty.queue for window in self.windows for duty in window.duties}
        for window in self.windows:
            for duty in window.duties:
                self._require_queue(duty.queue, f"window {window.code}")
        for service in self.services:
            if len(set(service.classes)) != len(service.classes) or not service.classes:
                raise ValueError(f"service {service.code}: classes must be some, each once")
            if stray := set(service.routes) - set(service.classes):
                raise ValueError(f"service {service.code}: routes {sorted(stray)[0]}, which it does not offer")
            for queue in {service.queue, *service.routes.values()}:
                self._require_queue(queue, f"service {service.code}")
                if queue not in served:
                    raise ValueError(f"service {service.code}: no window serves queue {queue}")
                if service.filing and self.by_queue[queue].daily_cap is not None:
                    raise ValueError(
                        f"queue {queue}: a queue with the filing service {service.code} may have no daily_cap "
                        "(限号立案 is banned, 登记立案规定)"
                    )
        return self

    def _require_queue(self, code: str, who: str) -> None:
        if code not in self.by_queue:
            raise ValueError(f"{who}: there is no queue {code}")


NO_QUEUES = QueueConfiguration()


def load_queues(data: DataDirectory, *, production: bool) -> QueueConfiguration:
    """`queues.toml` of `data`; without one, nothing in production and six windows in development. Raises DataError."""
    path = data.queues_file
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return NO_QUEUES if production else default_queues()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read") from error
    return parse_queues(text, str(path))


def default_queues() -> QueueConfiguration:
    """Six windows, for a hub in development."""
    return parse_queues(files(__package__).joinpath(DEFAULT).read_text(encoding="utf-8"), DEFAULT)


def parse_queues(text: str, origin: str) -> QueueConfiguration:
    """A configuration from TOML. Raises DataError naming the first wrong place."""
    try:
        return QueueConfiguration.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{origin}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise DataError(
            f"{origin}: {place + ': ' if place else ''}{first['msg'].removeprefix('Value error, ')}"
        ) from error
