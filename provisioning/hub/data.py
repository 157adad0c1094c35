"""The hub's data directory: where each thing lies, and the court it belongs to."""

from __future__ import annotations

import os
import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.court.secret_file import SecretFileError, read_secret, write_secret
from kiosk.law.courts import registry_shipped

KEY_BYTES = 32
INDEX_KEY = "index.key"
DATABASE_KEY = "database.key"


class DataError(Exception):
    """The data directory cannot be used as it is; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class CourtProfile:
    """The court a hub serves: code as in case numbers (法〔2015〕137号) and its names."""

    code: str
    name_zh: str
    name_ko: str
    name_en: str


DEVELOPMENT_COURT = "吉2401"
"""延吉市人民法院: whom a development hub serves where no court.toml names another."""


def profile_of(code: str) -> CourtProfile:
    """A court from the list that comes with the program. Raises KeyError for a court that is not on it."""
    court = registry_shipped().get(code)
    return CourtProfile(court.code, court.zh, court.ko, court.en)


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Paths below one `--data` directory."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite database, where no PostgreSQL is named."""
        return self.root / "hub.db"

    @property
    def blobs(self) -> Path:
        """Complete sealed blobs by the hash of their ciphertext."""
        return self.root / "blobs"

    @property
    def parts(self) -> Path:
        """Uploads under way, one folder per terminal."""
        return self.root / "parts"

    @property
    def keys(self) -> Path:
        """Secrets; never part of a backup."""
        return self.root / "keys"

    @property
    def court_file(self) -> Path:
        """`court.toml` with code, name_zh, name_ko and name_en."""
        return self.root / "court.toml"

    @property
    def epoch_file(self) -> Path:
        """The epoch of the database that was last served with these blobs."""
        return self.root / "epoch"

    @property
    def queues_file(self) -> Path:
        """`queues.toml`: services, queues and windows (provisioning/hub/queue/config.py)."""
        return self.root / "queues.toml"

    def prepare(self) -> None:
        """Create what is missing, for the owner only. Raises DataError where the disk refuses."""
        try:
            for folder in (self.root, self.blobs, self.parts, self.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{self.root}: {error.strerror}") from error

    def require(self) -> None:
        """Raise DataError unless a hub has been started here before."""
        if not self.keys.is_dir():
            raise DataError(f"{self.root} holds no hub data")

    def court(self) -> CourtProfile | None:
        """The court of `court.toml`, or None where there is no such file. Raises DataError for a wrong file."""
        try:
            table = tomllib.loads(self.court_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{self.court_file}: {error}") from error
        wanted = ("code", "name_zh", "name_ko", "name_en")
        if set(table) != set(wanted) or not all(isinstance(table[key], str) and table[key] for key in wanted):
            raise DataError(f"{self.court_file} needs exactly {', '.join(wanted)}")
        return CourtProfile(**table)

    def served_epoch(self) -> str | None:
        """Which database the blobs here belong to, by its epoch; None before the first `note_epoch`."""
        try:
            return self.epoch_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def note_epoch(self, epoch: str) -> None:
        """Remember that the database of `epoch` is served with these blobs. Raises DataError."""
        if self.served_epoch() == epoch:
            return
        partial = self.epoch_file.with_suffix(f".{os.getpid()}.tmp")
        try:
            partial.write_text(f"{epoch}\n", encoding="ascii")
            partial.replace(self.epoch_file)
        except OSError as error:
            raise DataError(f"{self.epoch_file}: {error.strerror}") from error

    def secret(self, name: str) -> bytes:
        """The 32-byte secret `name`, made at first use. Raises DataError if others could read it or it is damaged."""
        path = self.keys / name
        if not path.exists():
            with suppress(FileExistsError):  # another hub process may have made it in this moment
                write_secret(path, secrets.token_bytes(KEY_BYTES))
        try:
            value = read_secret(path)
        except SecretFileError as error:
            raise DataError(str(error)) from error
        if len(value) != KEY_BYTES:
            raise DataError(f"{path.name} is damaged: {len(value)} bytes instead of {KEY_BYTES}")
        return value
