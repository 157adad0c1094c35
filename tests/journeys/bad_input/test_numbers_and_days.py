"""Wrong check digits, birthdays that do not exist, and 长期 where a day is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.i18n import Text
from kiosk.session.scratch import Scratch
from tests.journeys.bad_input.terminal import Litigant, Terminal, envelope, in_all_languages
from tests.outbox.stub_hub import StubHub

RIGHT = "11010519491231002X"
NUMBERS = {
    "110105194912310022": "identity.problem.check_digit",
    "110105194902300021": "identity.problem.birth_date",
    "110105299912310021": "identity.problem.birth_in_future",
}
EIGHTEEN = Text(
    "居民身份证号码是十八位，请核对",
    "주민신분증번호는 18자리입니다. 확인하십시오",
    "A resident identity number has 18 characters; please check",
)


class WithoutCard(Litigant):
    """Types who they are."""

    def touches(self, journey: Journey, world: World, scratch: Scratch) -> Iterator[ev.Event]:
        """As Litigant's."""
        if journey.stage is Stage.IDENTITY:
            yield ev.ChooseIdentityMethod(ev.IdentityMethod.TYPED)
        else:
            yield from super().touches(journey, world, scratch)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_wrong_identity_number_is_explained_and_filed_as_it_was_typed(
    terminal: Terminal, hub: StubHub, number: str
) -> None:
    """N6: what is wrong with it stands on the correction list in three languages; staff can put it right."""
    typed = {"name": "张示例", "id_kind": "resident", "id_number": number}
    terminal.walk(WithoutCard({FormSlot.PERSON: typed}), Stage.SIGNATURE)
    why = in_all_languages(NUMBERS[number])
    told = [correction.text for correction in terminal.corrections() if correction.stage is Stage.PLAINTIFF]
    assert any(why.zh in one.zh and why.ko in one.ko and why.en in one.en for one in told), told
    submission = terminal.receipt()
    terminal.deliver()
    assert envelope(hub, submission)["identity_number"] == number


def test_a_number_that_is_too_short_is_told_beside_the_field(terminal: Terminal) -> None:
    typed = {"name": "张示例", "id_kind": "resident", "id_number": "11010519491231002"}
    terminal.walk(WithoutCard({FormSlot.PERSON: typed}), Stage.SIGNATURE)
    assert terminal.told(FormSlot.PLAINTIFF, "id_number") == EIGHTEEN
    terminal.receipt()


def test_a_number_put_right_on_the_review_page_needs_no_correction(terminal: Terminal, hub: StubHub) -> None:
    typed = {"name": "张示例", "id_kind": "resident", "id_number": "110105194912310022"}
    terminal.walk(WithoutCard({FormSlot.PERSON: typed}), Stage.REVIEW)
    why = in_all_languages(NUMBERS[typed["id_number"]])
    wrong = next(one for one in terminal.corrections() if why.zh in one.text.zh)
    terminal.touch(ev.JumpTo(wrong.stage, wrong.page))
    for name, text in {"id_number": RIGHT, "birth": "1949-12-31", "sex": "female"}.items():
        terminal.type_in(FormSlot.PLAINTIFF, name, text)
    terminal.touch(ev.Continue())
    terminal.walk(Litigant(), Stage.SIGNATURE)
    assert not [one for one in terminal.corrections() if one.stage is Stage.PLAINTIFF]
    submission = terminal.receipt()
    terminal.deliver()
    (plaintiff,) = [one for one in envelope(hub, submission)["parties"] if one["role"] == "plaintiff"]
    assert plaintiff["fields"]["id_number"] == RIGHT


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2023年2月29日", "forms.no_such_date"),
        ("19901301", "forms.no_such_date"),
        ("长期", "forms.not_a_date"),
    ],
)
def test_a_day_that_does_not_exist_is_told_and_kept(terminal: Terminal, hub: StubHub, typed: str, key: str) -> None:
    """登记立案规定 7: "there is no such day" is another message than "a day is asked for"; what was typed is filed."""
    terminal.walk(Litigant(), Stage.PLAINTIFF)
    terminal.type_in(FormSlot.PLAINTIFF, "birth", typed)
    assert terminal.told(FormSlot.PLAINTIFF, "birth") == in_all_languages(key)
    terminal.walk(Litigant(), Stage.SIGNATURE)
    assert in_all_languages(key) in [correction.text for correction in terminal.corrections()]
    submission = terminal.receipt()
    terminal.deliver()
    (plaintiff,) = [one for one in envelope(hub, submission)["parties"] if one["role"] == "plaintiff"]
    assert plaintiff["fields"]["birth"] == typed


def test_a_birthday_tomorrow_is_doubted(terminal: Terminal) -> None:
    terminal.walk(Litigant(), Stage.PLAINTIFF)
    terminal.type_in(FormSlot.PLAINTIFF, "birth", "2999-01-01")
    told = terminal.told(FormSlot.PLAINTIFF, "birth")
    assert told == Text("日期不能晚于今天", "날자는 오늘보다 늦을수 없습니다", "The day cannot be after today")
