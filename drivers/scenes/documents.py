"""Sheets that come as evidence: set, written and sealed, every text invented and known."""

from __future__ import annotations

from drivers.scenes.marks import code, hand, seal, signature
from drivers.scenes.people import amount, day, person
from drivers.scenes.sheet import BLUE_PEN, INK, Face, Paper, Random, Sheet

A4 = (210.0, 297.0)
A5 = (148.0, 210.0)
COURT = "示例市示例区人民法院"


def iou(random: Random, dpi: float) -> Paper:
    """借条: an IOU written by hand."""
    lender, borrower = person(random), person(random)
    figures, capitals = amount(random)
    sheet = Sheet(A5 if random.random() < 0.4 else A4, dpi, colour=(250, 249, 244), margin=17)
    size = 17 if sheet.size == A4 else 12
    sheet.title("借  条", size * 1.5)
    due, made = day(random, 2024, 2025), day(random, 2022, 2023)
    for text in (
        f"    今借到{lender.name}人民币{capitals}（¥{figures}），用于经营周转，约定于{due}前一次性归还，年利率3.45%。",
        "    逾期不还，愿承担出借人实现债权的费用。",
        f"借款人：{borrower.name}",
        f"身份证号码：{borrower.number}",
        made,
    ):
        hand(sheet, random, text, size)
    signature(sheet, random, (sheet.size[0] * 0.6, sheet.y + 6), sheet.size[0] * 0.15, BLUE_PEN)
    return sheet.paper(
        "iou",
        {"lender": lender.name, "borrower": borrower.name, "number": borrower.number, "amount": figures, "date": made},
    )


def transfer(random: Random, dpi: float) -> Paper:
    """转账凭证: a bank's record of a transfer, with the bank's seal."""
    payer, payee = person(random), person(random)
    figures, capitals = amount(random)
    sheet = Sheet((210, 150), dpi, colour=(244, 248, 252), margin=18)
    sheet.title("示例银行电子转账凭证", 19)
    sheet.rows(
        (
            ("交易日期", f"2024-0{random.integers(1, 10)}-1{random.integers(0, 10)} 10:32:18"),
            ("付款人", payer.name),
            ("付款账号", "6200 **** **** 0001"),
            ("收款人", payee.name),
            ("收款账号", "6200 **** **** 0002"),
            ("金额（小写）", f"¥{figures}"),
            ("金额（大写）", capitals),
            ("附言", "借款"),
        )
    )
    seal(sheet, random, "示例银行业务专用章", (172, 124), 34)
    return sheet.paper("transfer", {"payer": payer.name, "payee": payee.name, "amount": figures})


_LEASE = (
    "第一条  甲方将位于{address}的房屋出租给乙方使用，建筑面积为82.50平方米。",
    "第二条  租赁期限自2024年1月1日起至2026年12月31日止。",
    "第三条  月租金为人民币{rent}.00元，乙方于每月5日前支付。",
    "第四条  乙方于本合同签订之日向甲方支付押金3,600.00元，租赁期满后无息退还。",
    "第五条  甲方应当保证房屋符合约定的用途，并负责房屋的维修。乙方应当合理使用房屋及其附属设施。",
    "第六条  未经甲方书面同意，乙方不得转租，不得改变房屋的结构和用途。",
    "第七条  一方违约的，应当向对方支付违约金，违约金按照两个月租金计算。",
    "第八条  因本合同发生的争议，双方协商解决；协商不成的，向房屋所在地人民法院起诉。",
    "第九条  本合同一式两份，双方各执一份，自双方签字或者盖章之日起生效。",
)


def lease(random: Random, dpi: float, *, sealed: bool = True) -> Paper:
    """房屋租赁合同: a lease, signed and, where asked for, sealed."""
    landlord, tenant = person(random), person(random)
    sheet = Sheet(A4, dpi, margin=22)
    sheet.title("房屋租赁合同")
    sheet.write(f"出租人（甲方）：{landlord.name}")
    sheet.write(f"承租人（乙方）：{tenant.name}")
    rent = f"{random.integers(8, 40) * 100:,}"
    for text in _LEASE:
        sheet.write(text.format(address=landlord.address, rent=rent))
        sheet.y += 1
    sheet.y += 6
    sheet.write("甲方（签字）：                                        乙方（签字）：")
    signature(sheet, random, (52, sheet.y - 5))
    signature(sheet, random, (138, sheet.y - 5), ink=BLUE_PEN)
    sheet.write(day(random, 2023, 2023))
    if sealed:
        seal(sheet, random, "示例物业服务有限公司", (165, sheet.y + 4), 40)
    return sheet.paper("lease", {"landlord": landlord.name, "tenant": tenant.name, "rent": rent})


_JUDGMENT = (
    "原告{plaintiff}与被告{defendant}民间借贷纠纷一案，本院于{filed}立案后，依法适用简易程序，公开开庭进行了审理。"
    "原告{plaintiff}到庭参加诉讼，被告{defendant}经传票传唤无正当理由拒不到庭。本案现已审理终结。",
    "原告向本院提出诉讼请求：1.判令被告归还借款本金{amount}元及利息；2.本案诉讼费用由被告负担。",
    "本院经审理认定事实如下：被告向原告借款并出具借条一份，约定了还款期限和利率。借款到期后，被告未按照约定归还，"
    "经原告多次催要未果。上述事实有借条、转账凭证以及当事人陈述等证据在案佐证，本院予以确认。",
    "本院认为，合法的借贷关系受法律保护。借款人应当按照约定的期限返还借款。被告未按约归还借款，应当承担相应的"
    "民事责任。依照《中华人民共和国民法典》第六百六十七条、第六百七十五条之规定，判决如下：",
    "一、被告{defendant}于本判决生效之日起十日内归还原告{plaintiff}借款本金{amount}元；",
    "二、驳回原告的其他诉讼请求。",
    "如不服本判决，可以在判决书送达之日起十五日内，向本院递交上诉状，并按照对方当事人的人数提出副本。",
)


def judgment(random: Random, dpi: float, *, sealed: bool = True) -> Paper:
    """民事判决书: a civil judgment; the court's red seal over its date, where asked for."""
    plaintiff, defendant = person(random), person(random)
    figures, _ = amount(random)
    sheet = Sheet(A4, dpi, margin=26, face=Face.SERIF)
    sheet.title(COURT, 20)
    sheet.title("民 事 判 决 书", 22)
    number = f"（{random.integers(2021, 2026)}）示0101民初{random.integers(100, 9999)}号"
    sheet.line(number, 14, align="right")
    sheet.write(f"原告：{plaintiff.name}，住{plaintiff.address}。", 14, leading=1.6)
    sheet.write(f"被告：{defendant.name}，住{defendant.address}。", 14, leading=1.6)
    words = {"plaintiff": plaintiff.name, "defendant": defendant.name, "amount": figures, "filed": day(random)}
    for text in _JUDGMENT:
        sheet.write("    " + text.format(**words), 13, leading=1.55)
    sheet.line("审判员  陈示例", 14, align="right")
    sheet.line("二〇二五年三月六日", 14, align="right")
    if sealed:
        seal(sheet, random, COURT, (160, sheet.y - 8), 42)
    return sheet.paper("judgment", {"case": number, **words})


def fee_notice(random: Random, dpi: float) -> Paper:
    """诉讼费用交纳通知书: a court's fee notice with a QR code and Code 128; printed on coloured paper."""
    payer = person(random)
    reference = f"SLFY01-2025{random.integers(1, 13):02}{random.integers(1, 29):02}-{random.integers(1, 99999):05}"
    colour = ((255, 246, 206), (255, 226, 232), (218, 238, 252), (226, 246, 220))[int(random.integers(4))]
    sheet = Sheet(A4, dpi, colour=colour, face=Face.SERIF)
    sheet.title(COURT, 18)
    sheet.title("诉讼费用交纳通知书", 20)
    sheet.line(reference, 12, align="right")
    sheet.write(f"{payer.name}：", 14)
    fee = f"{random.integers(50, 5000)}.00"
    sheet.write(f"    你与他人民间借贷纠纷一案，应当预交案件受理费{fee}元。请自收到本通知之日起七日内交纳。", 14)
    sheet.write("    逾期不交纳又未提出缓交、减交、免交申请的，按撤诉处理。", 14)
    link = f"https://court.example/fees/{reference}"
    code(sheet, link, (26, sheet.y + 8), (34, 34))
    code(sheet, reference, (80, sheet.y + 18), (95, 16), bars=True)
    return sheet.paper("fee_notice", {"reference": reference, "fee": fee}, (link, reference))


def slip(random: Random, dpi: float) -> Paper:
    """A till slip: thermal paper, narrow, long, its print pale."""
    sheet = Sheet((76, float(random.uniform(130, 220))), dpi, colour=(236, 235, 230), margin=6, notice=False)
    grey = int(random.integers(60, 140))
    ink = (grey, grey, grey + 8)
    sheet.line("示例建材商店", 13, ink=ink, align="centre")
    sheet.line("销售小票", 10, ink=ink, align="centre")
    total = 0
    while sheet.y < sheet.size[1] - 34:
        price = int(random.integers(3, 400))
        total += price
        goods = ("水泥", "瓷砖", "电线", "涂料", "木板", "螺钉", "水管", "开关")[int(random.integers(8))]
        sheet.line(f"{goods}    {random.integers(1, 9)} 件    {price}.00", 9, ink=ink)
    sheet.line(f"合计：{total}.00元", 12, ink=ink)
    sheet.line(day(random, 2024, 2025), 9, ink=ink)
    return sheet.paper("slip", {"total": f"{total}.00"})


def blank(random: Random, dpi: float) -> Paper:
    """An empty sheet, white or coloured."""
    colour = ((252, 252, 250), (240, 240, 238), (255, 244, 200))[int(random.integers(3))]
    sheet = Sheet(A4, dpi, colour=colour, notice=False)
    return sheet.paper("blank")


def statement(random: Random, dpi: float) -> Paper:
    """A dense page of text and figures in small print without any colour: 交易明细 for reading and for size."""
    sheet = Sheet(A4, dpi, margin=16)
    holder = person(random)
    sheet.title("示例银行个人账户交易明细", 16)
    sheet.write(f"户名：{holder.name}    账号：6200 **** **** {random.integers(1000, 9999)}", 10)
    while sheet.y < 272:
        figures = f"{random.integers(10, 99999):,}.{random.integers(0, 100):02}"
        kind = ("转账支出", "转账收入", "工资", "消费", "取现", "利息")[int(random.integers(6))]
        sheet.line(f"{day(random, 2024, 2024)}  {kind}  {figures}  对方：{person(random).name}", 9.5, ink=INK)
    return sheet.paper("statement", {"holder": holder.name})
