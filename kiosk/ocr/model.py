"""What was read on a page."""

from __future__ import annotations

from enum import StrEnum

import msgspec

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Corners in pixels of the upright page, clockwise from the top left of the text."""


class TextLine(msgspec.Struct, frozen=True):
    """One line; `confidence` is 0 to 1."""

    text: str
    quad: Quad
    confidence: float


class PageText(msgspec.Struct, frozen=True):
    """The lines of one page in reading order, and the page's size in pixels."""

    width: int
    height: int
    lines: tuple[TextLine, ...]


class PageClass(StrEnum):
    """What kind of paper a page is; OTHER where nothing speaks clearly for one."""

    IDENTITY_CARD = "identity_card"  # 居民身份证
    BUSINESS_LICENCE = "business_licence"  # 营业执照
    CONTRACT = "contract"  # 合同
    IOU = "iou"  # 借条、欠条、收条
    CHAT = "chat"  # 聊天记录截图
    TRANSFER = "transfer"  # 转账凭证
    JUDGMENT = "judgment"  # 判决书、调解书、裁定书
    OTHER = "other"


class FieldProposal(msgspec.Struct, frozen=True):
    """What a field might be filled with; a person confirms it beside its picture, or it is not taken. `field` is the
    key within the class of paper (number, name, amount …), `quads` where it stands, `checked` whether a check digit or
    a second reading on the paper agrees."""

    field: str
    value: str
    quads: tuple[Quad, ...]
    confidence: float
    checked: bool


class PaperGuess(msgspec.Struct, frozen=True):
    """What a page seems to be; `confidence` is 0 to 1."""

    kind: PageClass
    confidence: float


class PageRead(msgspec.Struct, frozen=True, tag="read"):
    """Everything read from one page. `title` is a proposal for the evidence list (证据清单), empty where the page gives
    none; `proposals` stand in the order of the paper, several for one field where the paper contradicts itself.
    `cuttings` are the pictures (JPEG) of where each of them stands, in the same order."""

    text: PageText
    paper: PaperGuess
    title: str
    proposals: tuple[FieldProposal, ...]
    cuttings: tuple[bytes, ...] = ()


class PageUnread(msgspec.Struct, frozen=True, tag="unread"):
    """The page could not be read. It stays what it is, a picture; only its words cannot be searched."""


Reading = PageRead | PageUnread
