"""Places of form pages, evidence, review and signature that a person can come to, each as a function going there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from drivers.api.records import CaptureFailure, Flaw, FlawKind, ScanEnd
from drivers.api.status import DeviceClass, Disconnected, FeederState, ScannerReady
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.page_events import PageSpoiled, ScannerEnded
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Path
from kiosk.pages.model import Unusable
from tests.screens.lobby_forms.desk import Desk, a_frame, empty_form

Scene = Callable[[Desk], None]

LENDING = "民间借贷纠纷"


def claim(desk: Desk, page: str | None = None, cause: str = LENDING) -> None:
    journey = replace(empty_form(FormSlot.CLAIM, Stage.CLAIM, cause), language=desk.window.ui.language)
    desk.open(replace(journey, page=page))


def at_question(desk: Desk, question: str, cause: str = LENDING) -> None:
    """The claim's page on which `question` is asked."""
    claim(desk, cause=cause)
    for page in desk.pages(FormSlot.CLAIM):
        if any(view.path.name == question for view in page.questions):
            claim(desk, page.key, cause)
            return
    raise LookupError(question)


def _findings(desk: Desk) -> None:
    at_question(desk, "principal_owed")
    desk.window.tap("nav.continue")


def _typing(desk: Desk, question: str = "principal_owed") -> None:
    at_question(desk, question)
    desk.window.tap(question)


def interest(desk: Desk) -> None:
    at_question(desk, "claim_interest")
    desk.window.tap("claim_interest.yes")


def _long_text(desk: Desk) -> None:
    interest(desk)
    desk.window.tap("interest_method")


def person(desk: Desk) -> None:
    desk.open(replace(empty_form(FormSlot.PERSON, Stage.PERSON), language=desk.window.ui.language))


def document(desk: Desk) -> None:
    person(desk)
    desk.open(replace(desk.journey, page=desk.pages(FormSlot.PERSON)[1].key))


def others(desk: Desk, *, people: int = 2) -> None:
    desk.open(replace(empty_form(FormSlot.OTHERS, Stage.OTHERS), language=desk.window.ui.language))
    for index in range(people):
        desk.happen(ev.FieldAnswered(Path("defendant_kind", "defendants", index), "natural"))
        desk.happen(ev.FieldAnswered(Path("defendant_name", "defendants", index), f"李示{'甲乙丙丁'[index % 4]}"))
    desk.happen(ev.JumpTo(Stage.OTHERS, "defendants"))
    if people == 0:
        desk.open(replace(desk.journey, page="defendants"))


def defendant_organisation(desk: Desk) -> None:
    """What is asked of a defendant that is an organisation."""
    others(desk, people=1)
    desk.happen(ev.FieldAnswered(Path("defendant_kind", "defendants", 0), "organisation"))
    desk.open(replace(desk.journey, page="defendants[0]/defendant_unit"))


def _credit_code(desk: Desk) -> None:
    defendant_organisation(desk)
    desk.window.tap("defendants[0]/defendant_uscc")


def _removing(desk: Desk) -> None:
    others(desk)
    desk.window.tap("defendants.0.remove")


def evidence(desk: Desk, *pages: int) -> None:
    desk.sit(Stage.EVIDENCE)
    desk.open(desk.journey.with_draft(evidence=desk.with_evidence(*pages)))


def line(desk: Desk, pages: int = 5) -> None:
    evidence(desk, pages)
    desk.window.tap("evidence.0.edit")


def scan(desk: Desk) -> None:
    line(desk, 2)
    desk.window.tap("evidence.scan")
    desk.preview(1)


def taken(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    desk.page_comes(found=False)


def _capturing(desk: Desk) -> None:
    scan(desk)
    desk.window.frames(5)
    desk.window.tap("scan.take")


def _scan_failed(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    desk.happen(ev.PictureFailed(CaptureFailure.NO_FRAME))


def _flaw(desk: Desk) -> None:
    scan(desk)
    desk.presenter.preview(a_frame(1, flaws=(Flaw(FlawKind.COVERED, (0.4, 0.2, 0.6, 0.4)),)))


def _counting(desk: Desk) -> None:
    scan(desk)
    desk.presenter.preview(a_frame(1, ready=True))
    desk.window.until(lambda: "2" in desk.window.texts())


def _looks_the_same(desk: Desk) -> None:
    scan(desk)
    first = desk.journey.require_evidence()[1].pages[0]
    desk.window.tap("scan.take")
    key = desk.page_comes(found=False, cleaned=False)
    desk.page_is_cleaned(key, Flaw(FlawKind.SAME, page=1), same=first)


def several(desk: Desk, *, count: int = 2, cards: bool = True, cleaned: bool = True) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    desk.several_come(count, cards=cards, cleaned=cleaned)
    desk.window.frames(5)


def _one_of_several(desk: Desk) -> None:
    several(desk, count=4, cards=False)
    desk.window.tap("several.1")
    desk.window.frames(5)


def _all_on_one_page(desk: Desk) -> None:
    several(desk)
    desk.window.tap("several.together")
    assert desk.journey.taken is not None
    desk.page_is_cleaned(desk.journey.taken.key)


def _spoiled(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    desk.happen(PageSpoiled(desk.page_comes(cleaned=False), Unusable.FAILED))


def feeder(desk: Desk) -> None:
    """At a terminal with a scanner, its feeder chosen."""
    desk.surroundings.devices[DeviceClass.PAGE_SCANNER] = ScannerReady(True, FeederState.LOADED, True)
    scan(desk)
    desk.window.tap("scan.source.feeder")


def _feeding(desk: Desk) -> None:
    feeder(desk)
    desk.window.tap("scan.start")
    for number in (1, 2):
        desk.sheet_comes(number, cleaned=number == 1)


def _jammed(desk: Desk) -> None:
    _feeding(desk)
    desk.happen(ScannerEnded(ScanEnd.JAMMED, 2))


def _page_dialog(desk: Desk) -> None:
    evidence(desk, 3, 1)
    desk.window.tap("evidence.0.edit")
    desk.window.tap("page.1.change")


def no_camera(desk: Desk) -> None:
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    line(desk, 0)
    desk.window.tap("evidence.scan")


def _frozen(desk: Desk) -> None:
    scan(desk)
    desk.window.frames(5)
    desk.window.clock.advance(10)
    desk.window.until(lambda: any(desk.window.ui.say(words_of("lobby.scan.frozen")) in t for t in desk.window.texts()))


def words_of(key: str) -> object:
    """A catalogue entry."""
    from screens.components import words

    return words(key)


def review(desk: Desk, *, empty: bool = False) -> None:
    desk.sit(Stage.REVIEW)
    if empty:
        desk.sit(Stage.UNDERTAKING)
        desk.open(desk.journey.with_draft(answers={}, cause=None, evidence=desk.with_evidence(0)).at(Stage.REVIEW))
    desk.window.frames(30)


def signature(desk: Desk) -> None:
    desk.sit(Stage.SIGNATURE)
    pad = desk.window.find("signature")
    desk.window.drag([(pad.x + pad.width * (0.2 + i / 50), pad.center_y + 60 * ((i % 8) - 4) / 4) for i in range(30)])


def _signed(desk: Desk) -> None:
    desk.sit(Stage.UNDERTAKING)
    desk.open(desk.journey.with_draft(signature=desk.a_signature()).at(Stage.SIGNATURE))


SCENES: dict[str, Scene] = {
    "claim": claim,
    "amounts": partial(at_question, question="principal_owed"),
    "findings": _findings,
    "typing": _typing,
    "interest": interest,
    "long_text": _long_text,
    "person": person,
    "document": document,
    "no_defendant": partial(others, people=0),
    "defendants": others,
    "credit_code": _credit_code,
    "removing": _removing,
    "evidence_empty": evidence,
    "evidence": lambda desk: evidence(desk, 3, 0, 1),
    "line": line,
    "line_empty": partial(line, pages=0),
    "scan": scan,
    "capturing": _capturing,
    "taken": taken,
    "scan_failed": _scan_failed,
    "flaw": _flaw,
    "counting": _counting,
    "looks_the_same": _looks_the_same,
    "spoiled": _spoiled,
    "sides_of_a_card": several,
    "receipts": partial(several, count=6, cards=False),
    "several_waiting": partial(several, count=3, cleaned=False),
    "one_of_several": _one_of_several,
    "all_on_one_page": _all_on_one_page,
    "feeder": feeder,
    "feeding": _feeding,
    "jammed": _jammed,
    "page_dialog": _page_dialog,
    "no_camera": no_camera,
    "frozen": _frozen,
    "review": review,
    "review_incomplete": partial(review, empty=True),
    "signature": signature,
    "signed": _signed,
}
