"""Another channel of the court, written from docs/kept-drafts.md alone: nothing of the project is imported here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SALT = b"court-kiosk kept draft v1"


def draw_code() -> str:
    """A new code, written in groups."""
    letters = [secrets.choice(LETTERS) for _ in range(17)]
    total = sum((place + 1) * LETTERS.index(letter) for place, letter in enumerate(letters))
    letters.append(LETTERS[total % 31])
    return "-".join("".join(letters[i : i + 3]) for i in range(0, 18, 3))


def hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256; one block is enough."""
    pseudo_random_key = hmac.new(SALT, secret, hashlib.sha256).digest()
    return hmac.new(pseudo_random_key, info + b"\x01", hashlib.sha256).digest()[:length]


class WebChannel:
    """The court's website: keeps drafts for people who write at home, and takes them up."""

    def __init__(self, url: str, key: str) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30)

    def close(self) -> None:
        """Drop the connection."""
        self._http.close()

    def address(self, code: str) -> str:
        """Where the draft of `code` is kept."""
        return f"/v1/channel/drafts/{hkdf(code.replace('-', '').encode(), b'lookup', 16).hex()}"

    def keep(self, document: dict[str, Any], code: str | None = None, days: int = 30) -> tuple[str, httpx.Response]:
        """Encrypt and send; the code that the person gets, and what the hub said."""
        code = code or draw_code()
        return code, self.send(code, self.sealed(json.dumps(document, ensure_ascii=False).encode(), code), days)

    def sealed(self, plain: bytes, code: str) -> bytes:
        """`plain` as only `code` opens it."""
        secret, nonce = code.replace("-", "").encode(), secrets.token_bytes(12)
        bound = SALT + b"\x01" + hkdf(secret, b"lookup", 16).hex().encode()
        return b"\x01" + nonce + AESGCM(hkdf(secret, b"seal", 32)).encrypt(nonce, plain, bound)

    def send(self, code: str, sealed: bytes, days: int = 30) -> httpx.Response:
        """Put sealed bytes under the lookup id of `code`."""
        body = {"sealed": base64.b64encode(sealed).decode(), "days": days}
        return self._http.put(self.address(code), json=body)

    def fetch(self, code: str) -> httpx.Response:
        """What the hub has."""
        return self._http.get(self.address(code))

    def opened(self, code: str) -> dict[str, Any]:
        """The document under `code`."""
        sealed = base64.b64decode(self.fetch(code).json()["sealed"])
        secret = code.replace("-", "").encode()
        bound = SALT + sealed[:1] + hkdf(secret, b"lookup", 16).hex().encode()
        plain = AESGCM(hkdf(secret, b"seal", 32)).decrypt(sealed[1:13], sealed[13:], bound)
        found: dict[str, Any] = json.loads(plain)
        return found

    def forget(self, code: str) -> httpx.Response:
        """The person wants it erased."""
        return self._http.delete(self.address(code))


def a_document(number: str = "110101199001010015", **changes: Any) -> dict[str, Any]:
    """What somebody has written at home about a loan."""
    document: dict[str, Any] = {
        "version": "1",
        "matter_id": "01a20603-bdcf-72df-a945-751c67d52384",
        "begun": "2026-11-20T20:15:00+08:00",
        "begun_in": "web",
        "language": "zh",
        "owner": {"document": "resident", "number": number, "name": "张三示例"},
        "represents": "self",
        "competent_court": "",
        "cause_code": "108.03",
        "mediation": None,
        "forms": [
            {
                "place": "claim",
                "form_id": "private_lending",
                "form_version": "2024.9",
                "answers": {"principal_owed": "50000.00", "principal_as_of": "2026-11-01", "asked_in_2024": "经营周转"},
            }
        ],
        "evidence": [{"title": "借条"}],
        "consent": {
            "purpose": "keep_draft",
            "wording_version": "web-2026-11",
            "language": "zh",
            "answered": "2026-11-20T20:40:00+08:00",
            "granted": True,
        },
    }
    return document | changes
