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
    CHECK_IN = "check_in"  # 预约签到
    CHECK_IN_CARD = "check_in_card"
    RATING = "rating"  # 服务评价
    RATING_CARD = "rating_card"
    RATING_GRADE = "rating_grade"
    RATING_REASONS = "rating_reasons"
    RATING_DONE = "rating_done"
    AWAY = "away"  # 暂离: called to a window in the middle of a filing
    UNRESOLVED = "unresolved"  # 办不成事、院领导接待
    UNRESOLVED_KIND = "unresolved_kind"
    UNRESOLVED_PLACE = "unresolved_place"
    UNRESOLVED_WHICH = "unresolved_which"  # window or service
    UNRESOLVED_DAY = "unresolved_day"
    UNRESOLVED_OTHER_DAY = "unresolved_other_day"
    UNRESOLVED_ACCOUNT = "unresolved_account"
    UNRESOLVED_CALL_BACK = "unresolved_call_back"
    UNRESOLVED_CONTACT = "unresolved_contact"
    UNRESOLVED_CARD = "unresolved_card"
    UNRESOLVED_REVIEW = "unresolved_review"
    UNRESOLVED_SENDING = "unresolved_sending"
    UNRESOLVED_DONE = "unresolved_done"  # “办不成事”反映回执
    DUTY = "duty"  # 带班院领导
    DRAFT_CODE = "draft_code"  # 草稿码: begun elsewhere (S0-32)
    DRAFT_FOUND = "draft_found"
    DRAFT_KEEPING = "draft_keeping"  # 保存草稿
    DRAFT_KEPT = "draft_kept"
    WINDOW_TICKET = "window_ticket"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a session ended (N1): every journey ends in one of these."""

    RECEIPT = "receipt"
    TICKET = "ticket"
    CANCELLED = "cancelled"
    REPORTED = "reported"  # what could not be got done
    ANSWERED = "answered"  # a query was answered; nothing was to be filed
    KEPT = "kept"  # the draft waits at the court, for whoever has its code
    WALKED_AWAY = "walked_away"


PUBLIC_STAGES = frozenset({Stage.ATTRACT, Stage.HOME, Stage.LANGUAGE, Stage.TICKET_MATTER})
PUBLIC_STAGES |= {Stage.UNRESOLVED, Stage.UNRESOLVED_KIND, Stage.DUTY}
"""Screens that hold nothing personal; idling there returns to ATTRACT without a warning."""

DONE_STAGES = frozenset(
    {
        Stage.RECEIPT,
        Stage.WINDOW_TICKET,
        Stage.MY_CASE_RESULT,
        Stage.TICKET,
        Stage.UNRESOLVED_DONE,
        Stage.RATING_DONE,
        Stage.DRAFT_KEPT,
    }
)
"""Last screens of a journey."""
