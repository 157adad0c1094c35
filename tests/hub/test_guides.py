"""The installers' guide: its worked example is what a hub in production loads, in both languages."""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import CHINA
from kiosk.court.unresolved import LeaderPost
from provisioning.hub.data import DataDirectory
from provisioning.hub.drafts.rules import DraftRules
from provisioning.hub.drafts.rules import load_rules as draft_rules
from provisioning.hub.queue.config import Policy, Queue, QueueConfiguration, Service, load_queues
from provisioning.hub.ratings.rules import RatingRules
from provisioning.hub.ratings.rules import load_rules as rating_rules
from provisioning.hub.unresolved.roster_file import read_roster
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.rules import load_rules as unresolved_rules

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("guide-installers.md", "guide-installers.zh-CN.md")
FILE = re.compile(r"cat > /srv/court-hub/(\S+) <<'END'\n(.*?)^END$", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^\| ((?:`[a-z_.]+`(?:, |、)?)+) \| (.+?) \|", re.MULTILINE)


@pytest.fixture(params=GUIDES)
def guide(request: pytest.FixtureRequest) -> str:
    """One guide as text."""
    return (DOCS / str(request.param)).read_text(encoding="utf-8")


def test_the_worked_example_is_loaded(guide: str, tmp_path: Path) -> None:
    """Every file of the example, as a hub in production reads it."""
    files = dict(FILE.findall(guide))
    assert set(files) == {"court.toml", "queues.toml", "ratings.toml", "unresolved.toml", "drafts.toml", "roster.csv"}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    data = DataDirectory(tmp_path)
    court = data.court()
    assert court is not None
    assert (court.code, court.address("/t/1")) == ("吉2401", "https://hub.court.example/t/1")
    hall = load_queues(data, production=True)
    assert [(window.code, [duty.queue for duty in window.duties]) for window in hall.windows] == [
        ("1", ["A"]),
        ("2", ["B", "A"]),
    ]
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)
    morning, sunday = noon.replace(hour=9), noon.replace(day=22, hour=9)
    filing = hall.by_service["filing"]
    assert [hall.open_at(filing, moment) for moment in (morning, noon, sunday)] == [True, False, False]
    assert not hall.open_at(hall.by_service["reception"], noon.replace(hour=14))
    assert (rating_rules(tmp_path).remedy_days, unresolved_rules(tmp_path).answer_days) == (10, 2)
    assert draft_rules(tmp_path).keep_days == 14
    roster = read_roster((tmp_path / "roster.csv").read_bytes())
    assert [(turn.post, turn.opens) for turn in roster] == [
        (LeaderPost.PRESIDENT, time(9)),
        (LeaderPost.VICE_PRESIDENT, time(9)),
    ]


def test_the_defaults_in_the_tables_are_those_of_the_program(guide: str) -> None:
    """Whoever leaves a key out gets what the guide says, and no key is left out of the guide."""
    hub = guide[: guide.index("## 3.")]
    told = {
        name: default
        for names, defaults in ROW.findall(hub)
        for name, default in zip(
            re.findall(r"`([a-z_.]+)`", names), re.findall(r"`([^`]+)`", defaults) * 2 or [defaults] * 2, strict=False
        )
    }
    expected: dict[str, Any] = {f"policy.{name}": field.default for name, field in Policy.model_fields.items()}
    expected |= {"hours": (), "working_days_only": QueueConfiguration.model_fields["working_days_only"].default}
    expected |= {f"services.{name}": Service.model_fields[name].default for name in ("filing", "mediation", "offered")}
    expected |= {name: getattr(RatingRules(), name) for name in RatingRules.__struct_fields__}
    expected |= {name: getattr(DraftRules(), name) for name in DraftRules.__struct_fields__}
    expected |= {name: getattr(UnresolvedRules(), name) for name in UnresolvedRules.__struct_fields__}
    for name, default in expected.items():
        assert _plain(told[name]) == _plain(default), name
    assert Queue.model_fields["daily_cap"].default is None


def _plain(value: Any) -> str:
    """A default as the guide writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    empty = {"()": "[]"}.get(str(value))
    return empty or str(getattr(value, "value", value)).strip('"').removesuffix(".0")
