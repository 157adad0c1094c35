"""The way of somebody who could not get something done, by its longest, and the roster they may look at instead."""

from __future__ import annotations

from datetime import timedelta

from msgspec import structs

from kiosk.agent.ticket_messages import OfferView
from kiosk.agent.unresolved_messages import DutyFound, LeaderView, UnresolvedKept
from kiosk.config.model import Names
from kiosk.court.unresolved import LeaderPost, UnresolvedKind, UnresolvedPlace
from kiosk.flow import events as ev
from kiosk.flow import unresolved_events as un
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.flow.unresolved_handing_in import CORRECTABLE
from kiosk.flow.world import World
from kiosk.services.synthetic import SyntheticPerson

DUTY = DutyFound(
    "",
    "2026-03-05",
    (
        LeaderView("示例甲", LeaderPost.PRESIDENT, "08:30", "11:30", Names("一楼接待室", "1층 접견실", "Room 1")),
        LeaderView("示例乙", LeaderPost.ENFORCEMENT, "13:30", "17:00", Names("一楼接待室", "1층 접견실", "Room 1")),
    ),
    "reception",
)
KEPT = UnresolvedKept("", "T-3F9A12C7", "2026-03-05T09:00:00+08:00", "B20260305-001", "2026-03-12")
KEPT_OFFLINE = UnresolvedKept("", "T-3F9A12C7", "2026-03-05T09:00:00+08:00")
ACCOUNT = "材料交了三次，每次说的都不一样。"
PHONE = "13900000001"


def with_windows(offers: tuple[OfferView, ...]) -> tuple[OfferView, ...]:
    """The offers, each at two windows of its own or its neighbour's."""
    return tuple(structs.replace(one, windows=(str(i + 1), str(i + 2))) for i, one in enumerate(offers))


def the_way(now: World, offers: tuple[OfferView, ...]) -> tuple[ev.Event, ...]:
    """Every page of a report, a date and a card among them."""
    return (
        ev.ChooseService(ev.Service.UNRESOLVED),
        ev.QueuesFound(with_windows(offers)),
        un.DutyTold(DUTY),
        ev.ChooseService(ev.Service.UNRESOLVED),
        un.ChooseKind(UnresolvedKind.SENT_BACK),
        un.ChoosePlace(UnresolvedPlace.SERVICE),
        ev.ChooseMatter(offers[0].service),
        un.AskOtherDay(),
        un.ChooseDay(now.now.date() - timedelta(days=12)),
        un.WriteAccount(ACCOUNT),
        ev.Continue(),
        un.AnswerCallBack(wanted=True),
        ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
        ev.CardRead(SyntheticPerson(3).card),
        un.GiveContact(SyntheticPerson(3).card.name, PHONE),
        ev.Continue(),
        ev.Continue(),
        un.ReportKept(KEPT),
        ev.SlipChanged(ev.PaperState.PRINTED),
    )


def unresolved_journeys(home: Journey, now: World, offers: tuple[OfferView, ...]) -> dict[Stage, Journey]:
    """The journey as it last stood at each page of the way, and at the roster."""
    seen: dict[Stage, Journey] = {}
    for event in the_way(now, offers):
        home = transition(home, event, now).journey
        seen[home.stage] = home
    seen[Stage.DUTY] = transition(seen[Stage.UNRESOLVED], ev.ChooseService(ev.Service.DUTY), now).journey
    return seen


def unresolved_touches(now: World) -> list[ev.Event]:
    """What a person could touch on these pages, sensible or not."""
    today = now.now.date()
    return [
        *(un.ChooseKind(kind) for kind in UnresolvedKind),
        *(un.ChoosePlace(place) for place in UnresolvedPlace),
        un.ChooseWindow("3"),
        un.ChooseWindow("no window"),
        un.AskOtherDay(),
        un.ChooseDay(today),
        un.ChooseDay(today + timedelta(days=1)),
        un.WriteAccount(ACCOUNT),
        un.WriteAccount(""),
        un.AnswerCallBack(wanted=True),
        un.AnswerCallBack(wanted=False),
        un.GiveContact("", PHONE),
        un.GiveContact("李示例", "12"),
        *(ev.JumpTo(stage) for stage in CORRECTABLE),
    ]


UNRESOLVED = tuple(stage for stage in Stage if stage.value.startswith(("unresolved", "duty")))
"""Every place on the way."""
