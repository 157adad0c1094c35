"""Pages by touch alone, from the simulated camera in three languages, and from the simulated scanner with a jam."""

from __future__ import annotations

import contextlib

import pytest

from kiosk.i18n import Language, catalogue
from tests.e2e.hand import NotOnScreenError, View
from tests.e2e.journey import Citizen
from tests.e2e.stack import Stack, temporary_stack

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.timeout(600)]


def can(*names: str):  # type: ignore[no-untyped-def]  # a test of a view
    """A view in which one of these can be touched."""
    return lambda view: any(view.find(name) is not None for name in names)


def says(key: str, language: Language, **values: object):  # type: ignore[no-untyped-def]  # the same
    """A view with this notice."""
    said = catalogue()[key].in_(language).format(**values)
    return lambda view: said in view.notices


def speak(stack: Stack, language: Language) -> None:
    """Choose another language where the person stands."""
    stack.hand.touch("service.language")
    stack.hand.touch(f"language.{language.value}")
    stack.hand.wait("the page again", lambda view: view.overlay == "none")


def kept(stack: Stack, language: Language, count: int) -> View:
    """Wait until so many pages are kept, said in that language."""
    return stack.hand.wait(f"{count} pages", says("lobby.evidence.pages", language, count=count), 60)


def test_pages_from_camera_and_feeder_by_touch() -> None:
    """S0-31, S1-32: taken by itself or by touch, cleaned, kept; many at once with a jam, and no
    page is lost or comes twice."""
    with temporary_stack() as stack:
        hand = stack.hand
        Citizen(stack).reach_evidence()
        hand.touch("evidence.add")
        hand.touch("evidence.scan")
        hand.at("scan")
        for count, language in enumerate((Language.ZH, Language.KO, Language.EN), 1):
            if language is not Language.ZH:
                speak(stack, language)
            stack.dock("next-photo")
            with contextlib.suppress(NotOnScreenError):  # the camera was quicker
                hand.touch("scan.take", deadline=2.0)
            hand.wait("the page cleaned", can("scan.turn"), 60)
            hand.touch("scan.accept")
            kept(stack, language, count)

        hand.touch("scan.source.feeder")  # five sheets lie in it, with two sides each
        stack.dock("jam", "--after", "2")
        hand.touch("scan.start")
        hand.wait("the jam", can("scan.start"), 90)
        jammed = hand.look()
        assert jammed is not None
        came = next(n for n in range(9) if says("lobby.scanner.ended.jammed", Language.EN, pages=n, next=n + 1)(jammed))
        kept(stack, Language.EN, 3 + came)
        stack.dock("clear")
        hand.touch("scan.start")
        hand.wait("the end", says("lobby.scanner.ended.complete", Language.EN, pages=10), 120)
        kept(stack, Language.EN, 13)
        hand.touch("nav.continue")
        hand.at("evidence_item")
        last = hand.wait("the last page", lambda view: any(one.name == "page.12.change" for one in view.targets))
        assert not any(one.name == "page.13.change" for one in last.targets)
