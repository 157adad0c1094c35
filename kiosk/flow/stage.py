"""The places a person can be at; each is one screen."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """One screen. Chinese names are the ones on the official papers."""

    ATTRACT = "attract"
    HOME = "home"
    LANGUAGE = "language"
    PRIVACY = "privacy"  # 个人信息处理告知
    IDENTITY = "identity"  # 身份核验
    CARD = "card"
    PERSON = "person"  # typed identity
    IDENTITY_CONFIRM = "identity_confirm"
    CAPACITY = "capacity"  # 本人、法定代表人、委托诉讼代理人
    ORGANISATION = "organisation"
    PLAINTIFF = "plaintiff"  # 原告
    AGENT = "agent"  # 委托诉讼代理人
    COURT = "court"  # 管辖法院、跨域立案
    CAUSE = "cause"  # 案由
    MATERIALS = "materials"  # 立案材料清单
    CLAIM = "claim"  # 要素式起诉状
    OTHERS = "others"  # 被告、第三人
    FEE = "fee"  # 诉讼费
    EVIDENCE = "evidence"  # 证据清单
    EVIDENCE_ITEM = "evidence_item"
    SCAN = "scan"
    OPTIONS = "options"  # 多元解纷方式
    MEDIATION = "mediation"  # 先行调解意愿
    ADDRESS = "address"  # 送达地址确认书
    E_SERVICE = "e_service"  # 电子送达
    REVIEW = "review"  # 补正清单
    UNDERTAKING = "undertaking"  # 诚信诉讼承诺书
    SIGNATURE = "signature"  # 具状人签名
    SUBMITTING = "submitting"
    RECEIPT = "receipt"  # 收件回执
    MY_CASE = "my_case"  # 案件查询
    MY_CASE_CARD = "my_case_card"
    MY_CASE_RESULT = "my_case_result"
    TICKET_MATTER = "ticket_matter"  # 取号: 办理事项
    TICKET_CLASS = "ticket_class"
    TICKET_PROOF = "ticket_proof"  # 执业证号
    TICKET_HOLDER = "ticket_holder"
    TICKET_CARD = "ticket_card"
    TICKET_TAKING = "ticket_taking"
    TICKET = "ticket"  # 排队号
    AWAY = "away"  # 暂离: called to a window in the middle of a filing
    WINDOW_TICKET = "window_ticket"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a session ended (N1): every journey ends in one of these."""

    RECEIPT = "receipt"
    TICKET = "ticket"
    CANCELLED = "cancelled"
    ANSWERED = "answered"  # a query was answered; nothing was to be filed
    WALKED_AWAY = "walked_away"


PUBLIC_STAGES = frozenset({Stage.ATTRACT, Stage.HOME, Stage.LANGUAGE, Stage.TICKET_MATTER})
"""Screens that hold nothing personal; idling there returns to ATTRACT without a warning."""

DONE_STAGES = frozenset({Stage.RECEIPT, Stage.WINDOW_TICKET, Stage.MY_CASE_RESULT, Stage.TICKET})
"""Last screens of a journey."""
