"""Papers to be read: those of the composed photographs, and layouts that they have not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image as PillowImage

from drivers.scenes import cards, documents
from drivers.scenes.people import amount, credit_code, day, person
from drivers.scenes.sheet import INK, Face, Paper, Random, Sheet

Draw = Callable[[Random, float], Paper]


def licence_in_columns(random: Random, dpi: float) -> Paper:
    """营业执照 in the form of 2019: landscape, the code at the upper left, two columns, long values broken."""
    head, code = person(random), credit_code(random)
    sheet = Sheet((297, 210), dpi, colour=(252, 249, 240), face=Face.SERIF, notice=False)
    sheet.put("统一社会信用代码", (24, 30), 11)
    sheet.put(code, (24, 37), 11)
    sheet.put("营业执照", (110, 34), 40, face=Face.BOLD)
    sheet.put("（副  本）", (132, 56), 14)
    company = f"延吉市{head.name[0]}氏示例建筑装饰材料商贸有限责任公司"
    address = f"{head.address}（示例大厦主楼东侧一层）"
    left = (
        ("名    称", company),
        ("类    型", "有限责任公司"),
        ("法定代表人", head.name),
        (
            "经营范围",
            "建筑材料、五金交电、日用百货批发零售；室内外装饰工程。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        ),
    )
    founded = day(random, 2012, 2022)
    capital = f"{random.integers(1, 90) * 10}万元整"
    right = (("注册资本", capital), ("成立日期", founded), ("营业期限", f"{founded}至长期"), ("住    所", address))
    for x, width, rows in ((24, 100, left), (168, 78, right)):
        y = 78.0
        for label, value in rows:
            sheet.put(label, (x, y), 10, (90, 80, 60))
            room = max(8, int(width / 4.4) - 2)
            for start in range(0, len(value), room):
                sheet.put(value[start : start + room], (x + 28, y), 11)
                y += 6.5
            y += 4.5
    sheet.put("登记机关  示例市市场监督管理局", (170, 170), 12)
    fields = {
        "name": company,
        "credit_code": code,
        "legal_representative": head.name,
        "address": address,
        "capital": capital,
        "founded": founded,
    }
    return sheet.paper("licence_in_columns", fields)


def card_copy(random: Random, dpi: float) -> Paper:
    """Both sides of an identity card copied onto one A4 sheet, in grey."""
    front, back = cards.identity_front(random, dpi), cards.identity_back(random, dpi)
    sheet = Sheet((210, 297), dpi, notice=False)
    for side, top in ((front, 40.0), (back, 130.0)):
        grey = np.asarray(PillowImage.fromarray(side.image[..., ::-1]).convert("L").convert("RGB"))
        sheet.image.paste(PillowImage.fromarray(grey), (sheet.px(62), sheet.px(top)))
    sheet.put("本复印件仅供诉讼立案使用", (70, 210), 12)
    return sheet.paper("card_copy", front.fields | back.fields)


def debt_note(random: Random, dpi: float) -> Paper:
    """欠条: goods that were not paid for, printed, with both numbers."""
    creditor, debtor = person(random), person(random)
    figures, capitals = amount(random)
    sheet = Sheet((210, 297), dpi, margin=24)
    sheet.title("欠    条", 24)
    due, made = day(random, 2025, 2025), day(random, 2023, 2024)
    sheet.write(
        f"    今欠{creditor.name}（身份证号码：{creditor.number}）货款人民币{capitals}（小写：¥{figures}元），"
        f"定于{due}之前还清，月利率1%。口说无凭，立此为据。",
        14,
    )
    sheet.write(f"欠款人（签字、捺印）：{debtor.name}", 14)
    sheet.write(f"身份证号码：{debtor.number}", 14)
    sheet.write(made, 14)
    fields = {
        "lender": creditor.name,
        "lender_number": creditor.number,
        "borrower": debtor.name,
        "borrower_number": debtor.number,
        "amount": figures,
        "date": made,
        "due": due,
        "rate": "月利率1%",
    }
    return sheet.paper("debt_note", fields)


def mediation(random: Random, dpi: float) -> Paper:
    """民事调解书 with an agent, a company as defendant and a third party."""
    plaintiff, head, third = person(random), person(random), person(random)
    company = f"示例市{head.name[0]}氏示例运输有限公司"
    sheet = Sheet((210, 297), dpi, margin=26, face=Face.SERIF)
    sheet.title("吉林省延吉市人民法院", 20)
    sheet.title("民 事 调 解 书", 22)
    sheet.line("（2025）吉2401民初1234号", 14, align="right")
    sheet.write(f"原告：{plaintiff.name}，女，1980年3月6日出生，汉族，住{plaintiff.address}。", 14)
    sheet.write(f"委托诉讼代理人：{head.name}，示例律师事务所律师。", 14)
    sheet.write(f"被告：{company}，住所地{head.address}。", 14)
    sheet.write(f"法定代表人：{head.name}，经理。", 14)
    sheet.write(f"第三人：{third.name}，男，住{third.address}。", 14)
    sheet.write(
        f"    原告{plaintiff.name}与被告{company}运输合同纠纷一案，本院于2025年1月6日立案。"
        "经本院主持调解，当事人自愿达成如下协议：",
        14,
    )
    sheet.write(f"    一、被告于2025年5月1日前给付原告运费{amount(random)[0]}元；", 14)
    sheet.line("审判员  陈示例", 14, align="right")
    sheet.line("二〇二五年二月十二日", 14, align="right")
    sheet.line("书记员  金示范", 14, align="right")
    return sheet.paper(
        "mediation",
        {
            "plaintiff": plaintiff.name,
            "defendant": company,
            "third_party": third.name,
            "case_number": "（2025）吉2401民初1234号",
            "court": "吉林省延吉市人民法院",
            "date": "2025-02-12",
        },
    )


def columns(random: Random, dpi: float) -> Paper:
    """A leaf in two columns of running text, with a heading over both."""
    sheet = Sheet((210, 297), dpi, margin=20, notice=False)
    sheet.title("诉讼服务指南", 22)
    text = [
        "当事人提交的材料符合要求的，应当场登记立案。材料不齐的，一次告知需要补正的内容和期限，不让当事人多跑一次路。",
        "立案以后，人民法院会通知交纳诉讼费用。交纳确有困难的，可以申请缓交、减交或者免交，不影响案件的登记和受理。",
    ]
    top = sheet.y
    for x, words in zip((20.0, 110.0), text, strict=True):
        sheet.y = top
        for start in range(0, len(words), 15):
            sheet.put(words[start : start + 15], (x, sheet.y), 14, INK)
            sheet.y += 9
    return sheet.paper("columns", {"first": text[0], "second": text[1]})


LAYOUTS: dict[str, Draw] = {
    "identity_front": cards.identity_front,
    "identity_back": cards.identity_back,
    "card_copy": card_copy,
    "licence": cards.licence,
    "licence_in_columns": licence_in_columns,
    "iou": documents.iou,
    "debt_note": debt_note,
    "lease": documents.lease,
    "judgment": documents.judgment,
    "mediation": mediation,
    "transfer": documents.transfer,
    "chat": cards.chat,
    "fee_notice": documents.fee_notice,
    "slip": documents.slip,
    "columns": columns,
}
