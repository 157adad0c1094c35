"""How long a court keeps drafts, and how much: `drafts.toml` in the hub's data directory; every entry has a default."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.court.kept_drafts import LONGEST_SEALED
from provisioning.hub.data import DataError

RULES_FILE = "drafts.toml"


class DraftRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entries of drafts.toml.

    `keep_days`: for how many days a draft is kept at most, counted from the day after. `longest_bytes`: of a sealed
    draft. `terminal_per_minute`, `channel_per_minute`: how often one terminal or one channel may ask; more is refused
    with 429. `most_of_one`: drafts that one terminal or channel may have kept at a time.
    """

    keep_days: Annotated[int, msgspec.Meta(ge=1, le=180)] = 30
    longest_bytes: Annotated[int, msgspec.Meta(ge=16 * 1024, le=LONGEST_SEALED)] = LONGEST_SEALED
    terminal_per_minute: Annotated[int, msgspec.Meta(ge=1, le=6000)] = 20
    channel_per_minute: Annotated[int, msgspec.Meta(ge=1, le=60_000)] = 600
    most_of_one: Annotated[int, msgspec.Meta(ge=10, le=10_000_000)] = 100_000


def load_rules(root: Path) -> DraftRules:
    """The rules of the data directory `root`, the defaults where it has no file. Raises DataError."""
    path = root / RULES_FILE
    try:
        return msgspec.toml.decode(path.read_bytes(), type=DraftRules)
    except FileNotFoundError:
        return DraftRules()
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(f"{path}: {error}") from error
