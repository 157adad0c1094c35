"""IPP answers: what they mean, and rubbish that must neither hang nor crash the driver."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyipp.enums import IppJobState, IppPrinterState, IppTag
from pyipp.parser import parse
from pyipp.serializer import construct_attribute

from drivers.api.records import JobState
from drivers.api.status import QueueReady, QueueStopped
from drivers.document_printer.protocol import (
    IppRefusedError,
    NotIppError,
    get_job,
    job_told,
    print_job,
    printer_told,
)


def answer(group: IppTag, status: int = 0, **attributes: object) -> bytes:
    body = struct.pack(">bbHi", 1, 1, status, 1) + bytes([IppTag.OPERATION])
    body += construct_attribute("attributes-charset", "utf-8") + bytes([group])
    for name, value in attributes.items():
        tag = IppTag.INTEGER if name == "job_impressions_completed" else None
        tag = IppTag.BOOLEAN if name == "printer_is_accepting_jobs" else tag
        body += construct_attribute(name.replace("_", "-"), value, tag)
    return body + bytes([IppTag.END])


IDLE, STOPPED = IppPrinterState.IDLE, IppPrinterState.STOPPED


@pytest.mark.parametrize(
    ("state", "reasons", "accepting", "status"),
    [
        (IDLE, "none", True, QueueReady()),
        (IDLE, "toner-low-report", True, QueueReady(("toner-low-report",))),
        (IDLE, "media-low-warning", True, QueueReady(("media-low-warning",))),
        (IDLE, "media-empty-report", True, QueueStopped(("media-empty-report",))),
        (IDLE, ["media-empty-warning", "media-needed"], True, QueueStopped(("media-empty-warning", "media-needed"))),
        (STOPPED, "media-jam-error", True, QueueStopped(("media-jam-error",))),
        (STOPPED, "none", True, QueueStopped()),
        (IDLE, "none", False, QueueStopped()),
    ],
)
def test_printer_states(state: int, reasons: object, accepting: bool, status: object) -> None:
    """RFC 8011 5.4.11 and 5.4.12; reasons as CUPS and ippeveprinter send them."""
    told = answer(
        IppTag.PRINTER, printer_state=state, printer_state_reasons=reasons, printer_is_accepting_jobs=accepting
    )
    assert printer_told(told).status == status


def test_empty_groups_are_allowed() -> None:
    """Some printers send an unsupported-attributes group with nothing in it (RFC 8010 3.1.2)."""
    job, empty = bytes([IppTag.JOB]), bytes([IppTag.UNSUPPORTED_GROUP])
    whole = answer(IppTag.JOB, job_id=7, job_state=IppJobState.COMPLETED)
    told = job_told(whole.replace(job, empty + job, 1)[:-1] + empty + bytes([IppTag.END]))
    assert told.state is JobState.SETTLED


@pytest.mark.parametrize(
    ("state", "pages", "expected"),
    [
        (IppJobState.PENDING, 0, JobState.SENDING),
        (IppJobState.HELD, 0, JobState.SENDING),
        (IppJobState.PROCESSING, 1, JobState.SENDING),
        (IppJobState.STOPPED, 0, JobState.SENDING),
        (IppJobState.COMPLETED, 2, JobState.SETTLED),
        (IppJobState.CANCELED, 0, JobState.FAILED),
        (IppJobState.ABORTED, 0, JobState.FAILED),
        (IppJobState.ABORTED, 1, JobState.UNKNOWN),
    ],
)
def test_job_states(state: IppJobState, pages: int, expected: JobState) -> None:
    """Only "completed" is printed; a job given up with pages on paper is not one that may be printed again."""
    told = job_told(
        answer(
            IppTag.JOB,
            job_id=7,
            job_state=state,
            job_state_reasons="processing-to-stop-point",
            job_impressions_completed=pages,
        )
    )
    assert (told.number, told.state) == (7, expected)


@pytest.mark.parametrize(
    ("status", "busy", "words"),
    [(0x0507, True, "busy"), (0x040A, False, "format"), (0x0403, False, "author"), (0x05FF, False, "0x05ff")],
)
def test_refusals(status: int, busy: bool, words: str) -> None:
    with pytest.raises(IppRefusedError, match=words) as refused:
        job_told(answer(IppTag.JOB, status=status))
    assert refused.value.busy == busy


def test_title_in_chinese_is_cut_between_characters() -> None:
    """job-name holds 255 octets (RFC 8011 5.1.3)."""
    sent = parse(print_job("ipp://printer/ipp", "诉" * 200, 2, b"%PDF-1.7 data"), contains_data=True)
    assert sent["operation-attributes"]["job-name"] == "诉" * 85
    assert sent["jobs"] == [{"copies": 2}]
    assert sent["data"] == b"%PDF-1.7 data"
    assert parse(get_job("ipp://printer/ipp", 9))["operation-attributes"]["job-id"] == 9


GOOD = answer(IppTag.PRINTER, printer_state=IDLE, printer_state_reasons=["media-empty", "toner-low"])


@given(st.binary(max_size=80), st.data())
def test_rubbish_is_refused(noise: bytes, data: st.DataObject) -> None:
    """A captive portal's page, a cut answer, flipped bytes: one error, and never an endless loop."""
    cut = data.draw(st.integers(0, len(GOOD)))
    for message in (noise, GOOD[:cut], GOOD[:cut] + noise, noise + GOOD[cut:], GOOD[:cut] + noise + GOOD[cut:]):
        for read in (printer_told, job_told):
            with contextlib.suppress(NotIppError, IppRefusedError):
                read(message)
