"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `needed` says whether the terminal, set up as it is, can work without it; `remedy` is what
    a person does about it, empty where nothing is to be done. Names are stable: scripts look for them."""

    name: str
    ok: bool
    detail: str
    needed: bool = True
    remedy: str = ""

    @property
    def mark(self) -> str:
        """How it stands, in one word of the same width."""
        return "ok     " if self.ok else "missing" if self.needed else "without"
