"""Is a device real? What a port or URL alone can tell (docs/decisions/0003-simulated-devices.md).

A terminal in service refuses simulated devices, so every driver asks here about the endpoint it was configured with.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_simulated(endpoint: str) -> bool:
    """True for an endpoint that cannot be hardware: a pseudo-terminal (also behind symlinks), a loopback URL, a
    regular file or a folder. `endpoint` is a path or a URL (socket://, tcp://, http://, file:// ...)."""
    if _URL.match(endpoint):
        parts = urlsplit(endpoint)
        if parts.scheme == "file":
            return _is_simulated_path(Path(parts.path))
        return _is_loopback(parts.hostname or "")
    return _is_simulated_path(Path(endpoint))


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 section 6.3
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback or mapped.is_unspecified


def _is_simulated_path(path: Path) -> bool:
    target = path.resolve()
    return target.is_relative_to("/dev/pts") or target.is_file() or target.is_dir()
