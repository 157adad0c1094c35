"""Synthetic filings, and a terminal that delivers them with the real client's signatures."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
import pikepdf

from kiosk.clock import CHINA
from kiosk.court import signing
from kiosk.court.canonical import canonical_json
from kiosk.court.contract import BlobRef, BlobRole, Channel, CourtInfo, Manifest
from kiosk.court.envelope import (
    Capacity,
    Consent,
    Envelope,
    EvidenceItem,
    FeeNotice,
    IdentitySource,
    MediationWish,
    Party,
    PartyKind,
    VolumePart,
)
from kiosk.court.keys import SigningKey, development_device_key
from kiosk.court.receipt_numbers import make
from kiosk.court.sealing import CourtPublicKey, seal
from kiosk.court.uuid7 import uuid7

PLAINTIFF = "李示例"
DEFENDANT = "王示例"
IDENTITY_NUMBER = "11010519491231002X"


def small_pdf(pages: int = 1) -> bytes:
    """A valid PDF of empty A4 pages."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Filing:
    """A manifest, and its sealed blobs by hash."""

    manifest: Manifest
    blobs: Mapping[str, bytes]
    plain: Mapping[BlobRole, bytes]


def make_filing(
    court: CourtInfo,
    *,
    terminal: str = "DEV01",
    sequence: int = 1,
    papers: Mapping[BlobRole, tuple[bytes, str]] | None = None,
    volume: Sequence[tuple[bytes, VolumePart]] = (),
    envelope: bytes | None = None,
    corrections: tuple[str, ...] = ("未写明被告住址",),
    competent_court: str | None = None,
    created: datetime | None = None,
) -> Filing:
    """A complaint about a private loan. `envelope` replaces the answers by other bytes; `volume` is one in parts."""
    moment = created or datetime.now(CHINA)
    submission_id = uuid7(moment)
    receipt_no = make(terminal, moment.date(), sequence)
    channel = Channel.TERMINAL_CROSS_REGION if competent_court else Channel.TERMINAL
    competent = competent_court or court.code
    answers = Envelope(
        submission_id=submission_id,
        receipt_no=receipt_no,
        created=moment,
        language="zh",
        channel=channel,
        handling_court=court.code,
        competent_court=competent,
        identity_source=IdentitySource.CARD,
        identity_document="resident",
        identity_number=IDENTITY_NUMBER,
        capacity=Capacity.SELF,
        parties=(
            Party(
                role="plaintiff",
                kind=PartyKind.NATURAL,
                name=PLAINTIFF,
                fields={"id_number": IDENTITY_NUMBER, "sex": "male", "address": "吉林省延吉市示例路1号"},
            ),
            Party(
                role="defendant", kind=PartyKind.NATURAL, name=DEFENDANT, fields={"address": "吉林省延吉市示例街2号"}
            ),
        ),
        cause_code="10301",
        cause_name="民间借贷纠纷",
        cause_version="2026-01-01",
        form_id="private_lending",
        form_version="2025.1",
        answers={
            "principal_owed": "50000.00",
            "principal_as_of": "2026-10-01",
            "claim_court_fees": "yes",
            "other_claims": None,
        },
        fee=FeeNotice(kind="property", amount_in_dispute="50000.00", fee="1050.00", prepaid=True, table_version="2006"),
        evidence=(
            EvidenceItem(
                title="借条",
                original=True,
                source="原告保管",
                purpose="证明借款事实",
                pages=volume[-1][1].last_page if volume else 1,
                first_page=1,
                last_page=volume[-1][1].last_page if volume else 1,
            ),
        ),
        volume=tuple(part for _, part in volume),
        mediation=MediationWish.NO,
        consents=(
            Consent(purpose="privacy", wording_version="1", language="zh", answered=moment, granted=True),
            Consent(purpose="electronic_service", wording_version="1", language="zh", answered=moment, granted=False),
        ),
        service_address={"address": "吉林省延吉市示例路1号", "phone": "13800000000"},
        corrections=corrections,
        signed_on=moment.date(),
    )
    plain: dict[BlobRole, tuple[bytes, str]] = {
        BlobRole.ENVELOPE: (answers.model_dump_json().encode() if envelope is None else envelope, "application/json"),
        **(papers or {BlobRole.COMPLAINT: (small_pdf(), "application/pdf")}),
    }
    key = CourtPublicKey.from_text(court.sealing_key)
    blobs: dict[str, bytes] = {}
    references: list[BlobRef] = []
    contents = [(role, content, media_type) for role, (content, media_type) in plain.items()]
    contents += [(BlobRole.VOLUME, content, "application/pdf") for content, _ in volume]
    for role, content, media_type in contents:
        sealed = seal(content, key)
        sha256 = hashlib.sha256(sealed).hexdigest()
        blobs[sha256] = sealed
        references.append(
            BlobRef(
                role=role,
                sha256=sha256,
                size=len(sealed),
                media_type=media_type,
                plain_sha256=hashlib.sha256(content).hexdigest(),
            )
        )
    manifest = Manifest(
        submission_id=submission_id,
        receipt_no=receipt_no,
        terminal=terminal,
        handling_court=court.code,
        competent_court=competent,
        channel=channel,
        form_id=answers.form_id,
        form_version=answers.form_version,
        cause_code=answers.cause_code,
        cause_version=answers.cause_version,
        sequence=sequence,
        previous=None,
        created=moment,
        software="court-kiosk 0.1.0",
        court_key=court.sealing_key_id,
        blobs=tuple(references),
    )
    return Filing(manifest, blobs, {role: content for role, (content, _) in plain.items()})


class WireTerminal:
    """Speaks the contract without the real client's caution, so that tests can send what no terminal would."""

    def __init__(self, url: str, key: SigningKey | None = None) -> None:
        self.key = key or development_device_key()
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def __enter__(self) -> WireTerminal:
        return self

    def __exit__(self, *error: object) -> None:
        self._http.close()

    def court(self) -> CourtInfo:
        """`GET /v1/court`."""
        return CourtInfo.model_validate_json(self._http.get("/v1/court").content)

    def signed(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        created: datetime | None = None,
        nonce: str | None = None,
    ) -> dict[str, str]:
        """The headers of a signed request."""
        given = dict(headers or {})
        added = signing.sign(
            method,
            path,
            given,
            body,
            key=self.key,
            created=created or datetime.now(CHINA),
            nonce=nonce or secrets.token_urlsafe(12),
        )
        return given | added

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One signed request."""
        return self.raw(method, path, body, self.signed(method, path, body, headers))

    def raw(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """One request as it is."""
        return self._http.request(method, path, content=body, headers=headers)

    def patch(self, sha256: str, offset: int, chunk: bytes, *, last: bool) -> httpx.Response:
        """Append a chunk."""
        headers = {
            "content-type": "application/octet-stream",
            "upload-offset": str(offset),
            "upload-complete": "?1" if last else "?0",
        }
        return self.send("PATCH", f"/v1/blobs/{sha256}", chunk, headers)

    def upload(self, filing: Filing) -> None:
        """Send every blob whole."""
        for sha256, content in filing.blobs.items():
            reply = self.patch(sha256, 0, content, last=True)
            assert reply.status_code == 204, reply.text

    def put(self, manifest: Manifest, *, key: str | None = None) -> httpx.Response:
        """`PUT` the manifest."""
        headers = {"content-type": "application/json", "idempotency-key": key or str(manifest.submission_id)}
        return self.send("PUT", f"/v1/submissions/{manifest.submission_id}", canonical_json(manifest), headers)

    def deliver(self, filing: Filing) -> httpx.Response:
        """Upload and put."""
        self.upload(filing)
        return self.put(filing.manifest)
