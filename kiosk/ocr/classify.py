"""What kind of paper a page is, from its words and how they lie.

Each kind has signs of which every one speaks for it with a weight; independent witnesses are combined as 1 − Π(1 − w).
A page is of a kind where that is well supported and no other kind nearly as well; else it is OTHER.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod

from kiosk.ocr.chat import looks_like_chat
from kiosk.ocr.model import PageClass, PageText, PaperGuess
from kiosk.ocr.papers.contract import TITLE as CONTRACT_TITLE
from kiosk.ocr.papers.judgment import CASE, KIND
from kiosk.ocr.papers.running import Running

CLEAR = 0.6
AHEAD = 0.15

_HEAD = 0.4  # of the page's height: titles stand above
_ID_1 = 85.60 / 53.98  # ISO/IEC 7810
_FORM_LINES = 30  # a card has less; a complaint that lists name, sex and nation has more


@dataclass(frozen=True)
class Seen:
    """A page as the signs look at it: all its text and that of its head, one line each, without blanks."""

    page: PageText
    text: str
    head: str


Sign = tuple[float, Callable[[Seen], bool]]


def _says(pattern: str) -> Callable[[Seen], bool]:
    compiled = re.compile(pattern)
    return lambda seen: compiled.search(seen.text) is not None


def _headed(pattern: str) -> Callable[[Seen], bool]:
    """A line of the head that is nothing but the pattern."""
    compiled = re.compile(rf"(?:^|\n)(?:{pattern})(?:\n|$)")
    return lambda seen: compiled.search(seen.head) is not None


def _times(pattern: str, least: int) -> Callable[[Seen], bool]:
    compiled = re.compile(pattern)
    return lambda seen: len(compiled.findall(seen.text)) >= least


def _all(*patterns: str) -> Callable[[Seen], bool]:
    return lambda seen: all(re.search(pattern, seen.text) for pattern in patterns)


def _like_a_card(seen: Seen) -> bool:
    low, high = sorted((seen.page.width, seen.page.height))
    return low > 0 and abs(high / low - _ID_1) < 0.12 and len(seen.page.lines) < _FORM_LINES


_TRANSFERS = (
    "电子回单|转账凭证|交易回单|业务回单|汇款凭证|电子凭证|转账成功|交易明细(?:清单)?|账单详情|交易详情|转账记录|流水"
)
_MOMENT = r"(?:^|\n)(?:昨天|今天|星期.|周.|\d{1,2}月\d{1,2}日)?(?:凌晨|早上|上午|中午|下午|晚上)?\d{1,2}:\d{2}(?=\n|$)"

_SIGNS: dict[PageClass, tuple[Sign, ...]] = {
    PageClass.IDENTITY_CARD: (
        (0.45, _says("公民身份号码")),
        (0.45, _all("姓名", "性别", "民族", "住址")),
        (0.2, _all("姓名", "出生")),
        (0.6, _says(r"(?:^|\n)居民身份证(?:\n|$)")),
        (0.45, _all("签发机关", "有效期限")),
        (0.3, _like_a_card),
    ),
    PageClass.BUSINESS_LICENCE: (
        (0.75, _headed(r"(?:个体工商户)?营业执照(?:\((?:副本|样本)\))?")),
        (0.3, _says("统一社会信用代码")),
        (0.25, _says("经营范围|注册资本|组成形式")),
        (0.25, _says("登记机关")),
        (0.2, _all("法定代表人|经营者|负责人|执行事务合伙人", "住所|经营场所")),
    ),
    PageClass.CONTRACT: (
        (0.65, lambda seen: CONTRACT_TITLE.search(seen.head) is not None),
        (0.4, _all("甲方", "乙方")),
        (0.3, _times(r"(?:^|\n)第[一二三四五六七八九十]{1,3}条", 3)),
        (0.3, _says("本合同|本协议")),
        (0.3, _says("[一壹][式份][两二三四贰叁肆]份")),
        (0.1, _says("违约")),
    ),
    PageClass.IOU: (
        (0.8, _headed("借条|欠条|收条|借据|欠据|收据|借款借据|借款条|还款承诺书")),
        (0.5, _says("(?:今|兹|现|本人).{0,12}(?:借到|借款|欠到|收到|借人民币|欠人民币)|今[借欠]")),
        (0.3, _says("(?:借款人|欠款人|收款人|具借人|立据人)(?:\\([^()]{1,12}\\))?:")),
        (0.3, _says("(?:此据|特立此据|立此为据)")),
    ),
    PageClass.TRANSFER: (
        (0.6, _headed(f".{{0,14}}(?:{_TRANSFERS})")),
        (0.5, _all("付款(?:人|方|户名|账)", "收款(?:人|方|户名|账)")),
        (0.3, _says("流水号|交易单号|转账单号|商户单号|回单编号|交易卡号|凭证号")),
        (0.3, _says("(?:对方|你)?已收(?:钱|款)|已存入零钱|支付成功|交易成功|转账成功")),
        (0.2, _all("账号|卡号|账户", "交易(?:日期|时间|金额)|转账(?:日期|时间|金额)")),
        (0.3, _times("转账(?:支出|收入)", 3)),
    ),
    PageClass.JUDGMENT: (
        (0.75, lambda seen: KIND.search(seen.head) is not None),
        (0.2, _headed(".{2,30}法院")),
        (0.2, lambda seen: CASE.search(seen.head) is not None),
        (0.4, _says("判决如下|裁定如下|决定如下|自愿达成如下协议|本院予以确认")),
        (0.35, _says(r"(?:^|\n)(?:代理)?(?:审判[长员]|人民陪审员|法官助理|书记员)")),
    ),
    PageClass.CHAT: (
        (0.5, _says("按住说话|对方正在输入|撤回了一条消息|以上是打招呼的内容|\\[语音\\]|\\[图片\\]|聊天记录")),
        (0.4, _times(_MOMENT, 2)),
        (0.7, lambda seen: looks_like_chat(seen.page)),
        (0.3, _times("你|我|吗|呢|吧|好的|嗯|哦|啊", 5)),
    ),
}  # fmt: skip


def paper_of(page: PageText) -> PaperGuess:
    """What kind of paper the page is."""
    seen = Seen(page, Running.rows(page).text, Running.rows(_head_of(page)).text)
    support = {kind: _support(signs, seen) for kind, signs in _SIGNS.items()}
    if len(page.lines) >= _FORM_LINES:
        support[PageClass.IDENTITY_CARD] *= 0.4
    first, second = sorted(support, key=lambda kind: support[kind], reverse=True)[:2]
    if support[first] < CLEAR or support[first] - support[second] < AHEAD:
        return PaperGuess(PageClass.OTHER, round(1 - support[first], 3))
    return PaperGuess(first, round(support[first] * (1 - support[second] / 2), 3))


def _support(signs: Iterable[Sign], seen: Seen) -> float:
    return 1 - prod(1 - weight for weight, there in signs if there(seen))


def _head_of(page: PageText) -> PageText:
    lines = tuple(line for line in page.lines if min(y for _, y in line.quad) < _HEAD * page.height)
    return PageText(page.width, page.height, lines)
