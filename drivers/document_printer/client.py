"""IPP over HTTP (RFC 8010 section 3): one request, one answer, and whether the request can have arrived."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

from drivers.device import ConfigurationError, DeviceGoneError
from drivers.document_printer import protocol
from drivers.document_printer.protocol import JobTold, PrinterTold

DEFAULT_PORT = 631
TIMEOUT = httpx.Timeout(10.0, connect=3.0, write=30.0)


class AnswerLostError(DeviceGoneError):
    """The request was on its way when the connection broke: it may have been carried out."""


class IppClient:
    """A printer or queue at `uri` (ipp:// or ipps://). `authority` is a PEM file for printers with a certificate of
    their own.

    Every call raises DeviceGoneError where nobody answers, AnswerLostError where the request may have arrived,
    IppRefusedError where the printer refuses. Raises ConfigurationError for a URI that is none.
    """

    def __init__(self, uri: str, authority: Path | None = None, timeout: httpx.Timeout = TIMEOUT) -> None:
        parts = urlsplit(uri)
        try:
            host, port = parts.hostname, parts.port or DEFAULT_PORT
        except ValueError as error:
            raise ConfigurationError(f"uri: {error}") from error
        if parts.scheme not in {"ipp", "ipps"} or not host:
            raise ConfigurationError("uri: an IPP printer is named ipp://HOST/PATH or ipps://HOST/PATH")
        self._uri = uri
        scheme = "https" if parts.scheme == "ipps" else "http"
        netloc = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._url = urlunsplit((scheme, netloc, parts.path or "/", "", ""))
        # No proxy of the environment: the printer stands in the same room.
        self._http = httpx.Client(verify=_trust(authority), timeout=timeout, trust_env=False)

    def close(self) -> None:
        """Release the connection."""
        self._http.close()

    def printer(self) -> PrinterTold:
        """State and capabilities."""
        return protocol.printer_told(self._send(protocol.get_printer(self._uri)))

    def print_pdf(self, title: str, copies: int, pdf: bytes) -> JobTold:
        """Hand over a document."""
        return protocol.job_told(self._send(protocol.print_job(self._uri, title, copies, pdf)))

    def job(self, number: int) -> JobTold:
        """Where a job stands."""
        return protocol.job_told(self._send(protocol.get_job(self._uri, number)))

    def cancel(self, number: int) -> None:
        """Give a job up."""
        protocol.checked(self._send(protocol.cancel_job(self._uri, number)))

    def _send(self, request: bytes) -> bytes:
        try:
            reply = self._http.post(self._url, content=request, headers={"Content-Type": "application/ipp"})
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise DeviceGoneError(f"{self._uri}: {_words(error)}") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise AnswerLostError(f"{self._uri}: {_words(error)}") from error
        if reply.status_code != httpx.codes.OK:
            raise DeviceGoneError(f"{self._uri}: HTTP {reply.status_code} {reply.reason_phrase}".rstrip())
        return reply.content


def _trust(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(authority) if authority else None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(f"authority: {error}") from error


def _words(error: httpx.HTTPError) -> str:
    return " ".join(str(error).split()) or type(error).__name__
