"""Telephone numbers, masking, code tables and the `identity` command."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.api.records import IdentityKind
from kiosk.commands import identity
from kiosk.commands.shell import OneLineParser, run_handler
from kiosk.identity import (
    NumberKind,
    Phone,
    PhoneKind,
    PhoneRejection,
    Sex,
    check_phone,
    ethnic_groups,
    mask_address,
    mask_name,
    mask_number,
    mask_phone,
)


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("13812345678", PhoneKind.MOBILE, "13812345678"),
        ("138 1234 5678", PhoneKind.MOBILE, "13812345678"),
        ("+86 138-1234-5678", PhoneKind.MOBILE, "13812345678"),
        ("008613812345678", PhoneKind.MOBILE, "13812345678"),
        ("１３８１２３４５６７８", PhoneKind.MOBILE, "13812345678"),
        ("0431-88123456", PhoneKind.LANDLINE, "0431-88123456"),
        ("(0433) 2512345", PhoneKind.LANDLINE, "04332512345"),
        ("0431-88123456转801", PhoneKind.LANDLINE, "0431-88123456转801"),
        ("+852 2345 6789", PhoneKind.ABROAD, "+85223456789"),
        ("0082-10-1234-5678", PhoneKind.ABROAD, "+82-10-1234-5678"),
        ("12368", PhoneKind.OTHER, "12368"),
        ("400-123-4567", PhoneKind.OTHER, "400-123-4567"),
        ("88123456", PhoneKind.OTHER, "88123456"),
    ],
)
def test_telephones_people_have(text: str, kind: PhoneKind, number: str):
    """Landlines, Hong Kong and foreign numbers must be accepted."""
    assert check_phone(text) == Phone(kind, number)


@pytest.mark.parametrize("text", ["", "abc", "1381234567", "138123456789", "+", "12", "1" * 30, "13812345678a"])
def test_what_cannot_be_dialled(text: str):
    found = check_phone(text)
    assert isinstance(found, PhoneRejection)
    assert all((found.text.zh, found.text.ko, found.text.en))


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_number("22010219540612011X"), "220***********011X"),
        (mask_number("E12345678"), "E******78"),
        (mask_number("123"), "***"),
        (mask_name("张三"), "张*"),
        (mask_name("王小明"), "王*明"),
        (mask_name("欧阳明月"), "欧**月"),
        (mask_name("李"), "李"),
        (mask_name("Kim Chol Su"), "K** C*** S*"),
        (mask_name(""), ""),
        (mask_phone("13812345678"), "138****5678"),
        (mask_phone("12368"), "***68"),
        (mask_address("吉林省长春市南关区示例路1号"), "吉林省长春市南关区***"),
        (mask_address("吉林省延边朝鲜族自治州延吉市示例街2号"), "吉林省延边朝鲜族自治州延吉市***"),
        (mask_address("延吉市示例小区3号楼"), "延吉市***"),
        (mask_address("示例路1号"), "***"),
    ],
)
def test_masks(masked: str, expected: str):
    """N4."""
    assert masked == expected


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_a_masked_number_hides_the_birthday(number: str):
    """N4: of 18 characters at most seven are shown, none of the date of birth."""
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert masked[6:14] == "*" * 8


@given(st.text(max_size=30))
def test_masking_never_fails_and_never_lengthens(text: str):
    assert len(mask_number(text)) <= len(text)
    assert len(mask_phone(text)) <= len(text)
    mask_name(text)
    mask_address(text)


def test_ethnic_groups_of_gb_t_3304():
    groups = ethnic_groups()
    assert [code for code in groups if code < "57"] == [f"{number:02d}" for number in range(1, 57)]
    assert set(groups) - {f"{number:02d}" for number in range(1, 57)} == {"97", "98"}
    assert (groups["10"].name.zh, groups["10"].name.ko, groups["10"].letters) == ("朝鲜族", "조선족", "CS")
    assert all((group.name.zh, group.name.ko, group.name.en) for group in groups.values())


def test_sex_codes_of_gb_t_2261():
    assert [sex.value for sex in Sex] == ["0", "1", "2", "9"]
    assert Sex("2").text.zh == "女"


def test_cards_of_the_reader_are_kinds_we_know():
    """What the reader calls a card is what a check calls its number."""
    assert {kind.value for kind in IdentityKind} <= {kind.value for kind in NumberKind}


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    parser = OneLineParser(prog="court-kiosk")
    identity.register(parser.add_subparsers(dest="group", required=True, parser_class=OneLineParser))
    try:
        arguments = parser.parse_args(["identity", *words])
        code = run_handler("court-kiosk identity", arguments.handler, arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_check_tells_kind_birth_and_sex(capsys: pytest.CaptureFixture[str]):
    code, out, err = command(capsys, "check", "22010219540612011x", "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert (document["kind"], document["birth"], document["sex"]) == ("resident", "1954-06-12", "male")


def test_check_speaks_to_people(capsys: pytest.CaptureFixture[str]):
    code, out, _ = command(capsys, "check", "91350100M000100Y43")
    assert (code, out.splitlines()[0]) == (0, "统一社会信用代码 91350100M000100Y43")


@pytest.mark.parametrize(
    "number", ["220102195406120111", "222401199002290120", "", "abc", "1" * 5000, "\udcff", "张三"]
)
def test_a_number_that_is_none_exits_1_with_the_reason(capsys: pytest.CaptureFixture[str], number: str):
    code, out, err = command(capsys, "check", number)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert number not in err or number in ("", "abc")


@pytest.mark.parametrize("words", [["check"], ["check", "1", "2"], [], ["nonsense"]])
def test_wrong_usage_exits_2(capsys: pytest.CaptureFixture[str], words: list[str]):
    code, out, err = command(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
