"""The rating scales: what a pad shows and what counts as bad."""

from __future__ import annotations

from importlib.resources import files

import pytest

from kiosk.rating.scales import ScalesError, Verdict, published, read_scales, scales

SHIPPED = files("kiosk.rating").joinpath("scales.toml").read_bytes()


def test_the_four_scales() -> None:
    """Five grades of GB/T 39735 by default; the star scale and the two scales of four with their own words (S2-10)."""
    held = scales()
    words = {scale.id: [grade.words.zh for grade in scale.grades] for scale in held.scales}
    assert words == {
        "gb-5": ["非常满意", "满意", "基本满意", "不满意", "非常不满意"],
        "spc-star-5": ["非常满意", "满意", "一般", "较差", "很差"],
        "henan-4": ["满意", "比较满意", "一般", "不满意"],
        "window-4": ["非常满意", "满意", "一般", "不满意"],
    }
    assert held.default == "gb-5"
    bad = {scale.id: scale.values(Verdict.BAD) for scale in held.scales}
    assert bad == {"gb-5": {1, 2}, "spc-star-5": {1, 2}, "henan-4": {1}, "window-4": {1}}
    assert all(scale.source for scale in held.scales)


def test_no_reason_claims_an_annex_nobody_has_read() -> None:
    """GB/T 39734 annex A has not been compared: until it is, nothing may pass for one of its items."""
    assert not any(reason.annex_a for reason in scales().reasons)
    assert len({reason.words.zh for reason in scales().reasons}) == len(scales().reasons) >= 10


def test_every_wording_fits_on_a_button() -> None:
    """The published form holds every grade and reason in three languages, within the contract's lengths."""
    told = published(scales(), "henan-4")
    assert told.default == "henan-4"
    for scale in told.scales:
        assert [grade.value for grade in scale.grades] == sorted((grade.value for grade in scale.grades), reverse=True)
        assert scale.grades[-1].bad
        assert not scale.grades[0].bad
    assert {reason.code for reason in told.reasons} == {reason.code for reason in scales().reasons}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'default = "gb-5"', b'default = "none"'),
        (b'id = "henan-4"', b'id = "gb-5"'),
        (b'code = "slow"', b'code = "waited_long"'),
        (b"value = 5, verdict", b"value = 6, verdict"),
        (b'value = 5, verdict = "good"', b'value = 5, verdict = "bad"'),
    ],
)
def test_a_contradiction_is_refused(old: bytes, new: bytes) -> None:
    """A scale nobody can answer on, or that counts the best grade as bad, is found when it is loaded."""
    assert old in SHIPPED
    with pytest.raises(ScalesError):
        read_scales(SHIPPED.replace(old, new, 1))
