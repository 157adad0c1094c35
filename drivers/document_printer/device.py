"""The A4 printer as a device of the daemon."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drivers.device import ConfigurationError, Device
from drivers.document_printer.folder import FolderPrinter
from drivers.document_printer.ipp_printer import QUEUE_SECONDS, IppPrinter

FOLDER = "folder:"


def build(config: Mapping[str, object]) -> Device:
    """The printer of a `[document_printer]` section: `uri` (ipp://HOST/PATH, ipps://HOST/PATH, or folder:PATH where
    there is none), `authority` (PEM file for ipps), `queue_seconds`.

    Raises ConfigurationError.
    """
    for key in config:
        if key not in {"driver", "uri", "authority", "queue_seconds"}:
            raise ConfigurationError(f"document_printer: unknown key {key}")
    if config.get("driver", "ipp") != "ipp":
        raise ConfigurationError("document_printer: the only driver is ipp")
    uri, authority = config.get("uri"), config.get("authority")
    seconds = config.get("queue_seconds", QUEUE_SECONDS)
    if not isinstance(uri, str) or not uri:
        raise ConfigurationError("document_printer: uri is missing")
    if authority is not None and not isinstance(authority, str):
        raise ConfigurationError("document_printer: authority is a path")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
        raise ConfigurationError("document_printer: queue_seconds is a number of seconds")
    if uri.startswith(FOLDER):
        path = uri.removeprefix(FOLDER)
        if not Path(path).is_absolute():
            raise ConfigurationError("document_printer: folder: needs an absolute path")
        return FolderPrinter(Path(path))
    try:
        return IppPrinter(uri, Path(authority) if authority else None, queue_seconds=float(seconds))
    except ConfigurationError as error:
        raise ConfigurationError(f"document_printer: {error}") from error
