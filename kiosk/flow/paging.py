"""The order of a form's pages for the person: a repeat's summary is a hub, its instances are entered from there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kiosk.forms.evaluate import PageView

Pages = Sequence[PageView]

_INSTANCE = re.compile(r"([^/\[]+)\[(\d+)\]/")


def instance_of(key: str) -> tuple[str, int]:
    """The repeat and the index of the instance that a page belongs to; ("", 0) for other pages."""
    found = _INSTANCE.match(key)
    return (found[1], int(found[2])) if found else ("", 0)


def entered(page: PageView, pages: Pages) -> PageView:
    """The page to show when the person comes to `page` from outside: a repeat that has instances opens at its summary,
    one that must have some and has none opens at the first."""
    repeat, _ = instance_of(page.key)
    summary = _summary(repeat, pages)
    return summary if summary is not None and _has_instances(summary) else page


def next_page(page: PageView, pages: Pages) -> PageView | None:
    """Where Continue leads; None behind the last page. After an instance comes the summary of its repeat."""
    position = pages.index(page) + 1
    if position == len(pages):
        return None
    following = pages[position]
    repeat, _ = here = instance_of(page.key)
    if not repeat:
        return entered(following, pages)
    return following if instance_of(following.key) == here else _summary(repeat, pages)


def previous_page(page: PageView, pages: Pages) -> PageView | None:
    """Where Back leads; None before the first page. An instance leads to its summary, that to before the repeat."""
    position = pages.index(page)
    repeat, _ = here = instance_of(page.key)
    if repeat:
        if position and instance_of(pages[position - 1].key) == here:
            return pages[position - 1]
        summary = _summary(repeat, pages)
        if summary is not None and _has_instances(summary):
            return summary
    elif page.repeat is not None:
        repeat = page.repeat.name
    while position and repeat and instance_of(pages[position - 1].key)[0] == repeat:
        position -= 1
    return pages[position - 1] if position else None


def _summary(repeat: str, pages: Pages) -> PageView | None:
    return next((page for page in pages if page.repeat is not None and page.repeat.name == repeat), None)


def _has_instances(summary: PageView) -> bool:
    """Whether the person has added any; the empty one that a required repeat shows by itself does not count."""
    return summary.repeat is not None and bool(summary.repeat.instances) and summary.repeat.finding is None
