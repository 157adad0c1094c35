"""Every state of every lobby screen, in each language, upright and wide: the rules that a ruler checks."""

from __future__ import annotations

import pytest

from kiosk.i18n import Language
from screens.theme import Look, Panel, TextSize, Theme
from tests.screens.lobby.bench import Bench
from tests.screens.lobby.states import STATES

pytestmark = [pytest.mark.window, pytest.mark.timeout(600)]

PANELS = {"upright": Panel(1080, 1920), "wide": Panel(1920, 1080)}

MAY_SCROLL = {
    *("court", "cause", "cause_typing", "materials", "fee", "review", "review_incomplete"),
    *("my_case_result", "evidence", "evidence_item", "draft_found_left_out"),
}
"""Lists whose length depends on the case; everything else is in sight at once at the usual text size."""


def broken_rules(window, look: Look, *, scrolling_too: bool = False) -> list[str]:
    """What is wrong in any state in `look`; with `scrolling_too` also what must be scrolled."""
    found = []
    for name, put in STATES.items():
        window.ui.look = look
        put(Bench(window))
        found += [f"{name}: {finding}" for finding in window.findings()]
        scroll = getattr(window.stage.page, "scroll", None)
        if scrolling_too and name not in MAY_SCROLL and scroll is not None and scroll.hidden_height > 0:
            found.append(f"{name}: {scroll.hidden_height:.0f} px must be scrolled for")
    return found


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", Language)
def test_at_the_usual_size_all_is_in_sight(kiosk_window, panel: str, language: Language) -> None:
    """Rules 1, 2, 10 and 21: targets ≥ 12.7 mm, gaps ≥ 2.54 mm, no clipped text; privacy notice with both answers and
    receipt with number, code and buttons without scrolling."""
    kiosk_window.reset(PANELS[panel])
    assert broken_rules(kiosk_window, Look(language=language), scrolling_too=True) == []


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", Language)
def test_in_the_largest_text_nothing_is_clipped(kiosk_window, panel: str, language: Language) -> None:
    """Rules 1, 2 and 21 in the text size that needs the most room, in the theme of the highest contrast."""
    kiosk_window.reset(PANELS[panel])
    look = Look(size=TextSize.LARGEST, theme=Theme.YELLOW_ON_BLACK, language=language)
    assert broken_rules(kiosk_window, look) == []


def test_in_the_third_size_nothing_is_clipped(kiosk_window) -> None:
    """The same between the two, on a dark page."""
    assert broken_rules(kiosk_window, Look(theme=Theme.DARK, size=TextSize.LARGE)) == []
