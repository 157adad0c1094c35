"""Every state of the lobby's screens that a person can come to see, by name, each as a function that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from msgspec import structs

from drivers.api.records import ReadFailure
from drivers.api.status import DeviceClass, Disconnected
from kiosk.agent.messages import AgentStatus, HubState
from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.flow.events import CommitProblem, HelpState, PaperState
from kiosk.flow.journey import Overlay, Remark
from kiosk.flow.stage import Outcome, Stage
from tests.screens.lobby.bench import A_TICKET, OFFERS, PROOF, Bench, a_filed
from tests.screens.lobby.draft_states import DRAFT_STATES
from tests.screens.lobby.unresolved_states import UNRESOLVED_STATES
from tests.screens.lobby.visit_states import VISIT_STATES

Put = Callable[[Bench], None]


def _at(stage: Stage, **changes: object) -> Put:
    return partial(Bench.at, stage=stage, **changes)


def _visit(stage: Stage, **changes: object) -> Put:
    def put(bench: Bench) -> None:
        from tests.screens.lobby.bench import journeys

        bench.at(stage, visit=replace(journeys()[stage].require_visit(), **changes))

    return put


OFFERS_OFFLINE = tuple(structs.replace(one, waiting=None, wait=None, windows_open=0) for one in OFFERS)
OFFLINE_TICKET = structs.replace(A_TICKET, ahead=None, wait=None, offline=True, ticket_class=TicketClass.ORDINARY)
ALREADY = structs.replace(A_TICKET, already=True)


def _called(stage: Stage) -> Put:
    def put(bench: Bench) -> None:
        from tests.screens.lobby.bench import journeys

        visit = replace(journeys()[Stage.TICKET].require_visit(), called=True, window="3", code="4821")
        bench.at(stage, visit=visit, overlay=Overlay.CALLED)

    return put


def _away_wrong(bench: Bench) -> None:
    from tests.screens.lobby.bench import journeys

    visit = replace(journeys()[Stage.AWAY].require_visit(), tries=2)
    bench.at(Stage.AWAY, visit=visit, notice=Remark.CODE_WRONG)


def _number_without_reader(bench: Bench) -> None:
    bench.surroundings.devices[DeviceClass.ID_READER] = Disconnected()
    bench.at(Stage.TICKET_HOLDER)


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
    "number_matter": _at(Stage.TICKET_MATTER),
    "number_matter_asking": _visit(Stage.TICKET_MATTER, offers=None),
    "number_matter_offline": _visit(Stage.TICKET_MATTER, offers=OFFERS_OFFLINE, offline=True),
    "number_matter_away": _at(Stage.TICKET_MATTER, notice=Remark.QUEUES_UNAVAILABLE),
    "number_matter_none": _visit(Stage.TICKET_MATTER, offers=()),
    "number_class": _at(Stage.TICKET_CLASS),
    "number_proof": _visit(Stage.TICKET_PROOF, proof=PROOF),
    "number_holder": _at(Stage.TICKET_HOLDER),
    "number_holder_no_reader": _number_without_reader,
    "number_card": _at(Stage.TICKET_CARD),
    "number_card_failed": _at(Stage.TICKET_CARD, notice=ReadFailure.REMOVED),
    "number_taking": _at(Stage.TICKET_TAKING),
    "number_refused": _at(Stage.TICKET_TAKING, notice=TicketRefusal.AWAY),
    "number_closed": _at(Stage.TICKET_TAKING, notice=TicketRefusal.CLOSED),
    "number": _at(Stage.TICKET),
    "number_no_paper": _visit(Stage.TICKET, slip=PaperState.NOT_PRINTED),
    "number_offline": _visit(Stage.TICKET, ticket=OFFLINE_TICKET, identity=None, slip=PaperState.PRINTED),
    "number_already": _visit(Stage.TICKET, ticket=ALREADY, slip=None),
    "number_called": _visit(Stage.TICKET, status=TicketStatus.CALLED, window="3"),
    "called": _called(Stage.CLAIM),
    "called_at_the_end": _called(Stage.RECEIPT),
    "away": _at(Stage.AWAY),
    "away_wrong": _away_wrong,
    "number_give_up": _at(Stage.TICKET, overlay=Overlay.GIVE_UP),
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
    **UNRESOLVED_STATES,
    **VISIT_STATES,
    **DRAFT_STATES,
}
