"""The words on the lobby's screens: short, plain, and written as each language is."""

from __future__ import annotations

import re

from kiosk.i18n import catalogue

OURS = {key: text for key, text in catalogue().items() if key.startswith(("lobby.", "touchpad."))}
LONGEST_CLAUSE = 25
BETWEEN_CLAUSES = re.compile(r"[，。；：、？！·…\n　（）“”]")
SOUTHERN = re.compile(
    r"(?<![가-힣])(노동|이유|이자|요금|영수|양식|연락|연결|여권|여행|연도|입안|이용|예외|노인|논의|유의|이행|이력|인접|임구)"
)
"""Words that the Korean of Yanbian writes with ㄹ or ㄴ at the front: 로동, 리유, 련락, 려권, 립안, 리용, 림구 …"""


def test_a_clause_is_short() -> None:
    """Rule 19: at most 25 characters per Chinese clause."""
    too_long = []
    for key, text in OURS.items():
        clauses = BETWEEN_CLAUSES.split(re.sub(r"\{\w+\}", "XX", text.zh))
        too_long += [(key, clause) for clause in clauses if len(clause) > LONGEST_CLAUSE]
    assert too_long == []


def test_each_language_is_written_in_its_own_way() -> None:
    """Korean as in Yanbian, with 《》 for quotations; English with straight quotation marks."""
    wrong = [key for key, text in OURS.items() if SOUTHERN.search(text.ko) or "“" in text.ko or "“" in text.en]
    assert wrong == []
