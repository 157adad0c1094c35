"""Every page of every form that is shipped: nothing clipped, every target as large as a finger, Continue in sight.

All combinations take minutes and are marked exhaustive (`script/test -m exhaustive`); what runs always is a sample that
changes with nothing but the forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from kiosk.flow.draft import CauseChoice, FormSlot
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Answers
from kiosk.forms.evaluate import evaluate
from kiosk.forms.model import Form
from kiosk.forms.paths import complete
from kiosk.i18n import Language
from screens.components import PageFrame
from screens.components.audit import Box, audit, box_of
from screens.theme import Look, Panel, TextSize, Theme
from tests.screens.conftest import LANDSCAPE, PORTRAIT, KioskWindow
from tests.screens.lobby.bench import MOMENT, reference
from tests.screens.lobby_forms.desk import Desk, empty_form
from tests.screens.lobby_forms.scenes import SCENES

pytestmark = pytest.mark.window

SLOTS = {
    "identity_typed": (FormSlot.PERSON, Stage.PERSON),
    "plaintiff_organisation": (FormSlot.ORGANISATION, Stage.ORGANISATION),
    "plaintiff_natural": (FormSlot.PLAINTIFF, Stage.PLAINTIFF),
    "agent": (FormSlot.AGENT, Stage.AGENT),
    "defendants": (FormSlot.OTHERS, Stage.OTHERS),
    "service_address": (FormSlot.ADDRESS, Stage.ADDRESS),
}
"""Forms that are no element form (要素式起诉状) of some cause."""

LOOKS = [
    (panel, language, size)
    for panel, language, size in product((PORTRAIT, LANDSCAPE), Language, (TextSize.NORMAL, TextSize.LARGEST))
]
SAMPLE_EVERY = 41
"""A prime, so that the sample walks through looks and pages alike."""


def element_forms() -> list[Form]:
    """The forms that a cause of action leads to."""
    return [form for form in reference().forms.all() if form.form_id not in {*SLOTS, "evidence_item"}]


def journeys_of(form: Form) -> Iterator[Journey]:
    """A journey at each page of `form`, with everything answered in several ways, so that every page is there once."""
    slot, stage = SLOTS.get(form.form_id, (FormSlot.CLAIM, Stage.CLAIM))
    start = empty_form(slot, stage)
    draft = start.require_draft()
    if slot is FormSlot.CLAIM:
        draft = replace(draft, cause=cause_of(form))
    seen: set[str] = set()
    for seed in range(6):
        answers = complete(form, Answers(), seed, date(2026, 3, 5))
        for page in evaluate(form, answers, MOMENT.date()).pages:
            key = page.key if "[" not in page.key else page.key.split("[")[0] + page.key.split("]")[1]
            if key not in seen:
                seen.add(key)
                yield replace(start, draft=replace(draft, answers={slot: answers}), page=page.key)


def cause_of(form: Form) -> CauseChoice | None:
    """A cause of action that leads to `form`; None for the general one."""
    causes, forms = reference().causes, reference().forms
    if not form.causes:
        return None
    cause = next(c for c in causes.fileable() if forms.for_cause(c.code, c.text_path) is form)
    return CauseChoice(cause.code, cause.name, cause.text_path, causes.version)


def all_pages() -> list[Journey]:
    """Every page of every form."""
    forms = [*(reference().forms.get(name) for name in SLOTS), *element_forms()]
    return [journey for form in forms for journey in journeys_of(form)]


def check(window: KioskWindow, panel: Panel, look: Look, journeys: list[Journey]) -> list[str]:
    """What is wrong with these pages in this look."""
    window.reset(panel, look)
    desk, wrong = Desk(window), []
    for journey, found in product(journeys, (False, True)):
        desk.open(replace(journey, language=look.language, findings_shown=found))
        wrong += [f"{journey.stage.value} {journey.page} {panel.width} {look}: {one}" for one in problems(window)]
    return wrong


def problems(window: KioskWindow) -> list[str]:
    """Broken rules of what is on the screen."""
    page = window.stage.page
    assert isinstance(page, PageFrame)
    found = [str(finding) for finding in audit(window.ui)]
    if page.continue_button is None or not box_of(page.continue_button).inside(whole(window)):
        found.append("the primary button is out of sight")
    return found


def whole(window: KioskWindow) -> Box:
    """The screen."""
    return Box(0, 0, window.ui.panel.width, window.ui.panel.height)


def test_a_sample_of_all_pages_in_all_looks(kiosk_window: KioskWindow) -> None:
    """ux-rule 21."""
    combinations = [(look, journey) for look in LOOKS for journey in all_pages()][::SAMPLE_EVERY]
    wrong: list[str] = []
    for panel, language, size in LOOKS:
        chosen = [journey for look, journey in combinations if look == (panel, language, size)]
        wrong += check(kiosk_window, panel, Look(language=language, size=size), chosen)
    assert wrong == []


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("panel", "language", "size"), LOOKS)
def test_all_pages_in_all_looks(kiosk_window: KioskWindow, panel: Panel, language: Language, size: TextSize) -> None:
    """ux-rule 21."""
    assert check(kiosk_window, panel, Look(language=language, size=size), all_pages()) == []


LARGE_ENGLISH = Look(language=Language.EN, size=TextSize.LARGEST, theme=Theme.YELLOW_ON_BLACK)


@pytest.mark.parametrize(
    ("panel", "look"),
    [
        (PORTRAIT, LARGE_ENGLISH),
        (LANDSCAPE, Look(language=Language.KO)),
        pytest.param(LANDSCAPE, LARGE_ENGLISH, marks=pytest.mark.exhaustive),
        pytest.param(PORTRAIT, Look(language=Language.KO, size=TextSize.LARGEST), marks=pytest.mark.exhaustive),
    ],
)
def test_every_place_is_in_order(kiosk_window: KioskWindow, panel: Panel, look: Look) -> None:
    """Evidence, camera, summaries, dialogs, review, signature."""
    wrong = []
    for name, scene in SCENES.items():
        kiosk_window.reset(panel, look)
        scene(Desk(kiosk_window))
        kiosk_window.frames(5)
        wrong += [f"{name}: {problem}" for problem in problems(kiosk_window)]
    assert wrong == []
