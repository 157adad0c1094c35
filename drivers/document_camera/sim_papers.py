"""Synthetic evidence (示例) for the demonstration: an IOU, a transfer record and a lease, drawn as pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from drivers.document_camera.geometry import Image, as_image

FONT_FILE = "NotoSansCJKsc-Regular.otf"
A4 = (1240, 1754)  # pixels at 150 dpi

_INK = (32, 34, 44)
_PEN = (28, 44, 120)
_SEAL = (206, 52, 44)


class PapersError(Exception):
    """The pages cannot be drawn; one line."""


def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(os.environ.get("COURT_KIOSK_FONTS", "") or Path(sys.prefix, "share", "court-kiosk", "fonts"))
    try:
        return ImageFont.truetype(str(folder / FONT_FILE), size)
    except OSError as error:
        raise PapersError(f"{folder / FONT_FILE} is needed to draw pages; script/fonts puts it there") from error


class _Sheet:
    """A sheet of paper and a pen that writes lines downwards."""

    def __init__(self, size: tuple[int, int], paper: tuple[int, int, int]) -> None:
        self.image = PillowImage.new("RGB", size, paper)
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = size
        self.y = round(size[1] * 0.06)
        self.margin = round(size[0] * 0.1)
        self._line("示例 · 虚构材料，仅供演示", 22, (150, 150, 150), centred=True)

    def _line(self, text: str, size: int, ink: tuple[int, int, int], *, centred: bool = False) -> None:
        font = _font(size)
        x = (self.width - font.getlength(text)) / 2 if centred else float(self.margin)
        self.draw.text((x, self.y), text, font=font, fill=ink)
        self.y += round(size * 1.75)

    def title(self, text: str, size: int = 58) -> None:
        self.y += 30
        self._line(text, size, _INK, centred=True)
        self.y += 24

    def write(self, text: str, size: int = 32, ink: tuple[int, int, int] = _INK) -> None:
        font = _font(size)
        line = ""
        for character in text:
            if font.getlength(line + character) > self.width - 2 * self.margin:
                self._line(line, size, ink)
                line = ""
            line += character
        self._line(line, size, ink)

    def rows(self, rows: tuple[tuple[str, str], ...]) -> None:
        font = _font(30)
        right = self.width - self.margin
        middle = self.margin + round((right - self.margin) * 0.34)
        for label, value in rows:
            box = (self.margin, self.y, right, self.y + 66)
            self.draw.rectangle(box, outline=_INK, width=2)
            self.draw.line((middle, self.y, middle, self.y + 66), fill=_INK, width=2)
            self.draw.text((self.margin + 16, self.y + 10), label, font=font, fill=_INK)
            self.draw.text((middle + 16, self.y + 10), value, font=font, fill=_INK)
            self.y += 66
        self.y += 30

    def seal(self, text: str, centre: tuple[int, int], radius: int) -> None:
        x, y = centre
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_SEAL, width=7)
        font = _font(round(radius * 0.3))
        self.draw.text((x - font.getlength(text) / 2, y - radius * 0.2), text, font=font, fill=_SEAL)

    def picture(self) -> Image:
        return as_image(np.ascontiguousarray(np.asarray(self.image)[..., ::-1]))


def iou() -> Image:
    """借条: a handwritten IOU on a sheet of paper."""
    sheet = _Sheet(A4, (250, 249, 244))
    sheet.title("借  条")
    for text in (
        "    今借到张示例人民币伍万元整（¥50,000.00），",
        "用于经营周转，约定于2025年4月30日前一次性",
        "归还，年利率3.45%。",
        "    逾期不还，愿承担出借人实现债权的费用。",
        "",
        "借款人：李示例",
        "身份证号码：222401********0000（示例）",
        "2024年5月1日",
    ):
        sheet.write(text, 40, _PEN)
    return sheet.picture()


def transfer_record() -> Image:
    """转账凭证: a bank's record of the transfer."""
    sheet = _Sheet((1400, 1000), (244, 248, 252))
    sheet.title("示例银行电子转账凭证", 46)
    sheet.rows(
        (
            ("交易日期", "2024-05-01 10:32:18"),
            ("付款人", "张示例"),
            ("付款账号", "6200 **** **** 0001"),
            ("收款人", "李示例"),
            ("收款账号", "6200 **** **** 0002"),
            ("金额（小写）", "¥50,000.00"),
            ("金额（大写）", "伍万元整"),
            ("附言", "借款"),
        )
    )
    sheet.seal("示例专用章", (1160, 780), 110)
    return sheet.picture()


def lease() -> Image:
    """房屋租赁合同: the first page of a lease."""
    sheet = _Sheet(A4, (252, 252, 250))
    sheet.title("房屋租赁合同")
    for text in (
        "出租人（甲方）：赵示例",
        "承租人（乙方）：张示例",
        "第一条  甲方将位于吉林省延吉市示例街1号2单元301室的房屋出租给乙方使用，建筑面积为82.50平方米。",
        "第二条  租赁期限自2024年1月1日起至2026年12月31日止。",
        "第三条  月租金为人民币1,800.00元，乙方于每月5日前支付。",
        "第四条  乙方于本合同签订之日向甲方支付押金3,600.00元，租赁期满后无息退还。",
        "第五条  甲方应当保证房屋符合约定的用途，并负责房屋的维修。",
        "第六条  因本合同发生的争议，双方协商解决；协商不成的，向房屋所在地人民法院起诉。",
        "",
        "甲方（签字）：赵示例          乙方（签字）：张示例",
        "2023年12月20日",
    ):
        sheet.write(text, 31)
        sheet.y += 6
    sheet.seal("示例合同章", (950, 1540), 120)
    return sheet.picture()


PAPERS: tuple[tuple[str, Callable[[], Image]], ...] = (
    ("iou", iou),
    ("transfer", transfer_record),
    ("lease", lease),
)
