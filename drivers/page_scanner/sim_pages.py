"""What lies in the simulated scanner: the sheets of a loan contract (借款合同), and things on the glass.

All of it is 示例. A sheet's number gives the same sheet each time. Every page carries a QR code that names it
(`page_name`), so that a test can tell which page of the stack a picture shows.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from drivers.imaging.geometry import Image, as_image
from drivers.scenes.marks import code, hand, seal, signature
from drivers.scenes.sheet import GREY, Face, Sheet

A4 = (210.0, 297.0)  # millimetres
BED = (216.0, 297.0)
CARD = (85.6, 54.0)  # ISO/IEC 7810 ID-1
THINGS = ("page", "cards", "receipts")
"""What can lie on the glass."""

_CLAUSES = (
    "甲方同意向乙方出借人民币{amount}元整，用于乙方生产经营周转，乙方不得挪作他用。",
    "借款期限为{months}个月，自款项汇入乙方指定账户之日起计算，到期一次还清本息。",
    "借款年利率为{rate}%，按月结息，乙方应于每月{day}日前将当月利息汇入甲方账户。",
    "乙方逾期还款的，应以未还本金为基数，自逾期之日起按合同利率的一点五倍支付违约金。",
    "乙方提前还款的，应提前{day}日书面通知甲方，利息按实际借款天数计算，不另收费用。",
    "丙方自愿为乙方的全部债务承担连带责任保证，保证期间为主债务履行期限届满之日起三年。",
    "乙方变更住所、联系电话或者经营状况发生重大变化的，应在{day}日内书面告知甲方。",
    "因履行本合同发生的争议，各方协商解决；协商不成的，向合同签订地人民法院提起诉讼。",
)


def page_name(sheet: int, side: str) -> str:
    """What the QR code of a page says; `side` is front or back."""
    return f"示例借款合同 sheet {sheet} {side}"


@lru_cache(maxsize=4)
def contract_page(sheet: int, side: str, dpi: int) -> Image:
    """One side of sheet number `sheet` (1 and up), BGR, A4 at `dpi`. Raises PapersError."""
    random = np.random.default_rng([20261123, sheet, int(side == "back")])
    number = 2 * sheet - int(side == "front")
    paper = Sheet(A4, dpi)
    if number == 1:
        paper.title("借 款 合 同")
        paper.rows((("甲方（出借人）", "张示例"), ("乙方（借款人）", "李示例"), ("丙方（保证人）", "示例商贸有限公司")))
    paper.y += 4
    for clause in random.permutation(len(_CLAUSES)):
        text = _CLAUSES[clause].format(
            amount=f"{int(random.integers(2, 90)) * 5000:,}",
            months=int(random.integers(6, 36)),
            rate=f"{random.uniform(3, 12):.2f}",
            day=int(random.integers(3, 28)),
        )
        paper.write(f"第{number}-{int(clause) + 1}条　{text}", 12, leading=1.9)
        paper.y += 2
    if side == "back":
        hand(paper, random, "以上各条已阅读并同意。李示例", 15)
        signature(paper, random, (130, paper.y + 8))
        seal(paper, random, "示例商贸有限公司", (150, 235))
    code(paper, page_name(sheet, side), (20, 258), (22, 22))
    paper.put(f"第 {number} 页", (95, 278), 10, GREY)
    return paper.paper(f"contract-{sheet}-{side}").image


def fed(sheet: int, side: str, dpi: int) -> Image:
    """The same as a feeder delivers it: a little askew, by the same angle each time, with the sensor's grain."""
    image = contract_page(sheet, side, dpi)
    random = np.random.default_rng([7, sheet, int(side == "back")])
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(random.uniform(-0.8, 0.8)), 1.0)
    askew = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(236, 238, 238))
    return _grained(as_image(askew), random)


def glass(thing: str, dpi: int) -> Image:
    """The flatbed with `thing` (see THINGS) on it under a white lid; "" is the empty glass. Raises ValueError."""
    random = np.random.default_rng([11, len(thing)])
    bed = as_image(np.full((_px(BED[1], dpi), _px(BED[0], dpi), 3), (240, 241, 240), np.uint8))
    match thing:
        case "":
            pass
        case "page":
            _lay(bed, contract_page(1, "front", dpi), (2.0, 0.5), dpi)
        case "cards":
            for side, at in (("front", (14.0, 30.0)), ("back", (112.0, 32.0))):
                _lay(bed, _card(side, dpi), at, dpi)
        case "receipts":
            for number, at in enumerate(((12.0, 15.0), (80.0, 22.0), (146.0, 12.0)), start=1):
                _lay(bed, _receipt(number, dpi), at, dpi)
        case _:
            raise ValueError(f"there is no {thing} to lay on the glass; there are {', '.join(THINGS)}")
    return _grained(bed, random)


def _px(millimetres: float, dpi: int) -> int:
    return round(millimetres * dpi / 25.4)


def _grained(image: Image, random: np.random.Generator) -> Image:
    grain = random.normal(scale=1.5, size=(128, 128, 1)).astype(np.int16)
    height, width = image.shape[:2]
    tiled = np.tile(grain, (-(-height // 128), -(-width // 128), 1))[:height, :width]
    return as_image(np.clip(image.astype(np.int16) + tiled, 0, 255).astype(np.uint8))


def _lay(bed: Image, thing: Image, at: tuple[float, float], dpi: int) -> None:
    """Put `thing` down with its top left at `at` millimetres, with the thin shadow the lamp leaves at two edges."""
    x, y = _px(at[0], dpi), _px(at[1], dpi)
    height = min(thing.shape[0], bed.shape[0] - y)
    width = min(thing.shape[1], bed.shape[1] - x)
    shade = max(1, _px(0.5, dpi))
    bed[y : y + height + shade, x : x + width + shade] = np.minimum(
        bed[y : y + height + shade, x : x + width + shade], 205
    )
    bed[y : y + height, x : x + width] = thing[:height, :width]


def _card(side: str, dpi: int) -> Image:
    """One side of an identity card of nobody: 居民身份证（示例）."""
    card = Sheet(CARD, dpi, colour=(214, 228, 236) if side == "front" else (230, 222, 214), margin=6, notice=False)
    if side == "front":
        rows = (
            "姓名　张示例",
            "性别　女　民族　汉",
            "出生　1990年1月1日",
            "住址　吉林省延吉市示例街1号",
            "110101199001010023",
        )
        for row in rows:
            card.line(row, 8, leading=1.9)
    else:
        card.line("中华人民共和国（示例）", 10, align="centre", face=Face.BOLD)
        card.line("居民身份证", 14, align="centre", face=Face.BOLD)
        card.line("签发机关　示例市公安局", 8)
        card.line("有效期限　2020.01.01-2040.01.01", 8)
    return card.paper(f"card-{side}").image


def _receipt(number: int, dpi: int) -> Image:
    slip = Sheet((58, 110 + 12 * number), dpi, colour=(248, 248, 243), margin=5)
    slip.title("示例商店 收据", 12)
    for row in (
        f"单号　示例{number:04}",
        "日期　2024-05-01",
        "货款　120.00",
        "运费　15.00",
        f"合计　{135 + number}.00",
    ):
        slip.line(row, 9)
    return slip.paper(f"receipt-{number}").image
