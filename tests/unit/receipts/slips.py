"""Synthetic slips shared by tests and the benchmark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from kiosk.clock import CHINA
from kiosk.i18n import Text
from kiosk.receipts import (
    Correction,
    CorrectionList,
    DraftSlip,
    FilingReceipt,
    HandedIn,
    OriginalOrCopy,
    QueueTicket,
    TestSlip,
    UnresolvedSlip,
    WindowTicket,
)

COURT = Text("示例市林区基层法院", "시례시림구기층법원", "Shili Forest District Court")
OTHER_COURT = Text(
    "示例省示例朝鲜族自治州示例林区中级人民法院（知识产权与环境资源审判庭）",
    "시례성 시례조선족자치주 시례림구중급인민법원(지적재산권·환경자원재판정)",
    "Intermediate People's Court of the Shili Forest District, Shili Korean Autonomous Prefecture",
)
RECEIVED = datetime(2026, 7, 7, 14, 5, tzinfo=CHINA)

TYPICAL = FilingReceipt(
    court=COURT,
    receipt_no="SL01-20260707-00042-3",
    received=RECEIVED,
    filer="金**",
    cause=Text("民间借贷纠纷", "민간대차분쟁", "Private lending dispute"),
    documents=(
        HandedIn(Text("民事起诉状", "민사기소장", "Complaint"), 3, 2, OriginalOrCopy.ORIGINAL),
        HandedIn(Text("身份证明", "신분증명", "Proof of identity"), 1, 1, OriginalOrCopy.COPY),
        HandedIn(Text("借条", "차용증", "IOU"), 1, 1, OriginalOrCopy.SCAN),
        HandedIn(Text("银行转账记录", "은행이체기록", "Bank transfers"), 6, 1, OriginalOrCopy.SCAN),
    ),
    handling_court=COURT,
    competent_court=COURT,
    fee=Decimal("2300.00"),
    next_steps=(
        Text(
            "法院审查材料，结果用短信通知。",
            "법원이 자료를 심사하고 결과를 문자로 알립니다.",
            "The court checks the documents and sends the result by text message.",
        ),
        Text(
            "需要补正时，会一次性告知全部事项。",
            "보정이 필요하면 모든 사항을 한번에 알립니다.",
            "If something is missing, you are told everything at once.",
        ),
    ),
    decision_due=date(2026, 7, 14),
    phone="12368",
    qr="https://court.example/case?no=SL01-20260707-00042-3",
)

LONG = FilingReceipt(
    court=OTHER_COURT,
    receipt_no="SHILISHENG12-20260707-00042-X",
    received=RECEIVED,
    filer="示例市示例经济技术开发区示例进出口贸易有限责任公司（委托代理人：欧阳**）",
    cause=Text(
        "因申请财产保全损害责任纠纷",
        "재산보전신청으로 인한 손해책임분쟁",
        "Dispute over liability for damage caused by an application for property preservation",
    ),
    documents=tuple(
        HandedIn(Text(name, name, name), 128, 12, OriginalOrCopy.COPY)
        for name in (
            "微信聊天记录（2019年1月至2026年6月，“㐂”“䶮”二人）",
            *(f"第{n}号补充协议及其全部附件" for n in range(1, 11)),
        )
    ),
    handling_court=COURT,
    competent_court=OTHER_COURT,
    fee=Decimal("12345678.90"),
    next_steps=TYPICAL.next_steps,
    decision_due=date(2026, 12, 31),
    phone="0433-000 0000",
    qr="https://court.example/case?no=SHILISHENG12-20260707-00042-X&lang=zh-Hans&from=terminal",
)

WINDOW = WindowTicket(
    court=COURT,
    reference="W-0042",
    issued=RECEIVED,
    matter=Text("立案", "립안", "Filing a case"),
    window=Text("3 号窗口", "3번 창구", "Window 3"),
    entered=(Text("身份信息", "신분정보", "Identity"), Text("案由和法院", "사건사유와 법원", "Cause and court")),
    bring=(Text("身份证", "신분증", "Identity card"), Text("起诉状和证据", "기소장과 증거", "Complaint and evidence")),
    phone="12368",
)

CORRECTIONS = CorrectionList(
    court=COURT,
    receipt_no="SL01-20260707-00042-3",
    issued=RECEIVED,
    filer="金**",
    items=(
        Correction(
            Text("请写明被告的住所。", "피고의 주소를 써주십시오.", "State the defendant's address."), "民诉法 124"
        ),
        Correction(
            Text(
                "诉讼请求第二项没有写明金额。", "소송청구 제2항에 금액이 없습니다.", "The second claim names no amount."
            ),
            "登记立案规定 4",
        ),
        Correction(Text("请在起诉状上签名。", "기소장에 서명해주십시오.", "Sign the complaint.")),
    ),
    phone="12368",
    qr="https://court.example/case?no=SL01-20260707-00042-3",
)

NUMBER = QueueTicket(
    court=OTHER_COURT,
    number="AB1012",
    service=Text("案件查询、联系法官", "사건조회, 법관 련락", "Ask about a case, reach a judge"),
    further=(
        Text("材料收转", "자료 접수와 전달", "Hand in papers"),
        Text("缴费、退费", "비용납부와 환불", "Pay or get back fees"),
    ),
    appointed="09:30",
    ticket_class=Text(
        "老弱病残孕、军人等", "로약자, 장애인, 임신부, 군인 등", "Elderly, disabled, ill, pregnant, soldiers"
    ),
    issued=RECEIVED,
    ahead=12,
    wait=Text("10至25分钟", "10~25분", "10 to 25 minutes"),
    windows=("1", "2", "3"),
    holder="金*洙",
    offline=True,
    qr="https://court.example/t/01a206bb-66d4-7bcf-a945-751c67d52384",
)

UNRESOLVED = UnresolvedSlip(
    court=OTHER_COURT,
    number="B20260707-001",
    reference="T-3F9A12C7",
    received=RECEIVED,
    kind=Text("反复补材料、多次往返", "자료를 거듭 보충하라 하여 여러번 왔다갔다함", "Sent back again and again"),
    where=Text("案件查询、联系法官", "사건조회, 법관 련락", "Ask about a case, reach a judge"),
    happened=date(2026, 7, 6),
    answer_by=date(2026, 7, 14),
    wrote=True,
    call_back=True,
    phone="12368",
)

DRAFT = DraftSlip(court=COURT, code="99Y-CKA-BN3-QZS-96F-M5M", until=date(2026, 12, 23), phone="12368")
TEST = TestSlip(terminal="SL01", printed=RECEIVED)
EVERY = {
    "typical": TYPICAL,
    "long": LONG,
    "window": WINDOW,
    "corrections": CORRECTIONS,
    "number": NUMBER,
    "unresolved": UNRESOLVED,
    "unresolved offline": replace(UNRESOLVED, number="", answer_by=None, wrote=False, call_back=False),
    "draft": DRAFT,
    "test": TEST,
}
