"""Sending one filing: blobs in resumable chunks, then the manifest, until the court's own receipt is in hand."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.court.client import HubClient
from kiosk.court.contract import BlobRef, Manifest, Receipt
from kiosk.court.hub_errors import BlobsMissingError, HubFailedError
from kiosk.court.keys import VerifyKey
from kiosk.court.receipts import verify_receipt
from kiosk.outbox.blobs import BlobStore

SMALLEST_CHUNK = 64 * 1024
LARGEST_CHUNK = 8 * 1024 * 1024
_FIRST_CHUNK = 512 * 1024
_QUICK_SECONDS = 1.0
_SLOW_SECONDS = 5.0
_MOST_SETBACKS = 8
"""How often one blob's upload may fail to move forward before the attempt is given up for now."""


class ChunkSize:
    """Bytes per request, following the line: a quick chunk doubles it, a slow or failed one halves it."""

    def __init__(self) -> None:
        self.bytes = _FIRST_CHUNK

    def took(self, seconds: float) -> None:
        """A chunk went through in `seconds`."""
        if seconds < _QUICK_SECONDS:
            self.bytes = min(LARGEST_CHUNK, self.bytes * 2)
        elif seconds > _SLOW_SECONDS:
            self.failed()

    def failed(self) -> None:
        """A chunk did not go through."""
        self.bytes = max(SMALLEST_CHUNK, self.bytes // 2)


class Uploader:
    """Carries filings to the hub over one client."""

    def __init__(self, client: HubClient, blobs: BlobStore, court: VerifyKey, clock: Clock) -> None:
        self._client = client
        self._blobs = blobs
        self._court = court
        self._clock = clock
        self.chunk = ChunkSize()

    def deliver(self, manifest: Manifest, digest: str, go_on: Callable[[], bool], *, fresh: bool) -> Receipt:
        """Send everything the hub lacks, then the manifest; the court's verified receipt for the hash `digest`.

        `fresh` filings were never sent before, so the hub need not be asked how far it got. `go_on` is asked between
        requests; False ends the attempt with HubFailedError, nothing is lost.
        Raises the errors of hub_errors; ReceiptRefusedError where the reply is not the court's receipt for exactly
        this manifest; OSError where a blob cannot be read.
        """
        self._send_missing(manifest, tuple(blob.sha256 for blob in manifest.blobs), go_on, fresh=fresh)
        try:
            receipt = self._client.put_submission(manifest)
        except BlobsMissingError as error:
            ours = tuple(blob.sha256 for blob in manifest.blobs if blob.sha256 in error.missing)
            self._send_missing(manifest, ours, go_on, fresh=False)
            receipt = self._client.put_submission(manifest)
        verify_receipt(receipt, self._court, submission_id=manifest.submission_id, manifest_sha256=digest)
        return receipt

    def _send_missing(
        self, manifest: Manifest, hashes: tuple[str, ...], go_on: Callable[[], bool], *, fresh: bool
    ) -> None:
        missing = set(self._client.missing_blobs(hashes))
        for blob in manifest.blobs:
            if blob.sha256 in missing:
                self._send(blob, 0 if fresh else self._client.upload_offset(blob.sha256), go_on)

    def _send(self, blob: BlobRef, offset: int, go_on: Callable[[], bool]) -> None:
        setbacks = 0
        with self._blobs.path(blob.sha256).open("rb") as file:
            while True:
                if not go_on():
                    raise HubFailedError("the attempt was ended from here")
                file.seek(offset)
                piece = file.read(self.chunk.bytes)
                last = offset + len(piece) == blob.size
                # An empty last chunk finalises an upload that was complete but not yet put in place.
                reached = self._append(blob.sha256, offset, piece, last=last)
                if last and reached == blob.size:
                    return
                if reached <= offset:
                    setbacks += 1
                    if setbacks > _MOST_SETBACKS:
                        raise HubFailedError("the upload does not move forward")
                offset = min(reached, blob.size)

    def _append(self, sha256: str, offset: int, piece: bytes, *, last: bool) -> int:
        begin = self._clock.monotonic()
        try:
            reached = self._client.append_chunk(sha256, offset, piece, last=last)
        except Exception:
            self.chunk.failed()
            raise
        self.chunk.took(self._clock.monotonic() - begin)
        return reached
