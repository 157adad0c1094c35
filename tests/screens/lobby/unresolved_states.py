"""States of the pages about what could not be got done, and of the roster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from drivers.api.records import ReadFailure
from kiosk.agent.unresolved_messages import DutyFound, UnresolvedRefusal
from kiosk.court.unresolved import UnresolvedPlace
from kiosk.flow.events import PaperState
from kiosk.flow.journey import Remark
from kiosk.flow.stage import Stage
from tests.journeys.unresolved_way import DUTY, KEPT_OFFLINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.lobby.bench import Bench


def _put(bench: Bench, stage: Stage, changes: dict[str, object], of_journey: dict[str, object]) -> None:
    from tests.screens.lobby.bench import journeys

    draft = replace(journeys()[stage].require_unresolved(), **changes)
    bench.at(stage, unresolved=draft, **of_journey)


def _at(stage: Stage, of_journey: dict[str, object] | None = None, **changes: object) -> Callable[[Bench], None]:
    return partial(_put, stage=stage, changes=changes, of_journey=of_journey or {})


_LONG = "我三次来交材料。" * 60

UNRESOLVED_STATES: dict[str, Callable[[Bench], None]] = {
    "unresolved": _at(Stage.UNRESOLVED),
    "unresolved_kind": _at(Stage.UNRESOLVED_KIND),
    "unresolved_place": _at(Stage.UNRESOLVED_PLACE),
    "unresolved_place_unknown": _at(Stage.UNRESOLVED_PLACE, offers=()),
    "unresolved_service": _at(Stage.UNRESOLVED_WHICH),
    "unresolved_window": _at(Stage.UNRESOLVED_WHICH, asked=UnresolvedPlace.WINDOW),
    "unresolved_window_asking": _at(Stage.UNRESOLVED_WHICH, asked=UnresolvedPlace.WINDOW, offers=None),
    "unresolved_window_typed": _at(Stage.UNRESOLVED_WHICH, asked=UnresolvedPlace.WINDOW, offers=(), window="3"),
    "unresolved_day": _at(Stage.UNRESOLVED_DAY),
    "unresolved_other_day": _at(Stage.UNRESOLVED_OTHER_DAY, happened=date(2026, 2, 21)),
    "unresolved_account": _at(Stage.UNRESOLVED_ACCOUNT),
    "unresolved_account_empty": _at(Stage.UNRESOLVED_ACCOUNT, account=""),
    "unresolved_call_back": _at(Stage.UNRESOLVED_CALL_BACK),
    "unresolved_contact": _at(Stage.UNRESOLVED_CONTACT),
    "unresolved_contact_wrong": _at(Stage.UNRESOLVED_CONTACT, {"findings_shown": True}, phone="12"),
    "unresolved_card": _at(Stage.UNRESOLVED_CARD),
    "unresolved_card_gone": _at(Stage.UNRESOLVED_CARD, {"notice": ReadFailure.READER_GONE}),
    "unresolved_review": _at(Stage.UNRESOLVED_REVIEW),
    "unresolved_review_long": _at(Stage.UNRESOLVED_REVIEW, account=_LONG),
    "unresolved_review_bare": _at(Stage.UNRESOLVED_REVIEW, account="", call_back=False, name="", phone=""),
    "unresolved_sending": _at(Stage.UNRESOLVED_SENDING),
    "unresolved_away": _at(Stage.UNRESOLVED_SENDING, {"notice": UnresolvedRefusal.AWAY}),
    "unresolved_not_taken": _at(Stage.UNRESOLVED_SENDING, {"notice": UnresolvedRefusal.NOT_TAKEN}),
    "unresolved_not_a_report": _at(Stage.UNRESOLVED_SENDING, {"notice": UnresolvedRefusal.NOT_A_REPORT}),
    "unresolved_done": _at(Stage.UNRESOLVED_DONE),
    "unresolved_done_no_paper": _at(Stage.UNRESOLVED_DONE, call_back=False, slip=PaperState.NOT_PRINTED),
    "unresolved_done_back": _at(Stage.UNRESOLVED_DONE, {"notice": Remark.ALREADY_SUBMITTED}),
    "unresolved_done_offline": _at(Stage.UNRESOLVED_DONE, kept=KEPT_OFFLINE, call_back=False),
    "duty": _at(Stage.DUTY),
    "duty_asking": _at(Stage.DUTY, duty=None),
    "duty_unknown": _at(Stage.DUTY, duty=DutyFound("", known=False)),
    "duty_nobody": _at(Stage.DUTY, duty=structs.replace(DUTY, on_duty=())),
    "duty_no_number": _at(Stage.DUTY, duty=structs.replace(DUTY, reception="")),
    "duty_number_unknown": _at(Stage.DUTY, offers=()),
}
