"""What is wrong with a page, in words."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.api.records import Flaw, FlawKind
from kiosk.flow.journey import Journey
from kiosk.flow.world import World
from kiosk.i18n import Text
from kiosk.services.dossier import Dossier
from kiosk.session.scratch import ScratchKey
from screens.components import Words, words

_WORST_FIRST = (
    FlawKind.OUTSIDE,
    FlawKind.COVERED,
    FlawKind.MOVING,
    FlawKind.DARK,
    FlawKind.BLURRED,
    FlawKind.GLARE,
    FlawKind.FAR,
    FlawKind.SHADOW,
    FlawKind.FOLDED,
    FlawKind.BLANK,
    FlawKind.SAME,
    FlawKind.TURNED,
)
"""What is said where several things are wrong: first what keeps most of the page from being read."""


def worst(flaws: Sequence[Flaw]) -> Flaw | None:
    """The one that is said, since only one sentence is read."""
    return min(flaws, key=lambda flaw: _WORST_FIRST.index(flaw.kind), default=None)


def in_order(flaws: Sequence[Flaw]) -> list[Flaw]:
    """All of them, the worst first."""
    return sorted(flaws, key=lambda flaw: _WORST_FIRST.index(flaw.kind))


def flaw_words(flaw: Flaw) -> Text:
    """The sentence that says what is wrong, where, and what helps."""
    return words(f"flaws.{flaw.kind.value}", where=region_words(flaw))


def region_words(flaw: Flaw) -> Text:
    """Where in the picture: one of nine regions."""
    if flaw.area is None:
        return words("flaws.where.all")
    left, top, right, bottom = flaw.area
    across, down = (left + right) / 2, (top + bottom) / 2
    row = "upper" if down < 1 / 3 else "lower" if down > 2 / 3 else "middle"
    column = "left" if across < 1 / 3 else "right" if across > 2 / 3 else "centre"
    return words(f"flaws.where.{row}_{column}")


def finding_words(flaw: Flaw, same: ScratchKey | None, journey: Journey, world: World) -> Words:
    """What the person should look at on a page that was cleaned."""
    if flaw.kind is FlawKind.SAME and same is not None:
        return _same(same, journey, world)
    return flaw_words(flaw)


def _same(key: ScratchKey, journey: Journey, world: World) -> Words:
    for entry in Dossier(journey, world).evidence:
        if key in entry.pages:
            number = entry.pages.index(key) + 1
            title = entry.filled.text("title") or words("lobby.evidence.number", number=entry.index + 1)
            return words("lobby.page.same", what=title, number=number)
    return flaw_words(Flaw(FlawKind.SAME))
