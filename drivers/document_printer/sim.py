"""The simulated A4 printer: `python -m drivers.document_printer.sim`, a process of its own.

IPP over HTTP: Print-Job, Get-Job-Attributes, Cancel-Job, Get-Printer-Attributes. Every finished document lies in
--out as a PDF. Orders on the control socket (JSON lines): {"do": "paper", "state": "ok|out"}, {"do": "busy", "on":
true}, {"do": "abort"} (the job in hand), {"do": "lose_answer"} (of the next Print-Job, which is carried out),
{"do": "forget"} (all jobs, as after a restart), {"do": "unplug"}, {"do": "plug"}, {"do": "status"}.
"""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pyipp.enums import IppJobState, IppOperation, IppPrinterState, IppStatus, IppTag
from pyipp.parser import parse
from pyipp.serializer import construct_attribute

from drivers.dock.control import Answer, ControlError, Order, serve_until
from drivers.shell import EXIT_OK, OneLineParser, until_told

FORMATS = ["application/pdf", "image/jpeg"]
_TAGS = {
    "printer-is-accepting-jobs": IppTag.BOOLEAN,
    "document-format-supported": IppTag.MIME_TYPE,
    "job-impressions-completed": IppTag.INTEGER,
}


@dataclass
class Job:
    """One job. `due` is when its pages are out, if nothing stops the printer."""

    number: int
    title: str
    pdf: bytes
    copies: int
    due: float
    state: IppJobState = IppJobState.PROCESSING


class SimulatedA4Printer:
    """One job at a time, as plain printers do it: a second one is refused as busy."""

    def __init__(self, out: Path, seconds_per_job: float) -> None:
        self._out = out
        self._seconds = seconds_per_job
        self._lock = threading.RLock()
        self._jobs: dict[int, Job] = {}
        self._numbers = 0
        self._paper = "ok"
        self._busy = False
        self._lose_answer = False

    def answer(self, body: bytes) -> bytes | None:
        """The reply to one request, None where the connection is to break instead."""
        request = parse(body, contains_data=True)
        number, request_id = request["status-code"], request["request-id"]
        operation = request["operation-attributes"]
        with self._lock:
            self._advance()
            match number:
                case IppOperation.GET_PRINTER_ATTRIBUTES:
                    return _reply(IppStatus.OK, request_id, IppTag.PRINTER, self._printer())
                case IppOperation.PRINT_JOB:
                    copies = int(request["jobs"][0].get("copies", 1)) if request["jobs"] else 1
                    return self._print(request_id, operation, copies, request["data"])
                case IppOperation.GET_JOB_ATTRIBUTES | IppOperation.CANCEL_JOB:
                    job = self._jobs.get(operation.get("job-id", 0))
                    if job is None:
                        return _reply(IppStatus.ERROR_NOT_FOUND, request_id)
                    if number == IppOperation.CANCEL_JOB and job.state is IppJobState.PROCESSING:
                        job.state = IppJobState.CANCELED
                    return _reply(IppStatus.OK, request_id, IppTag.JOB, self._attributes(job))
                case _:
                    return _reply(IppStatus.ERROR_OPERATION_NOT_SUPPORTED, request_id)

    def _in_hand(self) -> Job | None:
        return next((job for job in self._jobs.values() if job.state is IppJobState.PROCESSING), None)

    def _print(self, request_id: int, operation: Mapping[str, object], copies: int, pdf: bytes) -> bytes | None:
        if operation.get("document-format") not in FORMATS:
            return _reply(IppStatus.ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, request_id)
        if self._busy or self._in_hand() is not None:
            return _reply(IppStatus.ERROR_BUSY, request_id)
        self._numbers += 1
        job = Job(self._numbers, str(operation.get("job-name", "")), pdf, copies, time.monotonic() + self._seconds)
        self._jobs[job.number] = job
        if self._lose_answer:
            self._lose_answer = False
            return None
        return _reply(IppStatus.OK, request_id, IppTag.JOB, self._attributes(job))

    def _advance(self) -> None:
        """Finish the job in hand when its time has come; paper and nothing else can hold it up."""
        job = self._in_hand()
        if job is None or self._paper == "out" or time.monotonic() < job.due:
            return
        (self._out / f"document-{job.number:04d}.pdf").write_bytes(job.pdf)
        job.state = IppJobState.COMPLETED

    def _printer(self) -> dict[str, object]:
        working = self._in_hand() is not None
        reasons = {"ok": "none", "out": "media-empty-warning" if working else "media-empty-report"}[self._paper]
        return {
            "printer-state": IppPrinterState.PROCESSING if working else IppPrinterState.IDLE,
            "printer-state-reasons": [reasons, "media-needed"] if working and self._paper == "out" else reasons,
            "printer-is-accepting-jobs": True,
            "document-format-supported": FORMATS,
        }

    @staticmethod
    def _attributes(job: Job) -> dict[str, object]:
        reasons = {
            IppJobState.PROCESSING: "job-printing",
            IppJobState.COMPLETED: "processing-to-stop-point",  # it may lag behind the state, as on real printers
            IppJobState.CANCELED: "job-canceled-by-user",
            IppJobState.ABORTED: "document-format-error",
        }
        return {
            "job-id": job.number,
            "job-state": job.state,
            "job-state-reasons": reasons[job.state],
            "job-impressions-completed": 1 if job.state is IppJobState.COMPLETED else 0,
        }

    def order(self, order: Order) -> Answer:
        """Carry out one order but plug and unplug."""
        with self._lock:
            match order["do"]:
                case "paper":
                    if order.get("state") not in ("ok", "out"):
                        raise ControlError("state is one of ok, out")
                    self._paper = str(order["state"])
                case "busy":
                    self._busy = bool(order.get("on", True))
                case "lose_answer":
                    self._lose_answer = True
                case "forget":
                    self._jobs.clear()
                case "abort":
                    job = self._in_hand()
                    if job is None:
                        raise ControlError("no job is being printed")
                    job.state = IppJobState.ABORTED
                case "status":
                    pass
                case other:
                    raise ControlError(f"there is no order {other}")
            self._advance()
            jobs = [
                {"title": job.title, "state": job.state.name.lower(), "copies": job.copies}
                for job in self._jobs.values()
            ]
            return {"paper": self._paper, "busy": self._busy, "jobs": jobs}


def _reply(
    status: IppStatus, request_id: int, group: IppTag | None = None, attributes: Mapping[str, object] | None = None
) -> bytes:
    body = struct.pack(">bbhi", 1, 1, status, request_id) + bytes([IppTag.OPERATION])
    body += construct_attribute("attributes-charset", "utf-8")
    body += construct_attribute("attributes-natural-language", "en")
    if group is not None:
        body += bytes([group])
        for name, value in (attributes or {}).items():
            body += construct_attribute(name, value, _TAGS.get(name))
    return body + bytes([IppTag.END])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    printer: SimulatedA4Printer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:  # the name http.server looks for
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = self.server.printer.answer(body)
        if reply is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(reply)))
        self.send_header("Connection", "close")  # so that a pulled cable is one for the next request
        self.end_headers()
        self.wfile.write(reply)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Quiet: titles are nobody's business."""


class Wire:
    """The network plug: the port listens or it does not."""

    def __init__(self, host: str, port: int, printer: SimulatedA4Printer) -> None:
        self.address = (host, port)
        self._printer = printer
        self._server: _Server | None = None

    def plug(self) -> None:
        """Listen; the same port again after the first time."""
        if self._server is None:
            self._server = _Server(self.address, _Handler)
            self._server.printer = self._printer
            self.address = (self.address[0], self._server.server_port)
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="ipp", daemon=True).start()

    def unplug(self) -> None:
        """Stop listening."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = OneLineParser(prog="drivers.document_printer.sim", description="Simulated A4 printer")
    parser.add_argument("--tcp", required=True, help="HOST:PORT to listen on; port 0 picks one")
    parser.add_argument("--control", type=Path, required=True, help="Unix socket for orders")
    parser.add_argument("--out", type=Path, required=True, help="folder for the documents")
    parser.add_argument("--seconds-per-job", type=float, default=3.0, help="until the pages are out")
    arguments = parser.parse_args(argv)
    host, _, port = arguments.tcp.rpartition(":")
    if not host or not port.isdigit():
        parser.error("--tcp is HOST:PORT")
    ending = until_told()
    arguments.out.mkdir(parents=True, exist_ok=True)
    printer = SimulatedA4Printer(arguments.out, arguments.seconds_per_job)
    wire = Wire(host, int(port), printer)
    wire.plug()

    def order(given: Order) -> Answer:
        match given["do"]:
            case "plug":
                wire.plug()
            case "unplug":
                wire.unplug()
            case _:
                return printer.order(given)
        return printer.order({"do": "status"})

    serve_until(ending, arguments.control, order, uri="ipp://{}:{}/ipp/print".format(*wire.address))
    wire.unplug()
    return EXIT_OK


if __name__ == "__main__":
    raise SystemExit(main())
