"""Where pages can come from at this terminal, and the choice between them."""

from __future__ import annotations

from functools import partial

from kivy.uix.widget import Widget

from drivers.api.status import (
    DeviceClass,
    FeederState,
    ScannerBusy,
    ScannerHung,
    ScannerNeedsAttention,
    ScannerReady,
)
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import ChooseSource, PageSource
from screens.components import Choice, ChoiceList, words
from screens.lobby.screen import ScreenContext, Surroundings


def sources(surroundings: Surroundings) -> tuple[PageSource, ...]:
    """The camera, and what the scanner has; a scanner that cannot say so now may have both."""
    found: tuple[PageSource, ...] = ()
    match surroundings.status(DeviceClass.PAGE_SCANNER):
        case ScannerReady(flatbed=flatbed, feeder=feeder):
            found = (PageSource.FLATBED,) if flatbed else ()
            found += (PageSource.FEEDER,) if feeder is not FeederState.NONE else ()
        case ScannerBusy() | ScannerNeedsAttention() | ScannerHung():
            found = (PageSource.FLATBED, PageSource.FEEDER)
        case _:
            pass  # there is none, or nobody knows
    return (PageSource.CAMERA, *found)


def source_choice(context: ScreenContext, journey: Journey) -> list[Widget]:
    """The choice, where there is one; a page that is scanned again comes alone, and so never from the feeder."""
    offered = sources(context.surroundings)
    if journey.scanning.replaces is not None:
        offered = tuple(source for source in offered if source is not PageSource.FEEDER)
    if len(offered) < 2 and journey.scanning.source in offered:
        return []
    chosen = journey.scanning.source
    return [
        ChoiceList(
            context.ui,
            name="scan.source",
            choices=[Choice(source.value, words(f"lobby.scan.source.{source.value}")) for source in offered],
            selected=(chosen.value,),
            columns=len(offered) if context.ui.panel.portrait else 1,
            on_change=partial(_chosen, context),
        )
    ]


def _chosen(context: ScreenContext, values: tuple[str, ...]) -> None:
    if values:
        context.dispatch(ChooseSource(PageSource(values[0])))
