"""The configuration file: what is not understood is an error that names its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.config.load import ConfigError, load_config, parse_config
from kiosk.config.model import TerminalConfig
from kiosk.law.fee_tables import FeeKind, Rounding

FULL = """
terminal = "LB0102A"

[court]
code = "吉0102"
name = { zh = "示例市人民法院", ko = "시범시인민법원", en = "Example People's Court" }

[hub]
url = "https://hub.example.invalid"

[fees]
rounding = "yuan-half-up"
bases."吉" = { divorce = 200 }

[retention]
sealed_hours = 96
"""


def test_a_whole_file() -> None:
    config = parse_config(FULL)
    assert config.court is not None
    assert config.court.name.ko == "시범시인민법원"
    assert config.fees.base_for(FeeKind.DIVORCE, "吉0102") == Decimal(200)
    assert config.fees.rounding is Rounding.YUAN_HALF_UP
    assert config.retention.sealed_hours == 96
    assert not config.development


def test_a_development_terminal_needs_no_file() -> None:
    """An empty file and no file are the same, and no province's amounts are assumed (诉讼费用交纳办法 13)."""
    config = parse_config("")
    assert config == TerminalConfig()
    assert config.development
    assert config.fees.base_for(FeeKind.DIVORCE, "吉0102") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 'red'", "colour"),
        ("[hub]\nurll = 'http://x'", "urll"),
        ('[fees.bases."吉"]\ndivorce = 500', "fees.bases.吉.divorce"),
        ('[fees.bases."吉"]\nproperty = 50', "fees.bases.吉.property"),
        ("[fees.bases.\"吉\"]\ndivorce = 'cheap'", "bases"),
        ("[fees]\nrounding = 'upwards'", "upwards"),
        ("[hub]\nurl = 'hub.example'", "hub.url"),
        ("window = '3b'", "window"),
        ("[rating]\ntimeout_seconds = 2", "rating"),
        ("[codes]\nfee_notices = ['T']", "codes.fee_notices"),
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
