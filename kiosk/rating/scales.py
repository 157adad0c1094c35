"""The rating scales (评价等级) and the reasons offered with a bad grade, from scales.toml.

Five grades of GB/T 39734-2020 and 39735-2020 are the default; courts that use another scale choose it in the hub's
configuration. A grade has no default and no order of merit on the screen: every button is as large as the others.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from kiosk.court.queueing import Names
from kiosk.court.rating import GRADES, PublishedGrade, PublishedReason, PublishedScale, RatingScales
from kiosk.i18n import Text


class Verdict(StrEnum):
    """How a grade counts."""

    GOOD = "good"
    MIDDLE = "middle"
    BAD = "bad"  # 差评: opens a follow-up


class Indicator(StrEnum):
    """What a reason is about: the on-site indicators in local use (服务效率、服务水平、服务态度), and the place."""

    EFFICIENCY = "efficiency"
    COMPETENCE = "competence"
    ATTITUDE = "attitude"
    PLACE = "place"


class ScalesError(Exception):
    """scales.toml contradicts itself."""


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One grade of a scale."""

    value: int
    verdict: Verdict
    words: Text


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scale, best grade first. `source` says which rule or which court's practice it follows."""

    id: str
    source: str
    grades: tuple[Grade, ...]

    def grade(self, value: int) -> Grade:
        """The grade `value`. Raises KeyError where this scale has none."""
        for grade in self.grades:
            if grade.value == value:
                return grade
        raise KeyError(value)

    def values(self, verdict: Verdict) -> frozenset[int]:
        """The grades that count as `verdict`."""
        return frozenset(grade.value for grade in self.grades if grade.verdict is verdict)


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason for a bad grade. `annex_a`: compared with GB/T 39734-2020 annex A and found there."""

    code: str
    indicator: Indicator
    words: Text
    source: str | None = None
    annex_a: bool = False


class Scales(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in scales.toml. `version` is what an answer names as its `form_version`."""

    version: str
    default: str
    scales: tuple[Scale, ...]
    reasons: tuple[Reason, ...]

    def scale(self, scale_id: str) -> Scale:
        """The scale `scale_id`. Raises KeyError for one that is not held."""
        for scale in self.scales:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)

    def reason(self, code: str) -> Reason | None:
        """The reason `code`; None for one of another version."""
        return next((reason for reason in self.reasons if reason.code == code), None)


@cache
def scales() -> Scales:
    """The scales that come with the program. Raises ScalesError, msgspec.ValidationError for a damaged file."""
    return read_scales(files(__package__).joinpath("scales.toml").read_bytes())


def read_scales(content: bytes) -> Scales:
    """`content` (TOML) as scales. Raises ScalesError, msgspec.ValidationError, msgspec.DecodeError."""
    held = msgspec.toml.decode(content, type=Scales)
    for scale in held.scales:
        values = [grade.value for grade in scale.grades]
        if values != sorted(set(values), reverse=True) or not set(values) <= set(GRADES):
            raise ScalesError(f"{scale.id}: grades go down from the best, each once, within 1 to 5")
        order = [list(Verdict).index(grade.verdict) for grade in scale.grades]
        if order != sorted(order) or not {Verdict.GOOD, Verdict.BAD} <= {grade.verdict for grade in scale.grades}:
            raise ScalesError(f"{scale.id}: good grades come before middle ones and those before bad ones")
    for what, names in (("scale", [s.id for s in held.scales]), ("reason", [r.code for r in held.reasons])):
        if len(names) != len(set(names)):
            raise ScalesError(f"a {what} stands twice")
    if held.default not in {scale.id for scale in held.scales}:
        raise ScalesError(f"the default scale {held.default} is missing")
    return held


def published(held: Scales, default: str) -> RatingScales:
    """`held` as the contract tells it to pads and terminals; `default` is the court's own choice."""

    def names(words: Text) -> Names:
        return Names(zh=words.zh, ko=words.ko, en=words.en)

    return RatingScales(
        version=held.version,
        default=default,
        scales=tuple(
            PublishedScale(
                id=scale.id,
                source=scale.source,
                grades=tuple(
                    PublishedGrade(value=grade.value, bad=grade.verdict is Verdict.BAD, names=names(grade.words))
                    for grade in scale.grades
                ),
            )
            for scale in held.scales
        ),
        reasons=tuple(PublishedReason(code=reason.code, names=names(reason.words)) for reason in held.reasons),
    )
