"""The real A4 driver under the real supervisor."""

from __future__ import annotations

from drivers.api.messages import PrintDocument
from drivers.device import Device, Ticket
from tests.contract.supervised import Supervised

DEADLINE = 60.0

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


class Rig(Supervised):
    """Runs `device` and collects its events."""

    def __init__(self, device: Device) -> None:
        super().__init__(device, deadline=DEADLINE)

    def submit(self, job: str, pdf: bytes = PDF, *, title: str = "民事起诉状", copies: int = 1) -> None:
        """Ask for a print."""
        self.hand_in(Ticket(PrintDocument(job, title, pdf, copies), self.broadcast))
