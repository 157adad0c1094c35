"""Parts that several documents share: parties, agents, answered form rows, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PartyRole(StrEnum):
    """The role a party has in the case (诉讼地位)."""

    PLAINTIFF = "plaintiff"  # 原告
    DEFENDANT = "defendant"  # 被告
    THIRD_PARTY = "third_party"  # 第三人


@dataclass(frozen=True, slots=True)
class NaturalPerson:
    """A natural person (自然人) with the particulars of 民诉法 124; what is unknown stays empty and is printed blank.

    The age asked for by the article is given by the date of birth, as in the official form (法〔2025〕82号).
    """

    name: str
    sex: str = ""
    birth: date | str | None = None  # as typed, where that is no date
    ethnicity: str = ""  # 民族
    workplace: str = ""  # 工作单位
    occupation: str = ""  # 职业、职务
    phone: str = ""
    domicile: str = ""  # 住所地（户籍所在地）
    residence: str = ""  # 经常居住地
    id_kind: str = ""  # 证件类型
    id_number: str = ""
    relation: str = ""  # 与案件的关系, of a third party


@dataclass(frozen=True, slots=True)
class Organisation:
    """A legal person or other organisation (法人、非法人组织) with the particulars of 民诉法 124."""

    name: str
    domicile: str = ""  # 住所地（主要办事机构所在地）
    registered_at: str = ""  # 注册地／登记地
    representative: str = ""  # 法定代表人／负责人
    position: str = ""
    phone: str = ""
    credit_code: str = ""  # 统一社会信用代码
    kind: str = ""  # 类型
    ownership: str = ""  # 所有制性质
    relation: str = ""  # 与案件的关系, of a third party


@dataclass(frozen=True, slots=True)
class UnspecifiedParty:
    """A party of whom it was not said whether it is a person or an organisation; only what 民诉法 124 item 2 needs."""

    name: str
    domicile: str = ""
    phone: str = ""
    relation: str = ""  # 与案件的关系, of a third party


Party = NaturalPerson | Organisation | UnspecifiedParty


class AgentAuthority(StrEnum):
    """What an agent may do (代理权限); special powers must be spelled out (民诉法 62)."""

    GENERAL = "general"  # 一般授权
    SPECIAL = "special"  # 特别授权


@dataclass(frozen=True, slots=True)
class Agent:
    """An authorised agent in the proceedings (委托诉讼代理人), at most two for one party (民诉法 61)."""

    name: str
    workplace: str = ""
    position: str = ""
    phone: str = ""
    authority: AgentAuthority | None = None
    powers: tuple[str, ...] = ()  # 承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉
    represents: str = ""  # name of the party, where there are several
    kind: str = ""  # lawyer, close relative, … (民诉法 61)
    until: date | str | None = None  # last day of the mandate, None until the end of the proceedings


@dataclass(frozen=True, slots=True)
class Option:
    """One box of a question, ticked or not."""

    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of an official element form (要素式诉状): the question, its boxes and what was written beside them."""

    question: str
    answer: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign. `image` is the signature as drawn, PNG; None leaves the line free for a pen."""

    name: str
    image: bytes | None = None
