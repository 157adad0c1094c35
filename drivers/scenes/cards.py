"""Cards, certificates and prints of pictures: identity card (ID-1), business licence, chat screenshots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw

from drivers.imaging.geometry import Image, as_image
from drivers.scenes.marks import code, seal
from drivers.scenes.people import credit_code, day, person
from drivers.scenes.sheet import INK, Colour, Face, Paper, Random, Sheet

ID_1 = (85.6, 53.98)  # ISO/IEC 7810
_CORNER = 3.18


def _guilloche(sheet: Sheet, random: Random, ink: Colour) -> None:
    x = np.linspace(0, sheet.size[0], 200)
    phase = random.uniform(0, 6)
    for row in np.linspace(0, sheet.size[1], 24):
        y = row + 2.4 * np.sin(x / 5 + phase + row / 7)
        sheet.draw.line([(sheet.px(float(a)), sheet.px(float(b))) for a, b in zip(x, y, strict=True)], fill=ink)


def _rounded(sheet: Sheet, paper: Paper) -> Paper:
    """The paper with the round corners of a card."""
    width, height = sheet.image.size
    cover = PillowImage.new("L", (width * 2, height * 2), 0)
    radius = sheet.px(_CORNER) * 2
    ImageDraw.Draw(cover).rounded_rectangle((0, 0, width * 2 - 1, height * 2 - 1), radius=radius, fill=255)
    small: Image = as_image(np.asarray(cover.resize((width, height), PillowImage.Resampling.BOX)))
    return replace(paper, cover=small)


def identity_front(random: Random, dpi: float) -> Paper:
    """居民身份证, the side with the portrait (sample: 样本)."""
    one = person(random)
    sheet = Sheet(ID_1, dpi, colour=(236, 242, 246), margin=6, notice=False)
    _guilloche(sheet, random, (214, 226, 234))
    label: Colour = (60, 110, 160)
    sex = "女" if one.woman else "男"
    year, month, date = one.birth
    for y, pieces in (
        (6.0, (("姓名", 6, label), (one.name, 16, INK))),
        (13.5, (("性别", 6, label), (sex, 16, INK), ("民族", 25, label), ("汉", 35, INK))),
        (20.5, (("出生", 6, label), (f"{year}年{month}月{date}日", 16, INK))),
        (27.5, (("住址", 6, label), (one.address[:11], 16, INK))),
        (32.3, ((one.address[11:], 16, INK),)),
    ):
        for text, x, ink in pieces:
            sheet.put(text, (x, y), 8, ink)
    box = tuple(sheet.px(v) for v in (60, 8, 80, 34))
    sheet.draw.rectangle(box, fill=(216, 222, 228))
    sheet.draw.ellipse(tuple(sheet.px(v) for v in (65, 11, 75, 23)), fill=(150, 140, 136))
    sheet.draw.pieslice(tuple(sheet.px(v) for v in (61, 23, 79, 46)), 180, 360, fill=(70, 84, 110))
    sheet.put("样本", (66, 36), 7, (190, 60, 60))
    sheet.put("公民身份号码", (6, 44), 8, label)
    sheet.put(one.number, (29, 44), 10)
    fields = {
        "name": one.name,
        "sex": sex,
        "nation": "汉",
        "birth": f"{year:04}-{month:02}-{date:02}",
        "address": one.address,
        "number": one.number,
    }
    return _rounded(sheet, sheet.paper("identity_front", fields))


def identity_back(random: Random, dpi: float) -> Paper:
    """居民身份证, the side with issuer and validity (sample: 样本, without the national emblem)."""
    sheet = Sheet(ID_1, dpi, colour=(238, 240, 242), margin=6, notice=False)
    _guilloche(sheet, random, (220, 216, 226))
    sheet.draw.ellipse(tuple(sheet.px(v) for v in (7, 7, 22, 22)), fill=(204, 60, 50))
    sheet.put("中华人民共和国", (29, 6), 12, INK)
    sheet.put("居 民 身 份 证", (28, 14), 16, INK, Face.BOLD)
    start = int(random.integers(2008, 2020))
    sheet.put("样本", (68, 24), 7, (190, 60, 60))
    sheet.put("签发机关", (14, 35), 8, (60, 110, 160))
    sheet.put("示例市公安局", (32, 35), 8)
    sheet.put("有效期限", (14, 42), 8, (60, 110, 160))
    sheet.put(f"{start}.03.07-{start + 20}.03.07", (32, 42), 8)
    fields = {
        "authority": "示例市公安局",
        "valid_from": f"{start}-03-07",
        "valid_until": f"{start + 20}-03-07",
    }
    return _rounded(sheet, sheet.paper("identity_back", fields))


def licence(random: Random, dpi: float) -> Paper:
    """营业执照: a business licence, landscape, in a gold frame, with QR code and red seal."""
    head, number = person(random), credit_code(random)
    sheet = Sheet((297, 210), dpi, colour=(252, 249, 240), margin=32, face=Face.SERIF, notice=False)
    for inset, gold, width in ((5, (206, 168, 88), 5.0), (12, (222, 192, 128), 1.0)):
        box = (sheet.px(inset), sheet.px(inset), sheet.px(297 - inset), sheet.px(210 - inset))
        sheet.draw.rectangle(box, outline=gold, width=sheet.px(width))
    sheet.y = 24
    sheet.line("营 业 执 照", 44, align="centre", leading=1.5)
    sheet.line("（样本）", 14, align="centre")
    sheet.put(f"统一社会信用代码  {number}", (32, 66), 13)
    company = f"示例市{head.name[0]}氏示例商贸有限公司"
    founded = day(random, 2012, 2022)
    capital = f"{random.integers(1, 90) * 10}万元整"
    fields = {"credit_code": number, "company": company, "head": head.name, "capital": capital, "founded": founded}
    for row, (label, value) in enumerate(
        (
            ("名        称", company),
            ("类        型", "有限责任公司（自然人独资）"),
            ("法定代表人", head.name),
            ("注册资本", capital),
            ("成立日期", founded),
            ("住        所", head.address),
        )
    ):
        sheet.put(label, (32, 82 + row * 13), 14, (90, 80, 60))
        sheet.put(value, (80, 82 + row * 13), 15)
    link = f"https://licence.example/{number}"
    code(sheet, link, (240, 62), (30, 30))
    sheet.put("登记机关  示例市市场监督管理局", (150, 168), 15)
    seal(sheet, random, "示例市市场监督管理局", (232, 168), 44)
    return sheet.paper("licence", fields, (link,))


_TALK = (
    ("left", "你好，上次说的借款什么时候能还？"),
    ("right", "再等几天，这个月底一定还。"),
    ("left", "已经拖了三个月了，我也急用钱。"),
    ("right", "我知道，五万元本金和利息一起转给你。"),
    ("left", "那请你写个还款计划发给我。"),
    ("right", "好的，今晚发。"),
    ("left", "收到，请按计划履行。"),
)


def chat(random: Random, dpi: float) -> Paper:
    """聊天记录: a screenshot of a chat, printed in colour."""
    sheet = Sheet((210, 297), dpi, margin=40)
    name = person(random).name
    left, right, top = 45.0, 165.0, 26.0
    phone = tuple(sheet.px(v) for v in (left, top, right, 282))
    sheet.draw.rectangle(phone, fill=(237, 237, 237), outline=(90, 90, 90))
    sheet.draw.rectangle(tuple(sheet.px(v) for v in (left, top, right, top + 16)), fill=(247, 247, 247))
    sheet.put(name, (left + 50, top + 4), 13)
    sheet.y = top + 24
    start = int(random.integers(len(_TALK)))
    while sheet.y < 262:
        side, text = _TALK[start % len(_TALK)]
        start += 1
        width = sheet.width_of(text, 11) + 8
        x = left + 20 if side == "left" else right - 20 - width
        colour = (255, 255, 255) if side == "left" else (149, 236, 105)
        box = tuple(sheet.px(v) for v in (x, sheet.y, x + width, sheet.y + 13))
        sheet.draw.rounded_rectangle(box, radius=sheet.px(2), fill=colour)
        sheet.put(text, (x + 4, sheet.y + 3.5), 11)
        face = left + 5 if side == "left" else right - 15
        hue = (90, 140, 190) if side == "left" else (200, 130, 80)
        sheet.draw.rectangle(tuple(sheet.px(v) for v in (face, sheet.y, face + 10, sheet.y + 10)), fill=hue)
        sheet.y += 21
    return sheet.paper("chat", {"partner": name})
