"""Every flaw of a page has words in three languages, and every region of the picture has, too."""

from __future__ import annotations

from itertools import product

import pytest

from drivers.api.records import FlawKind
from kiosk.i18n import Language, catalogue, tr

REGIONS = ("all", *("_".join(cell) for cell in product(("upper", "middle", "lower"), ("left", "centre", "right"))))
PLACED = (FlawKind.DARK, FlawKind.GLARE, FlawKind.SHADOW, FlawKind.COVERED, FlawKind.OUTSIDE, FlawKind.FOLDED)
SHORT = {Language.ZH: 30, Language.KO: 60, Language.EN: 95}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", FlawKind)
def test_every_flaw_is_one_short_sentence_in_every_region(kind: FlawKind, language: Language) -> None:
    """What is wrong is read while the hands are on the paper: it must be read at a glance."""
    sentences = {tr(f"flaws.{kind}", language, where=tr(f"flaws.where.{region}", language)) for region in REGIONS}
    assert len(sentences) == (len(REGIONS) if kind in PLACED else 1)
    assert all(len(sentence) <= SHORT[language] and "{" not in sentence for sentence in sentences)


def test_there_are_words_for_nothing_else() -> None:
    known = {f"flaws.{kind}" for kind in FlawKind} | {f"flaws.where.{region}" for region in REGIONS}
    assert {key for key in catalogue() if key.startswith("flaws.")} == known
