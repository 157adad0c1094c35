"""Nothing is asked twice, and nothing of one identity stays behind when it was another's."""

from __future__ import annotations

import random
from datetime import date

import msgspec
import pytest

from drivers.api.records import IdentityCard, IdentityKind
from kiosk.flow.draft import Draft, FormSlot, Represented
from kiosk.flow.prefill import identity_of_answers, identity_of_card, prefill, prefill_address, with_identity
from kiosk.forms.answers import Answers, Value
from kiosk.services.synthetic import synthetic_card
from tests.unit.services.filings import COURT, NOW, SUBMISSION

FIRST, SECOND = (identity_of_card(synthetic_card(random.Random(seed))) for seed in (1, 2))


def draft(represented: Represented = Represented.SELF) -> Draft:
    return with_identity(Draft(SUBMISSION, NOW, COURT, COURT, represented=represented), FIRST)


def value(of: Draft, slot: FormSlot, name: str) -> Value:
    return of.answers_of(slot).value(name)


def test_the_plaintiff_begins_with_the_card() -> None:
    begun = prefill(draft())
    assert value(begun, FormSlot.PLAINTIFF, "name") == FIRST.name
    assert value(begun, FormSlot.PLAINTIFF, "birth") == date.fromisoformat(FIRST.birth)
    assert value(begun, FormSlot.PLAINTIFF, "nation") == "汉族"
    assert value(begun, FormSlot.PLAINTIFF, "id_kind") == "resident"


@pytest.mark.parametrize(
    ("represented", "slot", "name"),
    [
        (Represented.OWN_ORGANISATION, FormSlot.ORGANISATION, "legal_representative"),
        (Represented.OTHER_PERSON, FormSlot.AGENT, "name"),
        (Represented.OTHER_ORGANISATION, FormSlot.AGENT, "name"),
    ],
)
def test_representatives_and_agents_begin_with_their_name(represented: Represented, slot: FormSlot, name: str) -> None:
    begun = prefill(draft(represented))
    assert value(begun, slot, name) == FIRST.name
    assert not begun.answers_of(FormSlot.PLAINTIFF)


def test_what_was_changed_or_emptied_is_kept() -> None:
    """An empty field is an answer too: it is not filled again."""
    changed = Answers({"name": FIRST.name, "address": None, "nation": "朝鲜族"})
    again = prefill(Draft(SUBMISSION, NOW, COURT, COURT, identity=FIRST, answers={FormSlot.PLAINTIFF: changed}))
    assert value(again, FormSlot.PLAINTIFF, "address") is None
    assert value(again, FormSlot.PLAINTIFF, "nation") == "朝鲜族"
    assert value(again, FormSlot.PLAINTIFF, "id_number") == FIRST.number


def test_another_card_takes_back_what_the_first_one_filled() -> None:
    """Two people share a desk: nobody files under the name of whoever laid a card down first."""
    begun = prefill_address(prefill(draft()))
    begun = prefill(with_identity(begun, SECOND))
    assert value(begun, FormSlot.PLAINTIFF, "name") == SECOND.name
    assert value(begun, FormSlot.PLAINTIFF, "id_number") == SECOND.number
    assert FIRST.number not in str(dict(begun.answers_of(FormSlot.PLAINTIFF)))
    assert value(prefill_address(begun), FormSlot.ADDRESS, "recipient") == SECOND.name


def test_whoever_turns_out_to_be_an_agent_is_not_the_plaintiff() -> None:
    begun = prefill(draft())
    as_agent = prefill(Draft(SUBMISSION, NOW, COURT, COURT, FIRST, Represented.OTHER_PERSON, answers=begun.answers))
    assert value(as_agent, FormSlot.AGENT, "name") == FIRST.name
    assert value(as_agent, FormSlot.PLAINTIFF, "name") is None
    assert value(as_agent, FormSlot.PLAINTIFF, "id_number") is None


def test_a_client_entered_by_the_agent_is_left_alone() -> None:
    client = Answers({"name": "李示例", "nation": "汉族"})
    draft_ = Draft(SUBMISSION, NOW, COURT, COURT, FIRST, Represented.OTHER_PERSON, answers={FormSlot.PLAINTIFF: client})
    assert prefill(prefill(draft_)).answers_of(FormSlot.PLAINTIFF) == client


def test_the_address_for_service_begins_with_where_the_plaintiff_lives() -> None:
    home = {"address": "示例路1号", "habitual_residence": "示例路2号"}
    known = Answers({"name": "李示例", "phone": "13900000000", **home})
    begun = prefill_address(Draft(SUBMISSION, NOW, COURT, COURT, answers={FormSlot.PLAINTIFF: known}))
    assert value(begun, FormSlot.ADDRESS, "address") == "示例路2号"
    assert value(begun, FormSlot.ADDRESS, "mobile") == "13900000000"
    company = Answers({"name": "示例公司", "uscc": "91220102MA0000018N", "address": "示例街3号"})
    begun = prefill_address(
        Draft(
            SUBMISSION,
            NOW,
            COURT,
            COURT,
            represented=Represented.OWN_ORGANISATION,
            answers={FormSlot.ORGANISATION: company},
        )
    )
    assert value(begun, FormSlot.ADDRESS, "id_kind") == "uscc"
    assert value(begun, FormSlot.ADDRESS, "id_number") == "91220102MA0000018N"


def test_a_foreigner_keeps_the_name_on_the_card() -> None:
    card = IdentityCard(
        IdentityKind.FOREIGNER_2023,
        "",
        "2",
        "1990-01-01",
        "911124199001010024",
        "",
        "",
        nationality="KOR",
        english_name="SHILI, ANNA",
    )
    found = identity_of_card(card)
    assert (found.name, found.document, found.sex) == ("SHILI, ANNA", "foreigner", "female")
    begun = prefill(with_identity(Draft(SUBMISSION, NOW, COURT, COURT), found))
    assert value(begun, FormSlot.PLAINTIFF, "nation") is None  # a nationality is no ethnic group


def test_the_address_written_last_on_the_card_counts() -> None:
    card = msgspec.structs.replace(synthetic_card(random.Random(1)), appended_address="吉林省延吉市示例街9号")
    assert identity_of_card(card).address == "吉林省延吉市示例街9号"


def test_a_typed_identity_is_a_full_one() -> None:
    typed = identity_of_answers(
        Answers({"name": "王示例", "sex": "male", "birth": date(1990, 1, 2), "id_kind": "passport", "id_number": "E1"})
    )
    assert (typed.name, typed.birth, typed.document) == ("王示例", "1990-01-02", "passport")
    assert identity_of_answers(Answers()).name == ""
