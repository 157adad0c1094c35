"""Recorded conversations replayed: what we send byte for byte, and what we make of the answers.

A transcript holds synthetic people only. `>` is from the host, `<` from the reader, `# expect` what comes of it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drivers.id_reader.session import CardReadError, SamFaultError, SamSession
from tests.unit.drivers.lines import FakeClock, TranscriptLine

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


def _conversation(session: SamSession) -> dict[str, object]:
    """Handshake, one look for a card, one reading: what a terminal does first."""
    try:
        session.handshake()
        if not session.find():
            return {"card": None}
        card = session.read_card(found=True)
    except SamFaultError as fault:
        return {"fault": fault.code}
    except CardReadError as failed:
        return {"failure": failed.failure.value}
    return {"name": card.name, "number": card.number, "kind": card.kind.value}


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_recorded_conversation_goes_as_recorded(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = next(line for line in text.splitlines() if line.startswith("# expect "))
    clock = FakeClock()
    line = TranscriptLine(text, clock)
    assert _conversation(SamSession(line, clock=clock)) == json.loads(expected.removeprefix("# expect "))
    assert line.finished


def test_transcripts_are_there() -> None:
    """A glob that finds nothing would test nothing."""
    assert len(TRANSCRIPTS) >= 12
