"""Papers that say little by which one could tell which way up they are: few words, a table, figures, other scripts."""

from __future__ import annotations

from PIL import Image as PillowImage

from drivers.scenes import cards
from drivers.scenes.compose import Draw
from drivers.scenes.documents import A4, A5, COURT
from drivers.scenes.marks import hand, seal, signature
from drivers.scenes.people import amount, day, person
from drivers.scenes.sheet import BLUE_PEN, GREY, Face, Paper, Random, Sheet


def note(random: Random, dpi: float) -> Paper:
    """收条: two lines by hand, a name and a date, on half a sheet."""
    sheet = Sheet((148, 105), dpi, colour=(250, 249, 244), margin=15, notice=False)
    sheet.y = 12
    hand(sheet, random, f"今收到{person(random).name}人民币{amount(random)[1]}。", 14)
    hand(sheet, random, f"{person(random).name} {day(random, 2023, 2025)}", 12)
    return sheet.paper("note")


def signed(random: Random, dpi: float) -> Paper:
    """The last page of an agreement: hardly more than where it was signed."""
    sheet = Sheet(A4, dpi, margin=25, face=Face.SERIF, notice=False)
    sheet.y = 30
    sheet.line("（以下无正文）", 12)
    sheet.y += 30
    sheet.line("甲方：                              乙方：", 12)
    signature(sheet, random, (55, sheet.y - 4))
    signature(sheet, random, (125, sheet.y - 4), ink=BLUE_PEN)
    sheet.line(day(random, 2023, 2025), 12)
    return sheet.paper("signed")


def cover(random: Random, dpi: float) -> Paper:
    """A cover: a large title, a name, a date."""
    sheet = Sheet(A4, dpi, face=Face.SERIF, notice=False)
    sheet.y = 70
    sheet.line(("证  据  目  录", "民事起诉状", "授权委托书")[int(random.integers(3))], 36, align="centre")
    sheet.y = 200
    sheet.line(f"提交人：{person(random).name}", 16, align="centre")
    sheet.line(day(random, 2023, 2025), 14, align="centre")
    return sheet.paper("cover")


def envelope(random: Random, dpi: float) -> Paper:
    """An envelope with two addresses."""
    sender, receiver = person(random), person(random)
    sheet = Sheet((220, 110), dpi, colour=(244, 232, 208), margin=20, notice=False)
    sheet.y = 10
    sheet.line("1 3 3 0 0 0", 16)
    sheet.line(receiver.address, 14)
    sheet.line(f"{receiver.name}（收）", 18, align="centre")
    sheet.y = 85
    sheet.line(f"{sender.address} {sender.name}", 10, align="right")
    return sheet.paper("envelope")


def service_record(random: Random, dpi: float) -> Paper:
    """送达回证: a form of which little is filled in, under a seal."""
    sheet = Sheet(A4, dpi, margin=24, face=Face.SERIF)
    sheet.title(COURT, 18)
    sheet.title("送达回证", 22)
    case = f"（2025）示0101民初{random.integers(100, 9999)}号"
    sheet.rows((("案由", "民间借贷"), ("案号", case), ("受送达人", person(random).name), ("送达地址", "")), 12, 16)
    sheet.rows((("收件人签名", ""), ("代收理由", ""), ("备考", "")), 12, 26)
    seal(sheet, random, COURT, (160, sheet.y + 8), 42)
    return sheet.paper("service_record")


def figures(random: Random, dpi: float) -> Paper:
    """A table of nothing but figures."""
    sheet = Sheet(A5, dpi, margin=18, notice=False)
    rows = int(random.integers(6, 16))
    sheet.rows(tuple((f"{number:02}", f"{random.integers(100, 999999) / 100:,.2f}") for number in range(1, rows)), 11)
    return sheet.paper("figures")


def both_sides(random: Random, dpi: float) -> Paper:
    """身份证复印件: both sides of a card copied on one sheet."""
    sheet = Sheet(A4, dpi, margin=24, notice=False)
    for draw, top in ((cards.identity_front, 50.0), (cards.identity_back, 150.0)):
        side = draw(random, dpi)
        grey = PillowImage.fromarray(side.image[..., ::-1]).convert("L").convert("RGB")
        sheet.image.paste(grey, (sheet.px((210 - 85.6) / 2), sheet.px(top)))
    sheet.y = 235
    sheet.line("与原件核对无异", 14, align="centre")
    return sheet.paper("both_sides")


def korean(random: Random, dpi: float) -> Paper:
    """A letter in Korean, whose script the recogniser does not know."""
    sheet = Sheet(A4, dpi, margin=24, notice=False)
    sheet.title("차용 확인서", 20)
    for _ in range(int(random.integers(2, 6))):
        sheet.write(
            f"{day(random, 2022, 2025)} 리보증이 김시범에게 인민페 {amount(random)[0]}원을 빌려주었음을 확인합니다. "
            "빌린 돈은 약속한 날자까지 한번에 갚기로 하였고, 갚지 못하면 법에 따라 책임을 지기로 하였습니다.",
            13,
        )
        sheet.y += 3
    sheet.line("확인자: 김시범", 13, align="right")
    return sheet.paper("korean")


def english(random: Random, dpi: float) -> Paper:
    """A short letter in English."""
    sheet = Sheet(A4, dpi, margin=24, notice=False)
    sheet.line("To whom it may concern", 14)
    for _ in range(int(random.integers(1, 5))):
        sheet.write(
            f"We confirm that the sum of {amount(random)[0]} yuan was received on the agreed day, and that nothing "
            "else is owed under the contract of sale.",
            12,
        )
        sheet.y += 3
    sheet.line("Example Trading Co., Ltd.", 12, ink=GREY)
    return sheet.paper("english")


SPARSE: dict[str, Draw] = {
    "note": note,
    "signed": signed,
    "cover": cover,
    "envelope": envelope,
    "service_record": service_record,
    "figures": figures,
    "both_sides": both_sides,
    "korean": korean,
    "english": english,
}
