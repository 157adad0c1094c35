"""The parent's side of the scanning process."""

from __future__ import annotations

from drivers.child_process import ChildProcess
from drivers.page_scanner.names import AIRSCAN_ONLY, escl_address
from drivers.page_scanner.reports import ScannerOrder, ScannerReport


class ScanningProcess(ChildProcess[ScannerOrder, ScannerReport]):
    """One scanning process (drivers/page_scanner/worker.py) for `device`. Raises OSError where none can be started."""

    def __init__(self, device: str, look_seconds: float = 1.0) -> None:
        over_network = bool(escl_address(device)) or device.startswith("airscan:")
        # Elsewhere the machine's own SANE configuration holds, with the backend of the scanner's maker.
        environment = {"SANE_CONFIG_DIR": str(AIRSCAN_ONLY)} if over_network else {}
        arguments = ("--device", device, "--look-seconds", str(look_seconds))
        super().__init__("drivers.page_scanner.worker", arguments, ScannerReport, environment)
