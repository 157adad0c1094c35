"""Each consent is separate, explicit, refusable, recorded with its wording version (N6, 在线诉讼规则 4, PIPL 14)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kiosk.court.envelope import Consent
from kiosk.i18n import Language


class Purpose(StrEnum):
    """What a consent is for."""

    PRIVACY_NOTICE = "privacy_notice"  # 个人信息处理告知 (PIPL 17, 30)
    E_SERVICE = "e_service"  # 电子送达 (民诉法 90, 在线诉讼规则 29)
    UNDERTAKING = "undertaking"  # 诚信诉讼承诺
    KEEP_DRAFT = "keep_draft"  # 保存草稿 (PIPL 13, 14)


WORDING_VERSIONS: dict[Purpose, str] = {
    Purpose.PRIVACY_NOTICE: "2026-11-01",
    Purpose.E_SERVICE: "2026-11-01",
    Purpose.UNDERTAKING: "2026-11-01",
    Purpose.KEEP_DRAFT: "2026-11-23",
}
"""The version of the wording in kiosk/i18n/catalogue; change both together."""


def record(purpose: Purpose, granted: bool, language: Language, at: datetime) -> Consent:
    """The ledger entry for one answer."""
    return Consent(
        purpose=purpose.value,
        wording_version=WORDING_VERSIONS[purpose],
        language=language.value,
        answered=at,
        granted=granted,
    )
