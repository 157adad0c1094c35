"""A terminal without an A4 printer: documents are kept as PDF files, and the screen says so."""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path

from drivers.api.messages import PrintDocument, PrintJobChanged
from drivers.api.records import JobState
from drivers.api.status import DeviceClass, SavesToFolder
from drivers.device import Context, DeviceGoneError, Ticket, answer_unavailable
from drivers.print_jobs import JobBook


class FolderPrinter:
    """Keeps every document as one file of `folder`, readable by this user only."""

    device_class = DeviceClass.DOCUMENT_PRINTER
    simulated = False  # it claims to be no printer

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.stable_id = f"folder:{folder}"
        self._jobs: JobBook[PrintDocument] = JobBook()

    def job_state(self, job: str) -> PrintJobChanged | None:
        """What became of `job`; None for one never seen."""
        return self._jobs.state(job)

    def open(self) -> None:
        """Make the folder. Raises DeviceGoneError where that is not possible."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DeviceGoneError(f"{self.stable_id}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is held."""

    def away(self, ticket: Ticket, context: Context) -> None:
        """Without its folder it keeps nothing."""
        del context
        answer_unavailable(ticket, "the folder for documents cannot be made")

    def run(self, context: Context) -> None:
        context.publish(SavesToFolder())
        while not context.stopping:
            ticket = context.next_ticket(1.0)
            if ticket is not None:
                self._take(ticket, context)

    def _take(self, ticket: Ticket, context: Context) -> None:
        request = ticket.request
        if not isinstance(request, PrintDocument):
            answer_unavailable(ticket)
            return
        new, state = self._jobs.accept(request.job, request, time.monotonic())
        if not new:
            ticket.reply(state)
            return
        self._jobs.change(request.job, JobState.SENDING)
        try:
            path = self._save(request)
        except OSError as error:
            changed = self._jobs.change(request.job, JobState.FAILED, error.strerror or "not saved")
        else:
            changed = self._jobs.change(request.job, JobState.SETTLED, saved_as=str(path))
        if changed is not None:
            context.emit(changed)

    def _save(self, request: PrintDocument) -> Path:
        """On disk, file and directory, under a name made of the job number only."""
        name = re.sub(r"[^A-Za-z0-9-]", "_", request.job)[:64]
        if name != request.job:  # two job numbers must never share a file
            name += "-" + hashlib.sha256(request.job.encode()).hexdigest()[:16]
        path = self._folder / f"{name}.pdf"
        partial = path.with_suffix(".partial")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(request.pdf)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return path
