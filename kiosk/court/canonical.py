"""Canonical JSON (RFC 8785): the one spelling of a document over which hashes and signatures are made."""

from __future__ import annotations

import hashlib
from typing import cast

import rfc8785
from pydantic import BaseModel, JsonValue

from kiosk.court.contract import Manifest


def canonical_json(value: object) -> bytes:
    """`value` (a pydantic model, or plain JSON values) in canonical form, UTF-8.

    Raises ValueError for what JSON cannot carry exactly: integers beyond 2**53, not-a-number, unknown types.
    """
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return rfc8785.dumps(cast(JsonValue, plain))


def manifest_sha256(manifest: Manifest) -> str:
    """The submission's hash: SHA-256 of the manifest's canonical JSON, lower-case hexadecimal."""
    return hashlib.sha256(canonical_json(manifest)).hexdigest()
