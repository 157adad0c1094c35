"""States of the pages of several matters in one visit, of check-in and of rating."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from msgspec import structs

from drivers.api.records import ReadFailure
from drivers.api.status import CodeScannerReady, DeviceClass, Disconnected
from kiosk.agent.rating_messages import Findings
from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.court.paper_codes import PaperUse
from kiosk.court.rating import RatingKind
from kiosk.flow.codes import FIELDS
from kiosk.flow.events import PaperState
from kiosk.flow.journey import Remark
from kiosk.flow.rating_draft import RatingDraft
from kiosk.flow.stage import Stage
from tests.journeys.visits_way import APPOINTED_AT, a_matter
from tests.screens.lobby.bench import A_TICKET, Bench

Put = Callable[[Bench], None]


def _at(stage: Stage, **changes: object) -> Put:
    return lambda bench: bench.at(stage, **changes)


def _visit(stage: Stage, notice: object = None, **changes: object) -> Put:
    def put(bench: Bench) -> None:
        from tests.screens.lobby.bench import journeys

        bench.at(stage, visit=replace(journeys()[stage].require_visit(), **changes), notice=notice)

    return put


def _rating(stage: Stage, notice: object = None, **changes: object) -> Put:
    def put(bench: Bench) -> None:
        from tests.screens.lobby.bench import journeys

        bench.at(stage, rating=replace(journeys()[stage].require_rating(), **changes), notice=notice)

    return put


def _no_reader(stage: Stage) -> Put:
    def put(bench: Bench) -> None:
        bench.surroundings.devices[DeviceClass.ID_READER] = Disconnected()
        bench.at(stage)

    return put


def _codes(stage: Stage, *, camera: bool = True, scanner: bool = True, **changes: object) -> Put:
    """A page with a field that waits for a code, by what can read one."""

    def put(bench: Bench) -> None:
        if not camera:
            bench.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
        if scanner:
            bench.surroundings.devices[DeviceClass.CODE_SCANNER] = CodeScannerReady(heard=True)
        bench.at(stage, **changes)

    return put


def _keyed(bench: Bench) -> None:
    bench.at(Stage.CHECK_IN)
    for digit in "2048":
        bench.window.tap(f"keypad.{digit}")


_FOLLOWED = structs.replace(A_TICKET, further=("materials", "payment", "advice"))
_LONG = structs.replace(A_TICKET, further=("materials", "enquiry", "payment", "advice", "mediation"))
_APPOINTED = structs.replace(A_TICKET, appointed=APPOINTED_AT)
_REFUSED = {
    f"check_in_{reason.value.removeprefix('appointment_')}": _visit(
        Stage.TICKET_TAKING, reason, appointment="204816", service="", ticket=None
    )
    for reason in TicketRefusal
    if reason.value.startswith("appointment_")
}

VISIT_STATES: dict[str, Put] = {
    "number_several": _visit(Stage.TICKET_MATTER, several=True, service="", further=()),
    "number_several_chosen": _visit(Stage.TICKET_MATTER, several=True, service="enquiry", further=("filing", "advice")),
    "number_further": _visit(Stage.TICKET, ticket=_FOLLOWED),
    "number_further_no_paper": _visit(Stage.TICKET, ticket=_LONG, slip=PaperState.NOT_PRINTED),
    "number_appointed": _visit(Stage.TICKET, ticket=_APPOINTED),
    "number_late": _visit(Stage.TICKET, ticket=structs.replace(_APPOINTED, late=True)),
    "check_in": _at(Stage.CHECK_IN),
    "check_in_keyed": _keyed,
    "check_in_no_reader": _no_reader(Stage.CHECK_IN),
    "check_in_card": _at(Stage.CHECK_IN_CARD),
    "check_in_card_failed": _at(Stage.CHECK_IN_CARD, notice=ReadFailure.REMOVED),
    **_REFUSED,
    **{f"{stage.value}_codes_other": _codes(stage, notice=PaperUse.FEE_NOTICE) for stage in FIELDS},
    **{f"{stage.value}_codes_lie": _codes(stage, lying_codes=("204816",)) for stage in FIELDS},
    "check_in_codes_by_hand": _codes(Stage.CHECK_IN, camera=False, notice=PaperUse.UNKNOWN),
    "my_case_codes_by_hand": _codes(Stage.MY_CASE, camera=False, notice=Remark.CODE_UNREADABLE),
    "rating_codes_none": _codes(Stage.RATING, camera=False, scanner=False),
    "rating": _at(Stage.RATING),
    "rating_no_reader": _no_reader(Stage.RATING),
    "rating_asking": _at(Stage.RATING, querying=True),
    "rating_wrong": _at(Stage.RATING, notice=Remark.RATING_CODE_WRONG),
    **{f"rating_found_{one.value}": _at(Stage.RATING, notice=one) for one in Findings if one is not Findings.OPEN},
    "rating_card": _at(Stage.RATING_CARD),
    "rating_card_done": _at(Stage.RATING_CARD, notice=Findings.DONE, querying=False),
    "rating_grade": _at(Stage.RATING_GRADE),
    "rating_again": _at(Stage.RATING_GRADE, rating=RatingDraft(matters=(a_matter(kind=RatingKind.AGAIN),))),
    "rating_saving": _rating(Stage.RATING_GRADE, grade=5, saving=True),
    "rating_not_kept": _rating(Stage.RATING_GRADE, Remark.RATING_NOT_KEPT, grade=5),
    "rating_reasons": _at(Stage.RATING_REASONS),
    "rating_reasons_not_kept": _at(Stage.RATING_REASONS, notice=Remark.RATING_NOT_KEPT),
    "rating_done": _at(Stage.RATING_DONE, rating=RatingDraft()),
    "rating_done_more": _at(Stage.RATING_DONE),
}
