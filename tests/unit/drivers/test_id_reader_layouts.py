"""The four text layouts: published offsets by hand, round trips through the simulator's encoder, and rubbish."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.api.records import IdentityKind
from drivers.id_reader import sim_people
from drivers.id_reader.layouts import LAYOUTS, LayoutError, UnknownLayoutError, parse_text


def _patch(block: bytes, offset: int, text: str) -> bytes:
    patch = text.encode("utf-16-le")
    return block[:offset] + patch + block[offset + len(patch) :]


def _by_hand(**fields: tuple[int, str]) -> bytes:
    """A block of spaces with texts at byte offsets, as the published tables give them."""
    block = b" \0" * 128
    for offset, text in fields.values():
        block = _patch(block, offset, text)
    return block


RESIDENT = _by_hand(
    name=(0, "王小示例"),
    sex=(30, "2"),
    nation=(32, "10"),
    birth=(36, "19900228"),
    address=(52, "吉林省示例市示例路1号"),
    number=(122, "110101199002280020"),
    authority=(158, "示例市公安局"),
    valid_from=(188, "20200229"),
    valid_to=(204, "20400229"),
)


def test_resident_card_by_published_offsets() -> None:
    card = parse_text(RESIDENT, b"photo")
    assert (card.kind, card.name, card.sex, card.nation) == (IdentityKind.RESIDENT, "王小示例", "2", "10")
    assert (card.birth, card.address) == ("1990-02-28", "吉林省示例市示例路1号")
    assert (card.number, card.authority) == ("110101199002280020", "示例市公安局")
    assert (card.valid_from, card.valid_to, card.photo) == ("2020-02-29", "2040-02-29", b"photo")
    assert (card.english_name, card.nationality, card.permit_number) == ("", "", "")


def test_permit_by_published_offsets() -> None:
    block = _patch(_patch(_patch(RESIDENT, 248, "J"), 220, "H12345678"), 238, "01")
    card = parse_text(_patch(block, 32, "  "))
    assert (card.kind, card.permit_number, card.issue_count, card.nation) == (
        IdentityKind.HMT_PERMIT,
        "H12345678",
        "01",
        "",
    )


def test_foreigner_2017_by_published_offsets() -> None:
    card = parse_text(
        _by_hand(
            english=(0, "SHILI, ANNA"),
            sex=(120, "2"),
            number=(122, "DEU110090010112"),
            nationality=(152, "DEU"),
            chinese=(158, "安娜"),
            valid_from=(188, "20180601"),
            valid_to=(204, "20280531"),
            birth=(220, "19900101"),
            version=(236, "01"),
            authority=(240, "1100"),
            kind=(248, "I"),
        )
    )
    assert (card.kind, card.name, card.english_name) == (IdentityKind.FOREIGNER_2017, "安娜", "SHILI, ANNA")
    assert (card.number, card.nationality, card.sex) == ("DEU110090010112", "DEU", "2")
    assert (card.birth, card.valid_from, card.valid_to) == ("1990-01-01", "2018-06-01", "2028-05-31")
    assert (card.card_version, card.authority, card.address) == ("01", "1100", "")


def test_foreigner_2023_by_published_offsets() -> None:
    card = parse_text(
        _by_hand(
            chinese=(0, "马克西"),
            sex=(30, "1"),
            renewals=(32, "02"),
            birth=(36, "19810803"),
            english=(52, "SHILIBERGER, MAXIMILIAN ALEXANDER J"),
            number=(122, "911124198108030024"),
            valid_from=(188, "20240115"),
            valid_to=(204, "20340114"),
            rest=(220, "OHANNES"),
            nationality=(242, "AUT"),
            kind=(248, "Y"),
            previous=(250, "112"),
        )
    )
    assert card.kind is IdentityKind.FOREIGNER_2023
    assert card.english_name == "SHILIBERGER, MAXIMILIAN ALEXANDER JOHANNES"
    assert (card.issue_count, card.nationality, card.previous_card) == ("02", "AUT", "112")


def test_an_english_name_whose_space_falls_on_the_seam_keeps_it() -> None:
    block = sim_people.PEOPLE["maximilian"].text
    block = _patch(_patch(block, 52, "A" * 34 + " "), 220, "B".ljust(11))
    assert parse_text(block).english_name == "A" * 34 + " B"


def test_a_foreigner_without_a_chinese_name_is_called_by_the_english_one() -> None:
    block = _patch(sim_people.PEOPLE["anna"].text, 158, " " * 15)
    assert parse_text(block).name == "SHILI, ANNA MARIA"


def test_cards_without_end_say_so() -> None:
    assert parse_text(_patch(RESIDENT, 204, "长期".ljust(8))).valid_to == "长期"


def test_fields_padded_with_nul_are_read_too() -> None:
    assert parse_text(_patch(RESIDENT, 0, "王五".ljust(15, "\0"))).name == "王五"


def test_rare_and_private_use_characters_are_kept() -> None:
    name = "㐂\U00020bb7\ue000·"
    assert parse_text(_patch(RESIDENT, 0, name.ljust(14))).name == name


@pytest.mark.parametrize(
    ("offset", "text", "field"),
    [
        (36, "19900230", "birth"),
        (36, "1990年2月", "birth"),
        (36, "１９９００１０１", "birth"),
        (36, "00000000", "birth"),
        (188, "长期".ljust(8), "valid_from"),
        (204, " " * 8, "valid_to"),
        (30, "7", "sex"),
        (0, " " * 15, "name"),
        (122, " " * 18, "number"),
        (0, "\ud800", "name"),
    ],
)
def test_a_card_with_one_impossible_field_is_refused_whole(offset: int, text: str, field: str) -> None:
    patch = text.encode("utf-16-le", "surrogatepass")
    block = RESIDENT[:offset] + patch + RESIDENT[offset + len(patch) :]
    with pytest.raises(LayoutError, match=field) as refused:
        parse_text(block)
    assert text.strip() == "" or text not in str(refused.value), "an error carries nothing of the card"


@pytest.mark.parametrize("letter", ["K", "i", "居"])
def test_a_type_nobody_knows_is_not_taken_for_a_resident(letter: str) -> None:
    with pytest.raises(UnknownLayoutError):
        parse_text(_patch(RESIDENT, 248, letter))


@given(st.binary(max_size=600) | st.binary(min_size=256, max_size=256))
def test_rubbish_is_refused_and_nothing_else_is_raised(block: bytes) -> None:
    with pytest.raises(LayoutError):
        parse_text(block)


@given(st.binary(min_size=2, max_size=40), st.integers(0, 250))
def test_a_card_with_rubbish_in_it_is_whole_or_refused(rubbish: bytes, offset: int) -> None:
    block = (RESIDENT[:offset] + rubbish + RESIDENT[offset + len(rubbish) :])[:256]
    try:
        card = parse_text(block)
    except LayoutError:
        return
    assert card.name
    assert card.number
    date.fromisoformat(card.birth)


_hanzi = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.just("·"), min_size=1, max_size=15)
_days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(
    name=_hanzi,
    sex=st.sampled_from("0129"),
    birth=_days,
    address=_hanzi,
    number=st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True),
    valid_to=_days | st.just("长期"),
    kind=st.sampled_from([IdentityKind.RESIDENT, IdentityKind.HMT_PERMIT]),
)
def test_round_trip_of_chinese_cards(
    *, name: str, sex: str, birth: date, address: str, number: str, valid_to: date | str, kind: IdentityKind
) -> None:
    end = valid_to if isinstance(valid_to, str) else valid_to.strftime("%Y%m%d").rjust(8, "0")
    common = {
        "name": name,
        "sex": sex,
        "birth": birth.strftime("%Y%m%d").rjust(8, "0"),
        "address": address,
        "number": number,
        "authority": "示例市公安局",
        "valid_from": "20200101",
        "valid_to": end,
    }
    if kind is IdentityKind.RESIDENT:
        block = sim_people.resident(nation="56", **common)
    else:
        block = sim_people.hmt_permit(permit="M00000001", issues="12", **common)
    card = parse_text(block)
    assert (card.kind, card.name, card.sex, card.birth) == (kind, name, sex, birth.isoformat())
    assert (card.address, card.number) == (address, number)
    assert card.valid_to == (valid_to if isinstance(valid_to, str) else valid_to.isoformat())


_latin = st.from_regex(r"[A-Z]{1,20}, [A-Z]{1,10}( [A-Z]{1,12})?", fullmatch=True)


@given(english=_latin, chinese=_hanzi | st.just(""), birth=_days, nationality=st.from_regex("[A-Z]{3}", fullmatch=True))
def test_round_trip_of_foreigners_cards(english: str, chinese: str, birth: date, nationality: str) -> None:
    day = birth.strftime("%Y%m%d").rjust(8, "0")
    period = {"valid_from": "20240101", "valid_to": "20340101"}
    blocks = [
        sim_people.foreigner_2017(
            english=english,
            sex="1",
            number="DEU110090010112",
            nationality=nationality,
            chinese=chinese,
            birth=day,
            version="01",
            authority="1100",
            **period,
        ),
        sim_people.foreigner_2023(
            english=english,
            sex="1",
            number="911124198108030024",
            nationality=nationality,
            chinese=chinese,
            birth=day,
            renewals="00",
            previous="",
            **period,
        ),
    ]
    for block in blocks:
        card = parse_text(block)
        assert (card.english_name, card.name) == (english, chinese or english)
        assert (card.birth, card.nationality) == (birth.isoformat(), nationality)


@pytest.mark.parametrize("kind", list(IdentityKind))
def test_no_two_fields_of_a_layout_overlap(kind: IdentityKind) -> None:
    ends = 0
    for offset, length in sorted(LAYOUTS[kind].values()):
        assert offset >= ends
        assert offset % 2 == length % 2 == 0
        ends = offset + length
    assert ends <= 256


def test_synthetic_people_cover_all_kinds_and_are_told_to_be_synthetic() -> None:
    cards = [parse_text(person.text) for person in sim_people.PEOPLE.values()]
    assert {card.kind for card in cards} == set(IdentityKind)
    assert all("示例" in card.address for card in cards if card.address)
