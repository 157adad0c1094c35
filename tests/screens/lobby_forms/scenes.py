"""Places of form pages, evidence, review and signature that a person can come to, each as a function that goes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from drivers.api.records import CaptureFailure
from drivers.api.status import DeviceClass, Disconnected
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Path
from tests.screens.lobby_forms.desk import Desk, empty_form

Scene = Callable[[Desk], None]

LENDING = "民间借贷纠纷"


def _claim(desk: Desk, page: str | None = None, cause: str = LENDING) -> None:
    journey = replace(empty_form(FormSlot.CLAIM, Stage.CLAIM, cause), language=desk.window.ui.language)
    desk.open(replace(journey, page=page))


def _page_with(desk: Desk, question: str, cause: str = LENDING) -> None:
    """The claim's page on which `question` is asked."""
    _claim(desk, cause=cause)
    for page in desk.pages(FormSlot.CLAIM):
        if any(view.path.name == question for view in page.questions):
            _claim(desk, page.key, cause)
            return
    raise LookupError(question)


def _findings(desk: Desk) -> None:
    _page_with(desk, "principal_owed")
    desk.window.tap("nav.continue")


def _typing(desk: Desk, question: str = "principal_owed") -> None:
    _page_with(desk, question)
    desk.window.tap(question)


def _interest(desk: Desk) -> None:
    _page_with(desk, "claim_interest")
    desk.window.tap("claim_interest.yes")


def _long_text(desk: Desk) -> None:
    _interest(desk)
    desk.window.tap("interest_method")


def _person(desk: Desk) -> None:
    desk.open(replace(empty_form(FormSlot.PERSON, Stage.PERSON), language=desk.window.ui.language))


def _document(desk: Desk) -> None:
    _person(desk)
    desk.open(replace(desk.journey, page=desk.pages(FormSlot.PERSON)[1].key))


def _others(desk: Desk, *, people: int = 2) -> None:
    desk.open(replace(empty_form(FormSlot.OTHERS, Stage.OTHERS), language=desk.window.ui.language))
    for index in range(people):
        desk.happen(ev.FieldAnswered(Path("defendant_kind", "defendants", index), "natural"))
        desk.happen(ev.FieldAnswered(Path("defendant_name", "defendants", index), f"李示{'甲乙丙丁'[index % 4]}"))
    desk.happen(ev.JumpTo(Stage.OTHERS, "defendants"))
    if people == 0:
        desk.open(replace(desk.journey, page="defendants"))


def _removing(desk: Desk) -> None:
    _others(desk)
    desk.window.tap("defendants.0.remove")


def _evidence(desk: Desk, *pages: int) -> None:
    desk.sit(Stage.EVIDENCE)
    desk.open(desk.journey.with_draft(evidence=desk.with_evidence(*pages)))


def _line(desk: Desk, pages: int = 5) -> None:
    _evidence(desk, pages)
    desk.window.tap("evidence.0.edit")


def _scan(desk: Desk) -> None:
    _line(desk, 2)
    desk.window.tap("evidence.scan")
    desk.preview(1)


def _taken(desk: Desk) -> None:
    _scan(desk)
    desk.window.tap("scan.take")
    desk.page_comes(found=False)


def _capturing(desk: Desk) -> None:
    _scan(desk)
    desk.window.frames(5)
    desk.window.tap("scan.take")


def _scan_failed(desk: Desk) -> None:
    _scan(desk)
    desk.window.tap("scan.take")
    desk.happen(ev.PictureFailed(CaptureFailure.NO_FRAME))


def _no_camera(desk: Desk) -> None:
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    _line(desk, 0)
    desk.window.tap("evidence.scan")


def _frozen(desk: Desk) -> None:
    _scan(desk)
    desk.window.frames(5)
    desk.window.clock.advance(10)
    desk.window.until(lambda: any(desk.window.ui.say(words_of("lobby.scan.frozen")) in t for t in desk.window.texts()))


def words_of(key: str) -> object:
    """A catalogue entry."""
    from screens.components import words

    return words(key)


def _review(desk: Desk, *, empty: bool = False) -> None:
    desk.sit(Stage.REVIEW)
    if empty:
        desk.sit(Stage.UNDERTAKING)
        desk.open(desk.journey.with_draft(answers={}, cause=None, evidence=desk.with_evidence(0)).at(Stage.REVIEW))
    desk.window.frames(30)


def _signature(desk: Desk) -> None:
    desk.sit(Stage.SIGNATURE)
    pad = desk.window.find("signature")
    desk.window.drag([(pad.x + pad.width * (0.2 + i / 50), pad.center_y + 60 * ((i % 8) - 4) / 4) for i in range(30)])


def _signed(desk: Desk) -> None:
    desk.sit(Stage.UNDERTAKING)
    desk.open(desk.journey.with_draft(signature=desk.a_signature()).at(Stage.SIGNATURE))


SCENES: dict[str, Scene] = {
    "claim": _claim,
    "amounts": partial(_page_with, question="principal_owed"),
    "findings": _findings,
    "typing": _typing,
    "interest": _interest,
    "long_text": _long_text,
    "person": _person,
    "document": _document,
    "no_defendant": partial(_others, people=0),
    "defendants": _others,
    "removing": _removing,
    "evidence_empty": _evidence,
    "evidence": lambda desk: _evidence(desk, 3, 0, 1),
    "line": _line,
    "line_empty": partial(_line, pages=0),
    "scan": _scan,
    "capturing": _capturing,
    "taken": _taken,
    "scan_failed": _scan_failed,
    "no_camera": _no_camera,
    "frozen": _frozen,
    "review": _review,
    "review_incomplete": partial(_review, empty=True),
    "signature": _signature,
    "signed": _signed,
}
