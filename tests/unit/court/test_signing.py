"""A request counts only as it was signed: by a known key, now, with nothing changed (RFC 9421)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.court.keys import SigningKey, VerifyKey
from kiosk.court.signing import MAX_AGE, SIGNED_FIELDS, SignatureRefusedError, sign, verify

KEY = SigningKey.generate()
NOW = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
FIELDS = {"content-type": "application/octet-stream", "upload-offset": "0", "upload-complete": "?1"}
TARGET = "/v1/blobs/abc?part=1"


def find(key_id: str) -> VerifyKey | None:
    return KEY.verify_key if key_id == KEY.key_id else None


def signed(body: bytes = b"body", fields: dict[str, str] | None = None, key: SigningKey = KEY) -> dict[str, str]:
    own = FIELDS if fields is None else fields
    return {**own, **sign("PATCH", TARGET, own, body, key=key, created=NOW, nonce="n1")}


@given(st.binary(max_size=200), st.sampled_from(["GET", "PUT", "PATCH", "HEAD"]), st.text("abc123", max_size=20))
def test_what_was_signed_verifies_and_tells_who(body: bytes, method: str, nonce: str) -> None:
    headers = sign(method, "https://hub.example/v1/court", {}, body, key=KEY, created=NOW, nonce=nonce or "n")
    seen = {name.title(): value for name, value in headers.items()}
    found = verify(method, "/v1/court", seen, body, find_key=find, now=NOW)
    assert (found.key_id, found.nonce, found.created) == (KEY.key_id, nonce or "n", NOW)


@given(st.binary(max_size=50).filter(lambda b: b != b"body"))
def test_another_body_is_refused(body: bytes) -> None:
    with pytest.raises(SignatureRefusedError):
        verify("PATCH", TARGET, signed(), body, find_key=find, now=NOW)


@pytest.mark.parametrize(
    ("method", "target"),
    [("PUT", TARGET), ("PATCH", "/v1/blobs/abd?part=1"), ("PATCH", "/v1/blobs/abc?part=2"), ("PATCH", "/v1/blobs/abc")],
)
def test_another_method_path_or_query_is_refused(method: str, target: str) -> None:
    with pytest.raises(SignatureRefusedError):
        verify(method, target, signed(), b"body", find_key=find, now=NOW)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_changed_or_removed_field_is_refused(name: str) -> None:
    for headers in ({**signed(), name: "9"}, {k: v for k, v in signed().items() if k != name}):
        with pytest.raises(SignatureRefusedError):
            verify("PATCH", TARGET, headers, b"body", find_key=find, now=NOW)


@pytest.mark.parametrize("name", SIGNED_FIELDS)
def test_a_field_added_on_the_way_is_refused(name: str) -> None:
    """An upload field that the terminal did not send must not be slipped in beside its signature."""
    headers = {**signed(fields={}), name: "0"}
    with pytest.raises(SignatureRefusedError):
        verify("PATCH", TARGET, headers, b"body", find_key=find, now=NOW)


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
def test_missing_signature_fields_are_refused(name: str) -> None:
    headers = {k: v for k, v in signed().items() if k != name}
    with pytest.raises(SignatureRefusedError):
        verify("PATCH", TARGET, headers, b"body", find_key=find, now=NOW)


def test_an_unknown_key_is_refused() -> None:
    headers = signed(key=SigningKey.generate())
    with pytest.raises(SignatureRefusedError):
        verify("PATCH", TARGET, headers, b"body", find_key=find, now=NOW)


def test_a_stolen_key_id_does_not_help() -> None:
    """A thief who names our key but signs with his own."""
    other = SigningKey.generate()
    headers = signed(key=other)
    headers["signature-input"] = headers["signature-input"].replace(other.key_id, KEY.key_id)
    with pytest.raises(SignatureRefusedError):
        verify("PATCH", TARGET, headers, b"body", find_key=find, now=NOW)


@pytest.mark.parametrize("sign_of_time", [-1, 1])
def test_old_and_early_signatures_are_refused_as_a_matter_of_clocks(sign_of_time: int) -> None:
    off = sign_of_time * MAX_AGE
    assert verify("PATCH", TARGET, signed(), b"body", find_key=find, now=NOW + off).nonce == "n1"
    with pytest.raises(SignatureRefusedError) as refused:
        verify("PATCH", TARGET, signed(), b"body", find_key=find, now=NOW + off + sign_of_time * timedelta(seconds=1))
    assert refused.value.clock


@given(st.text(max_size=80), st.text(max_size=80))
def test_rubbish_in_the_signature_fields_is_refused(given_input: str, given_signature: str) -> None:
    headers = {**signed(), "signature-input": given_input, "signature": given_signature}
    with pytest.raises(SignatureRefusedError):
        verify("PATCH", TARGET, headers, b"body", find_key=find, now=NOW)
