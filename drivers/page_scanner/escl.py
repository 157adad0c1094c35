"""What an eSCL scanner says of itself between scans: ScannerStatus (Mopria Alliance, eSCL 2.x, section 9).

SANE has no call for it, so it is asked over HTTP. The answer is untrusted: a size limit, no DTD, unknown words stay
Unknown.
"""

from __future__ import annotations

import http.client
import ssl
from http import HTTPStatus
from urllib.parse import urlsplit
from xml.etree import ElementTree

from drivers.api.status import FeederState, ScannerFault
from drivers.page_scanner.reports import Looked

MOST_STATUS = 256 * 1024
"""Bytes of a status document; a real one has a few thousand."""

PATIENCE = 3.0
"""Seconds for an answer; a scanner that wakes from sleep may miss one or two."""

_FEEDERS = {
    "ScannerAdfEmpty": FeederState.EMPTY,
    "ScannerAdfLoaded": FeederState.LOADED,
    "ScannerAdfProcessing": FeederState.LOADED,
}

_FAULTS = {
    "ScannerAdfJam": ScannerFault.JAMMED,
    "ScannerAdfMispick": ScannerFault.JAMMED,
    "ScannerAdfMultipickDetected": ScannerFault.DOUBLE_FEED,
    "ScannerAdfHatchOpen": ScannerFault.COVER_OPEN,
    "ScannerAdfDoorOpen": ScannerFault.COVER_OPEN,  # older firmware
    "ScannerAdfDuplexPageTooShort": ScannerFault.OTHER,
    "ScannerAdfDuplexPageTooLong": ScannerFault.OTHER,
    "ScannerAdfInputTrayFailed": ScannerFault.OTHER,
    "ScannerAdfInputTrayOverloaded": ScannerFault.OTHER,
}


class EsclError(Exception):
    """The scanner's answer is no ScannerStatus; one line."""


def read_status(document: bytes) -> Looked:
    """What a ScannerStatus document says. Raises EsclError."""
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise EsclError("a status with a document type definition")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - entities need a DTD, which is refused above
    except ElementTree.ParseError as error:
        raise EsclError(f"a status that is no XML: {error}") from error
    if _local(root) != "ScannerStatus":
        raise EsclError(f"a status that is a {_local(root)[:40]}")
    state, adf_state = (next((_text(one) for one in root if _local(one) == name), "") for name in ("State", "AdfState"))
    fault = _FAULTS.get(adf_state)
    if fault is None and state in ("Stopped", "Down"):
        fault = ScannerFault.OTHER
    return Looked(_FEEDERS.get(adf_state, FeederState.UNKNOWN), fault, state in ("Processing", "Testing"))


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    return (element.text or "").strip()


def ask_status(address: str, patience: float = PATIENCE) -> Looked:
    """Ask the scanner at the eSCL root `address`. Raises EsclError, OSError or http.client.HTTPException."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https":
        # Scanners sign their certificates themselves; the airscan backend does not check them either.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(place, timeout=patience, context=context)
    else:
        connection = http.client.HTTPConnection(place, timeout=patience)
    try:
        connection.request("GET", f"{parts.path}/ScannerStatus", headers={"Connection": "close"})
        answer = connection.getresponse()
        document = answer.read(MOST_STATUS + 1)
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        raise EsclError(f"the scanner answers {answer.status}")
    if len(document) > MOST_STATUS:
        raise EsclError("a status that is too long")
    return read_status(document)
