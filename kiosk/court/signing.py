"""Requests signed with the device key: HTTP message signatures (RFC 9421), Ed25519.

Profile: label `terminal`, tag `court-kiosk`, algorithm `ed25519`; covered are `@method`, `@path`, `@query`,
`content-digest` (RFC 9530, SHA-256, also of an empty body) and every field of SIGNED_FIELDS the request has; the
parameters `created`, `nonce` and `keyid` are required. Host and scheme are left out: a proxy in front of the hub may
change them, and the content is sealed to one court anyway. Which nonces were seen is the hub's to remember.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    MappingKeyResolver,
    algorithms,
)

from kiosk.court.keys import SigningKey, VerifyKey

TAG = "court-kiosk"
LABEL = "terminal"
SIGNED_FIELDS = ("content-type", "idempotency-key", "upload-offset", "upload-complete")
MAX_AGE = timedelta(seconds=300)
"""How far `created` may lie from the hub's clock, on either side."""

_ALWAYS = ("@method", "@path", "@query", "content-digest")

FindKey = Callable[[str], VerifyKey | None]
"""Gives the public key of a key id, None for an unknown or revoked one."""


class SignatureRefusedError(Exception):
    """The request is not signed by a known terminal. `clock` is true where only its time is off (the terminal then
    asks for the hub's time). The text carries no personal data."""

    def __init__(self, reason: str, *, clock: bool = False) -> None:
        super().__init__(reason)
        self.clock = clock


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """Who signed, when, and the nonce that the hub must not have seen before."""

    key_id: str
    created: datetime
    nonce: str


@dataclass
class _Message:
    method: str
    url: str
    headers: dict[str, str]


class _PublicKeys(HTTPSignatureKeyResolver):
    def __init__(self, find: FindKey) -> None:
        self._find = find

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        found = self._find(key_id)
        return found.public if found else None


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Left to `verify`, which has an injected clock."""


def _absolute(target: str) -> str:
    parts = urlsplit(target)
    return f"http://hub{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _components(headers: Mapping[str, str]) -> list[str]:
    present = {name.lower() for name in headers}
    return [*_ALWAYS, *(name for name in SIGNED_FIELDS if name in present)]


def sign(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    key: SigningKey,
    created: datetime,
    nonce: str,
) -> dict[str, str]:
    """The fields to add to a request: `content-digest`, `signature-input`, `signature`.

    `target` is the path with its query, or the whole URL; `headers` are the fields the request already has.
    """
    message = _Message(method, _absolute(target), {name.lower(): value for name, value in headers.items()})
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key.key_id: key.private}),
    )
    signer.sign(
        message,
        key_id=key.key_id,
        created=created,
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=_components(headers),
        body=body,
    )
    added = {name.lower(): value for name, value in message.headers.items()}
    return {name: added[name] for name in ("content-digest", "signature-input", "signature")}


def verify(
    method: str, target: str, headers: Mapping[str, str], body: bytes, *, find_key: FindKey, now: datetime
) -> VerifiedRequest:
    """Who signed this request. `headers` are the fields as received (any case).

    Raises SignatureRefusedError: no or wrong signature, unknown key, a field or the body changed, too old or early.
    """
    received = {name.lower(): value for name, value in headers.items()}
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_PublicKeys(find_key))
    try:
        (result,) = verifier.verify(
            _Message(method, _absolute(target), received),
            max_age=None,
            expect_tag=TAG,
            require_components=_components(received),
            body=body,
        )
    except (HTTPMessageSignaturesException, ValueError) as error:
        raise SignatureRefusedError("the request's signature does not hold") from error
    stamp, nonce, key_id = (result.parameters.get(name) for name in ("created", "nonce", "keyid"))
    if not isinstance(stamp, int) or not isinstance(nonce, str) or not nonce or not isinstance(key_id, str):
        raise SignatureRefusedError("the signature lacks created, nonce or keyid")
    try:
        created = datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureRefusedError("the signature's time is no time") from error
    if abs(now - created) > MAX_AGE:
        raise SignatureRefusedError("the signature's time is not now", clock=True)
    return VerifiedRequest(key_id, created, nonce)
