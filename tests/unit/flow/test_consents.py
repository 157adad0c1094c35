"""Every consent names the wording it was given to; a wording never changes under its version (N6)."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from kiosk.clock import CHINA
from kiosk.flow.consents import WORDING_VERSIONS, Purpose, record
from kiosk.i18n import Language, catalogue
from tests.unit.services.filings import NOW

KNOWN = tomllib.loads((Path(__file__).parent / "consent_wordings.toml").read_text(encoding="utf-8"))
SCREENS = {
    Purpose.PRIVACY_NOTICE: "lobby.privacy.",
    Purpose.E_SERVICE: "lobby.e_service.",
    Purpose.UNDERTAKING: "lobby.undertaking.",
    Purpose.KEEP_DRAFT: "lobby.draft_keeping.",
}


def fingerprint(purpose: Purpose) -> str:
    """The SHA-256 of every string of the purpose's screen, with its key, in all languages."""
    strings = sorted(
        ((key, text) for key, text in catalogue().items() if key.startswith(SCREENS[purpose])), key=lambda pair: pair[0]
    )
    assert strings
    lines = [f"{key} {language.value} {text.in_(language)}" for key, text in strings for language in Language]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_changed_wording_has_a_new_version(purpose: Purpose) -> None:
    """PIPL 14, 在线诉讼规则 4: if this fails, give the wording a new version and note its fingerprint."""
    assert KNOWN[purpose.value] == {"version": WORDING_VERSIONS[purpose], "sha256": fingerprint(purpose)}


@pytest.mark.parametrize("granted", [True, False])
def test_an_answer_is_recorded_with_everything_about_it(granted: bool) -> None:
    entry = record(Purpose.E_SERVICE, granted, Language.KO, NOW)
    assert (entry.purpose, entry.language, entry.granted) == ("e_service", "ko", granted)
    assert (entry.answered, entry.wording_version) == (NOW, WORDING_VERSIONS[Purpose.E_SERVICE])
    assert entry.answered.utcoffset() == CHINA.utcoffset(None)
