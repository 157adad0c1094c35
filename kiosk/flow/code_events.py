"""What can happen at a field that waits for a code on paper."""

from __future__ import annotations

from dataclasses import dataclass

# -- the person


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """Codes were held under the camera or the scanner: one, or all that stand on the paper."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeUnreadable:
    """Something was scanned that is no text."""


@dataclass(frozen=True, slots=True)
class UseLyingCode:
    """The paper that lay under the camera already is the one."""


CodeTouch = CodeGiven | CodeUnreadable | UseLyingCode

# -- devices


@dataclass(frozen=True, slots=True)
class CodeLies:
    """These codes lay under the camera when the field began to wait; none any more where empty. Whoever was here before
    may have left the paper, so it is taken only when the person says so."""

    texts: tuple[str, ...]
