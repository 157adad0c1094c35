"""The configuration file: what is not understood is an error that names its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.config.load import ConfigError, load_config, parse_config
from kiosk.config.model import Rounding, TerminalConfig
from kiosk.i18n import Language

FULL = """
terminal = "LB0102A"
profile = "lobby"

[court]
code = "吉0102"
name = { zh = "示例市人民法院", ko = "시범시인민법원", en = "Example People's Court" }

[hub]
url = "https://hub.example.invalid"

[languages]
offered = ["zh", "ko"]
default = "zh"

[fees]
divorce = { low = 200, high = 300 }
rounding = "1"

[slip]
languages = ["zh", "ko"]

[retention]
sealed_hours = 96

[display]
orientation = "portrait"
fullscreen = true
"""


def test_a_whole_file() -> None:
    config = parse_config(FULL)
    assert config.court is not None
    assert config.court.name.ko == "시범시인민법원"
    assert config.fees.divorce.low == Decimal(200)
    assert config.fees.rounding.apply(Decimal("2.5")) == Decimal(3)
    assert config.languages.offered == (Language.ZH, Language.KO)
    assert config.retention.sealed_hours == 96
    assert not config.development


def test_a_development_terminal_needs_no_file() -> None:
    """An empty file and no file are the same, and every range is that of the regulation (诉讼费用交纳办法 13)."""
    config = parse_config("")
    assert config == TerminalConfig()
    assert config.development
    assert (config.fees.divorce.low, config.fees.divorce.high) == (Decimal(50), Decimal(300))
    assert Rounding.FEN.apply(Decimal("50.005")) == Decimal("50.01")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 'red'", "colour"),
        ("[hub]\nurll = 'http://x'", "urll"),
        ("[display]\nfullscreen = 'maybe'", "fullscreen"),
        ("[languages]\noffered = ['zh', 'fr']", "fr"),
        ("[languages]\noffered = ['zh']\ndefault = 'ko'", "languages.default"),
        ("[fees.divorce]\nlow = 300\nhigh = 50", "fees.divorce"),
        ("[fees.divorce]\nlow = 'cheap'\nhigh = 50", "divorce"),
        ("[hub]\nurl = 'hub.example'", "hub.url"),
        ("[hub]\nheartbeat_seconds = 0", "periods"),
        ("terminal = 'lb0102'", "terminal"),
        ("terminal = 'DEV123'", "DEV"),
        ("terminal = 'LB0102A'", "court"),
        ("[hub", "end of document"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        parse_config(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"terminal = '\xff'")
    with pytest.raises(ConfigError, match=r"latin\.toml"):
        load_config(tmp_path / "latin.toml")
