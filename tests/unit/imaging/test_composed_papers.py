"""The papers of composed photographs: invented, complete, and readable where they say so."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from stdnum.cn import ric, uscc

from drivers.scenes.compose import CARDS, PAPERS, SHEETS
from drivers.scenes.people import amount, credit_code, person


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_paper_has_the_size_it_says_and_its_text(name: str) -> None:
    paper = PAPERS[name](np.random.default_rng(1), 100)
    height, width = paper.image.shape[:2]
    assert (width, height) == tuple(round(side * 100 / 25.4) for side in paper.millimetres)
    inked = (paper.image.astype(int).min(axis=2) < 170).mean()
    if name == "blank":
        assert paper.lines == ()
        assert inked == 0
    else:
        assert len(paper.lines) >= 5
        assert inked > 0.003


@pytest.mark.parametrize("name", sorted(SHEETS | CARDS))
def test_every_paper_can_be_told_for_an_invention(name: str) -> None:
    text = "".join(PAPERS[name](np.random.default_rng(4), 100).lines)
    assert any(mark in text for mark in ("示例", "样本"))


@pytest.mark.parametrize("name", sorted(SHEETS | CARDS))
def test_fields_are_on_the_paper(name: str) -> None:
    """Dates stand apart on a card and an address takes two lines, so they are looked for piece by piece."""
    for seed in range(5):
        paper = PAPERS[name](np.random.default_rng(seed), 100)
        text = "".join(paper.lines).replace(" ", "")
        for key, value in paper.fields.items():
            day = key in {"birth", "valid_from", "valid_until"}
            wanted = [str(int(part)) for part in value.split("-")] if day else [value.replace(" ", "")]
            assert all(part in text for part in wanted), key


def test_numbers_have_right_check_digits_and_addresses_are_invented() -> None:
    random = np.random.default_rng(7)
    for _ in range(50):
        one = person(random)
        assert ric.is_valid(one.number)
        assert ric.get_birth_date(one.number).timetuple()[:3] == one.birth
        assert "示例" in one.address
        assert uscc.is_valid(credit_code(random))


def test_sums_in_figures_and_in_capital_numerals_agree() -> None:
    digits = "零壹贰叁肆伍陆柒捌玖"
    random = np.random.default_rng(8)
    for _ in range(50):
        figures, capitals = amount(random)
        value = int(figures.replace(",", "").removesuffix(".00"))
        read = digits.index(capitals[0]) * 10_000
        if "仟" in capitals:
            read += digits.index(capitals[capitals.index("仟") - 1]) * 1000
        assert read == value


@pytest.mark.parametrize("name", ["fee_notice", "licence"])
def test_codes_on_a_paper_can_be_read(name: str) -> None:
    paper = PAPERS[name](np.random.default_rng(2), 150)
    assert {found.text for found in zxingcpp.read_barcodes(paper.image)} == set(paper.codes)
    assert paper.codes


def test_a_card_has_round_corners_and_a_sheet_has_not() -> None:
    card = PAPERS["identity_front"](np.random.default_rng(0), 300).cover
    assert card is not None
    assert card[0, 0] == 0
    assert card[card.shape[0] // 2, 0] == card[0, card.shape[1] // 2] == 255
    assert PAPERS["lease"](np.random.default_rng(0), 100).cover is None
