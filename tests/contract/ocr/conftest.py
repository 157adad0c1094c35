"""A reading process for all tests of a module: it takes seconds to load."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.ocr.client import PageReader


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    """Warm, and ended with the module."""
    made = PageReader()
    made.start()
    yield made
    made.stop()
