"""Every state of the lobby's screens that a person can come to see, by name, each as a function that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from drivers.api.records import ReadFailure
from drivers.api.status import DeviceClass, Disconnected
from kiosk.agent.messages import AgentStatus, HubState
from kiosk.flow.events import CommitProblem, HelpState, PaperState
from kiosk.flow.journey import Overlay, Remark
from kiosk.flow.stage import Outcome, Stage
from tests.screens.lobby.bench import Bench, a_filed

Put = Callable[[Bench], None]


def _at(stage: Stage, **changes: object) -> Put:
    return partial(Bench.at, stage=stage, **changes)


def _without_agent(bench: Bench) -> None:
    bench.surroundings.agent_up = False
    bench.at(Stage.HOME)


def _not_accepting(bench: Bench) -> None:
    bench.surroundings.agent = AgentStatus(HubState.OFFLINE, 3, accepting=False)
    bench.at(Stage.HOME)


def _hub_offline(bench: Bench) -> None:
    bench.surroundings.agent = AgentStatus(HubState.OFFLINE, 3, accepting=True)
    bench.at(Stage.HOME)


def _without_reader(bench: Bench) -> None:
    bench.surroundings.devices[DeviceClass.ID_READER] = Disconnected()
    bench.at(Stage.IDENTITY)


def _attract_in_trouble(bench: Bench) -> None:
    bench.surroundings.agent_up = False
    bench.at(Stage.ATTRACT)


def _receipt(**changes: object) -> Put:
    return lambda bench: bench.at(Stage.RECEIPT, filed=a_filed(**changes))


def _incomplete_review(bench: Bench) -> None:
    from tests.screens.lobby.bench import journeys

    journey = journeys()[Stage.REVIEW]
    draft = journey.require_draft()
    bench.at(Stage.REVIEW, draft=replace(draft, cause=None, answers={}, mediation=None))


def _cause_typed(bench: Bench) -> None:
    bench.at(Stage.CAUSE)
    bench.window.tap("cause.words")


STATES: dict[str, Put] = {
    "attract": _at(Stage.ATTRACT),
    "attract_trouble": _attract_in_trouble,
    "home": _at(Stage.HOME),
    "home_no_agent": _without_agent,
    "home_not_accepting": _not_accepting,
    "home_hub_offline": _hub_offline,
    "language": _at(Stage.LANGUAGE),
    "privacy": _at(Stage.PRIVACY),
    "identity": _at(Stage.IDENTITY),
    "identity_no_reader": _without_reader,
    "card": _at(Stage.CARD),
    "card_failed": _at(Stage.CARD, notice=ReadFailure.REMOVED),
    "card_gone": _at(Stage.CARD, notice=ReadFailure.READER_GONE),
    "confirm": _at(Stage.IDENTITY_CONFIRM),
    "capacity": _at(Stage.CAPACITY),
    "court": _at(Stage.COURT),
    "cause": _at(Stage.CAUSE),
    "cause_typing": _cause_typed,
    "materials": _at(Stage.MATERIALS),
    "fee": _at(Stage.FEE),
    "options": _at(Stage.OPTIONS),
    "mediation": _at(Stage.MEDIATION),
    "e_service": _at(Stage.E_SERVICE),
    "review": _at(Stage.REVIEW),
    "review_incomplete": _incomplete_review,
    "undertaking": _at(Stage.UNDERTAKING),
    "signature": _at(Stage.SIGNATURE),
    "submitting": _at(Stage.SUBMITTING),
    "submitting_failed": _at(Stage.SUBMITTING, notice=CommitProblem.STORAGE),
    "receipt": _receipt(slip=PaperState.PRINTED, acknowledged=True),
    "receipt_waiting": _receipt(),
    "receipt_no_paper": _receipt(slip=PaperState.NOT_PRINTED, a4=PaperState.UNKNOWN),
    "ticket": _at(Stage.WINDOW_TICKET),
    "ticket_no_paper": _at(Stage.WINDOW_TICKET, ticket=PaperState.NOT_PRINTED),
    "my_case": _at(Stage.MY_CASE),
    "my_case_wrong": _at(Stage.MY_CASE, notice=Remark.RECEIPT_NUMBER_WRONG),
    "my_case_asking": _at(Stage.MY_CASE, querying=True),
    "my_case_card": _at(Stage.MY_CASE_CARD),
    "my_case_result": _at(Stage.MY_CASE_RESULT),
    "my_case_none": _at(Stage.MY_CASE_RESULT, cases=(), cases_offline=True),
    "help_called": _at(Stage.CAPACITY, help=HelpState.CALLED),
    "leave": _at(Stage.CAPACITY, overlay=Overlay.LEAVE),
    "to_window": _at(Stage.CAPACITY, overlay=Overlay.WINDOW),
    "idle": _at(Stage.IDENTITY_CONFIRM, overlay=Overlay.IDLE),
    "goodbye": _at(Stage.IDENTITY_CONFIRM, outcome=Outcome.CANCELLED),
}
