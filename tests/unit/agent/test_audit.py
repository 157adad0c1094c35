"""The journal's chain: whatever is done to an exported or stored entry shows (N2)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from kiosk.audit.journal import (
    AuditEntry,
    AuditKind,
    JournalBrokenError,
    append,
    check_chain,
    entries,
    export,
    metadata,
)
from kiosk.clock import CHINA
from kiosk.court.keys import SigningKey

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=CHINA)


def journal(length: int) -> list[AuditEntry]:
    engine = sa.create_engine("sqlite://", module=dbapi2)
    metadata.create_all(engine)
    with engine.begin() as connection:
        for number in range(length):
            append(connection, NOW, AuditKind.COMMITTED, {"number": number})
        return list(entries(connection))


WHOLE = journal(6)


def changes() -> Iterator[list[AuditEntry]]:
    for place, entry in enumerate(WHOLE):
        for field in ("at", "kind", "detail", "previous", "hash"):
            yield [*WHOLE[:place], replace(entry, **{field: "x" + getattr(entry, field)[1:]}), *WHOLE[place + 1 :]]
        if place < len(WHOLE) - 1:
            yield [*WHOLE[:place], *WHOLE[place + 1 :]]
            yield [*WHOLE[:place], WHOLE[place + 1], entry, *WHOLE[place + 2 :]]


@pytest.mark.parametrize("changed", list(changes()))
def test_a_changed_removed_or_moved_entry_breaks_the_chain(changed: list[AuditEntry]) -> None:
    with pytest.raises(JournalBrokenError):
        check_chain(iter(changed))


@given(st.integers(0, 6))
def test_an_untouched_chain_holds(length: int) -> None:
    part = WHOLE[:length]
    assert check_chain(iter(part)) == (part[-1].hash if part else "0" * 64)


def test_an_export_is_signed_over_its_last_hash() -> None:
    """A cut tail of a later export shows against the signature of an earlier one."""
    engine = sa.create_engine("sqlite://", module=dbapi2)
    metadata.create_all(engine)
    key = SigningKey.generate()
    with engine.begin() as connection:
        for number in range(3):
            append(connection, NOW, AuditKind.SLIP, {"number": number})
        lines = [json.loads(line) for line in export(connection, key)]
    assert [line["number"] for line in lines[:3]] == [1, 2, 3]
    assert lines[3]["head"] == lines[2]["hash"]
    assert key.verify_key.verifies(base64.b64decode(lines[3]["signature"]), lines[3]["head"].encode())
