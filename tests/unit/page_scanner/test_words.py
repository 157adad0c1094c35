"""SANE's texts and option names, and eSCL's status document."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.api.records import ScanEnd, ScanSource
from drivers.api.status import FeederState, ScannerFault
from drivers.page_scanner.escl import EsclError, read_status
from drivers.page_scanner.reports import Looked
from drivers.page_scanner.sane_words import (
    duplex_value,
    end_by_fault,
    end_of,
    mode_value,
    resolution_value,
    source_value,
)
from drivers.page_scanner.sim_escl import read_settings

FEEDER, FLATBED = ScanSource.FEEDER, ScanSource.FLATBED


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Document feeder out of documents", ScanEnd.EMPTY),
        ("Document feeder jammed", ScanEnd.JAMMED),
        ("Scanner cover is open", ScanEnd.COVER_OPEN),
        ("Device busy", ScanEnd.BUSY),
        ("Operation was cancelled", ScanEnd.CANCELLED),
        ("Operation was canceled", ScanEnd.CANCELLED),
        ("Scanner mechanism locked for transport", ScanEnd.LOCKED),
        ("Error during device I/O", ScanEnd.FAILED),
        ("Unknown SANE status code 77", ScanEnd.FAILED),
        ("", ScanEnd.FAILED),
    ],
)
def test_sane_texts(text: str, end: ScanEnd) -> None:
    assert end_of(text) is end


def test_the_scanner_itself_tells_more_than_its_backend() -> None:
    assert end_by_fault(ScanEnd.FAILED, ScannerFault.DOUBLE_FEED) is ScanEnd.DOUBLE_FEED
    assert end_by_fault(ScanEnd.FAILED, ScannerFault.OTHER) is ScanEnd.FAILED
    assert end_by_fault(ScanEnd.FAILED, None) is ScanEnd.FAILED
    assert end_by_fault(ScanEnd.CANCELLED, ScannerFault.JAMMED) is ScanEnd.CANCELLED
    assert end_by_fault(ScanEnd.COMPLETE, ScannerFault.COVER_OPEN) is ScanEnd.COMPLETE


@pytest.mark.parametrize(
    ("names", "bed", "one", "both"),
    [
        (["Flatbed", "ADF", "ADF Duplex"], "Flatbed", "ADF", "ADF Duplex"),  # airscan, epsonds, pixma
        (["ADF Front", "ADF Back", "ADF Duplex"], None, "ADF Front", "ADF Duplex"),  # fujitsu, canon_dr
        (["Flatbed", "Automatic Document Feeder"], "Flatbed", "Automatic Document Feeder", None),  # test
        (
            ["FlatBed", "Automatic Document Feeder(centrally aligned)"],
            "FlatBed",
            "Automatic Document Feeder(centrally aligned)",
            None,
        ),
        (["Document Table", "Automatic Document Feeder"], "Document Table", "Automatic Document Feeder", None),
        (["Flatbed", "Transparency Unit"], "Flatbed", None, None),
        (["Transparency Unit"], None, None, None),
        ([], None, None, None),
    ],
)
def test_sources_of_known_backends(names: list[str], bed: str | None, one: str | None, both: str | None) -> None:
    assert source_value(names, FLATBED, duplex=False) == bed
    assert source_value(names, FEEDER, duplex=False) == one
    assert source_value(names, FEEDER, duplex=True) == both


def test_both_sides_by_an_option_of_their_own() -> None:
    assert duplex_value(["Simplex", "Duplex"], duplex=True) == "Duplex"
    assert duplex_value(["Simplex", "Duplex"], duplex=False) == "Simplex"
    assert duplex_value([], duplex=True) is None


@pytest.mark.parametrize(
    ("names", "colour", "grey"),
    [
        (["Color", "Gray"], "Color", "Gray"),
        (["Lineart", "Grayscale", "Color"], "Color", "Grayscale"),
        (["Black & White", "True Gray", "24bit Color[Fast]"], "24bit Color[Fast]", "True Gray"),
        (["Lineart"], None, None),
    ],
)
def test_modes_of_known_backends(names: list[str], colour: str | None, grey: str | None) -> None:
    assert mode_value(names, colour=True) == colour
    assert mode_value(names, colour=False) == grey


@pytest.mark.parametrize(
    ("constraint", "wanted", "chosen"),
    [
        ([75, 150, 300, 600], 290, 300),
        ([75, 150, 300, 600], 225, 300),
        ([100], 300, 100),
        ((50, 600, 1), 300, 300),
        ((50, 240, 10), 300, 240),
        ((75.0, 1200.0, 75.0), 290, 300),
        ((50.0, 600.0, 0.0), 299, 299),
        (None, 300, 300),
    ],
)
def test_the_nearest_resolution(constraint: object, wanted: int, chosen: int) -> None:
    assert resolution_value(constraint, wanted) == chosen


def status(adf: str = "", state: str = "Idle", root: str = "ScannerStatus") -> bytes:
    adf_state = f"<s:AdfState>{adf}</s:AdfState>" if adf else ""
    return (
        f'<?xml version="1.0"?><s:{root} xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:p="urn:p">'
        f"<p:Version>2.6</p:Version><p:State> {state} </p:State>{adf_state}</s:{root}>"
    ).encode()


@pytest.mark.parametrize(
    ("document", "looked"),
    [
        (status("ScannerAdfLoaded"), Looked(FeederState.LOADED)),
        (status("ScannerAdfEmpty"), Looked(FeederState.EMPTY)),
        (status("ScannerAdfProcessing", "Processing"), Looked(FeederState.LOADED, busy=True)),
        (status("ScannerAdfJam", "Stopped"), Looked(FeederState.UNKNOWN, ScannerFault.JAMMED)),
        (status("ScannerAdfMultipickDetected"), Looked(FeederState.UNKNOWN, ScannerFault.DOUBLE_FEED)),
        (status("ScannerAdfHatchOpen", "Stopped"), Looked(FeederState.UNKNOWN, ScannerFault.COVER_OPEN)),
        (status("ScannerAdfSomethingNew"), Looked(FeederState.UNKNOWN)),
        (status("", "Stopped"), Looked(FeederState.UNKNOWN, ScannerFault.OTHER)),
        (status(), Looked(FeederState.UNKNOWN)),
    ],
)
def test_escl_status(document: bytes, looked: Looked) -> None:
    """Told by the device or unknown, never guessed."""
    assert read_status(document) == looked


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        status(root="ScannerCapabilities"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + status("ScannerAdfJam"),
        status()[:-10],
    ],
)
def test_what_is_no_status_is_refused(document: bytes) -> None:
    with pytest.raises(EsclError):
        read_status(document)


@given(st.binary(max_size=300))
@example(b"\xff\xfe<\x00")
def test_no_answer_of_a_scanner_breaks_the_reader(document: bytes) -> None:
    with contextlib.suppress(EsclError):
        read_status(document)


@given(st.binary(max_size=300))
def test_no_request_breaks_the_simulator(body: bytes) -> None:
    assert read_settings(body) is None
