"""Colours and sizes against the measurable rules (accessibility: requirements section 0 item 10)."""

from __future__ import annotations

import itertools

import pytest

from kiosk.i18n import Language
from screens.theme import (
    MIN_SHAPE_CONTRAST,
    MIN_TEXT_CONTRAST,
    Look,
    Panel,
    TextRole,
    TextSize,
    Theme,
    contrast_ratio,
    palette,
)

BANDS = {
    TextSize.SMALL: (3.5, 4.2),
    TextSize.NORMAL: (4.8, 5.6),
    TextSize.LARGE: (6.4, 7.1),
    TextSize.LARGEST: (8.5, 9.0),
}
PANELS = [Panel(1080, 1920, 0.248), Panel(1920, 1080, 0.248), Panel(1080, 1920, 0.2745), Panel(2160, 3840, 0.1245)]


def test_contrast_ratio_is_that_of_wcag() -> None:
    white, black, grey = (1, 1, 1, 1), (0, 0, 0, 1), (119 / 255, 119 / 255, 119 / 255, 1)
    assert contrast_ratio(white, black) == pytest.approx(21.0)
    assert contrast_ratio(grey, white) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", list(Theme))
def test_every_text_pair_reaches_ten_to_one(theme: Theme) -> None:
    """Rule 5: at least 10:1 for text on public screens."""
    low = [(name, contrast_ratio(ink, fill)) for name, ink, fill in palette(theme).text_pairs()]
    assert [pair for pair in low if pair[1] < MIN_TEXT_CONTRAST] == []


@pytest.mark.parametrize("theme", list(Theme))
def test_every_meaningful_outline_reaches_three_to_one(theme: Theme) -> None:
    low = [(name, contrast_ratio(mark, fill)) for name, mark, fill in palette(theme).shape_pairs()]
    assert [pair for pair in low if pair[1] < MIN_SHAPE_CONTRAST] == []


@pytest.mark.parametrize(("panel", "size"), list(itertools.product(PANELS, TextSize)))
def test_capital_height_of_the_font_size_lies_in_its_band(panel: Panel, size: TextSize) -> None:
    """Rule 3, on every panel we know: the em in pixels gives the capital height in millimetres."""
    low, high = BANDS[size]
    assert low <= panel.font_px(size) * 0.733 * panel.pitch_mm <= high
    assert panel.font_px(size, TextRole.TITLE) > panel.font_px(size)


def test_the_default_look_is_large_enough_and_chinese() -> None:
    look = Look()
    assert look.size is TextSize.NORMAL
    assert look.language is Language.ZH
    assert not look.sound


def test_four_sizes_and_four_themes_come_round_again() -> None:
    size, theme = TextSize.NORMAL, Theme.LIGHT
    sizes, themes = [], []
    for _ in range(4):
        size, theme = size.next(), theme.next()
        sizes.append(size)
        themes.append(theme)
    assert set(sizes) == set(TextSize)
    assert set(themes) == set(Theme)
    assert (size, theme) == (TextSize.NORMAL, Theme.LIGHT)


def test_look_changes_one_thing_at_a_time() -> None:
    look = Look().with_(size=TextSize.LARGEST).with_(sound=True)
    assert look == Look(size=TextSize.LARGEST, sound=True)
    assert look.with_(sound=False) == Look(size=TextSize.LARGEST)


def test_millimetres_round_up_so_that_a_minimum_stays_one() -> None:
    panel = Panel(pitch_mm=0.248)
    assert panel.mm(panel.px(12.7)) >= 12.7
    assert panel.mm(panel.px(12.7)) < 12.7 + 0.248
