"""Hashes and signatures are made over one spelling, whatever path a document took."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.court.canonical import canonical_json, manifest_sha256
from kiosk.court.contract import BlobRef, BlobRole, Channel, Manifest

HASH = "a" * 64


def manifest(created: datetime, software: str = "court-kiosk/1") -> Manifest:
    return Manifest(
        submission_id=UUID("01900000-0000-7000-8000-000000000001"),
        receipt_no="DEV123-20260901-00001-0",
        terminal="DEV123",
        handling_court="吉0102",
        competent_court="吉0103",
        channel=Channel.TERMINAL_CROSS_REGION,
        form_id="general",
        form_version="1",
        cause_code="9999",
        cause_version="2026-01-01",
        sequence=1,
        previous=None,
        created=created,
        software=software,
        court_key="k",
        blobs=(BlobRef(role=BlobRole.ENVELOPE, sha256=HASH, size=1, media_type="application/json", plain_sha256=HASH),),
    )


def test_rfc_8785_example() -> None:
    """RFC 8785 3.2.3: members in order of their UTF-16 code units, numbers in ECMAScript spelling."""
    document = {"peach": 3, "péché": 1, "pêche": 2, "sin": 4, "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 1e-27]}
    expected = '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"peach":3,"péché":1,"pêche":2,"sin":4}'
    assert canonical_json(document) == expected.encode()


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 - the offset is drawn
    st.integers(-12 * 60, 14 * 60),
    st.text(max_size=20),
)
def test_a_manifest_keeps_its_hash_through_the_wire(moment: datetime, minutes: int, software: str) -> None:
    sent = manifest(moment.replace(tzinfo=timezone(timedelta(minutes=minutes))), software)
    received = Manifest.model_validate_json(sent.model_dump_json())
    assert manifest_sha256(received) == manifest_sha256(sent)
    assert manifest_sha256(Manifest.model_validate_json(canonical_json(sent))) == manifest_sha256(sent)


def test_what_json_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json({"n": 2**53})
    with pytest.raises(ValueError, match=r"."):
        canonical_json({"n": float("nan")})
