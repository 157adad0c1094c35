"""Synthetic documents and the tools that read a PDF back."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from PIL import Image, ImageDraw

from kiosk.clock import CHINA
from kiosk.court.envelope import MediationWish
from kiosk.documents.complaint import (
    Agreement,
    ComplaintDocument,
    EvidenceReference,
    MediationWill,
    Preservation,
    Witness,
)
from kiosk.documents.model import Agent, AgentAuthority, FormRow, NaturalPerson, Option, Organisation, Signature
from kiosk.documents.papers import (
    AddressConfirmationDocument,
    CorrectionItem,
    CorrectionListDocument,
    CorrectionOrigin,
    ElectronicService,
    EvidenceLine,
    EvidenceListDocument,
    Exemplar,
    FilingReceiptDocument,
    ReceiptLine,
    Receiver,
    UndertakingDocument,
)
from kiosk.documents.render import Renderer
from kiosk.i18n import Text

FILED = date(2026, 3, 16)
COURT = "延边林区基层法院（示例）"
REFERENCE = "YBLQ01-20260316-00012-7"


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """The text of a PDF as poppler extracts it, without any white space, so that line breaks do not matter."""

    def extract(pdf: bytes) -> str:
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
        return "".join(done.stdout.decode().split()).replace("\u200b", "")

    return extract


@pytest.fixture(scope="session")
def signature() -> Signature:
    image = Image.new("RGBA", (900, 300), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(60, 150), (160, 60), (200, 240), (500, 70), (820, 180)], fill=(10, 10, 30), width=9)
    out = io.BytesIO()
    image.save(out, "PNG")
    return Signature("张示例", out.getvalue())


@pytest.fixture(scope="session")
def complaint(signature: Signature) -> ComplaintDocument:
    return ComplaintDocument(
        form_name="民间借贷纠纷",
        cause_of_action="民间借贷纠纷",
        plaintiffs=(
            NaturalPerson(
                "张示例",
                "男",
                date(1980, 1, 1),
                "朝鲜族",
                "延边示例林业有限公司",
                "护林员",
                "13800000000",
                "吉林省延吉市示例街1号2单元301室",
                "吉林省延吉市示例街9号",
                "居民身份证",
                "222401198001010014",
            ),
        ),
        agents=(
            Agent(
                "王示例",
                "吉林示例律师事务所",
                "律师",
                "0433-0000000",
                AgentAuthority.SPECIAL,
                ("代为承认、放弃、变更诉讼请求", "进行和解"),
            ),
        ),
        defendants=(
            NaturalPerson("李示例", "女", domicile="吉林省延吉市示例路22号"),
            Organisation(
                "延边示例商贸有限公司",
                "吉林省延吉市示例大街88号",
                "吉林省延吉市示例区",
                "赵示例",
                "执行董事",
                "0433-1111111",
                "91222401MA00000001",
                "有限责任公司",
                "民营",
            ),
        ),
        third_parties=(NaturalPerson("孙示例"),),
        court=COURT,
        signatures=(signature,),
        filed=FILED,
        claims=(
            FormRow("本金", "截至2026年3月1日止，尚欠本金50,000.00元。"),
            FormRow("是否主张诉讼费用", options=(Option("是", True), Option("否", False))),
        ),
        amount_in_dispute=Decimal("1053450.5"),
        agreement=Agreement(True, "第八条：向原告住所地人民法院起诉"),
        preservation=Preservation(True, "示例区人民法院", "2026年2月1日", "（2026）吉0000财保1号"),
        elements=(
            FormRow("合同签订情况", "2024年5月1日在延吉市签订《借条》一份。"),
            FormRow(
                "还款方式",
                "到期未还",
                (Option("等额本息", False), Option("到期一次性还本付息", True)),
            ),
        ),
        facts="2024年5月1日，被告向原告借款人民币五万元。\n借款到期后，原告多次催要，被告至今未还。",
        mediation=MediationWill(True, (True, True, False, True, None), MediationWish.UNDECIDED),
        evidence=EvidenceReference(3, 6),
        witnesses=(Witness("金示例 김시례", "吉林省延吉市示例胡同3号"),),
        copies=3,
        reference=REFERENCE,
    )


@pytest.fixture(scope="session")
def evidence_list(signature: Signature) -> EvidenceListDocument:
    return EvidenceListDocument(
        "民间借贷纠纷",
        "张示例",
        (
            EvidenceLine("借条", Exemplar.ORIGINAL, 1, "原告保存", "证明借款事实。", 1, 1),
            EvidenceLine("银行转账凭证", Exemplar.COPY, 2, "示例银行", "证明交付借款。", 2, 3),
            EvidenceLine("微信聊天记录", Exemplar.ELECTRONIC, 4, "原告手机", "证明多次催要。"),
        ),
        COURT,
        (signature,),
        FILED,
        2,
        REFERENCE,
    )


@pytest.fixture(scope="session")
def address_confirmation(signature: Signature) -> AddressConfirmationDocument:
    return AddressConfirmationDocument(
        "民间借贷纠纷",
        "张示例",
        "居民身份证",
        "222401198001010014",
        "吉林省延边朝鲜族自治州延吉市",
        "示例街1号2单元301室",
        "133000",
        "13800000000",
        COURT,
        (signature,),
        FILED,
        ElectronicService(False, email="zhang@example.invalid"),
        Receiver("김시례", "配偶", "居民身份证", "222401198201010020", "13700000000"),
        "0433-2222222",
        True,
        remarks="请在工作时间送达",
        reference=REFERENCE,
    )


@pytest.fixture(scope="session")
def undertaking(signature: Signature) -> UndertakingDocument:
    return UndertakingDocument(
        "民间借贷纠纷", "张示例", ("李示例", "延边示例商贸有限公司"), COURT, (signature,), FILED, REFERENCE
    )


@pytest.fixture(scope="session")
def receipt() -> FilingReceiptDocument:
    court = Text(COURT, "연변림구기층법원(시례)", "Yanbian Forest Area Primary Court (example)")
    return FilingReceiptDocument(
        REFERENCE,
        datetime(2026, 3, 16, 14, 5, tzinfo=CHINA),
        court,
        court,
        "张示例",
        Text("民间借贷纠纷", "민간대차분쟁", "Private lending dispute"),
        "YBLQ01",
        (
            ReceiptLine(Text("民事起诉状", "민사소장", "Civil complaint"), Exemplar.ELECTRONIC, 3, 2),
            ReceiptLine("借条", Exemplar.ORIGINAL, 1),
            ReceiptLine("银行转账凭证", Exemplar.COPY, 2, 3),
        ),
    )


@pytest.fixture(scope="session")
def corrections(receipt: FilingReceiptDocument) -> CorrectionListDocument:
    return CorrectionListDocument(
        CorrectionOrigin.COURT,
        REFERENCE,
        receipt.court,
        "张示例",
        receipt.cause_of_action,
        (
            CorrectionItem(
                Text("请补充被告的住所。", "피고의 주소를 보충하십시오.", "Please add the defendant's address."),
                "民诉法第一百二十四条",
            ),
            CorrectionItem("起诉状副本少一份。"),
        ),
        date(2026, 3, 17),
        date(2026, 3, 24),
    )
