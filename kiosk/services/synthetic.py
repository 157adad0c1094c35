"""A synthetic person who walks through the whole filing journey without a screen, for load and fault tests.

Only the flow's own events are used, so what a person could not do on the screen cannot happen here either. All people
are invented: numbers have valid check digits, addresses say 示例.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

from PIL import Image, ImageDraw

from drivers.api.records import IdentityCard, IdentityKind
from kiosk.court.envelope import MediationWish
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot, Represented
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.world import EVIDENCE_FORM, World
from kiosk.forms.answers import Answers, Path, set_value
from kiosk.forms.model import Form
from kiosk.forms.paths import complete
from kiosk.identity.personal import check_character
from kiosk.session.scratch import Scratch

DIVORCE = "离婚纠纷"
CAUSES = (
    "民间借贷纠纷",
    "买卖合同纠纷",
    DIVORCE,
    "劳动合同纠纷",
    "物业服务合同纠纷",
    "房屋租赁合同纠纷",
    "机动车交通事故责任纠纷",
)
MOST_PAGES = 100
"""More than any form has; touches that come after the last page fall on the next screen and are not sent."""

_FAMILY, _GIVEN = "张王李赵刘陈杨黄周吴", ("伟示", "秀示例", "建国示例", "丽示", "敏示例", "强示")


def synthetic_card(dice: random.Random) -> IdentityCard:
    """A resident identity card of nobody."""
    birth = f"{dice.randint(1950, 2005)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}"
    serial = dice.randint(1, 999)
    first_17 = f"220102{birth}{serial:03d}"
    return IdentityCard(
        kind=IdentityKind.RESIDENT,
        name=dice.choice(_FAMILY) + dice.choice(_GIVEN),
        sex="1" if serial % 2 else "2",
        birth=f"{birth[:4]}-{birth[4:6]}-{birth[6:]}",
        number=first_17 + check_character(first_17),
        valid_from="2020-01-01",
        valid_to="2040-01-01",
        nation="01",
        address=f"吉林省长春市南关区示例路{dice.randint(1, 999)}号",
        authority="长春市公安局示例分局",
    )


def synthetic_page(dice: random.Random) -> bytes:
    """A page of "evidence" as JPEG, about as large as a real scan is small."""
    page = Image.new("L", (620, 877), 250)
    pen = ImageDraw.Draw(page)
    for row in range(40):
        pen.line((60, 60 + row * 19, dice.randint(300, 560), 60 + row * 19), fill=dice.randint(20, 90), width=3)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=70)
    return out.getvalue()


def synthetic_signature(dice: random.Random) -> bytes:
    """A scribble as PNG."""
    picture = Image.new("RGBA", (480, 160), (255, 255, 255, 0))
    points = [(20 + i * 30, dice.randint(20, 140)) for i in range(15)]
    ImageDraw.Draw(picture).line(points, fill=(10, 10, 60, 255), width=5)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


class SyntheticPerson:
    """Decides what to touch next. The same seed gives the same person and the same complaint."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.seed = seed
        self.card = synthetic_card(self._dice)
        self._scans_wanted = self._dice.randint(0, 2)

    def touches(self, journey: Journey, world: World, scratch: Scratch) -> Iterator[ev.Event]:
        """The touches that lead on from the present screen; none where an answer from outside is due."""
        draft = journey.draft
        slot = ev.SLOT_OF_STAGE.get(journey.stage)
        if slot is not None:
            yield from self._fill(journey, world, slot)
            return
        match journey.stage:
            case Stage.ATTRACT:
                yield ev.Touched()
            case Stage.HOME:
                yield ev.ChooseService(ev.Service.FILE_CASE)
            case Stage.PRIVACY:
                yield ev.AnswerConsent(granted=True)
            case Stage.IDENTITY:
                yield ev.ChooseIdentityMethod(ev.IdentityMethod.CARD)
            case Stage.CARD:
                yield ev.CardRead(self.card)
            case Stage.CAPACITY:
                weights = (8, 1, 1, 1)
                yield ev.ChooseRepresented(self._dice.choices(list(Represented), weights)[0])
                yield ev.Continue()
            case Stage.CAUSE:
                name = self._dice.choice(CAUSES)
                while name == DIVORCE and draft is not None and draft.represented.is_organisation:
                    name = self._dice.choice(CAUSES)
                yield ev.ChooseCause(world.causes.named(name).code)
                yield ev.Continue()
            case Stage.EVIDENCE if draft is not None and len(draft.evidence) < self._scans_wanted:
                yield ev.AddEvidence()
            case Stage.EVIDENCE_ITEM:
                yield from self._describe_evidence(journey, world)
            case Stage.SCAN:
                yield ev.PageTaken(scratch.put(synthetic_page(self._dice)), found=True)
                yield ev.AcceptPage()
                yield ev.Continue()
            case Stage.MEDIATION:
                yield ev.AnswerMediation(self._dice.choice(list(MediationWish)))
                yield ev.Continue()
            case Stage.E_SERVICE | Stage.UNDERTAKING:
                yield ev.AnswerConsent(granted=True)
            case Stage.SIGNATURE:
                yield ev.Signed(scratch.put(synthetic_signature(self._dice)))
                yield ev.Continue()
            case Stage.SUBMITTING:
                return
            case _:
                yield ev.Continue()

    def _fill(self, journey: Journey, world: World, slot: FormSlot) -> Iterator[ev.Event]:
        draft = journey.require_draft()
        known = draft.answers_of(slot)
        if slot is FormSlot.OTHERS and draft.cause is not None and draft.cause.name == DIVORCE:
            known = set_value(known, Path("defendant_kind", "defendants"), "natural")
        yield from self._answer(world.form(journey, slot), known, world)
        for _ in range(MOST_PAGES):
            yield ev.Continue()

    def _describe_evidence(self, journey: Journey, world: World) -> Iterator[ev.Event]:
        _, line = journey.require_evidence()
        if line.pages:
            for _ in range(MOST_PAGES):
                yield ev.Continue()
            return
        yield from self._answer(world.forms.get(EVIDENCE_FORM), line.answers, world)
        yield ev.StartScan()

    def _answer(self, form: Form, known: Answers, world: World) -> Iterator[ev.Event]:
        """Fill what is still open, so that nothing from the card is overwritten."""
        wanted = complete(form, known, self.seed, world.now.date())
        for name in wanted:
            if name in form.repeats:
                for index, instance in enumerate(wanted.instances(name)):
                    for inner in instance:
                        yield ev.FieldAnswered(Path(inner, name, index), instance.value(inner))
            elif name not in known and form.entries[name].question.is_asked:
                yield ev.FieldAnswered(Path(name), wanted.value(name))
