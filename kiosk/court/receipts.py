"""The hub's signed acknowledgement: made by the court's signing key, checked by the terminal before it believes it."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from kiosk.court.canonical import canonical_json
from kiosk.court.contract import Receipt
from kiosk.court.keys import SigningKey, VerifyKey


class ReceiptRefusedError(Exception):
    """A reply that is not the court's receipt for this submission. Carries no personal data."""


def _signed_part(receipt: Receipt) -> bytes:
    return canonical_json(receipt.model_dump(mode="json", exclude={"signature"}))


def sign_receipt(  # the fields of the contract's Receipt, in its order
    key: SigningKey,
    *,
    submission_id: UUID,
    manifest_sha256: str,
    receipt_no: str,
    epoch: str,
    server_time: datetime,
) -> Receipt:
    """A receipt signed with the court's key over its other fields (canonical JSON)."""
    unsigned = Receipt(
        submission_id=submission_id,
        manifest_sha256=manifest_sha256,
        receipt_no=receipt_no,
        epoch=epoch,
        server_time=server_time,
        signature="",
    )
    signature = base64.b64encode(key.sign(_signed_part(unsigned))).decode("ascii")
    return unsigned.model_copy(update={"signature": signature})


def verify_receipt(receipt: Receipt, key: VerifyKey, *, submission_id: UUID, manifest_sha256: str) -> None:
    """Accept `receipt` as the court's word for exactly this submission, or raise ReceiptRefusedError."""
    if receipt.submission_id != submission_id:
        raise ReceiptRefusedError("the receipt is for another submission")
    if receipt.manifest_sha256 != manifest_sha256:
        raise ReceiptRefusedError("the receipt is for another content")
    try:
        signature = base64.b64decode(receipt.signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ReceiptRefusedError("the receipt's signature is not base64") from error
    if not key.verifies(signature, _signed_part(receipt)):
        raise ReceiptRefusedError("the receipt is not signed by this court")
