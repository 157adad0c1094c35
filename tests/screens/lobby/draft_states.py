"""States of the pages about drafts from elsewhere and drafts that are kept, and of the dialogs that lead there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from drivers.api.status import CodeScannerReady, DeviceClass, Disconnected
from kiosk.agent.draft_messages import DraftRefusal
from kiosk.agent.messages import AgentStatus, HubState
from kiosk.court.contract import MatterChannel
from kiosk.flow.draft_state import LeftOut
from kiosk.flow.events import PaperState
from kiosk.flow.journey import Overlay, Remark
from kiosk.flow.stage import Stage
from kiosk.i18n import Text
from tests.screens.lobby.bench import Bench

Put = Callable[[Bench], None]

LEFT_OUT = (
    LeftOut(Text("借款用途", "차용용도", "What the loan was for"), "经营周转，2024年春节前后进货"),
    LeftOut(Text("起诉状", "소장", "Complaint"), "对方多次承诺还款，都没有做到。" * 12),
    LeftOut(Text("案由", "사건사유", "Cause of action"), "999.99"),
)


def _at(stage: Stage, **changes: object) -> Put:
    return lambda bench: bench.at(stage, **changes)


def _code_alone(bench: Bench) -> None:
    bench.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    bench.surroundings.devices[DeviceClass.CODE_SCANNER] = CodeScannerReady(heard=False)
    bench.at(Stage.DRAFT_CODE)


def _found(bench: Bench, *, begun_in: MatterChannel = MatterChannel.WEB, **changes: object) -> None:
    from tests.screens.lobby.bench import journeys

    here = journeys()[Stage.DRAFT_FOUND].require_taken_up()
    origin = here.draft.origin
    assert origin is not None
    draft = replace(here.draft, origin=origin.model_copy(update={"begun_in": begun_in}))
    bench.at(Stage.DRAFT_FOUND, taken_up=replace(here, draft=draft, **changes))


def _kept(slip: PaperState) -> Put:
    def put(bench: Bench) -> None:
        from tests.screens.lobby.bench import journeys

        bench.at(Stage.DRAFT_KEPT, keeping=replace(journeys()[Stage.DRAFT_KEPT].require_keeping(), slip=slip))

    return put


def _leaving_offline(bench: Bench) -> None:
    bench.surroundings.agent = AgentStatus(HubState.OFFLINE, 3, accepting=True)
    bench.at(Stage.OPTIONS, overlay=Overlay.LEAVE)


DRAFT_STATES: dict[str, Put] = {
    "draft_code": _at(Stage.DRAFT_CODE),
    "draft_code_scanner": _code_alone,
    "draft_code_asking": _at(Stage.DRAFT_CODE, querying=True),
    "draft_code_wrong": _at(Stage.DRAFT_CODE, notice=Remark.DRAFT_CODE_WRONG),
    **{f"draft_code_{one.value}": _at(Stage.DRAFT_CODE, notice=one) for one in DraftRefusal},
    "draft_found": _found,
    "draft_found_circuit": lambda bench: _found(bench, begun_in=MatterChannel.CIRCUIT),
    "draft_found_left_out": lambda bench: _found(bench, left_out=LEFT_OUT),
    "draft_found_stays": _at(Stage.DRAFT_FOUND, notice=DraftRefusal.OFFLINE),
    "draft_erasing": _at(Stage.DRAFT_FOUND, querying=True),
    "draft_erase": _at(Stage.DRAFT_FOUND, overlay=Overlay.ERASE_DRAFT),
    "draft_erased": _at(Stage.CAPACITY, notice=Remark.DRAFT_ERASED),
    "draft_leave": _at(Stage.OPTIONS, overlay=Overlay.LEAVE),
    "draft_leave_offline": _leaving_offline,
    "draft_to_window": _at(Stage.OPTIONS, overlay=Overlay.WINDOW),
    "draft_keeping": _at(Stage.DRAFT_KEEPING),
    "draft_keeping_asking": _at(Stage.DRAFT_KEEPING, querying=True),
    "draft_keeping_offline": _at(Stage.DRAFT_KEEPING, notice=DraftRefusal.OFFLINE),
    "draft_kept": _kept(PaperState.PRINTED),
    "draft_kept_no_paper": _kept(PaperState.NOT_PRINTED),
}
