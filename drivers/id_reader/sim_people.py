"""Synthetic people for the simulator: the card of every layout as the 256 + 1024 bytes a reader delivers.

Nobody of these exists: serial numbers and addresses are invented, all addresses contain 示例. The blocks are laid out
by running lengths, on purpose not from the tables of layouts.py, so that the two check each other.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from drivers.id_reader.photo import HEADER, HEIGHT, SIMULATED_MARK, WIDTH

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check(first17: str) -> str:
    """An 18-digit number with the MOD 11-2 check character of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return first17 + "10X98765432"[total % 11]


def _block(*pieces: tuple[str, int]) -> bytes:
    """Texts one after the other, each padded with spaces to its length in bytes."""
    block = b"".join(text.encode("utf-16-le").ljust(size, b"\0") for text, size in pieces)
    padded = bytearray(block)
    for at in range(0, len(padded), 2):
        if padded[at : at + 2] == b"\0\0":
            padded[at : at + 2] = b" \0"
    if len(padded) != 256:
        raise ValueError(f"a text block of {len(padded)} bytes")
    return bytes(padded)


@dataclass(frozen=True)
class SimulatedCard:
    """What lies on the simulated reader. `label` is for the dock's buttons; `appended_address` for 30 03."""

    label: str
    text: bytes
    photo: bytes
    appended_address: str = ""


def resident(
    *,
    name: str,
    sex: str,
    nation: str,
    birth: str,
    address: str,
    number: str,
    authority: str,
    valid_from: str,
    valid_to: str,
) -> bytes:
    """Text block of a resident identity card (居民身份证). Dates are YYYYMMDD."""
    return _block(
        (name, 30),
        (sex, 2),
        (nation, 4),
        (birth, 16),
        (address, 70),
        (number, 36),
        (authority, 30),
        (valid_from, 16),
        (valid_to, 16),
        ("", 36),
    )


def hmt_permit(
    *,
    name: str,
    sex: str,
    birth: str,
    address: str,
    number: str,
    authority: str,
    valid_from: str,
    valid_to: str,
    permit: str,
    issues: str,
) -> bytes:
    """Text block of a residence permit for Hong Kong, Macau and Taiwan residents (港澳台居民居住证)."""
    return _block(
        (name, 30),
        (sex, 2),
        ("", 4),
        (birth, 16),
        (address, 70),
        (number, 36),
        (authority, 30),
        (valid_from, 16),
        (valid_to, 16),
        (permit, 18),
        (issues, 4),
        ("", 6),
        ("J", 2),
        ("", 6),
    )


def foreigner_2017(
    *,
    english: str,
    sex: str,
    number: str,
    nationality: str,
    chinese: str,
    valid_from: str,
    valid_to: str,
    birth: str,
    version: str,
    authority: str,
) -> bytes:
    """Text block of a foreign permanent resident's card of 2017 (外国人永久居留身份证)."""
    return _block(
        (english, 120),
        (sex, 2),
        (number, 30),
        (nationality, 6),
        (chinese, 30),
        (valid_from, 16),
        (valid_to, 16),
        (birth, 16),
        (version, 4),
        (authority, 8),
        ("I", 2),
        ("", 6),
    )


def foreigner_2023(
    *,
    chinese: str,
    sex: str,
    renewals: str,
    birth: str,
    english: str,
    number: str,
    valid_from: str,
    valid_to: str,
    nationality: str,
    previous: str,
) -> bytes:
    """Text block of a foreign permanent resident's card of 2023; the English name goes on after 35 characters."""
    return _block(
        (chinese, 30),
        (sex, 2),
        (renewals, 4),
        (birth, 16),
        (english[:35], 70),
        (number, 36),
        ("", 30),
        (valid_from, 16),
        (valid_to, 16),
        (english[35:46], 22),
        (nationality, 6),
        ("Y", 2),
        (previous, 6),
    )


def photo(shade: int) -> bytes:
    """A blob as long as a real one: head and shoulders on a plain ground, in a payload that our decoder understands."""
    rows = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            head = ((x - 51) / 20) ** 2 + ((y - 48) / 26) ** 2 <= 1
            shoulders = ((x - 51) / 44) ** 2 + ((y - 126) / 46) ** 2 <= 1
            rows.append(shade if head else 70 if shoulders else 235)
    blob = HEADER + SIMULATED_MARK + zlib.compress(bytes(rows), 9)
    if len(blob) > 1024:
        raise ValueError("the picture does not fit a photo blob")
    return blob.ljust(1024, b"\0")


def _people() -> dict[str, SimulatedCard]:
    road = "吉林省示例市示例区示例路"
    police = "示例市公安局示例分局"
    return {
        "zhang": SimulatedCard(
            "张三 (resident)",
            resident(
                name="张三",
                sex="1",
                nation="01",
                birth="19900101",
                address=road + "1号",
                number=with_check("11010119900101001"),
                authority=police,
                valid_from="20200101",
                valid_to="20400101",
            ),
            photo(180),
        ),
        "li": SimulatedCard(
            "李四 (resident, 长期)",
            resident(
                name="李四",
                sex="2",
                nation="01",
                birth="19510615",
                address=road + "2号3单元401室",
                number=with_check("11010119510615002"),
                authority=police,
                valid_from="20150301",
                valid_to="长期",
            ),
            photo(190),
        ),
        "jin": SimulatedCard(
            "金顺姬 (resident, 朝鲜族)",
            resident(
                name="金顺姬",
                sex="2",
                nation="10",
                birth="19780923",
                address=road + "3号",
                number=with_check("11010119780923004"),
                authority=police,
                valid_from="20120401",
                valid_to="20320401",
            ),
            photo(185),
        ),
        "guli": SimulatedCard(
            "古丽·示例买买提江 (resident, long name, appended address)",
            resident(
                name="古丽·示例买买提江",
                sex="2",
                nation="05",
                birth="20010228",
                address="新疆示例市示例街4号",
                number=with_check("11010120010228006"),
                authority=police,
                valid_from="20190701",
                valid_to="20290701",
            ),
            photo(175),
            appended_address="吉林省示例市示例新区示例街88号",
        ),
        "chan": SimulatedCard(
            "陳示例 (HK/Macau/Taiwan permit)",
            hmt_permit(
                name="陳示例",
                sex="1",
                birth="19850505",
                address=road + "5号",
                number=with_check("81000019850505001"),
                authority=police,
                valid_from="20250505",
                valid_to="20300505",
                permit="H12345678",
                issues="01",
            ),
            photo(170),
        ),
        "anna": SimulatedCard(
            "SHILI, ANNA MARIA (foreigner 2017)",
            foreigner_2017(
                english="SHILI, ANNA MARIA",
                sex="2",
                number="DEU110090010112",
                nationality="DEU",
                chinese="安娜示例",
                valid_from="20180601",
                valid_to="20280531",
                birth="19900101",
                version="01",
                authority="1100",
            ),
            photo(200),
        ),
        "maximilian": SimulatedCard(
            "SHILIBERGER, MAXIMILIAN ALEXANDER JOHANNES (foreigner 2023)",
            foreigner_2023(
                chinese="马克西",
                sex="1",
                renewals="01",
                birth="19810803",
                english="SHILIBERGER, MAXIMILIAN ALEXANDER JOHANNES",
                number=with_check("91112419810803002"),
                valid_from="20240115",
                valid_to="20340114",
                nationality="AUT",
                previous="112",
            ),
            photo(195),
        ),
    }


PEOPLE = _people()
"""Cards by the short name used at the dock."""
