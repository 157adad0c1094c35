"""What is settled before Kivy is imported, in a fresh process as it happens in the field."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import kivy  # noqa: F401 - the second test needs it imported
import pytest

from screens.runtime_setup import FontsMissingError, WindowSettings, font_files, prepare

PROGRAM = """
import json, os, sys
from pathlib import Path
from screens.runtime_setup import WindowSettings, prepare
prepare(WindowSettings(1920, 1080, hidden=True), Path(sys.argv[1]))
import kivy
from kivy.config import Config
print("RESULT" + json.dumps({
    "width": Config.get("graphics", "width"),
    "multisamples": Config.get("graphics", "multisamples"),
    "escape": Config.get("kivy", "exit_on_escape"),
    "state": Config.get("graphics", "window_state"),
    "files": sorted(str(p.relative_to(sys.argv[1])) for p in Path(sys.argv[1]).rglob("*") if p.is_file()),
}))
"""


def test_kivy_reads_our_settings_and_writes_no_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "home"), "--help"], capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout.partition("RESULT")[2])
    assert result["width"] == "1920"
    assert result["multisamples"] == "0"
    assert result["escape"] == "0"
    assert result["state"] == "hidden"
    assert result["files"] == []


def test_preparing_too_late_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="already imported"):
        prepare(WindowSettings(), tmp_path)


def test_missing_fonts_are_said_before_a_window_of_boxes_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURT_KIOSK_FONTS", str(tmp_path))
    with pytest.raises(FontsMissingError, match="script/setup"):
        font_files()
