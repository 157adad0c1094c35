"""Pictures as commands: any picture comes out of a printer as it went in, in fewer bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.receipt_printer.protocol import CUT, START
from drivers.receipt_printer.raster import MAX_ROWS, REAL_TIME, Dots, dots_of, encode, plain_size
from drivers.receipt_printer.simulated_printer import SimulatedPrinter
from kiosk.receipts import BILINGUAL, render
from tests.unit.receipts.slips import EVERY, TYPICAL


def printed(commands: list[bytes], width: int) -> Dots:
    """What a printer makes of the commands."""
    slips: list[Image.Image] = []
    printer = SimulatedPrinter(width, lambda: None, lambda _: None, slips.append)
    printer.execute(iter(START + b"".join(commands) + CUT))
    assert printer.unknown == []
    return dots_of(slips[0], width) if slips else np.zeros((0, width), dtype=np.bool_)


@st.composite
def pictures(draw: st.DrawFn) -> Dots:
    """Blank runs, noise, doubled dots, centred and ragged blocks, full-width rules."""
    width = draw(st.sampled_from([384, 576]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parts: list[Dots] = []
    for kind in draw(
        st.lists(st.sampled_from(["blank", "noise", "double", "centre", "left", "rule"]), min_size=1, max_size=6)
    ):
        rows = draw(st.integers(1, 70))
        part = np.zeros((rows, width), dtype=np.bool_)
        match kind:
            case "noise":
                part[:] = random.random((rows, width)) < 0.3
            case "double":
                block = random.random((rows, 30)) < 0.5
                part = np.zeros((rows * 2, width), dtype=np.bool_)
                part[:, 80:140] = block.repeat(2, axis=0).repeat(2, axis=1)
            case "centre":
                part[:, width // 2 - 40 : width // 2 + 40] = random.random((rows, 80)) < 0.5
            case "left":
                part[:, : draw(st.integers(1, width))] = True
            case "rule":
                part[:2] = True
        parts.append(part)
    return np.vstack(parts)


@given(pictures())
@settings(max_examples=60, deadline=None)
def test_any_picture_comes_out_as_it_went_in(dots: Dots) -> None:
    """Dot for dot, but for a dot set where the dots would spell a real-time command."""
    commands = encode(dots)
    paper = printed(commands, dots.shape[1])
    assert paper.shape == dots.shape or not dots.any()
    if dots.any():
        assert not (dots & ~paper).any(), "a dot is missing"
        assert (paper & ~dots).sum() <= len(dots) // 8
    assert not REAL_TIME.search(b"".join(commands))
    assert len(b"".join(commands)) <= plain_size(dots) + 16 * (len(dots) // MAX_ROWS + 12)


def test_real_time_commands_are_never_spelled() -> None:
    """Sixteen dots that would open a cash drawer or clear the printer's buffer."""
    for spelled in (b"\x10\x14\x01", b"\x10\x05\x02", b"\x10\x04\x04"):
        dots = np.unpackbits(np.frombuffer(spelled * 8, dtype=np.uint8)).reshape(1, -1).astype(np.bool_)
        paper = np.zeros((3, 384), dtype=np.bool_)
        paper[1, : dots.shape[1]] = dots
        data = b"".join(encode(paper))
        assert not REAL_TIME.search(data)
        assert (printed([data], 384) & ~paper).sum() == 8


@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("name", EVERY)
def test_slips_are_printed_exactly(name: str, width: int) -> None:
    dots = dots_of(render(EVERY[name], width, BILINGUAL), width)
    assert (printed(encode(dots), width) == dots).all()


@pytest.mark.parametrize("width", [384, 576])
def test_receipt_is_sent_in_well_under_half_its_bytes(width: int) -> None:
    """A slip of 121 kB would take ten seconds at 115200 baud."""
    dots = dots_of(render(TYPICAL, width), width)
    assert sum(map(len, encode(dots))) < 0.4 * plain_size(dots)


def test_wide_pictures_are_refused_and_narrow_ones_stand_left() -> None:
    with pytest.raises(ValueError, match="576"):
        dots_of(Image.new("1", (577, 8)), 576)
    assert dots_of(Image.new("1", (8, 1), 0), 384)[0, :8].all()
